"""In which order households and members take turns: household, member, household, and so on, as seldom as possible.

A figure of the household that goes over its members needs theirs first. Everything is worked out as late as it can be,
so that aggregates of one turn are grouped together.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from jiuzhu.engine.packs.model import ROOT
from jiuzhu.engine.program import nodes
from jiuzhu.engine.program.compiling import Cell, Program
from jiuzhu.engine.program.nodes import AGGREGATES, Key, Node, Op


@dataclass(frozen=True, slots=True)
class Need:
    """A cell reads another: `turns` later at the earliest. 1 where members come in between."""

    key: Key
    turns: int


def needs(cell: Cell) -> Iterator[Need]:
    """What a cell reads."""
    if cell.node is None:
        return
    waiting: list[tuple[Node, int]] = [(cell.node, 0)]
    seen: set[tuple[bytes, int]] = set()
    while waiting:
        node, turns = waiting.pop()
        if (node.mark, turns) in seen:
            continue
        seen.add((node.mark, turns))
        if node.op is Op.CELL:
            yield Need(nodes.key_of(node), turns)
        waiting += [(part, 1 if node.op in AGGREGATES else turns) for part in node.parts]


def aggregates_of(cell: Cell) -> list[Node]:
    """The aggregates in a cell of the household."""
    return [node for node in nodes.within(cell.node) if node.op in AGGREGATES] if cell.node else []


def turns(program: Program) -> Mapping[Key, int]:
    """In which turn each cell is worked out; facts are there in turn 0."""
    cells = {cell.key: cell for cell in program.cells}
    earliest: dict[Key, int] = {}
    for cell in program.cells:
        least = 1 if cell.key[0] == ROOT and aggregates_of(cell) else 0
        earliest[cell.key] = max((earliest[need.key] + need.turns for need in needs(cell)), default=0)
        earliest[cell.key] = max(earliest[cell.key], least)
    last = max(earliest.values(), default=0)
    latest = dict.fromkeys(earliest, last)
    for cell in reversed(program.cells):
        for need in needs(cell):
            latest[need.key] = min(latest[need.key], latest[cell.key] - need.turns)
    return {key: 0 if cells[key].node is None else turn for key, turn in latest.items()}
