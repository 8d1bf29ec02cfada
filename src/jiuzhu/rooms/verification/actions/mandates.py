"""Mandates: drawn up for a household, signed by each person or the guardian, withdrawn at any time."""

import hashlib
from collections.abc import Collection, Mapping
from datetime import date, datetime

from django.db import IntegrityError, transaction

from jiuzhu.core.actors import Actor, ActorKind, OutOfScope
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.core.errors import Conflict, InvalidValue
from jiuzhu.groundwork.files.actions import FileOwner, accept_upload
from jiuzhu.rooms.registry.queries import SubjectView, subjects
from jiuzhu.rooms.verification.actions.steps import one_step, refuse, tell
from jiuzhu.rooms.verification.models import Attempt, Item, Mandate, Signature
from jiuzhu.rooms.verification.permissions import Permission
from jiuzhu.rooms.verification.ports import CAUSES, Cause, sources
from jiuzhu.rooms.verification.queries.files import SIGNATURE_FILES
from jiuzhu.rooms.verification.queries.terms import programme_names
from jiuzhu.rooms.verification.rules import reason_is_given, the_right_person_signs
from jiuzhu.rooms.verification.rules.guards import text_of
from jiuzhu.rooms.verification.rules.wording import mandate_wording
from jiuzhu.rooms.verification.states import (
    SIGNATURES,
    ItemState,
    SignatureMethod,
    SignatureState,
    SignedBy,
    SignerRole,
)


def draw_up_mandate(
    *,
    actor: Actor,
    at: datetime,
    household_id: int,
    programmes: Collection[str],
    purpose: str,
    valid_from: date,
    valid_to: date,
    covers_reviews: bool,
    items: Collection[str] | None = None,
    supporters: Mapping[int, str] | None = None,
) -> int:
    """Draw up a mandate and ask each member, and each supporter for a stated necessity, to sign. Returns its id.

    `items` are `source.item`; without them every item of every connected source. `supporters` are ids of persons
    outside the household and why they must be asked about.

    Raises:
        PermissionRefused, OutOfScope: the actor may not, or a person is not the actor's.
        InvalidValue: no purpose, programme, item or necessity; an unknown one; an impossible period.
        Conflict: another one was drawn up at the same moment.
    """
    with one_step(actor, Permission.MANDATE_DRAW_UP, at) as today:
        outside = dict(supporters or {})
        home = subjects(actor=actor, on=today, household_id=household_id, further=outside)
        actor.require_scope(home.division_code)
        names = programme_names(programmes, home.division_code, today)
        require_programmes(programmes, names)
        covered = _items(items)
        if valid_to < valid_from:
            raise InvalidValue(
                "verification.mandate.period",
                "授权终止日期早于生效日期，请核对",
                "The mandate ends before it begins; check both days.",
                field="valid_to",
            )
        signers = [one for one in home.persons if one.died_on is None and (one.counts_as_member or one.id in outside)]
        said = text_of(purpose, "purpose", "用途", "what it is for", longest=200)
        count = Mandate.objects.filter(household_id=household_id).count() + 1
        number = f"SQ{home.division_code[:6]}{today:%Y%m%d}{household_id:08d}{count:02d}"
        wording = mandate_wording(
            number=number,
            purpose=said,
            programmes=[zh for zh, _ in names.values()],
            items=_by_source(covered),
            valid_from=valid_from,
            valid_to=valid_to,
            covers_reviews=covers_reviews,
            persons=[one.id for one in signers],
        )
        try:
            with transaction.atomic():
                row = Mandate.objects.create(
                    number=number,
                    division_code=home.division_code,
                    household_id=household_id,
                    programmes=sorted(programmes),
                    purpose=said,
                    items=sorted(covered),
                    valid_from=valid_from,
                    valid_to=valid_to,
                    covers_reviews=covers_reviews,
                    text_version=wording.version,
                    text=wording.text,
                    sha256=wording.sha256,
                    drawn_up_at=at,
                    drawn_up_by_name=actor.name,
                )
        except IntegrityError:
            raise Conflict(
                "verification.mandate.twice",
                "刚刚已为该家庭制作了授权书，请刷新后查看",
                "Somebody drew up a mandate for this household at the same moment; load the page anew.",
            ) from None
        Signature.objects.bulk_create(_signature(row, one, outside) for one in signers)
        tell(
            actor,
            at,
            "mandate",
            row.pk,
            "draw_up",
            None,
            None,
            division=row.division_code,
            to_state=SignatureState.ASKED,
            household_id=household_id,
        )
        return row.pk


