"""The dispute desk: what people object to, what the source says now, and how it is decided."""

from collections.abc import Callable
from datetime import datetime

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET

from jiuzhu.channels.kit.access import actor_of, needs
from jiuzhu.channels.kit.verification_wording import DISPUTE_TAGS, dispute_state_name, item_name, source_name
from jiuzhu.channels.kit.wording import said
from jiuzhu.channels.workbench.organization.changing import Change, Crumb, change_page, changes, posted
from jiuzhu.channels.workbench.registry.views.page import path_of, today
from jiuzhu.channels.workbench.verification.forms import DecisionForm
from jiuzhu.groundwork.files.queries import files_of
from jiuzhu.rooms.registry import queries as registry
from jiuzhu.rooms.verification import actions, queries
from jiuzhu.rooms.verification.permissions import Permission
from jiuzhu.rooms.verification.states import DisputeState

_BASIS = gettext_noop("民发〔2021〕57号第十八条；政务数据共享条例第二十六条")


@needs(Permission.ITEM_VIEW)
@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """The disputes of the area, those due first."""
    actor, now, on = actor_of(request), timezone.now(), today()
    show = request.GET.get("show", "")
    found = queries.disputes(actor=actor, at=now, only_open=show != "all", overdue=show == "overdue")
    names = registry.names(actor=actor, on=on, household_ids=[], person_ids={one.person_id for one in found})
    context = {
        "show": show if show in ("all", "overdue") else "",
        "rows": [
            {
                "dispute": one,
                "name": names.persons.get(one.person_id, ""),
                "what": f"{source_name(one.source)} · {item_name(one.source, one.item)}",
                "place": path_of(one.division.value, on),
                "state": dispute_state_name(one.state),
                "tag": DISPUTE_TAGS[one.state],
                "late": one.decided_at is None and one.due_on is not None and one.due_on < on,
            }
            for one in found
        ],
    }
    return render(request, "workbench/verification/disputes.html", context)


@needs(Permission.ITEM_VIEW)
@require_GET
def dispute(request: HttpRequest, dispute_id: int) -> HttpResponse:
    """One dispute: what the person says, what the source said, what it says now."""
    actor, on = actor_of(request), today()
    detail = queries.dispute(actor=actor, at=timezone.now(), dispute_id=dispute_id)
    one = detail.dispute
    names = registry.names(actor=actor, on=on, household_ids=[], person_ids=[one.person_id])
    is_open = one.state in (DisputeState.FILED, DisputeState.RECHECKED)
    context = {
        "detail": detail,
        "name": names.persons.get(one.person_id, ""),
        "what": f"{source_name(one.source)} · {item_name(one.source, one.item)}",
        "place": path_of(one.division.value, on),
        "state": dispute_state_name(one.state),
        "tag": DISPUTE_TAGS[one.state],
        "before": [[(said(c[0], c[1]), said(c[2], c[3])) for c in each.cells] for each in detail.before],
        "now": None
        if detail.now is None
        else [[(said(c[0], c[1]), said(c[2], c[3])) for c in each.cells] for each in detail.now],
        "files": files_of(actor, "verification.dispute", dispute_id),
        "may_correct": is_open and actor.may(Permission.ITEM_CORRECT),
        "may_uphold": is_open and actor.may(Permission.ITEM_UPHOLD),
    }
    return render(request, "workbench/verification/dispute.html", context)


@needs(Permission.ITEM_CORRECT)
@changes
def correct(request: HttpRequest, dispute_id: int) -> HttpResponseBase:
    """Believe what the source says now."""
    texts = _("更正核对结果"), _("确认更正"), _("已更正。请对核对委托出具更正报告。")
    return _decide(request, dispute_id, texts, actions.correct_item)


@needs(Permission.ITEM_UPHOLD)
@changes
def uphold(request: HttpRequest, dispute_id: int) -> HttpResponseBase:
    """Keep the result."""
    texts = _("维持核对结果"), _("确认维持"), _("已维持原结果并告知理由。")
    return _decide(request, dispute_id, texts, actions.uphold_item)


def _decide(
    request: HttpRequest, dispute_id: int, texts: tuple[str, str, str], action: Callable[..., None]
) -> HttpResponseBase:
    actor = actor_of(request)
    one = queries.dispute(actor=actor, at=timezone.now(), dispute_id=dispute_id).dispute
    back = reverse("workbench:verification:dispute", args=[dispute_id])
    title, submit, done = texts
    change = Change(
        title=title,
        lead=f"{source_name(one.source)} · {item_name(one.source, one.item)}",
        basis=_(_BASIS),
        submit=submit,
        done=done,
        back=back,
        crumbs=[
            Crumb(_("核对异议"), reverse("workbench:verification:disputes")),
            Crumb(_("异议第%(n)s号") % {"n": dispute_id}, back),
        ],
        asks=False,
    )

    def act(at: datetime, reason: str) -> None:
        action(actor=actor, at=at, dispute_id=dispute_id, reason=reason)

    form = DecisionForm(posted(request))
    return change_page(request, change, form, lambda values: act(timezone.now(), values["reason"]))
