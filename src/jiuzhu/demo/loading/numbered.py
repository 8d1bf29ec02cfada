"""A chunk with the ids that its households and people will have in the database."""

from dataclasses import dataclass
from datetime import date, datetime

import numpy as np

from jiuzhu.demo.city.arrays import DAY, Days, Ints
from jiuzhu.demo.city.chunk import CityChunk

# A household is opened when its head comes of age, but not later than any death in it.
_OF_AGE_DAYS = 18 * 365 + 5
_OPEN_AT_LEAST_DAYS = 760
_FIRST_OPENED = np.datetime64("1985-01-01", "D")


@dataclass(frozen=True, slots=True)
class Numbered:
    """`household_id` and `person_id` are aligned with the chunk's households and people; `opened` by household."""

    chunk: CityChunk
    household_id: Ints
    person_id: Ints
    opened: Days
    at: datetime

    @property
    def as_of(self) -> date:
        """The city's day."""
        return date.fromisoformat(str(self.chunk.as_of.astype(DAY)))

    @property
    def division(self) -> list[str]:
        """The village of each person."""
        codes: list[str] = self.chunk.households.division_code[self.chunk.people.household].tolist()
        return codes


def number(chunk: CityChunk, *, first_household: int, first_person: int, at: datetime) -> Numbered:
    """Give the households and people of a chunk consecutive ids."""
    head_born = chunk.people.born[chunk.households.head]
    opened = np.maximum(head_born + np.timedelta64(_OF_AGE_DAYS, "D"), _FIRST_OPENED)
    opened = np.minimum(opened, chunk.as_of - np.timedelta64(_OPEN_AT_LEAST_DAYS, "D")).astype(DAY)
    return Numbered(
        chunk=chunk,
        household_id=first_household + np.arange(len(chunk.households.number), dtype=np.int64),
        person_id=first_person + np.arange(len(chunk.people), dtype=np.int64),
        opened=opened,
        at=at,
    )
