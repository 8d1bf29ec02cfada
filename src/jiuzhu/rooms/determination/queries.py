"""Reads of the room: screenings, and what the last one found of whom."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from jiuzhu.core.actors import Actor, OutOfScope
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.core.errors import InvalidValue
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.rooms.determination.models import ScreeningFinding, ScreeningRun
from jiuzhu.rooms.determination.permissions import Permission

_LARGEST_PAGE = 200
_PAGE = """
SELECT * FROM determination_screening_finding
WHERE programme = %s AND division_code >= %s AND division_code < %s
  AND (division_code, household_id, coalesce(person_id, 0)) > (%s, %s, %s)
ORDER BY division_code, household_id, coalesce(person_id, 0) LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class ProgrammeTotal:
    """How many households or persons come out how in a programme once all are settled together.

    `open` waits for another programme or for the applicant's choice, `beside` gives way to another. `paid` holds for
    each rhythm (monthly, yearly, once, settled) what is sure to be paid and the most it can be, in fen.
    """

    programme: str
    unit: str
    yes: int = 0
    disc: int = 0
    refer: int = 0
    unknown: int = 0
    open: int = 0
    beside: int = 0
    paid: Mapping[str, tuple[int, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ScreeningView:
    """One run with its identity; neither finished nor failed means that it is under way, or was killed."""

    id: int
    division: DivisionCode
    assessed_on: date
    pack_digest: str
    snapshot_digest: str
    engine: str
    code_version: str
    started_at: datetime
    finished_at: datetime | None
    failed_because: str
    households: int
    persons: int
    changed: int
    by_name: str
    totals: tuple[ProgrammeTotal, ...]


@dataclass(frozen=True, slots=True)
class FindingView:
    """What was found of a household, or of one person in it; outcomes are those of the engine, 0 to 3."""

    household_id: int
    person_id: int | None
    division: DivisionCode
    programme: str
    outcome_low: int
    outcome_high: int
    amount_low_fen: int
    amount_high_fen: int
    paid: str
    run_id: int

    @property
    def is_known(self) -> bool:
        """Whether nothing more has to be found out to say how it comes out."""
        return self.outcome_low == self.outcome_high


@dataclass(frozen=True, slots=True)
class FindingPage:
    """Findings in order of division and household; `next_after` continues, and is empty at the end."""

    rows: tuple[FindingView, ...]
    next_after: str


def screenings(*, actor: Actor, at: datetime, limit: int = 20) -> tuple[ScreeningView, ...]:
    """The last screenings within the actor's division, newest first.

    Raises:
        PermissionRefused: the actor may not see them.
    """
    actor.require(Permission.SCREENING_VIEW)
    with acting(actor, today=at.date()):
        return tuple(map(_view, ScreeningRun.objects.order_by("-id")[:limit]))


def screening(*, actor: Actor, at: datetime, run_id: int) -> ScreeningView:
    """One screening.

    Raises:
        PermissionRefused, OutOfScope: the actor may not see it.
    """
    actor.require(Permission.SCREENING_VIEW)
    with acting(actor, today=at.date()):
        row = ScreeningRun.objects.filter(id=run_id).first()
    if row is None:
        raise OutOfScope
    return _view(row)


def findings_of_household(*, actor: Actor, at: datetime, household_id: int) -> tuple[FindingView, ...]:
    """What was last found of a household and its members, by programme; nothing for one that is not the actor's.

    Raises:
        PermissionRefused: the actor may not see findings.
    """
    actor.require(Permission.SCREENING_VIEW)
    with acting(actor, today=at.date()):
        rows = ScreeningFinding.objects.filter(household_id=household_id).order_by("programme", "person_id")
        return tuple(map(_finding, rows))


def list_findings(
    *, actor: Actor, at: datetime, programme: str, division: DivisionCode, after: str = "", size: int = 50
) -> FindingPage:
    """A page of what was found in a programme.

    Raises:
        PermissionRefused: the actor may not see findings.
        OutOfScope: the division lies outside the actor's.
        InvalidValue: `after` is no mark of a page, or the page too large.
    """
    actor.require(Permission.SCREENING_VIEW)
    actor.require_scope(division)
    if not 1 <= size <= _LARGEST_PAGE:
        raise InvalidValue("page.size", f"每页1至{_LARGEST_PAGE}条", f"1 to {_LARGEST_PAGE} rows a page.", field="size")
    lo, hi = division.range
    mark = _mark(after) if after else ("", 0, 0)
    with acting(actor, today=at.date()):
        found = list(ScreeningFinding.objects.raw(_PAGE, [programme, lo, hi, *mark, size + 1]))
    shown = tuple(map(_finding, found[:size]))
    more = len(found) > size
    return FindingPage(
        shown,
        f"{shown[-1].division.value}-{shown[-1].household_id}-{shown[-1].person_id or 0}" if more else "",
    )


def _mark(after: str) -> tuple[str, int, int]:
    code, _, rest = after.partition("-")
    household, _, person = rest.partition("-")
    if not all(part.isascii() and part.isdigit() and len(part) <= 18 for part in (code, household, person)):
        raise InvalidValue(
            "page.after", "翻页标记不对，请从第一页开始", "No mark of a page: begin anew.", field="after"
        )
    return code, int(household), int(person)


def _view(row: ScreeningRun) -> ScreeningView:
    return ScreeningView(
        id=row.pk,
        division=DivisionCode(row.division_code),
        assessed_on=row.assessed_on,
        pack_digest=row.pack_digest,
        snapshot_digest=row.snapshot_digest,
        engine=row.engine,
        code_version=row.code_version,
        started_at=row.started_at,
        finished_at=row.finished_at,
        failed_because=row.failed_because,
        households=row.household_count,
        persons=row.person_count,
        changed=row.changed_count,
        by_name=row.by_name,
        totals=tuple(_total(programme, found) for programme, found in sorted(row.totals.items())),
    )


def _total(programme: str, found: Mapping[str, Any]) -> ProgrammeTotal:
    paid = {rhythm: (low, high) for rhythm, (low, high) in found["paid"].items()}
    return ProgrammeTotal(**{**found, "programme": programme, "paid": paid})


def _finding(row: ScreeningFinding) -> FindingView:
    return FindingView(
        household_id=row.household_id,
        person_id=row.person_id,
        division=DivisionCode(row.division_code),
        programme=row.programme,
        outcome_low=row.outcome_low,
        outcome_high=row.outcome_high,
        amount_low_fen=row.amount_low_fen,
        amount_high_fen=row.amount_high_fen,
        paid=row.paid,
        run_id=row.run_id,
    )
