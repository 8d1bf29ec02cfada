"""Standards of assistance: proposed, consulted on, approved by another person, published by a document, replaced (S04).

Law: 社会救助法 arts. 17, 19; 民发〔2024〕16号; 政府信息公开条例 art. 26.
"""

from datetime import date, datetime

from jiuzhu.core.actors import Actor, OutOfScope
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.core.periods import Period
from jiuzhu.rooms.catalogue.actions.steps import lock, one_step, refuse, require_fit, require_text, tell
from jiuzhu.rooms.catalogue.models import Standard
from jiuzhu.rooms.catalogue.permissions import Permission
from jiuzhu.rooms.catalogue.queries import public_digests, public_packs
from jiuzhu.rooms.catalogue.rules import (
    document_number_is_given,
    not_below_the_provincial_floor,
    periods_do_not_overlap,
)
from jiuzhu.rooms.catalogue.rules.standards import (
    Floor,
    figure_of,
    floors_of,
    leaves_no_gap,
    read_value,
    replacement_has_begun,
    set_by_city_or_county,
)
from jiuzhu.rooms.catalogue.rules.versions import decided_by_another
from jiuzhu.rooms.catalogue.states import STANDARDS, StandardState
from jiuzhu.rooms.organization.queries import public_division


def propose_standard(
    *,
    actor: Actor,
    at: datetime,
    parameter: str,
    division: DivisionCode,
    value: str,
    valid_from: date,
    valid_to: date | None = None,
    reasoning: str,
) -> int:
    """Propose a figure for a parameter of the packs, as it is written in documents (`966.70`); returns its id.

    Raises:
        PermissionRefused, OutOfScope, NotFound (division).
        InvalidValue: no such number in the packs, no number, out of its range, no reasoning.
        InvalidPeriod: the end is not after the beginning.
        RuleRefused: the division is neither a city nor a county.
    """
    with one_step(actor, Permission.STANDARD_PROPOSE, at) as today:
        actor.require_scope(division)
        refuse(set_by_city_or_county(division))
        public_division(division, today)
        figure = figure_of(public_packs(valid_from), parameter)
        period = Period(valid_from, valid_to)
        row = Standard.objects.create(
            division_code=division.value,
            state=StandardState.PROPOSED.value,
            parameter=figure.name,
            unit=figure.kind.unit.value,
            places=figure.kind.places,
            value=read_value(figure, value),
            valid_from=period.start,
            valid_to=period.end,
            reasoning=require_text(reasoning, "reasoning", "测算依据", "how it was worked out", longest=2000),
            proposed_at=at,
            proposed_by_account=actor.account_id,
            proposed_by_name=actor.name,
        )
        tell(actor, at, row, "propose", None, None, to_state=StandardState.PROPOSED)
        return row.pk


def consult_standard(*, actor: Actor, at: datetime, standard_id: int, whom: str, result: str) -> None:
    """Record who was asked about a proposed standard, and what came of it.

    Raises:
        PermissionRefused, OutOfScope, InvalidValue (texts), TransitionRefused (not proposed).
    """
    with one_step(actor, Permission.STANDARD_CONSULT, at):
        row = _standard(actor, standard_id)
        before = StandardState(row.state)
        transition = STANDARDS.plan(before, "consult")
        row.consulted_whom = require_text(whom, "whom", "征求意见对象", "who was asked", longest=400)
        row.consulted_result = require_text(result, "result", "征求意见结果", "the result", longest=2000)
        row.consulted_at, row.consulted_by_account, row.consulted_by_name = at, actor.account_id, actor.name
        row.state = transition.to_state.value
        row.save()
        tell(actor, at, row, "consult", transition, before)


def approve_standard(*, actor: Actor, at: datetime, standard_id: int) -> tuple[Floor, ...]:
    """Approve a standard; returns the floors of the packs it was held against, none when the packs state none.

    Raises:
        PermissionRefused, OutOfScope, TransitionRefused (not consulted on).
        RuleRefused: the actor proposed it or is no person; it lies below a floor.
    """
    with one_step(actor, Permission.STANDARD_APPROVE, at):
        row = _standard(actor, standard_id)
        before = StandardState(row.state)
        transition = STANDARDS.plan(before, "approve")
        refuse(decided_by_another(row.proposed_by_account, actor.account_id))
        packs = public_packs(row.valid_from)
        figure = figure_of(packs, row.parameter)
        floors = floors_of(packs, figure, row.value, DivisionCode(row.division_code), row.valid_from)
        refuse(not_below_the_provincial_floor(floors))
        row.floors = [one.to_plain() for one in floors]
        row.approved_at, row.approved_by_account, row.approved_by_name = at, actor.account_id, actor.name
        row.state = transition.to_state.value
        row.save()
        tell(actor, at, row, "approve", transition, before)
        return floors