def sign_mandate(
    *,
    actor: Actor,
    at: datetime,
    mandate_id: int,
    person_id: int,
    signed_by: SignedBy,
    method: SignatureMethod,
    signer_name: str,
    evidence_sha256: str = "",
) -> None:
    """Record a person's signature. A citizen signs by unified identity, for themselves or for a ward.

    Raises:
        PermissionRefused, OutOfScope, TransitionRefused (signed or withdrawn before).
        InvalidValue: no name, or no picture of the signature. RuleRefused: the wrong person signs.
    """
    with one_step(actor, Permission.MANDATE_SIGN, at) as today:
        row = _signature_of(actor, mandate_id, person_id)
        before = SignatureState(row.state)
        transition = SIGNATURES.plan(before, "sign")
        person = _person(actor, today, row)
        refuse(
            the_right_person_signs(
                signed_by,
                birth=person.birth_date,
                on=today,
                has_guardian=bool(person.guardian_name),
                incapable=bool(person.guardian_name),
            )
        )
        if actor.kind is ActorKind.CITIZEN and method is not SignatureMethod.UNIFIED_IDENTITY:
            raise InvalidValue(
                "verification.signature.method",
                "网上签署请使用统一身份认证",
                "Online, a mandate is signed by unified identity.",
                field="method",
            )
        if method is not SignatureMethod.UNIFIED_IDENTITY and not evidence_sha256:
            raise InvalidValue(
                "verification.signature.evidence",
                "请手写签名，或上传已签名的授权书",
                "Sign on the screen, or upload the signed paper.",
                field="evidence",
            )
        row.signed_by, row.method = signed_by.value, method.value
        row.signer_name = text_of(signer_name, "signer_name", "签署人姓名", "who signs", longest=64)
        row.evidence_sha256, row.signed_at = evidence_sha256, at
        row.ended_at, row.reason = None, ""
        _save(actor, at, row, transition.to_state)
        _tell(actor, at, row, "sign", before)


def sign_on_paper(
    *,
    actor: Actor,
    at: datetime,
    mandate_id: int,
    person_id: int,
    signed_by: SignedBy,
    method: SignatureMethod,
    signer_name: str,
    content: bytes,
    file_name: str,
) -> None:
    """Record a signature together with its picture, drawn on the screen or taken of the paper.

    Raises:
        As `sign_mandate`, and InvalidValue: the file is refused.
    """
    with one_step(actor, Permission.MANDATE_SIGN, at):
        row = _signature_of(actor, mandate_id, person_id)
        owner = FileOwner(SIGNATURE_FILES, row.pk, DivisionCode(row.division_code), person_id=person_id)
        accept_upload(actor=actor, at=at, content=content, name=file_name, owner=owner)
        sign_mandate(
            actor=actor,
            at=at,
            mandate_id=mandate_id,
            person_id=person_id,
            signed_by=signed_by,
            method=method,
            signer_name=signer_name,
            evidence_sha256=hashlib.sha256(content).hexdigest(),
        )


def decline_mandate(*, actor: Actor, at: datetime, mandate_id: int, person_id: int, reason: str) -> None:
    """Record that a person does not agree. For a supporter this never counts against the applicant.

    Raises:
        PermissionRefused, OutOfScope, TransitionRefused (signed already), RuleRefused (no reason), InvalidValue.
    """
    with one_step(actor, Permission.MANDATE_DECLINE, at):
        _end(actor, at, mandate_id, person_id, "decline", reason)


def withdraw_mandate(*, actor: Actor, at: datetime, mandate_id: int, person_id: int, reason: str) -> None:
    """Withdraw at once: nothing more is asked about the person; what was not yet asked becomes unknown.

    Raises:
        PermissionRefused, OutOfScope, TransitionRefused (not signed), RuleRefused (no reason), InvalidValue (too long).
    """
    with one_step(actor, Permission.MANDATE_WITHDRAW, at):
        row = _end(actor, at, mandate_id, person_id, "withdraw", reason)
        if actor.kind is ActorKind.CITIZEN:
            return  # the items are not a citizen's to write: asking them is refused, and they are put right then
        zh, en = CAUSES[Cause.WITHDRAWN]
        mine = Item.objects.filter(order__mandate_id=row.mandate_id, person_id=person_id)
        mine.filter(state=ItemState.PREPARED.value).update(
            state=ItemState.UNAVAILABLE.value, cause=Cause.WITHDRAWN.value, message_zh=zh, message_en=en, next_at=None
        )
        asked = Attempt.objects.filter(ended_at=None).values("item_id")
        mine.exclude(id__in=asked).filter(next_at__isnull=False).update(next_at=None)


