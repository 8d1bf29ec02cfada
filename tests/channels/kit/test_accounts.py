"""Logging in by the pages: password and code, the lock, open sessions, a new password, and powers taken back."""

import re
from collections.abc import Iterator
from datetime import date

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.conf import LazySettings
from django.core.cache import cache
from tests.channels.conftest import AT, DONGHU, TAISHAN, Persona, SmallCity, officer
from tests.strict_client import StrictClient

from jiuzhu.core.actors import system_actor
from jiuzhu.groundwork.accounts import actions as accounts
from jiuzhu.groundwork.accounts.models import Account
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.groundwork.permissions import Permission as Groundwork
from jiuzhu.rooms.organization import actions as organization
from jiuzhu.rooms.organization.models import Appointment, Staff
from jiuzhu.rooms.organization.permissions import Permission as Organization

LOGIN, CODE, SET_UP = "/account/login/", "/account/factors/enter/", "/account/factors/code/"
SESSIONS, NEW_PASSWORD, BENCH = "/account/sessions/", "/account/password/", "/workbench/"
PASSWORD, OTHER = "a quiet river in autumn", "three grey geese go north"
SECRET = "JIUZHUTEST234567JIUZHUTEST234567"
LIMIT = 5


@pytest.fixture(autouse=True)
def _fresh_counts(settings: LazySettings) -> Iterator[None]:
    """Counts of attempts and used codes live in the cache, which outlives a test."""
    cache.clear()
    # a code that was made just before the half minute ends is still good
    settings.MFA_TOTP_TOLERANCE = 1
    yield
    cache.clear()


@pytest.fixture
def clerk(small_city: SmallCity, settings: LazySettings) -> Account:
    """孙立新, township clerk T002, with a password and an authenticator."""
    account = _with_password(small_city.clerk)
    Authenticator.objects.create(
        user=account, type=Authenticator.Type.TOTP, data={"secret": get_adapter().encrypt(SECRET)}
    )
    settings.SECOND_FACTOR_REQUIRED = True
    return account


def _with_password(persona: Persona) -> Account:
    account = persona.account
    account.set_password(PASSWORD)
    account.save(update_fields=["password"])
    return account


