"""Screen the registered households of a place: the register's rows, the engine's answers, what determination keeps.

A screening decides nothing: it says whom to look at (S02 S04, X2). It reads and writes in pieces, each in transactions
of its own, so nothing long is held; a run that a crash ended begins anew, and what it had written is in place already.
"""

from collections.abc import Mapping
from datetime import date, datetime

from jiuzhu import __version__
from jiuzhu.core.actors import Actor
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.engine.household.months import Programs
from jiuzhu.engine.population.digests import joined, of_piece
from jiuzhu.engine.population.rows import population_of_rows
from jiuzhu.engine.runs.findings import found_rows
from jiuzhu.engine.runs.screening import Engine, Screen
from jiuzhu.engine.runs.totals import Total, Totals
from jiuzhu.engine.settlement.claims import State
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.groundwork.tasks import progress
from jiuzhu.groundwork.tasks.chunks import Clock, system_clock
from jiuzhu.groundwork.tasks.jobs import Stopped, Work, enqueue, job
from jiuzhu.rooms.catalogue.queries import public_programs
from jiuzhu.rooms.determination import actions as determination
from jiuzhu.rooms.determination.queries import ProgrammeTotal, ScreeningView, screening
from jiuzhu.rooms.registry.permissions import Permission
from jiuzhu.rooms.registry.queries import population_piece

OTHER_PACKS = "政策包在筛查开始后已更换，请重新发起筛查"
INTERRUPTED = "筛查中断，已完成的部分已保存，请重新发起筛查；仍不成功时请联系系统管理员查看日志"
_ENGINE = Engine.NUMPY


def key_of(run_id: int) -> str:
    """The key of a run's progress."""
    return f"determination.screening:{run_id}"


def screen(*, actor: Actor, at: datetime, division: DivisionCode, on: date, request_id: str = "") -> int:
    """Begin the screening of a place by the rules of a day, and put its work in the queue; returns the run's id.

    Raises:
        PermissionRefused, OutOfScope: the actor may not, or the place is not the actor's.
    """
    actor.require(Permission.POPULATION_SCREEN)
    with acting(actor, today=at.date()):
        run_id = determination.start_screening(
            actor=actor,
            at=at,
            division=division,
            on=on,
            pack_digest=public_programs(on).packs.digest,
            engine=_ENGINE.full_name,
            code_version=__version__,
        )
        title = f"政策筛查（第{run_id}号）"
        progress.announce(actor=actor, at=at, key=key_of(run_id), title=title)
        enqueue(
            run_screening,
            actor=actor,
            arguments={"run_id": run_id},
            request_id=request_id,
            lock=f"determination.screening:{division.value}",
        )
    return run_id


@job("determination.screening.run", in_one_transaction=False)
def run_screening(work: Work, run_id: int) -> None:
    """Work a screening out, piece by piece."""
    _run(work, run_id, system_clock)


def _run(work: Work, run_id: int, clock: Clock) -> None:
    actor = work.actor
    run = screening(actor=actor, at=work.at, run_id=run_id)
    if run.finished_at is not None or run.failed_because:
        return
    with acting(actor, request_id=work.request_id):
        bar = progress.announce(actor=actor, at=work.at, key=key_of(run_id), title=f"政策筛查（第{run_id}号）")
        progress.begin(bar, at=work.at)
    programs = public_programs(run.assessed_on)
    if run.pack_digest != programs.packs.digest:
        _give_up(work, run_id, bar, OTHER_PACKS, clock)
        return
    try:
        _work_out(work, run, programs, bar, clock)
    except Stopped:
        raise
    except Exception:
        if work.last_attempt:
            _give_up(work, run_id, bar, INTERRUPTED, clock)
        raise


def _work_out(work: Work, run: ScreeningView, programs: Programs, bar: int, clock: Clock) -> None:
    actor, run_id = work.actor, run.id
    screen_of = Screen(programs, on=run.assessed_on, root=run.division.prefix, engine=_ENGINE)
    totals, digests = Totals(), list[str]()
    after, more = (run.division.range[0], 0), True
    while more:
        work.pause()
        piece = population_piece(
            actor=actor, packs=programs.packs, on=run.assessed_on, division=run.division, after=after
        )
        part = population_of_rows(programs.packs, piece.copied)
        screened = screen_of.one(part)
        totals.add(screened)
        digests.append(of_piece(part))
        with acting(actor, reason=f"政策筛查（第{run_id}号）", request_id=work.request_id):
            determination.record_findings(
                actor=actor,
                at=clock(),
                run_id=run_id,
                after=after,
                until=piece.until,
                findings=found_rows(screened),
            )
            progress.advance(bar, done=len(part))
        after, more = piece.until, not piece.is_last
    with acting(actor, reason=f"政策筛查（第{run_id}号）", request_id=work.request_id):
        at = clock()
        determination.finish_screening(
            actor=actor,
            at=at,
            run_id=run_id,
            snapshot_digest=joined(digests, run.assessed_on.isoformat()),
            household_count=totals.households,
            person_count=totals.persons,
            totals=_totals(totals.programmes()),
        )
        progress.finish(bar, at=at)


def _give_up(work: Work, run_id: int, bar: int, because: str, clock: Clock) -> None:
    with acting(work.actor, request_id=work.request_id):
        at = clock()
        determination.fail_screening(actor=work.actor, at=at, run_id=run_id, because=because)
        progress.stop(bar, at=at, message=because)


def _totals(found: Mapping[str, Total]) -> list[ProgrammeTotal]:
    return [
        ProgrammeTotal(
            programme,
            str(total.unit),
            yes=total.count(State.GRANTED),
            disc=total.count(State.DISCRETION),
            refer=total.count(State.REFERRED),
            unknown=total.count(State.UNKNOWN),
            open=total.count(State.OPEN, State.TO_CHOOSE),
            beside=total.count(State.GIVES_WAY, State.COVERED),
            paid={str(rhythm): bounds for rhythm, bounds in total.paid.items()},
        )
        for programme, total in sorted(found.items())
    ]
