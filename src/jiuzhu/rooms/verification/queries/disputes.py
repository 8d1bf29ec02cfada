"""Objections: the desk of those who decide, and a citizen's own."""

from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Q

from jiuzhu.core.actors import Actor, OutOfScope
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.rooms.verification.models import Dispute
from jiuzhu.rooms.verification.permissions import Permission
from jiuzhu.rooms.verification.queries.claims import answer_of
from jiuzhu.rooms.verification.queries.composing import names_of, record_in_words
from jiuzhu.rooms.verification.rules.reports import ReportRecord
from jiuzhu.rooms.verification.states import DisputeState, ItemState


@dataclass(frozen=True, slots=True)
class DisputeView:
    """One objection in a list."""

    id: int
    item_id: int
    order_id: int
    division: DivisionCode
    person_id: int
    source: str
    item: str
    state: DisputeState
    item_state: ItemState
    filed_at: datetime
    filed_by_name: str
    due_on: date | None
    decided_at: datetime | None
    decided_by_name: str
    reason: str


@dataclass(frozen=True, slots=True)
class DisputeDetail:
    """One objection with what it says, what the source said, and what it says now (None while it has not answered)."""

    dispute: DisputeView
    statement: str = field(repr=False)
    before: tuple[ReportRecord, ...] = field(repr=False)
    before_as_of: date
    now: tuple[ReportRecord, ...] | None = field(repr=False)
    now_as_of: date | None


def disputes(*, actor: Actor, at: datetime, only_open: bool = True, overdue: bool = False) -> tuple[DisputeView, ...]:
    """The objections that the actor may see, those due first, at most 200.

    Raises:
        PermissionRefused: the actor may not see orders.
    """
    actor.require(Permission.ORDER_VIEW)
    wanted = Q()
    if only_open or overdue:
        wanted &= Q(state__in=[DisputeState.FILED.value, DisputeState.RECHECKED.value])
    if overdue:
        wanted &= Q(due_on__lt=at.date())
    with acting(actor, today=at.date()):
        rows = Dispute.objects.filter(wanted).select_related("item").defer("statement", "item__subject")
        return tuple(_view(row) for row in rows.order_by("due_on", "id")[:200])


def disputes_of_order(*, actor: Actor, at: datetime, order_id: int) -> tuple[DisputeView, ...]:
    """The objections to results of an order, the newest first.

    Raises:
        PermissionRefused: the actor may not see orders.
    """
    actor.require(Permission.ORDER_VIEW)
    with acting(actor, today=at.date()):
        rows = Dispute.objects.filter(item__order_id=order_id).select_related("item")
        return tuple(_view(row) for row in rows.defer("statement", "item__subject").order_by("-id"))


def dispute(*, actor: Actor, at: datetime, dispute_id: int) -> DisputeDetail:
    """One objection; what the source said is shown to those who may see hits, and to the person.

    Raises:
        PermissionRefused, OutOfScope: the actor may not see it.
    """
    actor.require(Permission.ORDER_VIEW)
    sees = actor.may(Permission.ITEM_VIEW)
    with acting(actor, today=at.date()):
        rows = Dispute.objects.select_related("item", "reply", "recheck").defer("item__subject")
        row = rows.filter(pk=dispute_id).first()
        if row is None:
            raise OutOfScope
        _, item = names_of(row.item.source, row.item.item)
        shown = item is not None and (sees or row.person_id in actor.scope.person_ids)
        before = answer_of(row.reply)
        now = None if row.recheck is None else answer_of(row.recheck)
        return DisputeDetail(
            dispute=_view(row),
            statement=row.statement or "",
            before=tuple(record_in_words(item, one) for one in before.records) if shown and item else (),
            before_as_of=before.data_as_of,
            now=None
            if now is None or item is None
            else tuple(record_in_words(item, one) for one in now.records if shown),
            now_as_of=None if now is None else now.data_as_of,
        )


def _view(row: Dispute) -> DisputeView:
    return DisputeView(
        id=row.pk,
        item_id=row.item_id,
        order_id=row.item.order_id,
        division=DivisionCode(row.division_code),
        person_id=row.person_id,
        source=row.item.source,
        item=row.item.item,
        state=DisputeState(row.state),
        item_state=ItemState(row.item.state),
        filed_at=row.filed_at,
        filed_by_name=row.filed_by_name,
        due_on=row.due_on,
        decided_at=row.decided_at,
        decided_by_name=row.decided_by_name,
        reason=row.reason,
    )
