"""Merging persons, splitting households, and undoing both."""

import json
from datetime import date
from typing import Any

import pytest
from django.db import connection
from tests.rooms.registry.conftest import AT, TODAY, TOWN_A, TOWN_B, Register, couple_with_child, person, staff

from jiuzhu.core.actors import Actor, OutOfScope, PermissionRefused
from jiuzhu.core.errors import InvalidValue, RuleRefused
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.rooms.registry import actions, queries
from jiuzhu.rooms.registry.permissions import Permission
from jiuzhu.rooms.registry.states import DocumentKind, EvidenceKind, GuardianshipKind, SourceKind, TargetGroup

_TABLES = (
    "registry_person",
    "registry_household",
    "registry_membership",
    "registry_fact",
    "registry_group_membership",
    "registry_guardianship",
    "registry_authorisation",
    "registry_life_event",
    "registry_person_gram",
    "registry_person_values",
)


def _everything(system: Actor) -> dict[str, list[Any]]:
    """All rows of the tables a merge may touch, without the ids of rows that are derived anew."""
    found: dict[str, list[Any]] = {}
    with acting(system), connection.cursor() as cursor:
        for table in _TABLES:
            omitted = "{id}" if table in ("registry_person_gram", "registry_person_values") else "{}"
            cursor.execute(f"SELECT to_jsonb(t) - %s::text[] FROM {table} t", [omitted])
            found[table] = sorted((json.loads(row[0]) for row in cursor.fetchall()), key=repr)
    return found


def _twice(clerk: Actor, register: Register) -> tuple[int, int]:
    """One man registered twice: with his family, and alone without document."""
    family = register()
    alone = register(
        [
            actions.NewMember(
                "02",
                actions.Particulars("赵甲", document_kind=DocumentKind.NONE, birth_date=date(1980, 5, 1), sex="1"),
            )
        ]
    )
    kept, merged = family.person_ids[0], alone.person_ids[0]
    for who, value in ((kept, 100), (merged, 200)):
        fact = actions.NewFact("pension_fen_month", value, TODAY, SourceKind.DECLARED, person_id=who)
        actions.record_fact(actor=clerk, at=AT, fact=fact)
        actions.tag_group(
            actor=clerk,
            at=AT,
            group=TargetGroup.KUNNAN_CANJI,
            valid_from=TODAY,
            evidence_kind=EvidenceKind.DISABILITY_CERTIFICATE,
            evidence_ref="残疾人证",
            person_id=who,
        )
    actions.set_guardian(
        actor=clerk,
        at=AT,
        ward_id=family.person_ids[2],
        guardian_id=merged,
        kind=GuardianshipKind.PARENT,
        start_on=TODAY,
    )
    actions.grant_authorisation(
        actor=clerk, at=AT, person_id=merged, department_code="tax", purpose="核对", valid_from=TODAY
    )
    return kept, merged


def test_a_merge_brings_everything_to_the_one_kept(clerk: Actor, register: Register) -> None:
    kept, merged = _twice(clerk, register)
    actions.merge_persons(actor=clerk, at=AT, kept_id=kept, merged_id=merged, reason="同一人")
    detail = queries.person_detail(actor=clerk, at=AT, person_id=kept)
    assert len(detail.groups) == 1
    assert len(detail.wards) == 1
    assert len(detail.authorisations) == 1
    assert detail.variables[0].current.value == 200
    gone = queries.person_detail(actor=clerk, at=AT, person_id=merged)
    assert gone.person.merged_into_id == kept
    assert gone.household is None
    assert merged not in [row.id for row in queries.list_persons(actor=clerk, on=TODAY).rows]
    with pytest.raises(RuleRefused):
        actions.correct_person(actor=clerk, at=AT, person_id=merged, name="赵改", reason="试")


def test_undoing_a_merge_restores_every_row(system: Actor, clerk: Actor, register: Register) -> None:
    kept, merged = _twice(clerk, register)
    before = _everything(system)
    done = actions.merge_persons(actor=clerk, at=AT, kept_id=kept, merged_id=merged, reason="同一人")
    assert _everything(system) != before
    actions.undo_merge(actor=clerk, at=AT, merge_id=done, reason="不是同一人")
    assert _everything(system) == before
    with pytest.raises(RuleRefused):
        actions.undo_merge(actor=clerk, at=AT, merge_id=done, reason="再撤")


