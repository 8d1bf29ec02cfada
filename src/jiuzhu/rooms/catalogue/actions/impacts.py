"""Keeping what a version would change: begun, finished with its sums, or given up with the reason (S02 S07).

It prepares a decision and takes none: nothing in the register changes by it.
"""

from collections.abc import Iterable
from datetime import date, datetime

from jiuzhu.core.actors import Actor, OutOfScope
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.core.errors import InvalidValue, RuleRefused
from jiuzhu.groundwork.outbox.actions import publish_event
from jiuzhu.rooms.catalogue.actions.steps import one_step
from jiuzhu.rooms.catalogue.models import ImpactRun
from jiuzhu.rooms.catalogue.permissions import Permission
from jiuzhu.rooms.catalogue.queries.impacts import ImpactLine
from jiuzhu.rooms.catalogue.queries.versions import pack_version

_LONGEST_REASON = 400


def start_impact(
    *,
    actor: Actor,
    at: datetime,
    division: DivisionCode,
    on: date,
    after_id: int,
    before_id: int | None,
    after_digest: str,
    before_digest: str,
    engine: str,
    code_version: str,
) -> int:
    """Note that the households of a division are being compared under two sets of packs; returns the run's id.

    Raises:
        PermissionRefused, OutOfScope: the actor may not, or the division or a version is not the actor's to see.
        InvalidValue: a version is compared with itself.
    """
    with one_step(actor, Permission.PACK_CHECK, at):
        actor.require_scope(division)
        for one in (after_id, before_id):
            if one is not None:
                pack_version(actor=actor, at=at, pack_id=one)
        if after_id == before_id:
            raise InvalidValue(
                "catalogue.impact.same",
                "请选择另一个版本来比较",
                "Choose another version to compare with.",
                field="other",
            )
        row = ImpactRun.objects.create(
            division_code=division.value,
            assessed_on=on,
            after_id=after_id,
            before_id=before_id,
            after_digest=after_digest,
            before_digest=before_digest,
            engine=engine,
            code_version=code_version,
            started_at=at,
            by_account=actor.account_id,
            by_name=actor.name,
        )
        return row.pk


def finish_impact(
    *,
    actor: Actor,
    at: datetime,
    impact_id: int,
    snapshot_digest: str,
    household_count: int,
    person_count: int,
    better_count: int,
    worse_count: int,
    lines: Iterable[ImpactLine],
) -> None:
    """Close a run with its sums.

    Raises:
        PermissionRefused, OutOfScope: the actor may not, or the run is not the actor's.
        RuleRefused: the run has ended.
    """
    with one_step(actor, Permission.PACK_CHECK, at):
        row = _running(actor, impact_id)
        row.finished_at, row.snapshot_digest = at, snapshot_digest
        row.household_count, row.person_count = household_count, person_count
        row.better_count, row.worse_count = better_count, worse_count
        row.effects = [one.to_plain() for one in lines]
        row.save()
        publish_event(
            actor=actor,
            at=at,
            name="catalogue.impact.finished",
            key=f"catalogue.impact:{row.pk}",
            payload={"impact_id": row.pk},
            division=row.division_code,
        )


def fail_impact(*, actor: Actor, at: datetime, impact_id: int, because: str) -> None:
    """Note that a run did not reach its end, and why.

    Raises:
        PermissionRefused, OutOfScope: the actor may not, or the run is not the actor's.
        RuleRefused: the run has ended.
    """
    with one_step(actor, Permission.PACK_CHECK, at):
        row = _running(actor, impact_id)
        row.failed_because = because[:_LONGEST_REASON]
        row.save(update_fields=["failed_because"])


def _running(actor: Actor, impact_id: int) -> ImpactRun:
    row = ImpactRun.objects.select_for_update().filter(pk=impact_id).first()
    if row is None:
        raise OutOfScope
    actor.require_scope(row.division_code)
    if row.finished_at is not None or row.failed_because:
        raise RuleRefused("catalogue.impact.ended", "该次测算已经结束", "This run has ended.")
    return row
