"""Changing offices and posts."""

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jiuzhu.channels.kit.access import actor_of, needs
from jiuzhu.channels.workbench.organization import forms
from jiuzhu.channels.workbench.organization.changing import Change, Values, change_page, changes, concerning, posted
from jiuzhu.channels.workbench.organization.placing import division_crumbs, office_crumbs, path_to
from jiuzhu.channels.workbench.templatetags.workbench_organization import named, titled
from jiuzhu.core.actors import Actor
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.core.errors import NotFound
from jiuzhu.rooms.organization import actions, queries
from jiuzhu.rooms.organization.permissions import Permission
from jiuzhu.rooms.organization.queries import OfficeDetail
from jiuzhu.rooms.organization.states import OfficeKind


@needs(Permission.OFFICE_CHANGE)
@changes
def open_office(request: HttpRequest, code: DivisionCode) -> HttpResponseBase:
    """A new office in a division."""
    actor = actor_of(request)
    node = queries.division_tree(actor=actor, at=timezone.localdate(), code=code)
    change = Change(
        title=_("设立机构"),
        lead=_("设在%(name)s。") % {"name": node.division.full_name},
        submit=_("确认设立"),
        done=_("已设立机构。"),
        back=reverse("workbench:organization:offices", args=[code]),
        crumbs=division_crumbs(node.path),
        target=_page,
    )

    def act(values: Values) -> int:
        return actions.open_office(
            actor=actor,
            at=timezone.now(),
            code=values["code"],
            kind=OfficeKind(values["kind"]),
            division=code,
            name=values["name"],
            name_en=values["name_en"],
            department_code=values["department_code"],
            address=values["address"],
            phone=values["phone"],
            hours=values["hours"],
            valid_from=values["day"],
            basis=values["basis"],
        )

    form = forms.OfficeForm(posted(request), initial={"code": f"{code.prefix}-", "day": timezone.localdate()})
    return change_page(request, change, form, act)


@needs(Permission.OFFICE_CHANGE)
@changes
def rename(request: HttpRequest, office_id: int) -> HttpResponseBase:
    """Another name of an office."""
    actor, detail = _begin(request, office_id)
    change = Change(
        title=_("机构更名"),
        lead=_("现名称：%(name)s") % {"name": detail.office.name},
        submit=_("确认更名"),
        done=_("已更名，原名称保留在沿革中。"),
        back=_page(office_id),
        crumbs=office_crumbs(path_to(actor, detail.office.division), detail),
        consequences=lambda values: [
            _("%(day)s起，职责清单和服务场所显示新名称；机构代码、岗位和任职不变。")
            % {"day": values["day"].isoformat()}
        ],
    )

    def act(values: Values) -> None:
        actions.rename_office(
            actor=actor,
            at=timezone.now(),
            office_id=office_id,
            name=values["name"],
            name_en=values["name_en"],
            day=values["day"],
            basis=values["basis"],
        )

    form = forms.RenameForm(posted(request), initial={"day": timezone.localdate()})
    return change_page(request, change, form, act)


@needs(Permission.OFFICE_CHANGE)
@changes
def contact(request: HttpRequest, office_id: int) -> HttpResponseBase:
    """Address, phone and hours."""
    actor, detail = _begin(request, office_id)
    office = detail.office
    change = Change(
        title=_("修改地址、电话和办公时间"),
        lead=named(office),
        submit=_("保存"),
        done=_("已保存。"),
        back=_page(office_id),
        crumbs=office_crumbs(path_to(actor, office.division), detail),
        asks=False,
    )

    def act(values: Values) -> None:
        actions.change_office_contact(
            actor=actor,
            at=timezone.now(),
            office_id=office_id,
            address=values["address"],
            phone=values["phone"],
            hours=values["hours"],
        )

    form = forms.ContactForm(
        posted(request),
        initial={"address": office.address, "phone": office.phone, "hours": office.hours},
    )
    return change_page(request, change, form, act)


