"""What every action of the room does first and last: permission, scope of the transaction, day, log and news."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar

from django.utils import timezone

from jiuzhu.core.actors import Actor
from jiuzhu.core.errors import InvalidValue, RuleRefused
from jiuzhu.core.transitions import Transition
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.groundwork.outbox.actions import publish_event
from jiuzhu.groundwork.transitions import actions as log
from jiuzhu.rooms.referral.models import Donation, Referral
from jiuzhu.rooms.referral.permissions import Permission

S = TypeVar("S", bound=StrEnum)
REFERRAL, DONATION = "referral.referral", "referral.donation"


@contextmanager
def one_step(actor: Actor, permission: Permission, at: datetime) -> Iterator[date]:
    """Ask for the permission, then work in one transaction as the actor; gives the day of the act.

    Raises:
        PermissionRefused: the actor does not hold it.
        InvalidValue: the time has no zone.
    """
    actor.require(permission)
    if at.tzinfo is None:
        raise InvalidValue("referral.time", "时间缺少时区", "The time has no zone.", field="at")
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


def tell(
    actor: Actor,
    at: datetime,
    row: Referral | Donation,
    happened: str,
    step: Transition[S] | None,
    from_state: S | None,
    *,
    to_state: S | None = None,
    reason: str = "",
) -> None:
    """Log a step and publish it as news; the household, the person and the receiving department may read it."""
    is_referral = isinstance(row, Referral)
    noun = REFERRAL if is_referral else DONATION
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
        household_id=row.household_id if isinstance(row, Referral) else None,
        person_id=row.person_id if isinstance(row, Referral) else None,
        department=row.receiver_department or None if isinstance(row, Referral) else None,
    )
    publish_event(
        actor=actor,
        at=at,
        name=f"{noun}.{happened}",
        key=f"{noun}:{row.pk}",
        payload={f"{noun.partition('.')[2]}_id": row.pk},
        division=row.division_code,
    )
