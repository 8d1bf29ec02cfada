"""Numbers while they are built: a numerator, a fixed scale, a divisor, a unit. Exact; rounded only when asked."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce
from math import gcd, lcm

from jiuzhu.engine.kinds import Unit
from jiuzhu.engine.program.nodes import ONE, Node, Op, add, case, extreme, literal, multiply, negate, rounded, subtract


@dataclass(frozen=True, slots=True)
class Quantity:
    """`number / (scale * divisor)` in `unit`. `bare`: of typed figures only, so it takes the unit of another."""

    number: Node
    scale: int = 1
    divisor: Node = ONE
    unit: Unit = Unit.NONE
    bare: bool = False

    def at(self, places: int) -> Node:
        """The whole number of 1/10^places, rounded half away from zero once."""
        if self.divisor.op is Op.CASE:
            # each result is rounded by its own divisor: bounds would lose what belongs together
            conditions, numbers, divisors = _matched(self.number, self.divisor)
            results = [
                replace(self, number=number, divisor=divisor).at(places)
                for number, divisor in zip(numbers, divisors, strict=True)
            ]
            return case(zip(conditions, results, strict=False), results[-1])
        wanted = 10**places
        common = gcd(wanted, self.scale)
        return rounded(
            multiply(self.number, literal(wanted // common)), multiply(literal(self.scale // common), self.divisor)
        )

    def above_zero(self) -> "Quantity":
        """The same number where it is known to be above 0."""
        return replace(self, number=extreme(Op.GREATEST, (self.number, ONE)))

    def with_unit(self, unit: Unit) -> "Quantity":
        """The same number in another unit."""
        return Quantity(self.number, self.scale, self.divisor, unit, self.bare)


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


def _matched(number: Node, divisor: Node) -> tuple[tuple[Node, ...], list[Node], list[Node]]:
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


def plus(left: Quantity, right: Quantity, unit: Unit) -> Quantity:
    """A sum."""
    (first, second), scale, divisor = aligned((left, right))
    return Quantity(add(first, second), scale, divisor, unit, left.bare and right.bare)


def minus(left: Quantity, right: Quantity, unit: Unit) -> Quantity:
    """A difference."""
    (first, second), scale, divisor = aligned((left, right))
    return Quantity(subtract(first, second), scale, divisor, unit, left.bare and right.bare)


def opposite_of(one: Quantity) -> Quantity:
    """The number with the other sign."""
    return Quantity(negate(one.number), one.scale, one.divisor, one.unit, one.bare)


def times(left: Quantity, right: Quantity, unit: Unit) -> Quantity:
    """A product."""
    number, divisor = multiply(left.number, right.number), multiply(left.divisor, right.divisor)
    return Quantity(number, left.scale * right.scale, divisor, unit, left.bare and right.bare)


def over(left: Quantity, right: Quantity, unit: Unit) -> Quantity:
    """A quotient; the right side is positive."""
    common = gcd(left.scale, right.scale)
    number = multiply(multiply(left.number, literal(right.scale // common)), right.divisor)
    scale, divisor, bare = left.scale // common, left.divisor, left.bare and right.bare
    if right.number.op is Op.LITERAL:
        return Quantity(number, scale * right.number.lowest, divisor, unit, bare)
    return Quantity(number, scale, multiply(divisor, right.number), unit, bare)


def chosen(conditions: Sequence[Node], results: Sequence[Quantity], unit: Unit) -> Quantity:
    """CASE: the result of the first condition that holds, the last result when none does."""
    scale = lcm(*(one.scale for one in results))
    numbers = [multiply(one.number, literal(scale // one.scale)) for one in results]
    divisors = [one.divisor for one in results]
    pairs = zip(conditions, numbers, strict=False)
    number = case(pairs, numbers[-1])
    divisor = case(zip(conditions, divisors, strict=False), divisors[-1])
    return Quantity(number, scale, divisor, unit, all(one.bare for one in results))


def outermost(op: Op, quantities: Sequence[Quantity], unit: Unit) -> Quantity:
    """GREATEST or LEAST."""
    numbers, scale, divisor = aligned(quantities)
    return Quantity(extreme(op, numbers), scale, divisor, unit, all(one.bare for one in quantities))
