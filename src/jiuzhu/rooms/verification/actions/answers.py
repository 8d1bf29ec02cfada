"""What officers do with items: ask again, record as unknown, answer for their department."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from jiuzhu.core.actors import Actor, ActorKind, OutOfScope, system_actor
from jiuzhu.core.errors import InvalidValue
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.rooms.verification.actions.asking import question_of, write_outcomes
from jiuzhu.rooms.verification.actions.orders import attempt_key
from jiuzhu.rooms.verification.actions.steps import one_step, refuse, tell
from jiuzhu.rooms.verification.models import Attempt, Item, Order
from jiuzhu.rooms.verification.permissions import Permission
from jiuzhu.rooms.verification.ports import CAUSES, Cause, ManualConnector, Transport, Unavailable, connector
from jiuzhu.rooms.verification.queries.claims import covered_items, open_disputes
from jiuzhu.rooms.verification.rules import cause_is_named, item_is_within_the_authorisation, reason_is_given
from jiuzhu.rooms.verification.rules.guards import text_of
from jiuzhu.rooms.verification.states import ITEMS, AttemptKind, ItemState, SignatureState

# a department answers questions and sees no orders: whether a mandate covers the question is looked up for it
_CHECKER = system_actor("核对授权核验")


def ask_again(*, actor: Actor, at: datetime, item_id: int) -> None:
    """Have an unavailable item asked again now; an officer's source has the question anew.

    Raises:
        PermissionRefused, OutOfScope, TransitionRefused (it has an answer, or is being asked).
        RuleRefused: the mandate does not cover it (any more).
    """
    with one_step(actor, Permission.ITEM_SEND, at) as today:
        row = _item(actor, item_id)
        before = ItemState(row.state)
        transition = ITEMS.plan(before, "send")
        _require_covered(row, today)
        if connector(row.source).source.transport is Transport.MANUAL:
            row.state, row.asked_at = transition.to_state.value, at
            row.attempts += 1
            _begin(row, AttemptKind.RETRY, at, today)
        row.next_at = None if row.state == ItemState.SENT.value else at
        row.save()
        tell(
            actor,
            at,
            "item",
            row.pk,
            "ask_again",
            None,
            None,
            division=row.division_code,
            to_state=ItemState(row.state),
        )


def mark_unavailable(*, actor: Actor, at: datetime, item_id: int, cause: Cause, reason: str) -> None:
    """Record that a source cannot be asked or does not answer: the item is unknown.

    Raises:
        PermissionRefused, OutOfScope, TransitionRefused (it has an answer), RuleRefused (no reason), InvalidValue.
    """
    with one_step(actor, Permission.ITEM_MARK_UNAVAILABLE, at):
        row = _item(actor, item_id)
        before = ItemState(row.state)
        transition = ITEMS.plan(before, "mark_unavailable")
        refuse(cause_is_named(cause.value), reason_is_given(reason))
        said = text_of(reason, "reason", "原因", "the reason", longest=200)
        zh, en = CAUSES[cause]
        row.cause, row.message_zh, row.message_en = cause.value, f"{zh}：{said}", f"{en}: {said}"
        row.state, row.next_at = transition.to_state.value, None
        row.save()
        Attempt.objects.filter(item=row, ended_at=None).update(ended_at=at, outcome=cause.value)
        _tell(actor, at, row, transition.verb, before, said)


def answer_item(
    *,
    actor: Actor,
    at: datetime,
    item_id: int,
    rows: Sequence[Mapping[str, str]],
    data_as_of: date,
    reference: str,
) -> None:
    """Answer a question as the officer of the department that is asked; no rows is “none found”.

    A question whose deadline has passed may still be answered while it is unknown. One that somebody disputes is
    answered too: what the department says now is put beside what it said.

    Raises:
        PermissionRefused, OutOfScope: the actor may not, or the question is not the department's.
        InvalidValue: the entry is wrong; names row and field, and nothing is kept.
        TransitionRefused: it has an answer that nobody disputes. RuleRefused: the mandate does not cover it any more.
    """
    with one_step(actor, Permission.ITEM_ANSWER, at) as today:
        row = _item(actor, item_id)
        source = connector(row.source)
        if not isinstance(source, ManualConnector):
            raise InvalidValue(
                "verification.item.not_manual",
                "该来源单位由系统自动查询，无需人工答复",
                "The program asks this source itself; nothing is entered by hand.",
            )
        attempt = Attempt.objects.select_for_update().filter(item=row, ended_at=None).first()
        if attempt is None:
            attempt = _late(row, at, today)
        disputed = open_disputes([row.pk]).get(row.pk, (None, ()))
        attempt.item = row
        question = question_of(attempt, *disputed)
        outcome = source.read_reply(question, rows, data_as_of=data_as_of, reference=reference, at=at)
        if isinstance(outcome, Unavailable):
            raise InvalidValue("verification.answer.entry", outcome.message_zh, outcome.message_en, field="rows")
        before = ItemState(row.state)
        write_outcomes(at=at, source=row.source, outcomes={attempt.pk: outcome}, answered_by=actor.name)
        row.refresh_from_db(fields=["state"])
        tell(
            actor,
            at,
            "item",
            row.pk,
            "answer",
            None,
            before,
            division=row.division_code,
            to_state=ItemState(row.state),
            department=row.department,
        )


def _late(row: Item, at: datetime, today: date) -> Attempt:
    """The attempt under which something is answered that is unknown, or disputed."""
    kind = AttemptKind.RETRY
    if row.state == ItemState.DISPUTED.value:
        kind = AttemptKind.RECHECK
    else:
        row.state = ITEMS.plan(ItemState(row.state), "send").to_state.value
    _require_covered(row, today)
    row.attempts += 1
    row.asked_at = row.asked_at or at
    # what is answered after its day is still read: the deadline has done its work
    row.due_on = None
    row.save()
    return _begin(row, kind, at, today)


def _begin(row: Item, kind: AttemptKind, at: datetime, today: date) -> Attempt:
    return Attempt.objects.create(
        item=row,
        division_code=row.division_code,
        person_id=row.person_id,
        department=row.department,
        key=attempt_key(row.pk, row.attempts),
        kind=kind.value,
        day=today,
        asked_at=at,
    )


def _require_covered(row: Item, today: date) -> None:
    with acting(_CHECKER):
        covered = row.pk in covered_items([row], today)
    if covered:
        return
    mandate = row.order.mandate
    refuse(
        item_is_within_the_authorisation(
            f"{row.source}.{row.item}",
            mandate.items,
            today,
            mandate.valid_from,
            mandate.valid_to,
            SignatureState.WITHDRAWN,
        )
    )


def _item(actor: Actor, item_id: int) -> Item:
    row = Item.objects.select_for_update().filter(pk=item_id).first()
    if row is None:
        raise OutOfScope
    actor.require_scope(row.division_code)
    if actor.kind is ActorKind.DEPARTMENT and row.department != actor.scope.department:
        raise OutOfScope
    with acting(_CHECKER):
        row.order = Order.objects.select_related("mandate").get(pk=row.order_id)
    return row


def _tell(actor: Actor, at: datetime, row: Item, verb: str, before: ItemState, reason: str) -> None:
    tell(
        actor,
        at,
        "item",
        row.pk,
        verb,
        ITEMS.plan(before, verb),
        before,
        division=row.division_code,
        reason=reason,
        person_id=row.person_id,
    )
