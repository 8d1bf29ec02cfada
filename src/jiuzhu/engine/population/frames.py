"""Where the members of households stand: what is known of a row is taken to the other rows of its household."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from jiuzhu.engine.packs.model import ROOT
from jiuzhu.engine.packs.programmes import Receiver
from jiuzhu.engine.population.model import Mask, Population, Values, Whole


@dataclass(frozen=True)
class Frame:
    """Households and their members next to each other: `counts` says how many members each household has."""

    counts: Whole

    @cached_property
    def owners(self) -> Whole:
        """For each member the place of its household."""
        return np.repeat(np.arange(len(self.counts)), self.counts)

    @cached_property
    def ends(self) -> Whole:
        """Running numbers of members, from 0."""
        return np.concatenate(([0], np.cumsum(self.counts))).astype(np.int64)

    @property
    def members(self) -> int:
        """How many members there are."""
        return int(self.counts.sum())

    def rows(self, unit: str) -> int:
        """How many rows a unit has."""
        return len(self.counts) if unit == ROOT else self.members

    def total(self, values: Values) -> Whole:
        """The sum over the members of each household."""
        running = np.concatenate(([0], np.cumsum(values, dtype=np.int64)))
        return np.asarray(running[self.ends[1:]] - running[self.ends[:-1]], dtype=np.int64)

    def anyone(self, truths: Mask) -> Mask:
        """Whether it is so of a member of each household."""
        return np.asarray(self.total(truths) > 0)

    def highest(self, values: Whole, lowest: int) -> Whole:
        """The highest value among the members of each household; `lowest` where there is nobody."""
        found = np.full(len(self.counts), lowest, dtype=np.int64)
        with_members = np.flatnonzero(self.counts)
        if len(with_members):
            found[with_members] = np.maximum.reduceat(values, self.ends[:-1][with_members])
        return found

    def taken(self, values: Values, of: str, to: str) -> Values:
        """Truths of one unit for another: a household's for each member, or any member's for the household."""
        if of == to:
            return values
        return values[self.owners] if of == ROOT else self.anyone(values)


def frame_of(population: Population) -> Frame:
    """The frame of the persons of a population."""
    counts = population.counts.get(Receiver.PERSON)
    return Frame(np.zeros(len(population), dtype=np.int64) if counts is None else counts)
