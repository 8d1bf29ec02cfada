"""What a part of a formula can be, as it was written: its lowest and highest value, in its own unit, exact.

A program carries sums and quotients in a form that is quick to run; an explanation needs the parts that people read.
So the figures are taken from the assessment, and only the formula between them is worked out again, in fractions.
"""

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from jiuzhu.engine.expressions.tree import (
    AGGREGATES,
    Between,
    Binary,
    Call,
    Case,
    Chain,
    Expression,
    Name,
    Number,
    OneOf,
    Text,
    Truth,
    Unary,
    children,
    members_of,
)
from jiuzhu.engine.household.assessment import Assessment, Interval
from jiuzhu.engine.household.facts import At
from jiuzhu.engine.kinds import TRUTH, Base, Kind, Outcome, Unit, divided, encode_day, multiplied
from jiuzhu.engine.packs.model import ROOT
from jiuzhu.engine.program.nodes import Key

YES, NO, OPEN = (1, 1), (0, 0), (0, 1)
_OUTCOME = Kind(Base.OUTCOME, highest=max(Outcome))
_COUNT = Kind(Base.NUMBER)


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose formula it is, and, inside an aggregate, which member it has come to."""

    entity: str
    row: int = 0
    members: str = ""
    member: int = 0

    def at(self, owner: str, name: str) -> At:
        """The variable that a name stands for here."""
        entity = owner or self.members or self.entity
        if entity == ROOT:
            return At(ROOT, name)
        return At(entity, name, self.member if entity == self.members else self.row)


class Intervals:
    """Works parts of formulas out for one assessment; what it has worked out it keeps."""

    def __init__(self, assessment: Assessment) -> None:
        self.assessment = assessment
        self.program = assessment.program
        self.kept = assessment.prepared.kept
        self.today = encode_day(assessment.on)
        self._figures: dict[At, Interval] = {}
        self._parts: dict[tuple[int, Scope], Interval] = {}

    def figure(self, at: At) -> Interval:
        """A variable."""
        found = self._figures.get(at)
        if found is None:
            found = self._figures[at] = self.assessment.bounds(at)
        return found

    def of(self, tree: Expression, scope: Scope) -> Interval:
        """A part of a formula; truths are 1 and 0, codes and outcomes their places, days yyyymmdd."""
        key = id(tree), scope
        found = self._parts.get(key)
        if found is None:
            found = self._parts[key] = self._of(tree, scope)
        return found

    def _of(self, tree: Expression, scope: Scope) -> Interval:
        match tree:
            case Name():
                return self.named(tree, scope)
            case Number():
                return (Fraction(tree.text),) * 2
            case Truth():
                return YES if tree.value else NO
            case Binary():
                return self.binary(tree, scope)
            case Chain():
                parts = [self.of(part, scope) for part in tree.operands]
                choose = min if tree.operator == "and" else max
                return choose(low for low, _ in parts), choose(high for _, high in parts)
            case Unary():
                low, high = self.of(tree.operand, scope)
                return (1 - high, 1 - low) if tree.operator == "not" else (-high, -low)
            case OneOf():
                return self.one_of(tree, scope)
            case Between():
                one = self.of(tree.operand, scope)
                above, below = _at_most(self.of(tree.low, scope), one), _at_most(one, self.of(tree.high, scope))
                return min(above[0], below[0]), min(above[1], below[1])
            case Case():
                return self.case(tree, scope)
            case Call():
                return self.call(tree, scope)
            case Text():
                raise TypeError("a text stands beside a code and has no value of its own")

    def is_outcome(self, tree: Name, scope: Scope) -> bool:
        """Whether a name is `yes`, `no`, `disc` or `refer`."""
        known = (scope.entity, tree.name) in self.program.readings
        return not tree.owner and not known and tree.name.upper() in Outcome.__members__

    def named(self, tree: Name, scope: Scope) -> Interval:
        if tree.owner == "p":
            parameter = self.assessment.parameters[tree.name]
            kind, entry = parameter.parameter.kind, parameter.entry
            low, high = (kind.lowest, kind.highest) if entry is None else (entry.value, entry.value)
            scale = 10**kind.places
            return (Fraction(low, scale), Fraction(high, scale)) if kind.base is Base.NUMBER else (low, high)
        if self.is_outcome(tree, scope):
            return (int(Outcome[tree.name.upper()]),) * 2
        return self.figure(scope.at(tree.owner, tree.name))

    def binary(self, tree: Binary, scope: Scope) -> Interval:
        left, right = self.sides(tree.left, tree.right, scope)
        match tree.operator:
            case "+":
                return left[0] + right[0], left[1] + right[1]
            case "-":
                return left[0] - right[1], left[1] - right[0]
            case "*":
                return _corners(left, right)
            case "/":
                # a divisor that can be 0 stands in a branch that is not taken then
                least, most = (max(one, self.smallest(tree.right, scope)) for one in right)
                return _corners(left, (1 / Fraction(most), 1 / Fraction(least)))
            case "<":
                return _less(left, right)
            case "<=":
                return _at_most(left, right)
            case ">":
                return _less(right, left)
            case ">=":
                return _at_most(right, left)
            case "=":
                return _equal(left, right)
            case _:
                low, high = _equal(left, right)
                return 1 - high, 1 - low

    def sides(self, left: Expression, right: Expression, scope: Scope) -> tuple[Interval, Interval]:
        """Two parts that stand beside each other; a text is a code of the other."""
        if isinstance(left, Text):
            return self.code(left, right, scope), self.of(right, scope)
        if isinstance(right, Text):
            return self.of(left, scope), self.code(right, left, scope)
        return self.of(left, scope), self.of(right, scope)

    def code(self, text: Text, beside: Expression, scope: Scope) -> Interval:
        return (self.kind(beside, scope).options.index(text.value),) * 2

    def smallest(self, tree: Expression, scope: Scope) -> Fraction:
        return Fraction(1, 10 ** self.kind(tree, scope).places)

    def one_of(self, tree: OneOf, scope: Scope) -> Interval:
        found = self.of(tree.operand, scope)
        options = [
            self.code(option, tree.operand, scope) if isinstance(option, Text) else self.of(option, scope)
            for option in tree.options
        ]
        parts = [_equal(found, option) for option in options]
        low, high = max(low for low, _ in parts), max(high for _, high in parts)
        return (1 - high, 1 - low) if tree.negated else (low, high)

    def case(self, tree: Case, scope: Scope) -> Interval:
        """Where a condition is open, both results are possible."""
        possible: list[Interval] = []
        for condition, result in tree.branches:
            low, high = self.of(condition, scope)
            if high:
                possible.append(self.of(result, scope))
            if low:
                break
        else:
            possible.append(self.of(tree.otherwise, scope))
        return min(low for low, _ in possible), max(high for _, high in possible)

    def call(self, tree: Call, scope: Scope) -> Interval:
        if tree.function in AGGREGATES:
            return self.aggregate(tree, scope)
        if tree.function == "coalesce":
            fact, instead = tree.arguments
            low, high = self.of(fact, scope)
            return (low, high) if low == high else self.of(instead, scope)
        parts = [self.of(part, scope) for part in tree.arguments]
        match tree.function:
            case "greatest":
                return max(low for low, _ in parts), max(high for _, high in parts)
            case "least":
                return min(low for low, _ in parts), min(high for _, high in parts)
            case "count_true":
                return sum(low for low, _ in parts), sum(high for _, high in parts)
            case "per_month":
                return parts[0][0] / Fraction(12), parts[0][1] / Fraction(12)
            case "per_year":
                return parts[0][0] * 12, parts[0][1] * 12
            case "age":
                return self.years(parts[0][1]), self.years(parts[0][0])
            case _:
                return self.months(parts[0][1]), self.months(parts[0][0])

    def years(self, day: int | Fraction) -> int:
        return (self.today - int(day)) // 10000

    def months(self, day: int | Fraction) -> int:
        start, end = int(day), self.today
        whole = (end // 10000 - start // 10000) * 12 + end // 100 % 100 - start // 100 % 100
        return whole - (end % 100 < start % 100)

    def aggregate(self, tree: Call, scope: Scope) -> Interval:
        parts = [self.of(tree.arguments[0], inner) for inner in self.inside(tree, scope)]
        match tree.function:
            case "any":
                return max((low for low, _ in parts), default=0), max((high for _, high in parts), default=0)
            case "every":
                return min((low for low, _ in parts), default=1), min((high for _, high in parts), default=1)
            case _:
                return sum(low for low, _ in parts), sum(high for _, high in parts)

    def inside(self, tree: Call, scope: Scope) -> list[Scope]:
        """The scopes of the members that an aggregate goes through."""
        members = members_of(tree)
        return [replace(scope, members=members, member=row) for row in range(self.assessment.held.counts[members])]

    # what a part is

    def kind(self, tree: Expression, scope: Scope) -> Kind:
        """The sort, the unit and the places of a part."""
        asked = "kind", id(tree), scope.entity, scope.members
        found: Kind | None = self.kept.get(asked)
        if found is None:
            found = self.kept[asked] = self._kind(tree, scope)
        return found

    def _kind(self, tree: Expression, scope: Scope) -> Kind:
        match tree:
            case Name():
                return self.kind_of_name(tree, scope)
            case Number():
                return Kind(Base.NUMBER, places=max(0, -int(Decimal(tree.text).as_tuple().exponent)))
            case Chain() | OneOf() | Between() | Truth():
                return TRUTH
            case Unary():
                return TRUTH if tree.operator == "not" else self.kind(tree.operand, scope)
            case Binary():
                return self.kind_of_binary(tree, scope)
            case Case():
                return self.first((*(result for _, result in tree.branches), tree.otherwise), scope)
            case Call():
                return self.kind_of_call(tree, scope)
            case Text():
                return Kind(Base.CODE)

    def kind_of_name(self, tree: Name, scope: Scope) -> Kind:
        if tree.owner == "p":
            return self.program.parameters[tree.name].kind
        if self.is_outcome(tree, scope):
            return _OUTCOME
        return self.program.readings[scope.at(tree.owner, tree.name).key].variable.kind

    def first(self, trees: tuple[Expression, ...], scope: Scope) -> Kind:
        """The kind that all have; a figure typed in a formula takes that of the others."""
        kinds = [self.kind(tree, scope) for tree in trees]
        said = [kind for kind, tree in zip(kinds, trees, strict=True) if not isinstance(tree, Number)]
        return (said or kinds)[0]

    def kind_of_binary(self, tree: Binary, scope: Scope) -> Kind:
        if tree.operator not in "+-*/":
            return TRUTH
        if tree.operator in "+-":
            return self.first((tree.left, tree.right), scope)
        left, right = self.kind(tree.left, scope), self.kind(tree.right, scope)
        unit = (multiplied if tree.operator == "*" else divided)(left.unit, right.unit) or Unit.NONE
        return Kind(Base.NUMBER, unit, places_of(unit))

    def kind_of_call(self, tree: Call, scope: Scope) -> Kind:
        match tree.function:
            case "any" | "every":
                return TRUTH
            case "count_if" | "count_true":
                return _COUNT
            case "per_month":
                return Kind(Base.NUMBER, Unit.YUAN_MONTH, 2)
            case "per_year":
                return Kind(Base.NUMBER, Unit.YUAN_YEAR, 2)
            case "age":
                return Kind(Base.NUMBER, Unit.YEARS)
            case "months_since":
                return Kind(Base.NUMBER, Unit.MONTHS)
            case "sum":
                return self.kind(tree.arguments[0], replace(scope, members=members_of(tree)))
            case _:
                return self.first(tree.arguments, scope)

    # what a part rests on

    def names_below(self, tree: Expression, scope: Scope) -> list[At]:
        """The variables that a part names, those of all members inside aggregates; each once."""
        found: dict[At, None] = {}
        for part, inner in self.parts_below(tree, scope):
            if isinstance(part, Name) and part.owner != "p" and not self.is_outcome(part, inner):
                found[inner.at(part.owner, part.name)] = None
        return list(found)

    def keys_below(self, tree: Expression, scope: Scope) -> frozenset[Key]:
        """The variables that a part names, whether or not there are members."""
        asked = "keys", id(tree), scope.entity, scope.members
        found: frozenset[Key] | None = self.kept.get(asked)
        if found is None:
            found = self.kept[asked] = self._keys_below(tree, scope)
        return found

    def _keys_below(self, tree: Expression, scope: Scope) -> frozenset[Key]:
        if isinstance(tree, Name):
            told = tree.owner != "p" and not self.is_outcome(tree, scope)
            return frozenset({scope.at(tree.owner, tree.name).key}) if told else frozenset()
        if isinstance(tree, Call) and tree.function in AGGREGATES:
            scope = replace(scope, members=members_of(tree))
        return frozenset().union(*(self.keys_below(part, scope) for part in children(tree)))

    def parts_below(self, tree: Expression, scope: Scope) -> list[tuple[Expression, Scope]]:
        """A part and everything in it, each with its scope."""
        found: list[tuple[Expression, Scope]] = []
        waiting = [(tree, scope)]
        while waiting:
            part, inner = waiting.pop()
            found.append((part, inner))
            scopes = self.inside(part, inner) if isinstance(part, Call) and part.function in AGGREGATES else [inner]
            waiting += [(child, one) for one in scopes for child in children(part)]
        return found

    def facts_below(self, at: At) -> list[At]:
        """The facts that a variable rests on, in the rows that it reads; each once."""
        found: dict[At, None] = {}
        seen: set[At] = set()
        waiting = [at]
        while waiting:
            one = waiting.pop()
            if one in seen:
                continue
            seen.add(one)
            formula = self.assessment.formula(one.key)
            if formula is not None:
                waiting += self.names_below(formula.tree, Scope(one.entity, one.row))
            elif self.is_fact(one.key):
                found[one] = None
        return sorted(found)

    def is_fact(self, key: Key) -> bool:
        """Whether a variable is supplied and not worked out."""
        return self.program.readings[key].variable.source is not None


def places_of(unit: Unit) -> int:
    """The decimals in which a unit is shown."""
    return 2 if unit in (Unit.YUAN, Unit.YUAN_MONTH, Unit.YUAN_YEAR, Unit.SQUARE_METRES) else 4 if not unit else 0


def _corners(left: Interval, right: Interval) -> Interval:
    found = [one * other for one in left for other in right]
    return min(found), max(found)


def _less(left: Interval, right: Interval) -> Interval:
    return int(left[1] < right[0]), int(left[0] < right[1])


def _at_most(left: Interval, right: Interval) -> Interval:
    return int(left[1] <= right[0]), int(left[0] <= right[1])


def _equal(left: Interval, right: Interval) -> Interval:
    surely = left[0] == left[1] == right[0] == right[1]
    return int(surely), int(left[0] <= right[1] and right[0] <= left[1])
