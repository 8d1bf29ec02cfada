"""Numbers while they are built: a numerator, a fixed scale, a divisor, a unit. Exact; rounded only when asked."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from math import gcd, lcm, prod

from jiuzhu.engine.kinds import Unit
from jiuzhu.engine.program.nodes import (
    NO,
    ONE,
    YES,
    ZERO,
    Node,
    Op,
    RangeError,
    add,
    case,
    extreme,
    literal,
    multiply,
    negate,
    rounded,
    subtract,
)

# how many results a number may keep apart; beyond that they are taken together
MOST_BRANCHES = 16


@dataclass(frozen=True, slots=True)
class Quantity:
    """`number / (scale * divisor)` in `unit`. `bare`: of typed figures only, so it takes the unit of another.

    A CASE whose results have different divisors keeps them as `branches`: what is made of it is made of each, because
    bounds would lose which number belongs to which divisor. The last condition always holds.
    """

    number: Node
    scale: int = 1
    divisor: Node = ONE
    unit: Unit = Unit.NONE
    bare: bool = False
    branches: "tuple[tuple[Node, Quantity], ...]" = ()

    def at(self, places: int) -> Node:
        """The whole number of 1/10^places, rounded half away from zero once."""
        if self.branches:
            return case(((condition, one.at(places)) for condition, one in self.branches), ZERO)
        wanted = 10**places
        common = gcd(wanted, self.scale)
        return rounded(
            multiply(self.number, literal(wanted // common)), multiply(literal(self.scale // common), self.divisor)
        )

    def above_zero(self) -> "Quantity":
        """The same number where it is known to be above 0."""
        return replace(self, number=extreme(Op.GREATEST, (self.number, ONE)))

    @property
    def results(self) -> int:
        """How many results it keeps apart."""
        return sum(one.results for _, one in self.branches) or 1


def fixed(text: str) -> Quantity:
    """A figure as it was typed."""
    whole, _, decimals = text.partition(".")
    return Quantity(literal(int(whole + decimals)), 10 ** len(decimals), bare=True)


def aligned(quantities: Sequence[Quantity]) -> tuple[list[Node], int, Node]:
    """Bring numbers to one scale and one divisor: the numerators, the scale, the divisor."""
    scale = lcm(*(one.scale for one in quantities))
    divisors = list(dict.fromkeys(one.divisor for one in quantities if one.divisor != ONE))
    numbers = []
    for one in quantities:
        others = [divisor for divisor in divisors if divisor != one.divisor]
        numbers.append(reduce(multiply, others, multiply(one.number, literal(scale // one.scale))))
    return numbers, scale, reduce(multiply, divisors, ONE)


def matched(number: Node, divisor: Node) -> tuple[tuple[Node, ...], list[Node], list[Node]]:
    """The conditions of a divisor that is a CASE, and what the number and the divisor are in each of them."""
    conditions, divisors = divisor.parts[:-1:2], [*divisor.parts[1::2], divisor.parts[-1]]
    asked: tuple[Node, ...] = ()
    numbers = [number]
    if number.op is Op.CASE:
        asked = number.parts[:-1:2]
        shorter = min(len(asked), len(conditions))
        if asked[:shorter] == conditions[:shorter]:
            numbers = [*number.parts[1::2], number.parts[-1]]
        else:
            asked = ()
    longer = max(asked, conditions, key=len)
    for results in (numbers, divisors):
        results += results[-1:] * (len(longer) + 1 - len(results))
    return longer, numbers, divisors


def can_be_joined(number: Node, divisor: Node) -> bool:
    """Whether CASE chooses a number over one divisor or over none, and over that divisor none becomes larger.

    Then bounds may bring all results to it, and what uses the number still fits 64 bits.
    """
    if divisor.op is not Op.CASE:
        return False
    _, numbers, divisors = matched(number, divisor)
    ways = set(divisors) - {ONE}
    if len(ways) != 1 or any(one.op is Op.CASE for one in ways):
        return False
    try:
        brought = [multiply(one, *ways) for one, own in zip(numbers, divisors, strict=True) if own == ONE]
    except RangeError:
        return False
    return all(number.lowest <= one.lowest and one.highest <= number.highest for one in brought)


def _chosen_of(operands: Sequence[Quantity]) -> int | None:
    """The place of the first operand that is a CASE to be taken apart; None when there is none, or too many results."""
    if prod(one.results for one in operands) > MOST_BRANCHES:
        return None
    return next((at for at, one in enumerate(operands) if one.branches), None)


def _of_each(act: Callable[..., Quantity], *operands: Quantity) -> Quantity:
    """Act on numbers, branch by branch; what was nested stays nested, for conditions belong together too."""
    at = _chosen_of(operands)
    if at is None:
        return act(*operands)
    before, after = operands[:at], operands[at + 1 :]
    return _gathered([(condition, _of_each(act, *before, one, *after)) for condition, one in operands[at].branches])


def _gathered(branches: Sequence[tuple[Node, Quantity]]) -> Quantity:
    scale = lcm(*(one.scale for _, one in branches))
    numbers = [multiply(one.number, literal(scale // one.scale)) for _, one in branches]
    number = case(((condition, one) for (condition, _), one in zip(branches, numbers, strict=True)), ZERO)
    divisor = case(((condition, one.divisor) for condition, one in branches), ONE)
    bare = all(one.bare for _, one in branches)
    kept = tuple(branches) if divisor.op is Op.CASE else ()
    return Quantity(number, scale, divisor, branches[0][1].unit, bare, kept)


def compared_each(compare: Callable[[Node, Node], Node], left: Quantity, right: Quantity) -> Node:
    """Compare two numbers, brought to one scale and one divisor, branch by branch."""
    at = _chosen_of((left, right))
    if at is None:
        return compare(*aligned((left, right))[0])
    pairs = [(condition, (one, right) if at == 0 else (left, one)) for condition, one in (left, right)[at].branches]
    return case(((condition, compared_each(compare, *pair)) for condition, pair in pairs), NO)


def plus(left: Quantity, right: Quantity, unit: Unit) -> Quantity:
    """A sum."""

    def act(left: Quantity, right: Quantity) -> Quantity:
        (first, second), scale, divisor = aligned((left, right))
        return Quantity(add(first, second), scale, divisor, unit, left.bare and right.bare)

    return _of_each(act, left, right)


def minus(left: Quantity, right: Quantity, unit: Unit) -> Quantity:
    """A difference."""

    def act(left: Quantity, right: Quantity) -> Quantity:
        (first, second), scale, divisor = aligned((left, right))
        return Quantity(subtract(first, second), scale, divisor, unit, left.bare and right.bare)

    return _of_each(act, left, right)


def opposite_of(one: Quantity) -> Quantity:
    """The number with the other sign."""
    negated = _of_each(lambda part: replace(part, number=negate(part.number), branches=()), one)
    return replace(negated, unit=one.unit)


def times(left: Quantity, right: Quantity, unit: Unit) -> Quantity:
    """A product."""

    def act(left: Quantity, right: Quantity) -> Quantity:
        number, divisor = multiply(left.number, right.number), multiply(left.divisor, right.divisor)
        return Quantity(number, left.scale * right.scale, divisor, unit, left.bare and right.bare)

    return _of_each(act, left, right)


def over(left: Quantity, right: Quantity, unit: Unit) -> Quantity:
    """A quotient; the right side is positive."""

    def act(left: Quantity, right: Quantity) -> Quantity:
        common = gcd(left.scale, right.scale)
        number = multiply(multiply(left.number, literal(right.scale // common)), right.divisor)
        scale, divisor, bare = left.scale // common, left.divisor, left.bare and right.bare
        if right.number.op is Op.LITERAL:
            return Quantity(number, scale * right.number.lowest, divisor, unit, bare)
        return Quantity(number, scale, multiply(divisor, right.number), unit, bare)

    return _of_each(act, left, right)


def chosen(conditions: Sequence[Node], results: Sequence[Quantity], unit: Unit) -> Quantity:
    """CASE: the result of the first condition that holds, the last result when none does."""
    apart = sum(one.results for one in results) <= MOST_BRANCHES
    kept = [one if apart else replace(one, branches=()) for one in results]
    return replace(_gathered(list(zip((*conditions, YES), kept, strict=True))), unit=unit)


def outermost(op: Op, quantities: Sequence[Quantity], unit: Unit) -> Quantity:
    """GREATEST or LEAST."""

    def act(*ways: Quantity) -> Quantity:
        numbers, scale, divisor = aligned(ways)
        return Quantity(extreme(op, numbers), scale, divisor, unit, all(one.bare for one in ways))

    return _of_each(act, *quantities)
