"""The register as the engine takes it: every open household once, every value in force, the unknown left unknown."""

from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.rooms.registry.conftest import (
    AT,
    CITY,
    TODAY,
    TOWN_A,
    TOWN_B,
    VILLAGE_A1,
    VILLAGE_A2,
    VILLAGE_B1,
    Register,
    couple_with_child,
    staff,
)

from jiuzhu.core.actors import Actor, OutOfScope, PermissionRefused
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.engine.packs.loading import load
from jiuzhu.engine.packs.model import PackSet
from jiuzhu.engine.population.model import Population
from jiuzhu.engine.population.rows import population_of_rows
from jiuzhu.rooms.registry import actions, queries
from jiuzhu.rooms.registry.actions import NewFact
from jiuzhu.rooms.registry.permissions import Permission
from jiuzhu.rooms.registry.queries import screening
from jiuzhu.rooms.registry.states import LifeEventKind, SourceKind

LAST_YEAR = date(2025, 1, 1)
FACTS = """
household:
  urban_registration: {type: truth, label: 城镇, label_en: urban, required: true}
  home_area_m2: {type: square_metres, label: 面积, label_en: area}
  home_transferred_on: {type: day, label: 转移, label_en: transfer}
  vehicle_count: {type: count, label: 车辆, label_en: vehicles, highest: 99}
person:
  birth_date: {type: day, label: 出生日期, label_en: born, required: true}
  counts_as_member: {type: truth, label: 计入, label_en: counts, required: true}
  pension_yuan_month: {type: yuan_month, label: 养老金, label_en: pension, lowest: 0, highest: 1000000}
  disability_type:
    type: code
    label: 残疾类别
    label_en: disability
    options: {none: [无, none, '0'], physical: [肢体, physical, '4'], mental: [精神, mental, '6']}
  disability_grade: {type: count, label: 残疾等级, label_en: grade, highest: 4}
  in_custody: {type: truth, label: 在押, label_en: in custody}
  only_in_this_pack: {type: truth, label: 新, label_en: new}
"""


@pytest.fixture
def packs(tmp_path: Path) -> PackSet:
    """A pack that asks for facts of every type."""
    folder = tmp_path / "packs" / "000000-national"
    folder.mkdir(parents=True)
    (folder / "entities.yaml").write_text(
        "household: {label: 家庭, label_en: household}\n"
        "person: {label: 成员, label_en: member, parent: household, most: 30}\n"
        "supporter: {label: 义务人, label_en: supporter, parent: household, most: 20}\n",
        encoding="utf-8",
    )
    (folder / "facts.yaml").write_text(FACTS, encoding="utf-8")
    return load([tmp_path / "packs"])


def _all(actor: Actor, packs: PackSet, division: DivisionCode = CITY) -> list[Population]:
    pieces = queries.population(actor=actor, packs=packs, on=TODAY, division=division)
    return [population_of_rows(packs, piece) for piece in pieces]


def _column(found: Population, entity: str, name: str) -> list[int | bool | None]:
    column = found.columns[entity, name]
    unknown = [False] * len(column.values) if column.unknown is None else column.unknown.tolist()
    return [None if hidden else value for value, hidden in zip(column.values.tolist(), unknown, strict=True)]


def _event(clerk: Actor, kind: LifeEventKind, person_id: int) -> None:
    actions.record_life_event(
        actor=clerk, at=AT, kind=kind, person_id=person_id, happened_on=date(2026, 11, 1), evidence="证明"
    )


