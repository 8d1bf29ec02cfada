"""What every action of the room does first and last: permission, scope of the transaction, day, news."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime

from django.db import connection
from django.utils import timezone

from jiuzhu.core.actors import Actor
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.core.errors import InvalidValue, NotFound
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.groundwork.outbox.actions import publish_event
from jiuzhu.groundwork.outbox.subscriptions import Value
from jiuzhu.rooms.organization.permissions import Permission


@contextmanager
def one_step(actor: Actor, permission: Permission) -> Iterator[None]:
    """Ask for the permission, then work in one transaction as the actor."""
    actor.require(permission)
    with acting(actor):
        yield


def lock(name: str) -> None:
    """Let actions on the same thing follow one another until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 15))", [f"organization {name}"])


def local_day(at: datetime) -> date:
    """The day of a moment in the city's time zone.

    Raises:
        ValueError: the time has no zone.
    """
    return timezone.localdate(at)


def news(
    *,
    actor: Actor,
    at: datetime,
    name: str,
    key: str,
    division: DivisionCode | str,
    payload: Mapping[str, Value],
) -> None:
    """Publish what happened."""
    publish_event(actor=actor, at=at, name=name, key=key, payload=payload, division=division)


def missing(zh: str, en: str) -> NotFound:
    """The refusal for a thing that does not exist, or not for this actor."""
    return NotFound("organization.not_found", f"未找到{zh}，请核对", f"There is no such {en}; check it.")


def require_text(value: str, field: str, zh: str, en: str, *, longest: int = 100) -> str:
    """The text without spaces around it.

    Raises:
        InvalidValue: it is empty or longer than its field; `zh` and `en` name the field.
    """
    text = value.strip()
    if not text:
        raise InvalidValue("organization.empty", f"请填写{zh}", f"Enter {en}.", field=field)
    if len(text) > longest:
        raise InvalidValue(
            "organization.too_long",
            f"{zh}不能超过{longest}个字，请删减",
            f"{en.capitalize()} has at most {longest} characters; shorten it.",
            field=field,
        )
    return text
