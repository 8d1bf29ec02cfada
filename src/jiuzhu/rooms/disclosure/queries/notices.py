"""Reading notices in every state, for those who prepare, check, post and supervise them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q

from jiuzhu.core.actors import Actor, OutOfScope
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.core.errors import InvalidValue
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.rooms.disclosure.models import Notice, Objection
from jiuzhu.rooms.disclosure.permissions import Permission
from jiuzhu.rooms.disclosure.states import Board, NoticeState, ObjectionState

_LARGEST_PAGE = 200
_OPEN = (ObjectionState.RECEIVED.value, ObjectionState.IN_CHECK.value)


@dataclass(frozen=True, slots=True)
class NoticeView:
    """One notice; `open_objections` are not decided yet."""

    id: int
    division: DivisionCode
    state: NoticeState
    board: Board
    programme: str
    subject_type: str
    subject_id: int
    pack_digest: str
    content: Mapping[str, str | int]
    where: tuple[str, ...]
    days_nd: int | None
    prepared_at: datetime
    prepared_by_account: int | None
    prepared_by_name: str
    checked_at: datetime | None
    checked_by_name: str
    posted_at: datetime | None
    posted_by_name: str
    posted_on: date | None
    last_day: date | None
    interruptions: int
    interruption: str
    taken_down_at: datetime | None
    withdrawal: str
    objections: int
    open_objections: int


@dataclass(frozen=True, slots=True)
class NoticePage:
    """Notices, the newest first; `next_after` is the id to go on from, None at the end."""

    rows: tuple[NoticeView, ...]
    next_after: int | None


def notices(
    *,
    actor: Actor,
    at: datetime,
    state: NoticeState | None = None,
    board: Board | None = None,
    programme: str = "",
    division: DivisionCode | None = None,
    subject: tuple[str, int] | None = None,
    after: int | None = None,
    size: int = 50,
) -> NoticePage:
    """A page of the notices of the actor's area; `subject` is a case by kind and id.

    Raises:
        PermissionRefused: the actor may not see notices.
        InvalidValue: the page is too large.
    """
    actor.require(Permission.NOTICE_VIEW)
    if not 1 <= size <= _LARGEST_PAGE:
        raise InvalidValue("page.size", f"每页1至{_LARGEST_PAGE}条", f"1 to {_LARGEST_PAGE} rows a page.", field="size")
    wanted = Q()
    if state is not None:
        wanted &= Q(state=state.value)
    if board is not None:
        wanted &= Q(board=board.value)
    if programme:
        wanted &= Q(programme=programme)
    if division is not None:
        lo, hi = division.range
        wanted &= Q(division_code__gte=lo, division_code__lt=hi)
    if subject is not None:
        wanted &= Q(subject_type=subject[0], subject_id=subject[1])
    if after is not None:
        wanted &= Q(id__lt=after)
    with acting(actor, today=at.date()):
        found = list(Notice.objects.filter(wanted).order_by("-id")[: size + 1])
        counts = _counts([row.pk for row in found])
    rows = tuple(_view(row, *counts.get(row.pk, (0, 0))) for row in found[:size])
    return NoticePage(rows, rows[-1].id if len(found) > size else None)


def notice(*, actor: Actor, at: datetime, notice_id: int) -> NoticeView:
    """One notice.

    Raises:
        PermissionRefused, OutOfScope: the actor may not see it.
    """
    actor.require(Permission.NOTICE_VIEW)
    with acting(actor, today=at.date()):
        row = Notice.objects.filter(pk=notice_id).first()
        counts = _counts([notice_id])
    if row is None:
        raise OutOfScope
    return _view(row, *counts.get(row.pk, (0, 0)))


def _counts(ids: list[int]) -> dict[int, tuple[int, int]]:
    found = (
        Objection.objects.filter(notice_id__in=ids)
        .values("notice_id")
        .annotate(all=Count("id"), open=Count("id", filter=Q(state__in=_OPEN)))
    )
    return {one["notice_id"]: (one["all"], one["open"]) for one in found}


def _view(row: Notice, objections: int, open_objections: int) -> NoticeView:
    return NoticeView(
        id=row.pk,
        division=DivisionCode(row.division_code),
        state=NoticeState(row.state),
        board=Board(row.board),
        programme=row.programme,
        subject_type=row.subject_type,
        subject_id=row.subject_id,
        pack_digest=row.pack_digest,
        content=row.content,
        where=tuple(row.where),
        days_nd=row.days_nd,
        prepared_at=row.prepared_at,
        prepared_by_account=row.prepared_by_account,
        prepared_by_name=row.prepared_by_name,
        checked_at=row.checked_at,
        checked_by_name=row.checked_by_name,
        posted_at=row.posted_at,
        posted_by_name=row.posted_by_name,
        posted_on=row.posted_on,
        last_day=row.last_day,
        interruptions=row.interruptions,
        interruption=row.interruption,
        taken_down_at=row.taken_down_at,
        withdrawal=row.withdrawal,
        objections=objections,
        open_objections=open_objections,
    )
