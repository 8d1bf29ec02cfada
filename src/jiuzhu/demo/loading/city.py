"""Which city is loaded: size, seed and day; where its people live; and the people whom the demonstration speaks of."""

import csv
from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Self

import numpy as np

from jiuzhu.core.divisions import DivisionCode
from jiuzhu.demo.city import parameters as p
from jiuzhu.demo.city.chunk import CityChunk, CityPlan
from jiuzhu.demo.city.divisions import DivisionRow, Divisions, weigh
from jiuzhu.demo.loading import personas

CITY = DivisionCode("370900000000")
# A small city lives in a few townships, so that a township and a village of the demonstration have people to show.
SMALL_TOWNSHIPS_A_COUNTY = 2
SMALL_VILLAGES_A_TOWNSHIP = 6
SMALL_HOUSEHOLDS_MOST = 20_000
# From here on a load takes indexes off meanwhile, and knows nothing of the income of those who need no help.
LARGE_HOUSEHOLDS = 200_000
FIRST_TOWNSHIPS = ("370902100000", "370902001000", "370921101000")
FIRST_VILLAGES = (personas.VILLAGE,)


@dataclass(frozen=True)
class City:
    """A city to load. `households` follows from the size; a size of one's own is given by both."""

    size: str
    households: int
    seed: int
    as_of: date
    chunk_households: int = field(default=p.CHUNK_HOUSEHOLDS)

    @classmethod
    def named(cls, size: str, *, seed: int, as_of: date) -> Self:
        """The city of a named size (`small`, `city`, `full`).

        Raises:
            KeyError: no such size.
        """
        return cls(size=size, households=p.SIZES[size], seed=seed, as_of=as_of)

    @property
    def is_large(self) -> bool:
        """Whether it is loaded as large cities are."""
        return self.households >= LARGE_HOUSEHOLDS

    @cached_property
    def plan(self) -> CityPlan:
        """Its chunks.

        Raises:
            ValueError: it cannot be made (see `CityPlan`).
        """
        return CityPlan(self.seed, self.households, np.datetime64(self.as_of, "D"), self.chunk_households)

    @cached_property
    def rows(self) -> tuple[DivisionRow, ...]:
        """The divisions in which people live, with those around them."""
        path = files("jiuzhu.rooms.organization").joinpath("data", "taian_divisions_2023.csv")
        with path.open(encoding="utf-8-sig") as file:
            rows = [DivisionRow(row["code12"], row["name"], row["level"]) for row in csv.DictReader(file)]
        return tuple(_few_places(rows) if self.households <= SMALL_HOUSEHOLDS_MOST else rows)

    @cached_property
    def divisions(self) -> Divisions:
        """The villages with their weights."""
        return weigh(self.rows)

    @cached_property
    def village_names(self) -> list[str]:
        """Names for addresses, aligned with the villages of `divisions`: 前省庄村委会 gives 前省庄村."""
        names = {row.code12: row.name for row in self.rows}
        return [_place(names[code]) for code in self.divisions.village_code.tolist()]

    def chunk(self, index: int) -> CityChunk:
        """One chunk; the first holds the people of the demonstration under their names."""
        made = self.plan.chunk(index, self.divisions)
        if index:
            return made
        return replace(made, people=replace(made.people, name=personas.renamed(made)))

    def register_folder(self, var: Path) -> Path:
        """Where the departments' registers of this city are written."""
        return var / "demo" / "registers"


def _few_places(rows: list[DivisionRow]) -> list[DivisionRow]:
    """Two townships of every county and six villages of each, those of the demonstration first."""
    below: dict[str, list[DivisionRow]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row.code12 not in FIRST_TOWNSHIPS + FIRST_VILLAGES, row.code12)):
        if row.level in {"township", "village"}:
            below[str(DivisionCode(row.code12).parent)].append(row)
    kept = [row for row in rows if row.level not in {"township", "village"}]
    counties = [row.code12 for row in kept if row.level == "county"]
    townships = [town for county in counties for town in below[county][:SMALL_TOWNSHIPS_A_COUNTY]]
    return [*kept, *townships, *(v for town in townships for v in _mixed(below[town.code12]))]


def _mixed(villages: list[DivisionRow]) -> list[DivisionRow]:
    """Some communities and some villages, where the township has both."""
    urban = [row for row in villages if int(row.code12[9:]) < p.COMMITTEE_DIGITS_URBAN_BELOW]
    rural = [row for row in villages if int(row.code12[9:]) >= p.COMMITTEE_DIGITS_URBAN_BELOW]
    half = SMALL_VILLAGES_A_TOWNSHIP // 2
    communities = urban[: max(half, SMALL_VILLAGES_A_TOWNSHIP - len(rural))]
    return communities + rural[: SMALL_VILLAGES_A_TOWNSHIP - len(communities)]


def _place(name: str) -> str:
    stem = name.removesuffix("村委会").removesuffix("居委会")
    return stem if name.endswith("居委会") or stem.endswith("村") else f"{stem}村"
