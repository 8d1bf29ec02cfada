"""What is missing, and what would settle it: no more than is needed, checked against every answer (X2 S13)."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from itertools import chain, combinations, product
from pathlib import Path
from typing import Any

import pytest
from tests.engine.households import household, person, program_of, sample
from tests.engine.packs import write_packs

from jiuzhu.engine.household.assessment import assess
from jiuzhu.engine.household.facts import At, Case
from jiuzhu.engine.household.missing import Missing, Way, missing
from jiuzhu.engine.kinds import Outcome
from jiuzhu.engine.packs.loading import load
from jiuzhu.engine.packs.model import PackSet
from jiuzhu.engine.program.compiling import Program, compile_program

DIVISION = "370902001001"
VALUES: dict[str, tuple[Any, ...]] = {
    "a": (True, False),
    "b": (True, False),
    "c": ("low", "middle", "high"),
    "n": (0, 1, 2, 3),
}
SMALL_FACTS = """
household:
  a: {type: truth, label: 甲, label_en: a, register: tax}
  b: {type: truth, label: 乙, label_en: b, question: 乙？, question_en: b?}
  c: {type: code, options: {low: [低, l], middle: [中, m], high: [高, h]}, label: 丙, label_en: c, material: 证明}
  n: {type: count, highest: 3, label: 丁, label_en: d}
