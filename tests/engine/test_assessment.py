"""One household on one day: what is worked out, what stays open, and what is refused by name (X1 X2)."""

import random
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from tests.engine.households import ON, TAISHAN, household, person, program_of, sample, verified

from jiuzhu.engine.household.assessment import Status, assess, prepared
from jiuzhu.engine.household.facts import At, Case, CaseError, Fact, Origin
from jiuzhu.engine.household.intervals import Intervals, Scope
from jiuzhu.engine.kinds import Base, Outcome
from jiuzhu.engine.packs.model import PackSet
from jiuzhu.engine.program.compiling import Program
from jiuzhu.engine.program.nodes import half_away


@pytest.fixture(scope="module")
def packs(tmp_path_factory: pytest.TempPathFactory) -> PackSet:
    """The sample packs."""
    folder: Path = tmp_path_factory.mktemp("packs")
    return sample(folder)


@pytest.fixture(scope="module")
def program(packs: PackSet) -> Program:
    """Their program."""
    return program_of(packs)


def _refused(program: Program, case: Case) -> dict[str, str]:
    with pytest.raises(CaseError) as refusal:
        assess(program, case)
    return {one.where: one.code for one in refusal.value.problems}


def test_figures_are_exact_and_outcomes_have_a_status(program: Program) -> None:
    found = assess(program, household(person(wage_yuan_year=verified(Decimal(10_000))), person(), person()))
    assert found.figure("household", "income_per_head_yuan_month").value == Fraction(10_000, 36)
    assert found.figure("household", "amount_yuan_month").value == Decimal("2066.17")
    assert found.figure("household", "entitled").value is Outcome.YES
    assert found.figure("household", "entitled").status is Status.YES
    assert found.figure("person", "minor", 2).status is Status.NO
    assert found.figure("household", "members").status is Status.KNOWN
    assert (found.on, found.digest) == (ON, program.digest)


def test_an_unknown_fact_leaves_bounds_and_an_open_outcome(program: Program) -> None:
    found = assess(program, household(person(wage_yuan_year=Fact(None, Origin.VERIFIED, ON))))
    income = found.figure("household", "income_per_head_yuan_month")
    assert (income.low, income.high, income.value) == (0, Fraction(1_000_000, 12), None)
    assert found.figure("household", "entitled").status is Status.UNKNOWN
    assert found.figure("household", "amount_yuan_month").high == Decimal("966.50")


def test_what_is_known_can_settle_an_outcome_that_lacks_a_fact(program: Program) -> None:
    found = assess(program, household(person(wage_yuan_year=None), cars=2))
    assert found.figure("household", "entitled").status is Status.NO


@pytest.mark.parametrize(
    ("facts", "status"),
    [
        ({"cars": 0}, Status.YES),
        ({"cars": 1}, Status.DISC),
        ({"cars": 2}, Status.NO),
        ({"cars": 0, "deposits_yuan": Decimal("20000.00")}, Status.YES),
        ({"cars": 0, "deposits_yuan": Decimal("20000.01")}, Status.NO),
    ],
)
def test_outcomes_turn_exactly_at_their_limits(program: Program, facts: dict[str, Any], status: Status) -> None:
    assert assess(program, household(person(), **facts)).figure("household", "entitled").status is status


def test_the_values_of_policy_that_were_used_are_told(program: Program) -> None:
    found = assess(program, household(person()))
    standard = found.parameters["standard_yuan_month"]
    assert standard.value == Decimal("966.50")
    assert standard.entry is not None
    assert (standard.entry.prefix, standard.entry.period.end) == ("370902", date(2027, 1, 1))
    assert [one.place_zh for one in standard.entry.basis] == ["第十八条", "第十九条第一款"]
    used = {one.parameter.name: one.is_demo for one in found.parameters_below(("household", "property_fits"))}
    assert used == {"deposits_yuan_head": True}


def test_a_value_that_is_not_on_file_is_unknown_and_told_as_such(packs: PackSet) -> None:
    found = assess(program_of(packs, date(2025, 1, 2)), household(person()))
    assert found.parameters["standard_yuan_month"].entry is None
    assert found.figure("household", "entitled").status is Status.UNKNOWN


