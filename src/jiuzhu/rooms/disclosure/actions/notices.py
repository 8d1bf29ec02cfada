"""Notices: prepared by the policy, checked by another person, posted for the whole period, taken down (S18)."""

from collections.abc import Collection
from datetime import date, datetime

from jiuzhu.core.actors import Actor, OutOfScope
from jiuzhu.core.calendar import WorkCalendar
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.core.errors import NotFound, RuleRefused
from jiuzhu.rooms.disclosure.actions.steps import one_step, refuse, tell
from jiuzhu.rooms.disclosure.models import Notice
from jiuzhu.rooms.disclosure.permissions import Permission
from jiuzhu.rooms.disclosure.queries.postings import Posting, posting_of
from jiuzhu.rooms.disclosure.rules import (
    Shown,
    checked_by_another,
    content_of,
    full_period_has_passed,
    is_posted,
    last_day,
    only_permitted_fields,
    places_are_named,
    reason_is_given,
    text_of,
)
from jiuzhu.rooms.disclosure.states import NOTICES, Board, NoticeState

_ENDED = (NoticeState.EXPIRED.value, NoticeState.WITHDRAWN.value)


def prepare_notice(
    *,
    actor: Actor,
    at: datetime,
    division: DivisionCode,
    programme: str,
    board: Board,
    subject_type: str,
    subject_id: int,
    case: Shown,
) -> int:
    """Prepare what the policy of the day and place posts about a case; returns the notice's id.

    Raises:
        PermissionRefused, OutOfScope: the actor may not, or the place is not the actor's.
        NotFound: there is no such programme there.
        RuleRefused: the programme posts nothing on this board, or the case has a notice on it already.
    """
    with one_step(actor, Permission.NOTICE_PREPARE, at) as today:
        actor.require_scope(division)
        posting = _posting(programme, division, board, today)
        subject = {"subject_type": subject_type, "subject_id": subject_id, "board": board.value}
        if Notice.objects.filter(**subject).exclude(state__in=_ENDED).exists():
            raise RuleRefused(
                "disclosure.notice.twice",
                "该案件在此公示栏已有公示，请先撤回或等待期满",
                "The case has a notice on this board; withdraw it or wait until it is over.",
            )
        content = content_of(posting.fields, case)
        refuse(only_permitted_fields(content, posting.fields))
        row = Notice.objects.create(
            **subject,
            division_code=division.value,
            state=NoticeState.PREPARED.value,
            programme=programme,
            pack_digest=posting.pack_digest,
            content=content,
            where=list(posting.where),
            days_nd=posting.days_nd,
            prepared_at=at,
            prepared_by_account=actor.account_id,
            prepared_by_name=actor.name,
        )
        tell(actor, at, row, "prepare", None, None, to_state=NoticeState.PREPARED)
        return row.pk


def check_notice(*, actor: Actor, at: datetime, notice_id: int) -> None:
    """Record that another person has looked at what will be shown.

    Raises:
        PermissionRefused, OutOfScope, TransitionRefused (not prepared).
        RuleRefused: the actor prepared it or is no person; the policy does not post one of its fields (any more).
    """
    with one_step(actor, Permission.NOTICE_CHECK, at) as today:
        row = _notice(actor, notice_id)
        transition = NOTICES.plan(NoticeState(row.state), "check")
        posting = _posting(row.programme, DivisionCode(row.division_code), Board(row.board), today)
        refuse(
            checked_by_another(row.prepared_by_account, actor.account_id),
            only_permitted_fields(row.content, posting.fields),
        )
        row.checked_at, row.checked_by_account, row.checked_by_name = at, actor.account_id, actor.name
        row.state = transition.to_state.value
        row.save()
        tell(actor, at, row, "check", transition, NoticeState.PREPARED)


def post_notice(*, actor: Actor, at: datetime, notice_id: int, places: Collection[str]) -> None:
    """Record that a checked notice is up in all its places; its period begins with the next day.

    Raises:
        PermissionRefused, OutOfScope, TransitionRefused (not checked).
        RuleRefused: a place that the policy names is missing.
    """
    with one_step(actor, Permission.NOTICE_POST, at) as today:
        row = _notice(actor, notice_id)
        transition = NOTICES.plan(NoticeState(row.state), "post")
        refuse(places_are_named(places, row.where))
        row.posted_at, row.posted_by_account, row.posted_by_name = at, actor.account_id, actor.name
        _begin(row, today)
        row.state = transition.to_state.value
        row.save()
        tell(actor, at, row, "post", transition, NoticeState.CHECKED)


