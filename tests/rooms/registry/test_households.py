"""Registering households and changing their members."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.rooms.registry.conftest import (
    AT,
    TODAY,
    TOWN_A,
    TOWN_B,
    VILLAGE_A1,
    VILLAGE_B1,
    Register,
    couple_with_child,
    number,
    person,
    staff,
)

from jiuzhu.core.actors import Actor, OutOfScope, PermissionRefused
from jiuzhu.core.errors import Conflict, InvalidValue, NotFound, Refusal, RuleRefused
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.rooms.registry import actions, queries
from jiuzhu.rooms.registry.models import Household, Membership, Person, PersonGram
from jiuzhu.rooms.registry.permissions import Permission
from jiuzhu.rooms.registry.rules.persons import NewMember, Particulars
from jiuzhu.rooms.registry.states import DocumentKind, RegisteredKind


def test_a_household_is_registered_with_all_its_members(clerk: Actor, register: Register) -> None:
    made = register()
    detail = queries.household_detail(actor=clerk, at=AT, household_id=made.household_id)
    assert [member.person.name for member in detail.members] == ["赵甲", "钱乙", "赵丙丙"]
    assert detail.head is not None
    assert detail.head.person.id == made.person_ids[0]
    assert [generation.number for generation in detail.tree] == [0, 1]
    assert detail.head.person.sex_zh == "男"
    assert detail.head.person.birth_date == date(1980, 5, 1)
    assert detail.head.relation_zh == "户主"
    assert made.number.startswith("370902-")


@pytest.mark.parametrize("name", ["𠮷田", "张㙓", "刘䶮", "阿依古丽·买买提"])
def test_rare_characters_are_kept(clerk: Actor, register: Register, name: str) -> None:
    made = register([NewMember("02", person(name, 101))])
    assert queries.person_detail(actor=clerk, at=AT, person_id=made.person_ids[0]).person.name == name


def _refused(register: Register, members: list[NewMember], division: str = VILLAGE_A1) -> Refusal:
    with pytest.raises(Refusal) as caught:
        register(members, division=division)
    return caught.value


def test_bad_members_are_refused_with_field_and_row_and_nothing_is_kept(system: Actor, register: Register) -> None:
    head = NewMember("02", person("赵甲", 101))
    wrong = number(103)
    broken = wrong[:-1] + ("0" if wrong[-1] != "0" else "1")
    cases = [
        ([head, NewMember("20", Particulars("赵丁", broken))], "identity.checksum", "document_number"),
        ([head, NewMember("20", Particulars("赵丁", "370902199002301234"))], "identity.date", "document_number"),
        ([head, NewMember("20", Particulars("赵丁", "370902209002281234"))], None, "document_number"),
        ([head, NewMember("20", Particulars("赵\u200b丁", number(103)))], "name.character", "name"),
        ([head, NewMember("20", Particulars("赵\u202e丁", number(103)))], "name.character", "name"),
        (
            [head, NewMember("20", Particulars("赵丁", number(103), birth_date=date(1981, 1, 1)))],
            "registry.birth.disagrees",
            "document_number",
        ),
        ([head, NewMember("20", Particulars("赵丁", number(103), sex="2"))], "registry.sex.disagrees", "sex"),
        ([head, NewMember("zz", person("赵丁", 103))], "code_list.unknown", "relation"),
        ([head, NewMember("20", Particulars("赵丁", number(103), phone="123"))], "phone.form", "phone"),
        ([head, NewMember("20", person("赵丁", 101))], "registry.document.twice", "document_number"),
        (
            [head, NewMember("20", Particulars("赵丁", document_kind=DocumentKind.NONE))],
            "registry.birth.missing",
            "birth_date",
        ),
    ]
    for members, code, field in cases:
        refusal = _refused(register, members)
        assert refusal.row == 2, members
        if code is not None:
            assert refusal.code == code
        if code != "registry.birth.disagrees":
            assert refusal.field == field
        assert number(103) not in refusal.message_zh + refusal.message_en
    with acting(system):
        assert not Person.objects.exists()
        assert not Household.objects.exists()


def test_a_household_needs_exactly_one_head(register: Register) -> None:
    assert _refused(register, [NewMember("20", person("赵丁", 103))]).code == "registry.household.no_head"
    assert _refused(register, []).code == "registry.household.no_head"
    two = [NewMember("02", person("赵甲", 101)), NewMember("02", person("赵丁", 103))]
    assert _refused(register, two).code == "registry.household.two_heads"


@pytest.mark.parametrize(
    ("division", "code"),
    [
        ("370902001999", "registry.division.unknown"),
        ("370902001000", "registry.division.level"),
        ("37090200100", "division.length"),
    ],
)
def test_a_household_belongs_to_a_village_that_exists(register: Register, division: str, code: str) -> None:
    assert _refused(register, couple_with_child(), division).code == code


def test_unseen_characters_in_an_address_are_refused(clerk: Actor) -> None:
    with pytest.raises(InvalidValue) as caught:
        actions.register_household(
            actor=clerk,
            at=AT,
            division_code=VILLAGE_A1,
            registered_kind=RegisteredKind.URBAN,
            members=couple_with_child(),
            address="红门路\u202e1号",
        )
    assert caught.value.field == "address"
    assert "U+202E" in caught.value.message_zh


def test_only_who_may_and_only_at_home(register: Register) -> None:
    with pytest.raises(PermissionRefused):
        register(actor=staff(TOWN_A, without=frozenset({Permission.HOUSEHOLD_REGISTER})))
    with pytest.raises(OutOfScope):
        register(division=VILLAGE_B1)


def test_a_number_registered_here_names_the_household_and_elsewhere_names_nothing(register: Register) -> None:
    here = register()
    with pytest.raises(Conflict) as caught:
        register([NewMember("02", person("赵甲", 101))])
    assert here.number in caught.value.message_zh
    with pytest.raises(Conflict) as caught:
        register([NewMember("02", person("赵甲", 101))], actor=staff(TOWN_B), division=VILLAGE_B1)
    assert caught.value.code == "registry.document.registered_elsewhere"
    assert here.number not in caught.value.message_zh
    assert "赵" not in caught.value.message_zh


def test_registering_takes_the_same_statements_for_two_and_for_nine_members(register: Register) -> None:
    def statements(first: int, members: int) -> int:
        people = [NewMember("02", person("赵甲", first))]
        people += [NewMember("20", person("赵小", first + 2 * n)) for n in range(1, members)]
        with CaptureQueriesContext(connection) as seen:
            register(people)
        return len(seen)

    assert statements(101, 2) == statements(301, 9)


def test_members_come_and_go_over_a_life(clerk: Actor, register: Register) -> None:
    first = register()
    other = register([NewMember("02", person("孙丁", 201))])
    son = first.person_ids[2]
    with pytest.raises(Conflict):
        actions.add_member(actor=clerk, at=AT, household_id=other.household_id, member=NewMember("97", person_id=son))
    actions.end_membership(actor=clerk, at=AT, person_id=son, end_on=date(2025, 1, 1), reason="随亲属生活")
    actions.add_member(
        actor=clerk,
        at=AT,
        household_id=other.household_id,
        member=NewMember("97", person_id=son),
        start_on=date(2025, 1, 1),
    )
    detail = queries.person_detail(actor=clerk, at=AT, person_id=son)
    assert [one.household_id for one in detail.memberships] == [other.household_id, first.household_id]
    find = queries.household_of_person
    assert find(actor=clerk, on=date(2024, 12, 31), person_id=son) == first.household_id
    assert find(actor=clerk, on=date(2025, 1, 1), person_id=son) == other.household_id
    former = queries.household_detail(actor=clerk, at=AT, household_id=first.household_id).former_members
    assert [one.name for one in former] == ["赵丙丙"]


def test_the_head_cannot_leave_others_behind_and_the_last_one_closes_the_household(
    system: Actor, clerk: Actor, register: Register
) -> None:
    made = register()
    with pytest.raises(RuleRefused) as caught:
        actions.end_membership(actor=clerk, at=AT, person_id=made.person_ids[0], end_on=TODAY, reason="外出")
    assert caught.value.code == "registry.household.head_leaves"
    for member in reversed(made.person_ids):
        actions.end_membership(actor=clerk, at=AT, person_id=member, end_on=TODAY, reason="外出")
    with acting(system):
        assert Household.objects.get(id=made.household_id).closed_on == TODAY


def test_a_second_head_is_refused_by_the_database_too(clerk: Actor, register: Register) -> None:
    from django.db import IntegrityError

    made = register()
    with pytest.raises(IntegrityError), acting(clerk):
        Membership.objects.filter(person_id=made.person_ids[1]).update(is_head=True, relation="02")


def test_a_new_head_turns_the_relations_round(clerk: Actor, register: Register) -> None:
    made = register()
    head, wife, son = made.person_ids
    actions.change_head(actor=clerk, at=AT, household_id=made.household_id, new_head_id=wife, reason="商定")
    members = queries.household_detail(actor=clerk, at=AT, household_id=made.household_id).members
    assert {member.person.id: member.relation for member in members} == {wife: "02", head: "11", son: "20"}


def test_a_relation_that_cannot_be_derived_must_be_given(clerk: Actor, register: Register) -> None:
    made = register([*couple_with_child(), NewMember("97", person("周亲", 201))])
    change = {"actor": clerk, "at": AT, "household_id": made.household_id, "new_head_id": made.person_ids[1]}
    with pytest.raises(RuleRefused) as caught:
        actions.change_head(reason="商定", **change)  # type: ignore[arg-type]
    assert "周亲" in caught.value.message_zh
    actions.change_head(reason="商定", relations={made.person_ids[3]: "99"}, **change)  # type: ignore[arg-type]


def test_a_correction_needs_a_reason_and_renews_the_search_pieces(
    system: Actor, clerk: Actor, register: Register
) -> None:
    made = register()
    who = made.person_ids[0]
    with pytest.raises(InvalidValue):
        actions.correct_person(actor=clerk, at=AT, person_id=who, name="单乙", reason=" ")
    actions.correct_person(actor=clerk, at=AT, person_id=who, name="单雄信", reason="登记有误")
    with acting(system):
        grams = set(PersonGram.objects.filter(person_id=who).values_list("gram", flat=True))
    assert {"单雄", "雄信", "单雄信", "单", "~sxx"} <= grams
    assert "赵甲" not in grams


def test_a_correction_must_agree_with_the_number(clerk: Actor, register: Register) -> None:
    made = register()
    with pytest.raises(InvalidValue) as caught:
        actions.correct_person(
            actor=clerk, at=AT, person_id=made.person_ids[0], birth_date=date(1981, 1, 1), reason="登记有误"
        )
    assert caught.value.code == "registry.birth.disagrees"
    with pytest.raises(Conflict):
        actions.correct_person(
            actor=clerk, at=AT, person_id=made.person_ids[0], document_number=number(102), sex="2", reason="登记有误"
        )


def test_what_does_not_exist_is_not_found(clerk: Actor) -> None:
    with pytest.raises(NotFound):
        queries.person_detail(actor=clerk, at=AT, person_id=999)
    with pytest.raises(NotFound):
        queries.household_detail(actor=clerk, at=AT, household_id=999)
    with pytest.raises(NotFound):
        actions.end_membership(actor=clerk, at=AT, person_id=999, end_on=TODAY, reason="试")
