"""What a programme proposes for each household or member of a part of a population, all programmes settled together."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from jiuzhu.engine.kinds import Outcome
from jiuzhu.engine.packs.programmes import Receiver, Rhythm
from jiuzhu.engine.population.frames import Frame
from jiuzhu.engine.population.model import Mask, Population, Values, Whole
from jiuzhu.engine.population.settling import STATES, Proposed
from jiuzhu.engine.settlement.claims import State

_AT = {state: at for at, state in enumerate(STATES)}
_ENDED = [_AT[one] for one in (State.NOT_ENTITLED, State.REFERRED, State.GIVES_WAY, State.COVERED)]


@dataclass(frozen=True, slots=True, eq=False)
class Result:
    """A programme: one row for each household, or for each member, in the order of the population.

    `states` are places in `STATES`; `lowest` and `highest` bound the outcome after settling. `paid` holds for each
    rhythm what is paid at least and at most, in fen (in the unit of the variable for what is given in kind).
    """

    programme: str
    unit: Receiver
    states: Values
    lowest: Values
    highest: Values
    paid: Mapping[Rhythm, tuple[Whole, Whole]]

    def are(self, state: State) -> Mask:
        """Where a claim is in a state."""
        return np.asarray(self.states == _AT[state])

    @property
    def alive(self) -> Mask:
        """Where it is granted or may still be."""
        return ~np.isin(self.states, _ENDED)


@dataclass(frozen=True, slots=True, eq=False)
class Screened:
    """A part of a population with the results of all programmes, by name."""

    part: Population
    results: Mapping[str, Result]


def result_of(found: Proposed, frame: Frame) -> Result:
    """A programme's claims with what a household and its members are paid in one row."""
    paid: dict[Rhythm, tuple[Whole, Whole]] = {}
    nothing = np.zeros(frame.rows(found.unit), dtype=np.int64)
    for one in found.payments:
        low, high = one.lowest, one.highest
        if one.entity != found.unit:
            low, high = frame.total(low), frame.total(high)
        before = paid.get(one.amount.rhythm, (nothing, nothing))
        paid[one.amount.rhythm] = before[0] + low, before[1] + high
    low, high = found.settled
    return Result(found.programme, found.version.unit, found.states, low, high, paid)


class Blank:
    """Results of a part that is put together from households that live under different rules.

    Where a programme does not exist for a household, it is not entitled.
    """

    def __init__(self, sizes: Mapping[Receiver, int]) -> None:
        self.sizes = sizes
        self.results: dict[str, Result] = {}

    def put(self, found: Mapping[str, Result], rows: Mapping[Receiver, Whole]) -> None:
        """Put results in their places; `rows` says for each unit in which."""
        for name, one in found.items():
            mine, at = self._own(name, one.unit), rows[one.unit]
            for own, given in ((mine.states, one.states), (mine.lowest, one.lowest), (mine.highest, one.highest)):
                own[at] = given
            paid = dict(mine.paid)
            for rhythm, (low, high) in one.paid.items():
                if rhythm not in paid:
                    size = self.sizes[one.unit]
                    paid[rhythm] = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64)
                paid[rhythm][0][at], paid[rhythm][1][at] = low, high
            self.results[name] = Result(name, one.unit, mine.states, mine.lowest, mine.highest, paid)

    def _own(self, name: str, unit: Receiver) -> Result:
        if name not in self.results:
            size = self.sizes[unit]
            states = np.full(size, _AT[State.NOT_ENTITLED], dtype=np.int8)
            low, high = (np.full(size, int(Outcome.NO), dtype=np.int8) for _ in range(2))
            self.results[name] = Result(name, unit, states, low, high, {})
        return self.results[name]
