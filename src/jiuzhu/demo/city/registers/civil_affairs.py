"""民政：marriages and cremations."""

from dataclasses import dataclass

import numpy as np

from jiuzhu.demo.city import parameters as p
from jiuzhu.demo.city.arrays import DAY, Bools, Days, Ints, stream
from jiuzhu.demo.city.chunk import CityChunk
from jiuzhu.demo.city.households import HUSBAND, OLD_FATHER, OLD_MOTHER, PLACES, WIFE
from jiuzhu.demo.city.registers.holders import Holders, write


@dataclass(frozen=True, slots=True)
class MarriageRegister:
    """Couples who registered; old marriages without a paper file are missing. `remarriage` is for either of them."""

    husband: Holders
    wife: Holders
    registered_on: Days
    remarriage: Bools


@dataclass(frozen=True, slots=True)
class DivorceRegister:
    """Divorces of people of the city; the other half is not on file here."""

    holder: Holders
    registered_on: Days


@dataclass(frozen=True, slots=True)
class CremationRegister:
    """Cremations."""

    holder: Holders
    cremated_on: Days


def couples(chunk: CityChunk) -> tuple[Ints, Ints]:
    """Rows of husbands and wives who live, or lived until a death, in one household."""
    table = np.full((len(chunk.households.number), PLACES), -1, dtype=np.int64)
    table[chunk.people.household, chunk.people.place] = np.arange(len(chunk.people))
    husband = np.concatenate([table[:, HUSBAND], table[:, OLD_FATHER]])
    wife = np.concatenate([table[:, WIFE], table[:, OLD_MOTHER]])
    both = (husband >= 0) & (wife >= 0)
    return husband[both], wife[both]


def marriages(chunk: CityChunk) -> MarriageRegister:
    """The marriage register."""
    rng = stream(chunk.seed, chunk.index, "registers.marriages")
    people = chunk.people
    husband, wife = couples(chunk)
    # Both of age (22 and 20), then some years; never after the death of either nor after the city's day.
    of_age = np.maximum(people.born[husband] + np.timedelta64(8036, "D"), people.born[wife] + np.timedelta64(7305, "D"))
    last = np.fmin(np.fmin(people.died[husband], people.died[wife]), chunk.as_of)
    delay = np.floor(rng.random(len(husband)) ** 2 * 9 * 365).astype("timedelta64[D]")
    on = np.minimum(of_age + delay, last).astype(DAY)
    on_file = (on >= np.datetime64("1981-01-01")) | (rng.random(len(on)) < p.OLD_MARRIAGE_ON_FILE)
    on_file &= of_age <= last
    husband, wife, on = husband[on_file], wife[on_file], on[on_file]
    old = on < np.datetime64("1995-01-01")
    return MarriageRegister(
        husband=write(rng, people, husband, id_missing=old & (rng.random(len(on)) < p.OLD_MARRIAGE_ID_MISSING)),
        wife=write(rng, people, wife, id_missing=old & (rng.random(len(on)) < p.OLD_MARRIAGE_ID_MISSING)),
        registered_on=on,
        remarriage=(people.marital[husband] == 22) | (people.marital[wife] == 22),
    )


def divorces(chunk: CityChunk) -> DivorceRegister:
    """The divorce register."""
    rng = stream(chunk.seed, chunk.index, "registers.divorces")
    rows = np.flatnonzero(chunk.people.marital == 40)
    adult_days = np.maximum((chunk.people.age[rows] - 22) * 365, 60)
    on = chunk.as_of - np.floor(rng.random(len(rows)) * adult_days).astype("timedelta64[D]")
    on = np.fmin(on, chunk.people.died[rows])
    return DivorceRegister(holder=write(rng, chunk.people, rows), registered_on=on)


def cremations(chunk: CityChunk) -> CremationRegister:
    """The cremation register: most of the dead, within days of the death."""
    rng = stream(chunk.seed, chunk.index, "registers.cremations")
    dead = np.flatnonzero(~chunk.people.living)
    rows = dead[rng.random(len(dead)) < p.CREMATED]
    on = np.minimum(chunk.people.died[rows] + rng.integers(1, 6, len(rows)).astype("timedelta64[D]"), chunk.as_of)
    return CremationRegister(holder=write(rng, chunk.people, rows), cremated_on=on)
