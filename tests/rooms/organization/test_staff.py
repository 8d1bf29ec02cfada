"""Staff, appointments, near-relative filings: who may do what to whom, and what the rules refuse."""

from datetime import date
from itertools import count

import pytest
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

from jiuzhu.core.actors import Actor, OutOfScope, PermissionRefused
from jiuzhu.core.errors import InvalidValue, NotFound, RuleRefused
from jiuzhu.core.transitions import TransitionRefused
from jiuzhu.groundwork.accounts.models import Account
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.groundwork.outbox.models import OutboxEvent
from jiuzhu.groundwork.transitions.models import TransitionLog
from jiuzhu.rooms.organization import actions, queries
from jiuzhu.rooms.organization.models import Appointment, NearRelativeFiling, Staff
from jiuzhu.rooms.organization.states import APPOINTMENTS, EmploymentKind, FilingState, NearRelation, OfficeKind

pytestmark = pytest.mark.usefixtures("city")
_numbers = count(1)


def _desk() -> int:
    return office(DAIMIAO, OfficeKind.ONE_WINDOW_DESK, code=f"desk-{next(_numbers)}")


def test_registering_opens_an_account_that_cannot_log_in_by_password_yet_and_gives_no_power() -> None:
    someone = person(_desk(), "T001", "欧阳 娜·古丽")
    row = Staff.objects.get(pk=someone.staff_id)
    assert (row.name, row.initials[:2], row.division_code) == ("欧阳娜·古丽", "oy", DAIMIAO.value)
    account = Account.objects.get(pk=someone.account_id or 0)
    assert account.login_name == "T001"
    assert not account.has_usable_password()
    assert queries.actor_of_account(account_id=account.id, at=TODAY) is None
    assert OutboxEvent.objects.filter(name="organization.staff.registered", division_code=DAIMIAO.value).exists()


@pytest.mark.parametrize(
    ("number", "name"), [("T 1", "王秀兰"), ("", "王秀兰"), ("工号", "王秀兰"), ("T1", "王\u200b秀兰")]
)
def test_a_bad_number_or_name_is_refused_and_leaves_no_account(number: str, name: str) -> None:
    desk = _desk()
    with pytest.raises(InvalidValue):
        person(desk, number, name)
    assert not Staff.objects.exists()
    assert not Account.objects.filter(display_name__contains="秀兰").exists()


def test_a_staff_number_is_used_once() -> None:
    desk = _desk()
    person(desk, "T001")
    with pytest.raises(RuleRefused, match="taken"):
        person(desk, "T001", "李明")


def test_a_committee_member_needs_no_account() -> None:
    station = office(DONGHU, OfficeKind.STATION)
    assert person(station, "M001", with_account=False).account_id is None


def test_an_administrator_of_another_county_registers_nobody_here() -> None:
    desk = _desk()
    with pytest.raises(OutOfScope):
        actions.register_staff(
            actor=staff_actor("system_administrator", DAIYUE),
            at=AT,
            office_id=desk,
            staff_number="X1",
            name="李明",
            employment=EmploymentKind.CIVIL_SERVANT,
        )


def _appoint(actor: Actor, staff_id: int, post_id: int, **changes: object) -> int:
    wanted: dict[str, object] = {
        "valid_from": date(2026, 1, 1),
        "appointed_by": "市民政局",
        "document_number": "泰民〔2026〕1号",
    }
    return actions.appoint(actor=actor, at=AT, staff_id=staff_id, post_id=post_id, **(wanted | changes))  # type: ignore[arg-type]


def test_a_security_administrator_appoints_and_the_step_is_logged_with_its_document() -> None:
    desk = _desk()
    someone, post_id = person(desk, "T001"), post(desk, "township_clerk", DAIMIAO)
    row = _appoint(staff_actor("security_administrator", TAISHAN), someone.staff_id, post_id)
    step = TransitionLog.objects.get(object_type="organization.appointment", object_id=row)
    assert (step.verb, step.to_state, step.actor_name) == ("appoint", "appointed", "security_administrator")
    with pytest.raises(NotFound):
        _appoint(staff_actor("security_administrator", DAIYUE), someone.staff_id, post_id)


def test_incompatible_duties_are_refused_even_where_the_other_post_is_out_of_sight() -> None:
    desk, other = _desk(), office(DAIYUE, OfficeKind.SERVICE_CENTRE)
    someone = person(desk, "T001")
    appointed(someone, post(desk, "township_clerk", DAIMIAO))
    with pytest.raises(RuleRefused) as refusal:
        appointed(someone, post(desk, "township_head", DAIMIAO))
    assert refusal.value.code == "organization.incompatible.investigate_and_decide"
    assert "township" in refusal.value.message_en.lower()

    far = person(other, "A001")
    appointed(far, post(other, "system_administrator", DAIYUE))
    # the same person, seen by an administrator of another county, where the first post cannot be seen
    with acting(setter()):
        Staff.objects.filter(pk=far.staff_id).update(division_code=DAIMIAO.value)
    here = post(desk, "township_reviewer", DAIMIAO)
    with pytest.raises(RuleRefused) as hidden:
        _appoint(staff_actor("security_administrator", TAISHAN), far.staff_id, here)
    assert hidden.value.code == "organization.incompatible.administrator_and_business"


