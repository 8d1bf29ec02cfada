"""A small place to test in: two townships with two villages each, and actors of every kind."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from jiuzhu.core.actors import Actor, ActorKind, Scope, system_actor
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.core.identity import CitizenId
from jiuzhu.groundwork.accounts.models import Account, AccountKind
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.rooms.organization.models import Division
from jiuzhu.rooms.registry import actions
from jiuzhu.rooms.registry.permissions import Permission
from jiuzhu.rooms.registry.rules.persons import NewMember, Particulars
from jiuzhu.rooms.registry.states import RegisteredKind

AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)
CITY = DivisionCode("370900000000")
TOWN_A = DivisionCode("370902001000")
TOWN_B = DivisionCode("370902002000")
VILLAGE_A1 = "370902001001"
VILLAGE_A2 = "370902001002"
VILLAGE_B1 = "370902002001"
_PLACES = ("370900000000", "370902000000", TOWN_A.value, VILLAGE_A1, VILLAGE_A2, TOWN_B.value, VILLAGE_B1)

Register = Callable[..., actions.RegisteredHousehold]


@pytest.fixture
def places(db: None) -> None:
    """The divisions of the small place."""
    with acting(system_actor("test")):
        Division.objects.bulk_create(
            [
                Division(
                    code=code,
                    name=f"地方{code[-6:]}",
                    name_en=f"Place {code[-6:]}",
                    full_name=f"地方{code}",
                    initials="df",
                    level=int(DivisionCode(code).level),
                    parent_code=str(DivisionCode(code).parent or ""),
                    kind="statutory",
                    basis="试验数据",
                )
                for code in _PLACES
            ]
        )


def staff(division: DivisionCode | str, *, without: frozenset[str] = frozenset(), name: str = "经办") -> Actor:
    """An officer of a place who may do everything in the room, except `without`."""
    return Actor(
        kind=ActorKind.STAFF,
        account_id=7,
        name=name,
        post_id=70,
        post_title="经办岗",
        permissions=frozenset(permission.value for permission in Permission) - without,
        scope=Scope(division=DivisionCode(str(division))),
    )


def department(code: str) -> Actor:
    """An officer of a department."""
    return Actor(
        kind=ActorKind.DEPARTMENT,
        account_id=8,
        name="部门人员",
        permissions=frozenset({Permission.PERSON_VIEW, Permission.HOUSEHOLD_VIEW}),
        scope=Scope(division=CITY, department=code),
    )


def number(sequence: int, birth: date = date(1980, 5, 1)) -> str:
    """A valid number of an invented person."""
    return CitizenId.make("370902", birth, sequence).value


def person(
    name: str, sequence: int, birth: date = date(1980, 5, 1), *, phone: str = "", marital: str = "90"
) -> Particulars:
    """An invented person; an odd sequence is a man."""
    return Particulars(name=name, document_number=number(sequence, birth), phone=phone, marital=marital)


def couple_with_child(first: int = 101) -> list[NewMember]:
    """A man as head, his wife and their son of twelve."""
    return [
        NewMember("02", person("赵甲", first, phone="13800001111")),
        NewMember("12", person("钱乙", first + 1)),
        NewMember("20", person("赵丙丙", first + 2, date(2014, 3, 1))),
    ]


@pytest.fixture
def clerk(places: None) -> Actor:
    """The clerk of township A."""
    return staff(TOWN_A)


@pytest.fixture
def register(clerk: Actor) -> Register:
    """Register a household in township A, three persons unless told otherwise."""

    def do(
        members: list[NewMember] | None = None,
        *,
        actor: Actor = clerk,
        division: str = VILLAGE_A1,
        opened_on: date = date(2020, 1, 1),
    ) -> actions.RegisteredHousehold:
        return actions.register_household(
            actor=actor,
            at=AT,
            division_code=division,
            registered_kind=RegisteredKind.RURAL,
            members=couple_with_child() if members is None else members,
            address="红门路1号",
            opened_on=opened_on,
        )

    return do


@pytest.fixture
def citizen_account(system: Actor) -> int:
    """A citizen's login."""
    with acting(system):
        made = Account.objects.create(
            login_name="citizen-1", display_name="赵甲", kind=AccountKind.CITIZEN, created_at=AT, password="!"
        )
    return made.pk
