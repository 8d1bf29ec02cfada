"""What everyone may read: the notices that are up. A notice is gone from here with its last day, whatever else runs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from jiuzhu.core.actors import system_actor
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.core.errors import InvalidValue, NotFound
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.rooms.disclosure.models import Notice
from jiuzhu.rooms.disclosure.states import Board, NoticeState

_VISITOR = system_actor("visitor")
_LARGEST_PAGE = 200


@dataclass(frozen=True, slots=True)
class PostedNotice:
    """A notice as everyone sees it; up to the end of `last_day`, or as long as it holds."""

    id: int
    division: DivisionCode
    board: Board
    programme: str
    content: Mapping[str, str | int]
    posted_on: date
    last_day: date | None


@dataclass(frozen=True, slots=True)
class PostedPage:
    """Notices, the newest first; `next_after` is the id to go on from, None at the end."""

    rows: tuple[PostedNotice, ...]
    next_after: int | None


def public_board(
    *, division: DivisionCode, board: Board, on: date, after: int | None = None, size: int = 50
) -> PostedPage:
    """What is up on a board of a place (with all villages below it) on a day.

    Raises:
        InvalidValue: the page is too large.
    """
    if not 1 <= size <= _LARGEST_PAGE:
        raise InvalidValue("page.size", f"每页1至{_LARGEST_PAGE}条", f"1 to {_LARGEST_PAGE} rows a page.", field="size")
    lo, hi = division.range
    wanted = Q(division_code__gte=lo, division_code__lt=hi, board=board.value)
    if after is not None:
        wanted &= Q(id__lt=after)
    with acting(_VISITOR, today=on):
        found = list(_up(on).filter(wanted).order_by("-id")[: size + 1])
    rows = tuple(map(_posted, found[:size]))
    return PostedPage(rows, rows[-1].id if len(found) > size else None)


def public_notice(*, notice_id: int, on: date) -> PostedNotice:
    """One notice that is up.

    Raises:
        NotFound: there is none, or it is down.
    """
    with acting(_VISITOR, today=on):
        row = _up(on).filter(pk=notice_id).first()
    if row is None:
        raise NotFound(
            "disclosure.notice.down",
            "没有这项公示，或者公示期已满",
            "There is no such notice, or its period is over.",
        )
    return _posted(row)


def _up(on: date) -> QuerySet[Notice]:
    return Notice.objects.filter(Q(last_day=None) | Q(last_day__gte=on), state=NoticeState.POSTED.value)


def _posted(row: Notice) -> PostedNotice:
    if row.posted_on is None:
        raise TypeError("a posted notice has its day")
    return PostedNotice(
        row.pk,
        DivisionCode(row.division_code),
        Board(row.board),
        row.programme,
        row.content,
        row.posted_on,
        row.last_day,
    )
