"""The typed tree: whole numbers only, every node with the range of what it can be.

There is no division but ROUND: a quotient is carried as numerator and divisor until the one place where it is rounded,
and a comparison is multiplied out. So nothing is rounded twice, and no backend needs more than 64-bit integers.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from jiuzhu.engine.kinds import MOST

Key: TypeAlias = tuple[str, str]


class Op(StrEnum):
    """What a node does with its parts. Truth is 1 and 0."""

    LITERAL = "literal"  # value: int
    CELL = "cell"  # value: (entity, name)
    PARAMETER = "parameter"  # value: name; depends on the household's division
    ADD = "add"
    SUBTRACT = "subtract"
    MULTIPLY = "multiply"
    NEGATE = "negate"
    ROUND = "round"  # first part / second part, half away from zero; the second is positive
    LESS = "less"
    AT_MOST = "at_most"
    EQUAL = "equal"
    AND = "and"
    OR = "or"
    NOT = "not"
    ONE_OF = "one_of"  # value: tuple[int, ...]
    CASE = "case"  # condition, result, condition, result, …, otherwise
    GREATEST = "greatest"
    LEAST = "least"
    COUNT_TRUE = "count_true"
    AGE = "age"  # full years on the program's day
    MONTHS_SINCE = "months_since"  # full months on the program's day
    ASSUME = "assume"  # the first part, or the second when it is unknown
    SUM = "sum"  # value: entity
    ANY = "any"
    EVERY = "every"


AGGREGATES = frozenset({Op.SUM, Op.ANY, Op.EVERY})


class RangeError(ValueError):
    """What a node can be does not fit 64 bits."""


@dataclass(frozen=True, slots=True)
class Node:
    """One step. `lowest` and `highest` bound its value whenever all facts lie within their declared ranges."""

    op: Op
    parts: "tuple[Node, ...]" = ()
    value: "int | str | Key | tuple[int, ...]" = 0
    lowest: int = field(default=0, compare=False)
    highest: int = field(default=1, compare=False)

    def __post_init__(self) -> None:
        if not -MOST <= self.lowest <= self.highest <= MOST:
            raise RangeError(f"{self.lowest} to {self.highest}")


def literal(value: int) -> Node:
    """A fixed number."""
    return Node(Op.LITERAL, (), value, value, value)


ONE, ZERO = literal(1), literal(0)
YES, NO = ONE, ZERO


def cell(key: Key, lowest: int, highest: int) -> Node:
    """The value of a variable."""
    return Node(Op.CELL, (), key, lowest, highest)


def add(left: Node, right: Node) -> Node:
    """A sum."""
    if ZERO in (left, right):
        return right if left == ZERO else left
    return Node(Op.ADD, (left, right), 0, left.lowest + right.lowest, left.highest + right.highest)


def subtract(left: Node, right: Node) -> Node:
    """A difference."""
    if right == ZERO:
        return left
    return Node(Op.SUBTRACT, (left, right), 0, left.lowest - right.highest, left.highest - right.lowest)


def multiply(left: Node, right: Node) -> Node:
    """A product."""
    if ONE in (left, right):
        return right if left == ONE else left
    corners = [x * y for x in (left.lowest, left.highest) for y in (right.lowest, right.highest)]
    if left.op is Op.LITERAL and right.op is Op.LITERAL:
        return literal(corners[0])
    return Node(Op.MULTIPLY, (left, right), 0, min(corners), max(corners))


def negate(part: Node) -> Node:
    """The number with the other sign."""
    return literal(-part.lowest) if part.op is Op.LITERAL else Node(Op.NEGATE, (part,), 0, -part.highest, -part.lowest)


def half_away(number: int, divisor: int) -> int:
    """Divide and round half away from zero; the divisor is positive."""
    rounded = (2 * abs(number) + divisor) // (2 * divisor)
    return rounded if number >= 0 else -rounded


def rounded(number: Node, divisor: Node) -> Node:
    """A quotient, rounded half away from zero. A divisor that may be 0 counts as 1: its CASE has excluded that."""
    if divisor == ONE:
        return number
    least, most = max(divisor.lowest, 1), max(divisor.highest, 1)
    corners = [half_away(x, y) for x in (number.lowest, number.highest) for y in (least, most)]
    return Node(Op.ROUND, (number, divisor), 0, min(corners), max(corners))


def compared(op: Op, left: Node, right: Node) -> Node:
    """LESS, AT_MOST or EQUAL; settled at once where the ranges leave no doubt."""
    if op is Op.LESS and (left.highest < right.lowest or left.lowest >= right.highest):
        return YES if left.highest < right.lowest else NO
    if op is Op.AT_MOST and (left.highest <= right.lowest or left.lowest > right.highest):
        return YES if left.highest <= right.lowest else NO
    return Node(op, (left, right))


def both(parts: Iterable[Node]) -> Node:
    """AND of all; known parts fold away."""
    left = [part for part in parts if part != YES]
    if NO in left:
        return NO
    return left[0] if len(left) == 1 else Node(Op.AND, tuple(left)) if left else YES


def either(parts: Iterable[Node]) -> Node:
    """OR of all; known parts fold away."""
    left = [part for part in parts if part != NO]
    if YES in left:
        return YES
    return left[0] if len(left) == 1 else Node(Op.OR, tuple(left)) if left else NO


def opposite(part: Node) -> Node:
    """NOT."""
    if part in (YES, NO):
        return NO if part == YES else YES
    return part.parts[0] if part.op is Op.NOT else Node(Op.NOT, (part,))


def one_of(part: Node, options: tuple[int, ...]) -> Node:
    """IN a list of fixed values."""
    return Node(Op.ONE_OF, (part,), tuple(sorted(set(options))))


def case(branches: Iterable[tuple[Node, Node]], otherwise: Node) -> Node:
    """The result of the first condition that holds; conditions known to fail fold away."""
    parts: list[Node] = []
    for condition, result in branches:
        if condition == YES:
            otherwise = result
            break
        if condition != NO:
            parts += [condition, result]
    if not parts or all(result == otherwise for result in parts[1::2]):
        return otherwise
    results = [*parts[1::2], otherwise]
    lowest, highest = min(one.lowest for one in results), max(one.highest for one in results)
    return Node(Op.CASE, (*parts, otherwise), 0, lowest, highest)


def extreme(op: Op, parts: Iterable[Node]) -> Node:
    """GREATEST or LEAST."""
    found = tuple(dict.fromkeys(parts))
    choose = max if op is Op.GREATEST else min
    if len(found) == 1:
        return found[0]
    return Node(op, found, 0, choose(one.lowest for one in found), choose(one.highest for one in found))


def counted(parts: Iterable[Node]) -> Node:
    """How many hold."""
    found = tuple(parts)
    return Node(Op.COUNT_TRUE, found, 0, 0, len(found))


def assumed(part: Node, instead: Node) -> Node:
    """A fact, or what the pack assumes when it is unknown."""
    lowest, highest = min(part.lowest, instead.lowest), max(part.highest, instead.highest)
    return Node(Op.ASSUME, (part, instead), 0, lowest, highest)


def aggregated(op: Op, part: Node, entity: str, most: int) -> Node:
    """SUM, ANY or EVERY over the members of an entity; nothing sums to 0, none is any, all of none are every."""
    if op is Op.SUM:
        return Node(op, (part,), entity, min(0, part.lowest * most), max(0, part.highest * most))
    return Node(op, (part,), entity)


def key_of(node: Node) -> Key:
    """The cell that a CELL reads."""
    if not isinstance(node.value, tuple):
        raise TypeError(f"{node.op} reads no cell")
    entity, name = node.value
    return str(entity), str(name)


def keys_of(node: Node) -> set[Key]:
    """The cells a node reads, those of its aggregates included."""
    if node.op is Op.CELL:
        return {key_of(node)}
    return {key for part in node.parts for key in keys_of(part)}


def parameters_of(node: Node) -> set[str]:
    """The parameters a node reads."""
    own = {str(node.value)} if node.op is Op.PARAMETER else set()
    return own.union(*(parameters_of(part) for part in node.parts))
