"""Facts, tags, life events, guardianship and authorisations."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.rooms.registry.conftest import (
    AT,
    TODAY,
    TOWN_A,
    TOWN_B,
    VILLAGE_A2,
    VILLAGE_B1,
    Register,
    couple_with_child,
    person,
    staff,
)

from jiuzhu.core.actors import Actor, OutOfScope, PermissionRefused
from jiuzhu.core.errors import Conflict, InvalidValue, Refusal, RuleRefused
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.rooms.registry import actions, queries
from jiuzhu.rooms.registry.models import GroupMembership, Household, HouseholdValues, Person, PersonValues
from jiuzhu.rooms.registry.permissions import Permission
from jiuzhu.rooms.registry.queries.views import VariableView
from jiuzhu.rooms.registry.rules.facts import NewFact
from jiuzhu.rooms.registry.rules.persons import NewMember
from jiuzhu.rooms.registry.states import (
    CustodyState,
    EvidenceKind,
    GuardianshipKind,
    LifeEventKind,
    SourceKind,
    TargetGroup,
)

LAST_YEAR = date(2025, 6, 1)


def _variables(clerk: Actor, person_id: int) -> dict[str, VariableView]:
    detail = queries.person_detail(actor=clerk, at=AT, person_id=person_id)
    return {one.key: one for one in detail.variables}


def test_verified_outweighs_declared_and_the_conflict_is_shown(system: Actor, clerk: Actor, register: Register) -> None:
    who = register().person_ids[0]
    for source, value, since in (
        (SourceKind.VERIFIED, 300000, LAST_YEAR),
        (SourceKind.DECLARED, 100000, TODAY),
    ):
        actions.record_fact(
            actor=clerk, at=AT, fact=NewFact("wage_income_fen_month", value, since, source, person_id=who)
        )
    seen = _variables(clerk, who)["wage_income_fen_month"]
    assert (seen.current.value, seen.current.source, seen.current.department) == (300000, SourceKind.VERIFIED, "tax")
    assert [(one.value, one.source) for one in seen.conflicts] == [(100000, SourceKind.DECLARED)]
    assert seen.current.shown == "3,000.00元/月"
    with acting(system):
        stored = PersonValues.objects.get(person_id=who)
    assert stored.facts["wage_income_fen_month"]["v"] == 300000
    assert stored.facts["wage_income_fen_month"]["c"] == [{"v": 100000, "s": "declared", "d": "2026-11-23"}]


def test_a_withdrawn_fact_no_longer_counts_and_is_withdrawn_once(
    system: Actor, clerk: Actor, register: Register
) -> None:
    who = register().person_ids[0]
    fact = NewFact("disability_grade", "1", LAST_YEAR, SourceKind.VISITED, person_id=who)
    made = actions.record_fact(actor=clerk, at=AT, fact=fact)
    with acting(system):
        assert PersonValues.objects.get(person_id=who).disability_grade == "1"
    actions.withdraw_fact(actor=clerk, at=AT, fact_id=made, reason="看错证件")
    assert _variables(clerk, who) == {}
    with acting(system):
        assert PersonValues.objects.get(person_id=who).disability_grade == ""
    with pytest.raises(RuleRefused):
        actions.withdraw_fact(actor=clerk, at=AT, fact_id=made, reason="看错证件")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"variable": "no_such"}, "variable"),
        ({"value": -5}, "wage_income_fen_month"),
        ({"valid_from": TODAY + timedelta(days=1)}, "valid_from"),
        ({"valid_to": LAST_YEAR}, "valid_to"),
        ({"person_id": None}, "person_id"),
        ({"variable": "vehicle_count", "value": 1}, "variable"),
        ({"evidence": "证明\u200f"}, "evidence"),
    ],
)
def test_a_wrong_fact_is_refused_with_its_row_and_none_is_kept(
    system: Actor, clerk: Actor, register: Register, change: dict[str, object], field: str
) -> None:
    who = register().person_ids[0]
    base: dict[str, object] = {
        "variable": "wage_income_fen_month",
        "value": 1,
        "valid_from": LAST_YEAR,
        "source": SourceKind.DECLARED,
        "person_id": who,
    }
    good, bad = NewFact(**base), NewFact(**(base | change))  # type: ignore[arg-type]
    with pytest.raises(InvalidValue) as caught:
        actions.record_facts(actor=clerk, at=AT, facts=[good, bad])
    assert caught.value.field == field
    assert _variables(clerk, who) == {}


def test_only_who_may_verify_records_verified_facts(register: Register) -> None:
    who = register().person_ids[0]
    visitor = staff(TOWN_A, without=frozenset({Permission.FACT_VERIFY}))
    fact = NewFact("wage_income_fen_month", 1, LAST_YEAR, SourceKind.VERIFIED, person_id=who)
    with pytest.raises(PermissionRefused):
        actions.record_fact(actor=visitor, at=AT, fact=fact)


def test_recording_facts_takes_the_same_statements_for_three_and_for_thirty(clerk: Actor, register: Register) -> None:
    people = [register([NewMember("02", person("孙丁", 201 + 2 * n))]) for n in range(10)]

    def statements(count: int, each: int) -> int:
        facts = [
            NewFact(key, 1, LAST_YEAR, SourceKind.DECLARED, person_id=one.person_ids[0])
            for one in people[:count]
            for key in ("wage_income_fen_month", "pension_fen_month", "bank_deposit_fen")[:each]
        ]
        with CaptureQueriesContext(connection) as seen:
            actions.record_facts(actor=clerk, at=AT, facts=facts)
        return len(seen)

    assert statements(1, 3) == statements(10, 3)


def test_facts_of_a_household_fill_the_columns_that_lists_filter_by(
    system: Actor, clerk: Actor, register: Register
) -> None:
    made = register()
    fact = NewFact("vehicle_count", 2, LAST_YEAR, SourceKind.VISITED, household_id=made.household_id)
    actions.record_fact(actor=clerk, at=AT, fact=fact)
    with acting(system):
        assert HouseholdValues.objects.get(household_id=made.household_id).vehicle_count == 2
    detail = queries.household_detail(actor=clerk, at=AT, household_id=made.household_id)
    assert [(one.key, one.current.shown) for one in detail.variables] == [("vehicle_count", "2辆")]


def _tag(clerk: Actor, **change: object) -> int:
    fields: dict[str, object] = {
        "group": TargetGroup.KUNNAN_CANJI,
        "valid_from": LAST_YEAR,
        "evidence_kind": EvidenceKind.DISABILITY_CERTIFICATE,
        "evidence_ref": "残疾人证",
    }
    return actions.tag_group(actor=clerk, at=AT, **(fields | change))  # type: ignore[arg-type]


def test_a_tag_needs_its_own_evidence_and_its_kind_of_subject(clerk: Actor, register: Register) -> None:
    made = register()
    who = made.person_ids[0]
    with pytest.raises(InvalidValue) as caught:
        _tag(clerk, person_id=who, evidence_kind=EvidenceKind.UNION_FILE)
    assert "残疾人证" in caught.value.message_zh
    with pytest.raises(InvalidValue):
        _tag(clerk, person_id=who, evidence_ref=" ")
    with pytest.raises(RuleRefused):
        _tag(clerk, household_id=made.household_id)
    with pytest.raises(InvalidValue):
        _tag(clerk)


def test_tags_are_counted_ended_and_not_doubled(clerk: Actor, register: Register) -> None:
    who = register().person_ids[0]
    tag = _tag(clerk, person_id=who)
    with pytest.raises(Conflict):
        _tag(clerk, person_id=who)

    def counted() -> int:
        found = queries.counts_by_group(actor=clerk, on=TODAY, division=TOWN_A)
        return {one.group: one.persons for one in found}[TargetGroup.KUNNAN_CANJI]

    assert counted() == 1
    assert len(queries.counts_by_group(actor=clerk, on=TODAY, division=TOWN_A)) == 17
    actions.end_group(actor=clerk, at=AT, group_membership_id=tag, valid_to=TODAY, reason="复查")
    assert counted() == 0
    with pytest.raises(RuleRefused):
        actions.end_group(actor=clerk, at=AT, group_membership_id=tag, valid_to=TODAY, reason="复查")
    with pytest.raises(OutOfScope):
        queries.counts_by_group(actor=clerk, on=TODAY, division=TOWN_B)


def _event(actor: Actor, kind: LifeEventKind, person_id: int, on: date = TODAY, **details: str | int) -> int:
    return actions.record_life_event(
        actor=actor, at=AT, kind=kind, person_id=person_id, happened_on=on, evidence="证明", details=details
    )


def test_a_birth_makes_a_member(clerk: Actor, register: Register) -> None:
    made = register()
    _event(clerk, LifeEventKind.BIRTH, made.person_ids[1], LAST_YEAR, name="赵婴", sex="2", relation="30")
    detail = queries.household_detail(actor=clerk, at=AT, household_id=made.household_id)
    child = next(one for one in detail.members if one.person.name == "赵婴")
    assert (child.person.age, child.relation, child.start_on) == (1, "30", LAST_YEAR)
    assert [event.person_id for event in detail.events] == [child.person.id]


def test_a_death_ends_membership_and_tags_and_the_spouse_becomes_head(
    system: Actor, clerk: Actor, register: Register
) -> None:
    made = register()
    head, wife, son = made.person_ids
    _tag(clerk, person_id=head)
    _event(clerk, LifeEventKind.DEATH, head)
    detail = queries.household_detail(actor=clerk, at=AT, household_id=made.household_id)
    assert {one.person.id: one.relation for one in detail.members} == {wife: "02", son: "20"}
    assert detail.household.flag == ""
    with acting(system):
        assert GroupMembership.objects.get(person_id=head).valid_to == TODAY
    with pytest.raises(RuleRefused):
        _event(clerk, LifeEventKind.DEATH, head)
    with pytest.raises(RuleRefused):
        _tag(clerk, person_id=head)


def test_a_death_that_leaves_only_children_flags_the_household(clerk: Actor, register: Register) -> None:
    couple = couple_with_child()
    made = register([couple[0], couple[2]])
    _event(clerk, LifeEventKind.DEATH, made.person_ids[0])
    detail = queries.household_detail(actor=clerk, at=AT, household_id=made.household_id)
    assert detail.head is None
    assert detail.household.flag == "no_head"
    wanted = queries.HouseholdFilter(flagged=True)
    flagged = queries.list_households(actor=clerk, on=TODAY, wanted=wanted)
    assert [row.id for row in flagged.rows] == [made.household_id]


def test_a_move_takes_everything_along_and_leaves_the_old_township_without(
    system: Actor, clerk: Actor, register: Register
) -> None:
    made = register()
    who = made.person_ids[0]
    _tag(clerk, person_id=who)
    actions.record_fact(
        actor=clerk, at=AT, fact=NewFact("pension_fen_month", 5, LAST_YEAR, SourceKind.DECLARED, person_id=who)
    )
    _event(clerk, LifeEventKind.MOVE, who, division_code=VILLAGE_B1, address="文化路2号")
    with pytest.raises(OutOfScope):
        queries.household_detail(actor=clerk, at=AT, household_id=made.household_id)
    there = staff(TOWN_B)
    detail = queries.household_detail(actor=there, at=AT, household_id=made.household_id)
    assert detail.household.address == "文化路2号"
    assert len(detail.members) == 3
    found = queries.person_detail(actor=there, at=AT, person_id=who)
    assert [one.key for one in found.variables] == ["pension_fen_month"]
    assert len(found.groups) == 1
    assert [event.zh for event in found.events] == ["迁移"]
    with acting(there):
        assert PersonValues.objects.filter(person_id=who).exists()


def test_a_move_needs_another_village_that_exists(clerk: Actor, register: Register) -> None:
    made = register()
    for division, kind in (("370902001999", InvalidValue), ("370902001001", RuleRefused)):
        with pytest.raises(kind):
            _event(clerk, LifeEventKind.MOVE, made.person_ids[0], division_code=division)
    _event(clerk, LifeEventKind.MOVE, made.person_ids[0], division_code=VILLAGE_A2)


def test_a_marriage_joins_two_and_a_divorce_parts_them(system: Actor, clerk: Actor, register: Register) -> None:
    groom = register([NewMember("02", person("孙丁", 201, marital="10"))])
    bride = register([NewMember("02", person("李戊", 202, marital="10"))])
    _event(
        clerk,
        LifeEventKind.MARRIAGE,
        bride.person_ids[0],
        spouse_id=groom.person_ids[0],
        household_id=groom.household_id,
        relation="12",
    )
    detail = queries.household_detail(actor=clerk, at=AT, household_id=groom.household_id)
    assert [(one.person.name, one.person.marital_zh) for one in detail.members] == [("孙丁", "已婚"), ("李戊", "已婚")]
    with acting(system):
        assert Household.objects.get(id=bride.household_id).closed_on == TODAY
    with pytest.raises(RuleRefused):
        _event(clerk, LifeEventKind.MARRIAGE, bride.person_ids[0])
    _event(clerk, LifeEventKind.DIVORCE, bride.person_ids[0], spouse_id=groom.person_ids[0])
    with acting(system):
        assert {one.marital for one in Person.objects.all()} == {"40"}


def test_a_prisoner_is_not_counted_until_released(system: Actor, clerk: Actor, register: Register) -> None:
    made = register()
    wife = made.person_ids[1]

    def counted() -> bool:
        detail = queries.household_detail(actor=clerk, at=AT, household_id=made.household_id)
        return next(one.counts_as_member for one in detail.members if one.person.id == wife)

    _event(clerk, LifeEventKind.IMPRISONMENT, wife, until="2028-01-01")
    assert not counted()
    with acting(system):
        assert Person.objects.get(id=wife).custody == CustodyState.IMPRISONED
    _event(clerk, LifeEventKind.RELEASE, wife)
    assert counted()


def test_an_event_has_a_possible_day_and_evidence(clerk: Actor, register: Register) -> None:
    who = register().person_ids[0]
    for day in (TODAY + timedelta(days=1), date(1979, 1, 1)):
        with pytest.raises(InvalidValue):
            _event(clerk, LifeEventKind.DEATH, who, day)
    with pytest.raises(InvalidValue):
        actions.record_life_event(
            actor=clerk, at=AT, kind=LifeEventKind.DEATH, person_id=who, happened_on=TODAY, evidence=""
        )


def _guard(clerk: Actor, guardian: int, ward: int) -> int:
    return actions.set_guardian(
        actor=clerk,
        at=AT,
        ward_id=ward,
        guardian_id=guardian,
        kind=GuardianshipKind.APPOINTED,
        start_on=LAST_YEAR,
    )


def test_guardianship_never_closes_a_circle(clerk: Actor, register: Register) -> None:
    a, b, c = (register([NewMember("02", person("孙丁", 201 + 2 * n))]).person_ids[0] for n in range(3))
    _guard(clerk, a, b)
    _guard(clerk, b, c)
    for guardian, ward in ((c, a), (b, a), (a, a)):
        with pytest.raises(RuleRefused):
            _guard(clerk, guardian, ward)
    with pytest.raises(Conflict):
        _guard(clerk, a, b)
    detail = queries.person_detail(actor=clerk, at=AT, person_id=b)
    assert [one.guardian_name for one in detail.guardians] == ["孙丁"]
    assert [one.ward_id for one in detail.wards] == [c]


def test_an_ended_guardianship_no_longer_closes_a_circle(clerk: Actor, register: Register) -> None:
    a, b = (register([NewMember("02", person("孙丁", 201 + 2 * n))]).person_ids[0] for n in range(2))
    made = _guard(clerk, a, b)
    actions.end_guardianship(actor=clerk, at=AT, guardianship_id=made, end_on=TODAY)
    _guard(clerk, b, a)


def test_a_guardian_is_of_age_or_a_named_body(clerk: Actor, register: Register) -> None:
    made = register()
    child = made.person_ids[2]
    with pytest.raises(RuleRefused) as caught:
        _guard(clerk, child, made.person_ids[1])
    assert caught.value.code == "registry.guardian.age"
    fields = {"actor": clerk, "at": AT, "ward_id": child, "start_on": LAST_YEAR}
    institution = GuardianshipKind.INSTITUTION
    with pytest.raises(InvalidValue):
        actions.set_guardian(kind=institution, **fields)  # type: ignore[arg-type]
    actions.set_guardian(kind=institution, guardian_body="市儿童福利院", **fields)  # type: ignore[arg-type]


def test_an_authorisation_names_what_it_covers(clerk: Actor, register: Register) -> None:
    who = register().person_ids[0]
    grant = {"actor": clerk, "at": AT, "person_id": who, "purpose": "低保核对", "valid_from": LAST_YEAR}
    for wrong in ({"department_code": "no_such"}, {"department_code": "tax", "valid_to": LAST_YEAR}):
        with pytest.raises(InvalidValue):
            actions.grant_authorisation(**grant, **wrong)  # type: ignore[arg-type]
    made = actions.grant_authorisation(department_code="tax", **grant)  # type: ignore[arg-type]
    seen = queries.person_detail(actor=clerk, at=AT, person_id=who).authorisations[0]
    assert seen.is_live
    assert "wage_income_fen_month" in seen.variables
    actions.withdraw_authorisation(actor=clerk, at=AT, authorisation_id=made, reason="本人撤回")
    assert not queries.person_detail(actor=clerk, at=AT, person_id=who).authorisations[0].is_live
    with pytest.raises(Refusal):
        actions.withdraw_authorisation(actor=clerk, at=AT, authorisation_id=made, reason="本人撤回")
