"""The people whom the demonstration speaks of, found in the first chunk of any city by their circumstances.

`data/citizens.yaml` says who is wanted; the first one carries a name of our choice (王秀兰), all others keep theirs.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
import yaml

from jiuzhu.demo.city.arrays import Bools, Texts
from jiuzhu.demo.city.chunk import CityChunk
from jiuzhu.demo.city.groups import TargetGroup
from jiuzhu.demo.city.households import Kind, Unsupported
from jiuzhu.demo.city.livelihood import Work

VILLAGE = "370902100229"  # 前省庄村, where the demonstration's assistant works
_TOWNSHIP = VILLAGE[:9]
_WOMAN = 2
_HELPED = int(TargetGroup.DIBAO | TargetGroup.TEKUN | TargetGroup.DIBAO_BIANYUAN)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Someone whom the demonstration wants to show; `name` is empty unless we choose it."""

    key: str
    name: str
    story_zh: str
    story_en: str


@cache
def wanted() -> tuple[Wanted, ...]:
    """The people of `data/citizens.yaml`, in their order."""
    text = files("jiuzhu.demo").joinpath("data", "citizens.yaml").read_text(encoding="utf-8")
    return tuple(Wanted(row["key"], row.get("name", ""), row["zh"], row["en"]) for row in yaml.safe_load(text))


def find(chunk: CityChunk) -> dict[str, int]:
    """The row of each wanted person among the chunk's people; a circumstance that nobody is in is left out."""
    found: dict[str, int] = {}
    taken = np.zeros(len(chunk.people), dtype=np.bool_)
    village = chunk.households.division_code[chunk.people.household]
    near = (village == VILLAGE) * 2 + np.strings.startswith(village, _TOWNSHIP)
    free = chunk.people.living & np.isnat(chunk.events.custody_from)
    for one in wanted():
        fits, likes = _CIRCUMSTANCES[one.key](chunk)
        rows = np.flatnonzero(fits & free & ~taken)
        if len(rows):
            # the nearest to the demonstration's village, and among these the one who fits best; ties go to the first
            best = rows[np.lexsort((rows, -likes[rows].astype(np.int64), -near[rows]))[0]]
            found[one.key] = int(best)
            taken[chunk.people.household == chunk.people.household[best]] = True
    return found


def renamed(chunk: CityChunk) -> Texts:
    """The names of a chunk's people with the names that we choose."""
    name = chunk.people.name.copy()
    found = find(chunk)
    for one in wanted():
        if one.name and one.key in found:
            name[found[one.key]] = one.name
    return name


Circumstance = Callable[[CityChunk], tuple[Bools, Bools]]


def _elder_alone(chunk: CityChunk) -> tuple[Bools, Bools]:
    people = chunk.people
    alone = chunk.households.kind[people.household] == Kind.ONE_ELDER
    return alone & (people.sex == _WOMAN) & (people.age >= 65), (chunk.groups.tags & _HELPED) > 0


def _disabled(chunk: CityChunk) -> tuple[Bools, Bools]:
    grade = chunk.hardship.grade
    severe = (grade > 0) & (grade <= 2) & (chunk.people.age >= 18) & (chunk.people.age < 60)
    return severe, (chunk.groups.tags & int(TargetGroup.DISABLED_IN_NEED)) > 0


def _guardian(chunk: CityChunk) -> tuple[Bools, Bools]:
    house = chunk.people.household
    unsupported = chunk.groups.unsupported[house]
    head = np.isin(np.arange(len(chunk.people)), chunk.households.head)
    minor = (chunk.people.age < 18) & chunk.people.living
    with_child = np.bincount(house, weights=minor, minlength=len(chunk.households.number))[house] > 0
    return head & (unsupported != Unsupported.NO) & with_child, unsupported == Unsupported.ORPHAN


def _single_mother(chunk: CityChunk) -> tuple[Bools, Bools]:
    house = chunk.people.household
    child = (chunk.people.age < 14) & chunk.people.living
    with_child = np.bincount(house, weights=child, minlength=len(chunk.households.number))[house] > 0
    head = np.isin(np.arange(len(chunk.people)), chunk.households.head)
    single = chunk.households.kind[house] == Kind.SINGLE_PARENT
    return single & head & (chunk.people.sex == _WOMAN) & with_child, chunk.livelihood.work == Work.FLEXIBLE


def _low_income_worker(chunk: CityChunk) -> tuple[Bools, Bools]:
    house = chunk.people.household
    works = np.isin(chunk.livelihood.work, [Work.EMPLOYEE, Work.FLEXIBLE]) & (chunk.people.age < 60)
    poor = chunk.groups.income_fen_month_per_head[house] < 120_000
    return works & poor, (chunk.groups.tags > 0)


def _ill(chunk: CityChunk) -> tuple[Bools, Bools]:
    bill = chunk.hardship.self_paid_fen_year > 1_500_000
    return chunk.hardship.serious & (chunk.people.age >= 18) & bill, (chunk.groups.tags > 0)


def _well_off(chunk: CityChunk) -> tuple[Bools, Bools]:
    live, people = chunk.livelihood, chunk.people
    rich = (live.homes >= 2) & (live.vehicles >= 1) & (live.savings_fen > 5_000_000) & (people.age >= 18)
    # the best is one who would not tell of the second home
    return rich, (chunk.declared.homes < live.homes) | (chunk.declared.vehicles < live.vehicles)


_CIRCUMSTANCES: Mapping[str, Circumstance] = {
    "elder_alone": _elder_alone,
    "disabled": _disabled,
    "guardian": _guardian,
    "single_mother": _single_mother,
    "low_income_worker": _low_income_worker,
    "ill": _ill,
    "well_off": _well_off,
}
