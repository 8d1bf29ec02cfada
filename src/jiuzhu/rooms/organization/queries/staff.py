"""Reading staff: the roll with search and paging, a person's appointments, near-relative filings."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from jiuzhu.core.actors import Actor
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.rooms.organization.models import Appointment, NearRelativeFiling, OfficeName, Staff
from jiuzhu.rooms.organization.permissions import Permission
from jiuzhu.rooms.organization.queries.periods import in_force
from jiuzhu.rooms.organization.queries.refusals import unknown
from jiuzhu.rooms.organization.states import AppointmentState, EmploymentKind, FilingState, NearRelation

_LAST = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class StaffRow:
    """A line of the staff roll; `posts` are the titles held on the day."""

    id: int
    staff_number: str
    name: str
    division: DivisionCode
    office_id: int
    office_name: str
    office_name_en: str
    employment: EmploymentKind
    rank: str
    office_phone: str
    has_account: bool
    posts: tuple[str, ...]
    posts_en: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StaffPage:
    """A page of the roll; `next_after` is the key to go on from, None at the end."""

    rows: tuple[StaffRow, ...]
    next_after: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class AppointmentView:
    """An appointment of a person; `in_force` tells whether it gives powers on the day."""

    id: int
    post_id: int
    post_code: str
    title: str
    title_en: str
    role: str
    division: DivisionCode
    valid_from: date
    valid_to: date | None
    state: AppointmentState
    in_force: bool
    appointed_by: str
    document_number: str
    end_reason: str


@dataclass(frozen=True, slots=True)
class StaffDetail:
    """A person of the roll with all appointments the actor may see, the latest first."""

    row: StaffRow
    appointments: tuple[AppointmentView, ...]
    registered_at: datetime
    account_id: int | None


@dataclass(frozen=True, slots=True)
class FilingView:
    """A near-relative filing."""

    id: int
    staff_id: int
    staff_name: str
    staff_number: str
    division: DivisionCode
    relative_name: str
    relation: NearRelation
    person_id: int | None
    state: FilingState
    filed_at: datetime
    withdrawn_at: datetime | None
    note: str


@dataclass(frozen=True, slots=True)
class FilingPage:
    """A page of filings, the newest first; `next_before` is the id to go on from."""

    rows: tuple[FilingView, ...]
    next_before: int | None


def staff_list(
    *,
    actor: Actor,
    at: date,
    text: str = "",
    division: DivisionCode | None = None,
    office_id: int | None = None,
    only_with_account: bool = False,
    after: tuple[str, str] | None = None,
    limit: int = 50,
) -> StaffPage:
    """The staff roll in order of division and number; `text` begins a name, its pinyin initials or a staff number.

    Raises:
        PermissionRefused, OutOfScope.
    """
    actor.require(Permission.STAFF_VIEW)
    rows = Staff.objects.order_by("division_code", "staff_number")
    if division is not None:
        actor.require_scope(division)
        lo, hi = division.range
        rows = rows.filter(division_code__gte=lo, division_code__lt=hi)
    if office_id is not None:
        rows = rows.filter(office_id=office_id)
    if only_with_account:
        rows = rows.exclude(account=None)
    if text := text.strip():
        rows = rows.filter(_begins("name", text) | _begins("initials", text.lower()) | _begins("staff_number", text))
    if after is not None:
        rows = rows.filter(Q(division_code__gt=after[0]) | Q(division_code=after[0], staff_number__gt=after[1]))
    found = list(rows[: limit + 1])
    last = found[limit - 1] if len(found) > limit else None
    return StaffPage(_rows(found[:limit], at), (last.division_code, last.staff_number) if last else None)


def staff_detail(*, actor: Actor, staff_id: int, at: date) -> StaffDetail:
    """A person of the roll.

    Raises:
        PermissionRefused, NotFound (unknown or outside the actor's area).
    """
    actor.require(Permission.STAFF_VIEW)
    staff = Staff.objects.filter(pk=staff_id).first()
    if staff is None:
        raise unknown("人员", "person")
    appointments = Appointment.objects.filter(staff_id=staff_id).select_related("post").order_by("-valid_from", "-id")
    return StaffDetail(
        row=_rows([staff], at)[0],
        appointments=tuple(_appointment(row, at) for row in appointments),
        registered_at=staff.registered_at,
        account_id=staff.account_id,
    )


def staff_of_account(*, actor: Actor, account_id: int) -> int | None:
    """The staff id of an account, when the actor may see it; one's own needs no permission."""
    if account_id != actor.account_id:
        actor.require(Permission.STAFF_VIEW)
    return Staff.objects.filter(account_id=account_id).values_list("id", flat=True).first()


def near_relative_filings(
    *, actor: Actor, state: FilingState | None = None, before: int | None = None, limit: int = 50
) -> FilingPage:
    """The filings of the actor's area, the newest first. Without the permission to view them, only one's own.

    Raises:
        PermissionRefused: the actor may neither view nor file.
    """
    rows = NearRelativeFiling.objects.select_related("staff").order_by("-id")
    if not actor.may(Permission.RELATIVE_VIEW):
        actor.require(Permission.RELATIVE_FILE)
        rows = rows.none() if actor.account_id is None else rows.filter(staff__account_id=actor.account_id)
    if state is not None:
        rows = rows.filter(state=state.value)
    if before is not None:
        rows = rows.filter(id__lt=before)
    found = [_filing(row) for row in rows[: limit + 1]]
    return FilingPage(tuple(found[:limit]), found[limit - 1].id if len(found) > limit else None)


def near_relatives_named(*, actor: Actor, name: str, person_id: int | None = None) -> tuple[FilingView, ...]:
    """Filings in force that name this person, by person or by name, so that an application is handled apart.

    Raises:
        PermissionRefused.
    """
    actor.require(Permission.RELATIVE_VIEW)
    match = Q(relative_name=name)
    if person_id is not None:
        match |= Q(person_id=person_id)
    rows = NearRelativeFiling.objects.filter(match, state=FilingState.FILED.value).select_related("staff")
    return tuple(_filing(row) for row in rows.order_by("id"))


def _begins(field: str, text: str) -> Q:
    # a range, not LIKE: only leakproof comparisons may use an index under row-level security
    return Q(**{f"{field}__gte": text, f"{field}__lt": text + _LAST})


def _rows(found: list[Staff], at: date) -> tuple[StaffRow, ...]:
    names = {
        row.office_id: row
        for row in OfficeName.objects.filter(in_force(at), office_id__in={staff.office_id for staff in found})
    }
    titles: dict[int, list[tuple[str, str]]] = {}
    serving = Appointment.objects.filter(
        in_force(at), in_force(at, "post__"), revoked_at=None, staff_id__in=[staff.id for staff in found]
    )
    held = serving.order_by("valid_from", "id").values_list("staff_id", "post__title", "post__title_en")
    for staff_id, title, title_en in held:
        titles.setdefault(staff_id, []).append((title, title_en or title))
    return tuple(
        StaffRow(
            id=staff.id,
            staff_number=staff.staff_number,
            name=staff.name,
            division=DivisionCode(staff.division_code),
            office_id=staff.office_id,
            office_name=names[staff.office_id].name if staff.office_id in names else "",
            office_name_en=names[staff.office_id].name_en if staff.office_id in names else "",
            employment=EmploymentKind(staff.employment),
            rank=staff.rank,
            office_phone=staff.office_phone,
            has_account=staff.account_id is not None,
            posts=tuple(title for title, _ in titles.get(staff.id, ())),
            posts_en=tuple(title_en for _, title_en in titles.get(staff.id, ())),
        )
        for staff in found
    )


def _appointment(row: Appointment, at: date) -> AppointmentView:
    over = row.valid_to is not None and row.valid_to <= at
    if row.revoked_at is not None:
        state = AppointmentState.REVOKED
    else:
        state = AppointmentState.ENDED if over else AppointmentState.APPOINTED
    return AppointmentView(
        id=row.id,
        post_id=row.post_id,
        post_code=row.post.code,
        title=row.post.title,
        title_en=row.post.title_en,
        role=row.post.role,
        division=DivisionCode(row.division_code),
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        state=state,
        in_force=state is AppointmentState.APPOINTED and row.valid_from <= at,
        appointed_by=row.appointed_by,
        document_number=row.document_number,
        end_reason=row.end_reason,
    )


def _filing(row: NearRelativeFiling) -> FilingView:
    return FilingView(
        id=row.id,
        staff_id=row.staff_id,
        staff_name=row.staff.name,
        staff_number=row.staff.staff_number,
        division=DivisionCode(row.division_code),
        relative_name=row.relative_name,
        relation=NearRelation(row.relation),
        person_id=row.person_id,
        state=FilingState(row.state),
        filed_at=row.filed_at,
        withdrawn_at=row.withdrawn_at,
        note=row.note,
    )
