"""What waits in the outbox, for those who keep the system running."""

from dataclasses import dataclass
from datetime import datetime

from jiuzhu.core.actors import Actor
from jiuzhu.groundwork.outbox.models import OutboxEvent


@dataclass(frozen=True, slots=True)
class Waiting:
    """An event that is not delivered yet. `behind` is the parked event of the same object that holds it back."""

    id: int
    name: str
    key: str
    at: datetime
    attempts: int
    parked_at: datetime | None
    last_error: str
    behind: int | None


def waiting(*, actor: Actor, parked_only: bool = False, count: int = 100) -> tuple[Waiting, ...]:
    """Events not delivered yet that the actor may see, parked ones first, then the oldest first."""
    rows = OutboxEvent.objects.filter(published_at=None)
    parked = dict(rows.filter(parked_at__isnull=False).order_by("-id").values_list("key", "id"))
    shown = rows.filter(parked_at__isnull=False) if parked_only else rows
    found = shown.order_by("parked_at", "id")[:count]  # NULL sorts last: parked ones come first
    return tuple(
        Waiting(
            id=row.id,
            name=row.name,
            key=row.key,
            at=row.at,
            attempts=row.attempts,
            parked_at=row.parked_at,
            last_error=row.last_error,
            behind=parked.get(row.key) if parked.get(row.key, row.id) != row.id else None,
        )
        for row in found
    )
