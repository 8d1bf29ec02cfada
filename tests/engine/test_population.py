"""A population is put in order and checked: a wrong fact is named, never guessed (X3)."""

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.engine.packs import write_packs

from jiuzhu.engine.packs.loading import load
from jiuzhu.engine.packs.model import PackSet
from jiuzhu.engine.population.areas import areas
from jiuzhu.engine.population.digests import digest
from jiuzhu.engine.population.gathering import gather
from jiuzhu.engine.population.model import Population
from jiuzhu.engine.population.planning import plan_for
from jiuzhu.engine.population.problems import PopulationError, RowProblem
from jiuzhu.engine.program.compiling import compile_program

ON = date(2026, 9, 1)
TAISHAN, DAIYUE = 370902001001, 370911100201
FACTS: dict[tuple[str, str], Any] = {
    ("household", "urban"): [True, False, True],
    ("household", "cars"): [0, None, 9],
    ("person", "birth_date"): [19800101, 20150601, 19501231, 20000229],
    ("person", "wage_yuan_year"): [0, None, 1_000_000_00, 12_345],
    ("person", "illness"): [0, 1, 2, None],
    ("person", "student"): [False, True, None, False],
}
# the second household has nobody; rows of members come in any order
OWNERS = {"person": [30, 10, 30, 10]}


@pytest.fixture
def packs(tmp_path: Path) -> PackSet:
    """The sample packs."""
    return load([write_packs(tmp_path)])


def people(packs: PackSet, **changes: Any) -> Population:
    """Three households, with some of what is given changed."""
    given = {
        "taken_on": ON,
        "households": [30, 20, 10],
        "divisions": [TAISHAN, DAIYUE, TAISHAN],
        "owners": OWNERS,
        "facts": FACTS,
    }
    return gather(packs, **{**given, **changes})


def refused(packs: PackSet, **changes: Any) -> RowProblem:
    """The first problem, after the same without the change was accepted."""
    people(packs)
    with pytest.raises(PopulationError) as refusal:
        people(packs, **changes)
    return refusal.value.problems[0]


def with_fact(entity: str, name: str, values: Any) -> dict[str, Any]:
    return {"facts": {**FACTS, (entity, name): values}}


def test_members_are_put_beside_each_other_in_the_order_of_households(packs: PackSet) -> None:
    found = people(packs)
    assert found.counts["person"].tolist() == [2, 0, 2]
    assert found.counts["supporter"].tolist() == [0, 0, 0]
    birth, wage = found.columns["person", "birth_date"], found.columns["person", "wage_yuan_year"]
    assert birth.values.tolist() == [19800101, 19501231, 20150601, 20000229]
    assert birth.unknown is None
    assert wage.values.tolist() == [0, 1_000_000_00, 0, 12_345]
    assert wage.unknown is not None
    assert wage.unknown.tolist() == [False, False, True, False]


def test_arrays_masked_arrays_and_lists_are_the_same(packs: PackSet) -> None:
    wage = np.ma.masked_array(np.array([0, 5, 1_000_000_00, 12_345]), [False, True, False, False])
    cars = np.ma.masked_array(np.array([0, 7, 9], dtype=np.int16), [False, True, False])
    arrays = {**FACTS, ("person", "wage_yuan_year"): wage, ("household", "cars"): cars}
    assert digest(people(packs, facts=arrays)) == digest(people(packs))


@pytest.mark.parametrize(
    ("values", "code", "row", "household", "expected"),
    [
        ([0, -1, 9], "fact.range", 1, 20, "0 to 9"),
        ([0, 1, 10], "fact.range", 2, 10, "0 to 9"),
        ([0, True, 9], "fact.type", 1, 20, "a whole number"),
        ([0, "1", 9], "fact.type", 1, 20, "a whole number"),
        ([0, 1.0, 9], "fact.type", 1, 20, "a whole number"),
        ([0, 2**70, 9], "fact.type", 1, 20, "a whole number"),
        (np.array([0.0, 1.0, 9.0]), "fact.type", -1, 0, "a whole number"),
        (np.array([0, 1, 9], dtype=np.uint64), "fact.type", -1, 0, "a whole number"),
        ([0, 1], "fact.length", -1, 0, "3 rows"),
    ],
)
def test_a_wrong_number_is_named(
    packs: PackSet, values: Any, code: str, row: int, household: int, expected: str
) -> None:
    found = refused(packs, **with_fact("household", "cars", values))
    assert (found.entity, found.fact, found.code) == ("household", "cars", code)
    assert (found.row, found.household, found.en) == (row, household, expected)


@pytest.mark.parametrize(
    ("name", "value", "code", "expected"),
    [
        ("birth_date", 20260902, "fact.future", "a day not after 2026-09-01"),
        ("birth_date", 20250229, "fact.day", "a day of the calendar"),
        ("birth_date", 20261301, "fact.day", "a day of the calendar"),
        ("birth_date", 20260600, "fact.day", "a day of the calendar"),
        ("birth_date", 17991231, "fact.range", "1800-01-01 to 2200-12-31"),
        ("birth_date", None, "fact.required", "a value that is known"),
        ("illness", 3, "fact.code", "one of none, chronic, severe (0 to 2)"),
        ("wage_yuan_year", 1_000_000_01, "fact.range", "0.00 to 1000000.00"),
        ("student", 1, "fact.type", "yes or no"),
    ],
)
def test_a_wrong_fact_of_a_member_is_named(packs: PackSet, name: str, value: Any, code: str, expected: str) -> None:
    values = [*FACTS["person", name][:2], value, FACTS["person", name][3]]
    found = refused(packs, **with_fact("person", name, values))
    assert (found.entity, found.fact, found.code, found.en) == ("person", name, code, expected)
    assert (found.row, found.household) == (2, 30)
    assert f"person.{name} 第 2 行（户 30）" in found.message("zh")


