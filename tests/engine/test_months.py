"""One household over many months, with the rules and values of each (X1 S09)."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from tests.engine.households import TAISHAN, household, person, sample
from tests.engine.packs import FACTS, write_packs

from jiuzhu.core.periods import Period, add_months
from jiuzhu.engine.household.assessment import assess
from jiuzhu.engine.household.facts import Case, CaseError
from jiuzhu.engine.household.months import Programs, due, epochs, over_months, turning_days
from jiuzhu.engine.packs.loading import load
from jiuzhu.engine.packs.model import PackSet
from jiuzhu.engine.program.compiling import compile_program

FORMULAS = """
household:
  grace_yuan_month:
    type: yuan_month
    label: 渐退期救助金
    label_en: amount during the exit
    versions:
      - {formula: p.standard_yuan_month, from: 2025-01-01, to: 2026-07-01, basis: sample_law 18}
      - formula: CASE WHEN months_since(left_on) < 3 THEN p.standard_yuan_month ELSE 0 END
        from: 2026-07-01
        basis: sample_law 18
  young: {type: truth, label: 年轻, label_en: young, formula: any(age(person.birth_date) < 5), basis: sample_law 2}
"""


@pytest.fixture(scope="module")
def packs(tmp_path_factory: pytest.TempPathFactory) -> PackSet:
    """The sample packs."""
    folder: Path = tmp_path_factory.mktemp("packs")
    return sample(folder)


@pytest.fixture(scope="module")
def leaving(tmp_path_factory: pytest.TempPathFactory) -> PackSet:
    """Packs whose formulas change in the middle of 2026, with a gradual exit afterwards."""
    folder: Path = tmp_path_factory.mktemp("leaving")
    facts = FACTS.replace(
        "person:\n", "  left_on: {type: day, label: 退出, label_en: left, lowest: 2024-01-01}\nperson:\n"
    )
    return load([write_packs(folder, facts=facts, formulas=FORMULAS)])


def _months(start: date, count: int) -> list[date]:
    return [add_months(start, at) for at in range(count)]


def test_the_days_on_which_anything_changes_cut_a_period(packs: PackSet, leaving: PackSet) -> None:
    whole = Period(date(2026, 1, 1), date(2028, 1, 1))
    assert epochs(packs, whole) == (
        Period(date(2026, 1, 1), date(2027, 1, 1)),
        Period(date(2027, 1, 1), date(2028, 1, 1)),
    )
    assert [one.start for one in epochs(leaving, whole)] == [date(2026, 1, 1), date(2026, 7, 1), date(2027, 1, 1)]
    assert epochs(packs, Period(date(2026, 1, 1), date(2027, 1, 1)), parameters=False) == (
        Period(date(2026, 1, 1), date(2027, 1, 1)),
    )
    assert date(2025, 7, 1) in turning_days(packs)
    with pytest.raises(ValueError, match="open"):
        epochs(packs, Period(date(2026, 1, 1)))


def test_a_standard_that_rises_is_paid_from_its_month(packs: PackSet) -> None:
    found = over_months(Programs(packs), household(person()), _months(date(2026, 11, 15), 4))
    assert [one.month for one in found] == [
        date(2026, 11, 1),
        date(2026, 12, 1),
        date(2027, 1, 1),
        date(2027, 2, 1),
    ]
    amounts = [one.assessment.figure("household", "amount_yuan_month").value for one in found]
    assert amounts == [Decimal("966.50"), Decimal("966.50"), Decimal(1000), Decimal(1000)]


def test_a_change_of_formulas_is_another_program_and_a_change_of_values_is_not(leaving: PackSet) -> None:
    programs = Programs(leaving)
    days = [date(2026, 1, 1), date(2026, 6, 30), date(2026, 7, 1), date(2026, 12, 1), date(2027, 3, 1)]
    found = [programs.at(day, "3709") for day in days]
    assert found[0] is found[1]
    assert found[1] is not found[2]
    assert found[2] is found[3] is found[4]
    assert programs.at(days[0], "37") is not found[0]


def test_a_gradual_exit_is_paid_for_its_months(leaving: PackSet) -> None:
    case = Case(TAISHAN, {"urban": True, "left_on": date(2026, 6, 20)}, {"person": [person()]})
    found = over_months(Programs(leaving), case, _months(date(2026, 6, 1), 6), day=lambda month: month.replace(day=20))
    amounts = [one.assessment.figure("household", "grace_yuan_month").value for one in found]
    assert amounts == [Decimal("966.50")] * 3 + [Decimal(0)] * 3


def test_ages_are_counted_on_the_day_of_each_month(leaving: PackSet) -> None:
    case = Case(TAISHAN, {"urban": True}, {"person": [{"birth_date": date(2021, 9, 15)}]})
    found = over_months(Programs(leaving), case, _months(date(2026, 8, 1), 4))
    assert [one.assessment.figure("household", "young").value for one in found] == [True, True, False, False]


def test_every_month_is_what_its_own_program_says(packs: PackSet) -> None:
    programs = Programs(packs)
    case = household(person(birth_date=date(2008, 12, 15), wage_yuan_year=Decimal(7_000)), person(illness=None), cars=1)
    for one in over_months(programs, case, _months(date(2026, 1, 1), 24)):
        own = assess(compile_program(packs, on=one.on, root="3709"), case)
        assert [figure.low for figure in one.assessment.figures()] == [figure.low for figure in own.figures()]
        assert [figure.high for figure in one.assessment.figures()] == [figure.high for figure in own.figures()]


def test_a_household_that_changes_is_given_by_a_function(packs: PackSet) -> None:
    def case(on: date) -> Case:
        people = [person(), person(birth_date=date(2026, 10, 20))] if on >= date(2026, 10, 20) else [person()]
        return household(*people)

    found = over_months(Programs(packs), case, _months(date(2026, 10, 1), 2))
    assert [one.assessment.figure("household", "members").value for one in found] == [1, 2]


def test_a_member_not_yet_born_is_refused_by_name(packs: PackSet) -> None:
    case = household(person(), person(birth_date=date(2026, 10, 20)))
    with pytest.raises(CaseError) as refusal:
        over_months(Programs(packs), case, _months(date(2026, 10, 1), 2))
    assert [(one.where, one.code) for one in refusal.value.problems] == [("person.2.birth_date", "fact.future")]


def test_arrears_are_what_was_due_less_what_was_paid(packs: PackSet) -> None:
    months = over_months(Programs(packs), household(person(), person()), _months(date(2026, 11, 1), 4))
    paid: dict[date, int | Decimal | Fraction] = {
        date(2026, 11, 1): Decimal("1933.00"),
        date(2026, 12, 1): 2000,
        date(2027, 1, 1): Fraction("1933"),
    }
    found = due(months, "amount_yuan_month", paid)
    assert [one.difference for one in found] == [0, -67, 67, 2000]


def test_arrears_stay_open_while_what_was_due_is_not_known(packs: PackSet) -> None:
    months = over_months(Programs(packs), household(person(wage_yuan_year=None)), [date(2026, 11, 1)])
    assert [one.difference for one in due(months, "amount_yuan_month", {})] == [None]
    with pytest.raises(ValueError, match="no number"):
        due(months, "entitled", {})
