"""Delivery of events to their subscribers: per object in order, each effect once, what keeps failing is parked.

One job delivers all waiting events of one object key; its lock keeps two of them apart. A parked event holds back the
later events of its object, and only of its object, until it is taken up again.
"""

import logging
from datetime import UTC, datetime

from jiuzhu.core.actors import system_actor
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.groundwork.logs.redaction import masked_text
from jiuzhu.groundwork.outbox.models import OutboxEvent
from jiuzhu.groundwork.outbox.subscriptions import INSTALLED, Event, Subscription, Subscriptions
from jiuzhu.groundwork.tasks.effects import effect_once
from jiuzhu.groundwork.tasks.jobs import Work, job

ATTEMPTS_BEFORE_PARKING = 8
_ERROR_LENGTH = 500
_LOG = logging.getLogger(__name__)
_POSTMAN = system_actor("outbox")


class DeliveryFailed(RuntimeError):  # noqa: N818 (the delivery has failed)
    """A subscriber failed; the delivery is tried again later."""


def lock_of(key: str) -> str:
    """The queue lock under which the events of one object are delivered."""
    return f"outbox:{key}"


# More attempts than an event has: whether to go on is decided by the event's own count, which an operator can reset.
@job("outbox.deliver", attempts=2 * ATTEMPTS_BEFORE_PARKING, in_one_transaction=False)
def deliver_key(work: Work, key: str) -> None:
    """Deliver the waiting events of one object."""
    deliver(key, at=work.at, subscriptions=INSTALLED)


def deliver(key: str, *, at: datetime, subscriptions: Subscriptions) -> int:
    """Deliver the waiting events of one object, oldest first, up to a parked one; returns how many were delivered.

    Raises:
        DeliveryFailed: a subscriber failed and the event is not parked yet. What other subscribers did is kept.
    """
    delivered = 0
    while True:
        with acting(_POSTMAN):
            row = OutboxEvent.objects.filter(key=key, published_at=None).order_by("id").first()
        if row is None or row.parked_at is not None:
            return delivered
        event = _event(row)
        failure = _deliver_one(event, at=at, subscriptions=subscriptions.of(event.name))
        with acting(_POSTMAN):
            if failure is None:
                OutboxEvent.objects.filter(pk=event.id).update(published_at=at, last_error="")
                delivered += 1
                continue
            parked = event.attempt + 1 >= ATTEMPTS_BEFORE_PARKING
            OutboxEvent.objects.filter(pk=event.id).update(
                attempts=event.attempt + 1, last_error=failure, parked_at=at if parked else None
            )
        if parked:
            _LOG.error("event %s (%s) is parked: see `jiuzhu outbox list`", event.id, event.name)
            return delivered
        raise DeliveryFailed(f"event {event.id} ({event.name}): {failure}")


def _deliver_one(event: Event, *, at: datetime, subscriptions: tuple[Subscription, ...]) -> str | None:
    """Deliver to every subscriber, also when an earlier one fails; returns what the first failure said."""
    first_failure: str | None = None
    for subscription in subscriptions:
        actor = subscription.actor
        try:
            with (
                acting(actor, reason=f"event {event.name} {event.id}", request_id=event.request_id),
                effect_once(f"outbox:{event.id}:{subscription.subscriber}", at=at) as first,
            ):
                if first:
                    subscription.function(event, actor, at)
        except Exception as failure:  # noqa: BLE001  # whatever a subscriber raises, the others still get the news
            _LOG.warning("%s failed on event %s", subscription.subscriber, event.id, exc_info=True)
            said = masked_text(f"{subscription.subscriber}: {type(failure).__name__}: {failure}")[:_ERROR_LENGTH]
            first_failure = first_failure or said
    return first_failure


def _event(row: OutboxEvent) -> Event:
    return Event(
        id=row.id,
        name=row.name,
        key=row.key,
        payload=row.payload,
        division=DivisionCode(row.division_code),
        account_id=row.account_id,
        request_id=row.request_id,
        at=row.at.astimezone(UTC),
        attempt=row.attempts,
    )
