"""A program made ready for what it will run on: with parameters that all share, without needless steps."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from jiuzhu.engine.kinds import encode_day
from jiuzhu.engine.program import nodes
from jiuzhu.engine.program.bounds import figure
from jiuzhu.engine.program.compiling import Cell, Program
from jiuzhu.engine.program.nodes import Key, Node, Op


def with_parameters(program: Program, fixed: Mapping[str, int]) -> Program:
    """Put in the parameters that have one value for all households."""

    def put_in(node: Node) -> Node:
        if node.op is Op.PARAMETER and str(node.value) in fixed:
            return nodes.literal(fixed[str(node.value)])
        return node

    return _rewritten(program, put_in)


def pruned(program: Program, outputs: Iterable[Key]) -> Program:
    """Keep the cells of some variables, with bounds and divisors, and what they need."""
    wanted = set(outputs)
    kept: list[Cell] = []
    for cell in reversed(program.cells):
        if cell.key in wanted or figure(cell.key) in wanted:
            kept.append(cell)
            wanted |= nodes.keys_of(cell.node) if cell.node else set()
    return replace(program, cells=tuple(reversed(kept)))


def simplified(program: Program) -> Program:
    """Ask for a day instead of an age, where an age is only compared with a number."""
    today = encode_day(program.on)

    def compare(node: Node) -> Node:
        if node.op not in (Op.LESS, Op.AT_MOST):
            return node
        left, right = node.parts
        strict = node.op is Op.LESS
        if left.op is Op.LITERAL and right.op is Op.AGE:
            years = left.lowest + strict  # k < age is k + 1 <= age: born at the latest so many years ago
            return nodes.compared(Op.AT_MOST, right.parts[0], nodes.literal(today - 10000 * years))
        if left.op is Op.AGE and right.op is Op.LITERAL:
            years = right.lowest + (not strict)
            return nodes.compared(Op.LESS, nodes.literal(today - 10000 * years), left.parts[0])
        return node

    return _rewritten(program, compare)


def _rewritten(program: Program, change: Callable[[Node], Node]) -> Program:
    """Change nodes from the parts up; what follows from that is folded, and ranges become narrower."""
    changed: dict[bytes, Node] = {}
    ranges: dict[Key, Cell] = {}
    cells: list[Cell] = []
    for cell in program.cells:
        new = cell
        if cell.node is not None:
            for node in nodes.within(cell.node, changed):
                changed[node.mark] = _renewed(node, changed, ranges, change)
            found = changed[cell.node.mark]
            new = replace(cell, node=found, lowest=found.lowest, highest=found.highest)
        cells.append(new)
        ranges[cell.key] = new
    return replace(program, cells=tuple(cells))


def _renewed(
    node: Node, changed: Mapping[bytes, Node], ranges: Mapping[Key, Cell], change: Callable[[Node], Node]
) -> Node:
    if node.op is Op.CELL:
        cell = ranges[nodes.key_of(node)]
        if cell.node is not None and cell.node.op is Op.LITERAL:
            return cell.node
        return nodes.cell(cell.key, cell.lowest, cell.highest)
    parts = tuple(changed[part.mark] for part in node.parts)
    return change(nodes.rebuilt(node, parts))