def _code(secret: str = SECRET) -> str:
    counters = list(totp.yield_hotp_counters_from_time())
    shown: str = totp.format_hotp_value(totp.hotp_value(secret, counters[len(counters) // 2]))
    return shown


def _enter(client: StrictClient, password: str = PASSWORD, login: str = "T002", **sent: str) -> int:
    """Send login name and password; the status of the answer."""
    status: int = client.post(LOGIN, {"login": login, "password": password}, **sent).status_code  # type: ignore[arg-type]
    return status


def _signed_in(password: str = PASSWORD) -> StrictClient:
    """A browser in which the clerk logged in with password and code; a code is good once, and here again."""
    cache.clear()
    client = StrictClient()
    assert _enter(client, password) == 302
    assert client.post(CODE, {"code": _code()}).headers["Location"] == BENCH
    return client


def _is_led_to_login(client: StrictClient, address: str = BENCH) -> bool:
    answer = client.get(address)
    return answer.status_code == 302 and answer.headers["Location"].startswith(LOGIN)


def _errors(page: str) -> str:
    return page.split("data-error-summary", 1)[1].split("</div>", 1)[0]


def test_password_and_code_open_the_workbench(clerk: Account) -> None:
    client = StrictClient()
    asked = client.post(f"{LOGIN}?next=/workbench/registry/", {"login": "T002", "password": PASSWORD})
    assert (asked.status_code, asked.headers["Location"].split("?")[0]) == (302, CODE)
    assert _is_led_to_login(client), "the password alone opens nothing"
    entered = client.post(CODE, {"code": _code()})
    assert (entered.status_code, entered.headers["Location"]) == (302, "/workbench/registry/")
    assert "孙立新" in client.get(BENCH).content.decode()


def test_a_code_is_good_once(clerk: Account) -> None:
    _signed_in()
    second = StrictClient()
    _enter(second)
    assert second.post(CODE, {"code": _code()}).status_code == 200
    assert _is_led_to_login(second)


def test_a_wrong_password_and_an_unknown_name_are_told_in_the_same_words(clerk: Account) -> None:
    client = StrictClient()
    known, unknown = (
        client.post(LOGIN, {"login": login, "password": "not the password"}) for login in ("T002", "nobody")
    )
    assert known.status_code == unknown.status_code == 200
    assert _errors(known.content.decode()) == _errors(unknown.content.decode())
    assert _is_led_to_login(client)


def test_a_wrong_code_opens_nothing_and_after_five_the_right_one_neither(clerk: Account) -> None:
    client = StrictClient()
    _enter(client)
    wrong = "000000" if _code() != "000000" else "111111"
    for _ in range(LIMIT):
        answer = client.post(CODE, {"code": wrong})
        assert answer.status_code == 200
        assert "data-error-summary" in answer.content.decode()
        assert _is_led_to_login(client)
    assert client.post(CODE, {"code": _code()}).status_code == 200
    assert _is_led_to_login(client)


def test_five_wrong_passwords_lock_the_login_with_a_page_that_says_so(clerk: Account) -> None:
    client = StrictClient()
    assert [_enter(client, "not the password") for _ in range(LIMIT)] == [200] * (LIMIT - 1) + [429]
    locked = client.post(LOGIN, {"login": "T002", "password": PASSWORD})
    assert locked.status_code == 429, "the right password does not open it now"
    page = locked.content.decode()
    assert "暂时不能登录" in page
    assert "半小时后再试" in page
    assert "系统管理员" in page
    english = client.post(LOGIN, {"login": "T002", "password": PASSWORD}, headers={"accept-language": "en"})
    assert not re.search(r"<h1[^>]*>[^<]*[\u4e00-\u9fff]", english.content.decode())
    assert _is_led_to_login(client)


def test_the_lock_takes_login_names_in_any_case_as_the_login_does(clerk: Account) -> None:
    assert _enter(StrictClient(), login="t002") == 302
    client = StrictClient()
    assert [_enter(client, "no", login) for login in ("T002", "t002", "T002", "t002", "T002")][-1] == 429
    assert _enter(client, login="t002") == 429


def test_a_lock_holds_for_one_login_and_one_address(clerk: Account, small_city: SmallCity) -> None:
    _with_password(small_city.county)
    client = StrictClient()
    for _ in range(LIMIT):
        _enter(client, "no")
    assert _enter(client) == 429
    assert _enter(client, login="T004") == 302, "a colleague at the same address"
    assert _enter(StrictClient(), REMOTE_ADDR="192.0.2.7") == 302, "whoever locks from afar locks nobody out"


def test_an_administrator_sees_the_lock_and_lifts_it_at_once(clerk: Account, settings: LazySettings) -> None:
    client = StrictClient()
    for _ in range(LIMIT):
        _enter(client, "no")
    assert _enter(client) == 429
    settings.SECOND_FACTOR_REQUIRED = False
    administrator = officer("A001", "蒋建军", "system_administrator", TAISHAN).client
    listed = "/workbench/organization/accounts/"
    row = administrator.get(listed, {"q": "T002"}).content.decode()
    with acting(system_actor("test")):
        staff_id = Staff.objects.get(staff_number="T002").pk
    unlock = f"{listed}staff/{staff_id}/unlock/"
    assert "锁定" in row
    assert unlock in row
    assert administrator.post(unlock).status_code == 302
    assert _enter(client) == 302


def test_staff_without_a_second_factor_set_one_up_before_anything_else(
    small_city: SmallCity, settings: LazySettings
) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    _with_password(small_city.clerk)
    client = StrictClient()
    assert _enter(client) == 302
    for address in (BENCH, "/workbench/registry/", "/workbench/organization/divisions/"):
        assert client.get(address).headers["Location"] == SET_UP
    again = client.get(SET_UP).headers["Location"]
    assert again.startswith("/account/again/")
    assert client.post(again, {"password": "not the password"}).status_code == 200
    assert client.post(again, {"password": PASSWORD}).headers["Location"] == SET_UP
    page = client.get(SET_UP).content.decode()
    secret = page.split("<code>")[1].split("</code>")[0]
    assert client.post(SET_UP, {"code": "000000" if _code(secret) != "000000" else "111111"}).status_code == 200
    assert client.get(BENCH).status_code == 302
    assert client.post(SET_UP, {"code": _code(secret)}).status_code == 302
    assert client.get(BENCH).status_code == 200


def test_a_citizen_needs_no_second_factor(small_city: SmallCity, settings: LazySettings) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    assert small_city.citizen.client.get("/family/").status_code == 200
    assert small_city.department.client.get(BENCH).headers["Location"] == SET_UP


def test_a_citizen_who_asks_for_a_password_is_told_there_is_none(small_city: SmallCity) -> None:
    answer = small_city.citizen.client.get(NEW_PASSWORD, follow=True)
    assert answer.status_code == 200
    assert "统一身份认证" in answer.content.decode()


def test_open_sessions_are_listed_and_the_others_ended(clerk: Account) -> None:
    here, there = _signed_in(), _signed_in()
    page = here.get(SESSIONS).content.decode()
    assert page.count("本设备") == 1
    assert page.count("<tr>") == 3, "a heading and two sessions"
    assert there.get(BENCH).status_code == 200
    assert here.post(SESSIONS).status_code == 302
    assert _is_led_to_login(there), "ended with its next request"
    assert here.get(BENCH).status_code == 200
    assert here.get(SESSIONS).content.decode().count("<tr>") == 2


def test_logging_out_ends_the_session(clerk: Account) -> None:
    client = _signed_in()
    kept = client.cookies["sessionid"].value
    assert client.post("/account/logout/").status_code == 302
    client.cookies["sessionid"] = kept
    assert _is_led_to_login(client)


def test_a_new_password_ends_the_other_sessions_and_the_old_password(clerk: Account) -> None:
    here, there = _signed_in(), _signed_in()
    sent = {"oldpassword": PASSWORD, "password1": OTHER, "password2": OTHER}
    for wrong in ({"oldpassword": "no"}, {"password2": "another"}, {"password1": "short", "password2": "short"}):
        answer = here.post(NEW_PASSWORD, sent | wrong)
        assert answer.status_code == 200
        assert "data-error-summary" in answer.content.decode()
    assert there.get(BENCH).status_code == 200
    assert here.post(NEW_PASSWORD, sent).status_code == 302
    assert here.get(BENCH).status_code == 200
    assert _is_led_to_login(there)
    assert _enter(StrictClient()) == 200
    _signed_in(OTHER)


def test_a_password_reset_by_an_administrator_ends_every_session(clerk: Account) -> None:
    client = _signed_in()
    administrator = system_actor("test", permissions=list(Groundwork))
    issued = accounts.reset_password(actor=administrator, at=AT, account_id=clerk.pk)
    assert _is_led_to_login(client)
    assert _enter(StrictClient()) == 200
    _signed_in(issued)


def test_a_closed_account_ends_with_the_next_request(clerk: Account) -> None:
    client = _signed_in()
    administrator = system_actor("test", permissions=list(Groundwork))
    accounts.close_account(actor=administrator, at=AT, account_id=clerk.pk, reason="离职")
    assert _is_led_to_login(client)
    again = StrictClient()
    _enter(again)
    assert _is_led_to_login(again)


def test_a_revoked_post_ends_with_the_next_request(clerk: Account) -> None:
    client = _signed_in()
    assert client.get("/workbench/registry/").status_code == 200
    _revoke(clerk)
    for address in (BENCH, "/workbench/registry/", "/workbench/organization/divisions/"):
        answer = client.get(address)
        assert answer.status_code == 403, address
        assert "没有在任岗位" in answer.content.decode()
    assert client.post("/workbench/registry/households/new/", {}).status_code == 403


def test_when_one_of_two_posts_is_revoked_the_powers_of_the_other_are_left(clerk: Account) -> None:
    client = _signed_in()
    setter = system_actor("test", permissions=list(Organization))
    with acting(setter):
        staff = Staff.objects.get(account_id=clerk.pk)
        first = Appointment.objects.get(staff=staff)
    post = organization.create_post(
        actor=setter,
        at=AT,
        office_id=staff.office_id,
        code="T002-other",
        title="协理员",
        role="village_assistant",
        division=DONGHU,
        headcount=1,
        valid_from=date(2020, 1, 1),
    )
    organization.appoint(
        actor=setter,
        at=AT,
        staff_id=staff.pk,
        post_id=post,
        valid_from=date(2026, 2, 1),
        appointed_by="市民政局",
        document_number="泰民〔2026〕3号",
    )
    assert client.post("/workbench/post/", {"post": first.post_id}).status_code == 302
    assert client.get("/workbench/registry/households/new/").status_code == 200
    organization.revoke_appointment(actor=setter, at=AT, appointment_id=first.pk, reason="调离")
    assert client.get("/workbench/registry/households/new/").status_code == 403
    assert client.get("/workbench/registry/").status_code == 200
    assert "东湖社区居委会" in client.get(BENCH).content.decode()


def _revoke(account: Account) -> None:
    setter = system_actor("test", permissions=list(Organization))
    with acting(setter):
        held = Appointment.objects.get(staff__account_id=account.pk)
    organization.revoke_appointment(actor=setter, at=AT, appointment_id=held.pk, reason="调离")
