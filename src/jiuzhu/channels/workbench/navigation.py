"""The workbench's navigation: what the post may do, and nothing else; the posts one may act in."""

from dataclasses import dataclass, replace

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, gettext

from jiuzhu.channels.kit.context import NavigationItem, marked
from jiuzhu.core.actors import Actor
from jiuzhu.groundwork.permissions import Permission as Groundwork
from jiuzhu.rooms.catalogue.permissions import Permission as Catalogue
from jiuzhu.rooms.determination.permissions import Permission as Determination
from jiuzhu.rooms.disclosure.permissions import Permission as Disclosure
from jiuzhu.rooms.organization import queries as organization
from jiuzhu.rooms.organization.permissions import Permission as Organization
from jiuzhu.rooms.registry.permissions import Permission as Registry
from jiuzhu.rooms.verification.permissions import Permission as Verification

PREFIX = "/workbench/"


@dataclass(frozen=True, slots=True)
class _Place:
    """A link, the permission that opens it, and further beginnings of addresses in the workbench that lie behind it."""

    permission: str
    label: str
    address: str
    icon: str
    also: tuple[str, ...] = ()


def _places() -> tuple[_Place, ...]:
    return (
        _Place(Registry.PERSON_VIEW, gettext("困难群众"), "workbench:registry:search", "people"),
        _Place(Registry.HOUSEHOLD_REGISTER, gettext("登记家庭"), "workbench:registry:register", "plus"),
        _Place(Registry.HOUSEHOLD_REGISTER, gettext("花名册导入"), "workbench:registry:rolls", "upload"),
        _Place(Registry.PERSON_MERGE, gettext("疑似重复"), "workbench:registry:duplicates", "household"),
        _Place(Registry.STATISTICS_VIEW, gettext("人数统计"), "workbench:registry:counts", "list"),
        _Place(
            Determination.SCREENING_VIEW, gettext("政策筛查"), "workbench:policy:screenings", "search", ("policy/",)
        ),
        _Place(
            Catalogue.PACK_VIEW,
            gettext("政策包版本"),
            "workbench:catalogue:versions",
            "document",
            ("catalogue/impacts/",),
        ),
        _Place(Catalogue.STANDARD_VIEW, gettext("救助标准"), "workbench:catalogue:board", "coin"),
        _Place(
            Verification.ORDER_VIEW,
            gettext("经济状况核对"),
            "workbench:verification:orders",
            "search",
            (
                "verification/mandates/",
                "verification/households/",
                "verification/items/",
                "verification/reports/",
                "verification/entrustments/",
            ),
        ),
        _Place(Verification.ITEM_ANSWER, gettext("待答复的查询"), "workbench:verification:inbox", "list"),
        _Place(Verification.ITEM_UPHOLD, gettext("核对异议"), "workbench:verification:disputes", "warning"),
        _Place(Verification.BATCH_VIEW, gettext("批量核对"), "workbench:verification:batches", "upload"),
        _Place(Verification.SOURCE_VIEW, gettext("数据来源"), "workbench:verification:console", "map"),
        _Place(
            Disclosure.NOTICE_VIEW,
            gettext("公示公开"),
            "workbench:disclosure:notices",
            "list",
            ("disclosure/objections/",),
        ),
        _Place(
            Organization.DIVISION_VIEW,
            gettext("区划与机构"),
            "workbench:organization:divisions",
            "map",
            ("organization/offices/", "organization/import/offices/"),
        ),
        _Place(
            Organization.STAFF_VIEW,
            gettext("工作人员"),
            "workbench:organization:staff",
            "person",
            ("organization/accounts/", "organization/import/staff/", "organization/import/appointments/"),
        ),
        _Place(
            Organization.DUTY_VIEW,
            gettext("职责分工"),
            "workbench:organization:duties",
            "list",
            ("organization/groups/", "organization/workforce/", "organization/services/", "organization/relatives/"),
        ),
        _Place(Organization.ROLE_VIEW, gettext("岗位权限"), "workbench:organization:roles", "lock"),
        _Place(Groundwork.AUDIT_VIEW, gettext("审计记录"), "workbench:audit", "shield"),
    )


def items(actor: Actor, path: str) -> tuple[NavigationItem, ...]:
    """The links that lead somewhere for this actor."""
    home = NavigationItem(
        gettext("我的一天"), reverse("workbench:home"), "home", current=path == reverse("workbench:home")
    )
    places = [place for place in _places() if actor.may(place.permission)]
    found = marked([NavigationItem(place.label, reverse(place.address), place.icon) for place in places], path)
    behind = (
        replace(item, current=item.current or path.startswith(tuple(PREFIX + one for one in place.also)))
        for item, place in zip(found, places, strict=True)
    )
    return (home, *behind)


def context(request: HttpRequest) -> dict[str, object]:
    """Context processor: `navigation` and `posts` for pages of the workbench, read only when a page shows them."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None or actor.account_id is None or not request.path.startswith(PREFIX):
        return {}
    return {
        "navigation": items(actor, request.path),
        "posts": SimpleLazyObject(lambda: _posts(actor)),
    }


def _posts(actor: Actor) -> list[tuple[int, str]]:
    """The posts to choose from; empty when there is only one."""
    english = (get_language() or "").startswith("en")
    found = organization.posts_of_account(account_id=actor.account_id or 0, at=timezone.localdate())
    if len(found) < 2:
        return []
    return [
        (post.post_id, f"{post.title_en} · {post.office_name_en}" if english else f"{post.office_name} {post.title}")
        for post in found
    ]
