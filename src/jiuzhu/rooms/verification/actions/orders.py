"""Orders: requested by a township, started by the county's office, fanned out to the items of each source."""

import json
from collections.abc import Collection, Iterable
from datetime import date, datetime

from django.db import IntegrityError, transaction

from jiuzhu.core.actors import Actor, OutOfScope
from jiuzhu.core.errors import Conflict, RuleRefused
from jiuzhu.rooms.registry.queries import SubjectView, subjects
from jiuzhu.rooms.verification.actions.steps import one_step, refuse, tell
from jiuzhu.rooms.verification.models import Attempt, Entrustment, Item, Mandate, Order, Signature
from jiuzhu.rooms.verification.permissions import Permission
from jiuzhu.rooms.verification.ports import CAUSES, Cause, Source, Transport, connectors
from jiuzhu.rooms.verification.queries.terms import due_on, other_leads
from jiuzhu.rooms.verification.rules import (
    authorisation_was_withdrawn,
    every_member_has_authorised,
    reason_is_given,
)
from jiuzhu.rooms.verification.rules.guards import text_of
from jiuzhu.rooms.verification.states import (
    ORDERS,
    AttemptKind,
    ItemState,
    Occasion,
    OrderState,
    SignatureState,
    SignerRole,
)


def request_order(
    *,
    actor: Actor,
    at: datetime,
    household_id: int,
    mandate_id: int,
    programmes: Collection[str],
    occasion: Occasion,
    purpose: str,
    asking_office: str,
    occasion_id: int | None = None,
    entrustment_id: int | None = None,
    batch_id: int | None = None,
) -> int:
    """Order the verification of a household under a mandate; returns the order's id.

    Raises:
        PermissionRefused, OutOfScope: the actor may not, or something is not the actor's.
        InvalidValue: no purpose. RuleRefused: mandate or entrustment do not cover it.
        Conflict: this application or review has an order that is not finished.
    """
    permission = Permission.ORDER_REQUEST if batch_id is None else Permission.BATCH_ORDER
    with one_step(actor, permission, at) as today:
        mandate = Mandate.objects.filter(pk=mandate_id, household_id=household_id).first()
        if mandate is None:
            raise OutOfScope
        actor.require_scope(mandate.division_code)
        refuse(
            _mandate_covers(mandate, programmes, occasion, today),
            _is_entrusted(entrustment_id, programmes, mandate.division_code, today),
        )
        said = text_of(purpose, "purpose", "用途", "what it is for", longest=200)
        count = Order.objects.filter(household_id=household_id).count() + 1
        try:
            with transaction.atomic():
                row = Order.objects.create(
                    number=f"HD{mandate.division_code[:6]}{today:%Y%m%d}{household_id:08d}{count:02d}",
                    division_code=mandate.division_code,
                    state=OrderState.REQUESTED.value,
                    household_id=household_id,
                    mandate=mandate,
                    entrustment_id=entrustment_id,
                    batch_id=batch_id,
                    programmes=sorted(programmes),
                    occasion=occasion.value,
                    occasion_id=occasion_id,
                    purpose=said,
                    asking_office=text_of(asking_office, "asking_office", "查询单位", "who asks", longest=100),
                    requested_at=at,
                    requested_by_name=actor.name,
                    start_due_on=due_on("verification_start_wd", mandate.division_code, today),
                )
        except IntegrityError:
            raise Conflict(
                "verification.order.twice",
                "该事项已有未办结的核对委托，请直接查看",
                "There is an order for this already that is not finished; open that one.",
            ) from None
        tell_of(actor, at, row, "request", None)
        return row.pk


def start_order(*, actor: Actor, at: datetime, order_id: int) -> int:
    """Start an order: one item for each person, source and item that the mandate covers. Returns how many.

    Sources over HTTP and by files are asked by the program; a source whose officer answers has the question at once.

    Raises:
        PermissionRefused, OutOfScope, TransitionRefused (not requested).
        RuleRefused: a member has not signed.
    """
    with one_step(actor, Permission.ORDER_START, at) as today:
        row = order_of(actor, order_id)
        before = OrderState(row.state)
        transition = ORDERS.plan(before, "start")
        signatures = list(Signature.objects.filter(mandate_id=row.mandate_id).select_related("person"))
        members = [one for one in signatures if one.role == SignerRole.MEMBER.value and one.person.died_on is None]
        refuse(every_member_has_authorised([(one.person.name, SignatureState(one.state)) for one in members]))
        signed = [one.person_id for one in signatures if one.state == SignatureState.SIGNED.value]
        home = subjects(actor=actor, on=today, household_id=row.household_id, further=signed, numbers=True)
        asked = [one for one in home.persons if one.id in set(signed)]
        items = Item.objects.bulk_create(_items(row, asked, at, today))
        _put_to_officers(items, at, today)
        row.started_at, row.started_by_name = at, actor.name
        row.due_on = due_on("verification_report_wd", row.division_code, today)
        row.state = transition.to_state.value
        row.save()
        tell_of(actor, at, row, "start", before)
        return len(items)