def drop_standard(*, actor: Actor, at: datetime, standard_id: int, reason: str) -> None:
    """Drop a standard that has not been approved.

    Raises:
        PermissionRefused, OutOfScope, InvalidValue (no reason), TransitionRefused (approved already).
    """
    with one_step(actor, Permission.STANDARD_DROP, at):
        row = _standard(actor, standard_id)
        before = StandardState(row.state)
        transition = STANDARDS.plan(before, "drop")
        row.drop_reason = require_text(reason, "reason", "原因", "the reason", longest=400)
        row.state = transition.to_state.value
        row.save()
        tell(actor, at, row, "drop", transition, before, reason=row.drop_reason)


def publish_standard(
    *,
    actor: Actor,
    at: datetime,
    standard_id: int,
    document_title: str,
    document_number: str,
    effective_on: date | None = None,
) -> None:
    """Publish an approved standard, from the day proposed or from `effective_on`; the one before it ends on that day.

    Raises:
        PermissionRefused, OutOfScope, InvalidValue (title), TransitionRefused (not approved).
        InvalidPeriod: the day is not before the standard's end.
        RuleRefused: no document number; it overlaps a later standard, or leaves days without one; packs that are, were
            or will be in force have the parameter in another unit.
    """
    with one_step(actor, Permission.STANDARD_PUBLISH, at):
        row = _standard(actor, standard_id)
        before = StandardState(row.state)
        transition = STANDARDS.plan(before, "publish")
        refuse(document_number_is_given(document_number))
        document_number = require_text(document_number, "document_number", "文号", "the document number")
        title = require_text(document_title, "document_title", "文件名称", "the document's title", longest=200)
        period = Period(effective_on or row.valid_from, row.valid_to)
        lock(f"standard {row.parameter} {row.division_code}")
        _end_earlier(row, period)
        row.valid_from, row.document_title, row.document_number = period.start, title, document_number
        row.published_at, row.published_by_account, row.published_by_name = at, actor.account_id, actor.name
        row.state = transition.to_state.value
        row.save()
        for digest in public_digests():
            require_fit(digest)
        tell(actor, at, row, "publish", transition, before)


def replace_standard(*, actor: Actor, at: datetime, standard_id: int) -> None:
    """Record that a later standard has taken the place of a published one, once its first day has come.

    Raises:
        PermissionRefused, OutOfScope, TransitionRefused (not published).
        RuleRefused: no later standard has been published, or its day has not come.
    """
    with one_step(actor, Permission.STANDARD_REPLACE, at) as today:
        row = _standard(actor, standard_id)
        before = StandardState(row.state)
        transition = STANDARDS.plan(before, "replace")
        later = row.replaced_by
        period = None if later is None else Period(later.valid_from, later.valid_to)
        refuse(replacement_has_begun(period, today))
        if period is not None:
            refuse(periods_do_not_overlap(Period(row.valid_from, row.valid_to), period))
        row.state = transition.to_state.value
        row.save()
        tell(actor, at, row, "replace", transition, before)


def _end_earlier(row: Standard, period: Period) -> None:
    """End the published standard in whose days the new one begins, or refuse."""
    public = [StandardState.PUBLISHED.value, StandardState.REPLACED.value]
    others = Standard.objects.select_for_update().filter(
        parameter=row.parameter, division_code=row.division_code, state__in=public
    )
    for other in others.order_by("valid_from"):
        held = Period(other.valid_from, other.valid_to)
        if not held.overlaps(period):
            continue
        if held.start >= period.start or other.state != StandardState.PUBLISHED:
            refuse(periods_do_not_overlap(held, period))
        refuse(leaves_no_gap(held, period))
        other.valid_to, other.replaced_by = period.start, row
        other.save(update_fields=["valid_to", "replaced_by"])


def _standard(actor: Actor, standard_id: int) -> Standard:
    """A standard of the actor's own area, locked; a published one of elsewhere is seen, and no more."""
    row = Standard.objects.select_for_update().filter(pk=standard_id).first()
    if row is None:
        raise OutOfScope
    actor.require_scope(row.division_code)
    return row
