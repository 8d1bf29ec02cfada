"""Parameters of all divisions as tables: a division is looked up once, then every parameter is one step away."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from jiuzhu.engine.packs.model import Parameter
from jiuzhu.engine.population.model import Whole

DIGITS = 12


@dataclass(frozen=True, slots=True)
class Areas:
    """`starts` are the first codes of areas in which every parameter has one value; `values` that value, or None."""

    starts: Whole
    values: Mapping[str, tuple[int | None, ...]]

    def of(self, divisions: Whole) -> Whole:
        """The place of each division's area."""
        return np.searchsorted(self.starts, divisions, side="right").astype(np.int64) - 1

    def occurring(self, divisions: Whole) -> dict[str, set[int | None]]:
        """The values that each parameter has somewhere in these divisions; None among them where it is not on file."""
        places = np.unique(self.of(divisions)).tolist()
        return {name: {values[place] for place in places} for name, values in self.values.items()}


def areas(parameters: Mapping[str, Parameter], names: Iterable[str], on: date) -> Areas:
    """The areas of some parameters on a day."""
    painted = {name: _painted(parameters[name], on) for name in sorted(names)}
    starts = sorted({0}.union(*(dict(found) for found in painted.values())))
    values: dict[str, tuple[int | None, ...]] = {}
    for name, found in painted.items():
        own = np.array([start for start, _ in found], dtype=np.int64)
        places = np.searchsorted(own, np.array(starts, dtype=np.int64), side="right") - 1
        values[name] = tuple(found[place][1] for place in places.tolist())
    return Areas(np.array(starts, dtype=np.int64), values)


def _painted(parameter: Parameter, on: date) -> list[tuple[int, int | None]]:
    """First codes and values, in order: short prefixes first, longer ones over them."""
    alive = sorted((one for one in parameter.entries if one.period.contains(on)), key=lambda one: len(one.prefix))
    ranges = [(int(one.prefix.ljust(DIGITS, "0")), 10 ** (DIGITS - len(one.prefix)), one.value) for one in alive]
    starts = sorted({0}.union(*({low, low + width} for low, width, _ in ranges)))
    places = {start: place for place, start in enumerate(starts)}
    values: list[int | None] = [None] * len(starts)
    for low, width, value in ranges:
        for place in range(places[low], places[low + width]):
            values[place] = value
    return [(start, value) for start, value in zip(starts, values, strict=True) if start < 10**DIGITS]
