"""Leads: reported, assigned, visited; then helped to apply, handed on, or closed with a reason (S08, 主动发现)."""

from collections.abc import Collection
from datetime import date, datetime

from jiuzhu.core.actors import Actor, ActorKind, OutOfScope
from jiuzhu.core.calendar import WorkCalendar
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.rooms.application.actions.steps import one_step, refuse, tell
from jiuzhu.rooms.application.models import Lead
from jiuzhu.rooms.application.permissions import Permission
from jiuzhu.rooms.application.rules.guards import person_agrees, reason_is_given, receiver_is_named, text_of
from jiuzhu.rooms.application.states import LEADS, LeadSource, LeadState, NeedKind
from jiuzhu.rooms.catalogue.queries import public_packs


def report_lead(
    *,
    actor: Actor,
    at: datetime,
    division: DivisionCode,
    source: LeadSource,
    subject_name: str,
    detail: str,
    needs: Collection[NeedKind] = (),
    subject_contact: str = "",
    place: str = "",
    household_id: int | None = None,
    person_id: int | None = None,
    is_urgent: bool = False,
    reporter_name: str = "",
    reporter_contact: str = "",
) -> int:
    """Report a person in need, registered or not; returns the lead's id. A department reports in its own name.

    Raises:
        PermissionRefused, OutOfScope: the actor may not, or the place is not the actor's.
        InvalidValue: nobody is named, nothing is said, or a text is too long.
    """
    with one_step(actor, Permission.LEAD_REPORT, at):
        actor.require_scope(division)
        row = Lead.objects.create(
            division_code=division.value,
            state=LeadState.REPORTED.value,
            source=source.value,
            is_urgent=is_urgent,
            household_id=household_id,
            person_id=person_id,
            subject_name=text_of(subject_name, "subject_name", "困难群众姓名或者称呼", "who is in need", longest=64),
            subject_contact=_or_none(subject_contact, "subject_contact", "联系方式", "the contact", 100),
            place=_or_none(place, "place", "所在位置", "the place", 200),
            needs=sorted({one.value for one in needs}),
            detail=text_of(detail, "detail", "困难情况", "what the hardship is", longest=1000),
            reporter_name=_or_none(reporter_name, "reporter_name", "报告人", "who reports", 64),
            reporter_contact=_or_none(reporter_contact, "reporter_contact", "报告人联系方式", "the contact", 100),
            reporter_department=(actor.scope.department or "") if actor.kind is ActorKind.DEPARTMENT else "",
            reported_at=at,
            reported_by_account=actor.account_id,
            reported_by_name=actor.name,
        )
        tell(actor, at, row, "report", None, None, to_state=LeadState.REPORTED)
        return row.pk


def assign_lead(*, actor: Actor, at: datetime, lead_id: int, visitor: str, visitor_account: int | None = None) -> None:
    """Send somebody to visit, within the term on file.

    Raises:
        PermissionRefused, OutOfScope, TransitionRefused (assigned before), InvalidValue (nobody is named).
    """
    with one_step(actor, Permission.LEAD_ASSIGN, at) as today:
        row, before = _lead(actor, lead_id)
        step = LEADS.plan(before, "assign")
        row.assigned_to_name = text_of(visitor, "visitor", "走访人", "who visits", longest=64)
        row.assigned_to_account, row.assigned_at = visitor_account, at
        row.visit_due_on = _due(step.deadline, row.division_code, today)
        row.state = step.to_state.value
        row.save()
        tell(actor, at, row, "assign", step, before)


