"""Donations: pledged, received with a receipt, used as the donor wants, told back without showing anyone (S05)."""

from collections.abc import Collection
from datetime import datetime

from jiuzhu.core.actors import Actor, OutOfScope
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.rooms.referral.actions.steps import one_step, refuse, tell
from jiuzhu.rooms.referral.models import Donation, Referral
from jiuzhu.rooms.referral.permissions import Permission
from jiuzhu.rooms.referral.rules import (
    amount_or_goods,
    nobody_is_recognisable,
    reason_is_given,
    text_of,
    use_follows_the_intent,
)
from jiuzhu.rooms.referral.states import DONATIONS, DonationState, Need


def pledge_donation(
    *,
    actor: Actor,
    at: datetime,
    division: DivisionCode,
    intent: str,
    need: Need | None = None,
    amount_fen: int | None = None,
    goods: str = "",
    donor_name: str = "",
    donor_contact: str = "",
) -> int:
    """Record what somebody promises to give and what for; without a name the donor stays unknown. Returns its id.

    Raises:
        PermissionRefused, OutOfScope, InvalidValue (no intent). RuleRefused: neither money nor goods, or both.
    """
    with one_step(actor, Permission.DONATION_PLEDGE, at):
        actor.require_scope(division)
        refuse(amount_or_goods(amount_fen, goods))
        row = Donation.objects.create(
            division_code=division.value,
            state=DonationState.PLEDGED.value,
            donor_name=donor_name.strip()[:100] or None,
            donor_contact=donor_contact.strip()[:200] or None,
            intent=text_of(intent, "intent", "捐赠意愿", "what it is for", longest=400),
            need="" if need is None else need.value,
            amount_fen=amount_fen,
            goods=goods.strip()[:400],
            pledged_at=at,
            recorded_by_name=actor.name,
        )
        tell(actor, at, row, "pledge", None, None, to_state=DonationState.PLEDGED)
        return row.pk


def receive_donation(*, actor: Actor, at: datetime, donation_id: int, receipt_number: str = "") -> None:
    """Record that it has arrived, with the number of the receipt that the donor needs for taxes.

    Raises:
        PermissionRefused, OutOfScope, TransitionRefused (not pledged).
    """
    with one_step(actor, Permission.DONATION_RECEIVE, at):
        row = _donation(actor, donation_id)
        before = DonationState(row.state)
        transition = DONATIONS.plan(before, "receive")
        row.received_at, row.receipt_number = at, receipt_number.strip()[:64]
        row.state = transition.to_state.value
        row.save()
        tell(actor, at, row, "receive", transition, before)


def use_donation(*, actor: Actor, at: datetime, donation_id: int, use: str, referral_id: int | None = None) -> None:
    """Record what it was used for; one that is restricted to a need goes to a referral of that need.

    Raises:
        PermissionRefused, OutOfScope (also the referral), InvalidValue (nothing is said), TransitionRefused.
        RuleRefused: it does not follow the donor's intent.
    """
    with one_step(actor, Permission.DONATION_USE, at):
        row = _donation(actor, donation_id)
        before = DonationState(row.state)
        transition = DONATIONS.plan(before, "use")
        helped = None
        if referral_id is not None:
            helped = Referral.objects.filter(pk=referral_id).first()
            if helped is None:
                raise OutOfScope
        refuse(use_follows_the_intent(Need(row.need) if row.need else None, Need(helped.need) if helped else None))
        row.use, row.used_at = text_of(use, "use", "使用情况", "what it was used for", longest=1000), at
        row.referral = helped
        row.state = transition.to_state.value
        row.save()
        tell(actor, at, row, "use", transition, before)


def report_donation(*, actor: Actor, at: datetime, donation_id: int, report: str, names: Collection[str] = ()) -> None:
    """Tell the donor what came of it; `names` are those of the people helped, none of which may be in the report.

    Raises:
        PermissionRefused, OutOfScope, InvalidValue (nothing is said), TransitionRefused (not used).
        RuleRefused: somebody could be recognised.
    """
    with one_step(actor, Permission.DONATION_REPORT, at):
        row = _donation(actor, donation_id)
        before = DonationState(row.state)
        transition = DONATIONS.plan(before, "report")
        refuse(nobody_is_recognisable(report, names))
        row.report, row.reported_at = text_of(report, "report", "反馈内容", "the report", longest=1000), at
        row.state = transition.to_state.value
        row.save()
        tell(actor, at, row, "report", transition, before)


def give_back_donation(*, actor: Actor, at: datetime, donation_id: int, reason: str) -> None:
    """Return a donation that has not been used.

    Raises:
        PermissionRefused, OutOfScope, InvalidValue (too long), TransitionRefused, RuleRefused (no reason).
    """
    _end(actor, at, donation_id, "give_back", Permission.DONATION_GIVE_BACK, reason)


def lapse_donation(*, actor: Actor, at: datetime, donation_id: int, reason: str) -> None:
    """Record that a pledge was not kept.

    Raises:
        PermissionRefused, OutOfScope, InvalidValue (too long), TransitionRefused, RuleRefused (no reason).
    """
    _end(actor, at, donation_id, "lapse", Permission.DONATION_LAPSE, reason)


def _end(actor: Actor, at: datetime, donation_id: int, verb: str, permission: Permission, reason: str) -> None:
    with one_step(actor, permission, at):
        row = _donation(actor, donation_id)
        before = DonationState(row.state)
        transition = DONATIONS.plan(before, verb)
        refuse(reason_is_given(reason))
        row.end_reason = text_of(reason, "reason", "原因", "the reason", longest=400)
        row.state = transition.to_state.value
        row.save()
        tell(actor, at, row, verb, transition, before, reason=row.end_reason)


def _donation(actor: Actor, donation_id: int) -> Donation:
    row = Donation.objects.select_for_update(of=("self",)).filter(pk=donation_id).first()
    if row is None:
        raise OutOfScope
    actor.require_scope(row.division_code)
    return row
