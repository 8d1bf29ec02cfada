"""Reading the state of accounts: may they log in, are they locked, how many sessions are open."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import Count, Exists, Max, OuterRef, Q
from django.db.models.functions import Lower

from jiuzhu.core.actors import Actor
from jiuzhu.groundwork.accounts.models import Account
from jiuzhu.groundwork.permissions import Permission


@dataclass(frozen=True, slots=True)
class AccountState:
    """How an account stands. `has_password` is false until a first one was issued; `locked_until` None: not locked."""

    id: int
    login_name: str
    display_name: str
    is_active: bool
    has_password: bool
    has_second_factor: bool
    last_login: datetime | None
    open_sessions: int
    locked_until: datetime | None


def account_states(
    *, actor: Actor, at: datetime, account_ids: Collection[int] = (), login_names: Collection[str] = ()
) -> tuple[AccountState, ...]:
    """The state of accounts, named by id or by login; unknown ones are left out. Always four statements.

    Accounts belong to no place: the caller asks only for accounts of people whom the actor may see.

    Raises:
        PermissionRefused.
    """
    actor.require(Permission.ACCOUNT_VIEW)
    named = Q(pk__in=account_ids) | Q(login_name__in=login_names)
    accounts = list(Account.objects.filter(named).order_by("login_name"))
    ids = [account.pk for account in accounts]
    alive = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=at)
    sessions: dict[int, int] = dict(
        UserSession.objects.filter(Exists(alive), user_id__in=ids)
        .order_by()
        .values_list("user_id")
        .annotate(Count("id"))
    )
    secured = set(
        Authenticator.objects.filter(user_id__in=ids)
        .exclude(type=Authenticator.Type.RECOVERY_CODES)
        .values_list("user_id", flat=True)
    )
    pause = get_cool_off() or timedelta(0)
    last_failures: dict[str, datetime] = dict(
        AccessAttempt.objects.annotate(locked_name=Lower("username"))
        .filter(
            locked_name__in=[account.login_name.lower() for account in accounts],
            failures_since_start__gte=settings.AXES_FAILURE_LIMIT,
            attempt_time__gt=at - pause,
        )
        .order_by()
        .values_list("locked_name")
        .annotate(Max("attempt_time"))
    )
    locked = {name: last + pause for name, last in last_failures.items()}
    return tuple(
        AccountState(
            id=account.pk,
            login_name=account.login_name,
            display_name=account.display_name,
            is_active=account.is_active,
            has_password=account.has_usable_password(),
            has_second_factor=account.pk in secured,
            last_login=account.last_login,
            open_sessions=sessions.get(account.pk, 0),
            locked_until=locked.get(account.login_name.lower()),
        )
        for account in accounts
    )
