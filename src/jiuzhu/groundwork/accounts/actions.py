"""What administrators do with accounts: issue and reset passwords, lift locks, close, take off a lost second factor.

The two steps by which a login could be taken over are held by two people: the system administrator resets passwords,
the security administrator takes off a second factor (GB/T 22239-2019, separated administrators). Accounts belong to
no place; the caller names only accounts of people whom the actor may see.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt
from django.contrib.sessions.models import Session

from jiuzhu.core.actors import Actor
from jiuzhu.core.divisions import COUNTRY
from jiuzhu.core.errors import InvalidValue, NotFound, RuleRefused
from jiuzhu.groundwork.accounts.models import Account, AccountKind
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.groundwork.permissions import Permission
from jiuzhu.groundwork.transitions import actions as log

# no letter or digit that is easily taken for another; 20 of 31 signs are about 99 bits
_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP_LENGTH = 5, 4
_LONGEST_REASON = 200


class Standing(StrEnum):
    """Whether an account may log in."""

    OPEN = "open"
    CLOSED = "closed"


def reset_password(*, actor: Actor, at: datetime, account_id: int) -> str:
    """Give an account a random password, end its sessions, and return the password: it is kept nowhere in the clear.

    Raises:
        PermissionRefused, NotFound (no staff account), RuleRefused (one's own account, a closed account).
    """
    with _account(actor, Permission.ACCOUNT_RESET_PASSWORD, account_id) as account:
        _refuse_closed(account)
        password = "-".join("".join(secrets.choice(_SIGNS) for _ in range(_GROUP_LENGTH)) for _ in range(_GROUPS))
        account.set_password(password)
        account.save(update_fields=["password"])
        _end_sessions(account)
        _log(actor, at, account, "reset_password", "")
    return password


def reset_second_factor(*, actor: Actor, at: datetime, account_id: int, reason: str) -> None:
    """Take off every second factor of an account, so that a new one is set up at the next login; end its sessions.

    Raises:
        PermissionRefused, NotFound, InvalidValue (no reason), RuleRefused (one's own account, nothing to take off).
    """
    reason = _reason(reason)
    with _account(actor, Permission.ACCOUNT_RESET_SECOND_FACTOR, account_id) as account:
        taken, _ = Authenticator.objects.filter(user=account).delete()
        if not taken:
            raise RuleRefused(
                "groundwork.account.no_second_factor",
                "该账号没有设置第二验证，无需解除",
                "The account has no second factor; there is nothing to take off.",
            )
        _end_sessions(account)
        _log(actor, at, account, "reset_second_factor", reason)


def unlock(*, actor: Actor, at: datetime, account_id: int) -> None:
    """Forget the failed logins of an account, so that it may try again at once.

    Raises:
        PermissionRefused, NotFound, RuleRefused (one's own account).
    """
    with _account(actor, Permission.ACCOUNT_UNLOCK, account_id) as account:
        AccessAttempt.objects.filter(username__iexact=account.login_name).delete()
        _log(actor, at, account, "unlock", "")


def close_account(*, actor: Actor, at: datetime, account_id: int, reason: str) -> None:
    """Let an account log in no more, from now on; its sessions end.

    Raises:
        PermissionRefused, NotFound, InvalidValue (no reason), RuleRefused (one's own account, closed already).
    """
    reason = _reason(reason)
    with _account(actor, Permission.ACCOUNT_CLOSE, account_id) as account:
        _refuse_closed(account)
        account.is_active = False
        account.save(update_fields=["is_active"])
        _end_sessions(account)
        _log(actor, at, account, "close", reason)


def reopen_account(*, actor: Actor, at: datetime, account_id: int, reason: str) -> None:
    """Let a closed account log in again.

    Raises:
        PermissionRefused, NotFound, InvalidValue (no reason), RuleRefused (one's own account, not closed).
    """
    reason = _reason(reason)
    with _account(actor, Permission.ACCOUNT_CLOSE, account_id) as account:
        if account.is_active:
            raise RuleRefused("groundwork.account.open", "该账号没有停用，无需恢复", "The account is not closed.")
        account.is_active = True
        account.save(update_fields=["is_active"])
        _log(actor, at, account, "reopen", reason)


@contextmanager
def _account(actor: Actor, permission: Permission, account_id: int) -> Iterator[Account]:
    actor.require(permission)
    with acting(actor):
        account = (
            Account.objects.select_for_update().exclude(kind=AccountKind.CITIZEN.value).filter(pk=account_id).first()
        )
        if account is None:
            raise NotFound("groundwork.account.unknown", "未找到该账号，请核对", "There is no such account; check it.")
        if account.pk == actor.account_id:
            raise RuleRefused(
                "groundwork.account.own",
                "不能对本人账号办理，请由其他管理员办理",
                "Nobody does this to their own account; ask another administrator.",
            )
        yield account


def _refuse_closed(account: Account) -> None:
    if not account.is_active:
        raise RuleRefused(
            "groundwork.account.closed",
            "该账号已停用，请先恢复账号",
            "The account is closed; open it again first.",
        )


def _reason(text: str) -> str:
    text = text.strip()
    if not text or len(text) > _LONGEST_REASON:
        raise InvalidValue(
            "groundwork.account.reason",
            f"请填写原因，不超过{_LONGEST_REASON}个字",
            f"Give the reason, in at most {_LONGEST_REASON} characters.",
            field="reason",
        )
    return text


def _end_sessions(account: Account) -> None:
    found = UserSession.objects.filter(user=account)
    Session.objects.filter(session_key__in=list(found.values_list("session_key", flat=True))).delete()
    found.delete()


def _log(actor: Actor, at: datetime, account: Account, verb: str, reason: str) -> None:
    log.record(
        actor=actor,
        at=at,
        object_type="groundwork.account",
        object_id=account.pk,
        transition=None,
        from_state=None,
        verb=verb,
        to_state=Standing.OPEN if account.is_active else Standing.CLOSED,
        division=actor.scope.division or COUNTRY,
        reason=reason,
    )
