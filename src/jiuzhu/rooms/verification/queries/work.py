"""What the worker has to do: sources with something due, files that have not come back."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Min

from jiuzhu.core.actors import Actor
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.rooms.verification.models import Attempt, FileBatch, Item, SourceHealth
from jiuzhu.rooms.verification.permissions import Permission


@dataclass(frozen=True, slots=True)
class SourceWork:
    """A source and when it is next to be asked: now when an attempt was left open."""

    source: str
    next_at: datetime


@dataclass(frozen=True, slots=True)
class OpenFile:
    """A file of questions whose answers have not been taken in."""

    source: str
    key: str
    is_sent: bool


def sources_with_work(*, actor: Actor, at: datetime) -> tuple[SourceWork, ...]:
    """The sources that are to be asked, now or later, with the first moment; a circuit that is open puts it off.

    Raises:
        PermissionRefused: the actor may not send.
    """
    actor.require(Permission.ITEM_SEND)
    with acting(actor, today=at.date()):
        found = dict(
            Item.objects.filter(next_at__isnull=False)
            .values_list("source")
            .annotate(first=Min("next_at"))
            .order_by("source")
        )
        left = Attempt.objects.filter(ended_at=None, batch_key="", item__next_at=None)
        for source in left.values_list("item__source", flat=True).distinct():
            found[source] = at
        opened = dict(SourceHealth.objects.filter(open_until__gt=at).values_list("source", "open_until"))
    return tuple(SourceWork(source, max(first, opened.get(source) or first)) for source, first in sorted(found.items()))


def open_files(*, actor: Actor, at: datetime) -> tuple[OpenFile, ...]:
    """The files that are out, or are to be put out again, the oldest first.

    Raises:
        PermissionRefused: the actor may not send.
    """
    actor.require(Permission.ITEM_SEND)
    with acting(actor, today=at.date()):
        rows = FileBatch.objects.filter(collected_at=None).order_by("id")
        return tuple(OpenFile(row.source, row.key, row.sent_at is not None) for row in rows)
