"""Reading objections: for those who look into them, and for whoever made one, by its number."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from jiuzhu.core.actors import Actor, OutOfScope, system_actor
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.core.errors import InvalidValue, NotFound
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.rooms.disclosure.models import Objection
from jiuzhu.rooms.disclosure.permissions import Permission
from jiuzhu.rooms.disclosure.states import Board, Channel, ObjectionState

_VISITOR = system_actor("visitor")
_LARGEST_PAGE = 200


@dataclass(frozen=True, slots=True)
class ObjectionView:
    """One objection without what was said and by whom."""

    id: int
    number: str
    notice_id: int
    division: DivisionCode
    programme: str
    board: Board
    state: ObjectionState
    channel: Channel
    is_anonymous: bool
    received_at: datetime


@dataclass(frozen=True, slots=True)
class ObjectionDetail:
    """One objection with everything; `name` and `contact` are empty when it is anonymous."""

    objection: ObjectionView
    text: str
    name: str
    contact: str
    received_by_name: str
    finding: str
    checked_at: datetime | None
    checked_by_name: str
    answer: str
    answered_at: datetime | None
    answered_by_name: str


@dataclass(frozen=True, slots=True)
class ObjectionPage:
    """Objections, the oldest first; `next_after` is the id to go on from, None at the end."""

    rows: tuple[ObjectionView, ...]
    next_after: int | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of an objection, for whoever holds its number."""

    number: str
    state: ObjectionState
    received_at: datetime
    answer: str
    answered_at: datetime | None


def objections(
    *,
    actor: Actor,
    at: datetime,
    state: ObjectionState | None = None,
    notice_id: int | None = None,
    after: int | None = None,
    size: int = 50,
) -> ObjectionPage:
    """A page of the objections of the actor's area.

    Raises:
        PermissionRefused: the actor may not see objections.
        InvalidValue: the page is too large.
    """
    actor.require(Permission.OBJECTION_VIEW)
    if not 1 <= size <= _LARGEST_PAGE:
        raise InvalidValue("page.size", f"每页1至{_LARGEST_PAGE}条", f"1 to {_LARGEST_PAGE} rows a page.", field="size")
    wanted = Q()
    if state is not None:
        wanted &= Q(state=state.value)
    if notice_id is not None:
        wanted &= Q(notice_id=notice_id)
    if after is not None:
        wanted &= Q(id__gt=after)
    with acting(actor, today=at.date()):
        rows = Objection.objects.select_related("notice").defer("text", "name", "contact", "finding", "answer")
        found = list(rows.filter(wanted).order_by("id")[: size + 1])
    views = tuple(map(_view, found[:size]))
    return ObjectionPage(views, views[-1].id if len(found) > size else None)


def objection(*, actor: Actor, at: datetime, objection_id: int) -> ObjectionDetail:
    """One objection with what was said and by whom: only for those who look into it.

    Raises:
        PermissionRefused, OutOfScope: the actor may not see it.
    """
    actor.require(Permission.OBJECTION_VIEW)
    actor.require(Permission.OBJECTION_CHECK)
    with acting(actor, today=at.date()):
        row = Objection.objects.select_related("notice").filter(pk=objection_id).first()
    if row is None:
        raise OutOfScope
    return ObjectionDetail(
        _view(row),
        row.text or "",
        row.name or "",
        row.contact or "",
        row.received_by_name,
        row.finding or "",
        row.checked_at,
        row.checked_by_name,
        row.answer or "",
        row.answered_at,
        row.answered_by_name,
    )


def public_answer(*, number: str, on: date) -> Answer:
    """What became of an objection, by the number that its maker was given.

    Raises:
        NotFound: there is no such number.
    """
    wanted = "".join(number.split()).upper()[:16]
    with acting(_VISITOR, today=on):
        row = Objection.objects.filter(number=wanted).first() if wanted else None
    if row is None:
        raise NotFound(
            "disclosure.objection.number",
            "没有这个查询号，请核对后重试",
            "There is no such number; check it and try again.",
        )
    return Answer(row.number, ObjectionState(row.state), row.received_at, row.answer or "", row.answered_at)


def _view(row: Objection) -> ObjectionView:
    return ObjectionView(
        id=row.pk,
        number=row.number,
        notice_id=row.notice_id,
        division=DivisionCode(row.division_code),
        programme=row.notice.programme,
        board=Board(row.notice.board),
        state=ObjectionState(row.state),
        channel=Channel(row.channel),
        is_anonymous=row.is_anonymous,
        received_at=row.received_at,
    )
