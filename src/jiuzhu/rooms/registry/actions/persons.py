"""Correcting a person's particulars, protecting a person, linking a citizen's account."""

from dataclasses import replace
from datetime import date, datetime

from django.db.models import Q

from jiuzhu.core.actors import Actor
from jiuzhu.core.code_lists.gbt_2261_1_sex import NOT_STATED, UNKNOWN
from jiuzhu.core.errors import Conflict, InvalidValue, NotFound
from jiuzhu.rooms.registry.actions.identities import refuse_registered, renew_grams
from jiuzhu.rooms.registry.actions.writing import announce, lock_person, require_reason, writing
from jiuzhu.rooms.registry.models import CitizenAccount, Person
from jiuzhu.rooms.registry.permissions import Permission
from jiuzhu.rooms.registry.rules.persons import Particulars, check_particulars
from jiuzhu.rooms.registry.states import DocumentKind, ProtectionKind

_UNTOLD = (UNKNOWN, NOT_STATED)


def correct_person(
    *,
    actor: Actor,
    at: datetime,
    person_id: int,
    reason: str,
    name: str | None = None,
    name_note: str | None = None,
    document_kind: DocumentKind | None = None,
    document_number: str | None = None,
    birth_date: date | None = None,
    sex: str | None = None,
    ethnicity: str | None = None,
    marital: str | None = None,
    phone: str | None = None,
) -> None:
    """Correct particulars with a reason; what is None stays. A new number brings its own birth date and sex.

    Raises:
        PermissionRefused, OutOfScope: the actor may not, or the person is not the actor's.
        InvalidValue: the reason is missing, or the particulars do not agree after the change.
        Conflict: the new number is registered already.
    """
    reason = require_reason(reason)
    with writing(actor, Permission.PERSON_CORRECT, at, reason=reason) as today:
        person = lock_person(person_id)
        kind = document_kind if document_kind is not None else DocumentKind(person.document_kind)
        new_number = document_number is not None and document_number != person.document_number
        entered = Particulars(
            name=person.name,
            name_note=person.name_note,
            document_kind=kind,
            document_number=person.document_number or "",
            birth_date=None if new_number and kind is DocumentKind.CITIZEN_ID else person.birth_date,
            sex="" if new_number or person.sex in _UNTOLD else person.sex,
            ethnicity=person.ethnicity,
            marital=person.marital,
            phone=person.phone or "",
        )
        entered = replace(
            entered,
            name=entered.name if name is None else name,
            name_note=entered.name_note if name_note is None else name_note,
            document_number=entered.document_number if document_number is None else document_number,
            birth_date=birth_date or entered.birth_date,
            sex=entered.sex if sex is None else sex,
            ethnicity=entered.ethnicity if ethnicity is None else ethnicity,
            marital=entered.marital if marital is None else marital,
            phone=entered.phone if phone is None else phone,
        )
        checked = check_particulars(entered, today=today)
        refuse_registered(actor, [checked], except_id=person.pk)
        renamed = checked.name != person.name
        person.name, person.name_note = checked.name, checked.name_note
        person.birth_date, person.sex = checked.birth_date, checked.sex
        person.ethnicity, person.marital = checked.ethnicity, checked.marital
        person.document_kind = checked.document_kind.value
        if checked.document_number != person.document_number:
            person.document_number = checked.document_number
        if checked.phone != person.phone:
            person.phone, person.phone_last4 = checked.phone, checked.phone_last4
        person.save()
        if renamed:
            renew_grams(person)
        announce(actor, at, "person.corrected", person)


def protect_person(*, actor: Actor, at: datetime, person_id: int, protection: ProtectionKind, reason: str) -> None:
    """Hide a person's address and telephone from all without need to know, or lift this with `NONE`.

    Raises:
        PermissionRefused, OutOfScope: the actor may not, or the person is not the actor's.
        InvalidValue: the reason is missing.
    """
    reason = require_reason(reason)
    with writing(actor, Permission.PERSON_PROTECT, at, reason=reason):
        person = lock_person(person_id)
        person.protection = protection.value
        person.save(update_fields=["protection"])
        announce(actor, at, "person.protected", person)


def link_citizen(*, actor: Actor, at: datetime, account_id: int, document_number: str, method: str) -> int:
    """Link a citizen's account to the person with the number that real-name login proved; returns the person's id.

    Linking the same two again changes nothing.

    Raises:
        PermissionRefused: the actor may not.
        NotFound: no living person is registered under the number.
        Conflict: the account or the person is linked to another.
    """
    with writing(actor, Permission.CITIZEN_LINK, at):
        person = Person.objects.filter(document_index=document_number, merged_into=None, died_on=None).first()
        if not document_number or person is None:
            raise NotFound(
                "registry.citizen.unknown",
                "未找到您的登记信息，请到户籍所在地乡镇（街道）救助窗口登记",
                "You are not registered; please go to the assistance desk of your township.",
            )
        linked = list(CitizenAccount.objects.filter(Q(account_id=account_id) | Q(person=person), ended_at=None))
        if any(link.account_id == account_id and link.person_id == person.pk for link in linked):
            return person.pk
        if linked:
            raise Conflict(
                "registry.citizen.linked",
                "该账号或该人员已关联，请到救助窗口核实",
                "The account or the person is linked already; please ask at the assistance desk.",
            )
        if len(method) > 32 or not method:
            raise InvalidValue("registry.citizen.method", "认证方式不正确", "Unknown method of login.", field="method")
        CitizenAccount.objects.create(account_id=account_id, person=person, method=method, linked_at=at)
        return person.pk
