"""The rules of a programme as a picture: what rests on what, in columns from facts to the outcome.

Facts of one register are drawn together, and so are figures of another programme: the picture shows how a decision
comes about, the rules beside it say everything.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from jiuzhu.engine.explaining.outlines import Rule
from jiuzhu.engine.packs.model import Variable
from jiuzhu.engine.program.nodes import Key

WIDTH, HEIGHT, ACROSS, DOWN, MARGIN = 168, 36, 224, 52, 8


class NodeKind(StrEnum):
    """What a node stands for."""

    FACTS = "facts"
    PROGRAMME = "programme"
    RULE = "rule"
    OUTCOME = "outcome"


@dataclass(frozen=True, slots=True)
class Node:
    """A box of the picture; `count` is how many facts or figures it stands for. `x` and `y` are its upper left."""

    key: str
    kind: NodeKind
    variable: Variable | None
    count: int
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Edge:
    """A line from the right side of a box to the left side of another."""

    x1: int
    y1: int
    x2: int
    y2: int

    @property
    def path(self) -> str:
        """The line as a path of SVG, bent so that lines can be told apart."""
        middle = (self.x1 + self.x2) // 2
        return f"M{self.x1} {self.y1}C{middle} {self.y1} {middle} {self.y2} {self.x2} {self.y2}"


@dataclass(frozen=True, slots=True)
class Picture:
    """Boxes and lines, and the size of all."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    width: int
    height: int


def picture(rules: Sequence[Rule], variables: Mapping[Key, Variable], outcome: Key) -> Picture:
    """Draw the rules; `variables` are those of the packs."""
    own = {rule.variable.key: rule for rule in rules}
    below: dict[str, list[str]] = {}
    counts: dict[str, set[Key]] = {}
    for key, rule in own.items():
        found = []
        for read in rule.reads:
            name = _name(read, own, variables)
            if read not in own:
                counts.setdefault(name, set()).add(read)
            found.append(name)
        below[_key(key)] = list(dict.fromkeys(found))
    columns = _columns(below)
    places = _placed(columns, below)
    named = {_key(key): rule.variable for key, rule in own.items()}
    nodes = tuple(
        Node(
            name,
            _kind(name, outcome),
            named.get(name),
            len(counts.get(name, ())),
            MARGIN + column * ACROSS,
            MARGIN + row * DOWN,
        )
        for name, (column, row) in places.items()
    )
    at = {one.key: one for one in nodes}
    edges = tuple(_edge(at[lower], at[upper]) for upper, found in below.items() for lower in found)
    width = max((one.x for one in nodes), default=0) + WIDTH + MARGIN
    height = max((one.y for one in nodes), default=0) + HEIGHT + MARGIN
    return Picture(nodes, edges, width, height)


def _key(key: Key) -> str:
    return f"{key[0]}.{key[1]}"


def _name(read: Key, own: Mapping[Key, Rule], variables: Mapping[Key, Variable]) -> str:
    if read in own:
        return _key(read)
    one = variables[read]
    return f"facts:{one.source.register}" if one.source is not None else f"programme:{one.programme}"


def _kind(name: str, outcome: Key) -> NodeKind:
    head = name.partition(":")[0]
    if head in (NodeKind.FACTS, NodeKind.PROGRAMME):
        return NodeKind(head)
    return NodeKind.OUTCOME if name == _key(outcome) else NodeKind.RULE


def _columns(below: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """How many steps a node is away from what rests on nothing; rules come after all they read."""
    found: dict[str, int] = {}

    def depth(name: str) -> int:
        if name not in found:
            found[name] = max((depth(one) + 1 for one in below.get(name, ())), default=0)
        return found[name]

    for name in below:
        depth(name)
    return found


def _placed(columns: Mapping[str, int], below: Mapping[str, Sequence[str]]) -> dict[str, tuple[int, int]]:
    """Rows within each column: a node stands near the middle of what it reads, so that few lines cross."""
    rows: dict[str, tuple[int, int]] = {}
    for column in range(max(columns.values(), default=-1) + 1):
        names = sorted(name for name, at in columns.items() if at == column)
        names.sort(key=lambda name: _middle(rows[one][1] for one in below.get(name, ()) if one in rows))
        rows |= {name: (column, row) for row, name in enumerate(names)}
    return rows


def _middle(rows: Iterable[int]) -> float:
    found = list(rows)
    return sum(found) / len(found) if found else 0.0


def _edge(lower: Node, upper: Node) -> Edge:
    return Edge(lower.x + WIDTH, lower.y + HEIGHT // 2, upper.x, upper.y + HEIGHT // 2)
