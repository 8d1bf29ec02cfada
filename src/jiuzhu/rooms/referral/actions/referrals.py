"""Referrals: proposed, agreed to, sent with the fields agreed to, answered by the receiver, told back (S05 S09)."""

import json
from collections.abc import Collection, Mapping
from datetime import datetime

from jiuzhu.core.actors import Actor, ActorKind, OutOfScope
from jiuzhu.core.calendar import WorkCalendar
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.rooms.referral.actions.steps import one_step, refuse, tell
from jiuzhu.rooms.referral.models import Referral
from jiuzhu.rooms.referral.permissions import Permission
from jiuzhu.rooms.referral.queries.terms import term_wd
from jiuzhu.rooms.referral.rules import (
    consent_covers_the_receiver,
    fields_to_share_are_named,
    reason_is_given,
    receiver_is_named,
    text_of,
    values_to_share,
)
from jiuzhu.rooms.referral.states import REFERRALS, Need, ReceiverKind, ReferralState


def propose_referral(
    *,
    actor: Actor,
    at: datetime,
    division: DivisionCode,
    household_id: int,
    person_id: int | None,
    need: Need,
    detail: str,
    receiver_kind: ReceiverKind,
    receiver_name: str,
    receiver_department: str = "",
    programme: str = "",
    recognised: Collection[str] = (),
) -> int:
    """Propose to hand a need over; returns the referral's id.

    Raises:
        PermissionRefused, OutOfScope: the actor may not, or the place is not the actor's.
        InvalidValue: no detail, or too long. RuleRefused: no receiver, or a department that is none.
    """
    with one_step(actor, Permission.REFERRAL_PROPOSE, at):
        actor.require_scope(division)
        refuse(receiver_is_named(receiver_kind, receiver_department, receiver_name))
        row = Referral.objects.create(
            division_code=division.value,
            state=ReferralState.PROPOSED.value,
            household_id=household_id,
            person_id=person_id,
            need=need.value,
            programme=programme,
            detail=text_of(detail, "detail", "需求说明", "what is needed", longest=1000),
            receiver_kind=receiver_kind.value,
            receiver_department=receiver_department,
            receiver_name=text_of(receiver_name, "receiver_name", "接收单位", "the receiver", longest=100),
            recognised=sorted(recognised),
            proposed_at=at,
            proposed_by_account=actor.account_id,
            proposed_by_name=actor.name,
        )
        tell(actor, at, row, "propose", None, None, to_state=ReferralState.PROPOSED)
        return row.pk


def consent_referral(
    *,
    actor: Actor,
    at: datetime,
    referral_id: int,
    fields: Collection[str],
    covers: Collection[ReceiverKind],
    consented_by: str,
    evidence: str,
) -> None:
    """Record who agreed to share what with which kinds of receivers, and how (a signature, a recording).

    Raises:
        PermissionRefused, OutOfScope, InvalidValue (who or how is missing), TransitionRefused (not proposed).
        RuleRefused: nothing is named, a field does not go to that kind of receiver, or the receiver is not covered.
    """
    with one_step(actor, Permission.REFERRAL_CONSENT, at):
        row = _referral(actor, referral_id)
        before = ReferralState(row.state)
        transition = REFERRALS.plan(before, "consent")
        refuse(
            fields_to_share_are_named(fields, covers),
            consent_covers_the_receiver(ReceiverKind(row.receiver_kind), covers),
        )
        row.fields, row.covers = sorted(fields), sorted(kind.value for kind in covers)
        row.consented_at = at
        row.consented_by_name = text_of(consented_by, "consented_by", "同意人", "who agreed", longest=100)
        row.consent_evidence = text_of(evidence, "evidence", "同意方式", "how they agreed", longest=200)
        row.state = transition.to_state.value
        row.save()
        tell(actor, at, row, "consent", transition, before)


def send_referral(*, actor: Actor, at: datetime, referral_id: int, known: Mapping[str, str]) -> None:
    """Send a referral with the fields agreed to; what else is `known` stays here.

    Raises:
        PermissionRefused, OutOfScope, TransitionRefused (not agreed to).
    """
    with one_step(actor, Permission.REFERRAL_SEND, at) as today:
        row = _referral(actor, referral_id)
        before = ReferralState(row.state)
        transition = REFERRALS.plan(before, "send")
        also = {"recognised": "、".join(row.recognised), "need": row.detail or ""}
        values = values_to_share(row.fields, {**known, **also})
        row.shared = json.dumps(values, ensure_ascii=False)
        row.sent_at, row.sent_by_name = at, actor.name
        term = term_wd("referral_answer_wd", DivisionCode(row.division_code), today)
        row.due_on = None if term is None else WorkCalendar.packaged().add_working_days(today, term).day
        row.state = transition.to_state.value
        row.save()
        tell(actor, at, row, "send", transition, before)


