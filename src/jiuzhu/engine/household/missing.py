"""What is still missing: the facts that keep a figure open, and the smallest sets of them that can settle it.

`needed` is enough whatever is found. `settling` holds smaller sets: each can settle the figure when the answer is the
right one, so that what is easily had is looked up first. Registers come before questions, questions before papers
(社会救助法 Art. 62: what can be verified is not asked of the applicant).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import combinations, product

from jiuzhu.engine.expressions.tree import AGGREGATES, Call, Case, Expression, Name, Text, children
from jiuzhu.engine.household.assessment import Assessment, Figure, Interval, Value
from jiuzhu.engine.household.domains import Domain
from jiuzhu.engine.household.facts import At
from jiuzhu.engine.household.intervals import Intervals, Scope
from jiuzhu.engine.kinds import Base
from jiuzhu.engine.packs.model import ROOT, Label, Source, Variable
from jiuzhu.engine.program.nodes import Key

EFFORT = 2000
_MOST_VALUES = 16


class Way(IntEnum):
    """How a fact can be had, the easiest first."""

    REGISTER = 1
    QUESTION = 2
    MATERIAL = 3
    VISIT = 4


@dataclass(frozen=True, slots=True)
class Gap:
    """A fact that is not known, and how it can be had."""

    at: At
    variable: Variable
    way: Way

    @property
    def source(self) -> Source:
        """Its register, question and material."""
        return self.variable.source or Source("", None, "", "none")

    @property
    def label(self) -> Label:
        """Its name."""
        return self.variable.label


@dataclass(frozen=True, slots=True)
class Settling:
    """A set of facts that can settle a figure, and what it would then be; None for a number, which can be any."""

    gaps: tuple[Gap, ...]
    result: Value | None


@dataclass(frozen=True, slots=True)
class Missing:
    """What keeps a figure open.

    `needed`: once these are known the figure is, whatever they say; `is_minimal` when each was proven to be needed.
    `settling`: the smallest sets of which some answer settles the figure. `is_exhaustive` when every set was tried with
    every answer; wide ranges are tried at their turning points only. `was_cut_off` when the effort did not suffice.
    `parameters` are values of policy that are not on file, `without_formula` figures that no rule of the day works
    out: no fact settles what rests on them.
    """

    figure: Figure
    needed: tuple[Gap, ...]
    settling: tuple[Settling, ...]
    parameters: tuple[str, ...]
    without_formula: tuple[At, ...]
    is_minimal: bool
    is_exhaustive: bool
    was_cut_off: bool


def missing(assessment: Assessment, entity: str, name: str, row: int = 0, *, effort: int = EFFORT) -> Missing:
    """What is missing for a variable of the household or of the member in a row; nothing when it is known.

    `effort` is how often the household may be worked out again.

    Raises:
        KeyError: there is no such variable.
    """
    figure = assessment.figure(entity, name, row)
    if figure.is_known:
        return Missing(figure, (), (), (), (), is_minimal=True, is_exhaustive=True, was_cut_off=False)
    open_ones = _Open(assessment)
    open_ones.variable(figure.at)
    gaps = sorted((gap(assessment, at) for at in open_ones.facts), key=_order)
    # a fact that the packs assume as long as it is unknown keeps nothing open, but may settle something
    assumed = [gap(assessment, at) for at in open_ones.assumed(figure.at) - open_ones.facts]
    search = _Search(assessment, figure.at, sorted(gaps + assumed, key=_order), effort)
    blocked = bool(open_ones.parameters or open_ones.formulas)
    # what waits for the law as well is settled surely by no fact
    needed, is_minimal = (gaps, False) if blocked else search.needed(gaps)
    settling = search.settling()
    return Missing(
        figure,
        tuple(needed),
        tuple(settling),
        tuple(sorted(open_ones.parameters)),
        tuple(sorted(open_ones.formulas)),
        is_minimal=is_minimal,
        is_exhaustive=search.is_exhaustive and not search.was_cut_off,
        was_cut_off=search.was_cut_off,
    )


def gap(assessment: Assessment, at: At) -> Gap:
    """A fact and how it can be had."""
    variable = assessment.program.readings[at.key].variable
    source = variable.source
    if source is not None and source.register:
        return Gap(at, variable, Way.REGISTER)
    if source is not None and source.question is not None:
        return Gap(at, variable, Way.QUESTION)
    return Gap(at, variable, Way.MATERIAL if source is not None and source.material else Way.VISIT)


def _order(one: Gap) -> tuple[Way, At]:
    return one.way, one.at


class _Open:
    """Follows what is open down to the facts, values of policy and missing formulas that keep it so."""

    def __init__(self, assessment: Assessment) -> None:
        self.assessment, self.intervals = assessment, Intervals(assessment)
        self.facts: set[At] = set()
        self.parameters: set[str] = set()
        self.formulas: set[At] = set()
        self.seen: set[At] = set()

    def found(self) -> int:
        return len(self.facts) + len(self.parameters) + len(self.formulas)

    def variable(self, at: At) -> None:
        low, high = self.intervals.figure(at)
        if low == high or at in self.seen:
            return
        self.seen.add(at)
        if self.intervals.is_fact(at.key):
            self.facts.add(at)
            return
        formula = self.assessment.formula(at.key)
        if formula is None:
            self.formulas.add(at)
            return
        before = self.found()
        self.tree(formula.tree, Scope(at.entity, at.row))
        if self.found() == before and not self.named_seen(formula.tree, at):
            # the program's bounds are wider than those of the formula as written: all that is unknown may count
            held = self.assessment.held
            self.facts |= {one for one in self.intervals.facts_below(at) if held.value(one) is None}

    def named_seen(self, tree: Expression, at: At) -> bool:
        """Whether what keeps it open was found before, on the way to another figure."""
        return any(one in self.seen for one in self.intervals.names_below(tree, Scope(at.entity, at.row)))

    def tree(self, tree: Expression, scope: Scope) -> None:
        if isinstance(tree, Text):
            return
        low, high = self.intervals.of(tree, scope)
        if low == high:
            return
        match tree:
            case Name(owner="p", name=name):
                self.parameters.add(name)
            case Name(owner=owner, name=name):
                self.variable(scope.at(owner, name))
            case Case():
                self.case(tree, scope)
            case Call():
                self.call(tree, scope, (low, high))
            case _:
                for part in children(tree):
                    self.tree(part, scope)

    def call(self, tree: Call, scope: Scope, whole: Interval) -> None:
        if tree.function in AGGREGATES:
            for inner in self.intervals.inside(tree, scope):
                self.tree(tree.arguments[0], inner)
            return
        parts = tree.arguments
        if tree.function == "coalesce":
            parts = parts[1:]
        elif tree.function in ("greatest", "least"):
            parts = tuple(part for part in parts if _reaches(tree.function, whole, self.intervals.of(part, scope)))
        for part in parts:
            self.tree(part, scope)

    def assumed(self, at: At) -> set[At]:
        """The unknown facts below a variable that formulas assume."""
        found: set[At] = set()
        seen, waiting = {at}, [at]
        while waiting:
            one = waiting.pop()
            formula = self.assessment.formula(one.key)
            for part, scope in (
                [] if formula is None else self.intervals.parts_below(formula.tree, Scope(one.entity, one.row))
            ):
                match part:
                    case Call(function="coalesce", arguments=(Name(owner=owner, name=name), _)):
                        fact = scope.at(owner, name)
                        found |= {fact} if self.assessment.held.value(fact) is None else set()
                    case Name(owner=owner, name=name) if owner != "p" and not self.intervals.is_outcome(part, scope):
                        below = scope.at(owner, name)
                        waiting += [below] if below not in seen else []
                        seen.add(below)
        return found

    def case(self, tree: Case, scope: Scope) -> None:
        for condition, result in tree.branches:
            low, high = self.intervals.of(condition, scope)
            self.tree(condition, scope)
            if high:
                self.tree(result, scope)
            if low:
                return
        self.tree(tree.otherwise, scope)


class _Search:
    def __init__(self, assessment: Assessment, at: At, gaps: Sequence[Gap], effort: int) -> None:
        self.assessment, self.at, self.gaps = assessment, at, list(gaps)
        self.left = effort
        self.was_cut_off, self.is_exhaustive = False, True
        self.tried: dict[tuple[tuple[At, int], ...], Interval] = {}
        self.values = {one.at: self.worth_trying(one.at) for one in self.gaps}

    def bounds(self, values: dict[At, int]) -> Interval | None:
        """The figure when some facts are known; None when there is no effort left."""
        key = tuple(sorted(values.items()))
        found = self.tried.get(key)
        if found is None:
            if self.left <= 0:
                self.was_cut_off = True
                return None
            self.left -= 1
            found = self.tried[key] = self.assessment.with_facts(dict(values)).bounds(self.at)
        return found

    def worth_trying(self, at: At) -> list[int]:
        """All values of a fact, or those around which something turns."""
        domain = Domain(self.assessment, at)
        if domain.is_few:
            return domain.all()
        self.is_exhaustive = False
        told = self.turning_on(at.key)

        def signature(value: int) -> tuple[Interval, ...]:
            if self.left <= 0:
                self.was_cut_off = True
                return ()
            self.left -= 1
            changed = self.assessment.with_facts({at: value})
            return tuple(changed.bounds(one) for one in told)

        return domain.telling(signature, _MOST_VALUES)

    def turning_on(self, key: Key) -> list[At]:
        """The figure that is asked, and all truths, codes and outcomes on the way to it that rest on a fact."""
        prepared, counts = self.assessment.prepared, self.assessment.held.counts
        return [self.at] + [
            At(entity, name, row)
            for (entity, name), reading in self.assessment.program.readings.items()
            if reading.variable.kind.base is not Base.NUMBER
            and reading.variable.source is None
            and key in prepared.facts_below((entity, name))
            for row in range(1 if entity == ROOT else counts[entity])
        ]

    def answers(self, gaps: Sequence[Gap]) -> Iterator[dict[At, int]]:
        for values in product(*(self.values[one.at] for one in gaps)):
            yield dict(zip((one.at for one in gaps), values, strict=True))

    def needed(self, gaps: Sequence[Gap]) -> tuple[list[Gap], bool]:
        """A smallest set that settles the figure whatever is found, and whether each of it is proven to be needed."""
        left, is_minimal = list(gaps), True
        for one in reversed(gaps):  # what is hardest to get is the first to be spared
            without = [other for other in left if other is not one]
            verdict = self.settles_surely(without)
            if verdict is True:
                left = without
            elif verdict is None:
                is_minimal = False
        return left, is_minimal

    def settles_surely(self, gaps: Sequence[Gap]) -> bool | None:
        """Whether a set settles the figure for every answer; None when that was neither proven nor refuted."""
        for answer in self.answers(gaps):
            found = self.bounds(answer)
            if found is None:
                return None
            if found[0] != found[1]:
                return False
        return True if all(Domain(self.assessment, one.at).is_few for one in gaps) else None

    def settling(self) -> list[Settling]:
        """The smallest sets that some answer settles, for each result, the easiest to get first."""
        variable = self.assessment.program.readings[self.at.key].variable
        is_number = variable.kind.base is Base.NUMBER
        found: list[tuple[tuple[Gap, ...], int | None]] = []
        for size in range(1, len(self.gaps) + 1):
            for gaps in combinations(self.gaps, size):
                for answer in self.answers(gaps):
                    bounds = self.bounds(answer)
                    if bounds is None:
                        return self.told(found, variable)
                    result = None if is_number else int(bounds[0])
                    if bounds[0] == bounds[1] and not _covered(found, gaps, result):
                        found.append((gaps, result))
        return self.told(found, variable)

    def told(self, found: list[tuple[tuple[Gap, ...], int | None]], variable: Variable) -> list[Settling]:
        decode = variable.kind.decode
        ordered = sorted(found, key=lambda one: (len(one[0]), [_order(each) for each in one[0]], one[1] or 0))
        return [Settling(gaps, None if result is None else decode(result)) for gaps, result in ordered]


def _covered(found: list[tuple[tuple[Gap, ...], int | None]], gaps: tuple[Gap, ...], result: int | None) -> bool:
    """Whether a smaller set, or this one, has already been found to give the result."""
    known = {one.at for one in gaps}
    return any(result == other and all(one.at in known for one in smaller) for smaller, other in found)


def _reaches(function: str, whole: Interval, part: Interval) -> bool:
    return part[1] >= whole[0] if function == "greatest" else part[0] <= whole[1]