def _end(actor: Actor, at: datetime, mandate_id: int, person_id: int, verb: str, reason: str) -> Signature:
    row = _signature_of(actor, mandate_id, person_id)
    before = SignatureState(row.state)
    transition = SIGNATURES.plan(before, verb)
    refuse(reason_is_given(reason))
    row.reason = text_of(reason, "reason", "原因", "the reason", longest=400)
    row.ended_at = at
    _save(actor, at, row, transition.to_state)
    _tell(actor, at, row, verb, before)
    return row


def _save(actor: Actor, at: datetime, row: Signature, state: SignatureState) -> None:
    row.state = state.value
    row.recorded_by_name = actor.name
    row.save()


def _tell(actor: Actor, at: datetime, row: Signature, verb: str, before: SignatureState) -> None:
    tell(
        actor,
        at,
        "mandate",
        row.mandate_id,
        verb,
        SIGNATURES.plan(before, verb),
        before,
        division=row.division_code,
        reason=row.reason,
        person_id=row.person_id,
    )


def _signature_of(actor: Actor, mandate_id: int, person_id: int) -> Signature:
    row = Signature.objects.select_for_update().filter(mandate_id=mandate_id, person_id=person_id).first()
    if row is None:
        raise OutOfScope
    if actor.kind is ActorKind.STAFF:
        actor.require_scope(row.division_code)
    return row


def _person(actor: Actor, today: date, row: Signature) -> SubjectView:
    mandate = Mandate.objects.filter(id=row.mandate_id).values_list("household_id", flat=True).first()
    if mandate is None:
        raise OutOfScope
    home = subjects(actor=actor, on=today, household_id=mandate, further=[row.person_id])
    return next(one for one in home.persons if one.id == row.person_id)


def _signature(mandate: Mandate, one: SubjectView, supporters: Mapping[int, str]) -> Signature:
    role = SignerRole.MEMBER if one.counts_as_member else SignerRole.SUPPORTER
    necessity = ""
    if role is SignerRole.SUPPORTER:
        necessity = text_of(
            supporters[one.id], "necessity", "查询赡养抚养义务人的必要性", "why a supporter must be asked", longest=400
        )
    return Signature(
        mandate=mandate,
        division_code=mandate.division_code,
        person_id=one.id,
        role=role.value,
        necessity=necessity,
        state=SignatureState.ASKED.value,
    )


def require_programmes(programmes: Collection[str], names: Mapping[str, tuple[str, str]]) -> None:
    """Some programmes are named, and all of them exist.

    Raises:
        InvalidValue: none is named, or one that does not exist.
    """
    missing = sorted(set(programmes) - set(names))
    if missing or not programmes:
        listed = "、".join(missing)
        raise InvalidValue(
            "verification.mandate.programmes",
            f"没有救助制度“{listed}”，请重新选择" if missing else "请选择救助制度",
            f"There is no programme {', '.join(missing)}; choose again." if missing else "Choose the programmes.",
            field="programmes",
        )


def _items(items: Collection[str] | None) -> frozenset[str]:
    known = frozenset(f"{source.name}.{item.name}" for source in sources() for item in source.items)
    if items is None:
        items = known
    unknown = sorted(set(items) - known)
    if unknown or not items:
        listed = "、".join(unknown)
        raise InvalidValue(
            "verification.mandate.items",
            f"没有接入查询事项“{listed}”，请从列表中选择" if unknown else "请选择授权事项",
            f"{', '.join(unknown)} cannot be asked; choose from the list." if unknown else "Choose the items.",
            field="items",
        )
    return frozenset(items)


def _by_source(items: Collection[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for source in sources():
        names = [one.zh for one in source.items if f"{source.name}.{one.name}" in items]
        if names:
            found[source.zh] = names
    return found
