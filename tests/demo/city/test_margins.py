"""The city's shares meet the census; needs, means and names have a plausible shape."""

import numpy as np

from jiuzhu.demo.city import parameters as p
from jiuzhu.demo.city.chunk import CityChunk, CityPlan, generate_chunk
from jiuzhu.demo.city.divisions import Divisions
from jiuzhu.demo.city.groups import TargetGroup
from jiuzhu.demo.city.margins import Margin, measure


def test_the_census_margins_hold(town: CityChunk, divisions: Divisions) -> None:
    count = measure([town], divisions)
    missed = [(margin.key, margin.found, margin.target) for margin in count.margins if not margin.holds]
    assert missed == []
    assert {margin.key for margin in count.margins} >= {"age_0_14", "age_15_59", "age_60", "age_65", "male"}


def test_a_margin_outside_its_tolerance_does_not_hold() -> None:
    assert Margin("x", 0.515, 0.5, 0.02, "s").holds
    assert not Margin("x", 0.53, 0.5, 0.02, "s").holds


def test_margins_add_up_over_chunks(divisions: Divisions, as_of: np.datetime64) -> None:
    plan = CityPlan(seed=2, households=500, as_of=as_of, chunk_households=200)
    whole = measure(plan.chunks(divisions), divisions)
    parts = [measure([chunk], divisions) for chunk in plan.chunks(divisions)]
    assert whole.people == sum(part.people for part in parts)
    assert whole.households == sum(part.households for part in parts)
    shares = {margin.key: margin.found for margin in whole.margins}
    assert abs(shares["age_0_14"] + shares["age_15_59"] + shares["age_60"] - 1) < 1e-9


def test_groups_have_the_order_of_size_of_the_domain(town: CityChunk, divisions: Divisions) -> None:
    shares = measure([town], divisions).group_shares
    assert 0.0128 <= shares[TargetGroup.DIBAO] <= 0.0201
    assert 0.0024 <= shares[TargetGroup.TEKUN] <= 0.0046
    assert 0.003 <= shares[TargetGroup.DIBAO_BIANYUAN] <= 0.01
    assert 0.003 <= shares[TargetGroup.GANGXING_ZHICHU] <= 0.011


def test_every_group_occurs_in_the_small_city(divisions: Divisions, as_of: np.datetime64) -> None:
    chunk = generate_chunk(1, 0, p.SIZES["small"], divisions, as_of=as_of)
    shares = measure([chunk], divisions).group_shares
    assert len(shares) == 17
    assert [group.name for group, share in shares.items() if share == 0] == []


def test_nobody_holds_two_of_the_exclusive_levels(town: CityChunk) -> None:
    tags = town.groups.tags
    levels = (TargetGroup.DIBAO, TargetGroup.TEKUN, TargetGroup.DIBAO_BIANYUAN, TargetGroup.GANGXING_ZHICHU)
    held = np.sum([(tags & int(level)) > 0 for level in levels], axis=0)
    assert held.max() == 1


def test_poverty_goes_with_disability_age_and_villages(town: CityChunk) -> None:
    people, poor = town.people, (town.groups.tags & int(TargetGroup.DIBAO)) > 0
    disabled = town.hardship.disability > 0
    assert poor[disabled].mean() > 2 * poor[people.living & ~disabled].mean()
    income = town.groups.income_fen_month_per_head
    assert np.median(income[town.households.urban]) > 1.3 * np.median(income[~town.households.urban])


def test_some_in_need_are_not_helped_and_some_helped_are_not_in_need(town: CityChunk) -> None:
    helped = np.bincount(town.people.household, weights=(town.groups.tags & 3) > 0) > 0
    poor = (town.groups.income_fen_month_per_head < p.DIBAO_LINE_FEN) & ~town.households.extinct
    assert (poor & ~helped).any()
    assert (helped & (town.groups.income_fen_month_per_head > 4 * p.DIBAO_LINE_FEN)).any()


def test_names_are_of_the_family_and_hold_rare_characters(town: CityChunk) -> None:
    people = town.people
    text = "".join(people.name.tolist())
    assert all(sign in text for sign in "𠮷㙓䶮·")
    ordinary = ~np.isin(people.ethnicity, [5, 17])
    child = np.flatnonzero((people.place == 2) & (town.households.kind[people.household] == 4) & ordinary)
    father = np.flatnonzero((people.place == 0) & (town.households.kind[people.household] == 4) & ordinary)
    of_father = dict(zip(people.household[father].tolist(), people.name[father].tolist(), strict=True))
    with_father = [row for row in child.tolist() if people.household[row] in of_father]
    assert len(with_father) > 1000
    assert all(people.name[row][0] == of_father[people.household[row]][0] for row in with_father)
    assert 0.05 < np.mean(np.strings.startswith(people.name, "王")) < 0.12


def test_ethnicities_and_disabilities_use_the_codes_of_their_standards(town: CityChunk) -> None:
    assert set(town.people.ethnicity.tolist()) <= set(p.ETHNICITIES)
    assert 0.98 < np.mean(town.people.ethnicity == 1) < 1
    assert set(town.hardship.disability.tolist()) == set(range(8))
    assert 0.022 < np.mean(town.hardship.disability > 0) < 0.036
