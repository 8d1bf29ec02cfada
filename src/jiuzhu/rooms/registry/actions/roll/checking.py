"""The check of a roll: a job that reads every row and notes what is wrong; nothing else is written."""

from collections.abc import Sequence
from datetime import date
from itertools import islice

from django.utils import timezone

from jiuzhu.core.actors import Actor
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.groundwork.tasks import progress
from jiuzhu.groundwork.tasks.jobs import Work, job
from jiuzhu.groundwork.transitions.actions import record
from jiuzhu.rooms.registry.actions.roll.registered import near_misses, registered_problems
from jiuzhu.rooms.registry.models import RollImport, RollProblem
from jiuzhu.rooms.registry.queries.roll import FILE_OWNER, places_in, require_roll, sheet_of
from jiuzhu.rooms.registry.rules.roll.checks import Problem, check_household, grouped
from jiuzhu.rooms.registry.rules.roll.places import Places
from jiuzhu.rooms.registry.rules.roll.repeated import repeated_persons
from jiuzhu.rooms.registry.rules.roll.sheet import Row, Sheet
from jiuzhu.rooms.registry.states import ROLLS, RollSeverity, RollStage, RollState

_CHUNK_HOUSEHOLDS = 500
_MOST_NEAR_MISSES = 1000
_LONGEST_MESSAGE = 400

Groups = Sequence[tuple[str, tuple[Row, ...]]]


@job("registry.roll.check", in_one_transaction=False)
def check_roll(work: Work, roll_id: int) -> None:
    """Check every row of an uploaded roll; a run after a crash begins anew, because nothing was written before."""
    actor = work.actor
    with acting(actor, request_id=work.request_id):
        roll = require_roll(roll_id)
        if RollState(roll.state) is not RollState.UPLOADED:
            return
        sheet = sheet_of(actor, roll)
        today = timezone.localdate(work.at)
        places = places_in(DivisionCode(roll.division_code), today)
        groups = grouped(sheet)
        bar = progress.announce(
            actor=actor,
            at=work.at,
            key=f"registry.roll:{roll_id}:check",
            title=f"校验家庭花名册（第{roll_id}号）",
            total=len(groups),
        )
        progress.begin(bar, at=work.at, total=len(groups))
    problems = _found(work, actor, groups, sheet, places, today)
    with acting(actor, reason=f"校验家庭花名册（第{roll_id}号）", request_id=work.request_id):
        roll = RollImport.objects.select_for_update().get(id=roll_id)
        if RollState(roll.state) is not RollState.UPLOADED:
            return
        store_problems(roll, problems, RollStage.CHECK)
        wrong = {problem.row for problem in problems if problem.severity is RollSeverity.ERROR}
        bad = sum(any(row.number in wrong for row in rows) for _, rows in groups)
        step = ROLLS.plan(RollState(roll.state), "check")
        roll.households, roll.households_with_errors = len(groups), bad
        roll.errors = sum(problem.severity is RollSeverity.ERROR for problem in problems)
        roll.warnings = len(problems) - roll.errors
        roll.state, roll.checked_at = step.to_state.value, work.at
        roll.save()
        record(
            actor=actor,
            at=work.at,
            object_type=FILE_OWNER,
            object_id=roll.pk,
            transition=step,
            from_state=RollState.UPLOADED,
            division=roll.division_code,
        )
        progress.advance(bar, done=len(groups) - bad, failed=bad)
        progress.finish(bar, at=work.at)


def store_problems(roll: RollImport, problems: Sequence[Problem], stage: RollStage) -> None:
    """Insert problems in one statement."""
    RollProblem.objects.bulk_create(
        [
            RollProblem(
                roll=roll,
                row=one.row,
                column=one.column.value if one.column is not None else "",
                stage=stage.value,
                severity=one.severity.value,
                code=one.code,
                message_zh=one.zh[:_LONGEST_MESSAGE],
                message_en=one.en[:_LONGEST_MESSAGE],
            )
            for one in problems
        ],
        batch_size=5000,
    )


def _found(work: Work, actor: Actor, groups: Groups, sheet: Sheet, places: Places, today: date) -> list[Problem]:
    problems = repeated_persons(groups, today)
    slips: dict[int, Row] = {}
    waiting = iter(groups)
    while chunk := list(islice(waiting, _CHUNK_HOUSEHOLDS)):
        work.pause()
        households = []
        for key, rows in chunk:
            household, found = check_household(key, rows, sheet=sheet, places=places, today=today)
            problems += found
            slipped = {one.row for one in found if one.code == "identity.checksum"}
            slips |= {row.number: row for row in rows if row.number in slipped}
            if household is not None:
                households.append(household)
        with acting(actor):
            problems += registered_problems(actor, households)
    with acting(actor):
        problems += near_misses(actor, dict(islice(slips.items(), _MOST_NEAR_MISSES)))
    return sorted(problems, key=lambda one: one.row)
