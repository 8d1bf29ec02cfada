"""What a citizen sees of verification: mandates to sign, results, objections, who looked (个人信息保护法 art. 44)."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.crypto import get_random_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from jiuzhu.channels.kit.access import actor_of, signed_in
from jiuzhu.channels.kit.forms import Form
from jiuzhu.channels.kit.notice_wording import programme_short
from jiuzhu.channels.kit.verification_documents import mandate_document, pdf_response, report_document
from jiuzhu.channels.kit.verification_wording import (
    SIGNATURE_TAGS,
    attempt_name,
    attempt_outcome,
    dispute_state_name,
    fact_lines,
    item_name,
    order_state_name,
    person_lines,
    signature_state_name,
    source_name,
)
from jiuzhu.channels.kit.wording import listed
from jiuzhu.channels.portal.verification.forms import AgreeForm, DisputeForm, WithdrawForm
from jiuzhu.core.actors import Actor, ActorKind, OutOfScope, PermissionRefused
from jiuzhu.core.errors import NotFound, Refusal
from jiuzhu.groundwork.idempotency.views import idempotent
from jiuzhu.journeys import verify
from jiuzhu.rooms.catalogue.queries import public_packs
from jiuzhu.rooms.registry import queries as registry
from jiuzhu.rooms.verification import actions, queries
from jiuzhu.rooms.verification.states import SignatureMethod, SignatureState, SignedBy

_KEY_LENGTH = 32


@signed_in(ActorKind.CITIZEN)
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """The own household's mandates, reports and objections, and a log for each person."""
    actor, now, on = actor_of(request), timezone.now(), timezone.localdate()
    packs = public_packs(on)
    mandates = [
        one
        for household in sorted(actor.scope.household_ids)
        for one in queries.mandates_of_household(actor=actor, at=now, household_id=household)
    ]
    orders = queries.orders(actor=actor, at=now).rows
    context = {
        "mandates": [
            {
                "mandate": one,
                "programmes": listed(programme_short(packs, key, one.division, on) for key in one.programmes),
                "to_sign": any(each.state is SignatureState.ASKED for each in one.signatures),
            }
            for one in mandates
        ],
        "orders": [
            {
                "order": one,
                "programmes": listed(programme_short(packs, key, one.division, on) for key in one.programmes),
                "state": order_state_name(one.state),
                "reports": queries.reports_of(actor=actor, at=now, order_id=one.id),
            }
            for one in orders
        ],
        "disputes": [
            {
                "dispute": one,
                "what": f"{source_name(one.source)} · {item_name(one.source, one.item)}",
                "state": dispute_state_name(one.state),
            }
            for one in queries.disputes(actor=actor, at=now, only_open=False)
        ],
        "people": _people(actor),
    }
    return render(request, "portal/verification/overview.html", context)


@signed_in(ActorKind.CITIZEN)
@require_GET
def mandate(request: HttpRequest, mandate_id: int) -> HttpResponse:
    """The letter, and what the citizen and the wards have signed."""
    one = queries.mandate(actor=actor_of(request), at=timezone.now(), mandate_id=mandate_id)
    context = {
        "mandate": one,
        "paragraphs": one.text.split("\n"),
        "signatures": [
            {
                "signature": each,
                "state": signature_state_name(each.state),
                "tag": SIGNATURE_TAGS[each.state],
                "may_sign": each.state in (SignatureState.ASKED, SignatureState.DECLINED),
                "may_withdraw": each.state is SignatureState.SIGNED,
            }
            for each in one.signatures
        ],
    }
    return render(request, "portal/verification/mandate.html", context)


@signed_in(ActorKind.CITIZEN)
@require_http_methods(["GET", "HEAD", "POST"])
@idempotent
def sign(request: HttpRequest, mandate_id: int, person_id: int) -> HttpResponseBase:
    """Agree by unified identity, for oneself or a ward."""
    actor = actor_of(request)
    one, signature = _signature(actor, mandate_id, person_id)
    form = AgreeForm(request.POST or None)

    def act() -> None:
        own = signature.name == actor.name
        actions.sign_mandate(
            actor=actor,
            at=timezone.now(),
            mandate_id=mandate_id,
            person_id=person_id,
            signed_by=SignedBy.SELF if own else SignedBy.GUARDIAN,
            method=SignatureMethod.UNIFIED_IDENTITY,
            signer_name=actor.name,
        )

    page = {
        "title": _("签署授权书"),
        "lead": signature.name,
        "submit": _("同意并签署"),
        "paragraphs": one.text.split("\n"),
    }
    return _act(request, form, act, page, _("已签署授权书。"), ("portal:verification:mandate", mandate_id))


@signed_in(ActorKind.CITIZEN)
@require_http_methods(["GET", "HEAD", "POST"])
@idempotent
def withdraw(request: HttpRequest, mandate_id: int, person_id: int) -> HttpResponseBase:
    """Take an agreement back, at once."""
    actor = actor_of(request)
    _one, signature = _signature(actor, mandate_id, person_id)
    form = WithdrawForm(request.POST or None)

    def act() -> None:
        actions.withdraw_mandate(
            actor=actor,
            at=timezone.now(),
            mandate_id=mandate_id,
            person_id=person_id,
            reason=form.cleaned_data["reason"],
        )

    page = {
        "title": _("撤回授权"),
        "lead": signature.name,
        "submit": _("确认撤回"),
        "note": _("撤回后不再发起新的查询；没有查清的情况可能使申请无法办结。"),
    }
    done = _("已撤回授权，不再发起新的查询。")
    return _act(request, form, act, page, done, ("portal:verification:mandate", mandate_id))