def test_facts_recorded_after_a_merge_stay_with_the_one_kept(clerk: Actor, register: Register) -> None:
    kept, merged = _twice(clerk, register)
    done = actions.merge_persons(actor=clerk, at=AT, kept_id=kept, merged_id=merged, reason="同一人")
    later = actions.NewFact("disability_grade", "2", TODAY, SourceKind.VISITED, person_id=kept)
    actions.record_fact(actor=clerk, at=AT, fact=later)
    actions.undo_merge(actor=clerk, at=AT, merge_id=done, reason="不是同一人")
    seen = queries.person_detail(actor=clerk, at=AT, person_id=kept)
    assert [one.key for one in seen.variables] == ["disability_grade", "pension_fen_month"]
    other = queries.person_detail(actor=clerk, at=AT, person_id=merged)
    assert [(one.key, one.current.value) for one in other.variables] == [("pension_fen_month", 200)]


def test_impossible_merges_are_refused(clerk: Actor, register: Register) -> None:
    first = register()
    second = register(couple_with_child(301))
    head, wife, son = first.person_ids

    def merge(kept: int, merged: int, actor: Actor = clerk, reason: str = "同一人") -> int:
        return actions.merge_persons(actor=actor, at=AT, kept_id=kept, merged_id=merged, reason=reason)

    with pytest.raises(InvalidValue):
        merge(head, head)
    with pytest.raises(InvalidValue):
        merge(head, second.person_ids[1], reason="")
    with pytest.raises(RuleRefused) as caught:
        merge(head, second.person_ids[0])
    assert caught.value.code == "registry.merge.head"
    actions.set_guardian(
        actor=clerk, at=AT, ward_id=son, guardian_id=wife, kind=GuardianshipKind.PARENT, start_on=TODAY
    )
    with pytest.raises(RuleRefused):
        merge(wife, son)
    with pytest.raises(OutOfScope):
        merge(head, second.person_ids[1], actor=staff(TOWN_B))
    with pytest.raises(PermissionRefused):
        merge(head, second.person_ids[1], actor=staff(TOWN_A, without=frozenset({Permission.PERSON_MERGE})))


def test_a_split_makes_a_household_and_undoing_it_brings_everyone_back(
    system: Actor, clerk: Actor, register: Register
) -> None:
    made = register([*couple_with_child(), actions.NewMember("20", person("赵大", 105, date(2000, 1, 1)))])
    before = _everything(system)
    son = made.person_ids[3]
    done = actions.split_household(
        actor=clerk,
        at=AT,
        household_id=made.household_id,
        head_id=son,
        person_ids=[son, made.person_ids[2]],
        relations={made.person_ids[2]: "73"},
        on=TODAY,
        reason="成年分户",
    )
    rows = queries.list_households(actor=clerk, on=TODAY).rows
    assert sorted((row.head_name, row.members) for row in rows) == [("赵大", 2), ("赵甲", 2)]
    actions.undo_split(actor=clerk, at=AT, split_id=done, reason="材料不实")
    after = _everything(system)
    assert [row for row in after["registry_membership"] if row["end_on"] is None] == before["registry_membership"]
    assert [row.head_name for row in queries.list_households(actor=clerk, on=TODAY).rows] == ["赵甲"]


def test_a_split_household_that_changed_is_not_undone(clerk: Actor, register: Register) -> None:
    made = register([*couple_with_child(), actions.NewMember("20", person("赵大", 105, date(2000, 1, 1)))])
    son = made.person_ids[3]
    split = {"actor": clerk, "at": AT, "household_id": made.household_id, "on": TODAY, "reason": "分户"}
    done = actions.split_household(head_id=son, person_ids=[son], relations={}, **split)  # type: ignore[arg-type]
    home = queries.household_of_person(actor=clerk, on=TODAY, person_id=son)
    fact = actions.NewFact("vehicle_count", 1, TODAY, SourceKind.DECLARED, household_id=home)
    actions.record_fact(actor=clerk, at=AT, fact=fact)
    with pytest.raises(RuleRefused):
        actions.undo_split(actor=clerk, at=AT, split_id=done, reason="撤")


def test_impossible_splits_are_refused(clerk: Actor, register: Register) -> None:
    made = register()
    head, wife, son = made.person_ids

    def split(head_id: int, person_ids: list[int], relations: dict[int, str]) -> int:
        return actions.split_household(
            actor=clerk,
            at=AT,
            household_id=made.household_id,
            head_id=head_id,
            person_ids=person_ids,
            relations=relations,
            on=TODAY,
            reason="分户",
        )

    for head_id, people, relations, kind in (
        (head, [head], {}, RuleRefused),
        (wife, [son], {son: "20"}, RuleRefused),
        (wife, [wife, son], {}, InvalidValue),
        (wife, [wife, son], {son: "02"}, InvalidValue),
    ):
        with pytest.raises(kind):
            split(head_id, people, relations)
    assert len(queries.list_households(actor=clerk, on=TODAY).rows) == 1