def reject_order(*, actor: Actor, at: datetime, order_id: int, reason: str) -> None:
    """Send an order back to who requested it.

    Raises:
        PermissionRefused, OutOfScope, TransitionRefused (not requested), RuleRefused (no reason), InvalidValue.
    """
    with one_step(actor, Permission.ORDER_REJECT, at):
        row = order_of(actor, order_id)
        before = OrderState(row.state)
        transition = ORDERS.plan(before, "reject")
        refuse(reason_is_given(reason))
        _end(row, at, transition.to_state, text_of(reason, "reason", "原因", "the reason", longest=400))
        tell_of(actor, at, row, "reject", before, reason=row.reason)


def stop_order(*, actor: Actor, at: datetime, order_id: int) -> None:
    """Stop an order because somebody withdrew; what is not answered yet stays unknown.

    Raises:
        PermissionRefused, OutOfScope, TransitionRefused, RuleRefused (nobody withdrew).
    """
    with one_step(actor, Permission.ORDER_STOP, at):
        row = order_of(actor, order_id)
        before = OrderState(row.state)
        transition = ORDERS.plan(before, "stop")
        states = Signature.objects.filter(mandate_id=row.mandate_id).values_list("state", flat=True)
        refuse(authorisation_was_withdrawn(map(SignatureState, states)))
        zh, en = CAUSES[Cause.WITHDRAWN]
        open_states = [ItemState.PREPARED.value, ItemState.SENT.value]
        Item.objects.filter(order=row, state__in=open_states).update(
            state=ItemState.UNAVAILABLE.value, cause=Cause.WITHDRAWN.value, message_zh=zh, message_en=en
        )
        Item.objects.filter(order=row, next_at__isnull=False).update(next_at=None)
        Attempt.objects.filter(item__order=row, ended_at=None).update(ended_at=at, outcome=Cause.WITHDRAWN.value)
        _end(row, at, transition.to_state, zh)
        tell_of(actor, at, row, "stop", before, reason=zh)


def expire_orders(*, actor: Actor, at: datetime, most: int = 500) -> int:
    """Record that reports whose validity is over no longer hold, at most `most` orders; returns how many.

    Raises:
        PermissionRefused: the actor may not.
    """
    with one_step(actor, Permission.ORDER_EXPIRE, at) as today:
        over = (
            Order.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(state=OrderState.REPORTED.value, reports__valid_to__lt=today)
            .exclude(reports__valid_to__gte=today)
            .exclude(reports__valid_to=None)
            .order_by("id")
        )
        rows = list({row.pk: row for row in over[:most]}.values())
        for row in rows:
            row.state = ORDERS.plan(OrderState.REPORTED, "expire").to_state.value
            row.ended_at = at
            row.save()
            tell_of(actor, at, row, "expire", OrderState.REPORTED)
        return len(rows)


def attempt_key(item_id: int, number: int) -> str:
    """The name of an attempt for ever."""
    return f"item-{item_id:010d}-{number:03d}"


def _items(order: Order, people: Iterable[SubjectView], at: datetime, today: date) -> list[Item]:
    wanted = set(order.mandate.items)
    dues: dict[str, date | None] = {}
    found: list[Item] = []
    for name, connector in connectors().items():
        source = connector.source
        for one in source.items:
            if f"{name}.{one.name}" not in wanted:
                continue
            due = dues.setdefault(source.deadline, due_on(source.deadline, order.division_code, today))
            found.extend(_item(order, person, source, one.name, due, at, today) for person in people)
    return found + _not_connected(order, people, wanted, today)


def _item(
    order: Order, person: SubjectView, source: Source, item: str, due: date | None, at: datetime, today: date
) -> Item:
    return Item(
        order=order,
        division_code=order.division_code,
        person_id=person.id,
        source=source.name,
        item=item,
        department=source.department,
        state=ItemState.PREPARED.value,
        subject=_sealed(person),
        day=today,
        due_on=due,
        next_at=None if source.transport is Transport.MANUAL else at,
    )


