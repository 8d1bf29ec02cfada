"""Shares of a generated city beside the figures of the census."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from jiuzhu.demo.city import parameters as p
from jiuzhu.demo.city.chunk import CityChunk
from jiuzhu.demo.city.divisions import Divisions
from jiuzhu.demo.city.groups import TargetGroup


@dataclass(frozen=True, slots=True)
class Margin:
    """One share or mean of the city. `tolerance` is absolute; a city of a few thousand households may miss it by
    chance.
    """

    key: str
    found: float
    target: float
    tolerance: float
    source: str

    @property
    def holds(self) -> bool:
        """Whether the found figure lies within the tolerance."""
        return abs(self.found - self.target) <= self.tolerance


class MarginCount:
    """Counts over chunks, so that a city of any size is measured without being held in memory."""

    def __init__(self, divisions: Divisions) -> None:
        self.divisions = divisions
        self.people = 0
        self.households = 0
        self.dead = 0
        self._under_15 = self._from_60 = self._from_65 = self._men = 0
        self._by_county = np.zeros(len(divisions.county_code), dtype=np.int64)
        self._by_group = dict.fromkeys(TargetGroup, 0)

    def add(self, chunk: CityChunk) -> None:
        """Count the living of a chunk, and the households in which somebody lives."""
        living = chunk.people.living
        age = chunk.people.age[living]
        self.people += len(age)
        self.dead += int((~living).sum())
        self.households += int((~chunk.households.extinct).sum())
        self._under_15 += int((age < 15).sum())
        self._from_60 += int((age >= 60).sum())
        self._from_65 += int((age >= 65).sum())
        self._men += int((chunk.people.sex[living] == 1).sum())
        county = self.divisions.village_county[chunk.households.village][chunk.people.household[living]]
        self._by_county += np.bincount(county, minlength=len(self._by_county))
        for group in TargetGroup:
            self._by_group[group] += int(((chunk.groups.tags & int(group)) > 0).sum())

    @property
    def margins(self) -> tuple[Margin, ...]:
        """Every margin that the census gives, with the tolerance for 20,000 households and more."""
        people = max(self.people, 1)
        census, share = "census 2020", 0.012
        return (
            Margin("age_0_14", self._under_15 / people, p.CENSUS_AGE_0_14, share, census),
            Margin("age_15_59", 1 - (self._under_15 + self._from_60) / people, p.CENSUS_AGE_15_59, share, census),
            Margin("age_60", self._from_60 / people, p.CENSUS_AGE_60, share, census),
            Margin("age_65", self._from_65 / people, p.CENSUS_AGE_65, share, census),
            Margin("male", self._men / people, p.CENSUS_MALE, share, census),
            Margin("household_size", people / max(self.households, 1), p.CENSUS_HOUSEHOLD_SIZE, 0.04, census),
            *(
                Margin(f"county_{code}", found / people, target, share, _county_source(code))
                for code, found, target in zip(
                    self.divisions.county_code, self._by_county, self.divisions.county_share, strict=True
                )
            ),
        )

    @property
    def group_shares(self) -> dict[TargetGroup, float]:
        """Share of the living in each group (sizes of the demonstration; there is no official figure)."""
        return {group: count / max(self.people, 1) for group, count in self._by_group.items()}


def measure(chunks: Iterable[CityChunk], divisions: Divisions) -> MarginCount:
    """Count all chunks."""
    count = MarginCount(divisions)
    for chunk in chunks:
        count.add(chunk)
    return count


def _county_source(code: int) -> str:
    return "census 2020" if str(code) in p.CENSUS_COUNTIES else "assumption: the rest by number of villages"
