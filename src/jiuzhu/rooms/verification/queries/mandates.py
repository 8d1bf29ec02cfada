"""Mandates and entrustments as pages show them."""

from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Q

from jiuzhu.core.actors import Actor, OutOfScope
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.rooms.verification.models import Entrustment, Mandate, Signature
from jiuzhu.rooms.verification.permissions import Permission
from jiuzhu.rooms.verification.states import (
    EntrustmentState,
    SignatureMethod,
    SignatureState,
    SignedBy,
    SignerRole,
)


@dataclass(frozen=True, slots=True)
class SignatureView:
    """One person's part. A citizen sees only those of themselves and their wards."""

    person_id: int
    name: str = field(repr=False)
    role: SignerRole
    necessity: str
    state: SignatureState
    signed_by: SignedBy | None
    signer_name: str = field(repr=False)
    method: SignatureMethod | None
    signed_at: datetime | None
    ended_at: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class MandateView:
    """A mandate with its signatures; `in_force` on the day asked: signed by all members, and within its period."""

    id: int
    number: str
    division: DivisionCode
    household_id: int
    programmes: tuple[str, ...]
    purpose: str
    items: tuple[str, ...]
    valid_from: date
    valid_to: date
    covers_reviews: bool
    text_version: str
    text: str
    sha256: str
    drawn_up_at: datetime
    drawn_up_by_name: str
    signatures: tuple[SignatureView, ...]
    in_force: bool


@dataclass(frozen=True, slots=True)
class EntrustmentView:
    """An entrustment; `in_force` on the day asked."""

    id: int
    division: DivisionCode
    state: EntrustmentState
    unit_name: str
    department: str
    programmes: tuple[str, ...]
    document_number: str
    valid_from: date
    valid_to: date
    recorded_by_name: str
    reason: str
    in_force: bool


def mandate(*, actor: Actor, at: datetime, mandate_id: int) -> MandateView:
    """One mandate.

    Raises:
        PermissionRefused, OutOfScope: the actor may not see it.
    """
    actor.require(Permission.MANDATE_VIEW)
    found = _mandates(actor, at.date(), Q(pk=mandate_id))
    if not found:
        raise OutOfScope
    return found[0]


def mandates_of_household(*, actor: Actor, at: datetime, household_id: int) -> tuple[MandateView, ...]:
    """The mandates of a household, the newest first.

    Raises:
        PermissionRefused: the actor may not see mandates.
    """
    actor.require(Permission.MANDATE_VIEW)
    return _mandates(actor, at.date(), Q(household_id=household_id))


def entrustments(*, actor: Actor, at: datetime, only_in_force: bool = False) -> tuple[EntrustmentView, ...]:
    """The entrustments of the actor's area, the newest first, at most 200.

    Raises:
        PermissionRefused: the actor may not see entrustments.
    """
    actor.require(Permission.ENTRUSTMENT_VIEW)
    on = at.date()
    wanted = Q()
    if only_in_force:
        wanted = Q(state=EntrustmentState.IN_FORCE.value, valid_from__lte=on, valid_to__gte=on)
    with acting(actor, today=on):
        return tuple(_entrustment(row, on) for row in Entrustment.objects.filter(wanted).order_by("-id")[:200])


def _mandates(actor: Actor, on: date, wanted: Q) -> tuple[MandateView, ...]:
    with acting(actor, today=on):
        rows = list(Mandate.objects.filter(wanted).order_by("-id")[:100])
        signatures: dict[int, list[Signature]] = {row.pk: [] for row in rows}
        found = Signature.objects.filter(mandate_id__in=signatures).select_related("person")
        for one in found.order_by("role", "person_id"):
            signatures[one.mandate_id].append(one)
        return tuple(_mandate(row, signatures[row.pk], on) for row in rows)


def _mandate(row: Mandate, signatures: list[Signature], on: date) -> MandateView:
    members = [one for one in signatures if one.role == SignerRole.MEMBER.value and one.person.died_on is None]
    return MandateView(
        id=row.pk,
        number=row.number,
        division=DivisionCode(row.division_code),
        household_id=row.household_id,
        programmes=tuple(row.programmes),
        purpose=row.purpose,
        items=tuple(row.items),
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        covers_reviews=row.covers_reviews,
        text_version=row.text_version,
        text=row.text,
        sha256=row.sha256,
        drawn_up_at=row.drawn_up_at,
        drawn_up_by_name=row.drawn_up_by_name,
        signatures=tuple(_signature(one) for one in signatures),
        in_force=row.valid_from <= on <= row.valid_to
        and bool(members)
        and all(one.state == SignatureState.SIGNED.value for one in members),
    )


def _signature(row: Signature) -> SignatureView:
    return SignatureView(
        person_id=row.person_id,
        name=row.person.name,
        role=SignerRole(row.role),
        necessity=row.necessity,
        state=SignatureState(row.state),
        signed_by=SignedBy(row.signed_by) if row.signed_by else None,
        signer_name=row.signer_name,
        method=SignatureMethod(row.method) if row.method else None,
        signed_at=row.signed_at,
        ended_at=row.ended_at,
        reason=row.reason,
    )


def _entrustment(row: Entrustment, on: date) -> EntrustmentView:
    state = EntrustmentState(row.state)
    return EntrustmentView(
        id=row.pk,
        division=DivisionCode(row.division_code),
        state=state,
        unit_name=row.unit_name,
        department=row.department,
        programmes=tuple(row.programmes),
        document_number=row.document_number,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        recorded_by_name=row.recorded_by_name,
        reason=row.reason,
        in_force=state is EntrustmentState.IN_FORCE and row.valid_from <= on <= row.valid_to,
    )
