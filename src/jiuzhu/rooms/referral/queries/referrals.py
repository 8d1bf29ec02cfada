"""Reading referrals: an office those of its area, a department those sent to it, a household its own."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q

from jiuzhu.core.actors import Actor, OutOfScope
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.core.errors import InvalidValue
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.rooms.referral.models import Referral
from jiuzhu.rooms.referral.permissions import Permission
from jiuzhu.rooms.referral.states import Need, ReceiverKind, ReferralState

_LARGEST_PAGE = 200
_OPEN = (ReferralState.SENT.value, ReferralState.TAKEN.value)


@dataclass(frozen=True, slots=True)
class ReferralView:
    """One referral without what is said of the person."""

    id: int
    division: DivisionCode
    state: ReferralState
    household_id: int
    person_id: int | None
    need: Need
    programme: str
    receiver_kind: ReceiverKind
    receiver_department: str
    receiver_name: str
    recognised: tuple[str, ...]
    proposed_at: datetime
    sent_at: datetime | None
    due_on: date | None
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class ReferralDetail:
    """One referral with everything; a department finds what it needs in `shared` alone and no `detail`."""

    referral: ReferralView
    detail: str
    fields: tuple[str, ...]
    covers: tuple[ReceiverKind, ...]
    consented_at: datetime | None
    consented_by_name: str
    consent_evidence: str
    shared: Mapping[str, str]
    proposed_by_name: str
    sent_by_name: str
    answered_at: datetime | None
    answered_by_name: str
    outcome: str


@dataclass(frozen=True, slots=True)
class ReferralPage:
    """Referrals, the newest first; `next_after` is the id to go on from, None at the end."""

    rows: tuple[ReferralView, ...]
    next_after: int | None


@dataclass(frozen=True, slots=True)
class UnmetNeed:
    """How many needs of a kind nobody has met in a place: what charities are told, without any person."""

    need: Need
    count: int


def referrals(
    *,
    actor: Actor,
    at: datetime,
    state: ReferralState | None = None,
    need: Need | None = None,
    household_id: int | None = None,
    overdue: bool = False,
    after: int | None = None,
    size: int = 50,
) -> ReferralPage:
    """A page of the referrals that the actor may see; `overdue` those whose answer is late.

    Raises:
        PermissionRefused: the actor may not see referrals.
        InvalidValue: the page is too large.
    """
    actor.require(Permission.REFERRAL_VIEW)
    if not 1 <= size <= _LARGEST_PAGE:
        raise InvalidValue("page.size", f"每页1至{_LARGEST_PAGE}条", f"1 to {_LARGEST_PAGE} rows a page.", field="size")
    wanted = Q()
    if state is not None:
        wanted &= Q(state=state.value)
    if need is not None:
        wanted &= Q(need=need.value)
    if household_id is not None:
        wanted &= Q(household_id=household_id)
    if overdue:
        wanted &= Q(state__in=_OPEN, due_on__lt=at.date())
    if after is not None:
        wanted &= Q(id__lt=after)
    with acting(actor, today=at.date()):
        rows = Referral.objects.filter(wanted).defer("shared", "detail", "outcome").order_by("-id")
        found = list(rows[: size + 1])
    views = tuple(map(_view, found[:size]))
    return ReferralPage(views, views[-1].id if len(found) > size else None)


def referral(*, actor: Actor, at: datetime, referral_id: int) -> ReferralDetail:
    """One referral.

    Raises:
        PermissionRefused, OutOfScope: the actor may not see it.
    """
    actor.require(Permission.REFERRAL_VIEW)
    with acting(actor, today=at.date()):
        row = Referral.objects.filter(pk=referral_id).first()
    if row is None:
        raise OutOfScope
    outside = actor.scope.department is not None
    return ReferralDetail(
        _view(row),
        "" if outside else row.detail or "",
        tuple(row.fields),
        tuple(map(ReceiverKind, row.covers)),
        row.consented_at,
        "" if outside else row.consented_by_name,
        row.consent_evidence,
        json.loads(row.shared) if row.shared else {},
        row.proposed_by_name,
        row.sent_by_name,
        row.answered_at,
        row.answered_by_name,
        row.outcome or "",
    )


def unmet_needs(*, actor: Actor, at: datetime, division: DivisionCode) -> tuple[UnmetNeed, ...]:
    """What is needed in a place and nobody has met, by kind, the most first.

    Raises:
        PermissionRefused: the actor may not see referrals.
    """
    actor.require(Permission.REFERRAL_VIEW)
    lo, hi = division.range
    with acting(actor, today=at.date()):
        found = (
            Referral.objects.filter(state=ReferralState.UNMET.value, division_code__gte=lo, division_code__lt=hi)
            .values("need")
            .annotate(count=Count("id"))
            .order_by("-count", "need")
        )
        return tuple(UnmetNeed(Need(one["need"]), one["count"]) for one in found)


def _view(row: Referral) -> ReferralView:
    return ReferralView(
        id=row.pk,
        division=DivisionCode(row.division_code),
        state=ReferralState(row.state),
        household_id=row.household_id,
        person_id=row.person_id,
        need=Need(row.need),
        programme=row.programme,
        receiver_kind=ReceiverKind(row.receiver_kind),
        receiver_department=row.receiver_department,
        receiver_name=row.receiver_name,
        recognised=tuple(row.recognised),
        proposed_at=row.proposed_at,
        sent_at=row.sent_at,
        due_on=row.due_on,
        closed_at=row.closed_at,
    )
