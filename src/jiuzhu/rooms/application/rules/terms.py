"""The dates by law of a procedure, worked out from the packs; a term that is not on file has no date."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from jiuzhu.core.calendar import WorkCalendar
from jiuzhu.engine.packs.model import PackSet
from jiuzhu.engine.packs.pieces import Label
from jiuzhu.engine.packs.programmes import Process, Term, TermUnit, Version

ACCEPTANCE = "acceptance"
_STEP_OF = {ACCEPTANCE: "accept", "application": "apply"}


@dataclass(frozen=True, slots=True)
class LegalDate:
    """By when a step is due; `provisional` when a year without a published calendar was counted through.

    `day` None while what it is counted from has not happened, or without a term on file. `limit` and `unit` are those
    of the packs, None and empty without a term.
    """

    key: str
    label: Label
    limit: int | None
    unit: str
    after: str
    day: date | None
    provisional: bool = False


def term_value(packs: PackSet, term: Term, division: str, on: date) -> int | None:
    """The length of a term: its number, or the value in force of its parameter; None when that is not on file."""
    if term.number is not None:
        return term.number
    parameter = packs.parameters.get(term.parameter)
    entry = None if parameter is None else parameter.entry(division, on)
    return None if entry is None else entry.value


def last_day(
    packs: PackSet, term: Term | None, *, division: str, on: date, events: Mapping[str, date]
) -> tuple[date | None, bool]:
    """The last day of a term, and whether it is provisional; hours and months are counted by other rooms.

    Raises:
        UnsupportedYear: the calendar does not reach so far.
    """
    if term is None:
        return None, False
    start = events.get(term.after) or events.get(_STEP_OF.get(term.after, ""))
    value = term_value(packs, term, division, on)
    if start is None or value is None:
        return None, False
    calendar = WorkCalendar.packaged()
    match term.unit:
        case TermUnit.WORKING_DAYS:
            found = calendar.add_working_days(start, value)
        case TermUnit.NATURAL_DAYS:
            found = calendar.add_natural_days(start, value, roll_over=True)
        case _:
            return None, False
    return found.day, found.provisional


def whole_limit(packs: PackSet, version: Version, *, division: str, on: date, accepted_on: date) -> date | None:
    """The last day of the whole procedure in a normal case, counted from the acceptance."""
    limit = None if version.process is None else version.process.limit("normal")
    if limit is None:
        return None
    return last_day(packs, limit.term, division=division, on=on, events={ACCEPTANCE: accepted_on})[0]


def legal_dates(
    packs: PackSet, version: Version, *, division: str, on: date, events: Mapping[str, date]
) -> tuple[LegalDate, ...]:
    """The steps of a programme that have a term, then the term of the whole: what a receipt says.

    `events` are the days that are known, by the words of the packs (`application`, `acceptance`, `accept`).
    """
    process = version.process
    if process is None:
        return ()
    known = dict(events)
    if ACCEPTANCE in known:
        known.setdefault("accept", known[ACCEPTANCE])
    return (*_steps(packs, process, division, on, known), *_whole(packs, process, division, on, known))


def _steps(
    packs: PackSet, process: Process, division: str, on: date, events: Mapping[str, date]
) -> tuple[LegalDate, ...]:
    return tuple(
        _dated(packs, one.key, one.label, one.deadline, division, on, events)
        for one in process.steps
        if one.deadline is not None
    )


def _whole(
    packs: PackSet, process: Process, division: str, on: date, events: Mapping[str, date]
) -> tuple[LegalDate, ...]:
    limit = process.limit("normal")
    if limit is None:
        return ()
    return (_dated(packs, "whole", Label("全部办结", "the whole procedure"), limit.term, division, on, events),)


def _dated(
    packs: PackSet, key: str, label: Label, term: Term, division: str, on: date, events: Mapping[str, date]
) -> LegalDate:
    day, provisional = last_day(packs, term, division=division, on=on, events=events)
    value = term_value(packs, term, division, on)
    return LegalDate(key, label, value, str(term.unit) if value is not None else "", term.after, day, provisional)
