"""One household on one day: every figure with its bounds, every outcome, and the values of policy that were used.

What is not known stays within bounds; an outcome is known as soon as its bounds agree. The function that works a
program out is generated once and kept with it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from typing import Any, TypeAlias

from jiuzhu.engine.backends.python import Function, generate
from jiuzhu.engine.household.facts import At, Case, Facts, Held
from jiuzhu.engine.kinds import Base, Outcome, encode_day
from jiuzhu.engine.packs.model import ROOT, Entry, Formula, Parameter, Variable
from jiuzhu.engine.program import nodes
from jiuzhu.engine.program.bounds import bounded, high, low
from jiuzhu.engine.program.compiling import DIVISION, Program
from jiuzhu.engine.program.nodes import Key

Value: TypeAlias = bool | int | Decimal | Fraction | date | str | Outcome
Cells: TypeAlias = Mapping[Key, Any]
Interval: TypeAlias = tuple[int | Fraction, int | Fraction]
_MOST_KEPT = 512


class Status(StrEnum):
    """What is said of a figure: an outcome or a truth in one of five ways, any other figure is known or not."""

    YES = "yes"
    NO = "no"
    DISC = "disc"
    REFER = "refer"
    KNOWN = "known"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Figure:
    """A variable of a household or a member: between `low` and `high`, and known where both agree.

    Numbers are in their own unit; those of `exact` variables are fractions, not rounded.
    """

    at: At
    variable: Variable
    low: Value
    high: Value

    @property
    def is_known(self) -> bool:
        """Whether the bounds agree."""
        return self.low == self.high

    @property
    def value(self) -> Value | None:
        """The value, None when it is not known."""
        return self.low if self.is_known else None

    @property
    def status(self) -> Status:
        """What is said of it."""
        if not self.is_known:
            return Status.UNKNOWN
        if isinstance(self.low, Outcome):
            return Status[self.low.name]
        if isinstance(self.low, bool):
            return Status.YES if self.low else Status.NO
        return Status.KNOWN


@dataclass(frozen=True, slots=True)
class InForce:
    """A parameter, and its entry for the household's division on the day; None when no value is on file."""

    parameter: Parameter
    entry: Entry | None

    @property
    def value(self) -> Value | None:
        """The value in its own unit, None when none is on file."""
        return None if self.entry is None else self.parameter.kind.decode(self.entry.value)

    @property
    def is_demo(self) -> bool:
        """Whether it is a demonstration value, which pages and letters must say."""
        return self.entry is not None and self.entry.demo


