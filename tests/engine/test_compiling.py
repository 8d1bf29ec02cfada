"""What the compiler and the pass for the unknown must not get wrong: each of these was once wrong (X1)."""

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from tests.engine.packs import ENTITIES, FACTS, write_packs

from jiuzhu.engine.backends.python import generate
from jiuzhu.engine.packs.loading import load
from jiuzhu.engine.packs.model import PackSet
from jiuzhu.engine.problems import PackError
from jiuzhu.engine.program import nodes
from jiuzhu.engine.program.bounds import bounded, high, low
from jiuzhu.engine.program.compiling import Program, compile_program
from jiuzhu.engine.reference import Household, Reference

ON = date(2026, 9, 1)
TAISHAN, DAIYUE = "370902001001", "370911100201"
_WORDS = "label: 例, label_en: example, basis: sample_law 2"


def packs_of(folder: Path, formulas: str, facts: str = FACTS) -> PackSet:
    """Packs with these formulas."""
    return load([write_packs(folder, formulas=formulas, facts=facts, entities=ENTITIES)])


def one(entity: str, kind: str, formula: str, more: str = "") -> str:
    """A file with one formula called `x`."""
    return f'{entity}:\n  x: {{type: {kind}, {_WORDS}, {more}formula: "{formula}"}}\n'


def refused(folder: Path, formulas: str) -> set[str]:
    with pytest.raises(PackError) as refusal:
        compile_program(packs_of(folder, formulas), on=ON)
    return {problem.code for problem in refusal.value.problems}


def run(program: Program, *, cars: int | None = 0, division: str = DAIYUE) -> dict[tuple[str, str], int]:
    """A household without members, in bounds."""
    facts = {"division": int(division), "urban": True, "cars": cars, "x": None}
    members: dict[str, dict[str, list[int | bool | None]]] = {
        entity: {name: [] for one, name in program.readings if one == entity} for entity in program.entities
    }
    counts = {"person": 0, "supporter": 0}
    return generate(bounded(program))(facts, members, counts, dict.fromkeys(program.parameters))


def test_a_guard_of_the_household_is_no_guard_of_its_members(tmp_path: Path) -> None:
    facts = FACTS + "  cars: {type: count, label: 车辆, label_en: cars, highest: 9}\n"
    guarded = "CASE WHEN cars > 0 THEN count_if(supporter.income_yuan_year / {} > 0) ELSE 0 END"
    compile_program(
        packs_of(tmp_path / "own", one("household", "count", guarded.format("household.cars")), facts), on=ON
    )
    with pytest.raises(PackError) as refusal:
        compile_program(packs_of(tmp_path / "other", one("household", "count", guarded.format("cars")), facts), on=ON)
    assert [problem.code for problem in refusal.value.problems] == ["formula.zero"]


def test_what_a_guard_shows_holds_in_bounds_too(tmp_path: Path) -> None:
    program = compile_program(
        packs_of(tmp_path, one("household", "rate", "CASE WHEN cars > 0 THEN 1 / cars ELSE 0 END")), on=ON
    )
    found = run(program, cars=None)
    assert (found[low(("household", "x"))], found[high(("household", "x"))]) == (0, 10_000)
    assert run(program, cars=3)[low(("household", "x"))] == 3_333


def test_a_fact_above_zero_is_still_the_fact_that_is_assumed(tmp_path: Path) -> None:
    formula = "CASE WHEN urban AND cars > 0 THEN coalesce(cars, 5) ELSE coalesce(cars, 7) END"
    program = compile_program(packs_of(tmp_path, one("household", "count", formula)), on=ON)
    found = run(program, cars=None)
    assert (found[low(("household", "x"))], found[high(("household", "x"))]) == (5, 7)
    assert run(program, cars=2)[high(("household", "x"))] == 2


def test_a_formula_of_one_county_is_unknown_elsewhere(tmp_path: Path) -> None:
    packs_of(tmp_path, one("household", "count", "cars"))
    county = tmp_path / "packs" / "370902-taishan" / "dibao"
    county.mkdir(parents=True)
    (county / "formulas.yaml").write_text(one("household", "count", "7").replace(" x:", " y:"), encoding="utf-8")
    packs = load([tmp_path / "packs"])
    program = compile_program(packs, on=ON, root="3709")
    y = "household", "y"
    here, there = (run(program, division=division) for division in (TAISHAN, DAIYUE))
    assert (here[low(y)], here[high(y)]) == (7, 7)
    assert there[low(y)] < there[high(y)]
    assert [Reference(packs, Household(one, {}), ON).value(*y) for one in (TAISHAN, DAIYUE)] == [Fraction(7), None]


def test_an_age_is_as_old_as_the_calendar(tmp_path: Path) -> None:
    program = compile_program(packs_of(tmp_path, one("person", "truth", "age(birth_date) > 160")), on=ON)
    names = [name for entity, name in program.readings if entity == "person"]
    people: dict[str, list[int | bool | None]] = {name: [None] for name in names}
    people["birth_date"] = [18000101]
    found = generate(program)(
        {"division": int(TAISHAN), "urban": True, "cars": 0},
        {"person": people, "supporter": {"income_yuan_year": []}},
        {"person": 1, "supporter": 0},
        dict.fromkeys(program.parameters),
    )
    assert found["person", "x"] == [True]


