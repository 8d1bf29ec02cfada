"""Offices and posts, leading groups, purchased services."""

from datetime import date
from decimal import Decimal

import pytest
from tests.rooms.organization.conftest import (
    AT,
    CAIYUAN,
    CITY,
    DAIMIAO,
    DAIYUE,
    DONGHU,
    TAISHAN,
    TODAY,
    appointed,
    names_of,
    office,
    person,
    post,
    setter,
    staff_actor,
)

from jiuzhu.core.actors import OutOfScope
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.core.errors import InvalidValue, NotFound, RuleRefused
from jiuzhu.core.transitions import TransitionRefused
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.rooms.organization import actions, queries
from jiuzhu.rooms.organization.models import LeadingGroup, Office
from jiuzhu.rooms.organization.states import GroupRole, OfficeKind, ProcurementMethod, ServiceState

pytestmark = pytest.mark.usefixtures("city")


def test_an_office_bears_its_new_name_from_the_day_on() -> None:
    bureau = office(CITY, OfficeKind.DEPARTMENT, "data", name="市大数据中心")
    day = date(2024, 1, 1)
    actions.rename_office(actor=setter(), at=AT, office_id=bureau, name="市数据局", day=day, basis="机构改革")
    assert names_of(bureau) == ["市大数据中心", "市数据局"]
    before = queries.office_detail(actor=setter(), office_id=bureau, at=date(2023, 12, 31))
    after = queries.office_detail(actor=setter(), office_id=bureau, at=day)
    assert (before.office.name, after.office.name) == ("市大数据中心", "市数据局")
    for name, when in (("市数据局", TODAY), ("市数字局", day)):
        with pytest.raises(RuleRefused):
            actions.rename_office(actor=setter(), at=AT, office_id=bureau, name=name, day=when, basis="x")
    assert len(names_of(bureau)) == 2


def test_an_office_with_people_is_not_closed_and_a_closed_one_takes_nobody() -> None:
    desk = office(DAIMIAO, OfficeKind.ONE_WINDOW_DESK)
    row = appointed(person(desk, "T001"), post(desk, "township_clerk", DAIMIAO))
    with pytest.raises(RuleRefused) as refusal:
        actions.close_office(actor=setter(), at=AT, office_id=desk, day=TODAY, basis="x")
    assert refusal.value.code == "organization.office.staffed"
    with pytest.raises(RuleRefused):
        actions.close_office(actor=setter(), at=AT, office_id=desk, day=TODAY, basis="x", successor_id=desk)
    actions.revoke_appointment(actor=setter(), at=AT, appointment_id=row, reason="x")
    actions.close_office(actor=setter(), at=AT, office_id=desk, day=TODAY, basis="x")
    with pytest.raises(NotFound):
        person(desk, "T002")
    with pytest.raises(NotFound):
        actions.close_office(actor=setter(), at=AT, office_id=desk, day=TODAY, basis="x")


def test_opening_an_office_twice_outside_or_nowhere_is_refused() -> None:
    office(DAIMIAO, OfficeKind.ONE_WINDOW_DESK, code="desk")
    with pytest.raises(RuleRefused):
        office(CAIYUAN, OfficeKind.ONE_WINDOW_DESK, code="desk")
    with pytest.raises(InvalidValue):
        office(CAIYUAN, OfficeKind.ONE_WINDOW_DESK, code="de sk")
    with pytest.raises(NotFound):
        office(DivisionCode("370902009000"), OfficeKind.ONE_WINDOW_DESK, code="other")
    with pytest.raises(OutOfScope):
        actions.open_office(
            actor=staff_actor("city_officer", DAIYUE),
            at=AT,
            code="foreign",
            kind=OfficeKind.STATION,
            division=DONGHU,
            name="x",
            valid_from=TODAY,
            basis="x",
        )


@pytest.mark.parametrize(
    ("role", "place", "code"),
    [
        ("county_approver", DAIMIAO, "organization.post.level"),
        ("township_clerk", DONGHU, "organization.post.level"),
        ("township_clerk", DivisionCode("370911100000"), "organization.post.place"),
        ("department_officer", TAISHAN, "organization.post.department"),
    ],
)
def test_a_post_fits_its_role_level_and_office(role: str, place: DivisionCode, code: str) -> None:
    centre = office(TAISHAN, OfficeKind.SERVICE_CENTRE)
    with pytest.raises(RuleRefused) as refusal:
        post(centre, role, place)
    assert refusal.value.code == code


def test_a_village_has_one_or_two_assistants() -> None:
    station = office(DONGHU, OfficeKind.STATION)
    for headcount in (0, 3):
        with pytest.raises(RuleRefused):
            post(station, "village_assistant", DONGHU, headcount=headcount)
    for headcount in (1, 2):
        assert post(station, "village_assistant", DONGHU, headcount=headcount, code=f"a{headcount}")


