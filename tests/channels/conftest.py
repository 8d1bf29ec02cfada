"""A small city to open pages in: offices and posts, a person in each role, three households in three townships."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from django.conf import LazySettings
from django.contrib.messages import get_messages
from tests.filled import filled_once
from tests.strict_client import StrictClient

from jiuzhu.core.actors import Actor, system_actor
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.core.identity import CitizenId
from jiuzhu.groundwork.accounts.models import Account, AccountKind
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.rooms.organization import actions as organization
from jiuzhu.rooms.organization import queries as organization_queries
from jiuzhu.rooms.organization.models import Division
from jiuzhu.rooms.organization.permissions import Permission as Organization
from jiuzhu.rooms.organization.rules.names import english_place, initials
from jiuzhu.rooms.organization.rules.roles import packaged_roles
from jiuzhu.rooms.organization.states import DivisionKind, EmploymentKind, OfficeKind
from jiuzhu.rooms.registry import actions as registry
from jiuzhu.rooms.registry.permissions import Permission as Registry
from jiuzhu.rooms.registry.states import RegisteredKind, SourceKind

AT = datetime(2026, 11, 1, 2, 0, tzinfo=UTC)
TAISHAN = DivisionCode("370902000000")
DAIYUE = DivisionCode("370911000000")
DAIMIAO = DivisionCode("370902001000")
CAIYUAN = DivisionCode("370902002000")
SHANKOU = DivisionCode("370911100000")
DONGHU = DivisionCode("370902001001")
SHICHANG = DivisionCode("370902001002")
SANYOU = DivisionCode("370902002001")
SHANQIAN = DivisionCode("370911100201")
_PLACES = {
    "370900000000": "泰安市",
    "370902000000": "泰山区",
    "370902001000": "岱庙街道",
    "370902001001": "东湖社区居委会",
    "370902001002": "市场街社区居委会",
    "370902002000": "财源街道",
    "370902002001": "三友社区居委会",
    "370911000000": "岱岳区",
    "370911100000": "山口镇",
    "370911100201": "山前村委会",
}
_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@dataclass(frozen=True)
class Persona:
    """Somebody with a login, and a browser in which that somebody is signed in."""

    account: Account
    client: StrictClient

    def actor(self) -> Actor:
        """The actor as the first request would build it."""
        found = organization_queries.actor_of_account(account_id=self.account.pk, at=date(2026, 11, 1))
        assert found is not None
        return found


@dataclass(frozen=True)
class SmallCity:
    """The personas, and the household of 王秀兰 (head), her son and her granddaughter, and two more elsewhere."""

    assistant: Persona
    clerk: Persona
    reviewer: Persona
    county: Persona
    other_township: Persona
    other_county: Persona
    department: Persona
    leader: Persona
    auditor: Persona
    citizen: Persona
    household_id: int
    household_number: str
    person_ids: tuple[int, ...]
    elsewhere_household_id: int
    elsewhere_person_id: int
    far_household_id: int

    @property
    def head_id(self) -> int:
        """王秀兰."""
        return self.person_ids[0]

    @property
    def registrar(self) -> Actor:
        """A process that may do everything in the registry."""
        return registrar()


def registrar() -> Actor:
    """A process that may do everything in the registry."""
    return system_actor("test", permissions=list(Registry))


def identity_number(sequence: int, birth: date) -> str:
    """A valid number of an invented person; an odd sequence is a man."""
    return CitizenId.make("370902", birth, sequence).value


def newcomer(name: str, sequence: int, birth: date, *, phone: str = "") -> registry.Particulars:
    """An invented person."""
    return registry.Particulars(name=name, document_number=identity_number(sequence, birth), phone=phone)


def register(
    village: DivisionCode, members: list[registry.NewMember], *, address: str = "红门路1号"
) -> registry.RegisteredHousehold:
    """Register a household."""
    return registry.register_household(
        actor=registrar(),
        at=AT,
        division_code=village.value,
        registered_kind=RegisteredKind.RURAL,
        members=members,
        address=address,
        opened_on=date(2020, 1, 1),
    )


def last_message(answer: object) -> str:
    """The message that an answer left for the next page."""
    found = [str(one) for one in get_messages(answer.wsgi_request)]  # type: ignore[attr-defined]
    return found[-1] if found else ""


def load_places() -> None:
    """The divisions of the small city."""
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
                parent_code=str(code.parent or ""),
                kind=DivisionKind.STATUTORY.value,
                basis="试验数据",
            )
        )
    with acting(system_actor("test")):
        Division.objects.bulk_create(rows)


def _signed_in(account: Account) -> Persona:
    client = StrictClient()
    client.force_login(account, backend=_BACKEND)
    return Persona(account, client)


def officer(number: str, name: str, role: str, division: DivisionCode, department: str = "civil_affairs") -> Persona:
    """Somebody who holds a post of a role, signed in."""
    setter = system_actor("test", permissions=list(Organization))
    office_id = organization.open_office(
        actor=setter,
        at=AT,
        code=f"{number}-office",
        kind=OfficeKind.DEPARTMENT,
        division=division,
        name=f"{name}所在单位",
        name_en=f"Office of {number}",
        department_code=department,
        valid_from=date(2020, 1, 1),
        basis="试验数据",
    )
    post_id = organization.create_post(
        actor=setter,
        at=AT,
        office_id=office_id,
        code=f"{number}-post",
        title=packaged_roles().roles[role].name,
        role=role,
        division=division,
        headcount=1,
        valid_from=date(2020, 1, 1),
    )
    staff_id = organization.register_staff(
        actor=setter,
        at=AT,
        office_id=office_id,
        staff_number=number,
        name=name,
        employment=EmploymentKind.PUBLIC_INSTITUTION,
    )
    organization.appoint(
        actor=setter,
        at=AT,
        staff_id=staff_id,
        post_id=post_id,
        valid_from=date(2026, 1, 1),
        valid_to=None,
        appointed_by="市民政局",
        document_number="泰民〔2026〕1号",
    )
    with acting(setter):
        return _signed_in(Account.objects.get(login_name=number))


def _citizen(name: str, number: str) -> Persona:
    with acting(system_actor("test")):
        account = Account.objects.create(
            login_name="citizen-1", display_name=name, kind=AccountKind.CITIZEN, created_at=AT, password="!"
        )
    registry.link_citizen(actor=registrar(), at=AT, account_id=account.pk, document_number=number, method="test")
    return _signed_in(account)


@filled_once("small_city")
def small_city_built() -> SmallCity:
    """The small city, built once in each worker."""
    load_places()
    home = register(
        DONGHU,
        [
            registry.NewMember("02", newcomer("王秀兰", 122, date(1956, 3, 8), phone="13800001111")),
            registry.NewMember("22", newcomer("李建国", 123, date(1981, 5, 1))),
            registry.NewMember("42", newcomer("李晓雨", 124, date(2011, 9, 1))),
        ],
    )
    near = register(SANYOU, [registry.NewMember("02", newcomer("赵德福", 201, date(1970, 1, 2)))])
    far = register(SHANQIAN, [registry.NewMember("02", newcomer("张桂英", 302, date(1965, 7, 9)))])
    for source, fen in ((SourceKind.DECLARED, 30_000), (SourceKind.VERIFIED, 62_000)):
        registry.record_fact(
            actor=registrar(),
            at=AT,
            fact=registry.NewFact(
                variable="pension_fen_month",
                value=fen,
                valid_from=date(2026, 1, 1),
                source=source,
                person_id=home.person_ids[0],
            ),
        )
    return SmallCity(
        assistant=officer("T001", "周小梅", "village_assistant", DONGHU),
        clerk=officer("T002", "孙立新", "township_clerk", DAIMIAO),
        reviewer=officer("T003", "钱文", "township_reviewer", DAIMIAO),
        county=officer("T004", "吴国强", "county_officer", TAISHAN),
        other_township=officer("T005", "郑亮", "township_clerk", CAIYUAN),
        other_county=officer("T006", "冯涛", "county_officer", DAIYUE),
        department=officer("T007", "陈静", "department_officer", TAISHAN, "tax"),
        leader=officer("T008", "褚明", "city_leader", DivisionCode("370900000000")),
        auditor=officer("T009", "卫东", "internal_auditor", TAISHAN),
        citizen=_citizen("王秀兰", identity_number(122, date(1956, 3, 8))),
        household_id=home.household_id,
        household_number=home.number,
        person_ids=home.person_ids,
        elsewhere_household_id=near.household_id,
        elsewhere_person_id=near.person_ids[0],
        far_household_id=far.household_id,
    )


@pytest.fixture
def small_city(db: None, settings: LazySettings) -> SmallCity:
    """The small city; nobody is asked for a second factor."""
    settings.SECOND_FACTOR_REQUIRED = False
    return small_city_built.given()
