"""The small city with its administrators, a city officer, and what the organization's pages show."""

from dataclasses import dataclass, replace
from datetime import date

import pytest
from tests.channels.conftest import AT, DAIMIAO, DONGHU, TAISHAN, Persona, SmallCity, small_city_built
from tests.filled import filled_once
from tests.strict_client import StrictClient

from jiuzhu.core.actors import Actor, system_actor
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.groundwork.accounts.models import Account
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.rooms.organization import actions
from jiuzhu.rooms.organization.actions import Seat
from jiuzhu.rooms.organization.models import Office, Post, Staff
from jiuzhu.rooms.organization.permissions import Permission
from jiuzhu.rooms.organization.rules.roles import packaged_roles
from jiuzhu.rooms.organization.states import (
    EmploymentKind,
    GroupRole,
    NearRelation,
    OfficeKind,
    ProcurementMethod,
)

CITY = DivisionCode("370900000000")
BASE = "/workbench/organization/"
_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def setter() -> Actor:
    """A process that may do everything in the room."""
    return system_actor("test", permissions=list(Permission))


def open_office(
    code: str, kind: OfficeKind, division: DivisionCode, name: str, *, address: str = "", phone: str = ""
) -> int:
    """Open an office."""
    return actions.open_office(
        actor=setter(),
        at=AT,
        code=code,
        kind=kind,
        division=division,
        name=name,
        valid_from=date(2020, 1, 1),
        basis="试验数据",
        address=address,
        phone=phone,
    )


def create_post(office_id: int, role: str, division: DivisionCode, code: str, headcount: int = 2) -> int:
    """Create a post."""
    return actions.create_post(
        actor=setter(),
        at=AT,
        office_id=office_id,
        code=code,
        title=packaged_roles().roles[role].name,
        role=role,
        division=division,
        headcount=headcount,
        valid_from=date(2020, 1, 1),
    )


def register_person(office_id: int, number: str, name: str) -> int:
    """Register a person with an account."""
    return actions.register_staff(
        actor=setter(),
        at=AT,
        office_id=office_id,
        staff_number=number,
        name=name,
        employment=EmploymentKind.PUBLIC_INSTITUTION,
    )


def appoint_person(staff_id: int, post_id: int) -> int:
    """Appoint a person until further notice."""
    return actions.appoint(
        actor=setter(),
        at=AT,
        staff_id=staff_id,
        post_id=post_id,
        valid_from=date(2026, 1, 1),
        appointed_by="市民政局",
        document_number="泰民〔2026〕2号",
    )


@dataclass(frozen=True)
class Administration:
    """The small city, its administrators, and the ids that addresses need."""

    town: SmallCity
    system: Persona
    security: Persona
    city: Persona
    station_id: int
    staff_id: int
    post_id: int
    free_post_id: int
    appointment_id: int
    filing_id: int
    service_id: int
    far_staff_id: int
    far_office_id: int

    def account_id(self) -> int:
        """The account of the person whom the pages are about."""
        with acting(setter()):
            return Staff.objects.get(pk=self.staff_id).account_id or 0


def _officer(number: str, name: str, role: str, division: DivisionCode) -> Persona:
    office = open_office(f"{number}-office", OfficeKind.CIVIL_AFFAIRS, division, f"{name}所在单位")
    staff = register_person(office, number, name)
    appoint_person(staff, create_post(office, role, division, f"{number}-post"))
    with acting(setter()):
        account = Account.objects.get(login_name=number)
    client = StrictClient()
    client.force_login(account, backend=_BACKEND)
    return Persona(account, client)


@filled_once("administration", base=small_city_built)
def administration_built() -> Administration:
    """The small city with administrators and one of everything, built once in each worker."""
    system = _officer("A001", "蒋建军", "system_administrator", TAISHAN)
    security = _officer("A002", "沈志远", "security_administrator", TAISHAN)
    city = _officer("A003", "韩雪梅", "city_officer", CITY)
    station = open_office(
        "370902001001-station",
        OfficeKind.STATION,
        DONGHU,
        "东湖社区社会救助工作站",
        address="东湖路8号",
        phone="0538-5550101",
    )
    post = create_post(station, "village_assistant", DONGHU, "donghu-assistant")
    free = create_post(station, "village_assistant", DONGHU, "donghu-assistant-2")
    staff = register_person(station, "S100", "杨秀英")
    appointment = appoint_person(staff, post)
    filing = actions.file_near_relative(
        actor=system_actor("test", permissions=list(Permission)),
        at=AT,
        staff_id=staff,
        relative_name="杨大勇",
        relation=NearRelation.SIBLING,
    )
    service = actions.record_purchased_service(
        actor=setter(),
        at=AT,
        division=TAISHAN,
        code="FW-2026-01",
        name="入户调查辅助服务",
        content="协助入户调查和探访",
        method=ProcurementMethod.OPEN_TENDER,
        procedure_note="公开招标，合同一年一签",
        budget_fen=50_000_000,
    )
    actions.form_leading_group(
        actor=setter(),
        at=AT,
        division=TAISHAN,
        name="泰山区社会救助工作领导小组",
        document_number="泰山政字〔2026〕1号",
        day=date(2026, 3, 1),
        seats=[
            Seat(GroupRole.HEAD, "秦建华", "区长", is_principal=True),
            Seat(GroupRole.MEMBER, "许红", "区民政局局长"),
        ],
    )
    actions.record_figures(
        actor=setter(),
        at=AT,
        division=DAIMIAO,
        as_of=date(2026, 6, 30),
        population=81_234,
        source="试验数据",
        service_radius_m=3000,
    )
    with acting(setter()):
        far = Staff.objects.get(staff_number="T006")
        assert Post.objects.filter(pk=free).exists()
        assert Office.objects.filter(pk=station).exists()
    return Administration(
        town=small_city_built.given(),
        system=system,
        security=security,
        city=city,
        station_id=station,
        staff_id=staff,
        post_id=post,
        free_post_id=free,
        appointment_id=appointment,
        filing_id=filing,
        service_id=service,
        far_staff_id=far.id,
        far_office_id=far.office_id,
    )


@pytest.fixture
def administration(small_city: SmallCity) -> Administration:
    """The small city with administrators and one of everything."""
    return replace(administration_built.given(), town=small_city)
