"""Orders and their items: lists for those who ask and run, without anything that sources said."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q

from jiuzhu.core.actors import Actor, OutOfScope
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.core.errors import InvalidValue
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.rooms.verification.models import Attempt, Item, Order
from jiuzhu.rooms.verification.permissions import Permission
from jiuzhu.rooms.verification.states import AttemptKind, ItemState, Occasion, OrderState

LARGEST_PAGE = 200
WAITING = (ItemState.PREPARED.value, ItemState.SENT.value)


@dataclass(frozen=True, slots=True)
class OrderView:
    """One order, with how many of its items have which state."""

    id: int
    number: str
    division: DivisionCode
    state: OrderState
    household_id: int
    mandate_id: int
    entrustment_id: int | None
    batch_id: int | None
    programmes: tuple[str, ...]
    occasion: Occasion
    occasion_id: int | None
    purpose: str
    asking_office: str
    requested_at: datetime
    requested_by_name: str
    start_due_on: date | None
    started_at: datetime | None
    due_on: date | None
    reported_at: datetime | None
    reason: str
    total: int
    waiting: int
    unknown: int
    disputed: int


@dataclass(frozen=True, slots=True)
class OrderPage:
    """Orders, the newest first; `next_after` is the id to go on from, None at the end."""

    rows: tuple[OrderView, ...]
    next_after: int | None


@dataclass(frozen=True, slots=True)
class ItemView:
    """One item as everybody who may see the order sees it: whether there is an answer, never what it says."""

    id: int
    order_id: int
    division: DivisionCode
    person_id: int
    source: str
    item: str
    department: str
    state: ItemState
    due_on: date | None
    attempts: int
    next_at: datetime | None
    asked_at: datetime | None
    answered_at: datetime | None
    cause: str
    message_zh: str
    message_en: str
    reminded_on: date | None
    escalated_on: date | None


@dataclass(frozen=True, slots=True)
class OrderDetail:
    """An order and its items."""

    order: OrderView
    items: tuple[ItemView, ...]


@dataclass(frozen=True, slots=True)
class AttemptView:
    """One query that was sent: when, why, and how it ended (a finding or a cause; empty while it waits)."""

    id: int
    key: str
    kind: AttemptKind
    asked_at: datetime
    ended_at: datetime | None
    outcome: str


def orders(
    *,
    actor: Actor,
    at: datetime,
    state: OrderState | None = None,
    household_id: int | None = None,
    batch_id: int | None = None,
    number: str = "",
    overdue: bool = False,
    after: int | None = None,
    size: int = 50,
) -> OrderPage:
    """A page of the orders that the actor may see; `overdue` those not started or reported in time.

    Raises:
        PermissionRefused: the actor may not see orders.
        InvalidValue: the page is too large.
    """
    actor.require(Permission.ORDER_VIEW)
    if not 1 <= size <= LARGEST_PAGE:
        raise InvalidValue("page.size", f"每页1至{LARGEST_PAGE}条", f"1 to {LARGEST_PAGE} rows a page.", field="size")
    on = at.date()
    wanted = Q()
    if state is not None:
        wanted &= Q(state=state.value)
    if household_id is not None:
        wanted &= Q(household_id=household_id)
    if batch_id is not None:
        wanted &= Q(batch_id=batch_id)
    if number:
        wanted &= Q(number__startswith=number.strip().upper())
    if overdue:
        wanted &= Q(state=OrderState.REQUESTED.value, start_due_on__lt=on) | Q(
            state=OrderState.STARTED.value, due_on__lt=on
        )
    if after is not None:
        wanted &= Q(id__lt=after)
    with acting(actor, today=on):
        found = list(Order.objects.filter(wanted).order_by("-id")[: size + 1])
        views = _views(found[:size])
    return OrderPage(views, views[-1].id if len(found) > size else None)


def order(*, actor: Actor, at: datetime, order_id: int) -> OrderDetail:
    """One order with its items.

    Raises:
        PermissionRefused, OutOfScope: the actor may not see it.
    """
    actor.require(Permission.ORDER_VIEW)
    with acting(actor, today=at.date()):
        row = Order.objects.filter(pk=order_id).first()
        if row is None:
            raise OutOfScope
        items = Item.objects.filter(order_id=order_id).defer("subject").order_by("person_id", "source", "item")
        return OrderDetail(_views([row])[0], tuple(item_view(one) for one in items))


def item(*, actor: Actor, at: datetime, item_id: int) -> ItemView:
    """One item.

    Raises:
        PermissionRefused, OutOfScope: the actor may not see it.
    """
    actor.require(Permission.ORDER_VIEW)
    with acting(actor, today=at.date()):
        row = Item.objects.filter(pk=item_id).defer("subject").first()
    if row is None:
        raise OutOfScope
    return item_view(row)


def attempts_of(*, actor: Actor, at: datetime, item_id: int) -> tuple[AttemptView, ...]:
    """Every query of an item, the first one first.

    Raises:
        PermissionRefused: the actor may not see orders.
    """
    actor.require(Permission.ORDER_VIEW)
    with acting(actor, today=at.date()):
        return tuple(
            AttemptView(row.pk, row.key, AttemptKind(row.kind), row.asked_at, row.ended_at, row.outcome)
            for row in Attempt.objects.filter(item_id=item_id).order_by("id")
        )


def item_view(row: Item) -> ItemView:
    """The dataclass of a row."""
    return ItemView(
        id=row.pk,
        order_id=row.order_id,
        division=DivisionCode(row.division_code),
        person_id=row.person_id,
        source=row.source,
        item=row.item,
        department=row.department,
        state=ItemState(row.state),
        due_on=row.due_on,
        attempts=row.attempts,
        next_at=row.next_at,
        asked_at=row.asked_at,
        answered_at=row.answered_at,
        cause=row.cause,
        message_zh=row.message_zh,
        message_en=row.message_en,
        reminded_on=row.reminded_on,
        escalated_on=row.escalated_on,
    )


def _views(rows: list[Order]) -> tuple[OrderView, ...]:
    counts: dict[int, dict[str, int]] = {row.pk: {} for row in rows}
    found = Item.objects.filter(order_id__in=counts).values("order_id", "state").annotate(count=Count("id"))
    for one in found.order_by():
        counts[one["order_id"]][one["state"]] = one["count"]
    return tuple(_view(row, counts[row.pk]) for row in rows)


def _view(row: Order, counts: dict[str, int]) -> OrderView:
    return OrderView(
        id=row.pk,
        number=row.number,
        division=DivisionCode(row.division_code),
        state=OrderState(row.state),
        household_id=row.household_id,
        mandate_id=row.mandate_id,
        entrustment_id=row.entrustment_id,
        batch_id=row.batch_id,
        programmes=tuple(row.programmes),
        occasion=Occasion(row.occasion),
        occasion_id=row.occasion_id,
        purpose=row.purpose,
        asking_office=row.asking_office,
        requested_at=row.requested_at,
        requested_by_name=row.requested_by_name,
        start_due_on=row.start_due_on,
        started_at=row.started_at,
        due_on=row.due_on,
        reported_at=row.reported_at,
        reason=row.reason,
        total=sum(counts.values()),
        waiting=sum(counts.get(state, 0) for state in WAITING),
        unknown=counts.get(ItemState.UNAVAILABLE.value, 0),
        disputed=counts.get(ItemState.DISPUTED.value, 0),
    )
