"""Accounts (账号) of the staff one may see: state, first and new passwords, locks, closing, lost second factors."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from jiuzhu.channels.kit.access import actor_of, needs
from jiuzhu.channels.kit.wording import bracketed, said
from jiuzhu.channels.workbench.organization import forms
from jiuzhu.channels.workbench.organization.changing import (
    Change,
    Crumb,
    Values,
    add_refusal,
    change_page,
    changes,
    posted,
)
from jiuzhu.channels.workbench.organization.views.staff import PAGE, after_of, following
from jiuzhu.core.actors import Actor, PermissionRefused
from jiuzhu.core.errors import NotFound, Refusal
from jiuzhu.groundwork.accounts import actions, queries
from jiuzhu.groundwork.permissions import Permission
from jiuzhu.rooms.organization import queries as organization
from jiuzhu.rooms.organization.queries import StaffDetail


@needs(Permission.ACCOUNT_VIEW)
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """The people of the actor's area with the state of their accounts."""
    actor = actor_of(request)
    text = request.GET.get("q", "")[:64]
    page = organization.staff_list(
        actor=actor,
        at=timezone.localdate(),
        text=text,
        only_with_account=True,
        after=after_of(request),
        limit=PAGE,
    )
    # the staff number is the login name
    found = queries.account_states(
        actor=actor,
        at=timezone.now(),
        login_names=[row.staff_number for row in page.rows],
    )
    states = {state.login_name: state for state in found}
    return render(
        request,
        "workbench/organization/accounts.html",
        {
            "rows": [(row, states.get(row.staff_number)) for row in page.rows],
            "text": text,
            "following": following(request, page.next_after),
            "may_reset_password": actor.may(Permission.ACCOUNT_RESET_PASSWORD),
            "may_reset_second_factor": actor.may(Permission.ACCOUNT_RESET_SECOND_FACTOR),
            "may_unlock": actor.may(Permission.ACCOUNT_UNLOCK),
            "may_close": actor.may(Permission.ACCOUNT_CLOSE),
        },
    )


@needs(Permission.ACCOUNT_RESET_PASSWORD)
@require_http_methods(["GET", "HEAD", "POST"])  # no key: an answer that is kept would keep the password
def password(request: HttpRequest, staff_id: int) -> HttpResponseBase:
    """A first or new password, shown once, on the answer to the confirmation; no address leads to it again."""
    actor, detail, account_id = _begin(request, staff_id)
    change = Change(
        title=_("发放初始密码或重置密码"),
        lead=_lead(detail),
        submit=_("生成新密码"),
        done="",
        back=_home(),
        crumbs=_crumbs(),
        asks=False,
        notes=[
            _("原密码立即失效，该账号的所有登录会话结束。"),
            _("新密码只显示一次，请当面或通过保密渠道告知本人，并提醒本人登录后立即修改。"),
        ],
    )
    form = forms.EmptyForm(posted(request))
    if request.method != "POST":
        return change_page(request, change, form, lambda values: None)
    form.is_valid()
    try:
        issued = actions.reset_password(actor=actor, at=timezone.now(), account_id=account_id)
    except PermissionRefused:
        raise
    except Refusal as refusal:
        add_refusal(form, refusal)
        context = {"change": change, "form": form, "submit": change.submit}
        return render(request, "workbench/organization/change.html", context, status=422)
    answer = render(request, "workbench/organization/password.html", {"detail": detail, "password": issued})
    answer.headers["Cache-Control"] = "no-store"
    return answer


@needs(Permission.ACCOUNT_RESET_SECOND_FACTOR)
@changes
def second_factor(request: HttpRequest, staff_id: int) -> HttpResponseBase:
    """Take off a second factor that was lost."""
    note = _("核实本人身份后办理。解除后，本人用密码登录并重新设置第二验证。重置密码由系统管理员另行办理。")
    return _with_reason(
        request, staff_id, _("解除第二验证"), note, _("已解除，请本人重新设置。"), actions.reset_second_factor
    )


@needs(Permission.ACCOUNT_CLOSE)
@changes
def close(request: HttpRequest, staff_id: int) -> HttpResponseBase:
    """Let the account log in no more."""
    note = _("停用后立即不能登录，所有登录会话结束；任职记录不变。")
    return _with_reason(request, staff_id, _("停用账号"), note, _("已停用账号。"), actions.close_account, danger=True)


@needs(Permission.ACCOUNT_CLOSE)
@changes
def reopen(request: HttpRequest, staff_id: int) -> HttpResponseBase:
    """Let a closed account log in again."""
    note = _("恢复后可用原密码和第二验证登录。")
    return _with_reason(request, staff_id, _("恢复账号"), note, _("已恢复账号。"), actions.reopen_account)


@needs(Permission.ACCOUNT_UNLOCK)
@changes
def unlock(request: HttpRequest, staff_id: int) -> HttpResponseBase:
    """Forget failed logins."""
    actor, detail, account_id = _begin(request, staff_id)
    change = Change(
        title=_("解除登录锁定"),
        lead=_lead(detail),
        submit=_("解除锁定"),
        done=_("已解除锁定，可以立即重新登录。"),
        back=_home(),
        crumbs=_crumbs(),
        asks=False,
        notes=[_("连续输错密码被锁定的，核实是本人操作后办理。")],
    )

    def act(values: Values) -> None:
        actions.unlock(actor=actor, at=timezone.now(), account_id=account_id)

    form = forms.EmptyForm(posted(request))
    return change_page(request, change, form, act)


def _with_reason(
    request: HttpRequest,
    staff_id: int,
    title: str,
    note: str,
    done: str,
    action: Callable[..., None],
    *,
    danger: bool = False,
) -> HttpResponseBase:
    actor, detail, account_id = _begin(request, staff_id)
    change = Change(
        title=title,
        lead=_lead(detail),
        submit=title,
        done=done,
        back=_home(),
        crumbs=_crumbs(),
        danger=danger,
        notes=[note],
    )

    def act(values: Values) -> None:
        action(actor=actor, at=timezone.now(), account_id=account_id, reason=values["reason"])

    return change_page(request, change, forms.ReasonForm(posted(request)), act)


def _begin(request: HttpRequest, staff_id: int) -> tuple[Actor, StaffDetail, int]:
    """The person, whom row-level security lets through only inside the actor's area, and the account's id."""
    actor = actor_of(request)
    detail = organization.staff_detail(actor=actor, staff_id=staff_id, at=timezone.localdate())
    if detail.account_id is None:
        raise NotFound(
            "organization.not_found", "该人员没有登录账号", "This person has no account; there is nothing to do."
        )
    return actor, detail, detail.account_id


def _lead(detail: StaffDetail) -> str:
    row = detail.row
    return f"{bracketed(row.name, row.staff_number)} · {said(row.office_name, row.office_name_en or row.office_name)}"


def _crumbs() -> list[Crumb]:
    return [Crumb(_("账号"), _home())]


def _home() -> str:
    return reverse("workbench:organization:accounts")
