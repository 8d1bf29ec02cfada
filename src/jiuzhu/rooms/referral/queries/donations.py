"""Reading donations."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from jiuzhu.core.actors import Actor, OutOfScope
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.core.errors import InvalidValue
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.rooms.referral.models import Donation
from jiuzhu.rooms.referral.permissions import Permission
from jiuzhu.rooms.referral.states import DonationState, Need

_LARGEST_PAGE = 200


@dataclass(frozen=True, slots=True)
class DonationView:
    """One donation; without a name its donor wants to stay unknown."""

    id: int
    division: DivisionCode
    state: DonationState
    donor_name: str
    donor_contact: str
    intent: str
    need: Need | None
    amount_fen: int | None
    goods: str
    pledged_at: datetime
    received_at: datetime | None
    receipt_number: str
    referral_id: int | None
    use: str
    report: str
    end_reason: str


@dataclass(frozen=True, slots=True)
class DonationPage:
    """Donations, the newest first; `next_after` is the id to go on from, None at the end."""

    rows: tuple[DonationView, ...]
    next_after: int | None


def donations(
    *, actor: Actor, at: datetime, state: DonationState | None = None, after: int | None = None, size: int = 50
) -> DonationPage:
    """A page of the donations of the actor's area.

    Raises:
        PermissionRefused: the actor may not see donations.
        InvalidValue: the page is too large.
    """
    actor.require(Permission.DONATION_VIEW)
    if not 1 <= size <= _LARGEST_PAGE:
        raise InvalidValue("page.size", f"每页1至{_LARGEST_PAGE}条", f"1 to {_LARGEST_PAGE} rows a page.", field="size")
    wanted = Q() if state is None else Q(state=state.value)
    if after is not None:
        wanted &= Q(id__lt=after)
    with acting(actor, today=at.date()):
        found = list(Donation.objects.filter(wanted).order_by("-id")[: size + 1])
    views = tuple(map(_view, found[:size]))
    return DonationPage(views, views[-1].id if len(found) > size else None)


def donation(*, actor: Actor, at: datetime, donation_id: int) -> DonationView:
    """One donation.

    Raises:
        PermissionRefused, OutOfScope: the actor may not see it.
    """
    actor.require(Permission.DONATION_VIEW)
    with acting(actor, today=at.date()):
        row = Donation.objects.filter(pk=donation_id).first()
    if row is None:
        raise OutOfScope
    return _view(row)


def _view(row: Donation) -> DonationView:
    return DonationView(
        id=row.pk,
        division=DivisionCode(row.division_code),
        state=DonationState(row.state),
        donor_name=row.donor_name or "",
        donor_contact=row.donor_contact or "",
        intent=row.intent,
        need=Need(row.need) if row.need else None,
        amount_fen=row.amount_fen,
        goods=row.goods,
        pledged_at=row.pledged_at,
        received_at=row.received_at,
        receipt_number=row.receipt_number,
        referral_id=row.referral_id,
        use=row.use,
        report=row.report,
        end_reason=row.end_reason,
    )