"""
SHAPES = [
    "CASE WHEN a AND b THEN yes WHEN c = 'high' THEN disc ELSE no END",
    "CASE WHEN a OR n > 2 THEN yes WHEN b THEN no ELSE refer END",
    "CASE WHEN count_true(a, b, c = 'high', n >= 2) >= 2 THEN yes ELSE no END",
    "CASE WHEN n = 0 THEN no WHEN n = 1 THEN disc WHEN c IN ('low', 'high') THEN yes ELSE no END",
    "CASE WHEN NOT a THEN no WHEN n BETWEEN 1 AND 2 AND b THEN yes ELSE disc END",
    "CASE WHEN c = 'low' THEN no WHEN a THEN no WHEN b THEN no ELSE yes END",
    "CASE WHEN greatest(n, CASE WHEN a THEN 3 ELSE 0 END) >= 3 THEN yes ELSE no END",
    "CASE WHEN coalesce(a, FALSE) OR b THEN yes ELSE no END",
    "CASE WHEN n * CASE WHEN b THEN 1 ELSE 0 END > 1 AND c <> 'middle' THEN yes ELSE no END",
]


@pytest.fixture(scope="module")
def packs(tmp_path_factory: pytest.TempPathFactory) -> PackSet:
    """The sample packs."""
    folder: Path = tmp_path_factory.mktemp("packs")
    return sample(folder)


@pytest.fixture(scope="module")
def program(packs: PackSet) -> Program:
    """Their program."""
    return program_of(packs)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Program:
    """Facts of so few values that every answer can be tried, and one outcome for each shape."""
    formulas = "household:\n" + "".join(
        f'  x{at}: {{type: outcome, label: x, label_en: x, basis: sample_law 1, formula: "{shape}"}}\n'
        for at, shape in enumerate(SHAPES)
    )
    folder: Path = tmp_path_factory.mktemp("small")
    return compile_program(load([write_packs(folder, facts=SMALL_FACTS, formulas=formulas)]), on=date(2026, 9, 1))


def _subsets(names: tuple[str, ...]) -> Iterator[frozenset[str]]:
    return map(frozenset, chain.from_iterable(combinations(names, size) for size in range(len(names) + 1)))


class _EveryAnswer:
    """The truth, by trying every answer to every set of questions."""

    def __init__(self, program: Program, name: str, known: Mapping[str, Any]) -> None:
        self.unknown = tuple(one for one in VALUES if known.get(one) is None)
        self.results: dict[frozenset[str], list[Outcome | None]] = {}
        for names in _subsets(self.unknown):
            answers = product(*(VALUES[one] for one in sorted(names)))
            self.results[names] = [
                self._result(program, name, {**known, **dict(zip(sorted(names), answer, strict=True))})
                for answer in answers
            ]

    def _result(self, program: Program, name: str, facts: Mapping[str, Any]) -> Outcome | None:
        found = assess(program, Case(DIVISION, facts)).figure("household", name).value
        return found if isinstance(found, Outcome) else None

    def surely(self) -> set[frozenset[str]]:
        """The smallest sets that settle it for every answer."""
        return _smallest({names for names, results in self.results.items() if None not in results})

    def possibly(self) -> set[tuple[frozenset[str], Outcome]]:
        """The smallest sets that settle it so for some answer."""
        return {
            (names, outcome)
            for outcome in Outcome
            for names in _smallest({names for names, results in self.results.items() if outcome in results})
        }


def _smallest(sets: set[frozenset[str]]) -> set[frozenset[str]]:
    return {one for one in sets if not any(other < one for other in sets)}


def _names(found: Missing) -> frozenset[str]:
    return frozenset(one.at.name for one in found.needed)


@pytest.mark.parametrize("shape", range(len(SHAPES)), ids=SHAPES)
def test_the_sets_are_the_smallest_there_are(small: Program, shape: int) -> None:
    name = f"x{shape}"
    every: tuple[dict[str, Any], ...] = (
        {},
        {"a": True},
        {"a": False, "n": 2},
        {"b": True, "c": "middle"},
        {"b": False, "n": 0},
        {"c": "high", "a": True, "b": False},
    )
    for known in every:
        assessment = assess(small, Case(DIVISION, known))
        found, right = missing(assessment, "household", name), _EveryAnswer(small, name, known)
        if assessment.figure("household", name).is_known:
            assert (found.needed, found.settling) == ((), ())
            continue
        assert found.is_minimal
        assert found.is_exhaustive
        assert _names(found) in right.surely()
        told = {(frozenset(one.at.name for one in each.gaps), each.result) for each in found.settling}
        assert told == right.possibly()


def test_what_registers_know_comes_first_then_questions_then_papers(small: Program) -> None:
    found = missing(assess(small, Case(DIVISION, {})), "household", "x2")
    assert [one.way for one in found.needed] == [Way.REGISTER, Way.QUESTION, Way.MATERIAL, Way.VISIT]
    assert [one.source.register for one in found.needed] == ["tax", "", "", ""]
    assert found.needed[2].source.material == "证明"
    ways = [[gap.way for gap in one.gaps] for one in found.settling]
    assert ways == sorted(ways, key=lambda one: (len(one), one))


def test_a_known_outcome_lacks_nothing(program: Program) -> None:
    found = missing(assess(program, household(person(wage_yuan_year=None), cars=2)), "household", "entitled")
    assert (found.needed, found.settling, found.is_exhaustive) == ((), (), True)


def test_a_fact_that_cannot_matter_any_more_is_not_asked_for(program: Program) -> None:
    # a child's wage does not count, an adult's does
    child = person(birth_date=date(2015, 1, 1), wage_yuan_year=None, illness=None)
    found = missing(assess(program, household(child, person(wage_yuan_year=None))), "household", "entitled")
    assert [str(one.at) for one in found.needed] == ["person.2.wage_yuan_year"]
    assert found.is_minimal


def test_a_money_fact_is_tried_where_it_turns(program: Program) -> None:
    case = household(person(wage_yuan_year=None), person(), cars=None)
    found = missing(assess(program, case), "household", "entitled")
    assert [str(one.at) for one in found.needed] == ["household.cars", "person.1.wage_yuan_year"]
    told = {(tuple(str(one.at) for one in each.gaps), each.result) for each in found.settling}
    assert told == {
        (("household.cars",), Outcome.NO),
        (("person.1.wage_yuan_year",), Outcome.NO),
        (("household.cars", "person.1.wage_yuan_year"), Outcome.YES),
        (("household.cars", "person.1.wage_yuan_year"), Outcome.DISC),
    }
    # the range is wide: it was tried at its turning points, and that is said
    assert (found.is_minimal, found.is_exhaustive, found.was_cut_off) == (True, False, False)


def test_every_claimed_set_is_proven_by_an_answer(program: Program) -> None:
    case = household(person(wage_yuan_year=None, student=None), person(illness=None), deposits_yuan=None, cars=1)
    found = missing(assess(program, case), "household", "entitled")
    assert {one.result for one in found.settling} == {Outcome.NO, Outcome.YES, Outcome.DISC}
    for one in found.settling:
        assert len(one.gaps) <= len(found.needed)
    assert {str(one.at) for one in found.needed} == {
        "household.deposits_yuan",
        "person.1.wage_yuan_year",
        "person.1.student",
        "person.2.illness",
    }


def test_an_amount_can_be_asked_for_as_well(program: Program) -> None:
    found = missing(assess(program, household(person(illness=None))), "household", "amount_yuan_month")
    assert [str(one.at) for one in found.needed] == ["person.1.illness"]
    assert [one.result for one in found.settling] == [None]


def test_a_standard_that_is_not_on_file_is_named_and_no_fact_is_claimed_to_be_enough(packs: PackSet) -> None:
    program = program_of(packs, date(2025, 1, 2))
    found = missing(assess(program, household(person(wage_yuan_year=Decimal(12_000)))), "household", "entitled")
    assert found.parameters == ("standard_yuan_month",)
    assert (found.needed, found.settling, found.is_minimal) == ((), (), False)
    # what is settled without the standard lacks nothing
    assert missing(assess(program, household(person(), cars=2)), "household", "entitled").parameters == ()


def test_a_rule_that_is_not_in_force_is_named(tmp_path: Path) -> None:
    formulas = """
household:
  later: {type: truth, label: x, label_en: x, formula: urban, basis: sample_law 1, from: 2027-01-01}
  asks: {type: truth, label: x, label_en: x, formula: later AND cars > 1, basis: sample_law 1}
"""
    program = compile_program(load([write_packs(tmp_path, formulas=formulas)]), on=date(2026, 9, 1))
    found = missing(assess(program, Case(DIVISION, {"urban": True})), "household", "asks")
    assert found.without_formula == (At("household", "later"),)
    assert [(one.gaps[0].at.name, one.result) for one in found.settling] == [("cars", False)]


def test_an_effort_that_does_not_suffice_is_told(program: Program) -> None:
    people = [person(wage_yuan_year=None, pension_yuan_month=None, illness=None) for _ in range(4)]
    found = missing(assess(program, household(*people, cars=None)), "household", "entitled", effort=50)
    assert found.was_cut_off
    assert not found.is_exhaustive
    assert len(found.needed) == 13
    enough = missing(assess(program, household(person(wage_yuan_year=None))), "household", "entitled", effort=500)
    assert not enough.was_cut_off


def test_an_unknown_variable_is_refused(program: Program) -> None:
    with pytest.raises(KeyError):
        missing(assess(program, household(person())), "household", "entiteld")
