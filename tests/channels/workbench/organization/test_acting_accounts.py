"""Accounts from their pages (S15): passwords and second factors by two people, locks, closing and reopening."""

import re
from datetime import UTC, datetime

from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt
from tests.channels.workbench.organization.conftest import BASE, Administration, setter
from tests.channels.workbench.organization.filling import (
    Verb,
    is_read_over_first,
    is_refused_at_its_field,
    taken_back,
    takes_effect_once,
    text_of,
    written,
)

from jiuzhu.groundwork.accounts.models import Account
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.rooms.organization.models import Staff

_NO_REASON = {"reason": ""}
_CLOSE = Verb("accounts/staff/{staff_id}/close/", "security", {"reason": "离职"}, _NO_REASON, "reason", "已停用账号")
_REOPEN = Verb("accounts/staff/{staff_id}/reopen/", "security", {"reason": "返岗"}, _NO_REASON, "reason", "已恢复账号")
_SECOND_FACTOR = Verb(
    "accounts/staff/{staff_id}/second-factor/", "security", {"reason": "手机遗失"}, _NO_REASON, "reason", "已解除"
)


def _account(administration: Administration) -> Account:
    return Account.objects.get(pk=administration.account_id())


def test_an_account_is_closed_with_a_reason_once_and_opened_again(administration: Administration) -> None:
    is_refused_at_its_field(administration, _CLOSE)
    is_read_over_first(administration, _CLOSE)
    with taken_back():
        takes_effect_once(administration, _CLOSE)
        assert not _account(administration).is_active
        again = administration.security.client.post(_CLOSE.address(administration), {"reason": "离职", "sure": "yes"})
        assert again.status_code == 422
        assert "该账号已停用" in text_of(again)
        is_refused_at_its_field(administration, _REOPEN)
        takes_effect_once(administration, _REOPEN)
        assert _account(administration).is_active
    not_closed = administration.security.client.post(_REOPEN.address(administration), {"reason": "返岗", "sure": "yes"})
    assert not_closed.status_code == 422
    assert "该账号没有停用，无需恢复" in text_of(not_closed)


def test_a_closed_account_loses_its_powers_with_the_next_request(administration: Administration) -> None:
    with acting(setter()):
        clerk = Staff.objects.get(staff_number="T002").pk
    address = f"{BASE}accounts/staff/{clerk}/close/"
    assert administration.town.clerk.client.get(f"{BASE}staff/").status_code == 200
    assert administration.security.client.post(address, {"reason": "停职", "sure": "yes"}).status_code == 302
    answer = administration.town.clerk.client.get(f"{BASE}staff/")
    assert answer.status_code == 302
    assert "/login" in answer.headers["Location"]


def test_a_new_password_is_shown_once_kept_nowhere_and_works(administration: Administration) -> None:
    address = f"{BASE}accounts/staff/{administration.staff_id}/password/"
    client = administration.system.client
    before = written()
    assert "只显示一次" in text_of(client.get(address))
    assert written() == before
    answer = client.post(address, {"idempotency_key": "pressed-twice"})
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    shown = re.findall(r"[a-z0-9]{4}(?:-[a-z0-9]{4}){4}", text_of(answer))
    assert len(set(shown)) == 1
    assert _account(administration).check_password(shown[0])
    # a second press makes another one: the first was never seen, and is not kept to be shown again
    second = re.findall(
        r"[a-z0-9]{4}(?:-[a-z0-9]{4}){4}", text_of(client.post(address, {"idempotency_key": "pressed-twice"}))
    )
    assert second[0] != shown[0]
    assert _account(administration).check_password(second[0])
    assert second[0] not in text_of(client.get(address))


def test_a_closed_account_gets_no_password(administration: Administration) -> None:
    Account.objects.filter(pk=administration.account_id()).update(is_active=False)
    before = written()
    address = f"{BASE}accounts/staff/{administration.staff_id}/password/"
    answer = administration.system.client.post(address)
    assert answer.status_code == 422
    assert "该账号已停用，请先恢复账号" in text_of(answer)
    assert written() == before


def test_password_and_second_factor_are_in_two_hands(administration: Administration) -> None:
    password = f"{BASE}accounts/staff/{administration.staff_id}/password/"
    factor = _SECOND_FACTOR.address(administration)
    before = written()
    assert administration.security.client.post(password).status_code == 403
    assert administration.system.client.post(factor, {"reason": "遗失", "sure": "yes"}).status_code == 403
    none_set = administration.security.client.post(factor, {"reason": "遗失", "sure": "yes"})
    assert none_set.status_code == 422
    assert "该账号没有设置第二验证" in text_of(none_set)
    assert written() == before


def test_a_lost_second_factor_is_taken_off_with_a_reason(administration: Administration) -> None:
    account = _account(administration)
    Authenticator.objects.create(user=account, type=Authenticator.Type.TOTP, data={"secret": "x"})
    is_refused_at_its_field(administration, _SECOND_FACTOR)
    is_read_over_first(administration, _SECOND_FACTOR)
    assert Authenticator.objects.filter(user=account).exists()
    address = _SECOND_FACTOR.address(administration)
    done = administration.security.client.post(address, {"reason": "手机遗失", "sure": "yes"})
    assert done.status_code == 302
    assert not Authenticator.objects.filter(user=account).exists()


def test_a_lock_is_lifted(administration: Administration) -> None:
    login = _account(administration).login_name
    AccessAttempt.objects.create(
        username=login,
        ip_address="192.0.2.1",
        user_agent="test",
        failures_since_start=5,
        attempt_time=datetime(2026, 11, 1, tzinfo=UTC),
    )
    address = f"{BASE}accounts/staff/{administration.staff_id}/unlock/"
    assert administration.security.client.post(address).status_code == 403
    assert AccessAttempt.objects.filter(username=login).exists()
    assert administration.system.client.post(address).status_code == 302
    assert not AccessAttempt.objects.filter(username=login).exists()


def test_nobody_serves_their_own_account(administration: Administration) -> None:
    with acting(setter()):
        system, security = (Staff.objects.get(staff_number=number).pk for number in ("A001", "A002"))
    before = written()
    answers = [
        administration.system.client.post(f"{BASE}accounts/staff/{system}/password/"),
        administration.system.client.post(f"{BASE}accounts/staff/{system}/unlock/"),
        administration.security.client.post(
            f"{BASE}accounts/staff/{security}/second-factor/", {"reason": "遗失", "sure": "yes"}
        ),
    ]
    for answer in answers:
        assert answer.status_code == 422
        assert "不能对本人账号办理，请由其他管理员办理" in text_of(answer)
    assert written() == before


def test_only_people_with_an_account_are_listed(administration: Administration) -> None:
    with acting(setter()):
        Staff.objects.filter(pk=administration.staff_id).update(account=None)
    page = text_of(administration.system.client.get(f"{BASE}accounts/"))
    assert "杨秀英" not in page
    assert "孙立新" in page
    nothing_to_do = administration.system.client.get(f"{BASE}accounts/staff/{administration.staff_id}/password/")
    assert nothing_to_do.status_code == 404
