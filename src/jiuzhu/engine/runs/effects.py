"""What a change does: two screenings of the same people beside each other, programme by programme and area by area."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from jiuzhu.engine.packs.programmes import Receiver, Rhythm
from jiuzhu.engine.population.frames import frame_of
from jiuzhu.engine.population.model import Mask, Values, Whole
from jiuzhu.engine.population.settling import STATES
from jiuzhu.engine.runs.results import Result, Screened
from jiuzhu.engine.runs.totals import areas_of
from jiuzhu.engine.settlement.claims import State

_MONEY = (Rhythm.MONTHLY, Rhythm.YEARLY, Rhythm.ONCE, Rhythm.SETTLED)


@dataclass(slots=True)
class Effect:
    """A programme in an area, before and after.

    `moves` counts claims by their state before and after; `more` and `less` those granted both times that are paid
    more or less for certain; `paid` holds for each rhythm the sum of what is granted before and after.
    """

    unit: Receiver
    moves: dict[tuple[State, State], int] = field(default_factory=dict)
    more: int = 0
    less: int = 0
    paid: dict[Rhythm, tuple[int, int]] = field(default_factory=dict)

    def add(self, other: "Effect") -> None:
        """Add another part of the same area and programme."""
        for move, number in other.moves.items():
            self.moves[move] = self.moves.get(move, 0) + number
        self.more += other.more
        self.less += other.less
        for rhythm, (before, after) in other.paid.items():
            own = self.paid.get(rhythm, (0, 0))
            self.paid[rhythm] = own[0] + before, own[1] + after

    def granted(self) -> tuple[int, int]:
        """How many claims are granted before and after."""
        before = sum(number for (state, _), number in self.moves.items() if state is State.GRANTED)
        return before, sum(number for (_, state), number in self.moves.items() if state is State.GRANTED)

    @property
    def enter(self) -> int:
        """How many are granted only after."""
        return sum(number for (old, new), number in self.moves.items() if new is State.GRANTED is not old)

    @property
    def leave(self) -> int:
        """How many are granted only before."""
        return sum(number for (old, new), number in self.moves.items() if old is State.GRANTED is not new)

    @property
    def changes(self) -> bool:
        """Whether anything is otherwise."""
        moved = any(old is not new for old, new in self.moves)
        return moved or self.more > 0 or self.less > 0 or any(one != other for one, other in self.paid.values())


class Effects:
    """Effects by area; `digits` is the length of the prefixes by which areas are told apart (0: one area)."""

    def __init__(self, digits: int = 0) -> None:
        self.digits = digits
        self.households = 0
        self.persons = 0
        self.households_better = 0
        self.households_worse = 0
        self.by_area: dict[str, dict[str, Effect]] = {}

    def add(self, before: Screened, after: Screened) -> None:
        """Count a part that was screened twice."""
        frame = frame_of(before.part)
        self.households += len(before.part)
        self.persons += frame.members
        areas, places = areas_of(before.part.divisions, self.digits)
        rows = {Receiver.HOUSEHOLD: places, Receiver.PERSON: places[frame.owners]}
        year = np.zeros(len(before.part), dtype=np.int64)
        for name in sorted(before.results.keys() | after.results.keys()):
            one = before.results[name] if name in before.results else after.results[name]
            old, new = before.results.get(name) or _absent(one), after.results.get(name) or _absent(one)
            for area, effect in _effects(old, new, areas, rows[one.unit]):
                self.by_area.setdefault(area, {}).setdefault(name, Effect(one.unit)).add(effect)
            more = _a_year(new) - _a_year(old)
            year += more if one.unit is Receiver.HOUSEHOLD else frame.total(more)
        self.households_better += int((year > 0).sum())
        self.households_worse += int((year < 0).sum())

    def programmes(self) -> Mapping[str, Effect]:
        """The effects of all areas together."""
        found: dict[str, Effect] = {}
        for own in self.by_area.values():
            for name, effect in own.items():
                found.setdefault(name, Effect(effect.unit)).add(effect)
        return found


def _absent(one: Result) -> Result:
    """A programme that there is not: nobody is entitled."""
    none = np.full(len(one.states), STATES.index(State.NOT_ENTITLED), dtype=np.int8)
    return Result(one.programme, one.unit, none, none * 0, none * 0, {})


def _granted(one: Result, rhythm: Rhythm) -> Whole:
    """What is granted for certain, by row."""
    if rhythm not in one.paid:
        return np.zeros(len(one.states), dtype=np.int64)
    return np.where(one.are(State.GRANTED), one.paid[rhythm][0], 0)


def _a_year(one: Result) -> Whole:
    """Money that is granted for certain in a year; what is paid once counts once."""
    return np.asarray(sum((_granted(one, each) * (12 if each is Rhythm.MONTHLY else 1) for each in _MONEY), start=0))


def _effects(old: Result, new: Result, areas: list[str], places: Whole) -> Iterator[tuple[str, Effect]]:
    states = len(STATES)
    codes = (places * states + old.states) * states + new.states
    moves = np.bincount(codes, minlength=len(areas) * states * states).reshape(len(areas), states, states)
    both = old.are(State.GRANTED) & new.are(State.GRANTED)
    difference = _a_year(new) - _a_year(old)
    more, less = (_numbers(both & where, places, len(areas)) for where in (difference > 0, difference < 0))
    rhythms = [one for one in Rhythm if one in old.paid or one in new.paid]
    sums = {rhythm: tuple(_sums(_granted(one, rhythm), places, len(areas)) for one in (old, new)) for rhythm in rhythms}
    for at, area in enumerate(areas):
        found = {
            (STATES[before], STATES[after]): int(moves[at, before, after])
            for before, after in zip(*np.nonzero(moves[at]), strict=True)
        }
        paid = {rhythm: (int(before[at]), int(after[at])) for rhythm, (before, after) in sums.items()}
        yield area, Effect(old.unit, found, int(more[at]), int(less[at]), paid)


def _numbers(where: Mask, places: Whole, areas: int) -> Values:
    return np.bincount(places[where], minlength=areas)


def _sums(values: Whole, places: Whole, areas: int) -> Whole:
    found = np.zeros(areas, dtype=np.int64)
    np.add.at(found, places, values)
    return found