def test_a_full_post_a_double_appointment_and_a_missing_document_are_refused() -> None:
    desk = _desk()
    single = post(desk, "township_head", DAIMIAO, headcount=1)
    first, second = person(desk, "T001"), person(desk, "T002", "李明")
    appointed(first, single, valid_to=date(2027, 1, 1))
    for refused, code in ((first, "organization.appointment.twice"), (second, "organization.appointment.full")):
        with pytest.raises(RuleRefused) as refusal:
            appointed(refused, single)
        assert refusal.value.code == code
    appointed(second, single, valid_from=date(2027, 1, 1))
    with pytest.raises(InvalidValue):
        _appoint(setter(), first.staff_id, single, document_number=" ")
    with pytest.raises(InvalidValue):
        _appoint(setter(), first.staff_id, single, valid_from=date(2030, 1, 1), valid_to=date(2029, 1, 1))


def test_nobody_appoints_themselves() -> None:
    bureau = office(CITY, OfficeKind.CIVIL_AFFAIRS, "civil_affairs")
    someone = person(bureau, "S001")
    appointed(someone, post(bureau, "security_administrator", CITY))
    actor = queries.actor_of_account(account_id=someone.account_id or 0, at=TODAY)
    assert actor is not None
    with pytest.raises(RuleRefused) as refusal:
        _appoint(actor, someone.staff_id, post(bureau, "city_leader", CITY))
    assert refusal.value.code == "organization.appointment.own"


@pytest.mark.parametrize("verb", APPOINTMENTS.verbs)
@pytest.mark.parametrize("state", ["ended", "revoked"])
def test_what_is_over_cannot_be_ended_or_revoked_again(state: str, verb: str) -> None:
    desk = _desk()
    row = appointed(person(desk, "T001"), post(desk, "township_clerk", DAIMIAO))
    if state == "revoked":
        actions.revoke_appointment(actor=setter(), at=AT, appointment_id=row, reason="x")
    else:
        actions.end_appointment(actor=setter(), at=AT, appointment_id=row, day=TODAY, reason="x")
    again = {
        "end": lambda: actions.end_appointment(actor=setter(), at=AT, appointment_id=row, day=TODAY, reason="x"),
        "revoke": lambda: actions.revoke_appointment(actor=setter(), at=AT, appointment_id=row, reason="x"),
    }
    with pytest.raises(TransitionRefused):
        again[verb]()


def test_an_appointment_ends_neither_in_the_past_nor_after_its_term() -> None:
    desk = _desk()
    term = date(2027, 1, 1)
    row = appointed(person(desk, "T001"), post(desk, "township_clerk", DAIMIAO), valid_to=term)
    for day in (date(2026, 11, 22), date(2027, 1, 2)):
        with pytest.raises(InvalidValue):
            actions.end_appointment(actor=setter(), at=AT, appointment_id=row, day=day, reason="x")
    assert Appointment.objects.get(pk=row).valid_to == term


def test_a_future_appointment_can_be_taken_back_before_it_begins() -> None:
    desk = _desk()
    row = appointed(person(desk, "T001"), post(desk, "township_clerk", DAIMIAO), valid_from=date(2027, 3, 1))
    actions.revoke_appointment(actor=setter(), at=AT, appointment_id=row, reason="x")
    assert Appointment.objects.get(pk=row).revoked_at == AT


def test_an_officer_files_own_relatives_and_another_only_with_that_permission() -> None:
    desk = _desk()
    someone, other = person(desk, "T001"), person(desk, "T002", "李明")
    own = staff_actor("township_clerk", DAIMIAO, someone.account_id)

    def file(actor: Actor, staff_id: int, name: str = "王大山") -> int:
        return actions.file_near_relative(
            actor=actor, at=AT, staff_id=staff_id, relative_name=name, relation=NearRelation.PARENT
        )

    row = file(own, someone.staff_id)
    with pytest.raises(RuleRefused):
        file(own, someone.staff_id)
    with pytest.raises(PermissionRefused):
        file(own, other.staff_id)
    with pytest.raises(NotFound):
        file(staff_actor("county_officer", DAIYUE), someone.staff_id)
    file(staff_actor("county_officer", TAISHAN), other.staff_id)
    with pytest.raises(InvalidValue):
        file(own, someone.staff_id, "王\u202e大山")

    with acting(own):
        assert [one.id for one in queries.near_relative_filings(actor=own).rows] == [row]
    officer = staff_actor("county_officer", TAISHAN)
    with acting(officer):
        assert len(queries.near_relative_filings(actor=officer).rows) == 2
        assert {one.staff_number for one in queries.near_relatives_named(actor=officer, name="王大山")} == {
            "T001",
            "T002",
        }

    actions.withdraw_near_relative(actor=own, at=AT, filing_id=row, reason="登记有误")
    assert NearRelativeFiling.objects.get(pk=row).state == FilingState.WITHDRAWN.value
    with pytest.raises(TransitionRefused):
        actions.withdraw_near_relative(actor=own, at=AT, filing_id=row, reason="再次")
    with acting(officer):
        assert len(queries.near_relatives_named(actor=officer, name="王大山")) == 1
    file(own, someone.staff_id)