def test_the_day_of_the_snapshot_is_no_future(packs: PackSet) -> None:
    birth = [*FACTS["person", "birth_date"][:3], 20260901]
    assert people(packs, **with_fact("person", "birth_date", birth)).members("person") == 4


@pytest.mark.parametrize(
    ("changes", "code", "row"),
    [
        ({"owners": {"person": [30, 10, 30, 11]}}, "member.household", 3),
        ({"owners": {"person": [30, 10, None, 10]}}, "number.range", 2),
        ({"owners": {"pet": [30]}}, "entity.unknown", -1),
        ({"households": [30, 20, 30]}, "household.twice", 2),
        ({"households": [30, 0, 10]}, "number.range", 1),
        ({"households": np.array(["a", "b", "c"])}, "fact.type", -1),
        ({"divisions": [TAISHAN, 3709, TAISHAN]}, "number.range", 1),
        ({"divisions": [TAISHAN]}, "fact.length", -1),
        ({"facts": {**FACTS, ("person", "income_yuan_year"): [0, 0, 0, 0]}}, "fact.unknown", -1),
        ({"facts": {**FACTS, ("person", "nothing"): [0, 0, 0, 0]}}, "fact.unknown", -1),
        ({"facts": {key: one for key, one in FACTS.items() if key[1] != "urban"}}, "fact.required", -1),
    ],
)
def test_what_does_not_fit_together_is_refused(packs: PackSet, changes: dict[str, Any], code: str, row: int) -> None:
    found = refused(packs, **changes)
    assert (found.code, found.row) == (code, row)


def test_a_household_has_at_most_as_many_members_as_the_pack_says(packs: PackSet) -> None:
    def crowd(most: int) -> dict[str, Any]:
        facts = {key: one[:1] * most if key[0] == "person" else one for key, one in FACTS.items()}
        return {"owners": {"person": [20] * most}, "facts": facts}

    assert people(packs, **crowd(20)).counts["person"].tolist() == [0, 20, 0]
    found = refused(packs, **crowd(21))
    assert (found.code, found.row, found.household, found.value) == ("member.many", 1, 20, "21")


def test_every_column_is_checked_and_the_first_rows_of_each_are_named(packs: PackSet) -> None:
    many = 50
    with pytest.raises(PopulationError) as refusal:
        gather(
            packs,
            taken_on=ON,
            households=np.arange(1, many + 1),
            divisions=np.full(many, TAISHAN),
            owners={},
            facts={("household", "urban"): np.zeros(many, np.int64), ("household", "cars"): np.full(many, 10)},
        )
    assert {problem.fact for problem in refusal.value.problems} == {"urban", "cars"}
    assert len(refusal.value.problems) == 21
    assert refusal.value.total == 51
    assert str(refusal.value).endswith("and 30 more")


def test_a_division_outside_the_program_is_refused(packs: PackSet) -> None:
    program = compile_program(packs, on=ON, root="3709")
    plan_for(program, people(packs))
    with pytest.raises(PopulationError, match="a division within 3709"):
        plan_for(program, people(packs, divisions=[TAISHAN, 371002001001, TAISHAN]))


def test_the_digest_tells_every_fact_and_no_order_of_columns(packs: PackSet) -> None:
    original = digest(people(packs))
    assert digest(people(packs, facts=dict(reversed(FACTS.items())))) == original
    others = [
        people(packs, **with_fact("household", "cars", [0, 0, 9])),
        people(packs, **with_fact("household", "cars", [0, None, 8])),
        people(packs, taken_on=date(2026, 9, 2)),
        people(packs, divisions=[TAISHAN, DAIYUE, DAIYUE]),
        people(packs, owners={"person": [30, 10, 30, 30]}),
        people(packs, facts={key: one for key, one in FACTS.items() if key[1] != "illness"}),
    ]
    assert len({original, *map(digest, others)}) == 7


def test_changed_households_are_chosen_with_their_members(packs: PackSet) -> None:
    found = people(packs).chosen(np.array([2, 0]))
    assert found.households.tolist() == [10, 30]
    assert found.columns["person", "birth_date"].values.tolist() == [20150601, 20000229, 19800101, 19501231]
    assert people(packs).chosen(np.array([1])).members("person") == 0


def test_the_longest_prefix_holds_in_every_area(packs: PackSet) -> None:
    found = areas(packs.parameters, ["standard_yuan_month", "support_rate"], ON)
    divisions = [370902000000, 370902999999, 370901999999, 370903000000, 110000000000, TAISHAN]
    values = found.values["standard_yuan_month"]
    assert [values[place] for place in found.of(np.array(divisions)).tolist()] == [
        96650,
        96650,
        80000,
        80000,
        80000,
        96650,
    ]
    assert set(found.values["support_rate"]) == {3500}
    assert set(areas(packs.parameters, ["standard_yuan_month"], date(2025, 6, 30)).values["standard_yuan_month"]) == {
        None
    }
