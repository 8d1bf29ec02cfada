"""What every action of the room does first and last: permission, scope of the transaction, day, log and news."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar

from django.db import connection
from django.utils import timezone

from jiuzhu.core.actors import Actor, ActorKind, OutOfScope
from jiuzhu.core.errors import InvalidValue, RuleRefused
from jiuzhu.core.transitions import Transition
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.groundwork.outbox.actions import publish_event
from jiuzhu.groundwork.transitions import actions as log
from jiuzhu.rooms.application.models import Application, Lead
from jiuzhu.rooms.application.permissions import Permission

S = TypeVar("S", bound=StrEnum)
LEAD, APPLICATION = "application.lead", "application.application"
_LONGEST_KEY = 64


@contextmanager
def one_step(actor: Actor, permission: Permission, at: datetime) -> Iterator[date]:
    """Ask for the permission, then work in one transaction as the actor; gives the day of the act.

    Raises:
        PermissionRefused: the actor does not hold it.
        InvalidValue: the time has no zone.
    """
    actor.require(permission)
    if at.tzinfo is None:
        raise InvalidValue("application.time", "时间缺少时区", "The time has no zone.", field="at")
    today = timezone.localdate(at)
    with acting(actor, today=today):
        yield today


def refuse(*found: RuleRefused | None) -> None:
    """Stop at the first refusal of some guards.

    Raises:
        RuleRefused: a guard refused.
    """
    for one in found:
        if one is not None:
            raise one


def wait_for(*names: str) -> None:
    """Let nobody else work under these names until the transaction ends; in one order, so no two wait for ever."""
    with connection.cursor() as cursor:
        for name in sorted(set(names)):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 714))", [name])


def key_of(text: str) -> str:
    """The key by which a repeated sending is recognised.

    Raises:
        InvalidValue: it is empty or too long.
    """
    if not 1 <= len(text) <= _LONGEST_KEY:
        raise InvalidValue(
            "application.key",
            "请求缺少标识，请刷新页面后重试",
            "The request has no key; load the page anew.",
            field="key",
        )
    return text


def locked(actor: Actor, application_id: int, *, signer_id: int | None = None) -> Application:
    """An application that the actor may work on, locked: an officer's by place, a citizen's as applicant or guardian.

    A citizen who signs for themselves, or for a ward, need not be the applicant.

    Raises:
        OutOfScope: there is none, or it is another's.
    """
    row = Application.objects.select_for_update(of=("self",)).filter(pk=application_id).first()
    if row is None:
        raise OutOfScope
    if actor.kind is ActorKind.CITIZEN:
        if not {row.applicant_id, signer_id} & actor.scope.person_ids:
            raise OutOfScope
    else:
        actor.require_scope(row.division_code)
    return row


def tell(
    actor: Actor,
    at: datetime,
    row: Lead | Application,
    happened: str,
    step: Transition[S] | None,
    from_state: S | None,
    *,
    to_state: S | None = None,
    reason: str = "",
) -> None:
    """Log a step and publish it as news. Whom a lead is about does not read its steps; a household reads its own."""
    is_lead = isinstance(row, Lead)
    noun = LEAD if is_lead else APPLICATION
    log.record(
        actor=actor,
        at=at,
        object_type=noun,
        object_id=row.pk,
        transition=step,
        from_state=from_state,
        verb="" if step is not None else happened,
        to_state=to_state,
        division=row.division_code,
        reason=reason,
        household_id=row.household_id if isinstance(row, Application) else None,
        person_id=row.applicant_id if isinstance(row, Application) else None,
        department=row.reporter_department or None if isinstance(row, Lead) else None,
    )
    publish_event(
        actor=actor,
        at=at,
        name=f"{noun}.{happened}",
        key=f"{noun}:{row.pk}",
        payload={f"{noun.partition('.')[2]}_id": row.pk},
        division=row.division_code,
    )