def test_a_post_with_people_is_not_closed() -> None:
    desk = office(DAIMIAO, OfficeKind.ONE_WINDOW_DESK)
    post_id = post(desk, "township_clerk", DAIMIAO)
    row = appointed(person(desk, "T001"), post_id)
    with pytest.raises(RuleRefused):
        actions.close_post(actor=setter(), at=AT, post_id=post_id, day=TODAY)
    actions.revoke_appointment(actor=setter(), at=AT, appointment_id=row, reason="x")
    actions.close_post(actor=setter(), at=AT, post_id=post_id, day=TODAY)
    assert queries.office_detail(actor=setter(), office_id=desk, at=TODAY).posts == ()


def _form(day: date = TODAY, *seats: actions.Seat, division: DivisionCode = TAISHAN) -> int:
    return actions.form_leading_group(
        actor=setter(),
        at=AT,
        division=division,
        name="社会救助工作领导小组",
        document_number="泰山政办字〔2026〕1号",
        day=day,
        seats=seats,
    )


HEAD = actions.Seat(GroupRole.HEAD, "张建国", "区长", is_principal=True)
DEPUTY = actions.Seat(GroupRole.DEPUTY, "李明", "副区长")


def test_a_leading_group_is_headed_by_the_principal_officer() -> None:
    with pytest.raises(RuleRefused):
        _form(TODAY, DEPUTY)
    with pytest.raises(RuleRefused):
        _form(TODAY, actions.Seat(GroupRole.HEAD, "李明", "副区长"))
    with pytest.raises(RuleRefused):
        _form(TODAY, HEAD, HEAD)
    with pytest.raises(RuleRefused):
        _form(TODAY, HEAD, division=DONGHU)
    assert not LeadingGroup.objects.exists()
    _form(date(2026, 1, 1), HEAD)
    _form(TODAY, HEAD, DEPUTY)
    (now,) = queries.leading_groups(actor=setter(), division=CITY, at=TODAY)
    (then,) = queries.leading_groups(actor=setter(), division=CITY, at=date(2026, 6, 1))
    assert ([seat.name for seat in now.seats], len(then.seats)) == (["张建国", "李明"], 1)
    with pytest.raises(RuleRefused):
        _form(TODAY, HEAD)


def _service(budget_fen: int = 10_000_00) -> int:
    return actions.record_purchased_service(
        actor=staff_actor("county_officer", TAISHAN),
        at=AT,
        division=TAISHAN,
        code="GM-2026-01",
        name="入户走访服务",
        content="为困难群众提供走访、照料服务",
        method=ProcurementMethod.COMPETITIVE_CONSULTATION,
        procedure_note="公告、磋商、公示、签约",
        budget_fen=budget_fen,
    )


def _contract(service_id: int, contract_fen: int = 9_000_00) -> None:
    actions.contract_purchased_service(
        actor=staff_actor("county_officer", TAISHAN),
        at=AT,
        service_id=service_id,
        provider="演示社会工作服务中心",
        provider_is_social_organization=True,
        contract_number="HT-1",
        contract_fen=contract_fen,
        valid_from=TODAY,
        valid_to=date(2027, 11, 23),
    )


def _evaluate(service_id: int, score: str = "92.5") -> None:
    actions.evaluate_purchased_service(
        actor=staff_actor("city_officer", CITY),
        at=AT,
        service_id=service_id,
        score=Decimal(score),
        supervision_note="抽查二十户",
        evaluation_note="优秀",
    )


def test_a_purchased_service_is_listed_contracted_and_evaluated_in_this_order() -> None:
    service = _service()
    with pytest.raises(TransitionRefused):
        _evaluate(service)
    with pytest.raises(RuleRefused):
        _contract(service, 10_000_01)
    _contract(service)
    with pytest.raises(TransitionRefused):
        _contract(service)
    with pytest.raises(TransitionRefused):
        actions.cancel_purchased_service(
            actor=staff_actor("county_officer", TAISHAN), at=AT, service_id=service, reason="x"
        )
    with pytest.raises(InvalidValue):
        _evaluate(service, "100.01")
    _evaluate(service)
    _evaluate(service, "95")
    officer = staff_actor("county_officer", TAISHAN)
    with acting(officer):
        (row,) = queries.purchased_services(actor=officer, division=TAISHAN).rows
    assert (row.state, row.evaluation_score, row.provider) == (
        ServiceState.EVALUATED,
        Decimal("95.00"),
        "演示社会工作服务中心",
    )


def test_a_service_code_is_used_once_and_another_county_does_not_see_it() -> None:
    service = _service()
    with pytest.raises(RuleRefused):
        _service()
    foreign = staff_actor("county_officer", DAIYUE)
    with pytest.raises(NotFound):
        actions.cancel_purchased_service(actor=foreign, at=AT, service_id=service, reason="x")
    with acting(foreign):
        assert queries.purchased_services(actor=foreign).rows == ()


def test_contacts_change_only_where_they_differ() -> None:
    desk = office(DAIMIAO, OfficeKind.ONE_WINDOW_DESK)
    for _ in range(2):
        actions.change_office_contact(
            actor=setter(), at=AT, office_id=desk, address="演示路1号", phone="0538-0000000", hours="工作日8:30-17:00"
        )
    assert Office.objects.get(pk=desk).address == "演示路1号"
    with pytest.raises(InvalidValue):
        actions.change_office_contact(actor=setter(), at=AT, office_id=desk, address="x" * 201, phone="", hours="")
