"""What an office does with an application: tell once what is missing, accept, refuse in writing, hand over (S08)."""

from collections.abc import Collection
from datetime import date, datetime

from jiuzhu.core.actors import Actor
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.rooms.application.actions.steps import locked, one_step, refuse, tell
from jiuzhu.rooms.application.models import Application, CaseRequest, OnceOnlyNotice
from jiuzhu.rooms.application.permissions import Permission
from jiuzhu.rooms.application.rules.guards import (
    Item,
    everything_missing_is_told,
    materials_are_complete,
    nothing_that_can_be_verified_is_asked,
    reason_and_remedy_are_given,
    receiver_is_competent,
    text_of,
)
from jiuzhu.rooms.application.rules.terms import whole_limit
from jiuzhu.rooms.application.states import APPLICATIONS, ApplicationState
from jiuzhu.rooms.catalogue.queries import public_packs


def give_notice(
    *,
    actor: Actor,
    at: datetime,
    application_id: int,
    items: Collection[Item],
    missing: Collection[Item],
    askable: Collection[Item],
) -> int:
    """Tell the applicant once what is missing; returns the notice's id.

    `missing` is what the packs find to be missing, `askable` what they let ask of an applicant at all.

    Raises:
        PermissionRefused, OutOfScope, TransitionRefused (not submitted, or told before).
        RuleRefused: nothing is missing, something is left out, or something is asked that the office can find out.
    """
    with one_step(actor, Permission.APPLICATION_GIVE_NOTICE, at):
        row = locked(actor, application_id)
        before = ApplicationState(row.state)
        step = APPLICATIONS.plan(before, "give_notice")
        refuse(nothing_that_can_be_verified_is_asked(items, askable), everything_missing_is_told(items, missing))
        notice = OnceOnlyNotice.objects.create(
            application=row,
            division_code=row.division_code,
            items=[
                {
                    "kind": one.kind.value,
                    "programme": one.programme,
                    "key": one.key,
                    "person_id": one.person_id,
                    "zh": one.label.zh,
                    "en": one.label.en,
                }
                for one in {one.what: one for one in items}.values()
            ],
            given_at=at,
            given_by_name=actor.name,
        )
        _step(actor, at, row, "give_notice", before, step.to_state)
        return notice.pk


def complete_application(*, actor: Actor, at: datetime, application_id: int) -> None:
    """Say that what was missing has been handed in; the office then accepts, refuses or hands over.

    Raises:
        PermissionRefused, OutOfScope, TransitionRefused (nothing was told to be missing).
    """
    with one_step(actor, Permission.APPLICATION_COMPLETE, at):
        row = locked(actor, application_id)
        before = ApplicationState(row.state)
        step = APPLICATIONS.plan(before, "complete")
        row.completed_at = at
        _step(actor, at, row, "complete", before, step.to_state)


def accept_application(*, actor: Actor, at: datetime, application_id: int, missing: Collection[Item]) -> None:
    """Accept: from this day the terms of every case run, and each becomes a case of its own.

    Raises:
        PermissionRefused, OutOfScope, TransitionRefused. RuleRefused: something is missing.
    """
    with one_step(actor, Permission.APPLICATION_ACCEPT, at) as today:
        row = locked(actor, application_id)
        before = ApplicationState(row.state)
        step = APPLICATIONS.plan(before, "accept")
        refuse(materials_are_complete(missing))
        _set_terms(row, today)
        _decide(actor, at, row)
        _step(actor, at, row, "accept", before, step.to_state)


def not_accept_application(*, actor: Actor, at: datetime, application_id: int, reason: str, remedy: str) -> None:
    """Refuse to accept, in writing, with the reason and what can be done against it.

    Raises:
        PermissionRefused, OutOfScope, TransitionRefused, InvalidValue (too long).
        RuleRefused: no reason, or no remedy.
    """
    with one_step(actor, Permission.APPLICATION_NOT_ACCEPT, at):
        row = locked(actor, application_id)
        before = ApplicationState(row.state)
        step = APPLICATIONS.plan(before, "not_accept")
        refuse(reason_and_remedy_are_given(reason, remedy))
        row.reason = text_of(reason, "reason", "理由", "the reason", longest=1000)
        row.remedy = text_of(remedy, "remedy", "救济途径", "the remedy", longest=400)
        _decide(actor, at, row)
        _step(actor, at, row, "not_accept", before, step.to_state)


def transfer_application(
    *,
    actor: Actor,
    at: datetime,
    application_id: int,
    receiver_division: DivisionCode,
    receiver_name: str,
    reason: str = "",
) -> None:
    """Hand an application to the office in charge; there it goes on as it was submitted (社会救助法 arts. 37, 64).

    Raises:
        PermissionRefused, OutOfScope, TransitionRefused, InvalidValue (no receiver, or too long).
        RuleRefused: that office is not in charge of any of its cases, or it is the own one.
    """
    with one_step(actor, Permission.APPLICATION_TRANSFER, at):
        row = locked(actor, application_id)
        before = ApplicationState(row.state)
        step = APPLICATIONS.plan(before, "transfer")
        places = [
            DivisionCode(one) for one in CaseRequest.objects.filter(application=row).values_list("place", flat=True)
        ]
        refuse(receiver_is_competent(receiver_division, places, DivisionCode(row.division_code)))
        row.receiver_division = receiver_division.value
        row.receiver_name = text_of(receiver_name, "receiver_name", "接收单位", "the receiver", longest=100)
        row.reason = text_of(reason, "reason", "理由", "the reason", longest=400, required=False) or None
        _decide(actor, at, row)
        _step(actor, at, row, "transfer", before, step.to_state)


def withdraw_application(*, actor: Actor, at: datetime, application_id: int, reason: str = "") -> None:
    """Withdraw an application that was not decided on; anyone may, without a reason, and apply again at any time.

    Raises:
        PermissionRefused, OutOfScope, TransitionRefused (decided on), InvalidValue (too long).
    """
    with one_step(actor, Permission.APPLICATION_WITHDRAW, at):
        row = locked(actor, application_id)
        before = ApplicationState(row.state)
        step = APPLICATIONS.plan(before, "withdraw")
        row.reason = text_of(reason, "reason", "理由", "the reason", longest=400, required=False) or None
        row.closed_at = at
        _step(actor, at, row, "withdraw", before, step.to_state)


def _set_terms(row: Application, today: date) -> None:
    packs = public_packs(today)
    for request in CaseRequest.objects.filter(application=row):
        programme = packs.programmes.get(request.programme)
        version = None if programme is None else programme.version(request.place, today)
        if version is not None:
            request.due_on = whole_limit(packs, version, division=request.place, on=today, accepted_on=today)
            request.save(update_fields=["due_on"])


def _decide(actor: Actor, at: datetime, row: Application) -> None:
    row.decided_at, row.decided_by_name, row.closed_at = at, actor.name, at


def _step(
    actor: Actor, at: datetime, row: Application, verb: str, before: ApplicationState, after: ApplicationState
) -> None:
    row.version += 1
    row.state = after.value
    row.save()
    tell(actor, at, row, verb, APPLICATIONS.plan(before, verb), before, reason=row.reason or "")
