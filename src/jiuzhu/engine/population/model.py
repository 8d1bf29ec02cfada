"""A snapshot of households: one array for each fact, members of a household next to each other, in its order."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from jiuzhu.engine.packs.model import ROOT
from jiuzhu.engine.program.compiling import DIVISION, Program
from jiuzhu.engine.program.nodes import Key

Whole: TypeAlias = npt.NDArray[np.int64]
Mask: TypeAlias = npt.NDArray[np.bool_]
Values: TypeAlias = npt.NDArray[Any]


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """The values of a fact, int64 or bool, and where they are unknown (None: nowhere; such values are 0)."""

    values: Values
    unknown: Mask | None = None

    def taken(self, rows: "slice | Whole") -> "Column":
        """Some rows of it."""
        return Column(self.values[rows], None if self.unknown is None else self.unknown[rows])


@dataclass(frozen=True, slots=True, eq=False)
class Population:
    """Households as they were known on a day. Made by `gathering.gather`, which checks every value.

    `counts` says for each entity of members how many each household has. A fact without a column is unknown for all.
    `numbers` are those by which a register knows members, in the order of the rows; they need not be there, and are no
    part of the digest.
    """

    taken_on: date
    households: Whole
    divisions: Whole
    counts: Mapping[str, Whole]
    columns: Mapping[Key, Column]
    numbers: Mapping[str, Whole] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.households)

    def members(self, entity: str) -> int:
        """How many rows an entity has."""
        return len(self) if entity == ROOT else int(self.counts[entity].sum())

    def unknown_facts(self, program: Program) -> set[Key]:
        """The facts of a program that are unknown for somebody here."""
        return {
            cell.key
            for cell in program.cells
            if cell.node is None and cell.key != DIVISION and self._is_open(self.columns.get(cell.key))
        }

    def _is_open(self, column: Column | None) -> bool:
        return column is None or column.unknown is not None

    def parts(self, size: int) -> "Iterator[Population]":
        """The households in pieces of `size`, one after the other, without copying."""
        starts = dict.fromkeys(self.counts, 0)
        for first in range(0, len(self), size):
            rows = {ROOT: slice(first, first + size)}
            for entity, counts in self.counts.items():
                end = starts[entity] + int(counts[first : first + size].sum())
                rows[entity] = slice(starts[entity], end)
                starts[entity] = end
            yield self._taken(rows)

    def chosen(self, places: Whole) -> "Population":
        """Some households, by their places, as for a run over those that changed."""
        rows: dict[str, slice | Whole] = {ROOT: places}
        for entity, counts in self.counts.items():
            starts, chosen = np.cumsum(counts) - counts, counts[places]
            within = np.arange(int(chosen.sum())) - np.repeat(np.cumsum(chosen) - chosen, chosen)
            rows[entity] = np.repeat(starts[places], chosen) + within
        return self._taken(rows)

    def _taken(self, rows: "Mapping[str, slice | Whole]") -> "Population":
        own = rows[ROOT]
        return replace(
            self,
            households=self.households[own],
            divisions=self.divisions[own],
            counts={entity: counts[own] for entity, counts in self.counts.items()},
            columns={key: column.taken(rows[key[0]]) for key, column in self.columns.items()},
            numbers={entity: numbers[rows[entity]] for entity, numbers in self.numbers.items()},
        )