def visit_lead(
    *,
    actor: Actor,
    at: datetime,
    lead_id: int,
    note: str,
    household_id: int | None = None,
    person_id: int | None = None,
) -> None:
    """Record the visit, and who it turned out to be when the person is registered.

    Raises:
        PermissionRefused, OutOfScope, TransitionRefused (not assigned), InvalidValue (nothing is said).
    """
    with one_step(actor, Permission.LEAD_VISIT, at) as today:
        row, before = _lead(actor, lead_id)
        step = LEADS.plan(before, "visit")
        row.visit_note = text_of(note, "note", "走访情况", "what was found", longest=1000)
        row.visited_at, row.visited_by_name = at, actor.name
        row.household_id = household_id if household_id is not None else row.household_id
        row.person_id = person_id if person_id is not None else row.person_id
        row.answer_due_on = _due(step.deadline, row.division_code, today)
        row.state = step.to_state.value
        row.save()
        tell(actor, at, row, "visit", step, before)


def help_apply(*, actor: Actor, at: datetime, lead_id: int, agreed_by: str) -> None:
    """Record that the person agreed to apply and is helped to; the application names the lead.

    Raises:
        PermissionRefused, OutOfScope, TransitionRefused (not visited), InvalidValue (too long).
        RuleRefused: nobody agreed (民发〔2021〕57号 art. 28).
    """
    with one_step(actor, Permission.LEAD_HELP_APPLY, at):
        row, before = _lead(actor, lead_id)
        LEADS.plan(before, "help_apply")
        refuse(person_agrees(agreed_by))
        row.agreed_by_name = text_of(agreed_by, "agreed_by", "同意申请的人", "who agreed", longest=64)
        _close(actor, at, row, "help_apply", before)


def refer_lead(
    *, actor: Actor, at: datetime, lead_id: int, receiver_name: str, receiver_department: str = "", reason: str = ""
) -> None:
    """Hand a lead to a department or body that can help (社会救助法 arts. 35, 36).

    Raises:
        PermissionRefused, OutOfScope, TransitionRefused (not assigned), InvalidValue (too long).
        RuleRefused: no receiver is named.
    """
    with one_step(actor, Permission.LEAD_REFER, at):
        row, before = _lead(actor, lead_id)
        LEADS.plan(before, "refer")
        refuse(receiver_is_named(receiver_name))
        row.receiver_name = text_of(receiver_name, "receiver_name", "接收单位", "the receiver", longest=100)
        row.receiver_department = receiver_department
        row.end_reason = _or_none(reason, "reason", "理由", "the reason", 400)
        _close(actor, at, row, "refer", before)


def close_lead(*, actor: Actor, at: datetime, lead_id: int, reason: str) -> None:
    """Close a lead after a visit: the person is not in need, or does not want help.

    Raises:
        PermissionRefused, OutOfScope, TransitionRefused (not visited), InvalidValue (too long).
        RuleRefused: no reason.
    """
    with one_step(actor, Permission.LEAD_CLOSE, at):
        row, before = _lead(actor, lead_id)
        LEADS.plan(before, "close")
        refuse(reason_is_given(reason))
        row.end_reason = text_of(reason, "reason", "理由", "the reason", longest=400)
        _close(actor, at, row, "close", before)


def _close(actor: Actor, at: datetime, row: Lead, verb: str, before: LeadState) -> None:
    step = LEADS.plan(before, verb)
    row.closed_at = at
    row.state = step.to_state.value
    row.save()
    tell(actor, at, row, verb, step, before)


def _lead(actor: Actor, lead_id: int) -> tuple[Lead, LeadState]:
    row = Lead.objects.select_for_update(of=("self",)).filter(pk=lead_id).first()
    if row is None:
        raise OutOfScope
    actor.require_scope(row.division_code)
    return row, LeadState(row.state)


def _due(key: str | None, division: str, today: date) -> date | None:
    """The last day of a term in working days; None when no pack states it for the place."""
    parameter = None if key is None else public_packs(today).parameters.get(key)
    entry = None if parameter is None else parameter.entry(division, today)
    return None if entry is None else WorkCalendar.packaged().add_working_days(today, entry.value).day


def _or_none(value: str, field: str, zh: str, en: str, longest: int) -> str | None:
    return text_of(value, field, zh, en, longest=longest, required=False) or None
