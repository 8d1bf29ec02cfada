"""Persons as rows: finding one that is registered already, storing new ones with their search pieces."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db import IntegrityError, transaction

from jiuzhu.core.actors import Actor, ActorKind
from jiuzhu.core.errors import Conflict
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.rooms.registry.actions.writing import beyond_scope
from jiuzhu.rooms.registry.models import Membership, Person, PersonGram
from jiuzhu.rooms.registry.rules.grams import name_grams
from jiuzhu.rooms.registry.rules.persons import CheckedPerson


def refuse_registered(actor: Actor, persons: Sequence[CheckedPerson | None], *, except_id: int | None = None) -> None:
    """Refuse numbers that stand twice in the list or are registered anywhere.

    Inside the actor's scope the message names the household; outside it tells only that the number is taken.

    Raises:
        Conflict: with the row of the member concerned.
    """
    rows: dict[str, int] = {}
    for row, person in enumerate(persons, start=1):
        if person is None or person.document_number is None:
            continue
        if person.document_number in rows:
            raise Conflict(
                "registry.document.twice",
                f"第{rows[person.document_number]}名和第{row}名成员的证件号码相同，请核对",
                f"Members {rows[person.document_number]} and {row} have the same number; check them.",
                field="document_number",
                row=row,
            )
        rows[person.document_number] = row
    if not rows:
        return
    with acting(beyond_scope(actor)):
        found = Person.objects.filter(document_index__in=list(rows), merged_into=None).order_by("id")
        taken = next((person for person in found if person.pk != except_id), None)
        household = None
        if taken is not None and _sees(actor, taken):
            household = Membership.objects.select_related("household").filter(person=taken, end_on=None).first()
    if taken is None:
        return
    raise _registered(
        rows.get(taken.document_number or "", 1),
        inside=_sees(actor, taken),
        number=household.household.number if household is not None else "",
        died_on=taken.died_on,
    )


def store_persons(persons: Sequence[CheckedPerson], *, division_code: str, at: datetime) -> list[Person]:
    """Insert persons with their search pieces, three statements whatever their number.

    Raises:
        Conflict: another transaction registered one of the numbers meanwhile.
    """
    rows = [
        Person(
            name=person.name,
            name_note=person.name_note,
            sex=person.sex,
            birth_date=person.birth_date,
            ethnicity=person.ethnicity,
            marital=person.marital,
            document_kind=person.document_kind.value,
            document_number=person.document_number,
            phone=person.phone,
            phone_last4=person.phone_last4,
            division_code=division_code,
            registered_at=at,
        )
        for person in persons
    ]
    try:
        with transaction.atomic():
            stored = Person.objects.bulk_create(rows)
    except IntegrityError as fault:
        if "registry_person_document_once" not in str(fault):
            raise
        raise _registered(None, inside=False, number="") from None
    store_grams(stored)
    return stored


def store_grams(persons: Iterable[Person]) -> None:
    """Insert the search pieces of persons that have none."""
    PersonGram.objects.bulk_create(
        [
            PersonGram(gram=gram, division_code=person.division_code, person=person)
            for person in persons
            for gram in sorted(name_grams(person.name))
        ],
        ignore_conflicts=True,
    )


def renew_grams(person: Person) -> None:
    """Make a person's search pieces anew after a change of name."""
    PersonGram.objects.filter(person=person).delete()
    store_grams([person])


def _sees(actor: Actor, person: Person) -> bool:
    return actor.kind in (ActorKind.STAFF, ActorKind.SYSTEM) and actor.covers(person.division_code)


def _registered(row: int | None, *, inside: bool, number: str, died_on: date | None = None) -> Conflict:
    which_zh = f"第{row}名成员的" if row else ""
    which_en = f"Member {row}: this" if row else "This"
    if inside and died_on is not None:
        return Conflict(
            "registry.document.deceased",
            f"{which_zh}证件号码属于已登记死亡的人员（{died_on}），请对照证件核对号码；死亡登记有误的，请先更正",
            f"{which_en} number belongs to a person registered as dead ({died_on}); compare it with the document.",
            field="document_number",
            row=row,
        )
    if inside:
        at_zh, at_en = (f"，户编号{number}", f" in household {number}") if number else ("", "")
        return Conflict(
            "registry.document.registered",
            f"{which_zh}证件号码已登记{at_zh}，请选择已登记的人员，不要重复登记",
            f"{which_en} number is registered already{at_en}; choose the registered person.",
            field="document_number",
            row=row,
        )
    return Conflict(
        "registry.document.registered_elsewhere",
        f"{which_zh}证件号码已在其他地方登记，请联系上级主管部门核实",
        f"{which_en} number is registered elsewhere; ask the office above yours.",
        field="document_number",
        row=row,
    )
