"""Objections to results: filed with evidence, put to the source, decided by an officer on what it says (S13).

Law: 民发〔2021〕57号 art. 18; 政务数据共享条例 art. 26. While a result is disputed it is not believed.
"""

from datetime import datetime

from jiuzhu.core.actors import Actor, ActorKind, OutOfScope, system_actor
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.core.errors import RuleRefused
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.groundwork.files.actions import FileOwner, accept_upload
from jiuzhu.rooms.verification.actions.steps import one_step, refuse, tell
from jiuzhu.rooms.verification.models import Dispute, Item, Reply
from jiuzhu.rooms.verification.permissions import Permission
from jiuzhu.rooms.verification.ports import Transport, connectors
from jiuzhu.rooms.verification.queries.claims import answer_of
from jiuzhu.rooms.verification.queries.files import DISPUTE_FILES
from jiuzhu.rooms.verification.queries.terms import due_on
from jiuzhu.rooms.verification.rules import evidence_is_filed, reason_is_given
from jiuzhu.rooms.verification.rules.guards import text_of
from jiuzhu.rooms.verification.states import ITEMS, DisputeState, ItemState


def dispute_item(
    *,
    actor: Actor,
    at: datetime,
    item_id: int,
    statement: str,
    filed_by: str = "",
    evidence: tuple[bytes, str] | None = None,
) -> int:
    """Object to a result, as the person or for them; the source is asked again. Returns the dispute's id.

    `evidence` is a file (bytes and name). The source has the term of 政务数据共享条例 art. 26.

    Raises:
        PermissionRefused, OutOfScope, InvalidValue (nothing is said, or too much; the file is refused).
        TransitionRefused: there is no answer, or it is disputed or was checked before.
    """
    with one_step(actor, Permission.ITEM_DISPUTE, at) as today:
        row = _item(actor, item_id)
        before = ItemState(row.state)
        ITEMS.plan(before, "dispute")
        reply = Reply.objects.filter(item_id=item_id).order_by("-version").first()
        if reply is None:
            raise OutOfScope
        made = Dispute.objects.create(
            item=row,
            division_code=row.division_code,
            person_id=row.person_id,
            department=row.department,
            state=DisputeState.FILED.value,
            reply=reply,
            statement=text_of(statement, "statement", "异议理由", "what is wrong", longest=2000),
            filed_at=at,
            filed_by_name=(filed_by.strip() or actor.name)[:64],
            due_on=due_on("data_correction_wd", row.division_code, today),
        )
        if evidence is not None:
            owner = FileOwner(DISPUTE_FILES, made.pk, DivisionCode(row.division_code), person_id=row.person_id)
            accept_upload(actor=actor, at=at, content=evidence[0], name=evidence[1], owner=owner)
        source = connectors().get(row.source)
        asked = source is not None and source.source.transport is not Transport.MANUAL
        row.next_at = at if asked else None
        _step(actor, at, row, "dispute", before, "")
        return made.pk


def correct_item(*, actor: Actor, at: datetime, dispute_id: int, reason: str) -> None:
    """Let what the source said when it was asked again take the place of its first answer.

    Raises:
        PermissionRefused, OutOfScope, TransitionRefused (not disputed), InvalidValue (too long).
        RuleRefused: the source has not answered, says the same as before, or no reason is given.
    """
    with one_step(actor, Permission.ITEM_CORRECT, at):
        row, item = _open_dispute(actor, dispute_id)
        refuse(evidence_is_filed(recheck_filed=row.recheck_id is not None, reason=reason), _says_otherwise(row))
        _decide(actor, at, row, item, "correct", DisputeState.CORRECTED, reason)


def uphold_item(*, actor: Actor, at: datetime, dispute_id: int, reason: str) -> None:
    """Keep a result that was checked again, and say why; the family may still show that it is wrong elsewhere.

    Raises:
        PermissionRefused, OutOfScope, TransitionRefused (not disputed), InvalidValue (too long).
        RuleRefused: the source has not answered, or no reason is given.
    """
    with one_step(actor, Permission.ITEM_UPHOLD, at):
        row, item = _open_dispute(actor, dispute_id)
        refuse(evidence_is_filed(recheck_filed=row.recheck_id is not None, reason=reason), reason_is_given(reason))
        _decide(actor, at, row, item, "uphold", DisputeState.UPHELD, reason)


def _says_otherwise(row: Dispute) -> RuleRefused | None:
    if row.recheck is None or answer_of(row.recheck).records != answer_of(row.reply).records:
        return None
    return RuleRefused(
        "verification.dispute.same",
        "来源单位复核后的结果与原结果相同，没有可更正的内容",
        "The source says the same as before: there is nothing to correct.",
    )


def _decide(actor: Actor, at: datetime, row: Dispute, item: Item, verb: str, state: DisputeState, reason: str) -> None:
    row.reason = text_of(reason, "reason", "办理说明", "the reason", longest=400)
    row.decided_at, row.decided_by_name, row.state = at, actor.name, state.value
    row.save()
    item.next_at, item.cause, item.message_zh, item.message_en = None, "", "", ""
    _step(actor, at, item, verb, ItemState(item.state), row.reason)


def _step(actor: Actor, at: datetime, row: Item, verb: str, before: ItemState, reason: str) -> None:
    transition = ITEMS.plan(before, verb)
    row.state = transition.to_state.value
    if actor.kind is ActorKind.CITIZEN:
        # a citizen writes the objection; the item is the office's, and moves by the office's own rule
        with acting(system_actor("核对异议登记")):
            row.save()
    else:
        row.save()
    tell(
        actor,
        at,
        "item",
        row.pk,
        verb,
        transition,
        before,
        division=row.division_code,
        reason=reason,
        person_id=row.person_id,
        department=row.department or None,
    )


def _open_dispute(actor: Actor, dispute_id: int) -> tuple[Dispute, Item]:
    row = (
        Dispute.objects.select_for_update(of=("self",)).select_related("reply", "recheck").filter(pk=dispute_id).first()
    )
    if row is None:
        raise OutOfScope
    item = _item(actor, row.item_id)
    ITEMS.plan(ItemState(item.state), "uphold")
    return row, item


def _item(actor: Actor, item_id: int) -> Item:
    rows = Item.objects.filter(pk=item_id)
    row = (rows if actor.kind is ActorKind.CITIZEN else rows.select_for_update()).first()
    if row is None:
        raise OutOfScope
    if actor.kind is ActorKind.STAFF:
        actor.require_scope(row.division_code)
    return row
