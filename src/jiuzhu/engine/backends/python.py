"""A program as one generated Python function: for a single household, in some hundredths of a millisecond.

The text that is generated holds only numbers and names of its own making (`c0`, `c1`, …): nothing written in a pack
reaches it.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol, TypeAlias

from jiuzhu.engine.kinds import encode_day
from jiuzhu.engine.packs.model import ROOT
from jiuzhu.engine.program import nodes
from jiuzhu.engine.program.compiling import Program
from jiuzhu.engine.program.nodes import AGGREGATES, Key, Node, Op
from jiuzhu.engine.program.sharing import shared

# a household's facts by name, and for each entity of members its facts by name as lists; None is unknown
Facts: TypeAlias = Mapping[str, "int | bool | None"]
Members: TypeAlias = Mapping[str, Mapping[str, Sequence["int | bool | None"]]]
Parameters: TypeAlias = Mapping[str, "int | None"]


class Function(Protocol):
    """The values of all cells for a household; `today` (yyyymmdd) is the program's day when it is not given."""

    def __call__(
        self, facts: Facts, members: Members, counts: Mapping[str, int], parameters: Parameters, today: int = ..., /
    ) -> dict[Key, Any]: ...


_SIGNS = {
    Op.ADD: "+",
    Op.SUBTRACT: "-",
    Op.MULTIPLY: "*",
    Op.LESS: "<",
    Op.AT_MOST: "<=",
    Op.EQUAL: "==",
}


def emit(program: Program) -> str:
    """The text of the function `run(facts, members, counts, parameters, today)`: the values of all cells."""
    return _Emitter(program).text()


def generate(program: Program) -> Function:
    """The function itself."""
    space: dict[str, Any] = {"half_away": nodes.half_away}
    exec(compile(emit(program), "<program>", "exec"), space)  # noqa: S102 (text of our own making, see above)
    function: Function = space["run"]
    return function


class _Emitter:
    def __init__(self, program: Program) -> None:
        self.wanted = [cell.key for cell in program.cells]
        self.program = shared(program)
        self.names = {cell.key: f"c{at}" for at, cell in enumerate(self.program.cells)}
        self.members = ""  # the entity whose members a comprehension goes through

    def text(self) -> str:
        lines = [f"def run(facts, members, counts, parameters, today={encode_day(self.program.on)}):"]
        lines += [f" n_{at} = counts[{name!r}]" for at, name in enumerate(self.children())]
        for cell in self.program.cells:
            entity, name = cell.key
            target = self.names[cell.key]
            if cell.node is None:
                source = f"facts[{name!r}]" if entity == ROOT else f"members[{entity!r}][{name!r}]"
                lines.append(f" {target} = {source}")
            elif entity == ROOT:
                lines.append(f" {target} = {self.node(cell.node)}")
            else:
                lines.append(f" {target} = {self.each(cell.node, entity, '[]')}")
        pairs = ", ".join(f"{key!r}: {self.names[key]}" for key in self.wanted)
        return "\n".join([*lines, f" return {{{pairs}}}"]) + "\n"

    def children(self) -> list[str]:
        return [name for name in self.program.entities if name != ROOT]

    def each(self, node: Node, entity: str, brackets: str) -> str:
        """A comprehension over the members of an entity."""
        before, self.members = self.members, entity
        inner = self.node(node)
        self.members = before
        used = sorted({key for key in nodes.keys_of(node) if key[0] == entity})
        opening, closing = brackets[0], brackets[1:]
        if not used:
            return f"{opening}{inner} for _ in range(n_{self.children().index(entity)}){closing}"
        names = [self.names[key] for key in used]
        variables = ", ".join(f"{name}_" for name in names)
        if len(names) == 1:
            return f"{opening}{inner} for {variables} in {names[0]}{closing}"
        return f"{opening}{inner} for {variables} in zip({', '.join(names)}){closing}"

    def node(self, node: Node) -> str:
        match node.op:
            case Op.LITERAL:
                return f"({node.lowest})" if node.lowest < 0 else str(int(node.lowest))
            case Op.CELL:
                key = nodes.key_of(node)
                return f"{self.names[key]}_" if self.members and key[0] == self.members else self.names[key]
            case Op.PARAMETER:
                return f"parameters[{node.value!r}]"
            case Op.ONE_OF:
                options = node.value if isinstance(node.value, tuple) else ()
                return f"({self.node(node.parts[0])} in {{{', '.join(map(str, options))}}})"
            case Op.CASE:
                return self.case(node)
            case Op.ASSUME:
                return self.assume(node)
            case Op.UNKNOWN:
                return "None"
        if node.op in AGGREGATES:
            function = {Op.SUM: "sum", Op.ANY: "any", Op.EVERY: "all"}[node.op]
            return f"{function}{self.each(node.parts[0], str(node.value), '()')}"
        return self.plain(node, [self.node(part) for part in node.parts])

    def plain(self, node: Node, parts: list[str]) -> str:
        match node.op:
            case Op.NEGATE:
                return f"(-{parts[0]})"
            case Op.ROUND:
                return self.round(node, parts)
            case Op.AND:
                return f"({' and '.join(parts)})"
            case Op.OR:
                return f"({' or '.join(parts)})"
            case Op.NOT:
                return f"(not {parts[0]})"
            case Op.GREATEST | Op.LEAST:
                return f"{'max' if node.op is Op.GREATEST else 'min'}({', '.join(parts)})"
            case Op.COUNT_TRUE:
                return f"({' + '.join(parts)})" if len(parts) > 1 else f"(0 + {parts[0]})"
            case Op.AGE:
                return f"((today - {parts[0]}) // 10000)"
            case Op.MONTHS_SINCE:
                part = parts[0]
                months = "today // 10000 * 12 + today // 100 % 100"
                return f"({months} - {part} // 10000 * 12 - {part} // 100 % 100 - (today % 100 < {part} % 100))"
            case _:
                return f"({f' {_SIGNS[node.op]} '.join(parts)})"

    def round(self, node: Node, parts: list[str]) -> str:
        number, divisor = node.parts
        below = parts[1] if divisor.lowest >= 1 else f"max({parts[1]}, 1)"
        if number.lowest >= 0 and divisor.op is Op.LITERAL:
            return f"((2 * {parts[0]} + {divisor.lowest}) // {2 * divisor.lowest})"
        return f"half_away({parts[0]}, {below})"

    def case(self, node: Node) -> str:
        text = self.node(node.parts[-1])
        for condition, result in reversed(list(zip(node.parts[:-1:2], node.parts[1::2], strict=True))):
            text = f"({self.node(result)} if {self.node(condition)} else {text})"
        return text

    def assume(self, node: Node) -> str:
        known, instead = (self.node(part) for part in node.parts)
        return f"({instead} if {known} is None else {known})"