@signed_in(ActorKind.CITIZEN)
@require_GET
def report(request: HttpRequest, report_id: int) -> HttpResponse:
    """What was found about the citizen and the wards."""
    actor, on = actor_of(request), timezone.localdate()
    view = actions.open_report(actor=actor, at=timezone.now(), report_id=report_id, why="")
    packs = public_packs(on)
    context = {
        "view": view,
        "programmes": listed(programme_short(packs, key, view.division, on) for key in view.programmes),
        "facts": fact_lines(view),
        "people": person_lines(view),
        "dispute_address": "portal:verification:dispute",
    }
    return render(request, "portal/verification/report.html", context)


@signed_in(ActorKind.CITIZEN)
@require_GET
def report_pdf(request: HttpRequest, report_id: int) -> HttpResponse:
    """The same as a document."""
    on = timezone.localdate()
    view = actions.open_report(actor=actor_of(request), at=timezone.now(), report_id=report_id, why="")
    with translation.override("zh-hans"):
        packs = public_packs(on)
        programmes = listed(programme_short(packs, key, view.division, on) for key in view.programmes)
        return pdf_response(report_document(request, view, programmes))


@signed_in(ActorKind.CITIZEN)
@require_GET
def mandate_pdf(request: HttpRequest, mandate_id: int) -> HttpResponse:
    """The letter as a document."""
    one = queries.mandate(actor=actor_of(request), at=timezone.now(), mandate_id=mandate_id)
    with translation.override("zh-hans"):
        return pdf_response(mandate_document(one))


@signed_in(ActorKind.CITIZEN)
@require_http_methods(["GET", "HEAD", "POST"])
@idempotent
def dispute(request: HttpRequest, item_id: int) -> HttpResponseBase:
    """Object to a result with evidence."""
    actor = actor_of(request)
    one = queries.item(actor=actor, at=timezone.now(), item_id=item_id)
    form = DisputeForm(request.POST or None, request.FILES or None)

    def act() -> None:
        file = form.cleaned_data["evidence"]
        now = timezone.now()
        actions.dispute_item(
            actor=actor,
            at=now,
            item_id=item_id,
            statement=form.cleaned_data["statement"],
            evidence=(file.read(), file.name) if file else None,
        )
        verify.ask(now)

    page = {
        "title": _("提出异议"),
        "lead": f"{source_name(one.source)} · {item_name(one.source, one.item)}",
        "submit": _("提交异议"),
        "note": _("提交后请来源单位复核；复核期间，这项结果不会作为不利于您的依据。"),
    }
    done = _("已收到您的异议，正在请来源单位复核。")
    return _act(request, form, act, page, done, ("portal:verification:overview",))


@signed_in(ActorKind.CITIZEN)
@require_GET
def log(request: HttpRequest, person_id: int) -> HttpResponse:
    """Who looked at what about a person, when and why; and what was asked."""
    actor = actor_of(request)
    found = queries.access_log(actor=actor, at=timezone.now(), person_id=person_id)
    name = next((one["name"] for one in _people(actor) if one["id"] == person_id), "")
    context = {
        "name": name,
        "looks": found.looks,
        "asked": [
            {
                "asked": one,
                "source": source_name(one.source),
                "item": item_name(one.source, one.item),
                "kind": attempt_name(one.kind),
                "outcome": attempt_outcome(one.outcome),
            }
            for one in found.asked
        ],
    }
    return render(request, "portal/verification/log.html", context)


def _act(
    request: HttpRequest,
    form: Form,
    act: Callable[[], None],
    page: dict[str, Any],
    done: str,
    leads_to: tuple[Any, ...],
) -> HttpResponseBase:
    """Show the form; when it is complete, act and lead on."""
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                with transaction.atomic():
                    act()
            except (PermissionRefused, NotFound):
                raise
            except Refusal as refusal:
                place = refusal.field if refusal.field in form.fields else None
                form.add_error(place, refusal.message(get_language() or "zh-hans"))
            else:
                messages.success(request, done)
                return redirect(*leads_to)
    context = {"form": form, "page": page, "key": get_random_string(_KEY_LENGTH)}
    return render(request, "portal/verification/act.html", context, status=status)


def _people(actor: Actor) -> list[dict[str, Any]]:
    names = registry.names(actor=actor, on=timezone.localdate(), household_ids=[], person_ids=actor.scope.person_ids)
    return [{"id": key, "name": name} for key, name in sorted(names.persons.items())]


def _signature(actor: Actor, mandate_id: int, person_id: int) -> tuple[queries.MandateView, queries.SignatureView]:
    """The mandate and the person's part in it.

    Raises:
        OutOfScope: it is somebody else's.
    """
    one = queries.mandate(actor=actor, at=timezone.now(), mandate_id=mandate_id)
    signature = next((each for each in one.signatures if each.person_id == person_id), None)
    if signature is None:
        raise OutOfScope
    return one, signature
