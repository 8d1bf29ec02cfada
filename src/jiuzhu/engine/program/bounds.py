"""Unknown facts become bounds: each figure that can be unknown turns into its lowest and highest possible value.

The result is a program in which nothing is unknown, so every backend runs it as it runs any other. A figure is known
where both bounds agree. Bounds are as sound as the declared ranges of facts, which is why every fact is checked
against its range before it is used.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TypeAlias

from jiuzhu.engine.program import nodes
from jiuzhu.engine.program.compiling import Cell, Program
from jiuzhu.engine.program.nodes import Key, Node, Op

Pair: TypeAlias = tuple[Node, Node]


def low(key: Key) -> Key:
    """The cell of the lowest value of a figure."""
    return key[0], f"{key[1]}<"


def high(key: Key) -> Key:
    """The cell of the highest value of a figure."""
    return key[0], f"{key[1]}>"


def bounded(
    program: Program, *, facts: Iterable[Key] | None = None, parameters: Iterable[str] | None = None
) -> Program:
    """Turn a program into one of bounds.

    `facts` and `parameters` are those that may be unknown in what it will run on (default: all that can be). Figures
    that need none of them keep one cell; the others get two, `low(key)` and `high(key)`.
    """
    passed = _Pass(program, facts, parameters)
    for one in program.cells:
        passed.cell(one)
    return replace(program, cells=tuple(passed.cells))


class _Pass:
    def __init__(self, program: Program, facts: Iterable[Key] | None, parameters: Iterable[str] | None) -> None:
        self.facts = None if facts is None else set(facts)
        self.parameters = set(program.parameters) if parameters is None else set(parameters)
        self.cells: list[Cell] = []
        self.pairs: dict[Key, Pair] = {}

    def cell(self, one: Cell) -> None:
        if one.node is None:
            self.cells.append(one)
            read = nodes.cell(one.key, one.lowest, one.highest)
            unknown = one.may_be_unknown and (self.facts is None or one.key in self.facts)
            if not unknown:
                self.pairs[one.key] = (read, read)
                return
            limits = (nodes.literal(one.lowest), nodes.literal(one.highest))
            self.two(one, nodes.assumed(read, limits[0]), nodes.assumed(read, limits[1]))
            return
        lowest, highest = self.pair(one.node)
        if lowest == highest:
            self.cells.append(replace(one, node=lowest))
            read = nodes.cell(one.key, one.lowest, one.highest)
            self.pairs[one.key] = (read, read)
            return
        self.two(one, lowest, highest)

    def two(self, one: Cell, lowest: Node, highest: Node) -> None:
        keys = low(one.key), high(one.key)
        for key, node in zip(keys, (lowest, highest), strict=True):
            self.cells.append(replace(one, key=key, node=node, may_be_unknown=False))
        self.pairs[one.key] = (
            nodes.cell(keys[0], one.lowest, one.highest),
            nodes.cell(keys[1], one.lowest, one.highest),
        )

    def pair(self, node: Node) -> Pair:
        """The lowest and the highest value of a node."""
        match node.op:
            case Op.LITERAL:
                return node, node
            case Op.CELL:
                return self.pairs[nodes.key_of(node)]
            case Op.PARAMETER:
                if node.value not in self.parameters:
                    return node, node
                limits = (nodes.literal(node.lowest), nodes.literal(node.highest))
                return nodes.assumed(node, limits[0]), nodes.assumed(node, limits[1])
            case Op.ASSUME:
                lowest, highest = self.pair(node.parts[1])
                return nodes.assumed(node.parts[0], lowest), nodes.assumed(node.parts[0], highest)
        pairs = [self.pair(part) for part in node.parts]
        if all(lowest == highest for lowest, highest in pairs):
            same = self.rebuilt(node, [lowest for lowest, _ in pairs])
            return same, same
        return self.combined(node, pairs)

    def combined(self, node: Node, pairs: list[Pair]) -> Pair:
        match node.op:
            case Op.SUBTRACT | Op.LESS | Op.AT_MOST:
                return self.against(node, pairs)
            case Op.NEGATE | Op.NOT | Op.AGE | Op.MONTHS_SINCE:
                (lowest, highest) = pairs[0]
                return self.rebuilt(node, [highest]), self.rebuilt(node, [lowest])
            case Op.MULTIPLY:
                return _corners(pairs, nodes.multiply)
            case Op.ROUND:
                numbers, (least, most) = pairs
                positive = tuple(nodes.extreme(Op.GREATEST, (one, nodes.ONE)) for one in (least, most))
                return _corners([numbers, (positive[0], positive[1])], nodes.rounded)
            case Op.EQUAL:
                return _equal(*pairs)
            case Op.ONE_OF:
                return _one_of(pairs[0], node.value)
            case Op.CASE:
                return self.case(node, pairs)
        # all others grow with each of their parts
        return self.rebuilt(node, [one for one, _ in pairs]), self.rebuilt(node, [one for _, one in pairs])

    def against(self, node: Node, pairs: list[Pair]) -> Pair:
        """Subtraction grows with the first and falls with the second part; a comparison the other way round."""
        (first_low, first_high), (second_low, second_high) = pairs
        rising = self.rebuilt(node, [first_low, second_high]), self.rebuilt(node, [first_high, second_low])
        return rising if node.op is Op.SUBTRACT else (rising[1], rising[0])

    def case(self, node: Node, pairs: list[Pair]) -> Pair:
        """Where a condition is open, both results are possible."""
        found: list[Node] = []
        for side, op in ((0, Op.LEAST), (1, Op.GREATEST)):
            result = pairs[-1][side]
            for (surely, possibly), value in reversed(list(zip(pairs[:-1:2], pairs[1::2], strict=True))):
                if surely == possibly:
                    result = nodes.case([(surely, value[side])], result)
                    continue
                mixed = nodes.extreme(op, (value[side], result))
                result = nodes.case([(surely, value[side]), (nodes.opposite(possibly), result)], mixed)
            found.append(result)
        return found[0], found[1]

    def rebuilt(self, node: Node, parts: list[Node]) -> Node:
        """The same operation on other parts, with the ranges that follow."""
        match node.op:
            case Op.ADD:
                return nodes.add(*parts)
            case Op.SUBTRACT:
                return nodes.subtract(*parts)
            case Op.MULTIPLY:
                return nodes.multiply(*parts)
            case Op.ROUND:
                return nodes.rounded(*parts)
            case Op.LESS | Op.AT_MOST | Op.EQUAL:
                return nodes.compared(node.op, parts[0], parts[1])
            case Op.AND:
                return nodes.both(parts)
            case Op.OR:
                return nodes.either(parts)
            case Op.NOT:
                return nodes.opposite(parts[0])
            case Op.CASE:
                return nodes.case(zip(parts[:-1:2], parts[1::2], strict=True), parts[-1])
            case Op.GREATEST | Op.LEAST:
                return nodes.extreme(node.op, parts)
            case _:
                return replace(node, parts=tuple(parts))


def _corners(pairs: list[Pair], act: Callable[[Node, Node], Node]) -> Pair:
    (first_low, first_high), (second_low, second_high) = pairs
    if first_low.lowest >= 0 and second_low.lowest >= 0 and act is nodes.multiply:
        return act(first_low, second_low), act(first_high, second_high)
    if first_low.lowest >= 0 and act is nodes.rounded:
        return act(first_low, second_high), act(first_high, second_low)
    found = [act(first, second) for first in (first_low, first_high) for second in (second_low, second_high)]
    return nodes.extreme(Op.LEAST, found), nodes.extreme(Op.GREATEST, found)


def _equal(first: Pair, second: Pair) -> Pair:
    if first == second and first[0] == first[1]:
        return nodes.YES, nodes.YES
    surely = nodes.both(
        [
            nodes.compared(Op.EQUAL, *first) if first[0] != first[1] else nodes.YES,
            nodes.compared(Op.EQUAL, *second) if second[0] != second[1] else nodes.YES,
            nodes.compared(Op.EQUAL, first[0], second[0]),
        ]
    )
    possibly = nodes.both(
        [nodes.compared(Op.AT_MOST, first[0], second[1]), nodes.compared(Op.AT_MOST, second[0], first[1])]
    )
    return surely, possibly


def _one_of(part: Pair, options: "int | str | Key | tuple[int, ...]") -> Pair:
    listed = tuple(int(option) for option in options) if isinstance(options, tuple) else ()
    lowest, highest = part
    surely = nodes.both([nodes.compared(Op.EQUAL, lowest, highest), nodes.one_of(lowest, listed)])
    possibly = nodes.either(
        nodes.both(
            [
                nodes.compared(Op.AT_MOST, lowest, nodes.literal(option)),
                nodes.compared(Op.AT_MOST, nodes.literal(option), highest),
            ]
        )
        for option in listed
    )
    return surely, possibly
