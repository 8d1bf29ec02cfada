"""Writes of the room: what a screening of the registered households found.

A finding decides nothing. It says whom an officer should look at, by a run that anyone can repeat.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, datetime

from django.db import connection

from jiuzhu.core.actors import Actor, OutOfScope
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.core.errors import InvalidValue, RuleRefused
from jiuzhu.engine.runs.found import FoundRows
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.groundwork.outbox.actions import publish_event
from jiuzhu.rooms.determination.models import ScreeningRun
from jiuzhu.rooms.determination.permissions import Permission
from jiuzhu.rooms.determination.queries import ProgrammeTotal

Mark = tuple[str, int]  # division and household: pieces of a screening follow each other in this order
_LONGEST_REASON = 400
_RECORD = """
WITH given AS (
    SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::text[],
                         %s::smallint[], %s::smallint[], %s::bigint[], %s::bigint[], %s::text[])
    AS g (household_id, person_id, division_code, programme, outcome_low, outcome_high,
          amount_low_fen, amount_high_fen, paid)
), gone AS (
    DELETE FROM determination_screening_finding f
    WHERE (f.division_code, f.household_id) > (%s, %s) AND (f.division_code, f.household_id) <= (%s, %s)
      AND NOT EXISTS (
          SELECT 1 FROM given g WHERE g.household_id = f.household_id AND g.programme = f.programme
          AND coalesce(g.person_id, 0) = coalesce(f.person_id, 0))
    RETURNING 1
), put AS (
    INSERT INTO determination_screening_finding AS f
        (household_id, person_id, division_code, programme, outcome_low, outcome_high,
         amount_low_fen, amount_high_fen, paid, run_id)
    SELECT household_id, person_id, division_code, programme, outcome_low, outcome_high,
           amount_low_fen, amount_high_fen, paid, %s FROM given
    ON CONFLICT (household_id, programme, person_id) DO UPDATE SET
        division_code = excluded.division_code, outcome_low = excluded.outcome_low,
        outcome_high = excluded.outcome_high, amount_low_fen = excluded.amount_low_fen,
        amount_high_fen = excluded.amount_high_fen, paid = excluded.paid, run_id = excluded.run_id
    WHERE (f.division_code, f.outcome_low, f.outcome_high, f.amount_low_fen, f.amount_high_fen, f.paid)
        IS DISTINCT FROM (excluded.division_code, excluded.outcome_low, excluded.outcome_high,
                          excluded.amount_low_fen, excluded.amount_high_fen, excluded.paid)
    RETURNING 1
)
SELECT (SELECT count(*) FROM gone) + (SELECT count(*) FROM put)
"""


@contextmanager
def _screening(actor: Actor, at: datetime) -> Iterator[None]:
    actor.require(Permission.SCREENING_RUN)
    if at.tzinfo is None:
        raise InvalidValue("determination.time", "时间缺少时区", "The time has no zone.", field="at")
    with acting(actor, today=at.date()):
        yield


def start_screening(
    *,
    actor: Actor,
    at: datetime,
    division: DivisionCode,
    on: date,
    pack_digest: str,
    engine: str,
    code_version: str,
) -> int:
    """Note that a screening of a division begins; returns the run's id.

    Raises:
        PermissionRefused, OutOfScope: the actor may not, or the division is not the actor's.
    """
    actor.require_scope(division)
    with _screening(actor, at):
        run = ScreeningRun.objects.create(
            division_code=division.value,
            assessed_on=on,
            pack_digest=pack_digest,
            engine=engine,
            code_version=code_version,
            started_at=at,
            by_account=actor.account_id,
            by_name=actor.name,
        )
        return run.pk


def record_findings(*, actor: Actor, at: datetime, run_id: int, after: Mark, until: Mark, findings: FoundRows) -> int:
    """Put the findings on the households after one mark up to another in the place of earlier ones.

    Only what changed is written; what is no longer found is gone. Returns how many findings changed. One statement.

    Raises:
        PermissionRefused, OutOfScope: the actor may not, or the run is not the actor's.
        RuleRefused: the run has ended.
    """
    with _screening(actor, at):
        run = _running(run_id)
        with connection.cursor() as cursor:
            cursor.execute(
                _RECORD,
                [
                    list(findings.household_ids),
                    list(findings.person_ids),
                    list(findings.division_codes),
                    list(findings.programmes),
                    list(findings.outcome_low),
                    list(findings.outcome_high),
                    list(findings.amount_low_fen),
                    list(findings.amount_high_fen),
                    list(findings.paid),
                    *after,
                    *until,
                    run_id,
                ],
            )
            (changed,) = cursor.fetchone()
        run.changed_count += changed
        run.save(update_fields=["changed_count"])
        return int(changed)


def finish_screening(
    *,
    actor: Actor,
    at: datetime,
    run_id: int,
    snapshot_digest: str,
    household_count: int,
    person_count: int,
    totals: Iterable[ProgrammeTotal],
) -> None:
    """Close a run with the digest of what it read and its totals by programme.

    Raises:
        PermissionRefused, OutOfScope: the actor may not, or the run is not the actor's.
        RuleRefused: the run has ended.
    """
    with _screening(actor, at):
        run = _running(run_id)
        run.finished_at, run.snapshot_digest = at, snapshot_digest
        run.household_count, run.person_count = household_count, person_count
        run.totals = {one.programme: {**asdict(one), "paid": dict(one.paid)} for one in totals}
        run.save(update_fields=["finished_at", "snapshot_digest", "household_count", "person_count", "totals"])
        publish_event(
            actor=actor,
            at=at,
            name="determination.screening.finished",
            key=f"determination.screening:{run.pk}",
            payload={"run_id": run.pk, "changed": run.changed_count},
            division=run.division_code,
        )


def fail_screening(*, actor: Actor, at: datetime, run_id: int, because: str) -> None:
    """Note that a run did not reach its end, and why; what it had written stays true of the households it reached.

    Raises:
        PermissionRefused, OutOfScope: the actor may not, or the run is not the actor's.
        RuleRefused: the run has ended.
    """
    with _screening(actor, at):
        run = _running(run_id)
        run.failed_because = because[:_LONGEST_REASON]
        run.save(update_fields=["failed_because"])


def _running(run_id: int) -> ScreeningRun:
    run = ScreeningRun.objects.select_for_update().filter(id=run_id).first()
    if run is None:
        raise OutOfScope
    if run.finished_at is not None or run.failed_because:
        raise RuleRefused("determination.screening.ended", "该次筛查已经结束", "This screening has ended.")
    return run
