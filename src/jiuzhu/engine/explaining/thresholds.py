"""What would change a figure: for every fact, and for every test that decided, the nearest value that turns it.

A threshold is found by halving, one fact at a time, all other facts staying as they are. It is exact where the test
turns once within the stride in which it was looked for, which is so for every test that grows or falls with the fact.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from jiuzhu.engine.explaining.explanation import explain
from jiuzhu.engine.explaining.steps import Sort, State, Step
from jiuzhu.engine.explaining.wording import both, value_words
from jiuzhu.engine.expressions.tree import Expression
from jiuzhu.engine.household.assessment import Assessment, Figure, Interval, Value
from jiuzhu.engine.household.domains import Domain, nearest_place
from jiuzhu.engine.household.facts import At
from jiuzhu.engine.household.intervals import Intervals, Scope
from jiuzhu.engine.kinds import Base
from jiuzhu.engine.packs.model import ROOT, Label, Variable

EFFORT = 6000


class Direction(StrEnum):
    """On which side of the limit the other result lies."""

    AT_MOST = "at_most"
    AT_LEAST = "at_least"
    EXACTLY = "exactly"


@dataclass(frozen=True, slots=True)
class Threshold:
    """If the fact were `limit`, or beyond it, `test` would come out the other way, and the figure would be `becomes`.

    `test` is None where the figure itself was looked at. `changes` tells whether that alone changes the figure.
    """

    at: At
    variable: Variable
    now: Value
    limit: Value
    direction: Direction
    test: Step | None
    becomes: Figure
    changes: bool
    label: Label
    limit_words: Label

    def said(self, language: str) -> str:
        """The condition in words: `存款不高于 30,000.00 元`."""
        chinese = language.startswith("zh")
        directions = _DAYS if self.variable.kind.base is Base.DAY else _DIRECTIONS
        words = directions[self.direction].said(language)
        fact, limit = self.label.said(language), self.limit_words.said(language)
        return f"{fact}{words}{limit}" if chinese else f"{fact} {words} {limit}"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """All that was found; `was_cut_off` when the effort did not suffice for every fact."""

    figure: Figure
    found: tuple[Threshold, ...]
    was_cut_off: bool


_DIRECTIONS = {
    Direction.AT_MOST: Label("不高于 ", "at most"),
    Direction.AT_LEAST: Label("不低于 ", "at least"),
    Direction.EXACTLY: Label("为 ", "is"),
}
_DAYS = {
    Direction.AT_MOST: Label("不晚于 ", "on or before"),
    Direction.AT_LEAST: Label("不早于 ", "on or after"),
    Direction.EXACTLY: Label("为 ", "is"),
}
_Turned = Callable[[Assessment], bool]


class _OutOfEffortError(Exception):
    pass


def thresholds(assessment: Assessment, entity: str, name: str, row: int = 0, *, effort: int = EFFORT) -> Thresholds:
    """What would change a variable of the household or of the member in a row.

    `effort` is how often the household may be worked out again.

    Raises:
        KeyError: there is no such variable.
    """
    figure = assessment.figure(entity, name, row)
    search = _Search(assessment, figure, effort)
    try:
        search.look()
    except _OutOfEffortError:
        return Thresholds(figure, tuple(search.found), was_cut_off=True)
    return Thresholds(figure, tuple(search.found), was_cut_off=False)


class _Search:
    def __init__(self, assessment: Assessment, figure: Figure, effort: int) -> None:
        self.assessment, self.figure, self.left = assessment, figure, effort
        self.intervals = Intervals(assessment)
        self.now = assessment.bounds(figure.at)
        self.found: list[Threshold] = []

    def look(self) -> None:
        """The figure itself first, then every test that decided it."""
        at = self.figure.at
        if self.figure.variable.kind.base is not Base.NUMBER:
            for fact in self.known(self.intervals.facts_below(at)):
                self.turns(fact, None, lambda changed: _is_other(changed.bounds(at), self.now))
        for test in _tests(explain(self.assessment, at.entity, at.name, at.row)):
            self.look_at(test)

    def look_at(self, test: Step) -> None:
        if test.tree is None or test.scope is None:
            if test.at is not None:  # a fact that is a test itself
                fact, now = test.at, self.intervals.figure(test.at)
                self.turns(fact, test, lambda changed: _is_other(changed.bounds(fact), now))
            return
        tree, scope = test.tree, test.scope
        now = self.intervals.of(tree, scope)
        facts = {one for name in self.intervals.names_below(tree, scope) for one in self.intervals.facts_below(name)}
        for fact in self.known(sorted(facts)):
            self.turns(fact, test, self.turned(tree, scope, now))

    def turned(self, tree: Expression, scope: Scope, now: Interval) -> _Turned:
        return lambda changed: _is_other(Intervals(changed).of(tree, scope), now)

    def known(self, facts: Iterable[At]) -> list[At]:
        return [fact for fact in facts if self.assessment.held.value(fact) is not None]

    def turns(self, fact: At, test: Step | None, has_turned: _Turned) -> None:
        """Note the nearest values of a fact, on both sides, at which something has turned."""
        domain, held = Domain(self.assessment, fact), self.assessment.held.value(fact)
        if held is None:
            return
        start = domain.place(held)

        def holds(place: int) -> bool:
            return has_turned(self.changed(fact, domain.value(place)))

        if not domain.is_ordered:
            for place in range(domain.size):
                if place != start and holds(place):
                    self.note(domain, held, place, Direction.EXACTLY, test)
            return
        for step, direction in ((-1, Direction.AT_MOST), (1, Direction.AT_LEAST)):
            found = nearest_place(domain, start, step, holds)
            if found is not None:
                self.note(domain, held, found, direction, test)

    def changed(self, fact: At, value: int) -> Assessment:
        if self.left <= 0:
            raise _OutOfEffortError
        self.left -= 1
        return self.assessment.with_facts({fact: value})

    def note(self, domain: Domain, now: int, place: int, direction: Direction, test: Step | None) -> None:
        variable = self.assessment.program.readings[domain.at.key].variable
        limit = domain.value(place)
        becomes = self.changed(domain.at, limit).figure(*_asked(self.figure.at))
        shown = Fraction(limit, 10**variable.kind.places) if variable.kind.base is Base.NUMBER else limit
        self.found.append(
            Threshold(
                domain.at,
                variable,
                variable.kind.decode(now),
                variable.kind.decode(limit),
                direction,
                test,
                becomes,
                becomes.is_known and becomes.value != self.figure.value,
                self.label(domain.at, variable),
                value_words(variable.kind, shown),
            )
        )

    def label(self, at: At, variable: Variable) -> Label:
        if at.entity == ROOT:
            return variable.label
        entity = self.assessment.program.entities[at.entity].label
        member = Label(f"{entity.zh}{at.row + 1}", f"{entity.en} {at.row + 1}")
        return both("{}的{}", "{}, {}", member, variable.label)


def _asked(at: At) -> tuple[str, str, int]:
    return at.entity, at.name, at.row


def _is_other(found: Interval, now: Interval) -> bool:
    return found[0] == found[1] and found != now


def _tests(step: Step) -> Iterator[Step]:
    """The tests of an explanation that came out one way or the other: comparisons, and facts that are truths."""
    if step.state in (State.MET, State.NOT_MET) and step.sort in (Sort.TEST, Sort.FACT):
        yield step
    for part in step.parts:
        yield from _tests(part)
