"""Which value of a variable is in force: verified before visited before declared; what disagrees is kept and shown."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from jiuzhu.rooms.registry.rules.variables import Value
from jiuzhu.rooms.registry.states import SourceKind

PRECEDENCE: dict[SourceKind, int] = {SourceKind.DECLARED: 0, SourceKind.VISITED: 1, SourceKind.VERIFIED: 2}


@dataclass(frozen=True, slots=True)
class FactValue:
    """A fact as the rule needs it; `[valid_from, valid_to)`. Withdrawn facts are not given to the rule."""

    id: int
    variable: str
    value: Value
    valid_from: date
    valid_to: date | None
    source: SourceKind
    department: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class NewFact:
    """A fact as entered, on exactly one subject; a verified one is by default from its variable's department."""

    variable: str
    value: object
    valid_from: date
    source: SourceKind
    person_id: int | None = None
    household_id: int | None = None
    valid_to: date | None = None
    office: str = ""
    department: str = ""
    evidence: str = ""
    evidence_file_id: int | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """A value with its source and the day from which it holds."""

    value: Value
    source: SourceKind
    date: date
    department: str = ""
    fact_id: int = 0


@dataclass(frozen=True, slots=True)
class Current(Claim):
    """The value in force, and what other sources say differently, strongest first."""

    conflicts: tuple[Claim, ...] = ()


def current_values(facts: Iterable[FactValue], on: date) -> dict[str, Current]:
    """Return the value in force on a day for each variable that has one.

    Of one source (kind and department) the newest fact speaks: by `valid_from`, then `recorded_at`. Among sources the
    stronger kind speaks, then the newer. A source that says otherwise is a conflict.
    """
    newest: dict[str, dict[tuple[SourceKind, str], FactValue]] = {}
    for fact in facts:
        if fact.valid_from > on or (fact.valid_to is not None and fact.valid_to <= on):
            continue
        by_source = newest.setdefault(fact.variable, {})
        key = (fact.source, fact.department)
        if key not in by_source or _strength(fact) > _strength(by_source[key]):
            by_source[key] = fact
    return {variable: _current(list(by_source.values())) for variable, by_source in sorted(newest.items())}


def as_json(values: Mapping[str, Current]) -> dict[str, object]:
    """The form kept with the subject: `{variable: {v, s, d, c?}}` (value, source, date, conflicts)."""
    return {
        variable: _claim(one) | ({"c": [_claim(other) for other in one.conflicts]} if one.conflicts else {})
        for variable, one in values.items()
    }


def _strength(fact: FactValue) -> tuple[int, date, datetime, int]:
    return PRECEDENCE[fact.source], fact.valid_from, fact.recorded_at, fact.id


def _current(candidates: list[FactValue]) -> Current:
    best, *others = sorted(candidates, key=_strength, reverse=True)
    conflicts = tuple(
        Claim(other.value, other.source, other.valid_from, other.department, other.id)
        for other in others
        if other.value != best.value
    )
    return Current(best.value, best.source, best.valid_from, best.department, best.id, conflicts)


def _claim(one: Claim) -> dict[str, object]:
    return {"v": one.value, "s": one.source.value, "d": one.date.isoformat()}
