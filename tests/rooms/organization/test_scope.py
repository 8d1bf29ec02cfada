"""Scope and permission: verb by role, and rows by place in raw SQL through the application's role."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from tests.rooms.organization.conftest import (
    AT,
    CITY,
    DAIMIAO,
    DAIYUE,
    DONGHU,
    TAISHAN,
    TODAY,
    appointed,
    office,
    person,
    post,
    setter,
    staff_actor,
)

from jiuzhu.core.actors import Actor, ActorKind, PermissionRefused, Scope
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.core.errors import Refusal
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.rooms.organization import actions, queries
from jiuzhu.rooms.organization.permissions import Permission
from jiuzhu.rooms.organization.rules.roles import packaged_roles
from jiuzhu.rooms.organization.states import EmploymentKind, NearRelation, OfficeKind, ProcurementMethod

NOWHERE = DivisionCode("370902099000")
NOBODY = 9_999_999
_TEXT = {"basis": "x"}

Verb = Callable[..., Any]
# Every verb with the permission it asks for, and arguments that lead nowhere.
VERBS: list[tuple[Verb, Permission, dict[str, object]]] = [
    (
        actions.create_division,
        Permission.DIVISION_CHANGE,
        {"code": NOWHERE, "name": "", "valid_from": TODAY, **_TEXT},
    ),
    (actions.rename_division, Permission.DIVISION_CHANGE, {"code": NOWHERE, "name": "新", "day": TODAY, **_TEXT}),
    (actions.close_division, Permission.DIVISION_CHANGE, {"code": NOWHERE, "day": TODAY, **_TEXT}),
    (
        actions.merge_divisions,
        Permission.DIVISION_CHANGE,
        {"sources": [NOWHERE], "into": NOWHERE, "day": TODAY, **_TEXT},
    ),
    (actions.add_functional_zone, Permission.ZONE_ADD, {"city": CITY, "name": "", "valid_from": TODAY, **_TEXT}),
    (
        actions.set_administration,
        Permission.ZONE_ADD,
        {"division": NOWHERE, "office_code": "none", "day": TODAY, **_TEXT},
    ),
    (
        actions.record_figures,
        Permission.FIGURES_RECORD,
        {"division": NOWHERE, "as_of": TODAY, "population": -1, "source": "x"},
    ),
    (
        actions.open_office,
        Permission.OFFICE_CHANGE,
        {"code": "", "kind": OfficeKind.STATION, "division": NOWHERE, "name": "x", "valid_from": TODAY, **_TEXT},
    ),
    (
        actions.rename_office,
        Permission.OFFICE_CHANGE,
        {"office_id": NOBODY, "name": "x", "day": TODAY, **_TEXT},
    ),
    (actions.close_office, Permission.OFFICE_CHANGE, {"office_id": NOBODY, "day": TODAY, **_TEXT}),
    (
        actions.change_office_contact,
        Permission.OFFICE_CHANGE,
        {"office_id": NOBODY, "address": "", "phone": "", "hours": ""},
    ),
    (
        actions.create_post,
        Permission.POST_CHANGE,
        {
            "office_id": NOBODY,
            "code": "x",
            "title": "x",
            "role": "x",
            "division": NOWHERE,
            "headcount": 1,
            "valid_from": TODAY,
        },
    ),
    (actions.close_post, Permission.POST_CHANGE, {"post_id": NOBODY, "day": TODAY}),
    (
        actions.register_staff,
        Permission.STAFF_REGISTER,
        {"office_id": NOBODY, "staff_number": "x", "name": "x", "employment": EmploymentKind.OUTSIDE},
    ),
    (
        actions.change_staff,
        Permission.STAFF_REGISTER,
        {
            "staff_id": NOBODY,
            "office_id": NOBODY,
            "name": "x",
            "employment": EmploymentKind.OUTSIDE,
            "rank": "",
            "office_phone": "",
        },
    ),
    (
        actions.appoint,
        Permission.APPOINTMENT_MAKE,
        {
            "staff_id": NOBODY,
            "post_id": NOBODY,
            "valid_from": TODAY,
            "appointed_by": "x",
            "document_number": "x",
        },
    ),
    (
        actions.end_appointment,
        Permission.APPOINTMENT_END,
        {"appointment_id": NOBODY, "day": TODAY, "reason": "x"},
    ),
    (actions.revoke_appointment, Permission.APPOINTMENT_END, {"appointment_id": NOBODY, "reason": "x"}),
    (
        actions.file_near_relative,
        Permission.RELATIVE_FILE,
        {"staff_id": NOBODY, "relative_name": "王大山", "relation": NearRelation.CHILD},
    ),
    (actions.withdraw_near_relative, Permission.RELATIVE_FILE, {"filing_id": NOBODY, "reason": "x"}),
    (
        actions.form_leading_group,
        Permission.GROUP_FORM,
        {"division": NOWHERE, "name": "", "document_number": "x", "day": TODAY, "seats": []},
    ),
    (
        actions.record_purchased_service,
        Permission.SERVICE_RECORD,
        {
            "division": NOWHERE,
            "code": "",
            "name": "x",
            "content": "x",
            "method": ProcurementMethod.INQUIRY,
            "procedure_note": "x",
            "budget_fen": 0,
        },
    ),
    (
        actions.contract_purchased_service,
        Permission.SERVICE_RECORD,
        {
            "service_id": NOBODY,
            "provider": "x",
            "provider_is_social_organization": False,
            "contract_number": "x",
            "contract_fen": 0,
            "valid_from": TODAY,
            "valid_to": date(2027, 1, 1),
        },
    ),
    (
        actions.evaluate_purchased_service,
        Permission.SERVICE_EVALUATE,
        {"service_id": NOBODY, "score": Decimal(1), "supervision_note": "x", "evaluation_note": "x"},
    ),
    (actions.cancel_purchased_service, Permission.SERVICE_RECORD, {"service_id": NOBODY, "reason": "x"}),
    (actions.import_staff, Permission.STAFF_REGISTER, {"content": b"x", "commit": True}),
    (actions.import_appointments, Permission.APPOINTMENT_MAKE, {"content": b"x", "commit": True}),
    (actions.import_office_contacts, Permission.OFFICE_CHANGE, {"content": b"x", "commit": True}),
]
_LOADERS = {"load_divisions", "load_departments", "load_service_network"}


def test_the_table_of_verbs_is_complete() -> None:
    verbs = {name for name in actions.__all__ if name[0].islower()}
    assert {verb.__name__ for verb, _, _ in VERBS} == verbs - _LOADERS


@pytest.mark.django_db
@pytest.mark.parametrize("role", sorted(packaged_roles().roles))
def test_a_role_may_take_exactly_the_verbs_of_its_permissions(role: str) -> None:
    actor = staff_actor(role, CITY)
    for verb, permission, arguments in VERBS:
        with pytest.raises(Refusal) as refusal:
            verb(actor=actor, at=AT, **arguments)
        refused = isinstance(refusal.value, PermissionRefused)
        assert refused != actor.may(permission), verb.__name__


def test_every_reader_but_the_public_ones_asks_for_a_permission(city: None) -> None:
    nobody = Actor(kind=ActorKind.STAFF, account_id=1, name="x", scope=Scope(division=CITY))
    readers: list[Callable[[], object]] = [
        lambda: queries.division_tree(actor=nobody, at=TODAY),
        lambda: queries.offices_by_division(actor=nobody, division=CITY, at=TODAY),
        lambda: queries.office_detail(actor=nobody, office_id=1, at=TODAY),
        lambda: queries.office_by_code(actor=nobody, code="x", at=TODAY),
        lambda: queries.posts_by_division(actor=nobody, division=CITY, at=TODAY),
        lambda: queries.staff_list(actor=nobody, at=TODAY),
        lambda: queries.staff_detail(actor=nobody, staff_id=1, at=TODAY),
        lambda: queries.near_relative_filings(actor=nobody),
        lambda: queries.near_relatives_named(actor=nobody, name="x"),
        lambda: queries.roles(actor=nobody),
        lambda: queries.duties_by_clause(actor=nobody, at=TODAY),
        lambda: queries.leading_groups(actor=nobody, division=CITY, at=TODAY),
        lambda: queries.purchased_services(actor=nobody),
        lambda: queries.workforce_gaps(actor=nobody, division=CITY, at=TODAY),
        lambda: queries.staff_sheet(actor=nobody, division=CITY),
        lambda: queries.appointment_sheet(actor=nobody, division=CITY, at=TODAY),
        lambda: queries.office_sheet(actor=nobody, division=CITY, at=TODAY),
        lambda: queries.staff_of_account(actor=nobody, account_id=2),
    ]
    for read in readers:
        with pytest.raises(PermissionRefused):
            read()


_SCOPED = (
    "organization_staff",
    "organization_post",
    "organization_appointment",
    "organization_near_relative_filing",
    "organization_purchased_service",
)


def _rows(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        found: int = cursor.fetchone()[0]
    return found


@pytest.fixture
def one_row_each(city: None) -> None:
    desk = office(DAIMIAO, OfficeKind.ONE_WINDOW_DESK)
    someone = person(desk, "T001")
    appointed(someone, post(desk, "township_clerk", DAIMIAO))
    actions.file_near_relative(
        actor=setter(), at=AT, staff_id=someone.staff_id, relative_name="王大山", relation=NearRelation.CHILD
    )
    actions.record_purchased_service(
        actor=setter(),
        at=AT,
        division=DAIMIAO,
        code="GM-1",
        name="走访",
        content="走访",
        method=ProcurementMethod.INQUIRY,
        procedure_note="询价",
        budget_fen=1,
    )


@pytest.mark.usefixtures("one_row_each")
def test_raw_sql_sees_the_rows_of_the_place_and_no_others() -> None:
    seen = {
        "city": staff_actor("city_officer", CITY),
        "county": staff_actor("county_officer", TAISHAN),
        "township": staff_actor("township_clerk", DAIMIAO),
        "village": staff_actor("village_assistant", DONGHU),
        "elsewhere": staff_actor("county_officer", DAIYUE),
        "department": Actor(
            kind=ActorKind.DEPARTMENT, account_id=1, name="x", scope=Scope(division=CITY, department="education")
        ),
        "citizen": Actor(kind=ActorKind.CITIZEN, account_id=1, name="x"),
    }
    expected = {"city": 1, "county": 1, "township": 1, "village": 0, "elsewhere": 0, "department": 0, "citizen": 0}
    for who, actor in seen.items():
        with acting(actor):
            assert {table: _rows(table) for table in _SCOPED} == dict.fromkeys(_SCOPED, expected[who]), who


@pytest.mark.usefixtures("one_row_each")
def test_raw_sql_cannot_move_a_row_out_of_the_place_or_reach_one_outside() -> None:
    with acting(staff_actor("county_officer", DAIYUE)), connection.cursor() as cursor:
        cursor.execute("UPDATE organization_staff SET name = 'x'")
        assert cursor.rowcount == 0
    with (
        pytest.raises(ProgrammingError, match="row-level security"),
        transaction.atomic(),
        acting(staff_actor("county_officer", TAISHAN)),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE organization_staff SET division_code = %s", [DAIYUE.value])
