"""The program of a day: the formulas in force, typed, in an order in which everything is known before it is used."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from jiuzhu.engine.expressions.tree import AGGREGATES, Call, Expression, Name, children, members_of
from jiuzhu.engine.kinds import BARE, Base, Kind
from jiuzhu.engine.packs.model import ROOT, Entity, Formula, PackSet, Parameter, Variable
from jiuzhu.engine.problems import PackError, Problem, Problems
from jiuzhu.engine.program import nodes
from jiuzhu.engine.program.nodes import Key, Node, Op
from jiuzhu.engine.program.quantities import Quantity, can_be_joined
from jiuzhu.engine.program.typing import build
from jiuzhu.engine.program.world import Known, Typed, TypeProblem, Value, World

DIVISION: Key = (ROOT, "division")
DIVISION_MOST = 10**12 - 1


@dataclass(frozen=True, slots=True)
class Cell:
    """A column of the program. `node` is None for a fact; `may_be_unknown` for facts that are not required."""

    key: Key
    kind: Kind
    lowest: int
    highest: int
    node: Node | None = None
    may_be_unknown: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """How a variable is read from its cells: `number / (scale * divisor)`; no divisor for what is rounded.

    `is_joint`: CASE chooses both, and bounds can bring all results to one divisor.
    """

    variable: Variable
    number: Key
    scale: int
    divisor: Key | None
    is_joint: bool = False


@dataclass(frozen=True, slots=True)
class Program:
    """What backends run: cells in order, and how variables are read from them.

    It holds for its day `on`, and where `until` is given, for every day from `on` to that one: ages are counted when
    it is run.
    """

    on: date
    root: str
    digest: str
    entities: Mapping[str, Entity]
    parameters: Mapping[str, Parameter]
    cells: tuple[Cell, ...]
    readings: Mapping[Key, Reading]
    until: date | None = None


def compile_program(packs: PackSet, *, on: date, root: str = "", until: date | None = None) -> Program:
    """Compile the formulas in force on a day for the divisions under a prefix.

    A variable whose formulas are not in force on that day has no figure: it is unknown, and so is what needs it.
    With `until` the program holds up to that day, on which the same formulas must still be in force.

    Raises:
        PackError: names, kinds, units or cycles are wrong; every formula's problem is named.
    """
    compiler = _Compiler(packs, on, root, until)
    for key in packs.variables:
        compiler.visit(key, ())
    compiler.problems.raise_if_any()
    return Program(
        on,
        root,
        packs.digest,
        packs.entities,
        packs.parameters,
        tuple(compiler.cells),
        compiler.readings,
        until,
    )


def _read(key: Key, kind: Kind, limits: tuple[int, int], scale: int) -> Typed:
    node = nodes.cell(key, *limits)
    return Quantity(node, scale, unit=kind.unit) if kind.base is Base.NUMBER else Value(node, kind)


def _named(tree: Expression, entity: str) -> set[Key]:
    """What a formula names; a bare name inside an aggregate is the member's."""
    if isinstance(tree, Name):
        return {(tree.owner or entity, tree.name)}
    if isinstance(tree, Call) and tree.function in AGGREGATES:
        entity = members_of(tree) or entity
    return {key for part in children(tree) for key in _named(part, entity)}