class Prepared:
    """A program with its generated function, and what follows from the program alone; made once."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.facts = Facts(program)
        self.run, cells = _generated(_Alike(program))
        self._ends = {
            cell.key: (low(cell.key), high(cell.key)) if low(cell.key) in cells else (cell.key, cell.key)
            for cell in program.cells
        }
        self._reads: dict[Key, frozenset[Key]] = {}
        self._parameters: dict[Key, frozenset[str]] = {}
        self._follow()
        # divisions that no entry tells apart share what is kept
        self._digits = max((len(one.prefix) for each in program.parameters.values() for one in each.entries), default=0)
        self._in_force: dict[tuple[str, date], Mapping[str, InForce]] = {}
        prefixes = [one.prefix for each in program.readings.values() for one in each.variable.formulas]
        self._formula_digits = max(map(len, prefixes), default=0)
        self._formulas: dict[tuple[Key, str, date], Formula | None] = {}
        # what follows from a formula's text alone (kinds, names, words), for explanations; filled as it is asked for
        self.kept: dict[Any, Any] = {}

    def _follow(self) -> None:
        """For every cell: the facts and the parameters that it rests on, through all formulas between."""
        for cell in self.program.cells:
            if cell.node is None:
                self._reads[cell.key] = frozenset({cell.key} - {DIVISION})
                self._parameters[cell.key] = frozenset()
                continue
            below = nodes.keys_of(cell.node)
            self._reads[cell.key] = frozenset().union(*(self._reads[key] for key in below))
            own = frozenset(nodes.parameters_of(cell.node))
            self._parameters[cell.key] = own.union(*(self._parameters[key] for key in below))

    def facts_below(self, key: Key) -> frozenset[Key]:
        """The facts that a variable rests on; a fact rests on itself."""
        divisor = self.program.readings[key].divisor
        return self._reads[key] | (self._reads[divisor] if divisor else frozenset())

    def parameters_below(self, key: Key) -> frozenset[str]:
        """The parameters that a variable rests on."""
        divisor = self.program.readings[key].divisor
        return self._parameters[key] | (self._parameters[divisor] if divisor else frozenset())

    def in_force(self, division: str, on: date) -> Mapping[str, InForce]:
        """The parameters as they are for a division on a day."""
        key = division[: self._digits], on
        found = self._in_force.get(key)
        if found is None:
            if len(self._in_force) >= _MOST_KEPT:
                self._in_force.clear()
            found = {name: InForce(one, one.entry(division, on)) for name, one in self.program.parameters.items()}
            self._in_force[key] = found
        return found

    def formula(self, key: Key, division: str, on: date) -> Formula | None:
        """The formula of a variable in force for a division on a day; None for a fact, or when there is none."""
        asked = key, division[: self._formula_digits], on
        if asked not in self._formulas:
            if len(self._formulas) >= _MOST_KEPT * 64:
                self._formulas.clear()
            alive = [
                one
                for one in self.program.readings[key].variable.formulas
                if division.startswith(one.prefix) and one.period.contains(on)
            ]
            self._formulas[asked] = max(alive, key=lambda one: len(one.prefix), default=None)
        return self._formulas[asked]

    def cells(self, held: Held, in_force: Mapping[str, InForce], on: date) -> Cells:
        """Work everything out."""
        values = {name: None if one.entry is None else one.entry.value for name, one in in_force.items()}
        return self.run(held.facts, held.members, held.counts, values, encode_day(on))

    def bounds(self, cells: Cells, at: At) -> Interval:
        """The lowest and the highest value of a variable: fractions in the number's own unit, whole numbers else."""
        reading = self.program.readings[at.key]
        least, most = (self._read(cells, key, at) for key in self._ends[reading.number])
        if reading.variable.kind.base is not Base.NUMBER or (reading.scale == 1 and reading.divisor is None):
            return int(least), int(most)
        if reading.divisor is None:
            first = Fraction(int(least), reading.scale)
            return first, first if most == least else Fraction(int(most), reading.scale)
        small, large = (self._read(cells, key, at) * reading.scale for key in self._ends[reading.divisor])
        return Fraction(least, large if least >= 0 else small), Fraction(most, small if most >= 0 else large)

    def _read(self, cells: Cells, key: Key, at: At) -> int:
        found = cells[key]
        value = found if at.entity == ROOT else found[at.row]
        return int(value)


