"""One part of a population after the other, under the packs of a day: figured out by a backend, settled, summed.

A plan is made for the facts that are unknown and the divisions that occur; it is made anew only when a part brings
others, so a stream of parts needs no look at the whole before it begins.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

import duckdb
import numpy as np

from jiuzhu.engine.backends import arrays, duck
from jiuzhu.engine.household.months import Programs
from jiuzhu.engine.kinds import Base, encode_day
from jiuzhu.engine.packs.exclusions import Matrix, matrix_of
from jiuzhu.engine.packs.model import ROOT, PackSet, Parameter
from jiuzhu.engine.packs.programmes import Key, Receiver, Version
from jiuzhu.engine.population.areas import DIGITS
from jiuzhu.engine.population.figures import Figures
from jiuzhu.engine.population.frames import Frame, frame_of
from jiuzhu.engine.population.gathering import births
from jiuzhu.engine.population.model import Population, Values, Whole
from jiuzhu.engine.population.planning import Plan, plan
from jiuzhu.engine.population.problems import SHOWN, RowProblem, RowProblems
from jiuzhu.engine.population.settling import Settling
from jiuzhu.engine.program.compiling import Program, Reading
from jiuzhu.engine.runs.results import Blank, Result, Screened, result_of


class Engine(StrEnum):
    """What figures a population out."""

    NUMPY = "numpy"
    DUCKDB = "duckdb"

    @property
    def full_name(self) -> str:
        """With its version, as a run's identity states it."""
        return f"{self} {np.__version__ if self is Engine.NUMPY else duckdb.__version__}"


@dataclass(frozen=True, slots=True, eq=False)
class _Group:
    """Households that live under the same versions of all programmes."""

    matrix: Matrix
    outputs: frozenset[Key]


