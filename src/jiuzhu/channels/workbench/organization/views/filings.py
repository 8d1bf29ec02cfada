"""Near-relative filings (近亲属备案): one's own, those of others, the list for those who may see it."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from jiuzhu.channels.kit.access import actor_of, needs
from jiuzhu.channels.workbench.organization.changing import Change, Crumb, Values, change_page, changes, posted
from jiuzhu.channels.workbench.organization.forms import FilingForm, ReasonForm, options
from jiuzhu.channels.workbench.templatetags.workbench_organization import word
from jiuzhu.core.actors import Actor
from jiuzhu.core.errors import NotFound
from jiuzhu.rooms.organization import actions, queries
from jiuzhu.rooms.organization.permissions import Permission
from jiuzhu.rooms.organization.queries import FilingView
from jiuzhu.rooms.organization.states import FILING_STATE_NAMES, FilingState, NearRelation


@needs(Permission.RELATIVE_FILE)
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """The filings of the area for those who may see them, else one's own."""
    actor = actor_of(request)
    state = request.GET.get("state", "")
    before = request.GET.get("before", "")
    page = queries.near_relative_filings(
        actor=actor,
        state=FilingState(state) if state in set(FilingState) else None,
        before=int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None,
    )
    following = ""
    if page.next_before is not None:
        parameters = request.GET.copy()
        parameters["before"] = str(page.next_before)
        following = f"?{parameters.urlencode()}"
    return render(
        request,
        "workbench/organization/relatives.html",
        {
            "page": page,
            "whole_area": actor.may(Permission.RELATIVE_VIEW),
            "may_file_for_others": actor.may(Permission.RELATIVE_FILE_FOR_OTHERS),
            "states": options(FILING_STATE_NAMES.items(), empty=_("全部")),
            "state": state,
            "own_staff_id": queries.staff_of_account(actor=actor, account_id=actor.account_id or 0),
            "following": following,
        },
    )


@needs(Permission.RELATIVE_FILE)
@changes
def file_own(request: HttpRequest) -> HttpResponseBase:
    """File a near relative of one's own."""
    actor = actor_of(request)
    staff_id = queries.staff_of_account(actor=actor, account_id=actor.account_id or 0)
    if staff_id is None:
        raise NotFound(
            "organization.not_found",
            "您的账号没有对应的工作人员登记，请联系系统管理员",
            "Your account belongs to nobody on the staff roll; ask the system administrator.",
        )
    return _file(request, actor, staff_id, _("登记本人的近亲属备案"), reverse("workbench:organization:relatives"))


@needs(Permission.RELATIVE_FILE_FOR_OTHERS)
@changes
def file_for(request: HttpRequest, staff_id: int) -> HttpResponseBase:
    """File a near relative for another."""
    actor = actor_of(request)
    detail = queries.staff_detail(actor=actor, staff_id=staff_id, at=timezone.localdate())
    title = _("代%(name)s登记近亲属备案") % {"name": detail.row.name}
    return _file(request, actor, staff_id, title, reverse("workbench:organization:person", args=[staff_id]))


@needs(Permission.RELATIVE_FILE)
@changes
def withdraw(request: HttpRequest, filing_id: int) -> HttpResponseBase:
    """Withdraw a filing that was wrong."""
    actor = actor_of(request)
    filing = _filing(actor, filing_id)
    change = Change(
        title=_("撤回近亲属备案"),
        lead=f"{filing.staff_name} · {word(filing.relation)} · {filing.relative_name}",
        submit=_("确认撤回"),
        done=_("已撤回备案，记录仍然保留。"),
        back=_home(),
        crumbs=[Crumb(_("近亲属备案"), _home())],
        danger=True,
    )

    def act(values: Values) -> None:
        actions.withdraw_near_relative(actor=actor, at=timezone.now(), filing_id=filing_id, reason=values["reason"])

    return change_page(request, change, ReasonForm(posted(request)), act)


def _file(request: HttpRequest, actor: Actor, staff_id: int, title: str, back: str) -> HttpResponseBase:
    change = Change(
        title=title,
        lead=_("近亲属申请或已经享受社会救助的，应当备案；县级民政部门逐户入户调查。"),
        basis="民发〔2021〕57号第十一条、第二十条",
        submit=_("确认备案"),
        done=_("已备案。"),
        back=back,
        crumbs=[Crumb(_("近亲属备案"), _home())],
    )

    def act(values: Values) -> int:
        return actions.file_near_relative(
            actor=actor,
            at=timezone.now(),
            staff_id=staff_id,
            relative_name=values["relative_name"],
            relation=NearRelation(values["relation"]),
            note=values["note"],
        )

    return change_page(request, change, FilingForm(posted(request)), act)


def _filing(actor: Actor, filing_id: int) -> FilingView:
    rows = queries.near_relative_filings(actor=actor, before=filing_id + 1, limit=1).rows
    if not rows or rows[0].id != filing_id:
        raise NotFound("organization.not_found", "未找到该备案，请核对", "There is no such filing; check it.")
    return rows[0]


def _home() -> str:
    return reverse("workbench:organization:relatives")
