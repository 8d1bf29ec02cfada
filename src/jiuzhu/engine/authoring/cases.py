"""Worked cases of a programme: households, what is expected of them, and whether the packs agree.

A case may be varied: each variation is a scenario of its own. `case_files.py` reads them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from jiuzhu.core.citations import Citation
from jiuzhu.engine.household.assessment import Assessment
from jiuzhu.engine.household.facts import At, Case, CaseError, FactProblem
from jiuzhu.engine.household.months import Programs
from jiuzhu.engine.kinds import Base, Kind, Outcome
from jiuzhu.engine.packs.model import Label
from jiuzhu.engine.problems import Place, Problem
from jiuzhu.engine.program.nodes import half_away

UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a variable must come to: a value as it is held in memory, or None when it must not be known."""

    at: At
    value: int | None
    shown: str
    place: Place


@dataclass(frozen=True, slots=True)
class Scenario:
    """One household on one day, and what is expected of it; a variation names its case and itself."""

    name: str
    variation: str
    title: Label
    source: str
    basis: tuple[Citation, ...]
    on: date
    case: Case
    expected: tuple[Expectation, ...]
    place: Place
    places: Mapping[str, Place] = field(compare=False)

    @property
    def full_name(self) -> str:
        """The case, and the variation where it is one."""
        return f"{self.name} / {self.variation}" if self.variation else self.name


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A variable that came to something else than expected; `low` and `high` are what was found, as held in memory."""

    expectation: Expectation
    kind: Kind
    low: int
    high: int

    @property
    def found(self) -> str:
        """What was found, in the words of case files; with its bounds where it is not known."""
        low, high = word(self.kind, self.low), word(self.kind, self.high)
        if self.low == self.high:
            return low
        return f"{UNKNOWN} ({low} … {high})" if self.kind.base in (Base.NUMBER, Base.DAY) else UNKNOWN

    def message(self, language: str) -> str:
        """One line: where it is expected, what, and what was found."""
        one = self.expectation
        if language.startswith("zh"):
            return f"{one.place}: {one.at} 应为 {one.shown}，结果是 {self.found}。"
        return f"{one.place}: {one.at} should be {one.shown}, found {self.found}."


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a scenario; `problems` are facts that cannot be used, and then nothing was worked out."""

    scenario: Scenario
    mismatches: tuple[Mismatch, ...]
    problems: tuple[Problem, ...]
    assessment: Assessment | None

    @property
    def passed(self) -> bool:
        """Whether everything came out as expected."""
        return not self.mismatches and not self.problems

    def messages(self, language: str) -> tuple[str, ...]:
        """What is wrong, a line each."""
        problems = [one.message(language) for one in self.problems]
        return (*problems, *(one.message(language) for one in self.mismatches))


def run_case(programs: Programs, scenario: Scenario, *, root: str | None = None) -> Result:
    """Work a scenario out and compare. The packs are those of `programs`.

    Raises:
        PackError: the formulas of its day cannot be compiled.
    """
    try:
        assessment = programs.assess(scenario.case, scenario.on, root=root)
    except CaseError as error:
        return Result(scenario, (), tuple(_placed(scenario, one) for one in error.problems), None)
    mismatches = []
    for one in scenario.expected:
        kind = assessment.program.readings[one.at.key].variable.kind
        low, high = assessment.bounds(one.at)
        found = (_held(kind, low), _held(kind, high))
        if one.value != (found[0] if low == high else None):
            mismatches.append(Mismatch(one, kind, *found))
    return Result(scenario, tuple(mismatches), (), assessment)


def _placed(scenario: Scenario, problem: FactProblem) -> Problem:
    return Problem(
        scenario.places.get(problem.where, scenario.place),
        problem.code,
        f"{problem.where}：{problem.zh}",
        f"{problem.where}: {problem.en}",
        problem.advice_zh,
        problem.advice_en,
    )


def _held(kind: Kind, bound: int | Fraction) -> int:
    if kind.base is not Base.NUMBER:
        return int(bound)
    scaled = Fraction(bound) * 10**kind.places
    return half_away(scaled.numerator, scaled.denominator)


def word(kind: Kind, value: int) -> str:
    """A value in the words of case files."""
    if kind.base is Base.TRUTH:
        return "yes" if value else "no"
    if kind.base is Base.OUTCOME:
        return Outcome(value).name.lower()
    return str(kind.decode(value))
