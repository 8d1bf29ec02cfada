"""Totals of a run: for each area and programme how many claims come out how, and what they cost, to the fen."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from jiuzhu.engine.packs.programmes import Receiver, Rhythm
from jiuzhu.engine.population.areas import DIGITS
from jiuzhu.engine.population.frames import frame_of
from jiuzhu.engine.population.model import Mask, Values, Whole
from jiuzhu.engine.population.settling import STATES
from jiuzhu.engine.runs.results import Result, Screened
from jiuzhu.engine.settlement.claims import State


@dataclass(slots=True)
class Total:
    """A programme in an area: claims by state, and for each rhythm what is sure to be paid, and the most that can be.

    Only what is granted is sure; what is unknown, left to an officer, open or to be chosen can be added to it.
    """

    unit: Receiver
    states: dict[State, int] = field(default_factory=dict)
    paid: dict[Rhythm, tuple[int, int]] = field(default_factory=dict)

    def count(self, *states: State) -> int:
        """How many claims are in some states."""
        return sum(self.states.get(one, 0) for one in states)

    def add(self, other: "Total") -> None:
        """Add another part of the same area and programme."""
        for state, number in other.states.items():
            self.states[state] = self.states.get(state, 0) + number
        for rhythm, (low, high) in other.paid.items():
            before = self.paid.get(rhythm, (0, 0))
            self.paid[rhythm] = before[0] + low, before[1] + high


class Totals:
    """Totals of a run by area; `digits` is the length of the prefixes by which areas are told apart (0: one area)."""

    def __init__(self, digits: int = 0) -> None:
        self.digits = digits
        self.households = 0
        self.persons = 0
        self.by_area: dict[str, dict[str, Total]] = {}

    def add(self, one: Screened) -> None:
        """Count a part."""
        frame = frame_of(one.part)
        self.households += len(one.part)
        self.persons += frame.members
        areas, places = areas_of(one.part.divisions, self.digits)
        rows = {Receiver.HOUSEHOLD: places, Receiver.PERSON: places[frame.owners]}
        for result in one.results.values():
            for area, total in _totals(result, areas, rows[result.unit]):
                own = self.by_area.setdefault(area, {})
                if result.programme in own:
                    own[result.programme].add(total)
                else:
                    own[result.programme] = total

    def programmes(self) -> Mapping[str, Total]:
        """The totals of all areas together."""
        found: dict[str, Total] = {}
        for own in self.by_area.values():
            for name, total in own.items():
                found.setdefault(name, Total(total.unit)).add(total)
        return found


def areas_of(divisions: Whole, digits: int) -> tuple[list[str], Whole]:
    """The prefixes that occur, and for each household the place of its own."""
    found, places = np.unique(divisions // 10 ** (DIGITS - digits), return_inverse=True)
    return [str(one)[:digits] for one in found.tolist()], places.astype(np.int64)


def _totals(result: Result, areas: list[str], places: Whole) -> Iterator[tuple[str, Total]]:
    states = np.bincount(places * len(STATES) + result.states, minlength=len(areas) * len(STATES))
    by_area = states.reshape(len(areas), len(STATES))
    granted, alive = result.are(State.GRANTED), result.alive
    sums = {
        rhythm: (_sums(low, granted, places, len(areas)), _sums(high, alive, places, len(areas)))
        for rhythm, (low, high) in result.paid.items()
    }
    for at, area in enumerate(areas):
        yield (
            area,
            Total(
                result.unit,
                {state: int(number) for state, number in zip(STATES, by_area[at].tolist(), strict=True) if number},
                {rhythm: (int(low[at]), int(high[at])) for rhythm, (low, high) in sums.items()},
            ),
        )


def _sums(values: Values, where: Mask, places: Whole, areas: int) -> Whole:
    """Whole sums by area; `bincount` with weights would count in floating point."""
    found = np.zeros(areas, dtype=np.int64)
    np.add.at(found, places[where], values[where])
    return found
