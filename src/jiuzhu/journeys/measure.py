"""What a version of the packs would change for the registered households: two screenings beside each other (S02 S07).

It writes nothing into the register and decides nothing. Each piece of households is read once and figured out under
both sets of packs, so that what differs is the policy alone; a run that a crash ended is begun anew by its job.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime

from jiuzhu import __version__
from jiuzhu.core.actors import Actor
from jiuzhu.core.divisions import DivisionCode, DivisionLevel
from jiuzhu.core.errors import RuleRefused
from jiuzhu.engine.household.months import Programs
from jiuzhu.engine.packs.model import PackSet
from jiuzhu.engine.population.digests import joined, of_piece
from jiuzhu.engine.population.rows import population_of_rows
from jiuzhu.engine.runs.effects import Effect, Effects
from jiuzhu.engine.runs.screening import Engine, Screen
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.groundwork.tasks import progress
from jiuzhu.groundwork.tasks.chunks import Clock, system_clock
from jiuzhu.groundwork.tasks.jobs import Stopped, Work, enqueue, job
from jiuzhu.rooms.catalogue import actions as catalogue
from jiuzhu.rooms.catalogue.permissions import Permission as Catalogue
from jiuzhu.rooms.catalogue.queries import ImpactLine, ImpactView, compared_packs, impact_run
from jiuzhu.rooms.registry.permissions import Permission
from jiuzhu.rooms.registry.queries import population_piece

OTHER_PACKS = "政策包或标准在测算开始后已更换，请重新测算"
INTERRUPTED = "测算中断，请重新发起；仍不成功时请联系系统管理员查看日志"
_ENGINE = Engine.NUMPY
# sums are told by the divisions directly below the place: so many digits their codes have
_DIGITS = {DivisionLevel.PROVINCE: 4, DivisionLevel.CITY: 6, DivisionLevel.COUNTY: 9, DivisionLevel.TOWNSHIP: 12}


def key_of(impact_id: int) -> str:
    """The key of a run's progress."""
    return f"catalogue.impact:{impact_id}"


def measure(
    *,
    actor: Actor,
    at: datetime,
    division: DivisionCode,
    on: date,
    pack_id: int,
    before_id: int | None = None,
    request_id: str = "",
) -> int:
    """Begin to work out what a version would change for a place on a day; returns the run's id.

    It is compared with another version, or with what is in force on the day.

    Raises:
        PermissionRefused, OutOfScope: the actor may not, or the place or a version is not the actor's.
        RuleRefused: a version has not been checked; or the two mean different things by one fact.
        InvalidValue: a version is compared with itself.
    """
    actor.require(Permission.POPULATION_SCREEN)
    actor.require(Catalogue.PACK_CHECK)
    with acting(actor, today=at.date()):
        before, after = _two(actor, at, pack_id, before_id, on)
        _refuse_other_facts(before, after)
        impact_id = catalogue.start_impact(
            actor=actor,
            at=at,
            division=division,
            on=on,
            after_id=pack_id,
            before_id=before_id,
            after_digest=after.digest,
            before_digest=before.digest,
            engine=_ENGINE.full_name,
            code_version=__version__,
        )
        progress.announce(actor=actor, at=at, key=key_of(impact_id), title=_title(impact_id))
        enqueue(
            run_measure,
            actor=actor,
            arguments={"impact_id": impact_id},
            request_id=request_id,
            lock=f"catalogue.impact:{division.value}",
        )
    return impact_id


@job("catalogue.impact.run", in_one_transaction=False)
def run_measure(work: Work, impact_id: int) -> None:
    """Work the effects out, piece by piece."""
    _run(work, impact_id, system_clock)


