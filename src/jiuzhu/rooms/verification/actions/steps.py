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
from jiuzhu.rooms.verification.permissions import Permission

S = TypeVar("S", bound=StrEnum)


@contextmanager
def one_step(actor: Actor, permission: Permission, at: datetime) -> Iterator[date]:
    """Ask for the permission, then work in one transaction as the actor; gives the day of the act.

    Raises:
        PermissionRefused: the actor does not hold it.
        InvalidValue: the time has no zone.
    """
    actor.require(permission)
    if at.tzinfo is None:
        raise InvalidValue("verification.time", "时间缺少时区", "The time has no zone.", field="at")
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
    noun: str,
    object_id: int,
    happened: str,
    step: Transition[S] | None,
    from_state: S | None,
    *,
    division: str,
    to_state: S | None = None,
    reason: str = "",
    household_id: int | None = None,
    person_id: int | None = None,
    department: str | None = None,
) -> None:
    """Log a step on `verification.noun` and publish it as news."""
    log.record(
        actor=actor,
        at=at,
        object_type=f"verification.{noun}",
        object_id=object_id,
        transition=step,
        from_state=from_state,
        verb="" if step is not None else happened,
        to_state=to_state,
        division=division,
        reason=reason,
        household_id=household_id,
        person_id=person_id,
        department=department,
    )
    publish_event(
        actor=actor,
        at=at,
        name=f"verification.{noun}.{happened}",
        key=f"verification.{noun}:{object_id}",
        payload={f"{noun}_id": object_id},
        division=division,
    )