def interrupt_notice(*, actor: Actor, at: datetime, notice_id: int, reason: str) -> None:
    """Record that a notice was torn down or could not be read; its period will begin anew.

    Raises:
        PermissionRefused, OutOfScope, InvalidValue (too long), TransitionRefused (not posted), RuleRefused (no reason).
    """
    with one_step(actor, Permission.NOTICE_INTERRUPT, at):
        row = _notice(actor, notice_id)
        transition = NOTICES.plan(NoticeState(row.state), "interrupt")
        refuse(reason_is_given(reason))
        row.interruption = text_of(reason, "reason", "原因", "the reason", longest=400)
        row.interruptions += 1
        row.state = transition.to_state.value
        row.save()
        tell(actor, at, row, "interrupt", transition, NoticeState.POSTED, reason=row.interruption)


def resume_notice(*, actor: Actor, at: datetime, notice_id: int) -> None:
    """Post an interrupted notice again, for its whole period.

    Raises:
        PermissionRefused, OutOfScope, TransitionRefused (not interrupted).
    """
    with one_step(actor, Permission.NOTICE_RESUME, at) as today:
        row = _notice(actor, notice_id)
        transition = NOTICES.plan(NoticeState(row.state), "resume")
        _begin(row, today)
        row.state = transition.to_state.value
        row.save()
        tell(actor, at, row, "resume", transition, NoticeState.INTERRUPTED)


def expire_notice(*, actor: Actor, at: datetime, notice_id: int) -> None:
    """Take a notice down whose period is over.

    Raises:
        PermissionRefused, OutOfScope, TransitionRefused (not posted), RuleRefused (its period is not over).
    """
    with one_step(actor, Permission.NOTICE_EXPIRE, at) as today:
        _expire(actor, at, _notice(actor, notice_id), today)


def expire_notices(*, actor: Actor, at: datetime, most: int = 500) -> int:
    """Take down the notices of the actor's area whose period is over, at most `most` of them; returns how many.

    Raises:
        PermissionRefused: the actor may not.
    """
    with one_step(actor, Permission.NOTICE_EXPIRE, at) as today:
        over = Notice.objects.select_for_update(skip_locked=True).filter(
            state=NoticeState.POSTED.value, last_day__lt=today
        )
        found = list(over.order_by("last_day", "id")[:most])
        for row in found:
            _expire(actor, at, row, today)
        return len(found)


def withdraw_notice(*, actor: Actor, at: datetime, notice_id: int, reason: str) -> None:
    """Take a notice back, at any time before its period is over.

    Raises:
        PermissionRefused, OutOfScope, InvalidValue (too long), TransitionRefused (over), RuleRefused (no reason).
    """
    with one_step(actor, Permission.NOTICE_WITHDRAW, at):
        row = _notice(actor, notice_id)
        before = NoticeState(row.state)
        transition = NOTICES.plan(before, "withdraw")
        refuse(reason_is_given(reason))
        row.withdrawal = text_of(reason, "reason", "原因", "the reason", longest=400)
        row.taken_down_at = at if row.posted_at is not None else None
        row.state = transition.to_state.value
        row.save()
        tell(actor, at, row, "withdraw", transition, before, reason=row.withdrawal)


def _expire(actor: Actor, at: datetime, row: Notice, today: date) -> None:
    transition = NOTICES.plan(NoticeState(row.state), "expire")
    refuse(full_period_has_passed(row.last_day, today))
    row.taken_down_at = at
    row.state = transition.to_state.value
    row.save()
    tell(actor, at, row, "expire", transition, NoticeState.POSTED)


def _begin(row: Notice, today: date) -> None:
    row.posted_on = today
    row.last_day = last_day(today, row.days_nd, WorkCalendar.packaged())


def _posting(programme: str, division: DivisionCode, board: Board, on: date) -> Posting:
    name, posting = posting_of(programme=programme, division=division, board=board, on=on)
    refuse(is_posted(board, name, posts=posting is not None))
    if posting is None:  # refused above
        raise NotFound("disclosure.notice.not_posted", "不设此项公示", "It has no such notice.")
    return posting


def _notice(actor: Actor, notice_id: int) -> Notice:
    row = Notice.objects.select_for_update().filter(pk=notice_id).first()
    if row is None:
        raise OutOfScope
    actor.require_scope(row.division_code)
    return row