class _Compiler:
    def __init__(self, packs: PackSet, on: date, root: str, until: date | None) -> None:
        self.packs, self.on, self.root = packs, on, root
        self.problems = Problems()
        self.cells = [Cell(DIVISION, Kind(Base.NUMBER, highest=DIVISION_MOST), 0, DIVISION_MOST)]
        self.readings: dict[Key, Reading] = {}
        self.known: dict[Key, Known] = {}
        self.world = World(on, packs.entities, packs.parameters, self.known, until)
        self.failed: set[Key] = set()

    def visit(self, key: Key, path: tuple[Key, ...]) -> bool:
        """Compile a variable after those it needs; False when it or one of them cannot be compiled."""
        if key in self.known:
            return True
        if key in self.failed:
            return False
        variable = self.packs.variables[key]
        if key in path:
            self._refuse_cycle(variable, path[path.index(key) :])
            return False
        formulas = self._in_force(variable)
        needs = {need for formula in formulas for need in self._needs(variable, formula)}
        # each is visited, whatever the others say, so that every problem is named
        compiled = [self.visit(need, (*path, key)) for need in sorted(needs)]
        if not all(compiled):
            self.failed.add(key)
            return False
        if variable.source is not None or not formulas:
            self._fact(variable)
            return True
        return self._derived(variable, formulas)

    def _in_force(self, variable: Variable) -> list[Formula]:
        """The formula of the longest prefix that covers the root, then those of divisions below it."""
        alive = [one for one in variable.formulas if one.period.contains(self.on)]
        whole = [one for one in alive if self.root.startswith(one.prefix)]
        parts = [one for one in alive if one.prefix.startswith(self.root) and one.prefix != self.root]
        return sorted(whole, key=lambda one: len(one.prefix))[-1:] + sorted(parts, key=lambda one: len(one.prefix))

    def _needs(self, variable: Variable, formula: Formula) -> set[Key]:
        return {key for key in _named(formula.tree, variable.entity) if key in self.packs.variables}

    def _fact(self, variable: Variable) -> None:
        kind = variable.kind
        unknown = variable.source is None or not variable.required
        self.cells.append(Cell(variable.key, kind, kind.lowest, kind.highest, may_be_unknown=unknown))
        node = nodes.cell(variable.key, kind.lowest, kind.highest)
        typed: Typed = (
            Quantity(node, 10**kind.places, unit=kind.unit) if kind.base is Base.NUMBER else Value(node, kind)
        )
        self.known[variable.key] = Known(kind, typed, variable.source is not None)
        self.readings[variable.key] = Reading(variable, variable.key, 10**kind.places, None)

    def _derived(self, variable: Variable, formulas: list[Formula]) -> bool:
        try:
            typed = [self._typed(variable, formula) for formula in formulas]
            if variable.exact:
                return self._exact(variable, typed, formulas[0].prefix)
            whole = [self._rounded(variable, *one) for one in zip(formulas, typed, strict=True)]
        except PackError as error:
            self.problems.extend(error.problems)
            self.failed.add(variable.key)
            return False
        kind = variable.kind
        node = self._by_division(variable, formulas, whole)
        # the declared range is not taken for granted: a formula can leave it, so its own range is what counts
        self._add(variable, Cell(variable.key, kind, node.lowest, node.highest, node), 10**kind.places)
        return True

    def _add(self, variable: Variable, cell: Cell, scale: int) -> None:
        self.cells.append(cell)
        read = _read(cell.key, variable.kind, (cell.lowest, cell.highest), scale)
        self.known[variable.key] = Known(variable.kind, read, is_fact=False)
        self.readings[variable.key] = Reading(variable, cell.key, scale, None)

    def _exact(self, variable: Variable, typed: list[Typed], prefix: str) -> bool:
        """Two cells, numerator and divisor, so that nothing is rounded before it must be."""
        whole = typed[0]
        if len(typed) > 1 or not self.root.startswith(prefix) or not isinstance(whole, Quantity):
            self.problems.add(
                variable.place,
                "formula.exact",
                "exact 只用于数，且各地公式相同。",
                "only a number with one formula for all divisions can be exact.",
            )
            self.failed.add(variable.key)
            return False
        number = whole.number
        self.cells.append(Cell(variable.key, variable.kind, number.lowest, number.highest, number))
        read = nodes.cell(variable.key, number.lowest, number.highest)
        divisor, key = whole.divisor, None
        if divisor != nodes.ONE:
            key = (variable.entity, f"{variable.name}/")
            lowest, highest = max(divisor.lowest, 1), max(divisor.highest, 1)
            self.cells.append(
                Cell(key, variable.kind, lowest, highest, nodes.extreme(Op.GREATEST, (divisor, nodes.ONE)))
            )
            divisor = nodes.cell(key, lowest, highest)
        unit = variable.kind.unit
        self.known[variable.key] = Known(variable.kind, Quantity(read, whole.scale, divisor, unit), is_fact=False)
        joint = key is not None and can_be_joined(whole.number, whole.divisor)
        self.readings[variable.key] = Reading(variable, variable.key, whole.scale, key, joint)
        return True

    def _typed(self, variable: Variable, formula: Formula) -> Typed:
        try:
            typed = build(formula.tree, variable.entity, self.world)
            self._check_kind(variable, typed, formula)
        except TypeProblem as wrong:
            problem = Problem(
                formula.place_of(wrong.span.start),
                wrong.code,
                f"{variable.full_name}：{wrong.zh}",
                f"{variable.full_name}: {wrong.en}",
                *wrong.advice,
            )
            raise PackError([problem]) from wrong
        return typed

    def _check_kind(self, variable: Variable, typed: Typed, formula: Formula) -> None:
        kind = variable.kind
        if isinstance(typed, Quantity):
            bare = typed.bare and (kind.unit in BARE or typed.number == nodes.ZERO)
            fits = kind.base is Base.NUMBER and (bare or typed.unit is kind.unit)
        else:
            fits = typed.kind.base is kind.base and typed.kind.options == kind.options
        if not fits:
            raise TypeProblem(
                formula.tree.span,
                "formula.declared",
                "公式的类型或单位与声明的 type 不一致。",
                "the formula has another type or unit than declared.",
            )

    def _rounded(self, variable: Variable, formula: Formula, typed: Typed) -> Node:
        if not isinstance(typed, Quantity):
            return typed.node
        try:
            return typed.at(variable.kind.places)
        except nodes.RangeError:
            problem = Problem(
                formula.place_of(formula.tree.span.start),
                "formula.range",
                f"{variable.full_name}：取整前的数可能超出 64 位整数。",
                f"{variable.full_name}: the number may not fit 64 bits before it is rounded.",
                "请少用几位小数，或给变量写上更窄的 lowest 和 highest。",
                "Use fewer decimals, or give the variables a narrower lowest and highest.",
            )
            raise PackError([problem]) from None

    def _by_division(self, variable: Variable, formulas: list[Formula], whole: list[Node]) -> Node:
        """The formula of the household's own division, where divisions below the root have their own."""
        base = nodes.unknown(variable.key, variable.kind.lowest, variable.kind.highest)
        for formula, node in zip(formulas, whole, strict=True):
            if self.root.startswith(formula.prefix):
                base = node
                continue
            low = int(formula.prefix.ljust(12, "0"))
            division = nodes.cell(DIVISION, 0, DIVISION_MOST)
            inside = nodes.both(
                [
                    nodes.compared(Op.AT_MOST, nodes.literal(low), division),
                    nodes.compared(Op.LESS, division, nodes.literal(low + 10 ** (12 - len(formula.prefix)))),
                ]
            )
            base = nodes.case([(inside, node)], base)
        return base

    def _refuse_cycle(self, variable: Variable, cycle: tuple[Key, ...]) -> None:
        if set(cycle) & self.failed:
            return
        shown = " → ".join(f"{entity}.{name}" for entity, name in (*cycle, cycle[0]))
        self.failed.update(cycle)
        self.problems.add(
            variable.place,
            "formula.cycle",
            f"公式循环：{shown}。",
            f"the formulas go round in a circle: {shown}.",
            advice=("请让其中一个不再依赖另一个。", "Let one of them no longer depend on the other."),
        )
