"""A whole small pack: what is loaded, compiled and worked out, with and without unknown facts."""

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from tests.engine.packs import write_packs

from jiuzhu.engine.backends.python import generate
from jiuzhu.engine.kinds import Outcome
from jiuzhu.engine.packs.loading import load
from jiuzhu.engine.packs.model import PackSet
from jiuzhu.engine.program.bounds import bounded, high, low
from jiuzhu.engine.program.compiling import Program, compile_program
from jiuzhu.engine.reference import Household, Reference

ON = date(2026, 9, 1)
TAISHAN = "370902001001"
ADULT, CHILD = 19800101, 20150601


@pytest.fixture
def packs(tmp_path: Path) -> PackSet:
    """The sample packs."""
    return load([write_packs(tmp_path)])


@pytest.fixture
def program(packs: PackSet) -> Program:
    """Their program of the day."""
    return compile_program(packs, on=ON, root="3709")


def _parameters(packs: PackSet, division: str = TAISHAN, on: date = ON) -> dict[str, int | None]:
    return {
        name: None if (entry := parameter.entry(division, on)) is None else entry.value
        for name, parameter in packs.parameters.items()
    }


def _people(*wages_yuan: int | None) -> dict[str, list[int | None]]:
    count = len(wages_yuan)
    return {
        "birth_date": [ADULT] * count,
        "wage_yuan_year": [None if wage is None else wage * 100 for wage in wages_yuan],
        "pension_yuan_month": [0] * count,
        "illness": [0] * count,
        "student": [0] * count,
    }


_NOBODY: dict[str, list[int | None]] = {"income_yuan_year": []}


def test_the_amount_is_worked_out_exactly_and_rounded_once(packs: PackSet, program: Program) -> None:
    run = generate(program)
    # 10,000 yuan a year for three: 277.777… a head; (966.50 - 277.777…) * 3 = 2,066.1666…
    found = run(
        {"division": int(TAISHAN), "urban": True, "cars": 0},
        {"person": _people(10_000, 0, 0), "supporter": _NOBODY},
        {"person": 3, "supporter": 0},
        _parameters(packs),
    )
    assert found["household", "entitled"] == Outcome.YES
    assert found["household", "amount_yuan_month"] == 206_617


@pytest.mark.parametrize(
    ("cars", "outcome"), [(0, Outcome.YES), (1, Outcome.DISC), (2, Outcome.NO)], ids=["none", "one", "two"]
)
def test_an_outcome_can_be_left_to_an_officer(packs: PackSet, program: Program, cars: int, outcome: Outcome) -> None:
    found = generate(program)(
        {"division": int(TAISHAN), "urban": True, "cars": cars},
        {"person": _people(0), "supporter": _NOBODY},
        {"person": 1, "supporter": 0},
        _parameters(packs),
    )
    assert found["household", "entitled"] == outcome


def test_an_unknown_wage_leaves_the_outcome_open_and_a_high_known_one_settles_it(
    packs: PackSet, program: Program
) -> None:
    run = generate(bounded(program))
    facts = {"division": int(TAISHAN), "urban": True, "cars": 0}
    open_case = run(
        facts, {"person": _people(0, None), "supporter": _NOBODY}, {"person": 2, "supporter": 0}, _parameters(packs)
    )
    entitled = "household", "entitled"
    assert (open_case[low(entitled)], open_case[high(entitled)]) == (Outcome.NO, Outcome.YES)
    settled = run(
        facts,
        {"person": _people(24_000, None), "supporter": _NOBODY},
        {"person": 2, "supporter": 0},
        _parameters(packs),
    )
    assert (settled[low(entitled)], settled[high(entitled)]) == (Outcome.NO, Outcome.NO)


def test_a_standard_that_is_not_on_file_is_unknown_never_the_nearest(packs: PackSet, program: Program) -> None:
    early = date(2025, 6, 30)
    assert packs.parameters["standard_yuan_month"].entry(TAISHAN, early) is None
    found = generate(bounded(compile_program(packs, on=early, root="3709")))(
        {"division": int(TAISHAN), "urban": True, "cars": 0},
        {"person": _people(0), "supporter": _NOBODY},
        {"person": 1, "supporter": 0},
        _parameters(packs, on=early),
    )
    entitled = "household", "entitled"
    assert (found[low(entitled)], found[high(entitled)]) == (Outcome.NO, Outcome.YES)


def test_the_longest_prefix_and_the_day_choose_a_parameter(packs: PackSet) -> None:
    standard = packs.parameters["standard_yuan_month"]
    values = [
        None if (entry := standard.entry(division, day)) is None else entry.value
        for division, day in (
            (TAISHAN, date(2026, 12, 31)),
            (TAISHAN, date(2027, 1, 1)),
            ("370911100201", ON),
            (TAISHAN, date(2025, 6, 30)),
        )
    ]
    assert values == [96_650, 100_000, 80_000, None]


def test_the_reference_agrees(packs: PackSet) -> None:
    household = Household(
        TAISHAN,
        {"urban": True, "cars": Fraction(0)},
        {
            "person": [
                {
                    "birth_date": date(1980, 1, 1),
                    "wage_yuan_year": Fraction(wage),
                    "pension_yuan_month": Fraction(0),
                    "student": False,
                }
                for wage in (10_000, 0, 0)
            ]
        },
    )
    reference = Reference(packs, household, ON)
    assert reference.value("household", "entitled") is Outcome.YES
    assert reference.value("household", "amount_yuan_month") == Fraction("2066.17")
    assert reference.value("household", "income_per_head_yuan_month") == Fraction(10_000, 36)
