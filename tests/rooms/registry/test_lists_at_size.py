"""Lists in a large place: what they read is bounded under row-level security, in a township as in the whole city."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from tests.filled import filled_once
from tests.rooms.registry.conftest import TODAY, staff

from jiuzhu.core.actors import Actor
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.rooms.registry import queries
from jiuzhu.rooms.registry.queries.lists import FactFilter, HouseholdFilter, PersonFilter
from jiuzhu.rooms.registry.states import TargetGroup

PEOPLE = 40_000
TOWNSHIPS = 40
# A household for every two persons, every tenth of them in need; spread over the townships as the ids go.
FILL = f"""
INSERT INTO registry_household (id, number, division_code, registered_kind, place, opened_on, flag, registered_at)
SELECT n, 'h' || n, '370902' || lpad((n % {TOWNSHIPS} + 1)::text, 3, '0') || '001', 'rural', '', date '2000-01-01',
    CASE WHEN n % 500 = 0 THEN 'no_head' ELSE '' END, now()
FROM generate_series(1, {PEOPLE // 2}) n;
INSERT INTO registry_person (id, name, name_note, sex, birth_date, ethnicity, marital, document_kind, phone_last4,
    division_code, custody, protection, registered_at)
SELECT 2 * h.id - k, '王芳', '', '1', date '1950-01-01' + (h.id % 20000)::int, '01', '90', 'citizen_id', '',
    h.division_code, 'free', '', now()
FROM registry_household h, generate_series(0, 1) k;
INSERT INTO registry_membership (household_id, person_id, division_code, relation, is_head, counts_as_member, start_on,
    end_reason)
SELECT (p.id + 1) / 2, p.id, p.division_code, CASE WHEN p.id % 2 = 0 THEN '02' ELSE '10' END, p.id % 2 = 0, true,
    date '2000-01-01', ''
FROM registry_person p;
INSERT INTO registry_group_membership (subject_type, person_id, household_id, division_code, "group", valid_from,
    evidence_kind, evidence_ref, end_reason, recorded_at)
SELECT 'household', NULL, h.id, h.division_code, 'dibao', date '2026-01-01', 'determination', '', '', now()
FROM registry_household h WHERE h.id % 10 = 0
UNION ALL
SELECT 'person', p.id, NULL, p.division_code, 'dibao', date '2026-01-01', 'determination', '', '', now()
FROM registry_person p WHERE p.id % 20 = 0;
INSERT INTO registry_person_values (person_id, division_code, facts, computed_on, disability_type, disability_grade,
    self_care, student_stage, employment)
SELECT id, division_code, '{{}}', now(), '1', (id % 4 + 1)::text, '', '', '' FROM registry_person WHERE id % 7 = 0;
INSERT INTO registry_household_values (household_id, division_code, facts, computed_on, income_fen_month)
SELECT id, division_code, '{{}}', now(), id % 200 * 1000 FROM registry_household;
"""
TABLES = ("household", "person", "membership", "group_membership", "person_values", "household_values")

pytestmark = pytest.mark.slow


@filled_once("large_place", commits=True)
def _large_place() -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute(FILL)
        for table in TABLES:
            cursor.execute(f"VACUUM (ANALYZE) registry_{table}")


@pytest.fixture
def large_place(db: None) -> None:
    """The place, with its statistics; nothing here changes it."""


def _plans(actor: Actor, read: Callable[[Actor], object]) -> list[tuple[str, dict[str, Any]]]:
    """Every statement of a read that selects from the registry, with its plan as the program's role gets it."""
    with CaptureQueriesContext(connection) as captured:
        read(actor)
    found = []
    for sql in [one["sql"] for one in captured if re.search(r'^SELECT.*FROM \(*(SELECT.*)?"registry_', one["sql"])]:
        with acting(actor, today=TODAY), connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}")
            found.append((sql, _plan(cursor.fetchone()[0])))
    return found


def _plan(explained: Any) -> dict[str, Any]:
    """The plan of an EXPLAIN in JSON, whether or not the driver has read it already."""
    read: list[dict[str, dict[str, Any]]] = json.loads(explained) if isinstance(explained, str) else explained
    return read[0]["Plan"]


def _nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(node for below in plan.get("Plans", []) for node in _nodes(below))]


READS: dict[str, Callable[[Actor], object]] = {
    "everybody": lambda actor: queries.list_persons(actor=actor, on=TODAY),
    "a later page": lambda actor: queries.list_persons(actor=actor, on=TODAY, after="370902021001.20000"),
    "a group": lambda actor: queries.list_persons(actor=actor, on=TODAY, wanted=PersonFilter(group=TargetGroup.DIBAO)),
    "a fact": lambda actor: queries.list_persons(
        actor=actor, on=TODAY, wanted=PersonFilter(facts=(FactFilter("disability_grade", "2"),))
    ),
    "households": lambda actor: queries.list_households(actor=actor, on=TODAY),
    "households of a group": lambda actor: queries.list_households(
        actor=actor, on=TODAY, wanted=HouseholdFilter(group=TargetGroup.DIBAO)
    ),
    "households by income": lambda actor: queries.list_households(
        actor=actor, on=TODAY, wanted=HouseholdFilter(facts=(FactFilter("income_fen_month", 50_000, "at_most"),))
    ),
    "open business": lambda actor: queries.list_households(actor=actor, on=TODAY, wanted=HouseholdFilter(flagged=True)),
}


def test_no_list_reads_or_sorts_more_than_it_shows_or_counts(
    large_place: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    bound = 300
    monkeypatch.setattr("jiuzhu.rooms.registry.queries.lists.COUNTED_UP_TO", bound)
    village = PEOPLE // TOWNSHIPS
    for place in ("370902021000", "370902000000"):
        actor = staff(place)
        for name, read in READS.items():
            for sql, plan in _plans(actor, read):
                for node in _nodes(plan):
                    touched = node["Actual Rows"] * node["Actual Loops"] + node.get("Rows Removed by Filter", 0)
                    where = f"{name} of {place}: {node['Node Type']}, {touched} rows\n{sql}"
                    assert touched <= 2 * (bound + 1) + village, where


def test_the_planner_knows_how_wide_a_scope_is(large_place: None) -> None:
    for place, share in (("370902000000", 1), ("370902021000", TOWNSHIPS)):
        with acting(staff(place), today=TODAY), connection.cursor() as cursor:
            cursor.execute("EXPLAIN (FORMAT JSON) SELECT id FROM registry_person")
            expected = _plan(cursor.fetchone()[0])["Plan Rows"]
        assert 0.5 < expected / (PEOPLE / share) < 2, place
