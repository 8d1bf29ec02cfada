"""Households hang together: heads, couples, generations, wards and the dead."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from jiuzhu.demo.city.chunk import CityChunk, generate_chunk
from jiuzhu.demo.city.divisions import DivisionRow, weigh
from jiuzhu.demo.city.households import Kind, Unsupported
from jiuzhu.demo.city.livelihood import Work
from jiuzhu.demo.city.people import Marital, Relation

AS_OF = np.datetime64("2026-09-01", "D")
MAP = weigh(
    [
        DivisionRow("370902000000", "泰山区", "county"),
        DivisionRow("370902001001", "第1社区", "village"),
        DivisionRow("370902100200", "第200村", "village"),
    ]
)
seeds = st.integers(0, 2**32)
few = settings(max_examples=20, deadline=None)


def town_of(seed: int) -> CityChunk:
    return generate_chunk(seed, seed % 41, 200, MAP, as_of=AS_OF)


def rows_by_place(chunk: CityChunk) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    """Row of the person in each place of each household, -1 where nobody is."""
    table = np.full((len(chunk.households.number), 7), -1, dtype=np.int64)
    table[chunk.people.household, chunk.people.place] = np.arange(len(chunk.people))
    return table


@few
@given(seed=seeds)
def test_every_household_has_one_head_who_is_a_living_adult_member(seed: int) -> None:
    chunk = town_of(seed)
    people, households = chunk.people, chunk.households
    assert (people.household[households.head] == np.arange(len(households.number))).all()
    assert ((people.relation == Relation.HEAD).nonzero()[0] == np.sort(households.head)).all()
    assert (people.living[households.head] | households.extinct).all()
    assert (people.age[households.head] >= 18).all()
    assert (households.size[households.extinct] == 1).all()


@few
@given(seed=seeds)
def test_members_stand_together_and_are_counted(seed: int) -> None:
    chunk = town_of(seed)
    households = chunk.households
    assert int(households.size.sum()) == len(chunk.people)
    for row in range(0, len(households.number), 17):
        first, size = int(households.first[row]), int(households.size[row])
        assert (chunk.people.household[first : first + size] == row).all()


@few
@given(seed=seeds)
def test_children_are_younger_than_their_parents_by_eighteen_years(seed: int) -> None:
    chunk = town_of(seed)
    born, table = chunk.people.born, rows_by_place(chunk)
    years = np.timedelta64(18 * 365 + 4, "D")
    for parent in (0, 1):
        for child in (2, 3, 4):
            both = (table[:, parent] >= 0) & (table[:, child] >= 0)
            assert (born[table[both, child]] - born[table[both, parent]] >= years).all()
    for old in (5, 6):
        child_of_old = np.where(chunk.households.paternal, table[:, 0], table[:, 1])
        both = (table[:, old] >= 0) & (child_of_old >= 0)
        assert (born[child_of_old[both]] - born[table[both, old]] >= years).all()


@few
@given(seed=seeds)
def test_no_mother_bears_a_child_after_forty_six(seed: int) -> None:
    chunk = town_of(seed)
    born, table = chunk.people.born, rows_by_place(chunk)
    of_parents = ~np.isin(chunk.households.kind, [Kind.GRANDPARENTS_AND_GRANDCHILDREN, Kind.GUARDIAN_AND_WARDS])
    for child in (2, 3, 4):
        both = of_parents & (table[:, 1] >= 0) & (table[:, child] >= 0)
        assert (born[table[both, child]] - born[table[both, 1]] <= np.timedelta64(46 * 366, "D")).all()


@few
@given(seed=seeds)
def test_grandchildren_are_younger_by_two_generations(seed: int) -> None:
    chunk = town_of(seed)
    people, kind = chunk.people, chunk.households.kind[chunk.people.household]
    young = (kind == Kind.GRANDPARENTS_AND_GRANDCHILDREN) & (people.place >= 2)
    oldest_child = np.zeros(len(chunk.households.number), dtype=np.int64)
    np.maximum.at(oldest_child, people.household[young], people.age[young])
    grand = (kind == Kind.GRANDPARENTS_AND_GRANDCHILDREN) & (people.place < 2)
    assert (people.age[grand] - oldest_child[people.household[grand]] >= 36).all()


@few
@given(seed=seeds)
def test_couples_are_of_age_of_both_sexes_and_of_plausible_ages(seed: int) -> None:
    chunk = town_of(seed)
    people, table = chunk.people, rows_by_place(chunk)
    for man, woman in ((0, 1), (5, 6)):
        both = (table[:, man] >= 0) & (table[:, woman] >= 0)
        husband, wife = table[both, man], table[both, woman]
        assert (people.sex[husband] == 1).all()
        assert (people.sex[wife] == 2).all()
        assert (people.age[husband] >= 22).all()
        assert (people.age[wife] >= 20).all()
        assert (np.abs(people.age[husband] - people.age[wife]) <= 22).all()
        married = np.isin(people.marital[husband], [Marital.FIRST_MARRIAGE, Marital.REMARRIED])
        assert (married | ~people.living[wife]).all()
        assert (people.marital[husband][people.living[husband] & ~people.living[wife]] == Marital.WIDOWED).all()
    assert (people.marital[people.age < 20] == Marital.NEVER_MARRIED).all()


@few
@given(seed=seeds)
def test_relations_fit_sex_and_generation(seed: int) -> None:
    people = town_of(seed).people
    for relation, sex in (
        (Relation.HUSBAND, 1),
        (Relation.WIFE, 2),
        (Relation.SON, 1),
        (Relation.DAUGHTER, 2),
        (Relation.SON_IN_LAW, 1),
        (Relation.DAUGHTER_IN_LAW, 2),
        (Relation.GRANDSON, 1),
        (Relation.GRANDDAUGHTER, 2),
        (Relation.FATHER, 1),
        (Relation.MOTHER, 2),
        (Relation.WIFES_FATHER, 1),
        (Relation.HUSBANDS_MOTHER, 2),
    ):
        assert (people.sex[people.relation == relation] == sex).all()
    known = {int(relation) for relation in Relation}
    assert set(people.relation.tolist()) <= known


def test_relation_to_a_head_follows_who_is_the_head(town: CityChunk) -> None:
    """The child of a married couple is a child of the couple, but a grandchild when a grandparent heads the
    household.
    """
    people, households = town.people, town.households
    head_place = people.place[households.head][people.household]
    kind = households.kind[people.household]
    three = kind == Kind.THREE_GENERATIONS
    child = three & (people.place == 2)
    assert set(people.relation[child & (head_place < 2)].tolist()) == {Relation.SON, Relation.DAUGHTER}
    assert set(people.relation[child & (head_place >= 5)].tolist()) == {
        Relation.GRANDSON,
        Relation.GRANDDAUGHTER,
        Relation.DAUGHTERS_SON,
        Relation.DAUGHTERS_DAUGHTER,
    }
    old_mother = three & (people.place == 6)
    assert set(people.relation[old_mother & (head_place == 0)].tolist()) == {Relation.MOTHER, Relation.WIFES_MOTHER}
    assert set(people.relation[old_mother & (head_place == 1)].tolist()) == {Relation.MOTHER, Relation.HUSBANDS_MOTHER}
    wife = three & (people.place == 1)
    assert set(people.relation[wife & (head_place >= 5)].tolist()) == {Relation.DAUGHTER_IN_LAW, Relation.DAUGHTER}


def test_every_kind_of_household_occurs(town: CityChunk) -> None:
    assert set(town.households.kind.tolist()) == {int(kind) for kind in Kind}


def test_orphans_live_with_a_guardian_and_without_parents(town: CityChunk) -> None:
    kind, people = town.households.kind, town.people
    guarded = kind == Kind.GUARDIAN_AND_WARDS
    assert guarded.any()
    assert (town.groups.unsupported[guarded] != Unsupported.NO).all()
    assert (town.groups.unsupported[~guarded] == Unsupported.NO).all()
    wards = guarded[people.household] & (people.place >= 2)
    assert (people.age[wards] < 18).all()
    assert not np.isin(people.relation[wards], [Relation.SON, Relation.DAUGHTER]).any()


@few
@given(seed=seeds)
def test_the_dead_earn_nothing_and_died_after_birth_and_before_today(seed: int) -> None:
    chunk = town_of(seed)
    people, dead = chunk.people, ~chunk.people.living
    assert (people.died[dead] >= people.born[dead]).all()
    assert (people.died[dead] <= AS_OF).all()
    assert (people.born <= AS_OF).all()
    assert (chunk.livelihood.income_fen_month[dead] == 0).all()
    assert (chunk.livelihood.savings_fen[dead] == 0).all()
    assert (chunk.hardship.self_paid_fen_year[dead] == 0).all()
    assert (chunk.groups.tags[dead] == 0).all()
    assert np.isnat(chunk.events.custody_from[dead]).all()


@few
@given(seed=seeds)
def test_work_school_and_money_fit_the_age(seed: int) -> None:
    chunk = town_of(seed)
    age, living, live = chunk.people.age, chunk.people.living, chunk.livelihood
    assert (live.wage_fen_month[age < 16] == 0).all()
    assert (live.pension_fen_month[age < 50] == 0).all()
    assert (live.vehicles[age < 18] == 0).all()
    assert (chunk.hardship.stage[age >= 25] == 0).all()
    working = np.isin(live.work, [Work.EMPLOYEE, Work.PUBLIC_PAYROLL, Work.BUSINESS, Work.FLEXIBLE, Work.FARMER])
    assert (live.income_fen_month[working] > 0).all()
    assert not chunk.hardship.labour_lost[working].any()
    assert (live.work[living & np.isnat(chunk.events.custody_from)] != Work.NONE).all()
    for money in (live.wage_fen_month, live.savings_fen, live.pension_fen_month, chunk.hardship.self_paid_fen_year):
        assert money.dtype == np.int64
        assert (money >= 0).all()
    assert ((chunk.hardship.grade > 0) == (chunk.hardship.disability > 0)).all()
    assert (chunk.hardship.grade <= 4).all()
    assert (chunk.people.sex[chunk.events.pregnant] == 2).all()


@few
@given(seed=seeds)
def test_homes_of_a_household_stand_in_the_name_of_its_members(seed: int) -> None:
    chunk = town_of(seed)
    owned = np.bincount(chunk.people.household, weights=chunk.livelihood.homes)
    assert (owned == chunk.dwellings.homes).all()
    assert (chunk.dwellings.area_m2 > 0).all()
