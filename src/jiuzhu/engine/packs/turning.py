"""What changes on which day: values that rise, rules that begin, programmes that start and end.

A day's change is told for the divisions that it is about; what stays the same is not told.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol, TypeVar

from jiuzhu.core.periods import Period
from jiuzhu.engine.packs.differences import Change, Sort, Subject, entry_change, formula_change, version_changes
from jiuzhu.engine.packs.model import PackSet
from jiuzhu.engine.packs.programmes import Programme

_DAY = timedelta(days=1)


class _Dated(Protocol):
    @property
    def prefix(self) -> str: ...

    @property
    def period(self) -> Period: ...


D = TypeVar("D", bound=_Dated)


@dataclass(frozen=True, slots=True)
class Turn:
    """A change and the day from which it holds."""

    day: date
    change: Change


def turns(packs: PackSet, within: Period) -> tuple[Turn, ...]:
    """All changes of a period, by day, then by subject and name."""
    found = [*_values(packs, within), *_rules(packs, within), *_programmes(packs, within)]
    return tuple(sorted(found, key=lambda one: (one.day, one.change.subject, one.change.name, one.change.prefix)))


def _steps(dated: Iterable[D], within: Period) -> Iterator[tuple[date, D | None, D | None]]:
    """For each prefix the days of a period on which another entry, or none, takes the place of one."""
    by_prefix: dict[str, list[D]] = {}
    for one in dated:
        by_prefix.setdefault(one.prefix, []).append(one)
    for own in by_prefix.values():
        days = {day for one in own for day in (one.period.start, one.period.end) if day and within.contains(day)}
        for day in sorted(days):
            was = next((one for one in own if one.period.contains(day - _DAY)), None)
            now = next((one for one in own if one.period.contains(day)), None)
            if was is not now:
                yield day, was, now


def _values(packs: PackSet, within: Period) -> Iterator[Turn]:
    for parameter in packs.parameters.values():
        for day, was, now in _steps(parameter.entries, within):
            entry = now or was
            if entry is not None and (was is None or now is None or was.value != now.value or was.demo != now.demo):
                yield Turn(day, entry_change(parameter, entry, was, now))


def _rules(packs: PackSet, within: Period) -> Iterator[Turn]:
    for variable in packs.variables.values():
        for day, was, now in _steps(variable.formulas, within):
            formula = now or was
            if formula is None:
                continue
            change = formula_change(variable.full_name, variable, formula, was, now)
            if change.before != change.after:  # another article for the same rule is no news
                yield Turn(day, change)


def _programmes(packs: PackSet, within: Period) -> Iterator[Turn]:
    for name, programme in packs.programmes.items():
        for day, was, now in _steps(programme.versions, within):
            if was is not None and now is not None:
                changes: Iterable[Change] = version_changes(name, was, now)
            else:
                changes = _of_own(name, programme, day)
            for change in changes:
                # that a version ends where the next begins is no news
                if change.label.zh.endswith("·施行期间") and was is not None and now is not None:
                    continue
                yield Turn(day, change)


def _of_own(name: str, programme: Programme, day: date) -> Iterator[Change]:
    """A programme that begins or ends for the divisions of a version."""
    for one in programme.versions:
        begins, ends = one.period.start == day, one.period.end == day
        if begins or ends:
            sort = Sort.ADDED if begins else Sort.REMOVED
            yield Change(
                Subject.PROGRAMME, sort, name, one.name, "", "", one.prefix, one.period, one.basis, programme=name
            )


def by_day(found: Iterable[Turn]) -> Mapping[date, tuple[Change, ...]]:
    """The changes of each day, the latest day first."""
    days: dict[date, list[Change]] = {}
    for one in found:
        days.setdefault(one.day, []).append(one.change)
    return {day: tuple(days[day]) for day in sorted(days, reverse=True)}
