"""One household over many months: what was due in arrears, what a gradual exit will pay, what a late fact changes.

A program is compiled once for each stretch of days in which the same rules are in force, and shared by all households.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from threading import Lock

from jiuzhu.core.periods import Period
from jiuzhu.engine.household.assessment import Assessment, Figure, assess
from jiuzhu.engine.household.facts import Case
from jiuzhu.engine.kinds import Base
from jiuzhu.engine.packs.model import ROOT, PackSet
from jiuzhu.engine.program.compiling import Program, compile_program

_MOST_KEPT = 64
_LAST_DAY = date(2200, 12, 31)


def turning_days(packs: PackSet, *, parameters: bool = True) -> tuple[date, ...]:
    """The days from which on other formulas, or other values of parameters, are in force."""
    periods = [one.period for variable in packs.variables.values() for one in variable.formulas]
    if parameters:
        periods += [one.period for parameter in packs.parameters.values() for one in parameter.entries]
    return tuple(sorted({day for period in periods for day in (period.start, period.end) if day is not None}))


def epochs(packs: PackSet, within: Period, *, parameters: bool = True) -> tuple[Period, ...]:
    """A closed period, cut at every day on which something in force changes.

    Raises:
        ValueError: the period is open.
    """
    if within.end is None:
        raise ValueError("an open period has no last epoch; give it an end")
    inside = [day for day in turning_days(packs, parameters=parameters) if within.start < day < within.end]
    starts = [within.start, *inside]
    return tuple(Period(start, end) for start, end in zip(starts, [*inside, within.end], strict=True))


class Programs:
    """The programs of packs: one for each division asked for and each stretch of days with the same formulas.

    Values of parameters are looked up when a program is run, so a change of them needs no other program.
    """

    def __init__(self, packs: PackSet) -> None:
        self.packs = packs
        self._turns = turning_days(packs, parameters=False)
        self._kept: OrderedDict[tuple[date, str], Program] = OrderedDict()
        self._lock = Lock()

    def at(self, on: date, root: str) -> Program:
        """The program that holds on a day for the divisions under a prefix.

        Raises:
            PackError: the formulas of that day cannot be compiled.
        """
        start = max((day for day in self._turns if day <= on), default=date(1800, 1, 1))
        with self._lock:
            found = self._kept.get((start, root))
            if found is not None:
                self._kept.move_to_end((start, root))
                return found
        after = min((day for day in self._turns if day > on), default=None)
        until = _LAST_DAY if after is None else after - timedelta(days=1)
        found = compile_program(self.packs, on=start, root=root, until=until)
        with self._lock:
            found = self._kept.setdefault((start, root), found)
            while len(self._kept) > _MOST_KEPT:
                self._kept.popitem(last=False)
        return found

    def assess(self, case: Case, on: date, *, root: str | None = None) -> Assessment:
        """Assess a case on a day; without `root`, by the program of its city.

        Raises:
            CaseError: facts of the case are wrong.
        """
        return assess(self.at(on, case.division[:4] if root is None else root), case, on=on)


@dataclass(frozen=True, slots=True)
class Month:
    """What follows for a household in a month, given by its first day; assessed as on `on`."""

    month: date
    on: date
    assessment: Assessment


@dataclass(frozen=True, slots=True)
class Due:
    """What was due in a month by a figure, and what was paid."""

    month: date
    figure: Figure
    paid: Fraction

    @property
    def difference(self) -> Fraction | None:
        """Due less paid, below zero when too much was paid; None while what was due is not known."""
        value = self.figure.value
        return Fraction(value) - self.paid if isinstance(value, int | Decimal | Fraction) else None


def over_months(
    programs: Programs,
    case: Case | Callable[[date], Case],
    months: Iterable[date],
    *,
    day: Callable[[date], date] = lambda month: month,
    root: str | None = None,
) -> tuple[Month, ...]:
    """Assess a household in each month; a month is given by any of its days.

    `case` may be a function from the day of assessment to the facts of that day: households change. `day` chooses the
    day of assessment from the first of a month; without it, it is the first.

    Raises:
        CaseError: the facts of a month are wrong, such as a member who was not yet born.
    """
    found = []
    for month in months:
        first = month.replace(day=1)
        on = day(first)
        facts = case(on) if callable(case) else case
        found.append(Month(first, on, programs.assess(facts, on, root=root)))
    return tuple(found)


def due(months: Iterable[Month], name: str, paid: Mapping[date, int | Decimal | Fraction]) -> tuple[Due, ...]:
    """A figure of the household, month by month, beside what was paid; `paid` goes by the first days of months.

    Raises:
        ValueError: the figure is no number.
    """
    found = []
    for month in months:
        figure = month.assessment.figure(ROOT, name)
        if figure.variable.kind.base is not Base.NUMBER:
            raise ValueError(f"{name} is no number")
        found.append(Due(month.month, figure, Fraction(paid.get(month.month, 0))))
    return tuple(found)
