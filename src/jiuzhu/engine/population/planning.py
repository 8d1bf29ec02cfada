"""From a program and a population to what runs: parameters put in, the unknown bounded, the rest left out."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from jiuzhu.engine.packs.model import ROOT
from jiuzhu.engine.population.areas import DIGITS, Areas, areas
from jiuzhu.engine.population.model import Population, Whole
from jiuzhu.engine.population.problems import PopulationError, RowProblem
from jiuzhu.engine.program import nodes
from jiuzhu.engine.program.bounds import bounded, figure, low
from jiuzhu.engine.program.compiling import DIVISION, Program
from jiuzhu.engine.program.nodes import Key
from jiuzhu.engine.program.specialising import pruned, simplified, with_parameters


@dataclass(frozen=True, slots=True)
class Plan:
    """A program without unknown values, the cells that are asked for, and the parameters of all divisions."""

    program: Program
    outputs: tuple[Key, ...]
    areas: Areas

    @property
    def facts(self) -> tuple[Key, ...]:
        """The facts that are read."""
        return tuple(cell.key for cell in self.program.cells if cell.node is None and cell.key != DIVISION)

    def outputs_of(self, entity: str) -> tuple[Key, ...]:
        """The cells of an entity that are asked for."""
        return tuple(key for key in self.outputs if key[0] == entity)


def plan(
    program: Program, outputs: Iterable[Key], *, unknown: Iterable[Key], divisions: Whole, on: date | None = None
) -> Plan:
    """Make a program ready for households in some divisions of whom some facts are unknown.

    `on` chooses a day of those for which the program holds; the first of them when it is not given.

    Raises:
        PopulationError: a division lies outside those for which the program was compiled.
        ValueError: the program does not hold on that day.
    """
    _check_divisions(program, divisions)
    day = on or program.on
    if not program.on <= day <= (program.until or program.on):
        raise ValueError(f"the program holds from {program.on} to {program.until or program.on}, not on {day}")
    program = replace(program, on=day, until=None)
    wanted = set(outputs)
    program = pruned(program, wanted)
    used = {name for cell in program.cells if cell.node for name in nodes.parameters_of(cell.node)}
    where = areas(program.parameters, used, program.on)
    values = where.occurring(divisions)
    fixed = {
        name: value for name, found in values.items() if len(found) == 1 and (value := next(iter(found))) is not None
    }
    open_ones = {name for name, found in values.items() if None in found}
    program = bounded(with_parameters(program, fixed), facts=unknown, parameters=open_ones)
    program = pruned(simplified(program), wanted)
    keys = {cell.key for cell in program.cells}
    cells = (cell for cell in program.cells if figure(cell.key) in wanted)
    # a fact that is unknown for somebody is read by its bounds
    return Plan(program, tuple(cell.key for cell in cells if cell.node or low(cell.key) not in keys), where)


def plan_for(
    program: Program, population: Population, outputs: Iterable[Key] | None = None, *, on: date | None = None
) -> Plan:
    """Make a program ready for a population; without `outputs` for every variable that has a formula.

    Raises:
        PopulationError: as `plan` does.
        ValueError: as `plan` does.
    """
    derived = (key for key, reading in program.readings.items() if reading.variable.source is None)
    return plan(
        program,
        derived if outputs is None else outputs,
        unknown=population.unknown_facts(program),
        divisions=population.divisions,
        on=on,
    )


def _check_divisions(program: Program, divisions: Whole) -> None:
    low = int(program.root.ljust(DIGITS, "0"))
    outside = np.flatnonzero((divisions < low) | (divisions >= low + 10 ** (DIGITS - len(program.root))))
    if len(outside):
        row = int(outside[0])
        expected = (f"{program.root} 范围内的区划", f"a division within {program.root}")
        problem = RowProblem(ROOT, "division", row, 0, str(divisions[row]), "division.outside", *expected)
        raise PopulationError([problem], len(outside))
