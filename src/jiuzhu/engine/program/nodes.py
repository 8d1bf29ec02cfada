"""The typed tree: whole numbers only, every node with the range of what it can be.

There is no division but ROUND: a quotient is carried as numerator and divisor until the one place where it is rounded,
and a comparison is multiplied out. So nothing is rounded twice, and no backend needs more than 64-bit integers.
"""

from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import lru_cache
from hashlib import blake2b
from operator import is_
from typing import TypeAlias

from jiuzhu.engine.kinds import MOST, encode_day

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
    UNKNOWN = "unknown"  # value: (entity, name); of a program that is still to be bounded
    SUM = "sum"  # value: entity
    ANY = "any"
    EVERY = "every"


AGGREGATES = frozenset({Op.SUM, Op.ANY, Op.EVERY})
_TOLD = {op: op.value.encode() for op in Op}


class RangeError(ValueError):
    """What a node can be does not fit 64 bits."""


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """One step. `lowest` and `highest` bound its value whenever all facts lie within their declared ranges.

    Nodes that do the same are equal. They are compared by `mark`, a digest of what they do: parts are shared, and
    comparing them one by one would take twice as long with every level.
    """

    op: Op
    parts: "tuple[Node, ...]" = ()
    value: "int | str | Key | tuple[int, ...]" = 0
    lowest: int = 0
    highest: int = 1
    mark: bytes = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if not -MOST <= self.lowest <= self.highest <= MOST:
            raise RangeError(f"{self.lowest} to {self.highest}")
        value = repr(self.value).encode() if self.value != 0 else b""
        told = b"".join((_TOLD[self.op], value, *[part.mark for part in self.parts]))
        object.__setattr__(self, "mark", blake2b(told, digest_size=16).digest())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Node) and self.mark == other.mark

    def __hash__(self) -> int:
        return hash(self.mark)


@lru_cache(maxsize=16_384)
def literal(value: int) -> Node:
    """A fixed number."""
    value = int(value)
    return Node(Op.LITERAL, (), value, value, value)


ONE, ZERO = literal(1), literal(0)
YES, NO = ONE, ZERO


def _made(op: Op, parts: tuple[Node, ...], lowest: int, highest: int) -> Node:
    """A step, or the number that it can only be."""
    return literal(lowest) if lowest == highest else Node(op, parts, 0, lowest, highest)


@lru_cache(maxsize=16_384)
def cell(key: Key, lowest: int, highest: int) -> Node:
    """The value of a variable."""
    return Node(Op.CELL, (), key, lowest, highest)


def unknown(key: Key, lowest: int, highest: int) -> Node:
    """The value of a variable of which nothing is known but its range."""
    return Node(Op.UNKNOWN, (), key, lowest, highest)


def add(left: Node, right: Node) -> Node:
    """A sum."""
    if ZERO in (left, right):
        return right if left == ZERO else left
    return _made(Op.ADD, (left, right), left.lowest + right.lowest, left.highest + right.highest)


def subtract(left: Node, right: Node) -> Node:
    """A difference."""
    if right == ZERO:
        return left
    return _made(Op.SUBTRACT, (left, right), left.lowest - right.highest, left.highest - right.lowest)


def multiply(left: Node, right: Node) -> Node:
    """A product."""
    if ONE in (left, right):
        return right if left == ONE else left
    corners = [x * y for x in (left.lowest, left.highest) for y in (right.lowest, right.highest)]
    return _made(Op.MULTIPLY, (left, right), min(corners), max(corners))


def negate(part: Node) -> Node:
    """The number with the other sign."""
    return _made(Op.NEGATE, (part,), -part.highest, -part.lowest)


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
    return _made(Op.ROUND, (number, divisor), min(corners), max(corners))


