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
from jiuzhu.engine.program.quantities import matched

Pair: TypeAlias = tuple[Node, Node]


def low(key: Key) -> Key:
    """The cell of the lowest value of a figure."""
    return key[0], f"{key[1]}<"


def high(key: Key) -> Key:
    """The cell of the highest value of a figure."""
    return key[0], f"{key[1]}>"


def figure(key: Key) -> Key:
    """The variable that a cell belongs to, whether it holds a bound, a divisor, or the figure itself."""
    return key[0], key[1].rstrip("</>")


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
        cells = {cell.key: cell for cell in program.cells}
        self.divisors = {
            reading.number: cells[reading.divisor]
            for reading in program.readings.values()
            if reading.is_joint and reading.divisor in cells and reading.divisor
        }
        self.done: set[Key] = set()
        self.pairs: dict[Key, Pair] = {}
        self.found: dict[bytes, Pair] = {}

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
        if one.key in self.done:
            return
        divisor = self.divisors.get(one.key)
        if divisor is None or not self.fraction(one, one.node, divisor):
            self.put(one, self.pair(one.node))

    def fraction(self, one: Cell, node: Node, divisor: Cell) -> bool:
        """A number and its divisor, where CASE chooses both and the choice is open: all brought to that divisor.

        So results that are the same number agree. False where nothing is open; then each has bounds of its own.
        """
        if divisor.node is None or divisor.node.op is not Op.CASE:
            return False
        conditions, numbers, divisors = matched(node, divisor.node)
        asked = [self.pair(condition) for condition in conditions]
        if all(surely == possibly for surely, possibly in asked):
            return False
        not_before = [nodes.opposite(surely) for surely, _ in asked]
        possible = [nodes.both((*not_before[:at], possibly)) for at, (_, possibly) in enumerate(asked)]
        possible.append(nodes.both(not_before))
        by = next(own for own in divisors if own != nodes.ONE)
        can = nodes.either(can for can, own in zip(possible, divisors, strict=True) if own == by)
        # where it is not possible it must not blur what is
        least, most = (nodes.case([(can, end)], nodes.ONE) for end in self.pair(by))
        brought = [
            self.pair(number) if own == by else _product(self.pair(number), (least, most))
            for number, own in zip(numbers, divisors, strict=True)
        ]
        pairs = [part for both in zip(asked, brought, strict=False) for part in both]
        pairs.append(brought[-1])
        self.put(one, (_case(pairs, Op.LEAST, 0), _case(pairs, Op.GREATEST, 1)))
        self.put(divisor, (least, most))
        self.done.add(divisor.key)
        return True

    def put(self, one: Cell, pair: Pair) -> None:
        """The cell of a figure, or the two of its bounds."""
        lowest, highest = pair
        if lowest == highest:
            self.cells.append(replace(one, node=lowest, lowest=lowest.lowest, highest=lowest.highest))
            read = nodes.cell(one.key, lowest.lowest, lowest.highest)
            self.pairs[one.key] = (read, read)
            return
        self.two(one, lowest, highest)

    def two(self, one: Cell, lowest: Node, highest: Node) -> None:
        keys = low(one.key), high(one.key)
        reads = []
        for key, node in zip(keys, (lowest, highest), strict=True):
            self.cells.append(Cell(key, one.kind, node.lowest, node.highest, node))
            reads.append(nodes.cell(key, node.lowest, node.highest))
        self.pairs[one.key] = (reads[0], reads[1])

    def pair(self, node: Node) -> Pair:
        """The lowest and the highest value of a node."""
        for one in nodes.within(node, self.found):
            self.found[one.mark] = self.bounds(one, [self.found[part.mark] for part in one.parts])
        return self.found[node.mark]

    def bounds(self, node: Node, pairs: list[Pair]) -> Pair:
        limits = nodes.literal(node.lowest), nodes.literal(node.highest)
        match node.op:
            case Op.CELL:
                return self.pairs[nodes.key_of(node)]
            case Op.UNKNOWN:
                return limits
            case Op.PARAMETER if node.value in self.parameters:
                return nodes.assumed(node, limits[0]), nodes.assumed(node, limits[1])
            case Op.ASSUME:
                fact, instead = node.parts[0], pairs[1]
                if pairs[0] == (fact, fact):
                    return fact, fact
                return nodes.assumed(fact, instead[0]), nodes.assumed(fact, instead[1])
        if all(lowest == highest for lowest, highest in pairs):
            same = nodes.rebuilt(node, tuple(lowest for lowest, _ in pairs))
            return same, same
        return self.combined(node, pairs)

    def combined(self, node: Node, pairs: list[Pair]) -> Pair:
        match node.op:
            case Op.SUBTRACT | Op.LESS | Op.AT_MOST:
                return _against(node, *pairs)
            case Op.NEGATE | Op.NOT | Op.AGE | Op.MONTHS_SINCE:
                (lowest, highest) = pairs[0]
                return nodes.rebuilt(node, (highest,)), nodes.rebuilt(node, (lowest,))
            case Op.MULTIPLY:
                return _product(*pairs)
            case Op.ROUND:
                return _quotient(*pairs)
            case Op.EQUAL:
                return _equal(*pairs)
            case Op.ONE_OF:
                return _one_of(pairs[0], nodes.options_of(node))
            case Op.CASE:
                return _case(pairs, Op.LEAST, 0), _case(pairs, Op.GREATEST, 1)
        # all others grow with each of their parts
        return nodes.rebuilt(node, tuple(one for one, _ in pairs)), nodes.rebuilt(node, tuple(one for _, one in pairs))