@needs(Permission.OFFICE_CHANGE)
@changes
def close(request: HttpRequest, office_id: int) -> HttpResponseBase:
    """The end of an office."""
    actor, detail = _begin(request, office_id)
    posts = len(detail.posts)
    change = Change(
        title=_("撤销机构"),
        lead=named(detail.office),
        submit=_("确认撤销"),
        done=_("已撤销机构。"),
        back=_page(office_id),
        crumbs=office_crumbs(path_to(actor, detail.office.division), detail),
        danger=True,
        consequences=lambda values: [
            *([ngettext("同时撤销%(n)d个岗位。", "同时撤销%(n)d个岗位。", posts) % {"n": posts}] if posts else []),
            _("%(day)s起不再出现在服务场所和机构名单中，沿革仍可查询。") % {"day": values["day"].isoformat()},
        ],
    )

    def act(values: Values) -> None:
        successor = None
        if values["successor"]:
            with concerning("successor"):
                successor = queries.office_by_code(actor=actor, code=values["successor"], at=values["day"]).id
        actions.close_office(
            actor=actor,
            at=timezone.now(),
            office_id=office_id,
            day=values["day"],
            basis=values["basis"],
            successor_id=successor,
        )

    form = forms.CloseOfficeForm(posted(request), initial={"day": timezone.localdate()})
    return change_page(request, change, form, act)


@needs(Permission.POST_CHANGE)
@changes
def create_post(request: HttpRequest, office_id: int) -> HttpResponseBase:
    """A new post of an office."""
    actor, detail = _begin(request, office_id)
    division = detail.office.division
    known = queries.roles(actor=actor).roles
    change = Change(
        title=_("设置岗位"),
        lead=named(detail.office),
        submit=_("确认设置"),
        done=_("已设置岗位。"),
        back=_page(office_id),
        crumbs=office_crumbs(path_to(actor, division), detail),
    )

    def act(values: Values) -> int:
        return actions.create_post(
            actor=actor,
            at=timezone.now(),
            office_id=office_id,
            code=values["code"],
            title=values["title"],
            title_en=values["title_en"],
            role=values["role"],
            division=values["division"],
            headcount=values["headcount"],
            valid_from=values["day"],
        )

    form = forms.PostForm(
        posted(request),
        initial={
            "code": f"{detail.office.code}-",
            "division": division,
            "headcount": 1,
            "day": timezone.localdate(),
        },
        roles=[(role.key, named(role)) for role in known],
    )
    return change_page(request, change, form, act)


@needs(Permission.POST_CHANGE)
@changes
def close_post(request: HttpRequest, office_id: int, post_id: int) -> HttpResponseBase:
    """The end of a post."""
    actor, detail = _begin(request, office_id)
    post = next((one for one in detail.posts if one.id == post_id), None)
    if post is None:
        raise NotFound("organization.not_found", _("未找到该岗位，请核对"), "There is no such post; check it.")
    change = Change(
        title=_("撤销岗位"),
        lead=f"{named(detail.office)} · {titled(post)}",
        submit=_("确认撤销"),
        done=_("已撤销岗位。"),
        back=_page(office_id),
        crumbs=office_crumbs(path_to(actor, detail.office.division), detail),
        danger=True,
    )

    def act(values: Values) -> None:
        actions.close_post(actor=actor, at=timezone.now(), post_id=post_id, day=values["day"])

    form = forms.ClosePostForm(posted(request), initial={"day": timezone.localdate()})
    return change_page(request, change, form, act)


def _begin(request: HttpRequest, office_id: int) -> tuple[Actor, OfficeDetail]:
    actor = actor_of(request)
    return actor, queries.office_detail(actor=actor, office_id=office_id, at=timezone.localdate())


def _page(office_id: int) -> str:
    return reverse("workbench:organization:office", args=[office_id])