def test_values_in_force_become_numbers_of_the_engine(clerk: Actor, register: Register, packs: PackSet) -> None:
    made = register()
    head, wife, _ = made.person_ids
    facts = [
        NewFact("pension_fen_month", 123456, LAST_YEAR, SourceKind.DECLARED, person_id=head),
        NewFact("pension_fen_month", 120000, LAST_YEAR, SourceKind.VERIFIED, person_id=head),
        NewFact("disability_type", "4", LAST_YEAR, SourceKind.VERIFIED, person_id=wife),
        NewFact("disability_grade", "2", LAST_YEAR, SourceKind.VERIFIED, person_id=wife),
        NewFact("in_custody", False, LAST_YEAR, SourceKind.VERIFIED, person_id=wife),
        NewFact("home_area_m2", 8850, LAST_YEAR, SourceKind.VISITED, household_id=made.household_id),
        NewFact("home_transferred_on", "2024-02-29", LAST_YEAR, SourceKind.VISITED, household_id=made.household_id),
    ]
    actions.record_facts(actor=clerk, at=AT, facts=facts)
    (found,) = _all(staff(CITY), packs)
    assert found.households.tolist() == [made.household_id]
    assert found.divisions.tolist() == [int(VILLAGE_A1)]
    assert found.counts["person"].tolist() == [3]
    assert found.numbers["person"].tolist() == list(made.person_ids)
    assert _column(found, "household", "urban_registration") == [False]
    assert _column(found, "household", "home_area_m2") == [8850]
    assert _column(found, "household", "home_transferred_on") == [20240229]
    assert _column(found, "household", "vehicle_count") == [None]
    assert _column(found, "person", "birth_date") == [19800501, 19800501, 20140301]
    assert _column(found, "person", "counts_as_member") == [True, True, True]
    assert _column(found, "person", "pension_yuan_month") == [120000, None, None]
    assert _column(found, "person", "disability_type") == [None, 1, None]
    assert _column(found, "person", "disability_grade") == [None, 2, None]
    assert _column(found, "person", "in_custody") == [None, False, None]
    assert ("person", "only_in_this_pack") not in found.columns


def test_every_household_comes_once_however_it_is_cut(
    clerk: Actor, register: Register, packs: PackSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = {
        register(
            [*couple_with_child(201 + at * 10)],
            actor=staff(CITY),
            division=(VILLAGE_A1, VILLAGE_B1, VILLAGE_A2)[at % 3],
        ).household_id
        for at in range(7)
    }
    whole = _all(staff(CITY), packs)
    monkeypatch.setattr(screening, "PIECE", 3)
    cut = _all(staff(CITY), packs)
    assert [len(part) for part in cut] == [3, 3, 1]
    numbers = [number for part in cut for number in part.households.tolist()]
    assert (len(numbers), set(numbers)) == (7, made)
    assert numbers == [number for part in whole for number in part.households.tolist()]
    assert sum(part.members("person") for part in cut) == 21


def test_the_dead_are_not_there(clerk: Actor, register: Register, packs: PackSet) -> None:
    gone = register()
    _event(clerk, LifeEventKind.DEATH, gone.person_ids[1])
    (found,) = _all(staff(CITY), packs)
    assert found.counts["person"].tolist() == [2]
    assert _column(found, "person", "birth_date") == [19800501, 20140301]


def test_who_is_on_record_as_imprisoned_is_so(clerk: Actor, register: Register, packs: PackSet) -> None:
    made = register()
    _event(clerk, LifeEventKind.IMPRISONMENT, made.person_ids[1])
    (found,) = _all(staff(CITY), packs)
    assert _column(found, "person", "in_custody") == [None, True, None]


def test_an_officer_has_the_households_of_the_place_and_needs_the_permission(
    clerk: Actor, register: Register, packs: PackSet
) -> None:
    here = register()
    register(couple_with_child(301), actor=staff(TOWN_B), division=VILLAGE_B1)
    (found,) = _all(staff(TOWN_A), packs, TOWN_A)
    assert found.households.tolist() == [here.household_id]
    with pytest.raises(OutOfScope):
        _all(staff(TOWN_A), packs, CITY)
    with pytest.raises(PermissionRefused):
        _all(staff(CITY, without=frozenset({Permission.POPULATION_SCREEN})), packs)
    assert _all(staff(CITY), packs, DivisionCode("370902003000")) == []


def test_statements_grow_with_pieces_and_not_with_households(clerk: Actor, register: Register, packs: PackSet) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as seen:
            _all(staff(CITY), packs)
        return len(seen)

    register()
    few = statements()
    for at in range(5):
        register(couple_with_child(401 + at * 10))
    assert statements() == few


def test_the_packs_that_ship_ask_for_what_the_register_keeps(places: None, register: Register) -> None:
    register()
    packs = load(settings.POLICIES)
    (found,) = _all(staff(CITY), packs)
    asked = {key for key, one in packs.variables.items() if one.source is not None and key[0] != "supporter"}
    assert set(found.columns) == asked
