"""Of what sort a node is: a truth or a number, and of whom: of the household or of its members."""

from jiuzhu.engine.kinds import Base
from jiuzhu.engine.packs.model import ROOT
from jiuzhu.engine.program import nodes
from jiuzhu.engine.program.compiling import Program
from jiuzhu.engine.program.nodes import AGGREGATES, Node, Op

_TRUTHS = frozenset({Op.LESS, Op.AT_MOST, Op.EQUAL, Op.AND, Op.OR, Op.NOT, Op.ONE_OF, Op.ANY, Op.EVERY})
_EITHER = frozenset({Op.CASE, Op.GREATEST, Op.LEAST, Op.ASSUME})


def results_of(node: Node) -> tuple[Node, ...]:
    """The parts that can become the value of a CASE, GREATEST, LEAST or ASSUME."""
    return (*node.parts[1::2], node.parts[-1]) if node.op is Op.CASE else node.parts


class Shapes:
    """Answers for the nodes of one program, each worked out once."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.truths = {cell.key for cell in program.cells if cell.kind.base is Base.TRUTH}
        self._truth: dict[bytes, bool] = {}
        self._entity: dict[bytes, str] = {}

    def is_truth(self, node: Node) -> bool:
        """Whether it is made of truths. Fixed 0 and 1 are numbers, and are truths where one is expected."""
        if node.mark not in self._truth:
            for one in nodes.within(node, self._truth):
                self._truth[one.mark] = self._of_truths(one)
        return self._truth[node.mark]

    def entity(self, node: Node) -> str:
        """The entity whose value it is; empty when it is the same for all households."""
        if node.mark not in self._entity:
            for one in nodes.within(node, self._entity):
                self._entity[one.mark] = self._of_whom(one)
        return self._entity[node.mark]

    def _of_truths(self, node: Node) -> bool:
        if node.op is Op.CELL:
            return nodes.key_of(node) in self.truths
        if node.op is Op.PARAMETER:
            return self.program.parameters[str(node.value)].kind.base is Base.TRUTH
        if node.op not in _EITHER:
            return node.op in _TRUTHS
        results = results_of(node)
        truths = [one for one in results if self._truth[one.mark]]
        return bool(truths) and all(self._truth[one.mark] or one in (nodes.YES, nodes.NO) for one in results)

    def _of_whom(self, node: Node) -> str:
        if node.op is Op.CELL:
            return nodes.key_of(node)[0]
        if node.op is Op.PARAMETER or node.op in AGGREGATES:
            return ROOT
        found = {self._entity[part.mark] for part in node.parts} - {""}
        return next(iter(found - {ROOT}), ROOT if found else "")
