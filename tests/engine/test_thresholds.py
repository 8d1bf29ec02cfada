"""What would change a figure: the nearest value of a fact, exactly (X2)."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.engine.households import household, person, program_of, sample
from tests.engine.packs import write_packs

from jiuzhu.engine.explaining.thresholds import Direction, Threshold, Thresholds, thresholds
from jiuzhu.engine.household.assessment import Assessment, Status, assess
from jiuzhu.engine.household.domains import Domain, nearest_place
from jiuzhu.engine.household.facts import At, Case, held_value
from jiuzhu.engine.packs.loading import load
from jiuzhu.engine.program.compiling import Program, compile_program


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Program:
    """The program of the sample packs."""
    folder: Path = tmp_path_factory.mktemp("packs")
    return program_of(sample(folder))


def _of(found: Thresholds, where: str, *, of_a_test: bool = False) -> list[Threshold]:
    return [one for one in found.found if str(one.at) == where and (one.test is not None) is of_a_test]


def _at(assessment: Assessment, one: Threshold, value: Any) -> Assessment:
    return assessment.with_facts({one.at: held_value(one.variable.kind, value)})


def test_a_refused_household_learns_at_which_deposits_it_would_be_entitled(program: Program) -> None:
    assessment = assess(program, household(person(), person(), deposits_yuan=100_000))
    (one,) = _of(thresholds(assessment, "household", "entitled"), "household.deposits_yuan")
    assert (one.now, one.limit, one.direction) == (Decimal(100_000), Decimal(40_000), Direction.AT_MOST)
    assert (one.becomes.status, one.changes) == (Status.YES, True)
    assert one.said("zh") == "存款不高于 40,000.00 元"
    assert one.said("en") == "deposits at most 40,000.00 yuan"


def test_the_limit_is_exact_to_the_fen_in_both_directions(program: Program) -> None:
    entitled = assess(program, household(person(wage_yuan_year=Decimal(5_000)), person()))
    (one,) = _of(thresholds(entitled, "household", "entitled"), "person.1.wage_yuan_year")
    assert one.direction is Direction.AT_LEAST
    assert isinstance(one.limit, Decimal)
    assert _at(entitled, one, one.limit).figure("household", "entitled").status is Status.NO
    assert _at(entitled, one, one.limit - Decimal("0.01")).figure("household", "entitled").status is Status.YES
    refused = assess(program, household(person(wage_yuan_year=Decimal(50_000)), person()))
    (two,) = _of(thresholds(refused, "household", "entitled"), "person.1.wage_yuan_year")
    assert two.direction is Direction.AT_MOST
    assert two.limit == one.limit - Decimal("0.01")


def test_days_are_counted_as_days(program: Program) -> None:
    assessment = assess(program, household(person(birth_date=date(1970, 3, 3))))
    found = thresholds(assessment, "person", "old")
    (one,) = _of(found, "person.1.birth_date")
    assert (one.limit, one.direction) == (date(1966, 9, 1), Direction.AT_MOST)
    assert one.said("zh") == "成员1的出生日期不晚于 1966-09-01"
    assert one.said("en") == "member 1, date of birth on or before 1966-09-01"
    old = thresholds(assess(program, household(person(birth_date=date(1950, 1, 1)))), "person", "old")
    assert [one.limit for one in _of(old, "person.1.birth_date")] == [date(1966, 9, 2)]


def test_codes_and_truths_are_tried_one_by_one(program: Program) -> None:
    found = thresholds(assess(program, household(person(), cars=1)), "household", "entitled")
    assert [(one.limit, one.direction) for one in _of(found, "person.1.illness")] == [("severe", Direction.EXACTLY)]
    assert _of(found, "person.1.illness")[0].said("zh") == "成员1的病情为 重病"
    working = assess(program, household(person(wage_yuan_year=Decimal(50_000))))
    (one,) = _of(thresholds(working, "household", "entitled"), "person.1.student")
    assert (one.limit, one.becomes.status) == (True, Status.YES)
    assert one.said("en") == "member 1, student is yes"


def test_each_test_has_its_own_limit_when_no_single_fact_changes_the_whole(program: Program) -> None:
    # two cars and too much in the bank: neither alone is enough
    found = thresholds(
        assess(program, household(person(), cars=2, deposits_yuan=Decimal(30_000))), "household", "entitled"
    )
    assert _of(found, "household.cars") == []
    (cars,) = _of(found, "household.cars", of_a_test=True)
    assert cars.test is not None
    assert (cars.limit, cars.direction, cars.test.label.zh) == (1, Direction.AT_MOST, "车辆 ≤ 1")
    assert (cars.becomes.status, cars.changes) == (Status.NO, False)
    (deposits,) = _of(found, "household.deposits_yuan", of_a_test=True)
    assert deposits.limit == Decimal(20_000)


def test_what_is_not_known_stays_so_and_is_no_fact_to_change(program: Program) -> None:
    found = thresholds(assess(program, household(person(wage_yuan_year=None), cars=0)), "household", "entitled")
    assert not any(one.at.name == "wage_yuan_year" for one in found.found)
    (cars,) = _of(found, "household.cars")
    assert (cars.limit, cars.becomes.status) == (2, Status.NO)


def test_a_fact_that_changes_nothing_is_not_told(program: Program) -> None:
    found = thresholds(
        assess(program, household(person(birth_date=date(2020, 1, 1), wage_yuan_year=5))), "household", "entitled"
    )
    assert _of(found, "person.1.wage_yuan_year") == []
    assert not any(one.at.name == "urban" for one in found.found)


def test_an_effort_that_does_not_suffice_is_told(program: Program) -> None:
    assessment = assess(program, household(*(person() for _ in range(5))))
    assert thresholds(assessment, "household", "entitled", effort=30).was_cut_off
    assert not thresholds(assessment, "household", "entitled").was_cut_off


def test_an_island_in_the_middle_of_a_range_is_found(tmp_path: Path) -> None:
    formulas = """