def compared(op: Op, left: Node, right: Node) -> Node:
    """LESS, AT_MOST or EQUAL; settled at once where the ranges leave no doubt.

    What is compared with itself is not settled: while it is unknown, no other way of writing it is either.
    """
    below, above = left.highest < right.lowest, left.lowest > right.highest
    if op is Op.LESS and (below or left.lowest >= right.highest):
        return YES if below else NO
    if op is Op.AT_MOST and (above or left.highest <= right.lowest):
        return NO if above else YES
    if op is Op.EQUAL and (below or above or left.lowest == left.highest == right.lowest == right.highest):
        return NO if below or above else YES
    return Node(op, (left, right))


def both(parts: Iterable[Node]) -> Node:
    """AND of all; known parts fold away."""
    left = tuple(dict.fromkeys(part for part in parts if part != YES))
    if NO in left:
        return NO
    return left[0] if len(left) == 1 else Node(Op.AND, left) if left else YES


def either(parts: Iterable[Node]) -> Node:
    """OR of all; known parts fold away."""
    left = tuple(dict.fromkeys(part for part in parts if part != NO))
    if YES in left:
        return YES
    return left[0] if len(left) == 1 else Node(Op.OR, left) if left else NO


def opposite(part: Node) -> Node:
    """NOT."""
    if part in (YES, NO):
        return NO if part == YES else YES
    return part.parts[0] if part.op is Op.NOT else Node(Op.NOT, (part,))


def one_of(part: Node, options: tuple[int, ...]) -> Node:
    """IN a list of fixed values."""
    possible = tuple(sorted({option for option in options if part.lowest <= option <= part.highest}))
    if part.op is Op.LITERAL or not possible:
        return YES if possible else NO
    return Node(Op.ONE_OF, (part,), possible)


def case(branches: Iterable[tuple[Node, Node]], otherwise: Node) -> Node:
    """The result of the first condition that holds; conditions known to fail fold away."""
    parts: list[Node] = []
    for condition, result in branches:
        if condition == YES:
            otherwise = result
            break
        if condition != NO:
            parts += [condition, result]
    while parts and parts[-1] == otherwise:
        del parts[-2:]
    if not parts:
        return otherwise
    results = [*parts[1::2], otherwise]
    lowest, highest = min(one.lowest for one in results), max(one.highest for one in results)
    return _made(Op.CASE, (*parts, otherwise), lowest, highest)


def extreme(op: Op, parts: Iterable[Node]) -> Node:
    """GREATEST or LEAST; parts that another always outdoes fall away."""
    found = tuple(dict.fromkeys(parts))
    if op is Op.GREATEST:
        sure = max(found, key=lambda one: one.lowest)
        left = tuple(one for one in found if one is sure or one.highest > sure.lowest)
    else:
        sure = min(found, key=lambda one: one.highest)
        left = tuple(one for one in found if one is sure or one.lowest < sure.highest)
    if len(left) == 1:
        return left[0]
    choose = max if op is Op.GREATEST else min
    return _made(op, left, choose(one.lowest for one in left), choose(one.highest for one in left))


def counted(parts: Iterable[Node]) -> Node:
    """How many hold."""
    found = tuple(parts)
    return _made(Op.COUNT_TRUE, found, sum(one.lowest for one in found), sum(one.highest for one in found))


def elapsed(op: Op, part: Node, today: date, until: date | None = None) -> Node:
    """AGE or MONTHS_SINCE: full years or months from a day to today, below 0 for a day to come.

    The range holds for every day from today to `until`.
    """
    lowest, highest = _since(op, part.highest, encode_day(today)), _since(op, part.lowest, encode_day(until or today))
    return Node(op, (part,), 0, lowest, highest)