class Screen:
    """Screens parts of a population on a day.

    `root` is the prefix of the divisions that are screened; `parameters` take the place of those of the packs, as for
    a what-if.
    """

    def __init__(
        self,
        programs: Programs,
        *,
        on: date,
        root: str,
        engine: Engine = Engine.NUMPY,
        threads: int = 1,
        parameters: Mapping[str, Parameter] | None = None,
    ) -> None:
        self.packs: PackSet = programs.packs
        self.on, self.root, self.engine, self.threads = on, root, engine, threads
        self.program: Program = programs.at(on, root)
        if parameters is not None:
            self.program = replace(self.program, parameters=parameters)
        self._groups: dict[str, _Group] = {}
        self._by_versions: dict[tuple[int, ...], _Group] = {}
        self._unknown: set[Key] = set()
        self._outputs: frozenset[Key] = frozenset()
        self._divisions: Whole = np.zeros(0, dtype=np.int64)
        self._plan: Plan | None = None
        self._compiled: arrays.Compiled | None = None

    def screen(self, parts: Iterable[Population]) -> Iterator[Screened]:
        """Every part with its results."""
        for part in parts:
            yield self.one(part)

    def one(self, part: Population) -> Screened:
        """A part with its results.

        Raises:
            PopulationError: a division lies outside those that are screened, or the day is before somebody's birth.
            PackError: programmes of the day contradict each other.
        """
        if not len(part):
            return Screened(part, {})
        self.refuse_unborn(part)
        divisions, places = np.unique(part.divisions, return_inverse=True)
        groups = [self.group(str(division).zfill(DIGITS)) for division in divisions.tolist()]
        outputs = frozenset().union(*(one.outputs for one in groups))
        figures = self.figures(part, divisions, outputs)
        different = list(dict.fromkeys(groups))
        if len(different) == 1:
            return Screened(part, self.settled(different[0], figures, frame_of(part)))
        frame = frame_of(part)
        blank = Blank({Receiver.HOUSEHOLD: len(part), Receiver.PERSON: frame.members})
        at = np.array([different.index(one) for one in groups])[places]
        for number, group in enumerate(different):
            of_group = at == number
            members = np.flatnonzero(of_group[frame.owners])
            own = {Receiver.HOUSEHOLD: np.flatnonzero(of_group), Receiver.PERSON: members}
            rows = {ROOT: own[Receiver.HOUSEHOLD], Receiver.PERSON.value: own[Receiver.PERSON]}
            chosen = Figures(
                part.households[rows[ROOT]],
                {key: values[rows[key[0]]] for key, values in figures.cells.items() if key[0] in rows},
            )
            blank.put(self.settled(group, chosen, Frame(frame.counts[rows[ROOT]])), own)
        return Screened(part, blank.results)

    def refuse_unborn(self, part: Population) -> None:
        """Nobody's age is asked who is not yet born: facts of a later day can name children of whom this is true."""
        if self.on >= part.taken_on:
            return
        problems = RowProblems()
        for key in sorted(births(self.packs) & part.columns.keys()):
            column = part.columns[key]
            rows = np.flatnonzero(column.values > encode_day(self.on))
            expected = ("fact.future", f"不晚于 {self.on} 的日期", f"a day not after {self.on}")
            shown = [RowProblem(*key, row, 0, str(column.values[row]), *expected) for row in rows[:SHOWN].tolist()]
            problems.add(shown, len(rows))
        problems.raise_if_any()

    # rules

    def group(self, division: str) -> _Group:
        """The rules for a division."""
        if division not in self._groups:
            versions: dict[str, Version] = {}
            for name, programme in self.packs.programmes.items():
                version = programme.version(division, self.on)
                if version is not None:
                    versions[name] = version
            same = tuple(id(one) for one in versions.values())
            if same not in self._by_versions:
                self._by_versions[same] = _grouped(versions)
            self._groups[division] = self._by_versions[same]
        return self._groups[division]

    # figures

    def figures(self, part: Population, divisions: Whole, outputs: frozenset[Key]) -> Figures:
        """Outcomes, amounts and shares of a part."""
        ready = self.plan(part, divisions, outputs)
        if self.engine is Engine.DUCKDB:
            with duck.tables_of(part, self.program, threads=self.threads) as tables:
                return tables.run(ready)
        if self._compiled is None or self._compiled.plan is not ready:
            self._compiled = arrays.Compiled(ready)
        return self._compiled.run(part, threads=self.threads)

    def plan(self, part: Population, divisions: Whole, outputs: frozenset[Key]) -> Plan:
        """The plan at hand, or a wider one where this part brings something new."""
        unknown = part.unknown_facts(self.program)
        new = np.setdiff1d(divisions, self._divisions, assume_unique=True)
        if self._plan is None or len(new) or not unknown <= self._unknown or not outputs <= self._outputs:
            self._unknown |= unknown
            self._outputs |= outputs
            self._divisions = np.union1d(self._divisions, divisions)
            self._plan = plan(self.program, self._outputs, unknown=self._unknown, divisions=self._divisions, on=self.on)
        return self._plan

    def settled(self, group: _Group, figures: Figures, frame: Frame) -> dict[str, Result]:
        """The results of households that live under the same rules."""
        found = {
            key: held(reading, figures)
            for key in group.outputs
            if (reading := self.program.readings.get(key)) is not None
        }
        settling = Settling(group.matrix, found, frame)
        return {name: result_of(one, frame) for name, one in settling.settle().items()}


def _grouped(versions: dict[str, Version]) -> _Group:
    rules = matrix_of(versions)
    outputs = {version.outcome for version in versions.values()}
    outputs |= {amount.variable for version in versions.values() for amount in version.amounts}
    outputs |= {rule.counts for rule in rules.rules if rule.counts is not None}
    return _Group(rules, frozenset(outputs))


def held(reading: Reading, figures: Figures) -> tuple[Values, Values]:
    """The bounds of a variable as it is held in memory: fen for yuan; the outermost whole numbers where it is exact."""
    low, high = figures.bounds(reading.number)
    kind = reading.variable.kind
    scale = 10**kind.places if kind.base is Base.NUMBER else reading.scale
    if reading.divisor is None and reading.scale == scale:
        return low, high
    least, most = (values.astype(object) * scale for values in (low, high))
    small: Values = np.ones(len(low), dtype=object)
    large = small
    if reading.divisor is not None:
        small, large = (values.astype(object) for values in figures.bounds(reading.divisor))
    small, large = small * reading.scale, large * reading.scale
    lowest = np.where(least >= 0, least // large, least // small)
    highest = np.where(most >= 0, -(-most // small), -(-most // large))
    return lowest.astype(np.int64), highest.astype(np.int64)
