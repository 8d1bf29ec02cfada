"""Reading what versions would change for the registered households: sums by programme and area, and no names."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Self

from jiuzhu.core.actors import Actor, OutOfScope
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.rooms.catalogue.models import ImpactRun
from jiuzhu.rooms.catalogue.permissions import Permission


@dataclass(frozen=True, slots=True)
class ImpactLine:
    """A programme in an area (a prefix of divisions; empty: everywhere).

    `granted` counts who is entitled before and after; `enter` and `leave` those entitled only after, only before;
    `more` and `less` those whose sure amount rises or falls. `paid` holds for each rhythm the sums, in fen.
    """

    area: str
    programme: str
    unit: str
    granted: tuple[int, int]
    enter: int
    leave: int
    more: int
    less: int
    paid: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    def to_plain(self) -> dict[str, Any]:
        """The line as it is stored."""
        return {
            "area": self.area,
            "programme": self.programme,
            "unit": self.unit,
            "granted": list(self.granted),
            "enter": self.enter,
            "leave": self.leave,
            "more": self.more,
            "less": self.less,
            "paid": {rhythm: list(sums) for rhythm, sums in self.paid.items()},
        }

    @classmethod
    def from_plain(cls, stored: Mapping[str, Any]) -> Self:
        """The line that was stored."""
        paid = {rhythm: (before, after) for rhythm, (before, after) in stored["paid"].items()}
        return cls(**{**stored, "granted": tuple(stored["granted"]), "paid": paid})


@dataclass(frozen=True, slots=True)
class ImpactView:
    """One run with its identity; neither finished nor failed means that it is under way, or was killed.

    `lines` hold the areas, one after another; without a `before_id` the comparison is with what was in force.
    """

    id: int
    division: DivisionCode
    assessed_on: date
    after_id: int
    before_id: int | None
    after_digest: str
    before_digest: str
    snapshot_digest: str
    engine: str
    code_version: str
    started_at: datetime
    finished_at: datetime | None
    failed_because: str
    households: int
    persons: int
    better: int
    worse: int
    by_name: str
    lines: tuple[ImpactLine, ...]


def impact_runs(*, actor: Actor, at: datetime, pack_id: int, limit: int = 20) -> tuple[ImpactView, ...]:
    """The last runs for a version within the actor's division, the newest first, without their lines.

    Raises:
        PermissionRefused: the actor may not see versions.
    """
    actor.require(Permission.PACK_VIEW)
    with acting(actor, today=at.date()):
        rows = ImpactRun.objects.filter(after_id=pack_id).defer("effects").order_by("-id")[:limit]
        return tuple(_view(row, ()) for row in rows)


def impact_run(*, actor: Actor, at: datetime, impact_id: int) -> ImpactView:
    """One run with its lines.

    Raises:
        PermissionRefused, OutOfScope: the actor may not see it.
    """
    actor.require(Permission.PACK_VIEW)
    with acting(actor, today=at.date()):
        row = ImpactRun.objects.filter(pk=impact_id).first()
    if row is None:
        raise OutOfScope
    return _view(row, map(ImpactLine.from_plain, row.effects))


def _view(row: ImpactRun, lines: Iterable[ImpactLine]) -> ImpactView:
    return ImpactView(
        id=row.pk,
        division=DivisionCode(row.division_code),
        assessed_on=row.assessed_on,
        after_id=row.after_id,
        before_id=row.before_id,
        after_digest=row.after_digest,
        before_digest=row.before_digest,
        snapshot_digest=row.snapshot_digest,
        engine=row.engine,
        code_version=row.code_version,
        started_at=row.started_at,
        finished_at=row.finished_at,
        failed_because=row.failed_because,
        households=row.household_count,
        persons=row.person_count,
        better=row.better_count,
        worse=row.worse_count,
        by_name=row.by_name,
        lines=tuple(lines),
    )
