"""What every action of the room does first and last: permission, scope of the transaction, day, log and news."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar

from django.db import connection
from django.utils import timezone

from jiuzhu.core.actors import Actor
from jiuzhu.core.errors import InvalidValue, RuleRefused
from jiuzhu.core.transitions import Transition
from jiuzhu.engine.problems import PackError
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.groundwork.outbox.actions import publish_event
from jiuzhu.groundwork.transitions import actions as log
from jiuzhu.rooms.catalogue.models import PackVersion, Standard
from jiuzhu.rooms.catalogue.permissions import Permission
from jiuzhu.rooms.catalogue.queries.in_force import laid_over

S = TypeVar("S", bound=StrEnum)
PACK, STANDARD = "catalogue.pack", "catalogue.standard"


@contextmanager
def one_step(actor: Actor, permission: Permission, at: datetime) -> Iterator[date]:
    """Ask for the permission, then work in one transaction as the actor; gives the day of the act.

    Raises:
        PermissionRefused: the actor does not hold it.
        InvalidValue: the time has no zone.
    """
    actor.require(permission)
    if at.tzinfo is None:
        raise InvalidValue("catalogue.time", "时间缺少时区", "The time has no zone.", field="at")
    today = timezone.localdate(at)
    with acting(actor, today=today):
        yield today


def lock(name: str) -> None:
    """Let actions on the same thing follow one another until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 15))", [f"catalogue {name}"])


def refuse(*found: RuleRefused | None) -> None:
    """Stop at the first refusal of some guards.

    Raises:
        RuleRefused: a guard refused.
    """
    for one in found:
        if one is not None:
            raise one


def require_text(value: str, field: str, zh: str, en: str, *, longest: int = 100) -> str:
    """The text without spaces around it; `zh` and `en` name the field.

    Raises:
        InvalidValue: it is empty or longer than its field.
    """
    text = value.strip()
    if not text:
        raise InvalidValue("catalogue.empty", f"请填写{zh}", f"Enter {en}.", field=field)
    if len(text) > longest:
        raise InvalidValue(
            "catalogue.too_long",
            f"{zh}不能超过{longest}个字，请删减",
            f"At most {longest} characters are taken for {en}; shorten it.",
            field=field,
        )
    return text


def require_fit(digest: str) -> None:
    """All published standards can be laid over the packs of a version, or over those brought along (no digest).

    Raises:
        RuleRefused: one is of another unit than its parameter there.
    """
    try:
        laid_over(digest)
    except PackError as error:
        found = error.problems[0]
        raise RuleRefused("catalogue.standard.packs", found.message("zh"), found.message("en")) from error


def tell(
    actor: Actor,
    at: datetime,
    row: PackVersion | Standard,
    happened: str,
    step: Transition[S] | None,
    from_state: S | None,
    *,
    to_state: S | None = None,
    reason: str = "",
) -> None:
    """Log a step of a version or a standard and publish it as news; without a `step` a verb of its own (`happened`)."""
    noun = PACK if isinstance(row, PackVersion) else STANDARD
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
    )
    publish_event(
        actor=actor,
        at=at,
        name=f"{noun}.{happened}",
        key=f"{noun}:{row.pk}",
        payload={f"{noun.partition('.')[2]}_id": row.pk},
        division=row.division_code,
    )