def _since(op: Op, day: int, today: int) -> int:
    if op is Op.AGE:
        return (today - day) // 10000
    months = (today // 10000 - day // 10000) * 12 + today // 100 % 100 - day // 100 % 100
    return months - (today % 100 < day % 100)


def assumed(part: Node, instead: Node) -> Node:
    """A fact, or what the pack assumes when it is unknown."""
    if part.op is Op.LITERAL:
        return part
    lowest, highest = min(part.lowest, instead.lowest), max(part.highest, instead.highest)
    return Node(Op.ASSUME, (part, instead), 0, lowest, highest)


def aggregated(op: Op, part: Node, entity: str, most: int) -> Node:
    """SUM, ANY or EVERY over the members of an entity; nothing sums to 0, none is any, all of none are every."""
    if (op is Op.ANY and part == NO) or (op is Op.EVERY and part == YES):
        return part
    if op is Op.SUM:
        return Node(op, (part,), entity, min(0, part.lowest * most), max(0, part.highest * most))
    return Node(op, (part,), entity)


def options_of(node: Node) -> tuple[int, ...]:
    """The values that a ONE_OF lists."""
    return tuple(int(option) for option in node.value) if isinstance(node.value, tuple) else ()


_BUILDERS: dict[Op, Callable[[Node, tuple[Node, ...]], Node]] = {
    Op.ADD: lambda _, parts: add(*parts),
    Op.SUBTRACT: lambda _, parts: subtract(*parts),
    Op.MULTIPLY: lambda _, parts: multiply(*parts),
    Op.NEGATE: lambda _, parts: negate(*parts),
    Op.ROUND: lambda _, parts: rounded(*parts),
    Op.LESS: lambda node, parts: compared(node.op, *parts),
    Op.AT_MOST: lambda node, parts: compared(node.op, *parts),
    Op.EQUAL: lambda node, parts: compared(node.op, *parts),
    Op.AND: lambda _, parts: both(parts),
    Op.OR: lambda _, parts: either(parts),
    Op.NOT: lambda _, parts: opposite(*parts),
    Op.ONE_OF: lambda node, parts: one_of(parts[0], options_of(node)),
    Op.CASE: lambda _, parts: case(zip(parts[:-1:2], parts[1::2], strict=True), parts[-1]),
    Op.GREATEST: lambda node, parts: extreme(node.op, parts),
    Op.LEAST: lambda node, parts: extreme(node.op, parts),
    Op.COUNT_TRUE: lambda _, parts: counted(parts),
    Op.ASSUME: lambda _, parts: assumed(*parts),
}


def rebuilt(node: Node, parts: tuple[Node, ...]) -> Node:
    """The same step on other parts, folded, and with the range that follows.

    AGE, MONTHS_SINCE and aggregates keep their range: they do not say their day, or how many members there can be.
    """
    build = _BUILDERS.get(node.op)
    return build(node, parts) if build else with_parts(node, parts)


def with_parts(node: Node, parts: tuple[Node, ...]) -> Node:
    """The same step on other parts, with the range it had; itself when they are its own."""
    if len(parts) == len(node.parts) and all(map(is_, node.parts, parts)):
        return node
    return Node(node.op, parts, node.value, node.lowest, node.highest)


def key_of(node: Node) -> Key:
    """The cell that a CELL reads."""
    if not isinstance(node.value, tuple):
        raise TypeError(f"{node.op} reads no cell")
    entity, name = node.value
    return str(entity), str(name)


def within(node: Node, known: Container[bytes] = ()) -> Iterator[Node]:
    """A node and everything below it, each once, parts before what is made of them.

    What is `known` by its mark is left out, and so is all below it.
    """
    if node.mark in known:
        return
    entered: set[bytes] = set()
    done: set[bytes] = set()
    waiting = [node]
    while waiting:
        one = waiting[-1]
        mark = one.mark
        if mark not in entered:
            entered.add(mark)
            below = [part for part in reversed(one.parts) if part.mark not in entered and part.mark not in known]
            if below:
                waiting += below
                continue
        waiting.pop()
        if mark not in done:
            done.add(mark)
            yield one


def keys_of(node: Node) -> set[Key]:
    """The cells a node reads, those of its aggregates included."""
    return {key_of(one) for one in within(node) if one.op is Op.CELL}


def parameters_of(node: Node) -> set[str]:
    """The parameters a node reads."""
    return {str(one.value) for one in within(node) if one.op is Op.PARAMETER}
