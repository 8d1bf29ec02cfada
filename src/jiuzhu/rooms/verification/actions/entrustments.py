"""Entrustments: a unit outside civil affairs asks the office, in writing, to verify for its own programmes."""

from collections.abc import Collection
from datetime import date, datetime

from jiuzhu.core.actors import Actor, OutOfScope
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.core.errors import InvalidValue
from jiuzhu.rooms.verification.actions.steps import one_step, refuse, tell
from jiuzhu.rooms.verification.models import Entrustment
from jiuzhu.rooms.verification.permissions import Permission
from jiuzhu.rooms.verification.queries.terms import other_leads
from jiuzhu.rooms.verification.rules import reason_is_given
from jiuzhu.rooms.verification.rules.guards import text_of
from jiuzhu.rooms.verification.states import ENTRUSTMENTS, EntrustmentState


def record_entrustment(
    *,
    actor: Actor,
    at: datetime,
    division: DivisionCode,
    unit_name: str,
    department: str,
    programmes: Collection[str],
    document_number: str,
    valid_from: date,
    valid_to: date,
) -> int:
    """Record an entrustment of a place; returns its id.

    Raises:
        PermissionRefused, OutOfScope: the actor may not, or the place is not the actor's.
        InvalidValue: something is missing, the period is impossible, or the department leads none of the programmes.
    """
    with one_step(actor, Permission.ENTRUSTMENT_RECORD, at) as today:
        actor.require_scope(division)
        if valid_to < valid_from:
            raise InvalidValue(
                "verification.entrustment.period",
                "终止日期早于生效日期，请核对",
                "It ends before it begins; check both days.",
                field="valid_to",
            )
        if not programmes or other_leads(programmes, division.value, today) != {department}:
            raise InvalidValue(
                "verification.entrustment.programmes",
                "请选择由该部门牵头的救助制度",
                "Choose programmes that this department leads.",
                field="programmes",
            )
        row = Entrustment.objects.create(
            division_code=division.value,
            state=EntrustmentState.IN_FORCE.value,
            unit_name=text_of(unit_name, "unit_name", "委托单位", "the unit", longest=100),
            department=department,
            programmes=sorted(programmes),
            document_number=text_of(document_number, "document_number", "委托文号", "the document", longest=100),
            valid_from=valid_from,
            valid_to=valid_to,
            recorded_at=at,
            recorded_by_name=actor.name,
        )
        tell(
            actor,
            at,
            "entrustment",
            row.pk,
            "record",
            None,
            None,
            division=row.division_code,
            to_state=EntrustmentState.IN_FORCE,
        )
        return row.pk


def end_entrustment(*, actor: Actor, at: datetime, entrustment_id: int, reason: str) -> None:
    """End an entrustment; orders that were made under it go on.

    Raises:
        PermissionRefused, OutOfScope, TransitionRefused (ended before), RuleRefused (no reason), InvalidValue.
    """
    with one_step(actor, Permission.ENTRUSTMENT_END, at):
        row = Entrustment.objects.select_for_update().filter(pk=entrustment_id).first()
        if row is None:
            raise OutOfScope
        actor.require_scope(row.division_code)
        before = EntrustmentState(row.state)
        transition = ENTRUSTMENTS.plan(before, "end")
        refuse(reason_is_given(reason))
        row.reason = text_of(reason, "reason", "原因", "the reason", longest=400)
        row.ended_at, row.state = at, transition.to_state.value
        row.save()
        tell(
            actor,
            at,
            "entrustment",
            row.pk,
            "end",
            transition,
            before,
            division=row.division_code,
            reason=row.reason,
        )
