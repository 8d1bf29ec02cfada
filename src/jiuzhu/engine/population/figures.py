"""What was worked out for a population: an array for each cell."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from jiuzhu.engine.population.model import Mask, Values, Whole
from jiuzhu.engine.program.bounds import high, low
from jiuzhu.engine.program.nodes import Key


@dataclass(frozen=True, slots=True, eq=False)
class Figures:
    """Cells of the `households`, or of their members, in the order of the population."""

    households: Whole
    cells: Mapping[Key, Values]

    def bounds(self, key: Key) -> tuple[Values, Values]:
        """The lowest and the highest value that a variable can have; the same array twice when all are known."""
        if key in self.cells:
            return self.cells[key], self.cells[key]
        return self.cells[low(key)], self.cells[high(key)]

    def known(self, key: Key) -> Mask:
        """Where a variable is known."""
        lowest, highest = self.bounds(key)
        return np.asarray(lowest == highest)