def _not_connected(order: Order, people: Iterable[SubjectView], wanted: Collection[str], today: date) -> list[Item]:
    """What was agreed to and can no longer be asked; it is written down, and unknown."""
    known = {f"{name}.{one.name}" for name, each in connectors().items() for one in each.source.items}
    return [
        Item(
            order=order,
            division_code=order.division_code,
            person_id=person.id,
            source=key.partition(".")[0],
            item=key.partition(".")[2],
            department="",
            state=ItemState.PREPARED.value,
            subject=_sealed(person),
            day=today,
        )
        for key in sorted(set(wanted) - known)
        for person in people
    ]


def _sealed(person: SubjectView) -> str:
    said = {"name": person.name, "number": person.number, "birth": person.birth_date.isoformat()}
    return json.dumps(said, ensure_ascii=False)


def _put_to_officers(items: Iterable[Item], at: datetime, today: date) -> None:
    """Questions that an officer answers are sent by being there; what is not connected is unknown at once."""
    manual = {name for name, one in connectors().items() if one.source.transport is Transport.MANUAL}
    sent = [one for one in items if one.source in manual]
    for one in sent:
        one.state, one.attempts, one.asked_at = ItemState.SENT.value, 1, at
    lost = [one for one in items if one.source not in connectors()]
    zh, en = CAUSES[Cause.NOT_CONNECTED]
    for one in lost:
        one.state, one.cause = ItemState.UNAVAILABLE.value, Cause.NOT_CONNECTED.value
        one.message_zh, one.message_en = zh, en
    Attempt.objects.bulk_create(
        Attempt(
            item=one,
            division_code=one.division_code,
            person_id=one.person_id,
            department=one.department,
            key=attempt_key(one.pk, 1),
            kind=AttemptKind.FIRST.value,
            day=today,
            asked_at=at,
        )
        for one in sent
    )
    Item.objects.bulk_update([*sent, *lost], ["state", "attempts", "asked_at", "cause", "message_zh", "message_en"])


def _mandate_covers(
    mandate: Mandate, programmes: Collection[str], occasion: Occasion, today: date
) -> RuleRefused | None:
    if not programmes or not set(programmes) <= set(mandate.programmes):
        return RuleRefused(
            "verification.order.programmes",
            "授权书没有覆盖所选的救助制度，请重新签署授权书",
            "The mandate does not cover the programmes; a new one must be signed.",
            field="programmes",
        )
    if not mandate.valid_from <= today <= mandate.valid_to:
        return RuleRefused(
            "verification.order.period",
            "授权书不在有效期内，请重新签署授权书",
            "The mandate is not in force today; a new one must be signed.",
            field="mandate_id",
        )
    if occasion is not Occasion.APPLICATION and not mandate.covers_reviews:
        return RuleRefused(
            "verification.order.reviews",
            "授权书不包括以后的定期核查，请重新签署授权书",
            "The mandate does not cover later checks; a new one must be signed.",
            field="mandate_id",
        )
    return None


def _is_entrusted(
    entrustment_id: int | None, programmes: Collection[str], division: str, today: date
) -> RuleRefused | None:
    leads = other_leads(programmes, division, today)
    if entrustment_id is None and not leads:
        return None
    if entrustment_id is not None:
        row = Entrustment.objects.filter(pk=entrustment_id).first()
        if row is None:
            raise OutOfScope
        alive = row.ended_at is None and row.valid_from <= today <= row.valid_to
        if alive and set(programmes) <= set(row.programmes):
            return None
    return RuleRefused(
        "verification.order.entrustment",
        "这些救助制度由其他部门牵头，需要该单位的有效委托",
        "Other departments lead these programmes: an entrustment of theirs that is in force is needed.",
        field="entrustment_id",
    )


def _end(row: Order, at: datetime, state: OrderState, reason: str) -> None:
    row.ended_at, row.reason, row.state = at, reason, state.value
    row.save()


def order_of(actor: Actor, order_id: int) -> Order:
    """An order of the actor's area, locked.

    Raises:
        OutOfScope: there is none.
    """
    row = Order.objects.select_for_update(of=("self",)).select_related("mandate").filter(pk=order_id).first()
    if row is None:
        raise OutOfScope
    actor.require_scope(row.division_code)
    return row


def tell_of(actor: Actor, at: datetime, row: Order, verb: str, before: OrderState | None, *, reason: str = "") -> None:
    """Log a step of an order and publish it; `before` None is its birth."""
    tell(
        actor,
        at,
        "order",
        row.pk,
        verb,
        None if before is None else ORDERS.plan(before, verb),
        before,
        division=row.division_code,
        to_state=OrderState.REQUESTED if before is None else None,
        reason=reason,
        household_id=row.household_id,
    )
