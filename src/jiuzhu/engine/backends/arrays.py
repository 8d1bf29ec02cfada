"""A program as one generated function over arrays: for whole populations, in pieces that stay in the cache.

Every step becomes one instruction over all households of a piece, or over all their members; both branches of a CASE
are worked out. Members lie next to each other, so a sum is a difference of running totals. The text that is generated
holds only numbers and names of its own making.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from jiuzhu.engine.backends.steps import NAMES, Step, written
from jiuzhu.engine.kinds import Base, encode_day
from jiuzhu.engine.packs.model import ROOT
from jiuzhu.engine.population.areas import Areas
from jiuzhu.engine.population.figures import Figures
from jiuzhu.engine.population.model import Column, Population, Values, Whole
from jiuzhu.engine.population.planning import Plan
from jiuzhu.engine.program import nodes
from jiuzhu.engine.program.compiling import DIVISION, Cell
from jiuzhu.engine.program.nodes import AGGREGATES, Key, Node, Op
from jiuzhu.engine.program.shapes import Shapes, results_of
from jiuzhu.engine.program.sharing import shared

PIECE = 16_384
Function: TypeAlias = Callable[["Piece"], tuple[Any, ...]]
_PLAIN = {
    Op.ADD: "add",
    Op.SUBTRACT: "subtract",
    Op.MULTIPLY: "multiply",
    Op.NEGATE: "negative",
    Op.LESS: "less",
    Op.AT_MOST: "less_equal",
    Op.EQUAL: "equal",
}


@dataclass(frozen=True, slots=True)
class Piece:
    """What the generated function reads: facts by place, the area of each household, and where its members are."""

    facts: Sequence[Column | None]
    areas: Whole
    divisions: Whole
    counts: Sequence[Whole]
    ends: Sequence[Whole]  # running numbers of members, from 0
    owners: Sequence[Whole]  # for each member the place of its household


def run(plan: Plan, population: Population, *, piece: int = PIECE, threads: int = 1) -> Figures:
    """Work out everything that a plan asks for, of a whole population."""
    return Compiled(plan).run(population, piece=piece, threads=threads)


def run_parts(plan: Plan, parts: Iterable[Population], *, threads: int = 1) -> Iterator[Figures]:
    """Work out one part after the other, so that no population is too large for the memory."""
    compiled = Compiled(plan)
    for part in parts:
        yield compiled.run(part, threads=threads)


class Compiled:
    """The function of a plan and what it reads."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.facts = list(plan.facts)
        self.children = [entity for entity in plan.program.entities if entity != ROOT]
        wanted = set(plan.outputs)
        self.outputs = [cell for cell in plan.program.cells if cell.key in wanted]
        self.text, tables = _Emitter(plan, self).text()
        space: dict[str, Any] = {**NAMES, **tables}
        exec(compile(self.text, "<arrays>", "exec"), space)  # noqa: S102 (text of our own making, see above)
        self.function: Function = space["run"]

    def run(self, population: Population, *, piece: int = PIECE, threads: int = 1) -> Figures:
        """Work out a population in pieces of so many households."""
        entities = self.plan.program.entities
        found: dict[Key, Values] = {
            cell.key: np.empty(population.members(cell.key[0]), np.bool_ if _is_truth(cell) else np.int64)
            for cell in self.outputs
        }
        starts = dict.fromkeys(entities, 0)
        places: list[tuple[Population, dict[str, int]]] = []
        for part in population.parts(piece):
            places.append((part, dict(starts)))
            for entity in entities:
                starts[entity] += part.members(entity)

        def work(place: tuple[Population, dict[str, int]]) -> None:
            part, first = place
            for cell, values in zip(self.outputs, self.values(part), strict=True):
                start = first[cell.key[0]]
                found[cell.key][start : start + part.members(cell.key[0])] = values

        if threads > 1:
            with ThreadPoolExecutor(threads) as pool:
                list(pool.map(work, places))
        else:
            for place in places:
                work(place)
        return Figures(population.households, found)

    def values(self, part: Population) -> tuple[Any, ...]:
        """The cells that are asked for, of a part of a population; a number where it is the same for all."""
        counts = [part.counts[entity] for entity in self.children]
        return self.function(
            Piece(
                [part.columns.get(key) for key in self.facts],
                self.plan.areas.of(part.divisions),
                part.divisions,
                counts,
                [np.concatenate(([0], np.cumsum(one))) for one in counts],
                [np.repeat(np.arange(len(part)), one) for one in counts],
            )
        )


def _is_truth(cell: Cell) -> bool:
    return cell.kind.base is Base.TRUTH


