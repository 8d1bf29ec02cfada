"""Publishing events, and taking parked ones up again."""

from collections.abc import Mapping
from datetime import datetime

from django.db import connection

from jiuzhu.core.actors import Actor
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.core.errors import NotFound
from jiuzhu.groundwork.logs.redaction import looks_personal
from jiuzhu.groundwork.outbox.delivery import deliver_key, lock_of
from jiuzhu.groundwork.outbox.models import OutboxEvent
from jiuzhu.groundwork.outbox.subscriptions import EVENT_NAME, Value
from jiuzhu.groundwork.tasks.jobs import enqueue

_LONGEST_TEXT = 64


class PayloadRefused(ValueError):  # noqa: N818 (the payload is refused)
    """The payload of an event holds something other than ids, codes, dates and numbers."""


def publish_event(
    *,
    actor: Actor,
    at: datetime,
    name: str,
    key: str,
    payload: Mapping[str, Value],
    division: DivisionCode | str,
    request_id: str = "",
) -> int:
    """Write an event in the action's own transaction and see to its delivery after the commit; returns its id.

    `name` is `room.object.happened`. Events with the same `key` (`registry.person:12`) are delivered in the order in
    which they were published. The payload holds ids, codes, dates and numbers; whoever needs more asks the room.

    Raises:
        ValueError: a malformed name, an empty key, or a naive time.
        PayloadRefused: a text in the payload is long, not plain ASCII, or looks like a personal number.
    """
    if not EVENT_NAME.fullmatch(name):
        raise ValueError(f"an event is named room.object.happened, not {name!r}")
    if not key:
        raise ValueError("an event needs the key of its object")
    if at.tzinfo is None:
        raise ValueError("the time of an event needs a time zone")
    for field, value in payload.items():
        _check(field, value)
    with connection.cursor() as cursor:
        # ids are given before commits: without this lock two transactions could publish for one object out of order
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 706))", [lock_of(key)])
    event = OutboxEvent.objects.create(
        name=name,
        key=key,
        payload=dict(payload),
        division_code=str(division),
        account_id=actor.account_id,
        request_id=request_id,
        at=at,
    )
    enqueue(deliver_key, actor=actor, arguments={"key": key}, request_id=request_id, lock=lock_of(key))
    return event.id


def _check(field: str, value: Value) -> None:
    for one in value if isinstance(value, list) else [value]:
        if one is None or isinstance(one, bool | int):
            # a number that is long enough to be an identity number is no id of ours
            if isinstance(one, int) and looks_personal(str(one)):
                raise PayloadRefused(f"{field}: looks like a personal number")
        elif not isinstance(one, str):
            raise PayloadRefused(f"{field}: {type(one).__name__} does not belong in an event")
        elif len(one) > _LONGEST_TEXT or not one.isascii() or looks_personal(one):
            raise PayloadRefused(f"{field}: a text in an event is a code or a date, not free text")


def retry_parked(*, actor: Actor, at: datetime, event_id: int) -> None:
    """Take a parked event up again, and with it those of the same object that wait behind it.

    Raises:
        NotFound: no parked event has this id.
    """
    event = OutboxEvent.objects.select_for_update().filter(pk=event_id, parked_at__isnull=False).first()
    if event is None:
        raise NotFound(
            "outbox.parked", f"没有编号为{event_id}的搁置事件", f"No parked event has the number {event_id}."
        )
    event.parked_at = None
    event.attempts = 0
    event.save(update_fields=["parked_at", "attempts"])
    enqueue(deliver_key, actor=actor, arguments={"key": event.key}, lock=lock_of(event.key), start_at=at)