def test_every_variable_and_every_outcome_can_be_listed(program: Program) -> None:
    found = assess(program, household(person(), person()))
    assert {str(one.at) for one in found.figures()} >= {"household.entitled", "person.2.minor", "person.1.birth_date"}
    assert [str(one.at) for one in found.outcomes()] == ["household.entitled"]
    with pytest.raises(KeyError):
        found.figure("household", "entiteld")
    with pytest.raises(IndexError):
        found.figure("person", "minor", 2)


def test_the_function_is_generated_once_for_a_program(packs: PackSet, program: Program) -> None:
    assert prepared(program) is prepared(program)
    assert prepared(program) is not prepared(program_of(packs))


def test_a_household_of_nobody_is_worked_out(program: Program) -> None:
    assert assess(program, household()).figure("household", "members").value == 0


@pytest.mark.parametrize(
    ("wrong", "where", "code"),
    [
        ({"cars": True}, "household.cars", "fact.type"),
        ({"cars": "two"}, "household.cars", "fact.type"),
        ({"cars": Outcome.YES}, "household.cars", "fact.type"),
        ({"cars": Decimal("1.5")}, "household.cars", "fact.type"),
        ({"cars": 1.0}, "household.cars", "fact.type"),
        ({"cars": 10}, "household.cars", "fact.range"),
        ({"cars": 10**5000}, "household.cars", "fact.type"),
        ({"deposits_yuan": Decimal("0.001")}, "household.deposits_yuan", "fact.type"),
        ({"deposits_yuan": Decimal("NaN")}, "household.deposits_yuan", "fact.type"),
        ({"deposits_yuan": Decimal("1e999999")}, "household.deposits_yuan", "fact.type"),
        ({"deposits_yuan": Decimal("1.0000000000000000000000000000000000001")}, "household.deposits_yuan", "fact.type"),
        ({"deposits_yuan": -1}, "household.deposits_yuan", "fact.range"),
        ({"urban": 1}, "household.urban", "fact.type"),
        ({"urban": None}, "household.urban", "fact.required"),
        ({"carz": 1}, "household.carz", "fact.name"),
        ({"entitled": True}, "household.entitled", "fact.worked_out"),
    ],
)
def test_a_wrong_fact_of_the_household_is_named(program: Program, wrong: Any, where: str, code: str) -> None:
    assert _refused(program, household(person(), **wrong)) == {where: code}


@pytest.mark.parametrize(
    ("wrong", "name", "code"),
    [
        ({"birth_date": date(2026, 9, 2)}, "birth_date", "fact.future"),
        ({"birth_date": date(1799, 12, 31)}, "birth_date", "fact.range"),
        ({"birth_date": datetime(1980, 1, 1)}, "birth_date", "fact.type"),  # noqa: DTZ001
        ({"birth_date": "1980-01-01"}, "birth_date", "fact.type"),
        ({"birth_date": None}, "birth_date", "fact.required"),
        ({"illness": "sever"}, "illness", "fact.type"),
        ({"illness": 2}, "illness", "fact.type"),
    ],
)
def test_a_wrong_fact_of_a_member_is_named_with_its_row(program: Program, wrong: Any, name: str, code: str) -> None:
    assert _refused(program, household(person(), person(**wrong))) == {f"person.2.{name}": code}


def test_a_person_born_today_is_no_mistake(program: Program) -> None:
    assert assess(program, household(person(birth_date=ON))).figure("person", "minor").value is True


def test_all_problems_are_named_at_once(program: Program) -> None:
    case = Case("37", {"cars": 99}, {"person": [{}] * 21, "persons": [], "supporter": 3})  # type: ignore[dict-item]
    assert _refused(program, case) == {
        "division": "case.division",
        "household.urban": "fact.required",
        "household.cars": "fact.range",
        "persons": "case.entity",
        "person": "case.many",
        "supporter": "case.members",
    }


@pytest.mark.parametrize(
    ("division", "code"),
    [
        ("371002001001", "case.root"),
        ("37090200100", "case.division"),
        ("３７０９０２００１００１", "case.division"),
        ("", "case.division"),
    ],
)
def test_a_division_that_is_none_or_lies_elsewhere_is_refused(program: Program, division: str, code: str) -> None:
    assert _refused(program, household(person(), division=division)) == {"division": code}