class _Emitter:
    def __init__(self, plan: Plan, compiled: Compiled) -> None:
        self.program = shared(plan.program)
        self.areas: Areas = plan.areas
        self.shapes = Shapes(self.program)
        self.compiled = compiled
        self.today = encode_day(self.program.on)
        self.cells = {cell.key: cell for cell in self.program.cells}
        self.steps: list[Step] = []
        self.found: dict[tuple[bytes, bool, str], str] = {}
        self.tables: dict[str, Values] = {}

    def text(self) -> tuple[str, dict[str, Values]]:
        """The text of `run(piece)`, and the tables that it reads."""
        for cell in self.program.cells:
            if cell.node is not None:
                self.at(nodes.cell(cell.key, cell.lowest, cell.highest), cell.key[0], truth=_is_truth(cell))
        outputs = [
            self.at(nodes.cell(cell.key, cell.lowest, cell.highest), cell.key[0], truth=_is_truth(cell))
            for cell in self.compiled.outputs
        ]
        return written(self.steps, outputs), self.tables

    # values

    def at(self, node: Node, entity: str, *, truth: bool) -> str:
        """A name or number for a node: as truth or number, for households or for members."""
        if node.op is Op.CELL:
            cell = self.cells[nodes.key_of(node)]
            if cell.node is not None and cell.node.op is Op.LITERAL:
                node = cell.node
        if node.op is Op.LITERAL:
            return str(bool(node.lowest)) if truth else str(node.lowest)
        own = self.shapes.entity(node)
        key = node.mark, truth, entity
        if key not in self.found:
            if own == entity:
                self.found[key] = self.own(node, entity, truth=truth)
            else:
                owners = f"owners[{self.compiled.children.index(entity)}]"
                self.found[key] = self.step("take", self.at(node, own, truth=truth), owners, truth=truth, entity=entity)
        return self.found[key]

    def step(self, function: str, *arguments: str, truth: bool, entity: str, fresh: bool = True) -> str:
        name = f"v{len(self.steps)}"
        self.steps.append(Step(name, function, arguments, truth, entity, fresh))
        return name

    def own(self, node: Node, entity: str, *, truth: bool) -> str:
        """A node that belongs to `entity`."""
        if node.op is Op.CELL:
            return self.cell(node, entity, truth=truth)
        natural = self.shapes.is_truth(node)
        if natural is not truth:
            return self.turned(self.at(node, entity, truth=natural), entity, truth=truth)
        if node.op in (Op.CASE, Op.GREATEST, Op.LEAST, Op.ASSUME):
            return self.chosen(node, entity, truth=truth)
        return self.made(node, entity)

    def turned(self, name: str, entity: str, *, truth: bool) -> str:
        if truth:
            return self.step("not_equal", name, "0", truth=True, entity=entity)
        return self.step("whole", name, truth=False, entity=entity)

    def cell(self, node: Node, entity: str, *, truth: bool) -> str:
        cell = self.cells[nodes.key_of(node)]
        natural = _is_truth(cell)
        if natural is not truth:
            return self.turned(self.at(node, entity, truth=natural), entity, truth=truth)
        if cell.node is not None:
            return self.at(cell.node, entity, truth=truth)
        if cell.key == DIVISION:
            return "divisions"
        column = f"facts[{self.compiled.facts.index(cell.key)}]"
        return self.step(f"{column}.values", truth=natural, entity=entity, fresh=False)

    def number(self, node: Node, entity: str) -> str:
        return self.at(node, entity, truth=False)

    def truth(self, node: Node, entity: str) -> str:
        return self.at(node, entity, truth=True)

    # steps

    def made(self, node: Node, entity: str) -> str:
        match node.op:
            case Op.PARAMETER:
                return self.parameter(str(node.value), 0)
            case Op.AND | Op.OR | Op.NOT:
                return self.connected(node, entity)
            case Op.LESS | Op.AT_MOST | Op.EQUAL:
                return self.compared(node, entity)
            case Op.ROUND:
                return self.rounded(node, entity)
            case Op.ONE_OF:
                return self.one_of(node, entity)
            case Op.COUNT_TRUE:
                truths = [self.truth(part, entity) for part in node.parts]
                return self.step("counted", *truths, truth=False, entity=entity)
            case Op.AGE:
                day = self.number(node.parts[0], entity)
                since = self.step("subtract", str(self.today), day, truth=False, entity=entity)
                return self.step("floor_divide", since, "10000", truth=False, entity=entity)
            case Op.MONTHS_SINCE:
                day = self.number(node.parts[0], entity)
                return self.step("months_since", day, str(self.today), truth=False, entity=entity)
        if node.op in AGGREGATES:
            return self.aggregated(node)
        parts = [self.number(part, entity) for part in node.parts]
        return self.step(_PLAIN[node.op], *parts, truth=False, entity=entity)

    def parameter(self, name: str, instead: int) -> str:
        truth = self.program.parameters[name].kind.base is Base.TRUTH
        values = [instead if value is None else value for value in self.areas.values[name]]
        table = f"table{len(self.tables)}"
        self.tables[table] = np.array(values, dtype=np.bool_ if truth else np.int64)
        return self.step("take", table, "areas", truth=truth, entity=ROOT)

    def connected(self, node: Node, entity: str) -> str:
        parts = [self.truth(part, entity) for part in node.parts]
        if node.op is Op.NOT:
            return self.step("logical_not", parts[0], truth=True, entity=entity)
        return self.folded("bitwise_and" if node.op is Op.AND else "bitwise_or", parts, entity, truth=True)

    def folded(self, function: str, parts: Sequence[str], entity: str, *, truth: bool) -> str:
        found = parts[0]
        for part in parts[1:]:
            found = self.step(function, found, part, truth=truth, entity=entity)
        return found

    def compared(self, node: Node, entity: str) -> str:
        both_truths = node.op is Op.EQUAL and all(map(self.shapes.is_truth, node.parts))
        parts = [self.at(part, entity, truth=both_truths) for part in node.parts]
        return self.step(_PLAIN[node.op], *parts, truth=True, entity=entity)

    def one_of(self, node: Node, entity: str) -> str:
        part, options = self.number(node.parts[0], entity), nodes.options_of(node)
        one_by_one = [self.step("equal", part, str(option), truth=True, entity=entity) for option in options]
        return self.folded("bitwise_or", one_by_one, entity, truth=True)

    def rounded(self, node: Node, entity: str) -> str:
        """Half away from zero: add half the divisor, one less for a negative number where a half can occur."""
        number, divisor = node.parts
        negative = number.lowest < 0
        dividend = self.number(number, entity)
        if divisor.op is Op.LITERAL:
            if negative and divisor.lowest % 2 == 0:
                sign = self.step("right_shift", dividend, "63", truth=False, entity=entity)
                dividend = self.step("add", dividend, sign, truth=False, entity=entity)
            dividend = self.step("add", dividend, str(divisor.lowest // 2), truth=False, entity=entity)
            return self.step("floor_divide", dividend, str(divisor.lowest), truth=False, entity=entity)
        by = self.number(nodes.extreme(Op.GREATEST, (divisor, nodes.ONE)), entity)
        function = "rounded" if negative else "rounded_up"
        return self.step(function, dividend, by, truth=False, entity=entity)

    def aggregated(self, node: Node) -> str:
        members = str(node.value)
        at = self.compiled.children.index(members)
        part = node.parts[0]
        truth = node.op is not Op.SUM or self.shapes.is_truth(part)
        if self.shapes.entity(part) != members:  # the same for all members of a household
            function = {Op.SUM: "multiply", Op.ANY: "for_any", Op.EVERY: "for_every"}[node.op]
            of = self.at(part, ROOT, truth=truth)
            return self.step(function, f"counts[{at}]", of, truth=node.op is not Op.SUM, entity=ROOT)
        function = {Op.SUM: "number_of" if truth else "total", Op.ANY: "any_of", Op.EVERY: "every_of"}[node.op]
        of = self.at(part, members, truth=truth)
        return self.step(function, of, f"ends[{at}]", truth=node.op is not Op.SUM, entity=ROOT)

    # values that are chosen

    def chosen(self, node: Node, entity: str, *, truth: bool) -> str:
        if node.op is Op.ASSUME:
            return self.assumed(node, entity, truth=truth)
        results = [self.at(result, entity, truth=truth) for result in results_of(node)]
        if node.op is not Op.CASE:
            functions = ("maximum", "bitwise_or") if node.op is Op.GREATEST else ("minimum", "bitwise_and")
            return self.folded(functions[truth], results, entity, truth=truth)
        found = results[-1]
        for condition, result in reversed(list(zip(node.parts[:-1:2], results[:-1], strict=True))):
            found = self.either(self.truth(condition, entity), result, found, entity, truth=truth)
        return found

    def either(self, condition: str, result: str, otherwise: str, entity: str, *, truth: bool) -> str:
        if result == otherwise:
            return result
        if otherwise == "0" and not truth and result.startswith("v"):
            return self.step("multiply", result, condition, truth=False, entity=entity)
        return self.step("where", condition, result, otherwise, truth=truth, entity=entity)

    def assumed(self, node: Node, entity: str, *, truth: bool) -> str:
        fact, instead = node.parts
        if fact.op is Op.PARAMETER and instead.op is Op.LITERAL:
            found = self.parameter(str(fact.value), instead.lowest)
            natural = self.shapes.is_truth(fact)
            return found if natural is truth else self.turned(found, entity, truth=truth)
        key = nodes.key_of(fact)
        column = f"facts[{self.compiled.facts.index(key)}]"
        members = f"owners[{self.compiled.children.index(entity)}]" if entity != ROOT else "areas"
        if key[0] != entity:
            column = f"spread({column}, {members})"
        other = self.at(instead, entity, truth=truth)
        function = "assumed_truth" if truth else "assumed"
        return self.step(function, column, other, f"len({members})", truth=truth, entity=entity, fresh=False)