def test_figures_alone_take_the_declared_unit_but_are_no_money(tmp_path: Path) -> None:
    for at, formula in enumerate(("CASE WHEN urban THEN 12 ELSE 6 END", "3 + 4 * 2", "greatest(3, 4) - 1")):
        compile_program(packs_of(tmp_path / str(at), one("household", "months", formula)), on=ON)
    # a unit that one result says is that of all, whatever is done with them
    mixed = "3 - -(CASE WHEN urban THEN 10 WHEN cars > 0 THEN p.retired_from / cars ELSE 7 END)"
    compile_program(packs_of(tmp_path / "mixed", one("household", "years", mixed)), on=ON)
    assert refused(tmp_path / "months", one("household", "months", mixed)) == {"formula.declared"}
    assert refused(tmp_path / "money", one("household", "yuan", "800")) == {"formula.declared"}
    assert refused(tmp_path / "case", one("household", "yuan", "CASE WHEN urban THEN 800 ELSE 0 END")) == {
        "formula.declared"
    }
    compile_program(packs_of(tmp_path / "nothing", one("household", "yuan", "0")), on=ON)


def test_an_assumption_is_no_finer_than_the_fact(tmp_path: Path) -> None:
    compile_program(packs_of(tmp_path / "whole", one("household", "rate", "coalesce(cars, 2)")), on=ON)
    assert refused(tmp_path / "finer", one("household", "rate", "coalesce(cars, 0.5)")) == {"formula.assume"}


def test_a_member_s_variable_of_the_same_name_is_no_circle(tmp_path: Path) -> None:
    formulas = (
        one("household", "yuan_year", "sum(person.wage_yuan_year) + wages_yuan_year")
        + f"  wages_yuan_year: {{type: yuan_year, {_WORDS}, formula: sum(person.wage_yuan_year)}}\n"
        + f"person:\n  x: {{type: yuan_year, {_WORDS}, formula: household.x}}\n"
        + f"  wages_yuan_year: {{type: yuan_year, {_WORDS}, formula: household.x}}\n"
    )
    compile_program(packs_of(tmp_path, formulas), on=ON)


@pytest.mark.parametrize(
    ("exact", "open_choice"),
    [
        ("", "CASE WHEN cars > 4 THEN 8 / four WHEN cars > 2 THEN 4 / two ELSE 2 END"),
        ("exact: true, ", "CASE WHEN cars > 4 THEN 8 / four ELSE 2 END"),
    ],
    ids=["rounded", "exact"],
)
def test_a_number_and_its_divisor_stay_together_in_bounds(tmp_path: Path, exact: str, open_choice: str) -> None:
    program = compile_program(
        packs_of(
            tmp_path,
            one("household", "count", f"{open_choice} + 60", exact)
            + f"  four: {{type: count, {_WORDS}, formula: '4'}}\n"
            + f"  two: {{type: count, {_WORDS}, formula: '2'}}\n"
            + f"  below: {{type: truth, {_WORDS}, formula: '{open_choice} < 3'}}\n",
        ),
        on=ON,
    )
    found = run(program, cars=None)
    number, divisor, below = ("household", "x"), ("household", "x/"), ("household", "below")

    def known(key: tuple[str, str]) -> int:
        assert found.get(low(key)) == found.get(high(key))
        return found[key] if key in found else found[low(key)]

    scale = program.readings[number].scale * (known(divisor) if exact else 1)
    assert Fraction(known(number), scale) == 62
    assert known(below) == 1


def test_what_is_asked_for_several_times_is_typed_once(tmp_path: Path) -> None:
    nested = "cars"
    for _ in range(14):
        nested = f"count_true({nested} IN (1, 2, 3, 4, 5))"
    compile_program(packs_of(tmp_path, one("household", "count", nested)), on=ON)


@pytest.mark.parametrize(
    "formula",
    [
        # each branch open
        "CASE " + " ".join(f"WHEN cars = {at % 9} THEN {at}" for at in range(50)) + " ELSE 3 END",
        # each factor of either sign
        " * ".join(["(cars - 4)"] * 12),
        # each in the other
        "CASE WHEN cars > 0 THEN " * 12 + "1" + " ELSE cars END" * 12,
        " + ".join(["CASE WHEN cars > 2 THEN (cars - 3) * (cars - 5) ELSE cars END"] * 20),
    ],
    ids=["branches", "products", "nested", "sums"],
)
def test_bounds_grow_with_the_formula_and_not_with_its_square(tmp_path: Path, formula: str) -> None:
    program = bounded(compile_program(packs_of(tmp_path, one("household", "count", formula)), on=ON))
    seen = {node.mark for cell in program.cells if cell.node for node in nodes.within(cell.node)}
    assert len(seen) < 900
    found = run(compile_program(packs_of(tmp_path, one("household", "count", formula)), on=ON), cars=None)
    x = "household", "x"
    certain = [
        run(compile_program(packs_of(tmp_path, one("household", "count", formula)), on=ON), cars=cars)
        for cars in range(10)
    ]
    assert (
        found[low(x)] <= min(one[low(x)] for one in certain) <= max(one[high(x)] for one in certain) <= found[high(x)]
    )
