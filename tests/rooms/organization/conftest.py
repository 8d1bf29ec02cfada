"""A small place to test in: a city, two counties, two townships and four villages each; offices on demand."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest

from jiuzhu.core.actors import Actor, ActorKind, Scope, system_actor
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.rooms.organization import actions, queries
from jiuzhu.rooms.organization.models import Division, Office, OfficeName
from jiuzhu.rooms.organization.permissions import Permission
from jiuzhu.rooms.organization.rules.names import english_place, initials
from jiuzhu.rooms.organization.rules.roles import packaged_roles
from jiuzhu.rooms.organization.states import DivisionKind, EmploymentKind, OfficeKind

AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)
CITY = DivisionCode("370900000000")
TAISHAN = DivisionCode("370902000000")
DAIYUE = DivisionCode("370911000000")
DAIMIAO = DivisionCode("370902001000")
CAIYUAN = DivisionCode("370902002000")
DONGHU = DivisionCode("370902001001")
SHICHANG = DivisionCode("370902001002")
_PLACES = {
    "370900000000": "泰安市",
    "370902000000": "泰山区",
    "370902001000": "岱庙街道",
    "370902001001": "东湖社区居委会",
    "370902001002": "市场街社区居委会",
    "370902002000": "财源街道",
    "370902002001": "三友社区居委会",
    "370902002002": "五马社区居委会",
    "370911000000": "岱岳区",
    "370911100000": "山口镇",
    "370911100201": "山前村委会",
    "370911100202": "山后村委会",
    "370911101000": "祝阳镇",
    "370911101201": "王庄村委会",
    "370911101202": "李庄村委会",
}


def setter() -> Actor:
    """A process that may do everything in this room."""
    return system_actor("test", permissions=list(Permission))


def staff_actor(role: str, division: DivisionCode, account_id: int | None = None) -> Actor:
    """An officer with a role in a place, without a row behind it."""
    return Actor(
        kind=ActorKind.STAFF,
        account_id=account_id,
        name=role,
        post_id=None,
        permissions=packaged_roles().roles[role].permissions,
        scope=Scope(division=division),
    )


@dataclass(frozen=True)
class Person:
    """A registered person."""

    staff_id: int
    account_id: int | None


@pytest.fixture
def city(db: None) -> Iterator[None]:
    """The divisions of the small place, as the process `test` in whose scope the test runs."""
    full: dict[str, str] = {}
    rows = []
    for value, name in _PLACES.items():
        code = DivisionCode(value)
        full[value] = full.get(str(code.parent), "") + name
        rows.append(
            Division(
                code=value,
                name=name,
                name_en=english_place(name, code.level),
                full_name=full[value],
                initials=initials(name),
                level=int(code.level),
                parent_code=str(code.parent),
                kind=DivisionKind.STATUTORY.value,
                basis="test",
            )
        )
    with acting(setter()):
        Division.objects.bulk_create(rows)
        yield


def office(
    division: DivisionCode, kind: OfficeKind, department: str = "", *, code: str = "", name: str = "机构"
) -> int:
    """Open an office."""
    return actions.open_office(
        actor=setter(),
        at=AT,
        code=code or f"{division.prefix}-{department or kind.value}",
        kind=kind,
        division=division,
        name=name,
        name_en="Office",
        department_code=department,
        valid_from=date(2020, 1, 1),
        basis="test",
    )


def post(office_id: int, role: str, division: DivisionCode, *, headcount: int = 2, code: str = "") -> int:
    """Create a post."""
    return actions.create_post(
        actor=setter(),
        at=AT,
        office_id=office_id,
        code=code or f"{office_id}-{role}-{division.prefix}",
        title=packaged_roles().roles[role].name,
        role=role,
        division=division,
        headcount=headcount,
        valid_from=date(2020, 1, 1),
    )


def person(office_id: int, number: str, name: str = "王秀兰", *, with_account: bool = True) -> Person:
    """Register a person."""
    staff_id = actions.register_staff(
        actor=setter(),
        at=AT,
        office_id=office_id,
        staff_number=number,
        name=name,
        employment=EmploymentKind.PUBLIC_INSTITUTION,
        with_account=with_account,
    )
    with acting(setter()):
        account = queries.staff_detail(actor=setter(), staff_id=staff_id, at=TODAY).account_id
    return Person(staff_id, account)


def appointed(
    someone: Person, post_id: int, *, valid_from: date = date(2026, 1, 1), valid_to: date | None = None
) -> int:
    """Appoint a person."""
    return actions.appoint(
        actor=setter(),
        at=AT,
        staff_id=someone.staff_id,
        post_id=post_id,
        valid_from=valid_from,
        valid_to=valid_to,
        appointed_by="市民政局",
        document_number="泰民〔2026〕1号",
    )


def names_of(office_id: int) -> list[str]:
    """The names of an office over time."""
    assert Office.objects.filter(pk=office_id).exists()
    return [row.name for row in OfficeName.objects.filter(office_id=office_id).order_by("id")]