class _Alike:
    """A program as a key, by what its generated function follows from: packs that differ elsewhere share one."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.told = (
            program.on,
            program.until,
            tuple((one.name, one.most) for one in program.entities.values()),
            tuple((name, one.kind) for name, one in program.parameters.items()),
            tuple(
                (one.key, one.kind, one.lowest, one.highest, one.node and one.node.mark, one.may_be_unknown)
                for one in program.cells
            ),
            tuple((one.number, one.divisor, one.is_joint) for one in program.readings.values()),
        )

    def __hash__(self) -> int:
        return hash(self.told)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Alike) and other.told == self.told


@lru_cache(maxsize=64)
def _generated(alike: _Alike) -> tuple[Function, frozenset[Key]]:
    """The function that works a program out, and the cells that it gives."""
    bounds = bounded(alike.program)
    return generate(bounds), frozenset(cell.key for cell in bounds.cells)


class _Same:
    """A program as a key: by identity, because what it holds cannot be hashed; it stays alive with the key."""

    def __init__(self, program: Program) -> None:
        self.program = program

    def __hash__(self) -> int:
        return id(self.program)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.program is self.program


@lru_cache(maxsize=128)
def _prepared(same: _Same) -> Prepared:
    return Prepared(same.program)


def prepared(program: Program) -> Prepared:
    """The program with its generated function; the same object for the same program."""
    return _prepared(_Same(program))


@dataclass(frozen=True, slots=True)
class Assessment:
    """What follows for one household on a day, under the packs of a digest; `supposed` are facts of a what-if."""

    prepared: Prepared
    case: Case
    held: Held
    cells: Cells
    parameters: Mapping[str, InForce]
    on: date
    supposed: frozenset[At] = frozenset()

    @property
    def program(self) -> Program:
        """The program that was run."""
        return self.prepared.program

    @property
    def digest(self) -> str:
        """The digest of the packs."""
        return self.program.digest

    def bounds(self, at: At) -> Interval:
        """The lowest and the highest value of a variable, as `Prepared.bounds` gives them."""
        return self.prepared.bounds(self.cells, at)

    def figure(self, entity: str, name: str, row: int = 0) -> Figure:
        """A variable of the household, or of the member in a row (from 0).

        Raises:
            KeyError: there is no such variable.
            IndexError: there is no such member.
        """
        at = At(entity, name, row)
        variable = self.program.readings[at.key].variable
        if entity != ROOT and not 0 <= row < self.held.counts[entity]:
            raise IndexError(str(at))
        least, most = self.bounds(at)
        return Figure(at, variable, _plain(variable, least), _plain(variable, most))

    def figures(self) -> tuple[Figure, ...]:
        """All variables, facts included, in the order in which they are worked out."""
        return tuple(
            self.figure(entity, name, row)
            for entity, name in self.program.readings
            for row in range(1 if entity == ROOT else self.held.counts[entity])
        )

    def outcomes(self) -> tuple[Figure, ...]:
        """The outcomes of all programmes."""
        return tuple(one for one in self.figures() if one.variable.kind.base is Base.OUTCOME)

    def parameters_below(self, key: Key) -> tuple[InForce, ...]:
        """The values of policy that a variable rests on."""
        return tuple(self.parameters[name] for name in sorted(self.prepared.parameters_below(key)))

    def formula(self, key: Key) -> Formula | None:
        """The formula of a variable in force for the household's division; None for a fact, or when there is none."""
        return self.prepared.formula(key, self.case.division, self.on)

    def with_facts(self, values: Mapping[At, int | None]) -> "Assessment":
        """The same household with some facts changed, each given as it is held in memory."""
        held = self.held.changed(values)
        cells = self.prepared.cells(held, self.parameters, self.on)
        supposed = self.supposed.union(values)
        return Assessment(self.prepared, self.case, held, cells, self.parameters, self.on, supposed)


def assess(program: Program, case: Case, *, on: date | None = None) -> Assessment:
    """Work out everything that a program says of a household, on its day, or on another for which it holds.

    Raises:
        CaseError: facts are wrong, missing or of unknown names; every problem is named.
        ValueError: the program does not hold on that day.
    """
    day = on or program.on
    if not program.on <= day <= (program.until or program.on):
        raise ValueError(f"the program holds from {program.on} to {program.until or program.on}, not on {day}")
    ready = prepared(program)
    held = ready.facts.check(case, day)
    in_force = ready.in_force(case.division, day)
    return Assessment(ready, case, held, ready.cells(held, in_force, day), in_force, day)


def _plain(variable: Variable, bound: int | Fraction) -> Value:
    kind = variable.kind
    if kind.base is not Base.NUMBER:
        return kind.decode(int(bound))
    if variable.exact:
        return Fraction(bound)
    return kind.decode(int(bound * 10**kind.places))
