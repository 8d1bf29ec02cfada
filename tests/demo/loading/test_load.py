"""Loading a city: broken and taken up again, by several processes, and as large cities are loaded."""

import os
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from django.db import connections
from tests.filled import filled_once

from jiuzhu.core.actors import system_actor
from jiuzhu.demo.loading import city as cities
from jiuzhu.demo.loading import indexes
from jiuzhu.demo.loading.answers import usual_answers
from jiuzhu.demo.loading.chunks import load_chunk
from jiuzhu.demo.loading.city import City
from jiuzhu.demo.loading.journal import OtherCityLoaded, Part
from jiuzhu.demo.loading.load import Result, load_parts
from jiuzhu.groundwork.database.cluster import Connections
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.rooms.registry.actions.values import facts_of
from jiuzhu.rooms.registry.models import GroupMembership, HouseholdValues, PersonValues
from jiuzhu.rooms.registry.queries import public_variables
from jiuzhu.rooms.registry.rules.facts import as_json, current_values
from jiuzhu.rooms.registry.states import SubjectKind

AT = datetime(2026, 9, 1, 2, 0, tzinfo=UTC)
CITY = City(size="test", households=60, seed=5, as_of=date(2026, 9, 1), chunk_households=20)
CHUNKS = 3

pytestmark = pytest.mark.slow


class Broken(Exception):  # noqa: N818 (what happens to the load)
    """The power fails."""


def _load(var: Path, *, break_after: int = 99, processes: int = 1) -> Result:
    def report(part: str, done: int, _total: int) -> None:
        if part == Part.CHUNK and done >= break_after:
            raise Broken

    return load_parts(CITY, at=AT, var=var, processes=processes, report=report)


@filled_once("ground", commits=True)
def _ground() -> None:
    """Everything but the people: divisions, departments, network, and accounts."""

    def report(part: str, done: int, _total: int) -> None:
        if part == Part.ACCOUNTS and done:
            raise Broken

    with TemporaryDirectory() as var, pytest.raises(Broken):
        load_parts(CITY, at=AT, var=Path(var), report=report)


@pytest.fixture
def ground(committing_db: Connections) -> Connections:
    """A load that broke before the first of the people; the first test shows that nothing is lost by that."""
    return committing_db


def _rows(statement: str) -> list[tuple[Any, ...]]:
    with connections["owner"].cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


def _shape() -> list[tuple[Any, ...]]:
    """Every index and constraint, as PostgreSQL writes them."""
    return _rows(
        "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"
        " UNION ALL SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2"
    )


def _people() -> list[tuple[Any, ...]]:
    """Who lives where with whom, without the ids, which follow from the order of loading."""
    return _rows(
        "SELECT p.document_index, p.name, m.division_code, m.relation FROM registry_person p"
        " JOIN registry_membership m ON m.person_id = p.id ORDER BY 1"
    )


def test_a_broken_load_goes_on_where_it_stopped(committing_db: Connections, tmp_path: Path) -> None:
    with pytest.raises(Broken):
        _load(tmp_path, break_after=1)
    kept = _rows("SELECT id, name FROM registry_person ORDER BY id")
    assert _rows("SELECT sum(persons) FROM demo_load") == [(len(kept),)]

    result = _load(tmp_path)
    assert result.standing.complete
    assert result.parts == CHUNKS  # the two chunks that were missing, and the end
    assert _rows("SELECT id, name FROM registry_person ORDER BY id")[: len(kept)] == kept
    ((persons, households),) = _rows(
        "SELECT (SELECT count(*) FROM registry_person), (SELECT count(*) FROM registry_household)"
    )
    assert (persons, households) == (result.standing.persons, CITY.households)

    assert _load(tmp_path).parts == 0
    with pytest.raises(OtherCityLoaded):
        load_parts(City("other", 60, 6, CITY.as_of, 20), at=AT, var=tmp_path)
    assert _rows("SELECT min(id), max(id) FROM registry_person") == [(1, persons)]
    assert _rows("SELECT min(id), max(id) FROM registry_household") == [(1, households)]
    # a process that a killed load left behind ends a chunk that another has written meanwhile
    assert load_chunk(CITY, 0, at=AT) == 0
    assert _rows("SELECT count(*) FROM registry_person") == [(persons,)]


def test_a_large_load_puts_back_what_it_took_off_even_when_it_broke(
    ground: Connections, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cities, "LARGE_HOUSEHOLDS", CITY.households)
    before = _shape()
    with pytest.raises(Broken):
        _load(tmp_path, break_after=1)
    without = _shape()
    assert len(without) < len(before)
    assert not any(name == "registry_person_page" for name, _ in without)
    assert any(name == "registry_person_document_once" for name, _ in without)  # what keeps persons unique stays

    def break_off() -> None:
        raise Broken

    tidy = indexes.tidy
    monkeypatch.setattr(indexes, "tidy", break_off)
    with pytest.raises(Broken):
        _load(tmp_path)
    monkeypatch.setattr(indexes, "tidy", tidy)
    assert _load(tmp_path).standing.complete
    assert _shape() == before


def test_several_processes_load_the_same_people_as_one(
    ground: Connections, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # what the command line leaves in the environment for the processes that it starts
    monkeypatch.setenv("DATABASE_URL", ground.owner)
    monkeypatch.setenv("DATABASE_APP_URL", ground.app)
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", os.environ["DJANGO_SETTINGS_MODULE"])
    result = _load(tmp_path, processes=2)
    assert result.standing.complete
    people = _people()
    assert len(people) == result.standing.persons == len({person for person, *_ in people})
    made = sorted(name for index in range(CHUNKS) for name in CITY.chunk(index).people.name.tolist())
    assert sorted(name for _, name, *_ in people) == made


def test_values_in_force_are_those_of_the_facts_and_departments_have_answered_for_who_is_helped(
    ground: Connections, tmp_path: Path
) -> None:
    _load(tmp_path)
    with acting(system_actor("test")):
        people, homes = list(PersonValues.objects.all()), list(HouseholdValues.objects.all())
        facts = facts_of([one.person_id for one in people], [one.household_id for one in homes])
        rows: list[tuple[SubjectKind, PersonValues | HouseholdValues, int]] = [
            *((SubjectKind.PERSON, one, one.person_id) for one in people),
            *((SubjectKind.HOUSEHOLD, one, one.household_id) for one in homes),
        ]
        for kind, one, key in rows:
            values = current_values(facts[kind, key], CITY.as_of)
            assert one.facts == as_json(values)
            for variable in public_variables().values():
                if variable.column and variable.subject is kind:
                    empty = "" if variable.codes else None
                    found = values[variable.key].value if variable.key in values else empty
                    assert getattr(one, variable.column) == found, variable.key
        helped = set(GroupMembership.objects.filter(person__isnull=False).values_list("person_id", flat=True))
        answered = [person.facts for person in people if person.person_id in helped]
        assert answered
        for name in usual_answers(SubjectKind.PERSON):
            assert all(name in found for found in answered), name
