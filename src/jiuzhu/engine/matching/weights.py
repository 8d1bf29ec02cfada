"""Fellegi and Sunter's weights: how much each level of agreement speaks for one person, and when a person decides.

The weight of a pair is the sum of log2(m/u) of its levels and of the odds before anything was compared. `m` is how
often the records of one person agree so, `u` those of two. That rare names say more than frequent ones is in the name's
own frequency, which takes the place of `u` where the whole name agrees. Weights never fall when a level rises.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from jiuzhu.engine.matching.comparing import BIRTH, DIVISION, MISSING, NAME, PARTS, SEX, Levels

_MOST_COMMON = 0.05
# How many persons the average frequency of a name weighs as much as: the names of a short list say little.
STEADY = 10_000


class Verdict(StrEnum):
    """What the machine proposes: one person, a person decides, not the same person."""

    MATCH = "match"
    REVIEW = "review"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Weights:
    """A model: per part `m` and `u` by level from 0, the size of the population, and the two thresholds.

    Raises:
        ValueError: a probability outside (0, 1), a part without all levels, thresholds in the wrong order.
    """

    m: Mapping[str, tuple[float, ...]]
    u: Mapping[str, tuple[float, ...]]
    population: float = 5_000_000
    upper: float = 0.95
    lower: float = 0.05
    frequencies: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for part, highest in PARTS.items():
            for given in (self.m[part], self.u[part]):
                if len(given) != highest + 1 or not all(0 < one < 1 for one in given):
                    raise ValueError(f"{part}: {highest + 1} probabilities between 0 and 1 are needed")
        if not 0 < self.lower <= self.upper < 1 or self.population < 2:
            raise ValueError(
                "thresholds lie between 0 and 1, the lower not above the upper; a population is at least 2"
            )

    @property
    def prior(self) -> float:
        """The weight before anything is compared."""
        return -math.log2(self.population - 1)

    def of_level(self, part: str, level: int) -> float:
        """The weight of one level; of a missing part nothing."""
        return 0.0 if level == MISSING else self.steps(part)[level]

    def steps(self, part: str) -> tuple[float, ...]:
        """The weights of a part's levels from 0; none is below the one before."""
        found: list[float] = []
        for m, u in zip(self.m[part], self.u[part], strict=True):
            found.append(max([math.log2(m / u), *found[-1:]]))
        return tuple(found)

    def of_name(self, level: int, frequency: float | None) -> float:
        """The weight of the name; where it agrees as a whole, by how frequent it is."""
        highest = PARTS[NAME]
        if level != highest or not frequency:
            return self.of_level(NAME, level)
        own = math.log2(self.m[NAME][highest] / min(frequency, _MOST_COMMON))
        return max(own, self.of_level(NAME, highest - 1))

    def weigh(self, levels: Levels, frequency: float | None = None) -> float:
        """The weight of a pair."""
        return (
            self.prior
            + self.of_name(levels.name, frequency)
            + self.of_level(BIRTH, levels.birth)
            + self.of_level(SEX, levels.sex)
            + self.of_level(DIVISION, levels.division)
        )

    def verdict(self, weight: float) -> Verdict:
        """What is proposed at a weight."""
        chance = probability(weight)
        return Verdict.MATCH if chance >= self.upper else Verdict.REVIEW if chance >= self.lower else Verdict.NO

    def weight_sql(self, frequency: str) -> str:
        """SQL for the weight of a row that has a column for each part's level; `frequency` may be null."""
        highest = PARTS[NAME]
        own = f"log2({self.m[NAME][highest]!r} / least({frequency}, {_MOST_COMMON}))"
        name = (
            f"CASE WHEN {NAME}_level = {highest} AND coalesce({frequency}, 0) > 0"
            f" THEN greatest({own}, {self.of_level(NAME, highest - 1)!r}) ELSE {self._case(NAME)} END"
        )
        return " + ".join([f"({self.prior!r})", name, *(self._case(part) for part in (BIRTH, SEX, DIVISION))])

    def _case(self, part: str) -> str:
        cases = " ".join(f"WHEN {level} THEN {weight!r}" for level, weight in enumerate(self.steps(part)))
        return f"CASE {part}_level {cases} ELSE 0.0 END"

    def threshold(self, chance: float) -> float:
        """The weight at which a pair is one person with this probability."""
        return math.log2(chance / (1 - chance))


def steady_frequency(count: int, total: int, average: float) -> float:
    """How frequent a name is, drawn towards the average where few persons are known."""
    return (count + STEADY * average) / (total + STEADY)


def probability(weight: float) -> float:
    """The probability that belongs to a weight."""
    if weight < -60 or weight > 60:
        return 0.0 if weight < 0 else 1.0
    odds = math.exp2(weight)
    return odds / (1 + odds)


# Given weights, to begin with: shares of agreement that registers of persons commonly show. A city that has labelled
# pairs estimates its own (`estimating`).
GIVEN = Weights(
    m={
        NAME: (0.03, 0.04, 0.93),
        BIRTH: (0.005, 0.01, 0.035, 0.95),
        SEX: (0.01, 0.99),
        DIVISION: (0.05, 0.15, 0.80),
    },
    u={
        NAME: (0.9895, 0.01, 0.0005),
        BIRTH: (0.98296, 0.015, 0.002, 0.00004),
        SEX: (0.5, 0.5),
        DIVISION: (0.1, 0.7, 0.2),
    },
)
