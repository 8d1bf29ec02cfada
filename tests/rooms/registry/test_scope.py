"""Who sees what: through queries, and in raw SQL through the role that the application logs in with."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.db.utils import DatabaseError
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
    department,
    number,
    person,
    staff,
)

from jiuzhu.core.actors import Actor, ActorKind, OutOfScope, PermissionRefused
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.core.errors import Conflict, NotFound
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.rooms.registry import actions, queries
from jiuzhu.rooms.registry.permissions import Permission
from jiuzhu.rooms.registry.states import (
    EvidenceKind,
    GuardianshipKind,
    LifeEventKind,
    ProtectionKind,
    RegisteredKind,
    SourceKind,
    TargetGroup,
)

SCOPED = (
    "registry_person",
    "registry_household",
    "registry_membership",
    "registry_fact",
    "registry_person_values",
    "registry_household_values",
    "registry_group_membership",
    "registry_life_event",
    "registry_guardianship",
    "registry_authorisation",
    "registry_person_gram",
    "registry_merge_record",
    "registry_access_log",
)


@pytest.fixture
def filled(clerk: Actor, register: Register) -> tuple[actions.RegisteredHousehold, actions.RegisteredHousehold]:
    """A household in village A1 with a row in every table, and one in township B."""
    made = register([*couple_with_child(), actions.NewMember("20", person("赵大", 105, date(2000, 1, 1)))])
    head, _, son, elder = made.person_ids
    facts = [
        actions.NewFact("wage_income_fen_month", 100, TODAY, SourceKind.VERIFIED, person_id=head),
        actions.NewFact("disability_grade", "2", TODAY, SourceKind.VERIFIED, person_id=head),
        actions.NewFact("home_count", 1, TODAY, SourceKind.VERIFIED, household_id=made.household_id),
    ]
    actions.record_facts(actor=clerk, at=AT, facts=facts)
    actions.tag_group(
        actor=clerk,
        at=AT,
        group=TargetGroup.KUNNAN_CANJI,
        valid_from=TODAY,
        evidence_kind=EvidenceKind.DISABILITY_CERTIFICATE,
        evidence_ref="残疾人证",
        person_id=head,
    )
    actions.record_life_event(
        actor=clerk, at=AT, kind=LifeEventKind.MISSING, person_id=elder, happened_on=TODAY, evidence="报案回执"
    )
    actions.set_guardian(
        actor=clerk, at=AT, ward_id=son, guardian_id=head, kind=GuardianshipKind.PARENT, start_on=TODAY
    )
    actions.grant_authorisation(
        actor=clerk, at=AT, person_id=head, department_code="tax", purpose="核对", valid_from=TODAY
    )
    actions.split_household(
        actor=clerk,
        at=AT,
        household_id=made.household_id,
        head_id=elder,
        person_ids=[elder],
        relations={},
        on=TODAY,
        reason="分户",
    )
    queries.person_detail(actor=clerk, at=AT, person_id=head, purpose="受理")
    there = staff(TOWN_B)
    other = actions.register_household(
        actor=there,
        at=AT,
        division_code=VILLAGE_B1,
        registered_kind=RegisteredKind.RURAL,
        members=couple_with_child(301),
    )
    return made, other


Filled = tuple[actions.RegisteredHousehold, actions.RegisteredHousehold]


def _counts(actor: Actor, today: date = TODAY) -> dict[str, int]:
    found = {}
    with acting(actor, today=today), connection.cursor() as cursor:
        for table in SCOPED:
            cursor.execute(f"SELECT count(*) FROM {table}")
            found[table] = cursor.fetchone()[0]
    return found


def test_a_township_sees_its_own_and_not_the_other_in_raw_sql(system: Actor, filled: Filled) -> None:
    everything, here, there = _counts(system), _counts(staff(TOWN_A)), _counts(staff(TOWN_B))
    for table in SCOPED:
        assert here[table] + there[table] == everything[table], table
        assert here[table] > 0, table
    assert there["registry_person"] == 3
    assert there["registry_fact"] == 0
    with acting(staff(TOWN_A)), connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT left(division_code, 9) FROM registry_person")
        assert cursor.fetchall() == [(TOWN_A.prefix,)]


def test_a_village_sees_only_itself_and_the_city_both_townships(filled: Filled) -> None:
    assert _counts(staff(VILLAGE_A1))["registry_person"] == 4
    assert set(_counts(staff(VILLAGE_A2)).values()) == {0}
    assert _counts(staff(CITY))["registry_person"] == 7


def test_without_an_actor_no_row_is_seen(filled: Filled) -> None:
    with connection.cursor() as cursor:
        for table in SCOPED:
            cursor.execute(f"SELECT count(*) FROM {table}")
            assert cursor.fetchone()[0] == 0, table


def test_raw_sql_neither_changes_nor_plants_rows_elsewhere(filled: Filled) -> None:
    _, other = filled
    with acting(staff(TOWN_A)), connection.cursor() as cursor:
        cursor.execute("UPDATE registry_person SET name = '改' WHERE id = %s", [other.person_ids[0]])
        assert cursor.rowcount == 0
        cursor.execute("DELETE FROM registry_fact WHERE division_code LIKE '370902002%'")
        assert cursor.rowcount == 0
    with pytest.raises(DatabaseError), acting(staff(TOWN_A)), connection.cursor() as cursor:
        cursor.execute("UPDATE registry_person SET division_code = %s", [VILLAGE_B1])


def test_queries_and_actions_answer_not_found_beyond_the_scope(filled: Filled) -> None:
    _, other = filled
    clerk = staff(TOWN_A)
    who = other.person_ids[0]
    with pytest.raises(OutOfScope):
        queries.person_detail(actor=clerk, at=AT, person_id=who)
    with pytest.raises(OutOfScope):
        queries.household_detail(actor=clerk, at=AT, household_id=other.household_id)
    with pytest.raises(OutOfScope):
        queries.history_of_person(actor=clerk, at=AT, person_id=who)
    with pytest.raises(OutOfScope):
        queries.looks_at_person(actor=clerk, at=AT, person_id=who)
    with pytest.raises(OutOfScope):
        actions.correct_person(actor=clerk, at=AT, person_id=who, name="改", reason="试")
    fact = actions.NewFact("pension_fen_month", 1, TODAY, SourceKind.DECLARED, person_id=who)
    with pytest.raises(OutOfScope):
        actions.record_fact(actor=clerk, at=AT, fact=fact)
    listed = queries.list_persons(actor=clerk, on=TODAY, wanted=queries.PersonFilter(division=TOWN_B))
    assert (listed.rows, listed.total.count) == ((), 0)


@pytest.mark.parametrize(
    ("permission", "read"),
    [
        (Permission.PERSON_VIEW, lambda actor: queries.list_persons(actor=actor, on=TODAY)),
        (Permission.PERSON_VIEW, lambda actor: queries.person_detail(actor=actor, at=AT, person_id=1)),
        (Permission.HOUSEHOLD_VIEW, lambda actor: queries.list_households(actor=actor, on=TODAY)),
        (Permission.HOUSEHOLD_VIEW, lambda actor: queries.household_detail(actor=actor, at=AT, household_id=1)),
        (Permission.HISTORY_VIEW, lambda actor: queries.history_of_person(actor=actor, at=AT, person_id=1)),
        (Permission.STATISTICS_VIEW, lambda actor: queries.counts_by_group(actor=actor, on=TODAY, division=TOWN_A)),
    ],
)
def test_without_the_permission_a_query_refuses(permission: Permission, read: Callable[[Actor], object]) -> None:
    with pytest.raises(PermissionRefused):
        read(staff(TOWN_A, without=frozenset({permission})))


def test_a_department_sees_the_authorised_person_and_only_its_own_facts(filled: Filled) -> None:
    made, _ = filled
    tax = department("tax")
    with acting(tax, today=TODAY), connection.cursor() as cursor:
        cursor.execute("SELECT id FROM registry_person")
        assert cursor.fetchall() == [(made.person_ids[0],)]
        cursor.execute("SELECT variable FROM registry_fact")
        assert cursor.fetchall() == [("wage_income_fen_month",)]
        cursor.execute("SELECT id FROM registry_household")
        assert cursor.fetchall() == [(made.household_id,)]
    counted = _counts(tax)
    for table in ("registry_person_values", "registry_household_values", "registry_group_membership"):
        assert counted[table] == 0
    assert set(_counts(department("health")).values()) == {0}


def test_a_department_reads_through_queries_what_it_may_and_is_logged(filled: Filled) -> None:
    made, _ = filled
    tax = department("tax")
    detail = queries.person_detail(actor=tax, at=AT, person_id=made.person_ids[0], purpose="核对")
    assert [one.key for one in detail.variables] == ["wage_income_fen_month"]
    assert "****" in detail.person.document_number
    assert detail.groups == ()
    with pytest.raises(OutOfScope):
        queries.person_detail(actor=tax, at=AT, person_id=made.person_ids[1])
    seen = queries.looks_at_person(actor=staff(TOWN_A), at=AT, person_id=made.person_ids[0])
    assert ("tax", "核对") in {(one.department_code, one.purpose) for one in seen}


def test_a_withdrawn_or_expired_authorisation_shuts_the_door_at_once(filled: Filled) -> None:
    made, _ = filled
    clerk, tax = staff(TOWN_A), department("tax")
    assert _counts(tax, date(2026, 11, 22))["registry_person"] == 0
    granted = queries.person_detail(actor=clerk, at=AT, person_id=made.person_ids[0]).authorisations[0]
    actions.withdraw_authorisation(actor=clerk, at=AT, authorisation_id=granted.id, reason="撤回")
    assert set(_counts(tax).values()) == {0}
    actions.grant_authorisation(
        actor=clerk,
        at=AT,
        person_id=made.person_ids[0],
        department_code="tax",
        purpose="核对",
        valid_from=TODAY,
        valid_to=date(2027, 1, 1),
        variable_keys=["business_income_fen_month"],
    )
    assert _counts(tax)["registry_person"] == 1
    assert _counts(tax)["registry_fact"] == 0
    assert _counts(tax, date(2027, 1, 1))["registry_person"] == 0


def test_a_citizen_sees_own_family_and_no_other(clerk: Actor, citizen_account: int, filled: Filled) -> None:
    made, other = filled
    assert queries.citizen_actor(account_id=citizen_account, on=TODAY) is None
    link = {"actor": clerk, "at": AT, "account_id": citizen_account, "method": "oidc"}
    who = actions.link_citizen(document_number=number(101), **link)  # type: ignore[arg-type]
    assert who == made.person_ids[0]
    assert actions.link_citizen(document_number=number(101), **link) == who  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        actions.link_citizen(document_number=number(901), **link)  # type: ignore[arg-type]
    with pytest.raises(Conflict):
        actions.link_citizen(document_number=number(102), **link)  # type: ignore[arg-type]
    citizen = queries.citizen_actor(account_id=citizen_account, on=TODAY)
    assert citizen is not None
    assert citizen.kind is ActorKind.CITIZEN
    assert citizen.scope.person_ids == {made.person_ids[0], made.person_ids[2]}
    detail = queries.person_detail(actor=citizen, at=AT, person_id=who)
    assert detail.person.document_number == number(101)
    assert detail.person.phone == "13800001111"
    with acting(citizen, today=TODAY), connection.cursor() as cursor:
        cursor.execute("SELECT id FROM registry_person")
        assert {row[0] for row in cursor.fetchall()} == {made.person_ids[0], made.person_ids[2]}
        cursor.execute("SELECT count(*) FROM registry_fact")
        assert cursor.fetchone()[0] == 3
    with pytest.raises(OutOfScope):
        queries.person_detail(actor=citizen, at=AT, person_id=other.person_ids[0])
    looks = queries.looks_at_person(actor=citizen, at=AT, person_id=who)
    assert {(one.actor_name, one.post_title) for one in looks} == {("经办", "经办岗")}
    granted = detail.authorisations[0]
    actions.withdraw_authorisation(actor=citizen, at=AT, authorisation_id=granted.id, reason="本人撤回")
    assert set(_counts(department("tax")).values()) == {0}


def test_numbers_are_masked_without_the_permission_and_every_look_is_logged(filled: Filled) -> None:
    made, _ = filled
    who = made.person_ids[0]
    curious = staff(TOWN_A, without=frozenset({Permission.PERSON_SEE_IDENTITY}), name="协理员")
    seen = queries.person_detail(actor=curious, at=AT, person_id=who, purpose="走访").person
    assert seen.document_number == "370***********" + number(101)[-4:]
    assert seen.phone == "****1111"
    assert not seen.identity_shown
    home = queries.household_detail(actor=curious, at=AT, household_id=made.household_id)
    assert home.household.address == "****"
    whole = queries.person_detail(actor=staff(TOWN_A), at=AT, person_id=who).person
    assert (whole.document_number, whole.phone) == (number(101), "13800001111")
    kinds = [(one.actor_name, one.kind) for one in queries.looks_at_person(actor=curious, at=AT, person_id=who)]
    assert kinds[:3] == [("经办", "identity"), ("协理员", "household"), ("协理员", "person")]


def test_a_protected_person_is_found_by_nobody_without_need_to_know(filled: Filled) -> None:
    made, _ = filled
    clerk = staff(TOWN_A, without=frozenset({Permission.PERSON_SEE_PROTECTED}))
    actions.protect_person(
        actor=clerk,
        at=AT,
        person_id=made.person_ids[0],
        protection=ProtectionKind.DOMESTIC_VIOLENCE,
        reason="人身安全保护令",
    )
    home = queries.household_detail(actor=clerk, at=AT, household_id=made.household_id)
    assert home.household.address == "****"
    assert home.members[0].person.phone == "****"
    allowed = queries.household_detail(actor=staff(TOWN_A), at=AT, household_id=made.household_id)
    assert allowed.household.address == "红门路1号"


def test_numbers_and_addresses_are_stored_sealed(filled: Filled) -> None:
    with acting(staff(CITY)), connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(to_jsonb(p)::text, '') FROM registry_person p")
        text = cursor.fetchone()[0]
        cursor.execute("SELECT string_agg(to_jsonb(h)::text, '') FROM registry_household h")
        text += cursor.fetchone()[0]
        cursor.execute("SELECT string_agg(payload::text, '') FROM outbox_event")
        text += cursor.fetchone()[0]
    for secret in (number(101), "13800001111", "红门路"):
        assert secret not in text


def test_an_actor_never_reaches_beyond_a_division_it_has_not(filled: Filled) -> None:
    nowhere = staff(DivisionCode("370999000000"))
    assert set(_counts(nowhere).values()) == {0}
