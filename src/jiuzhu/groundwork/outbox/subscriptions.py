"""Who wants to hear of what. Journeys subscribe when they are imported; only the delivery reads the list."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from jiuzhu.core.actors import Actor, system_actor
from jiuzhu.core.divisions import DivisionCode

Value: TypeAlias = "bool | int | str | list[int] | list[str] | None"

EVENT_NAME = re.compile(r"[a-z_]+\.[a-z_]+\.[a-z_]+")
_SUBSCRIBER_NAME = re.compile(r"[a-z_]+(\.[a-z_]+)*")


@dataclass(frozen=True, slots=True)
class Event:
    """News as a subscriber gets it. `at` is when it happened; `attempt` counts from 0."""

    id: int
    name: str
    key: str
    payload: Mapping[str, Value]
    division: DivisionCode
    account_id: int | None
    request_id: str
    at: datetime
    attempt: int


Subscriber = Callable[[Event, Actor, datetime], None]


@dataclass(frozen=True, slots=True)
class Subscription:
    """A function that hears of an event, and what it may do then."""

    subscriber: str
    function: Subscriber
    permissions: frozenset[str]

    @property
    def actor(self) -> Actor:
        """The process as which the function runs."""
        return system_actor(self.subscriber, permissions=self.permissions)


@dataclass(slots=True)
class Subscriptions:
    """Subscriptions by name of event."""

    by_event: dict[str, list[Subscription]] = field(default_factory=dict)

    def add(
        self, event_name: str, subscriber: str, function: Subscriber, *, permissions: frozenset[str] = frozenset()
    ) -> None:
        """Add a subscription; adding the very same again changes nothing.

        Raises:
            ValueError: a malformed name, or the subscriber has another function for this event.
        """
        if not EVENT_NAME.fullmatch(event_name):
            raise ValueError(f"an event is named room.object.happened, not {event_name!r}")
        if not _SUBSCRIBER_NAME.fullmatch(subscriber):
            raise ValueError(f"a subscriber is named in small letters and dots, not {subscriber!r}")
        known = self.by_event.setdefault(event_name, [])
        for subscription in known:
            if subscription.subscriber == subscriber:
                if subscription.function is not function:
                    raise ValueError(f"{subscriber} has already subscribed to {event_name}")
                return
        known.append(Subscription(subscriber, function, permissions))

    def of(self, event_name: str) -> tuple[Subscription, ...]:
        """The subscriptions to an event, in the order they were made."""
        return tuple(self.by_event.get(event_name, ()))


INSTALLED = Subscriptions()


def subscribe(
    event_name: str, subscriber: str, function: Subscriber, *, permissions: frozenset[str] = frozenset()
) -> None:
    """Let `function(event, actor, at)` hear of an event: at least once delivered, its effect kept exactly once.

    It runs in a transaction of its own as a process named `subscriber` with `permissions`; `at` is the time of
    delivery. The name stands in the key of the effect: keep it when the function moves.
    """
    INSTALLED.add(event_name, subscriber, function, permissions=permissions)
