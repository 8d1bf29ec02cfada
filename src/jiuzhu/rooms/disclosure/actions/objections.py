"""Objections to notices: taken from anyone, looked into, decided on what was found, answered (S18).

Law: 民发〔2021〕57号 art. 37: anonymous objections are looked into too, and one under a real name is always answered.
"""

import secrets
from datetime import datetime

from jiuzhu.core.actors import Actor, OutOfScope
from jiuzhu.rooms.disclosure.actions.steps import one_step, refuse, tell
from jiuzhu.rooms.disclosure.models import Notice, Objection
from jiuzhu.rooms.disclosure.permissions import Permission
from jiuzhu.rooms.disclosure.rules import (
    answer_reaches_somebody,
    can_be_objected_to,
    evidence_is_filed,
    objection_is_anonymous,
    text_of,
)
from jiuzhu.rooms.disclosure.states import OBJECTIONS, Channel, NoticeState, ObjectionState

# no letters or digits that are taken for each other
_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_LENGTH = 10


def submit_objection(
    *,
    actor: Actor,
    at: datetime,
    notice_id: int,
    channel: Channel,
    text: str,
    name: str = "",
    contact: str = "",
) -> str:
    """Take an objection to a notice that is up; without a name it is anonymous. Returns the number to ask by.

    Raises:
        PermissionRefused, OutOfScope: the actor may not, or there is no such notice.
        InvalidValue: nothing is said, or too much; a name without a way to answer.
        RuleRefused: the notice is over.
    """
    with one_step(actor, Permission.OBJECTION_SUBMIT, at):
        notice = Notice.objects.select_for_update().filter(pk=notice_id).first()
        if notice is None:
            raise OutOfScope
        refuse(can_be_objected_to(shown=notice.state in (NoticeState.POSTED, NoticeState.INTERRUPTED)))
        name = name.strip()
        row = Objection.objects.create(
            notice=notice,
            division_code=notice.division_code,
            state=ObjectionState.RECEIVED.value,
            number="".join(secrets.choice(_LETTERS) for _ in range(_LENGTH)),
            channel=channel.value,
            is_anonymous=not name,
            text=text_of(text, "text", "异议内容", "the objection", longest=2000),
            name=text_of(name, "name", "姓名", "the name", longest=100) if name else None,
            contact=text_of(contact, "contact", "联系方式", "how to reach you", longest=200) if name else None,
            received_at=at,
            received_by_name=actor.name,
        )
        tell(actor, at, row, "submit", None, None, to_state=ObjectionState.RECEIVED)
        return row.number


def check_objection(*, actor: Actor, at: datetime, objection_id: int) -> None:
    """Begin to look into an objection.

    Raises:
        PermissionRefused, OutOfScope, TransitionRefused (not new).
    """
    with one_step(actor, Permission.OBJECTION_CHECK, at):
        row = _objection(actor, objection_id)
        transition = OBJECTIONS.plan(ObjectionState(row.state), "check")
        row.state = transition.to_state.value
        row.save()
        tell(actor, at, row, "check", transition, ObjectionState.RECEIVED)


def sustain_objection(*, actor: Actor, at: datetime, objection_id: int, finding: str) -> None:
    """Find an objection founded; the case is investigated anew.

    Raises:
        PermissionRefused, OutOfScope, InvalidValue (too long), TransitionRefused (not in check), RuleRefused (nothing
            was found out).
    """
    _decide(actor, at, objection_id, "sustain", Permission.OBJECTION_SUSTAIN, finding)


def dismiss_objection(*, actor: Actor, at: datetime, objection_id: int, finding: str) -> None:
    """Find an objection unfounded.

    Raises:
        As `sustain_objection`.
    """
    _decide(actor, at, objection_id, "dismiss", Permission.OBJECTION_DISMISS, finding)


def answer_objection(*, actor: Actor, at: datetime, objection_id: int, answer: str) -> None:
    """Answer an objection under a real name.

    Raises:
        PermissionRefused, OutOfScope, InvalidValue (no answer), TransitionRefused (not decided).
        RuleRefused: it is anonymous.
    """
    with one_step(actor, Permission.OBJECTION_ANSWER, at):
        row = _objection(actor, objection_id)
        before = ObjectionState(row.state)
        transition = OBJECTIONS.plan(before, "answer")
        refuse(answer_reaches_somebody(is_anonymous=row.is_anonymous))
        row.answer = text_of(answer, "answer", "答复", "the answer", longest=2000)
        row.answered_at, row.answered_by_name = at, actor.name
        row.state = transition.to_state.value
        row.save()
        tell(actor, at, row, "answer", transition, before)


def close_objection(*, actor: Actor, at: datetime, objection_id: int) -> None:
    """Close an anonymous objection that was decided.

    Raises:
        PermissionRefused, OutOfScope, TransitionRefused (not decided), RuleRefused (it is under a real name).
    """
    with one_step(actor, Permission.OBJECTION_CLOSE, at):
        row = _objection(actor, objection_id)
        before = ObjectionState(row.state)
        transition = OBJECTIONS.plan(before, "close")
        refuse(objection_is_anonymous(is_anonymous=row.is_anonymous))
        row.state = transition.to_state.value
        row.save()
        tell(actor, at, row, "close", transition, before)


def _decide(actor: Actor, at: datetime, objection_id: int, verb: str, permission: Permission, finding: str) -> None:
    with one_step(actor, permission, at):
        row = _objection(actor, objection_id)
        before = ObjectionState(row.state)
        transition = OBJECTIONS.plan(before, verb)
        refuse(evidence_is_filed(finding))
        row.finding = text_of(finding, "finding", "核查结论", "the finding", longest=2000)
        row.checked_at, row.checked_by_account, row.checked_by_name = at, actor.account_id, actor.name
        row.state = transition.to_state.value
        row.save()
        tell(actor, at, row, verb, transition, before)


def _objection(actor: Actor, objection_id: int) -> Objection:
    row = Objection.objects.select_for_update(of=("self",)).select_related("notice").filter(pk=objection_id).first()
    if row is None:
        raise OutOfScope
    actor.require_scope(row.division_code)
    return row
