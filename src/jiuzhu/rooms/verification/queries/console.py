"""How the sources are doing in a place: what waits, what is late, what fails, how long answers take."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection

from jiuzhu.core.actors import Actor
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.rooms.verification.models import SourceHealth
from jiuzhu.rooms.verification.permissions import Permission
from jiuzhu.rooms.verification.ports import Transport, connectors

# one pass over the items of the actor's area that were asked since a day
_FIGURES = """
SELECT source, count(*),
       count(*) FILTER (WHERE state IN ('prepared', 'sent')),
       count(*) FILTER (WHERE state = 'unavailable'),
       count(*) FILTER (WHERE state = 'disputed'),
       count(*) FILTER (WHERE state = 'sent' AND due_on < %(on)s),
       count(*) FILTER (WHERE answered_at IS NOT NULL),
       coalesce(percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM answered_at - asked_at))
                FILTER (WHERE answered_at IS NOT NULL), 0),
       coalesce(percentile_cont(0.95) WITHIN GROUP (ORDER BY extract(epoch FROM answered_at - asked_at))
                FILTER (WHERE answered_at IS NOT NULL), 0)
FROM verification_item WHERE day >= %(since)s GROUP BY source
"""
_CAUSES = """
SELECT cause, count(*) FROM verification_item
WHERE state = 'unavailable' AND day >= %(since)s GROUP BY cause ORDER BY count(*) DESC, cause
"""


@dataclass(frozen=True, slots=True)
class SourceFigures:
    """One source in the actor's area. Times from asking to answer are in seconds; None without an answer."""

    source: str
    connected: bool
    transport: Transport | None
    total: int
    waiting: int
    unknown: int
    disputed: int
    late: int
    answered: int
    median_s: float | None
    p95_s: float | None
    failures: int
    open_until: datetime | None
    last_success_at: datetime | None
    last_failure_at: datetime | None
    last_cause: str


@dataclass(frozen=True, slots=True)
class Console:
    """All sources since a day, and why items are unknown (cause → how many)."""

    since: date
    sources: tuple[SourceFigures, ...]
    causes: tuple[tuple[str, int], ...]

    @property
    def total(self) -> int:
        """All items."""
        return sum(one.total for one in self.sources)

    @property
    def answered(self) -> int:
        """Items with an answer."""
        return sum(one.answered for one in self.sources)

    @property
    def waiting(self) -> int:
        """Items that wait."""
        return sum(one.waiting for one in self.sources)

    @property
    def unknown(self) -> int:
        """Items that are unknown."""
        return sum(one.unknown for one in self.sources)

    @property
    def late(self) -> int:
        """Items past their deadline."""
        return sum(one.late for one in self.sources)


def console(*, actor: Actor, at: datetime, days: int = 90) -> Console:
    """The figures of the last `days` days in the actor's area, in three statements.

    Raises:
        PermissionRefused: the actor may not see how sources are doing.
    """
    actor.require(Permission.SOURCE_VIEW)
    on = at.date()
    since = on - timedelta(days=days)
    with acting(actor, today=on), connection.cursor() as cursor:
        cursor.execute(_FIGURES, {"on": on, "since": since})
        rows = {row[0]: row[1:] for row in cursor.fetchall()}
        cursor.execute(_CAUSES, {"since": since})
        causes = tuple((cause, count) for cause, count in cursor.fetchall())
        health = {row.source: row for row in SourceHealth.objects.all()}
    known = connectors()
    names = sorted({*known, *rows})
    return Console(since, tuple(_figures(name, rows.get(name), health.get(name)) for name in names), causes)


def _figures(name: str, row: tuple[float, ...] | None, health: SourceHealth | None) -> SourceFigures:
    connector = connectors().get(name)
    total, waiting, unknown, disputed, late, answered, median, p95 = row or (0,) * 8
    return SourceFigures(
        source=name,
        connected=connector is not None,
        transport=None if connector is None else connector.source.transport,
        total=int(total),
        waiting=int(waiting),
        unknown=int(unknown),
        disputed=int(disputed),
        late=int(late),
        answered=int(answered),
        median_s=float(median) if answered else None,
        p95_s=float(p95) if answered else None,
        failures=0 if health is None else health.failures,
        open_until=None if health is None else health.open_until,
        last_success_at=None if health is None else health.last_success_at,
        last_failure_at=None if health is None else health.last_failure_at,
        last_cause="" if health is None else health.last_cause,
    )
