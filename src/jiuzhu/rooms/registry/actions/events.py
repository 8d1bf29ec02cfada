"""Recording what happens in a life, and what follows from it for households, groups and guardianship."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Manager

from jiuzhu.core.actors import Actor
from jiuzhu.core.code_lists.gbt_4761_family_relation import HEAD, RELATION
from jiuzhu.core.errors import Conflict, InvalidValue, RuleRefused
from jiuzhu.core.periods import age
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.rooms.registry.actions.households import join, leave, require_membership, set_head
from jiuzhu.rooms.registry.actions.identities import refuse_registered, store_persons
from jiuzhu.rooms.registry.actions.writing import (
    announce,
    beyond_scope,
    lock_household,
    lock_person,
    lock_persons,
    membership_of,
    open_memberships,
    require_alive,
    writing,
)
from jiuzhu.rooms.registry.models import (
    Authorisation,
    Fact,
    GroupMembership,
    Guardianship,
    Household,
    HouseholdValues,
    LifeEvent,
    Membership,
    Person,
    PersonGram,
    PersonValues,
)
from jiuzhu.rooms.registry.permissions import Permission
from jiuzhu.rooms.registry.queries.places import public_village
from jiuzhu.rooms.registry.rules.events import PRIVATE_KEYS, Details, check_day, check_details
from jiuzhu.rooms.registry.rules.persons import Particulars, check_particulars
from jiuzhu.rooms.registry.rules.relations import OTHER_RELATIVE
from jiuzhu.rooms.registry.rules.text import clean_text
from jiuzhu.rooms.registry.states import CustodyState, DocumentKind, LifeEventKind

_FULL_AGE = 18
NO_HEAD = "no_head"
CHECK_RELATIONS = "check_relations"


@dataclass(frozen=True, slots=True)
class _Happening:
    """An event on its way: who, when, with which details."""

    actor: Actor
    at: datetime
    today: date
    person: Person
    on: date
    details: Details


def record_life_event(
    *,
    actor: Actor,
    at: datetime,
    kind: LifeEventKind,
    person_id: int,
    happened_on: date,
    evidence: str,
    details: Details | None = None,
) -> int:
    """Record an event with its evidence and do what follows from it; returns the event's id.

    birth: `person_id` is a parent; the child becomes a member of the parent's household. death: membership, tags and
    guardianships end; a spouse or eldest adult becomes head, or the household is flagged. move: the whole household
    goes to another village. marriage, divorce: marital status of both, and joining a household. imprisonment, missing:
    no longer counted as a member; release, found: counted again. adoption: joins a household.

    Raises:
        PermissionRefused, OutOfScope: the actor may not, or the person is not the actor's.
        InvalidValue: no evidence, details missing or foreign, or an impossible day.
        RuleRefused: the person is dead, belongs to no household, or the state forbids the event.
        Conflict: a child's number is registered already.
    """
    proof = clean_text(evidence, field="evidence", label=("依据", "Evidence"), longest=200, required=True)
    checked = check_details(kind, details or {})
    with writing(actor, Permission.EVENT_RECORD, at, reason=proof) as today:
        person = lock_person(person_id)
        check_day(kind, happened_on, birth=person.birth_date, died=person.died_on, today=today)
        subject, household = _EFFECTS[kind](_Happening(actor, at, today, person, happened_on, checked))
        kept = {key: value for key, value in checked.items() if key not in PRIVATE_KEYS}
        event = LifeEvent.objects.create(
            person=subject,
            household=household,
            division_code=person.division_code,
            kind=kind.value,
            happened_on=happened_on,
            recorded_at=at,
            recorded_by=actor.account_id,
            evidence=proof,
            details=kept if subject.pk == person.pk else {**kept, "parent_id": person.pk},
        )
        announce(actor, at, "event.recorded", subject, {"kind": kind.value, "event_id": event.pk})
        if kind is LifeEventKind.MOVE and household is not None:
            _carry_over(actor, household, str(checked["division_code"]))
        return event.pk


def _birth(happening: _Happening) -> tuple[Person, Household]:
    details = happening.details
    household = lock_household(require_membership(happening.person.pk).household_id)
    relation = _relation(details)
    number = str(details.get("document_number", ""))
    child = check_particulars(
        Particulars(
            name=str(details["name"]),
            sex=str(details["sex"]),
            birth_date=happening.on,
            document_number=number,
            document_kind=DocumentKind.CITIZEN_ID if number else DocumentKind.NONE,
            ethnicity=str(details.get("ethnicity", happening.person.ethnicity)),
            marital="10",
        ),
        today=happening.today,
    )
    refuse_registered(happening.actor, [child])
    (stored,) = store_persons([child], division_code=household.division_code, at=happening.at)
    join(household, stored, relation=relation, start=happening.on)
    return stored, household


def _death(happening: _Happening) -> tuple[Person, Household | None]:
    person, on = happening.person, happening.on
    person.died_on = on
    person.save(update_fields=["died_on"])
    for tag in GroupMembership.objects.filter(person=person, valid_to=None):
        tag.valid_to, tag.end_reason = max(on, tag.valid_from), "死亡"
        tag.save(update_fields=["valid_to", "end_reason"])
    for guardianship in (
        *Guardianship.objects.filter(guardian=person, end_on=None),
        *Guardianship.objects.filter(ward=person, end_on=None),
    ):
        guardianship.end_on = max(on, guardianship.start_on)
        guardianship.save(update_fields=["end_on"])
    membership = membership_of(person.pk)
    if membership is None:
        return person, None
    household = lock_household(membership.household_id)
    members = open_memberships(household.pk)
    others = [one for one in members if one.person_id != person.pk]
    if membership.is_head and others:
        _succeed(happening, household, members, others)
        membership.refresh_from_db()
    if membership.is_head and others:
        # nobody left can be head: the household stays without one until a clerk settles it
        membership.end_on, membership.end_reason = max(on, membership.start_on), "死亡"
        membership.save(update_fields=["end_on", "end_reason"])
    else:
        leave(membership, household, end_on=max(on, membership.start_on), reason="死亡")
    return person, household


def _succeed(happening: _Happening, household: Household, members: list[Membership], others: list[Membership]) -> None:
    chosen = happening.details.get("new_head_id")
    heir = int(chosen) if chosen is not None else _heir(others, happening.on)
    if heir is None:
        household.flag = NO_HEAD
    else:
        if chosen is not None and heir not in {one.person_id for one in others}:
            raise RuleRefused(
                "registry.household.head_member",
                "新户主应为该户现有成员，请重新选择",
                "The new head must be a present member of the household.",
                field="new_head_id",
            )
        set_head(members, heir, {}, unknown=OTHER_RELATIVE)
        if any(one.relation == OTHER_RELATIVE for one in others):
            household.flag = CHECK_RELATIONS
    household.save(update_fields=["flag"])


def _heir(others: list[Membership], on: date) -> int | None:
    adults = [one for one in others if age(one.person.birth_date, max(on, one.person.birth_date)) >= _FULL_AGE]
    spouse = next((one for one in adults if RELATION.is_spouse(one.relation)), None)
    eldest = min(adults, key=lambda one: one.person.birth_date, default=None)
    found = spouse or eldest
    return None if found is None else found.person_id


def _move(happening: _Happening) -> tuple[Person, Household]:
    details = happening.details
    village = public_village(str(details["division_code"]), on=happening.today)
    household = lock_household(require_membership(happening.person.pk).household_id)
    if village.value == household.division_code:
        raise RuleRefused(
            "registry.move.same",
            "迁入地与现所在村（居）相同，请核对",
            "The household is in this village already; check the division.",
            field="division_code",
        )
    household.address = str(details["address"]) if details.get("address") else None
    household.place = str(details.get("place", ""))
    household.save(update_fields=["address", "place"])
    return happening.person, household


def _carry_over(actor: Actor, household: Household, division_code: str) -> None:
    """Give the household, its members and what is known of them the new division; all or nothing."""
    people = [one.person_id for one in open_memberships(household.pk)]
    of_people: tuple[Manager[Any], ...] = (
        Fact.objects,
        GroupMembership.objects,
        LifeEvent.objects,
        Authorisation.objects,
        PersonValues.objects,
        PersonGram.objects,
    )
    of_home: tuple[Manager[Any], ...] = (Fact.objects, GroupMembership.objects, HouseholdValues.objects)
    with acting(beyond_scope(actor)):
        Household.objects.filter(id=household.pk).update(division_code=division_code)
        Person.objects.filter(id__in=people).update(division_code=division_code)
        Membership.objects.filter(household=household, end_on=None).update(division_code=division_code)
        Guardianship.objects.filter(ward_id__in=people).update(division_code=division_code)
        for table in of_people:
            table.filter(person_id__in=people).update(division_code=division_code)
        for table in of_home:
            table.filter(household_id=household.pk).update(division_code=division_code)


def _marriage(happening: _Happening) -> tuple[Person, Household | None]:
    person, details = happening.person, happening.details
    marital = str(details.get("marital", "20"))
    if person.marital.startswith("2"):
        raise RuleRefused(
            "registry.marriage.married",
            "该人员已登记为已婚，请先办理离婚或丧偶登记",
            "The person is registered as married; record the divorce or the death of the spouse first.",
        )
    spouse_id = details.get("spouse_id")
    couple = [person]
    if spouse_id is not None:
        spouse = _other(int(spouse_id), person)
        if spouse.marital.startswith("2"):
            raise RuleRefused("registry.marriage.married", "配偶已登记为已婚，请核对", "The spouse is married.")
        couple.append(spouse)
    for one in couple:
        one.marital = marital
        one.save(update_fields=["marital"])
    return person, _join_other(happening)


def _divorce(happening: _Happening) -> tuple[Person, None]:
    couple = [happening.person]
    spouse_id = happening.details.get("spouse_id")
    if spouse_id is not None:
        couple.append(_other(int(spouse_id), happening.person))
    for one in couple:
        if not one.marital.startswith("2"):
            raise RuleRefused(
                "registry.divorce.unmarried", "该人员未登记为已婚，请核对", "The person is not registered as married."
            )
        one.marital = "40"
        one.save(update_fields=["marital"])
    return happening.person, None


def _adoption(happening: _Happening) -> tuple[Person, Household | None]:
    return happening.person, _join_other(happening)


def _other(person_id: int, person: Person) -> Person:
    if person_id == person.pk:
        raise InvalidValue(
            "registry.marriage.self", "配偶不能是本人，请重新选择", "The spouse is another person.", field="spouse_id"
        )
    other = lock_persons([person_id])[person_id]
    require_alive(other)
    return other


def _join_other(happening: _Happening) -> Household | None:
    details, person = happening.details, happening.person
    if "household_id" not in details:
        return None
    target = lock_household(int(details["household_id"]))
    relation = _relation(details)
    membership = membership_of(person.pk)
    if membership is not None:
        if membership.household_id == target.pk:
            raise Conflict(
                "registry.member.here", "该人员已是该户成员", "The person belongs to this household already."
            )
        leave(membership, lock_household(membership.household_id), end_on=happening.on, reason="转入其他家庭")
    if person.division_code != target.division_code:
        raise RuleRefused(
            "registry.member.division",
            "该人员登记在其他村（居），请先办理迁移",
            "This person is registered in another village; record the move first.",
        )
    join(target, person, relation=relation, start=happening.on)
    return target


def _relation(details: Details) -> str:
    relation = str(details.get("relation", ""))
    if relation in ("", HEAD):
        raise InvalidValue(
            "registry.event.relation",
            "请选择与户主的关系（不能是“户主”）",
            "Give the relation to the head.",
            field="relation",
        )
    return RELATION.require(relation)


def _custody(state: CustodyState, *, counts: bool) -> Callable[[_Happening], tuple[Person, Household | None]]:
    def change(happening: _Happening) -> tuple[Person, Household | None]:
        person = happening.person
        if person.custody == state.value:
            raise RuleRefused("registry.event.same_state", "该状态已登记，请核对", "This state is recorded already.")
        person.custody = state.value
        person.save(update_fields=["custody"])
        membership = membership_of(person.pk)
        if membership is None:
            return person, None
        membership.counts_as_member = counts
        membership.save(update_fields=["counts_as_member"])
        return person, membership.household

    return change


_EFFECTS: dict[LifeEventKind, Callable[[_Happening], tuple[Person, Household | None]]] = {
    LifeEventKind.BIRTH: _birth,
    LifeEventKind.DEATH: _death,
    LifeEventKind.MOVE: _move,
    LifeEventKind.MARRIAGE: _marriage,
    LifeEventKind.DIVORCE: _divorce,
    LifeEventKind.ADOPTION: _adoption,
    LifeEventKind.IMPRISONMENT: _custody(CustodyState.IMPRISONED, counts=False),
    LifeEventKind.RELEASE: _custody(CustodyState.FREE, counts=True),
    LifeEventKind.MISSING: _custody(CustodyState.MISSING, counts=False),
    LifeEventKind.FOUND: _custody(CustodyState.FREE, counts=True),
}