def take_referral(*, actor: Actor, at: datetime, referral_id: int) -> None:
    """Record that the receiver takes it on; a department does so itself.

    Raises:
        PermissionRefused, OutOfScope, TransitionRefused (not sent).
    """
    with one_step(actor, Permission.REFERRAL_TAKE, at) as today:
        row = _referral(actor, referral_id)
        before = ReferralState(row.state)
        transition = REFERRALS.plan(before, "take")
        row.answered_at, row.answered_by_name = at, actor.name
        term = term_wd("referral_feedback_wd", DivisionCode(row.division_code), today)
        row.due_on = None if term is None else WorkCalendar.packaged().add_working_days(today, term).day
        row.state = transition.to_state.value
        row.save()
        tell(actor, at, row, "take", transition, before)


def decline_referral(*, actor: Actor, at: datetime, referral_id: int, reason: str) -> None:
    """Record that the receiver does not take it on, and why.

    Raises:
        PermissionRefused, OutOfScope, InvalidValue (too long), TransitionRefused (not sent), RuleRefused (no reason).
    """
    _answer(actor, at, referral_id, "decline", Permission.REFERRAL_DECLINE, reason)


def fulfil_referral(*, actor: Actor, at: datetime, referral_id: int, outcome: str) -> None:
    """Record the help that was given.

    Raises:
        PermissionRefused, OutOfScope, InvalidValue (nothing is said), TransitionRefused (not taken on).
    """
    _answer(actor, at, referral_id, "fulfil", Permission.REFERRAL_FULFIL, outcome)


def report_unmet_referral(*, actor: Actor, at: datetime, referral_id: int, reason: str) -> None:
    """Record that the need could not be met, and why.

    Raises:
        PermissionRefused, OutOfScope, InvalidValue (too long), TransitionRefused (not taken on).
        RuleRefused: no reason.
    """
    _answer(actor, at, referral_id, "report_unmet", Permission.REFERRAL_REPORT_UNMET, reason)


def resend_referral(
    *,
    actor: Actor,
    at: datetime,
    referral_id: int,
    receiver_kind: ReceiverKind,
    receiver_name: str,
    receiver_department: str = "",
) -> None:
    """Turn to another receiver of a kind that the person agreed to; it is sent anew.

    Raises:
        PermissionRefused, OutOfScope, InvalidValue, TransitionRefused (neither declined nor unmet).
        RuleRefused: no receiver, or a kind that the consent does not cover.
    """
    with one_step(actor, Permission.REFERRAL_RESEND, at):
        row = _referral(actor, referral_id)
        before = ReferralState(row.state)
        transition = REFERRALS.plan(before, "resend")
        refuse(
            receiver_is_named(receiver_kind, receiver_department, receiver_name),
            consent_covers_the_receiver(receiver_kind, map(ReceiverKind, row.covers)),
        )
        row.receiver_kind, row.receiver_department = receiver_kind.value, receiver_department
        row.receiver_name = text_of(receiver_name, "receiver_name", "接收单位", "the receiver", longest=100)
        row.shared, row.outcome, row.due_on = None, None, None
        row.sent_at, row.sent_by_name, row.answered_at, row.answered_by_name, row.closed_at = None, "", None, "", None
        row.state = transition.to_state.value
        row.save()
        tell(actor, at, row, "resend", transition, before)


def withdraw_referral(*, actor: Actor, at: datetime, referral_id: int, reason: str) -> None:
    """Withdraw a referral, as the person may at any time before it has been fulfilled (个人信息保护法 art. 15).

    Raises:
        PermissionRefused, OutOfScope, InvalidValue (too long), TransitionRefused (fulfilled), RuleRefused (no reason).
    """
    with one_step(actor, Permission.REFERRAL_WITHDRAW, at):
        row = _referral(actor, referral_id)
        before = ReferralState(row.state)
        transition = REFERRALS.plan(before, "withdraw")
        refuse(reason_is_given(reason))
        said = text_of(reason, "reason", "原因", "the reason", longest=400)
        row.closed_at = at
        row.state = transition.to_state.value
        row.save()
        tell(actor, at, row, "withdraw", transition, before, reason=said)


def _answer(actor: Actor, at: datetime, referral_id: int, verb: str, permission: Permission, said: str) -> None:
    with one_step(actor, permission, at):
        row = _referral(actor, referral_id)
        before = ReferralState(row.state)
        transition = REFERRALS.plan(before, verb)
        if transition.guard is not None:
            refuse(reason_is_given(said))
        row.outcome = text_of(said, "outcome" if verb == "fulfil" else "reason", "答复内容", "the answer", longest=1000)
        row.answered_at, row.answered_by_name, row.closed_at = at, actor.name, at
        row.state = transition.to_state.value
        row.save()
        tell(actor, at, row, verb, transition, before)


def _referral(actor: Actor, referral_id: int) -> Referral:
    """A referral of the actor's own area, locked; a department sees, and answers, only what was sent to it."""
    row = Referral.objects.select_for_update(of=("self",)).filter(pk=referral_id).first()
    if row is None:
        raise OutOfScope
    actor.require_scope(row.division_code)
    if actor.kind is ActorKind.DEPARTMENT and row.receiver_department != actor.scope.department:
        raise OutOfScope
    return row
