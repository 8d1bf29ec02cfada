"""A second evaluator, slow and independent: it walks formulas as they were written, with fractions and None.

It shares nothing with the compiler but the parser and the packs, so that a mistake of one is found by the other. None
is unknown, and the connectives are Kleene's: a result is known as soon as the known parts decide it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Any, TypeAlias

from jiuzhu.engine.expressions.tree import (
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
    names,
)
from jiuzhu.engine.kinds import Base, Kind, Outcome
from jiuzhu.engine.packs.model import ROOT, Formula, PackSet, Variable

# numbers are fractions in their own unit, truths bools, days dates, codes texts
Plain: TypeAlias = "Fraction | bool | date | str | Outcome | None"
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda left, right: bool(left == right),
    "<>": lambda left, right: bool(left != right),
    "<": lambda left, right: bool(left < right),
    "<=": lambda left, right: bool(left <= right),
    ">": lambda left, right: bool(left > right),
    ">=": lambda left, right: bool(left >= right),
}

_ARITHMETIC: dict[str, Callable[[Fraction, Fraction], Fraction]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": lambda left, right: left / right,
}


@dataclass(frozen=True, slots=True)
class Household:
    """The facts of a household and of its members, in plain values; what is not there is unknown."""

    division: str
    facts: Mapping[str, Plain]
    members: Mapping[str, Sequence[Mapping[str, Plain]]] = field(default_factory=dict)


class Reference:
    """Evaluates variables of one household on one day."""

    def __init__(self, packs: PackSet, household: Household, on: date) -> None:
        self.packs, self.household, self.on = packs, household, on
        self._found: dict[tuple[str, str, int], Plain] = {}

    def value(self, entity: str, name: str, row: int = 0) -> Plain:
        """A variable of the household, or of the member in a row; None when it is not known."""
        key = entity, name, row
        if key not in self._found:
            self._found[key] = self._value(self.packs.variables[entity, name], row)
        return self._found[key]

    def _value(self, variable: Variable, row: int) -> Plain:
        if variable.source is not None:
            facts = self.household.facts if variable.entity == ROOT else self.household.members[variable.entity][row]
            return facts.get(variable.name)
        formula = self._formula(variable)
        if formula is None:
            return None
        found = _Walk(self, variable.entity, row).value(formula.tree)
        if isinstance(found, Fraction) and not variable.exact:
            return rounded(found, variable.kind.places)
        return found

    def _formula(self, variable: Variable) -> Formula | None:
        alive = [
            one
            for one in variable.formulas
            if self.household.division.startswith(one.prefix) and one.period.contains(self.on)
        ]
        return max(alive, key=lambda one: len(one.prefix), default=None)

    def parameter(self, name: str) -> Plain:
        """A parameter for the household's division; None when none is on file."""
        parameter = self.packs.parameters[name]
        entry = parameter.entry(self.household.division, self.on)
        return None if entry is None else plain(parameter.kind, entry.value)


_number = lru_cache(maxsize=1024)(Fraction)


def plain(kind: Kind, value: int) -> Plain:
    """A value in memory as a plain one."""
    if kind.base is Base.NUMBER:
        return Fraction(value, 10**kind.places)
    decoded = kind.decode(value)
    return decoded if isinstance(decoded, bool | date | str | Outcome) else None


def rounded(number: Fraction, places: int) -> Fraction:
    """Round half away from zero."""
    scaled = abs(number) * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Fraction(whole if number >= 0 else -whole, 10**places)


class _Walk:
    def __init__(self, reference: Reference, entity: str, row: int, members: str = "") -> None:
        self.reference, self.entity, self.row, self.members = reference, entity, row, members

    def value(self, tree: Expression) -> Plain:
        match tree:
            case Number():
                return _number(tree.text)
            case Truth() | Text():
                return tree.value
            case Name():
                return self.named(tree)
            case Unary():
                return self.unary(tree)
            case Binary():
                return self.binary(tree.operator, self.value(tree.left), self.value(tree.right))
            case Chain():
                return kleene(tree.operator == "and", map(self.value, tree.operands))
            case OneOf():
                return self.one_of(tree)
            case Between():
                one, low, high = map(self.value, (tree.operand, tree.low, tree.high))
                return kleene(True, (self.binary("<=", low, one), self.binary("<=", one, high)))  # noqa: FBT003
            case Case():
                return self.case(tree)
        return self.call(tree)

    def named(self, tree: Name) -> Plain:
        if tree.owner == "p":
            return self.reference.parameter(tree.name)
        owner = tree.owner or self.members or self.entity
        if (owner, tree.name) not in self.reference.packs.variables:
            return Outcome[tree.name.upper()]
        return self.reference.value(owner, tree.name, 0 if owner == ROOT else self.row)

    def unary(self, tree: Unary) -> Plain:
        found = self.value(tree.operand)
        if isinstance(found, Fraction):
            return -found
        return None if found is None else not found

    def binary(self, operator: str, left: Any, right: Any) -> Plain:
        if left is None or right is None:
            return None
        if operator in _COMPARE:
            return _COMPARE[operator](left, right)
        return _ARITHMETIC[operator](left, right)

    def one_of(self, tree: OneOf) -> Plain:
        found = self.value(tree.operand)
        if found is None:
            return None
        return (found in [self.value(option) for option in tree.options]) is not tree.negated

    def case(self, tree: Case) -> Plain:
        """Unknown conditions leave it open, unless all results that are possible are one."""
        possible: list[Plain] = []
        for condition, result in tree.branches:
            holds = self.value(condition)
            if holds is False:
                continue
            possible.append(self.value(result))
            if holds is True:
                return _agreed(possible)
        return _agreed([*possible, self.value(tree.otherwise)])

    def call(self, tree: Call) -> Plain:
        if tree.function in ("sum", "count_if", "any", "every"):
            return self.aggregate(tree)
        if tree.function == "coalesce":
            found = self.value(tree.arguments[0])
            return self.value(tree.arguments[1]) if found is None else found
        values: list[Any] = [self.value(part) for part in tree.arguments]
        if None in values:
            return None
        match tree.function:
            case "greatest":
                return max(values)  # type: ignore[no-any-return]
            case "least":
                return min(values)  # type: ignore[no-any-return]
            case "count_true":
                return Fraction(sum(values))
            case "per_month":
                return values[0] / 12  # type: ignore[no-any-return]
            case "per_year":
                return values[0] * 12  # type: ignore[no-any-return]
            case "age":
                return Fraction(_months(values[0], self.reference.on) // 12)
            case _:
                return Fraction(_months(values[0], self.reference.on))

    def aggregate(self, tree: Call) -> Plain:
        members = next(name.owner for name in names(tree.arguments[0]) if name.owner not in ("", "p", ROOT))
        rows = range(len(self.reference.household.members.get(members, ())))
        values: list[Any] = [_Walk(self.reference, self.entity, row, members).value(tree.arguments[0]) for row in rows]
        if tree.function in ("any", "every"):
            return kleene(tree.function == "every", values)
        return None if None in values else Fraction(sum(values))


def kleene(every: bool, values: Iterable[Plain]) -> Plain:  # noqa: FBT001 (which of two connectives)
    """AND (`every`) or OR of three-valued truths."""
    found = list(values)
    if (not every) in found:
        return not every
    return None if None in found else every


def _agreed(possible: list[Plain]) -> Plain:
    return possible[0] if all(one is not None and one == possible[0] for one in possible) else None


def _months(start: date, end: date) -> int:
    return (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)
