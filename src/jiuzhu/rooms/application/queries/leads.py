"""Reading leads: an office those of its area, a department those that it reported."""

from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone

from jiuzhu.core.actors import Actor, OutOfScope
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.core.errors import InvalidValue
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.rooms.application.models import Lead
from jiuzhu.rooms.application.permissions import Permission
from jiuzhu.rooms.application.states import LeadSource, LeadState, NeedKind

_LARGEST_PAGE = 200


@dataclass(frozen=True, slots=True)
class LeadView:
    """One lead in a list."""

    id: int
    division: DivisionCode
    state: LeadState
    source: LeadSource
    is_urgent: bool
    subject_name: str = field(repr=False)
    needs: tuple[NeedKind, ...]
    household_id: int | None
    person_id: int | None
    reported_at: datetime
    assigned_to_name: str
    visit_due_on: date | None
    answer_due_on: date | None
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class LeadDetail:
    """One lead with everything that is known of it."""

    lead: LeadView
    subject_contact: str = field(repr=False)
    place: str = field(repr=False)
    detail: str = field(repr=False)
    reporter_name: str = field(repr=False)
    reporter_contact: str = field(repr=False)
    reporter_department: str
    reported_by_name: str
    assigned_at: datetime | None
    visited_at: datetime | None
    visited_by_name: str
    visit_note: str = field(repr=False)
    agreed_by_name: str = field(repr=False)
    receiver_department: str
    receiver_name: str
    end_reason: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class LeadPage:
    """Leads, the newest first; `next_after` is the id to go on from, None at the end."""

    rows: tuple[LeadView, ...]
    next_after: int | None


def leads(
    *,
    actor: Actor,
    at: datetime,
    state: LeadState | None = None,
    overdue: bool = False,
    urgent: bool = False,
    after: int | None = None,
    size: int = 50,
) -> LeadPage:
    """A page of the leads that the actor may see, the newest first; `overdue` those whose visit is late.

    Raises:
        PermissionRefused: the actor may not see leads. InvalidValue: the page is too large.
    """
    actor.require(Permission.LEAD_VIEW)
    if not 1 <= size <= _LARGEST_PAGE:
        raise InvalidValue("page.size", f"每页1至{_LARGEST_PAGE}条", f"1 to {_LARGEST_PAGE} rows a page.", field="size")
    today = timezone.localdate(at)
    wanted = Q() if state is None else Q(state=state.value)
    if overdue:
        wanted &= Q(state=LeadState.ASSIGNED.value, visit_due_on__lt=today)
    if urgent:
        wanted &= Q(is_urgent=True)
    if after is not None:
        wanted &= Q(id__lt=after)
    with acting(actor, today=today):
        found = list(Lead.objects.filter(wanted).order_by("-id")[: size + 1])
    views = tuple(map(_view, found[:size]))
    return LeadPage(views, views[-1].id if len(found) > size else None)


def lead(*, actor: Actor, at: datetime, lead_id: int) -> LeadDetail:
    """One lead.

    Raises:
        PermissionRefused, OutOfScope: the actor may not see it.
    """
    actor.require(Permission.LEAD_VIEW)
    with acting(actor, today=timezone.localdate(at)):
        row = Lead.objects.filter(pk=lead_id).first()
    if row is None:
        raise OutOfScope
    return LeadDetail(
        lead=_view(row),
        subject_contact=row.subject_contact or "",
        place=row.place or "",
        detail=row.detail or "",
        reporter_name=row.reporter_name or "",
        reporter_contact=row.reporter_contact or "",
        reporter_department=row.reporter_department,
        reported_by_name=row.reported_by_name,
        assigned_at=row.assigned_at,
        visited_at=row.visited_at,
        visited_by_name=row.visited_by_name,
        visit_note=row.visit_note or "",
        agreed_by_name=row.agreed_by_name,
        receiver_department=row.receiver_department,
        receiver_name=row.receiver_name,
        end_reason=row.end_reason or "",
    )


def _view(row: Lead) -> LeadView:
    return LeadView(
        id=row.pk,
        division=DivisionCode(row.division_code),
        state=LeadState(row.state),
        source=LeadSource(row.source),
        is_urgent=row.is_urgent,
        subject_name=row.subject_name or "",
        needs=tuple(map(NeedKind, row.needs)),
        household_id=row.household_id,
        person_id=row.person_id,
        reported_at=row.reported_at,
        assigned_to_name=row.assigned_to_name,
        visit_due_on=row.visit_due_on,
        answer_due_on=row.answer_due_on,
        closed_at=row.closed_at,
    )
