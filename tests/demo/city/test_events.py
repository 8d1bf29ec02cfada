"""Deaths, custody, moves and pregnancies happen about as often as stated, and only to whom they can happen."""

import numpy as np

from jiuzhu.demo.city import parameters as p
from jiuzhu.demo.city.chunk import CityChunk
from jiuzhu.demo.city.divisions import Divisions
from jiuzhu.demo.city.households import Kind
from jiuzhu.demo.city.people import Marital


def test_about_one_in_a_hundred_and_fifty_dies_in_a_year_and_mostly_the_old(town: CityChunk) -> None:
    dead = ~town.people.living
    assert 0.005 < dead.mean() / (p.DEATH_DAYS / 365.25) < 0.009
    assert dead[town.people.age >= 75].mean() > 10 * dead[town.people.age < 50].mean()
    assert (town.people.died[dead] > town.as_of - np.timedelta64(p.DEATH_DAYS, "D")).all()


def test_custody_takes_adults_but_never_the_only_guardian(town: CityChunk) -> None:
    held = ~np.isnat(town.events.custody_from)
    assert (town.people.age[held] >= 18).all()
    assert 0.0003 < held.mean() < 0.002
    kind = town.households.kind[town.people.household]
    assert not held[np.isin(kind, [Kind.SINGLE_PARENT, Kind.GUARDIAN_AND_WARDS])].any()
    assert ((town.events.custody_kind > 0) == held).all()
    assert not town.events.away[held].any()


def test_households_move_together_from_a_village_of_the_city_or_from_outside(
    town: CityChunk, divisions: Divisions
) -> None:
    events, household = town.events, town.people.household
    moved = ~np.isnat(events.moved_on)
    assert abs(moved.mean() - p.MOVED) < 0.01
    assert ((events.moved_from_village == -1) == ~moved).all()
    assert set(np.unique(events.moved_from_village[moved])) <= {-2, *range(len(divisions.village_code))}
    days = events.moved_on.astype(np.int64)
    for row in np.unique(household[moved])[:200]:
        assert len(set(days[(household == row) & moved].tolist())) == 1


def test_the_pregnant_are_married_women_of_the_age(town: CityChunk) -> None:
    pregnant = town.events.pregnant
    assert pregnant.any()
    assert (town.people.sex[pregnant] == 2).all()
    assert ((town.people.age[pregnant] >= 21) & (town.people.age[pregnant] < 43)).all()
    assert np.isin(town.people.marital[pregnant], [Marital.FIRST_MARRIAGE, Marital.REMARRIED]).all()
