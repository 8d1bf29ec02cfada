"""What is worked out twice gets a cell of its own, and so does what lies too deep for one expression.

Bounds use every part several times. Written out as text, they would double with every level; shared, a program grows
with the number of its steps.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace

from jiuzhu.engine.kinds import MOST, TRUTH, Base, Kind
from jiuzhu.engine.program import nodes
from jiuzhu.engine.program.compiling import Cell, Program
from jiuzhu.engine.program.nodes import Key, Node, Op
from jiuzhu.engine.program.shapes import Shapes

DEEPEST = 24
_NUMBER = Kind(Base.NUMBER, lowest=-MOST, highest=MOST)
_CHEAP = frozenset({Op.LITERAL, Op.CELL, Op.PARAMETER, Op.UNKNOWN})


def shared(
    program: Program, *, deepest: int = DEEPEST, repeated: Callable[[Node], Iterable[Node]] = lambda _: ()
) -> Program:
    """The same program with further cells, called `#1`, `#2` and so on, so that nothing is written twice.

    `repeated` says which parts of a node a backend writes once more than there are.
    """
    return _Sharing(program, deepest, repeated).program()


class _Sharing:
    def __init__(self, program: Program, deepest: int, repeated: Callable[[Node], Iterable[Node]]) -> None:
        self.whole, self.deepest = program, deepest
        self.shapes = Shapes(program)
        self.uses = _uses(program, repeated)
        self.cells: list[Cell] = []
        self.rebuilt: dict[bytes, tuple[Node, int]] = {}

    def program(self) -> Program:
        """The cells of old, each after the new ones that it needs."""
        for cell in self.whole.cells:
            if cell.node is None:
                self.cells.append(cell)
                continue
            # asked of the whole first, it is known of every part
            self.shapes.entity(cell.node)
            self.shapes.is_truth(cell.node)
            for node in nodes.within(cell.node, self.rebuilt):
                self.rebuilt[node.mark] = self.step(node, is_whole=node == cell.node)
            new = self.rebuilt[cell.node.mark][0]
            self.cells.append(replace(cell, node=new))
            if cell.node.op not in _CHEAP and self.shapes.entity(cell.node) == cell.key[0]:
                self.rebuilt[cell.node.mark] = nodes.cell(cell.key, cell.node.lowest, cell.node.highest), 0
        return replace(self.whole, cells=tuple(self.cells))

    def step(self, node: Node, *, is_whole: bool) -> tuple[Node, int]:
        """A node made of what its parts have become, and how deep it is now."""
        parts = [self.rebuilt[part.mark] for part in node.parts]
        new = nodes.with_parts(node, tuple(part for part, _ in parts))
        depth = 1 + max((depth for _, depth in parts), default=0)
        entity = self.shapes.entity(node)
        if node.op in _CHEAP or is_whole or not entity or (self.uses[node.mark] < 2 and depth <= self.deepest):
            return new, depth
        key: Key = (entity, f"#{len(self.cells) + 1}")
        kind = TRUTH if self.shapes.is_truth(node) else _NUMBER
        self.cells.append(Cell(key, kind, node.lowest, node.highest, new))
        return nodes.cell(key, node.lowest, node.highest), 0


def _uses(program: Program, repeated: Callable[[Node], Iterable[Node]]) -> Counter[bytes]:
    """How often each node stands in a program, as a part or as a whole."""
    uses: Counter[bytes] = Counter()
    seen: set[bytes] = set()
    for cell in program.cells:
        if cell.node is None:
            continue
        uses[cell.node.mark] += 1
        for node in nodes.within(cell.node, seen):
            seen.add(node.mark)
            for part in (*node.parts, *repeated(node)):
                uses[part.mark] += 1
    return uses
