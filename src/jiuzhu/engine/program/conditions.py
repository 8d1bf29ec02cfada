"""Conditions outside the formulas, such as who must hand in a paper: typed against a program, and added to it.

What is added is worked out like any other figure, with bounds and explanation; a program for a whole population is
compiled without them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from jiuzhu.engine.kinds import TRUTH, Base
from jiuzhu.engine.packs.model import Variable
from jiuzhu.engine.packs.pieces import Formula, Label
from jiuzhu.engine.packs.programmes import Version
from jiuzhu.engine.problems import PackError, Problem
from jiuzhu.engine.program import nodes
from jiuzhu.engine.program.compiling import Cell, Program, Reading
from jiuzhu.engine.program.nodes import Key, Node
from jiuzhu.engine.program.quantities import Quantity
from jiuzhu.engine.program.typing import build
from jiuzhu.engine.program.world import Known, Typed, TypeProblem, Value, World


def material_key(version: Version, programme: str, material: str) -> Key:
    """Where a program with conditions says whether a paper must be handed in."""
    return str(version.unit), f"{programme}:material:{material}"


def review_key(version: Version, programme: str, name: str) -> Key:
    """Where a program with conditions says whether a class of reviews fits."""
    return str(version.unit), f"{programme}:review:{name}"


def conditions(programme: str, version: Version) -> tuple[Variable, ...]:
    """The conditions of a programme: of its papers, and of its classes of reviews."""
    found = [
        _variable(programme, material_key(version, programme, one.key), one.label, one.when)
        for one in version.materials or ()
        if one.when is not None
    ]
    found += [
        _variable(programme, review_key(version, programme, one.name), one.label, one.when)
        for one in (version.process.reviews if version.process else ())
        if one.when is not None
    ]
    return tuple(found)


def _variable(programme: str, key: Key, label: Label, formula: Formula) -> Variable:
    return Variable(*key, TRUTH, label, formula.place, programme=programme, formulas=(formula,))


def with_conditions(program: Program, variables: Iterable[Variable]) -> Program:
    """The program, and the conditions as figures of it.

    Raises:
        PackError: a condition names what is not there, or is neither yes nor no; all of them are named.
    """
    world = World(program.on, program.entities, program.parameters, _known(program), program.until)
    cells, readings = list(program.cells), dict(program.readings)
    problems: list[Problem] = []
    for variable in variables:
        try:
            node = _truth(variable, world)
        except PackError as error:
            problems += error.problems
            continue
        cells.append(Cell(variable.key, variable.kind, 0, 1, node))
        readings[variable.key] = Reading(variable, variable.key, 1, None)
    if problems:
        raise PackError(problems)
    return replace(program, cells=tuple(cells), readings=readings)


def _truth(variable: Variable, world: World) -> Node:
    formula = variable.formulas[0]
    try:
        typed = build(formula.tree, variable.entity, world)
        if isinstance(typed, Value) and typed.kind.base is Base.TRUTH:
            return typed.node
        raise TypeProblem(formula.tree.span, "formula.type", "这里应当是是非。", "expected yes or no.")
    except TypeProblem as wrong:
        place = formula.place_of(wrong.span.start)
        raise PackError([Problem(place, wrong.code, wrong.zh, wrong.en, *wrong.advice)]) from wrong


def _known(program: Program) -> Mapping[Key, Known]:
    ranges = {cell.key: (cell.lowest, cell.highest) for cell in program.cells}
    return {
        key: Known(reading.variable.kind, _typed(reading, ranges), reading.variable.source is not None)
        for key, reading in program.readings.items()
    }


def _typed(reading: Reading, ranges: Mapping[Key, tuple[int, int]]) -> Typed:
    kind = reading.variable.kind
    node = nodes.cell(reading.number, *ranges[reading.number])
    if kind.base is not Base.NUMBER:
        return Value(node, kind)
    divisor = nodes.cell(reading.divisor, *ranges[reading.divisor]) if reading.divisor else nodes.ONE
    return Quantity(node, reading.scale, divisor, kind.unit)