def test_a_missing_household_is_named(program: Program) -> None:
    assert _refused(program, Case(TAISHAN, None)) == {"household": "case.household"}  # type: ignore[arg-type]


def test_a_refusal_says_what_to_do_in_both_languages_and_repeats_no_text(program: Program) -> None:
    with pytest.raises(CaseError) as refusal:
        assess(program, household(person(illness="370902198001011234"), person(illness="sever"), carz=1))
    chinese = [one.message("zh-hans") for one in refusal.value.problems]
    english = [one.message("en") for one in refusal.value.problems]
    assert chinese == [
        "household.carz：没有名为“carz”的事实。是否想写 cars？",
        "person.1.illness：应当是 none, chronic, severe 之一，这里是文字。可用的有：chronic、none、severe。",
        "person.2.illness：应当是 none, chronic, severe 之一，这里是文字。是否想写 severe？",
    ]
    assert english[2] == "person.2.illness: expected one of none, chronic, severe, found a text. Did you mean severe?"


def test_a_changed_fact_leaves_the_case_as_it_was(program: Program) -> None:
    found = assess(program, household(person(), person()))
    changed = found.with_facts({At("household", "cars"): 2, At("person", "wage_yuan_year", 1): 5_000_000})
    assert changed.figure("household", "entitled").status is Status.NO
    assert changed.figure("person", "income_yuan_year", 1).value == 50_000
    assert found.figure("household", "entitled").status is Status.YES
    assert found.figure("person", "income_yuan_year", 1).value == 0


def test_a_program_is_not_run_on_a_day_for_which_it_does_not_hold(program: Program) -> None:
    with pytest.raises(ValueError, match="2026-09-02"):
        assess(program, household(person()), on=date(2026, 9, 2))


def random_case(chance: random.Random, *, unknown: float = 0.2) -> Case:
    """A household of which some facts are unknown."""

    def maybe(value: Any) -> Any:
        return None if chance.random() < unknown else value

    def member() -> Mapping[str, Any]:
        return {
            "birth_date": date(chance.choice((1930, 1950, 1966, 1990, 2008, 2009, 2020)), 9, chance.randint(1, 2)),
            "wage_yuan_year": maybe(Decimal(chance.choice((0, 1, 3_479_399, 3_479_400, 12_345_678))).scaleb(-2)),
            "pension_yuan_month": maybe(chance.choice((0, 300, 966))),
            "illness": maybe(chance.choice(("none", "chronic", "severe"))),
            "student": maybe(chance.random() < 0.3),
        }

    return household(
        *(member() for _ in range(chance.randint(0, 4))),
        supporters=[
            {"income_yuan_year": maybe(chance.choice((-500, 0, 7, 90_000)))} for _ in range(chance.randint(0, 2))
        ],
        cars=maybe(chance.choice((0, 0, 1, 2))),
        deposits_yuan=maybe(Decimal(chance.choice(("0", "20000.01", "40000", "100000")))),
    )


def test_formulas_as_written_agree_with_the_program(program: Program) -> None:
    """What an explanation shows of a formula is what the program works out, for hundreds of households."""
    chance = random.Random(20260901)  # noqa: S311 (invented households)
    for _ in range(150):
        found = assess(program, random_case(chance))
        intervals = Intervals(found)
        for one in found.figures():
            formula = found.formula(one.at.key)
            if formula is None:
                continue
            written = intervals.of(formula.tree, Scope(one.at.entity, one.at.row))
            low, high = found.bounds(one.at)
            if one.variable.kind.base is Base.NUMBER and not one.variable.exact:
                written = _in_places(written[0], 2), _in_places(written[1], 2)
            assert low <= written[0] <= written[1] <= high, one.at
            if low == high:
                assert written == (low, high)


def _in_places(number: int | Fraction, places: int) -> Fraction:
    scaled = Fraction(number) * 10**places
    return Fraction(half_away(scaled.numerator, scaled.denominator), 10**places)
