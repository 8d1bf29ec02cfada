"""What has happened to people: deaths, custody, moves, pregnancy."""

from dataclasses import dataclass

import numpy as np

from jiuzhu.demo.city import parameters as p
from jiuzhu.demo.city.arrays import DAY, NOT_A_DAY, Bools, Days, Floats, Ints, by_age
from jiuzhu.demo.city.households import FIRST_CHILD, HUSBAND, OLD_FATHER, WIFE, Composition, Kind


@dataclass(frozen=True, slots=True)
class Deaths:
    """Day of death by household and place (NaT: alive). The dead stay with the household they died in."""

    died: Days


@dataclass(frozen=True, slots=True)
class Events:
    """Per person. `custody_from` is NaT for the free; `moved_from_village` is -1 without a move, -2 from outside the
    city.
    """

    custody_from: Days
    custody_kind: Ints
    moved_on: Days
    moved_from_village: Ints
    pregnant: Bools
    away: Bools


def deaths(rng: np.random.Generator, composition: Composition, as_of: np.datetime64) -> Deaths:
    """Deaths of the last days before the city's day. No death takes the last adult of a household with others in it."""
    age = composition.age
    years = np.floor(np.nan_to_num(age)).astype(np.int64)
    yearly: Floats = by_age(p.DEATH_AGES, years.reshape(-1)).reshape(age.shape)
    dead = ~np.isnan(age) & (rng.random(age.shape) < yearly * (p.DEATH_DAYS / 365.25))
    both = dead[:, HUSBAND] & dead[:, WIFE]
    dead[both, WIFE] = False
    adult_here = ~np.isnan(age[:, :FIRST_CHILD]) & ~dead[:, :FIRST_CHILD]
    one_person = np.isin(composition.kind, [Kind.ONE_ADULT, Kind.ONE_ELDER])
    left_alone = dead[:, :FIRST_CHILD].any(axis=1) & ~adult_here.any(axis=1) & ~one_person
    dead[left_alone, :FIRST_CHILD] = False
    days = rng.integers(1, p.DEATH_DAYS, age.shape)
    # Nobody dies before birth: a child younger than the drawn delay dies within its own life.
    life = np.maximum(np.floor(np.nan_to_num(age) * 365.2425), 0).astype(np.int64)
    days = np.minimum(days, life)
    return Deaths(died=np.where(dead, as_of - days.astype("timedelta64[D]"), NOT_A_DAY).astype(DAY))


def happen(
    rng: np.random.Generator,
    *,
    age: Ints,
    sex: Ints,
    living: Bools,
    married: Bools,
    place: Ints,
    kind: Ints,
    household: Ints,
    villages: int,
    as_of: np.datetime64,
) -> Events:
    """Draw custody, moves, pregnancy and work away from home. Arrays are aligned by person."""
    size = len(age)
    adult = living & (age >= 18)
    custody = adult & (age < 75) & (rng.random(size) < np.where(sex == 1, p.CUSTODY_MEN, p.CUSTODY_WOMEN))
    custody &= (place < OLD_FATHER) & ~np.isin(kind, [Kind.SINGLE_PARENT, Kind.GUARDIAN_AND_WARDS])
    since = as_of - rng.integers(1, 1500, size).astype("timedelta64[D]")
    # A household moves together, so the draw is by household.
    households = int(household.max()) + 1 if size else 0
    moved = (rng.random(households) < p.MOVED)[household] & living
    outside = (rng.random(households) < p.MOVED_FROM_OUTSIDE)[household]
    origin = rng.integers(0, villages, households)[household]
    day = (as_of - rng.integers(1, 365 * 5, households).astype("timedelta64[D]"))[household]
    fertile = living & (sex == 2) & (age >= 21) & (age < 43) & married
    return Events(
        custody_from=np.where(custody, since, NOT_A_DAY).astype(DAY),
        custody_kind=np.where(custody, np.where(rng.random(size) < 0.85, 1, 2), 0).astype(np.int64),
        moved_on=np.where(moved, day, NOT_A_DAY).astype(DAY),
        moved_from_village=np.where(moved, np.where(outside, -2, origin), -1).astype(np.int64),
        pregnant=fertile & (rng.random(size) < p.PREGNANT),
        away=adult & (age < 60) & ~custody & (rng.random(size) < p.AWAY),
    )