def _run(work: Work, impact_id: int, clock: Clock) -> None:
    actor = work.actor
    run = impact_run(actor=actor, at=work.at, impact_id=impact_id)
    if run.finished_at is not None or run.failed_because:
        return
    with acting(actor, request_id=work.request_id):
        bar = progress.announce(actor=actor, at=work.at, key=key_of(impact_id), title=_title(impact_id))
        held = progress.progress(bar, actor=actor)
        progress.begin(bar, at=work.at)
        progress.advance(bar, done=-held.done)  # sums are held in memory alone: a run taken up again begins anew
    try:
        before, after = _two(actor, work.at, run.after_id, run.before_id, run.assessed_on)
        if (before.digest, after.digest) != (run.before_digest, run.after_digest):
            _give_up(work, impact_id, bar, OTHER_PACKS, clock)
            return
        _work_out(work, run, before, after, bar, clock)
    except Stopped:
        raise
    except Exception:
        if work.last_attempt:
            _give_up(work, impact_id, bar, INTERRUPTED, clock)
        raise


def _work_out(work: Work, run: ImpactView, before: PackSet, after: PackSet, bar: int, clock: Clock) -> None:
    actor, root, on = work.actor, run.division.prefix, run.assessed_on
    both = replace(
        after,
        variables={**before.variables, **after.variables},
        entities={**before.entities, **after.entities},
    )
    first, second = (Screen(Programs(one), on=on, root=root, engine=_ENGINE) for one in (before, after))
    effects, digests = Effects(_DIGITS.get(run.division.level, 0)), list[str]()
    mark, more = (run.division.range[0], 0), True
    while more:
        work.pause()
        piece = population_piece(actor=actor, packs=both, on=on, division=run.division, after=mark)
        part = population_of_rows(both, piece.copied)
        if len(part):
            effects.add(first.one(part), second.one(part))
        digests.append(of_piece(part))
        with acting(actor, request_id=work.request_id):
            progress.advance(bar, done=len(part))
        mark, more = piece.until, not piece.is_last
    with acting(actor, reason=_title(run.id), request_id=work.request_id):
        at = clock()
        catalogue.finish_impact(
            actor=actor,
            at=at,
            impact_id=run.id,
            snapshot_digest=joined(digests, on.isoformat()),
            household_count=effects.households,
            person_count=effects.persons,
            better_count=effects.households_better,
            worse_count=effects.households_worse,
            lines=_lines(effects),
        )
        progress.finish(bar, at=at)


def _two(actor: Actor, at: datetime, pack_id: int, before_id: int | None, on: date) -> tuple[PackSet, PackSet]:
    before = compared_packs(actor=actor, at=at, pack_id=before_id, on=on)
    return before, compared_packs(actor=actor, at=at, pack_id=pack_id, on=on)


def _refuse_other_facts(before: PackSet, after: PackSet) -> None:
    """One reading of the register serves both only where both mean the same by a fact."""
    for key in sorted(before.variables.keys() & after.variables.keys()):
        old, new = before.variables[key], after.variables[key]
        if (old.source is None) is (new.source is None) and (
            old.source is None
            or (old.kind.base, old.kind.unit, old.kind.places) == (new.kind.base, new.kind.unit, new.kind.places)
        ):
            continue
        raise RuleRefused(
            "catalogue.impact.facts",
            f"两个版本对“{new.label.zh}”（{new.full_name}）的口径不同，不能用同一份数据测算",
            f"The versions mean different things by {new.full_name}; one reading of the register cannot serve both.",
        )


def _lines(effects: Effects) -> Iterator[ImpactLine]:
    """What is otherwise for certain, area by area."""
    for area, programmes in sorted(effects.by_area.items()):
        for name, one in sorted(programmes.items()):
            if one.enter or one.leave or one.more or one.less or any(old != new for old, new in one.paid.values()):
                yield _line(area, name, one)


def _line(area: str, name: str, one: Effect) -> ImpactLine:
    paid = {str(rhythm): sums for rhythm, sums in one.paid.items() if any(sums)}
    return ImpactLine(area, name, str(one.unit), one.granted(), one.enter, one.leave, one.more, one.less, paid)


def _give_up(work: Work, impact_id: int, bar: int, because: str, clock: Clock) -> None:
    with acting(work.actor, request_id=work.request_id):
        at = clock()
        catalogue.fail_impact(actor=work.actor, at=at, impact_id=impact_id, because=because)
        progress.stop(bar, at=at, message=because)


def _title(impact_id: int) -> str:
    return f"测算政策影响（第{impact_id}号）"
