"""Villages and communities of the city, weighed so that the counties hold their shares of the 2020 census.

Shares are by code area. The census figures of three counties are on file; the other three (东平, 新泰, 肥城) share what
remains in proportion to their number of villages and communities, which is an assumption of the demonstration.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from jiuzhu.demo.city.arrays import Bools, Floats, Ints, Texts
from jiuzhu.demo.city.parameters import (
    CENSUS_CITY,
    CENSUS_COUNTIES,
    COMMITTEE_DIGITS_URBAN_BELOW,
    URBAN_SHARE,
    URBAN_SHARE_ELSEWHERE,
    VILLAGE_SIZE_SPREAD,
)


class DivisionRow(NamedTuple):
    """One division: 12-digit statistical code, name, and level (`prefecture`, `county`, `township` or `village`)."""

    code12: str
    name: str
    level: str


@dataclass(frozen=True, slots=True)
class Divisions:
    """Villages of the city in order of code, with what is needed to draw one. Arrays are aligned by village or
    county.
    """

    village_code: Texts
    village_county: Ints
    village_urban: Bools
    village_weight: Floats
    county_code: Ints
    county_name: Texts
    county_share: Floats
    county_urban_share: Floats

    def draw(self, rng: np.random.Generator, lean: Floats) -> Ints:
        """A village for each household. `lean` (odds ratio) tilts towards communities above 1 and villages below.

        Counties keep their shares whatever the lean, since the county is drawn first.
        """
        size = len(lean)
        edges = np.cumsum(self.county_share)
        county = np.minimum(np.searchsorted(edges, rng.random(size), side="right"), len(edges) - 1)
        share = self.county_urban_share[county]
        odds = lean * share / np.maximum(1 - share, 1e-12)
        urban = rng.random(size) < odds / (1 + odds)
        cell = county * 2 + urban
        cell_of_village = self.village_county * 2 + self.village_urban
        order = np.lexsort((self.village_code, cell_of_village))
        total = np.cumsum(self.village_weight[order])
        cells = np.arange(2 * len(self.county_code))
        first = np.searchsorted(cell_of_village[order], cells, side="left")
        last = np.searchsorted(cell_of_village[order], cells, side="right")
        low = np.where(first > 0, total[np.maximum(first - 1, 0)], 0.0)
        high = np.where(last > 0, total[np.maximum(last - 1, 0)], 0.0)
        place = np.searchsorted(total, low[cell] + rng.random(size) * (high - low)[cell], side="right")
        return np.asarray(order[np.clip(place, first[cell], last[cell] - 1)], dtype=np.int64)


def read_divisions(path: Path) -> tuple[DivisionRow, ...]:
    """Rows of a divisions file (CSV in UTF-8 with the columns code12, level and name)."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return tuple(DivisionRow(row["code12"], row["name"], row["level"]) for row in csv.DictReader(file))


def weigh(rows: Sequence[DivisionRow]) -> Divisions:
    """Weigh the villages of `rows`. Raises ValueError when a village has no county or there is no village at all."""
    counties = {row.code12[:6]: row.name for row in rows if row.level == "county"}
    villages = sorted((row for row in rows if row.level == "village"), key=lambda row: row.code12)
    if not villages:
        raise ValueError("the divisions hold no village or community: pass the rows of the whole city")
    missing = sorted({row.code12[:6] for row in villages} - counties.keys())
    if missing:
        raise ValueError(f"villages without a county row: {', '.join(missing)}")
    codes = sorted({row.code12[:6] for row in villages})
    county = np.array([codes.index(row.code12[:6]) for row in villages], dtype=np.int64)
    urban = np.array([int(row.code12[9:]) < COMMITTEE_DIGITS_URBAN_BELOW for row in villages])
    share = _county_share(codes, np.bincount(county, minlength=len(codes)))
    communities = np.bincount(county, weights=urban, minlength=len(codes)) > 0
    committees = np.bincount(county, weights=~urban, minlength=len(codes)) > 0
    urban_share = np.array([URBAN_SHARE.get(code, URBAN_SHARE_ELSEWHERE) for code in codes])
    urban_share = np.where(communities & committees, urban_share, np.where(communities, 1.0, 0.0))
    return Divisions(
        village_code=np.array([row.code12 for row in villages], dtype="<U12"),
        village_county=county,
        village_urban=urban,
        village_weight=_village_weight(np.array([int(row.code12) for row in villages], dtype=np.uint64)),
        county_code=np.array([int(code) for code in codes], dtype=np.int64),
        county_name=np.array([counties[code] for code in codes]),
        county_share=share,
        county_urban_share=urban_share,
    )


def _county_share(codes: list[str], villages: Ints) -> Floats:
    known = np.array([CENSUS_COUNTIES.get(code, 0) for code in codes], dtype=np.float64)
    unknown = known == 0
    rest = CENSUS_CITY - sum(CENSUS_COUNTIES.values())
    if unknown.any():
        known = np.where(unknown, rest * villages / villages[unknown].sum(), known)
    return np.asarray(known / known.sum(), dtype=np.float64)


def _village_weight(code: Ints | np.ndarray[tuple[int], np.dtype[np.uint64]]) -> Floats:
    """Relative size of each village: log-normal, drawn from the code itself so that it never changes."""
    mixed = code.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed ^= mixed >> np.uint64(27)
    parts = [
        ((mixed >> np.uint64(shift)) & np.uint64(0xFFF)).astype(np.float64) / 4096 for shift in (0, 13, 26, 39, 51)
    ]
    # The sum of five uniforms is close enough to a normal for the size of a village.
    normal = (np.sum(parts, axis=0) - 2.5) / np.sqrt(5 / 12)
    return np.asarray(np.exp(VILLAGE_SIZE_SPREAD * normal), dtype=np.float64)
