"""The values that a fact can take on a day, as places 0 … size-1 to search on: days count as days, not as numbers."""

from collections.abc import Callable, Hashable
from datetime import date
from typing import TypeVar

from jiuzhu.engine.household.assessment import Assessment
from jiuzhu.engine.household.facts import At
from jiuzhu.engine.kinds import Base, encode_day

S = TypeVar("S", bound=Hashable)
FEW = 12


class Domain:
    """All values of one fact."""

    def __init__(self, assessment: Assessment, at: At) -> None:
        self.at = at
        self.kind = assessment.program.readings[at.key].variable.kind
        lowest, highest = assessment.prepared.facts.range(at.key, assessment.on)
        self.is_day = self.kind.base is Base.DAY
        self.first = _ordinal(lowest) if self.is_day else lowest
        self.size = (_ordinal(highest) if self.is_day else highest) - self.first + 1

    @property
    def is_few(self) -> bool:
        """Whether there are so few values that each can be tried."""
        return self.size <= FEW

    @property
    def is_ordered(self) -> bool:
        """Whether the values lie on a line, as numbers and days do."""
        return self.kind.base in (Base.NUMBER, Base.DAY)

    def value(self, place: int) -> int:
        """The value at a place, as it is held in memory."""
        found = self.first + place
        return encode_day(date.fromordinal(found)) if self.is_day else found

    def place(self, value: int) -> int:
        """The place of a value."""
        return (_ordinal(value) if self.is_day else value) - self.first

    def all(self) -> list[int]:
        """Every value."""
        return [self.value(place) for place in range(self.size)]

    def telling(self, signature: Callable[[int], S], most: int) -> list[int]:
        """Values on both sides of every turning point of a signature, and both ends; at most about `most` of them.

        A signature that is the same at both ends of a stretch is taken to be the same all along it, so the line is cut
        into some stretches first: at zero, and for days in eight.
        """
        ends = {0, self.size - 1}
        if self.is_day:
            ends |= {self.size * eighth // 8 for eighth in range(1, 8)}
        elif 0 <= self.place(0) < self.size:
            ends.add(self.place(0))
        found = set(ends)
        seen: dict[int, S] = {}

        def told(place: int) -> S:
            if place not in seen:
                seen[place] = signature(self.value(place))
            return seen[place]

        waiting = list(zip(sorted(ends), sorted(ends)[1:], strict=False))
        while waiting and len(found) < most:
            low, high = waiting.pop(0)
            if told(low) == told(high):
                continue
            if high - low == 1:
                found |= {low, high}
                continue
            middle = (low + high) // 2
            waiting[:0] = [(low, middle), (middle, high)]
        return [self.value(place) for place in sorted(found)]


def nearest_place(domain: Domain, start: int, step: int, holds: Callable[[int], bool]) -> int | None:
    """The place nearest to `start`, in the direction of `step` (1 or -1), from which on something holds; or None.

    Looked for in strides that double, then halved: exact where it holds from one place on, within a stride.
    """
    before, stride = start, 1
    end = domain.size - 1 if step > 0 else 0
    while before != end:
        place = start + step * stride
        place = min(place, end) if step > 0 else max(place, end)
        if holds(place):
            while abs(place - before) > 1:
                middle = (place + before) // 2
                if holds(middle):
                    place = middle
                else:
                    before = middle
            return place
        before, stride = place, stride * 2
    return None


def _ordinal(day: int) -> int:
    return date(day // 10000, day // 100 % 100, day % 100).toordinal()