def _against(node: Node, first: Pair, second: Pair) -> Pair:
    """Subtraction grows with the first and falls with the second part; a comparison the other way round."""
    rising = nodes.rebuilt(node, (first[0], second[1])), nodes.rebuilt(node, (first[1], second[0]))
    return rising if node.op is Op.SUBTRACT else (rising[1], rising[0])


def _case(pairs: list[Pair], op: Op, side: int) -> Node:
    """Where a condition is open, its result and those after it are possible.

    A result that is not possible is replaced by one that never is the extreme, so each part is written once.
    """
    found = pairs[-1][side]
    for (surely, possibly), value in reversed(list(zip(pairs[:-1:2], pairs[1::2], strict=True))):
        one = value[side]
        if surely == possibly:
            found = nodes.case([(surely, one)], found)
            continue
        harmless = max(one.highest, found.highest) if op is Op.LEAST else min(one.lowest, found.lowest)
        never = nodes.literal(harmless)
        found = nodes.extreme(op, (nodes.case([(possibly, one)], never), nodes.case([(surely, never)], found)))
    return found


def _product(first: Pair, second: Pair) -> Pair:
    if first[0].lowest < 0 <= second[0].lowest:
        first, second = second, first
    if first[0].lowest >= 0:
        # the other side's bounds keep their order; which end of the first is the extreme depends on their sign
        if second[0].lowest >= 0:
            return nodes.multiply(first[0], second[0]), nodes.multiply(first[1], second[1])
        lowest, highest = ([nodes.multiply(one, end) for one in first] for end in second)
        return nodes.extreme(Op.LEAST, lowest), nodes.extreme(Op.GREATEST, highest)
    return _corners(first, second, nodes.multiply)


def _quotient(number: Pair, divisor: Pair) -> Pair:
    least, most = (nodes.extreme(Op.GREATEST, (one, nodes.ONE)) for one in divisor)
    if number[0].lowest >= 0:
        return nodes.rounded(number[0], most), nodes.rounded(number[1], least)
    lowest, highest = ([nodes.rounded(one, end) for end in (least, most)] for one in number)
    return nodes.extreme(Op.LEAST, lowest), nodes.extreme(Op.GREATEST, highest)


def _corners(first: Pair, second: Pair, act: Callable[[Node, Node], Node]) -> Pair:
    found = [act(one, other) for one in first for other in second]
    return nodes.extreme(Op.LEAST, found), nodes.extreme(Op.GREATEST, found)


def _known(part: Pair) -> Node:
    """Whether both bounds agree."""
    return nodes.YES if part[0] == part[1] else nodes.compared(Op.EQUAL, *part)


def _equal(first: Pair, second: Pair) -> Pair:
    surely = nodes.both(
        [
            _known(first),
            _known(second),
            nodes.compared(Op.EQUAL, first[0], second[0]),
        ]
    )
    possibly = nodes.both(
        [nodes.compared(Op.AT_MOST, first[0], second[1]), nodes.compared(Op.AT_MOST, second[0], first[1])]
    )
    return surely, possibly


def _one_of(part: Pair, options: tuple[int, ...]) -> Pair:
    lowest, highest = part
    surely = nodes.both([_known(part), nodes.one_of(lowest, options)])
    possibly = nodes.either(
        nodes.both(
            [
                nodes.compared(Op.AT_MOST, lowest, nodes.literal(option)),
                nodes.compared(Op.AT_MOST, nodes.literal(option), highest),
            ]
        )
        for option in options
    )
    return surely, possibly
