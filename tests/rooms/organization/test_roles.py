"""Roles and incompatible duties: the whole matrix, in time and place."""

from datetime import date
from itertools import combinations, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.rooms.organization.conftest import CAIYUAN, CITY, DAIMIAO, DAIYUE, TAISHAN

from jiuzhu.core.divisions import DivisionCode
from jiuzhu.core.periods import Period
from jiuzhu.rooms.organization.permissions import PERMISSION_NAMES, Permission
from jiuzhu.rooms.organization.rules.roles import Duty, RoleCatalogue, RoleDataError, packaged_roles

ROLES = packaged_roles().roles
ADMINISTRATORS = {"system_administrator", "security_administrator", "audit_administrator"}
ALWAYS = Period(date(2026, 1, 1))

# Pairs that one person may not hold in one place, by hand: the file must say the same.
SAME_PLACE = {
    ("village_assistant", "township_reviewer"),
    ("village_assistant", "township_head"),
    ("village_assistant", "county_approver"),
    ("township_clerk", "township_reviewer"),
    ("township_clerk", "township_head"),
    ("township_clerk", "county_approver"),
    ("township_reviewer", "township_head"),
    ("township_reviewer", "county_approver"),
    ("county_officer", "county_approver"),
    ("county_verification", "township_clerk"),
    ("county_verification", "township_reviewer"),
    ("county_verification", "township_head"),
    ("county_verification", "county_officer"),
    ("county_verification", "county_approver"),
    ("township_head", "county_finance"),
    ("county_approver", "county_finance"),
    ("county_officer", "county_finance"),
    ("township_clerk", "county_finance"),
}


def _conflicts(held: str, wanted: str, here: DivisionCode = TAISHAN, there: DivisionCode = TAISHAN) -> bool:
    duty = Duty(wanted, there, ALWAYS)
    return bool(packaged_roles().conflicts([Duty(held, here, ALWAYS)], duty))


def test_the_roles_of_every_level_are_there() -> None:
    assert len(ROLES) == 17
    assert {key for key, role in ROLES.items() if role.is_administrator} == ADMINISTRATORS


def test_every_permission_of_the_room_belongs_to_a_role_and_has_a_name() -> None:
    granted = {permission for role in ROLES.values() for permission in role.permissions}
    assert {permission.value for permission in Permission} <= granted
    assert set(PERMISSION_NAMES) == set(Permission)


def test_the_three_administrators_hold_no_power_of_each_other_and_none_over_cases() -> None:
    exclusive = {
        "system_administrator": Permission.STAFF_REGISTER.value,
        "security_administrator": Permission.APPOINTMENT_MAKE.value,
        "audit_administrator": "groundwork.audit.view",
    }
    for key in ADMINISTRATORS:
        held = ROLES[key].permissions
        assert {permission for permission in exclusive.values() if permission in held} == {exclusive[key]}
        assert {permission.split(".")[0] for permission in held} <= {"organization", "groundwork"}


def test_who_prepares_a_payment_does_not_release_it_and_who_surveys_does_not_decide() -> None:
    for role in ROLES.values():
        assert not {"payment.run.prepare", "payment.run.release"} <= role.permissions
        assert not {"verification.visit.sign", "determination.determination.approve"} <= role.permissions
        assert (
            not {"determination.determination.give_opinion", "determination.determination.approve"} <= role.permissions
        )
        assert not {"determination.determination.approve", "payment.run.release"} <= role.permissions


@pytest.mark.parametrize(("first", "second"), list(permutations(sorted(ADMINISTRATORS), 2)))
def test_no_administrator_is_another_administrator_anywhere(first: str, second: str) -> None:
    assert _conflicts(first, second, TAISHAN, DAIYUE)


@pytest.mark.parametrize("business", sorted(set(ROLES) - ADMINISTRATORS))
@pytest.mark.parametrize("administrator", sorted(ADMINISTRATORS))
def test_no_administrator_holds_a_business_post_anywhere(administrator: str, business: str) -> None:
    assert _conflicts(administrator, business, TAISHAN, DAIYUE)
    assert _conflicts(business, administrator, TAISHAN, DAIYUE)


def test_the_business_pairs_are_exactly_those_of_the_matrix() -> None:
    business = sorted(set(ROLES) - ADMINISTRATORS - {"internal_auditor", "supervisor", "bank_officer"})
    expected = {frozenset(pair) for pair in SAME_PLACE}
    found = {frozenset(pair) for pair in combinations(business, 2) if _conflicts(*pair)}
    assert found == expected


@pytest.mark.parametrize("auditor", ["internal_auditor", "supervisor"])
def test_an_auditor_holds_no_post_that_is_audited_in_that_place(auditor: str) -> None:
    assert _conflicts(auditor, "county_finance")
    assert _conflicts(auditor, "township_clerk", CITY, DAIMIAO)
    assert not _conflicts(auditor, "county_finance", TAISHAN, DAIYUE)


def test_an_investigator_may_decide_elsewhere_but_not_above_or_in_the_same_township() -> None:
    assert _conflicts("township_clerk", "township_head", DAIMIAO, DAIMIAO)
    assert _conflicts("township_clerk", "county_approver", DAIMIAO, TAISHAN)
    assert not _conflicts("township_clerk", "township_head", DAIMIAO, CAIYUAN)
    assert not _conflicts("township_clerk", "county_approver", DAIMIAO, DAIYUE)


def test_duties_one_after_the_other_are_no_conflict() -> None:
    held = Duty("township_clerk", DAIMIAO, Period(date(2026, 1, 1), date(2026, 7, 1)))
    after = Duty("township_head", DAIMIAO, Period(date(2026, 7, 1)))
    assert packaged_roles().conflicts([held], after) == ()
    day_before = Duty("township_head", DAIMIAO, Period(date(2026, 6, 30)))
    assert packaged_roles().conflicts([held], day_before)


@given(
    st.sampled_from(sorted(ROLES)),
    st.sampled_from(sorted(ROLES)),
    st.sampled_from([CITY, TAISHAN, DAIYUE, DAIMIAO, CAIYUAN]),
    st.sampled_from([CITY, TAISHAN, DAIYUE, DAIMIAO, CAIYUAN]),
)
def test_incompatibility_does_not_depend_on_who_came_first(
    one: str, other: str, here: DivisionCode, there: DivisionCode
) -> None:
    assert _conflicts(one, other, here, there) == _conflicts(other, one, there, here)


_ROLE = (
    "sets: {{}}\nroles: {{a: {{name: 甲, name_en: A, levels: [{level}], kind: staff, duties: x, duties_en: x, "
    "permissions: [{permission}]}}}}\nincompatible: []"
)
_RULE = "sets: {}\nroles: {}\nincompatible: [{key: k, among: [a, b], where: anywhere, zh: x, en: x, basis: x}]"


@pytest.mark.parametrize(
    "text",
    [_ROLE.format(level="city", permission="+none"), _ROLE.format(level="moon", permission="a.b.c"), _RULE],
)
def test_a_file_of_roles_that_contradicts_itself_is_refused(text: str) -> None:
    with pytest.raises(RoleDataError):
        RoleCatalogue.parse(text)