person:
  working: {type: truth, label: x, label_en: x, formula: age(birth_date) BETWEEN 16 AND 59, basis: sample_law 1}
"""
    program = compile_program(load([write_packs(tmp_path, formulas=formulas)]), on=date(2026, 9, 1))
    for birth, limit in ((date(1940, 5, 5), date(1966, 9, 2)), (date(2026, 8, 1), date(2010, 9, 1))):
        found = assess(program, Case("370902001001", {"urban": True}, {"person": [{"birth_date": birth}]}))
        assert limit in [one.limit for one in thresholds(found, "person", "working").found]


def test_the_places_of_a_domain_are_its_values(program: Program) -> None:
    assessment = assess(program, household(person()))
    birth = Domain(assessment, At("person", "birth_date", 0))
    assert birth.value(birth.size - 1) == 20260901
    assert birth.value(birth.place(20240229) + 1) == 20240301
    cars = Domain(assessment, At("household", "cars"))
    assert (cars.all(), cars.is_few, birth.is_few) == (list(range(10)), True, False)


@pytest.mark.parametrize("limit", [0, 1, 499, 500, 501, 9_999_999])
@pytest.mark.parametrize("start", [500, 5_000_000])
def test_the_nearest_place_is_found_on_either_side(program: Program, limit: int, start: int) -> None:
    domain = Domain(assess(program, household(person())), At("household", "deposits_yuan"))
    above = nearest_place(domain, start, 1, lambda place: place >= limit)
    assert above == (max(limit, start + 1))
    below = nearest_place(domain, start, -1, lambda place: place <= limit)
    assert below == min(limit, start - 1)
    assert nearest_place(domain, start, 1, lambda _: False) is None
    assert nearest_place(domain, domain.size - 1, 1, lambda _: True) is None
