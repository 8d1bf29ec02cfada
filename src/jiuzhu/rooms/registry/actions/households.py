"""Registering households and changing who belongs to them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from jiuzhu.core.actors import Actor
from jiuzhu.core.code_lists.gbt_4761_family_relation import HEAD, RELATION
from jiuzhu.core.errors import Conflict, InvalidValue, Refusal, RuleRefused
from jiuzhu.rooms.registry.actions.identities import refuse_registered, store_persons
from jiuzhu.rooms.registry.actions.writing import (
    announce,
    lock_household,
    lock_persons,
    membership_of,
    open_memberships,
    require_alive,
    require_order,
    require_reason,
    writing,
)
from jiuzhu.rooms.registry.models import Household, Membership, Person
from jiuzhu.rooms.registry.permissions import Permission
from jiuzhu.rooms.registry.queries.places import public_village
from jiuzhu.rooms.registry.rules.persons import CheckedPerson, NewMember, check_members, check_particulars
from jiuzhu.rooms.registry.rules.relations import Kin, relations_after_change
from jiuzhu.rooms.registry.rules.text import clean_text
from jiuzhu.rooms.registry.states import RegisteredKind


@dataclass(frozen=True, slots=True)
class RegisteredHousehold:
    """What a registration made: the household and its members in the order given."""

    household_id: int
    number: str
    person_ids: tuple[int, ...]


def register_household(
    *,
    actor: Actor,
    at: datetime,
    division_code: str,
    registered_kind: RegisteredKind,
    members: Sequence[NewMember],
    address: str = "",
    place: str = "",
    opened_on: date | None = None,
) -> RegisteredHousehold:
    """Register a household with all its members in one go; nothing is kept when one of them is refused.

    Raises:
        PermissionRefused, OutOfScope: the actor may not, or not there.
        InvalidValue: a number, name, birth date, relation or division is wrong; `row` is the member's place from 1.
        RuleRefused: no head, two heads, or a member who belongs to another household or is dead.
        Conflict: a number is registered already.
    """
    with writing(actor, Permission.HOUSEHOLD_REGISTER, at) as today:
        village = public_village(division_code, on=today)
        actor.require_scope(village)
        opened = opened_on or today
        if opened > today:
            raise InvalidValue(
                "registry.household.opened",
                "立户日期晚于今天，请核对",
                "The household's first day lies after today; check it.",
                field="opened_on",
            )
        place_of_head = check_members(list(members))
        checked = _checked(members, today)
        refuse_registered(actor, checked)
        known = lock_persons(member.person_id for member in members if member.person_id is not None)
        for row, member in enumerate(members, start=1):
            if member.person_id is not None:
                _require_free(known[member.person_id], row)
        household = store_household(
            division_code=village.value,
            registered_kind=registered_kind.value,
            address=clean_text(address, field="address", label=("住址", "Address"), longest=200) or None,
            place=clean_text(place, field="place", label=("居住点", "Place"), longest=64),
            opened_on=opened,
            registered_at=at,
        )
        new = iter(store_persons([one for one in checked if one is not None], division_code=village.value, at=at))
        persons = [known[member.person_id] if member.person_id is not None else next(new) for member in members]
        Membership.objects.bulk_create(
            [
                Membership(
                    household=household,
                    person=person,
                    division_code=village.value,
                    relation=member.relation,
                    is_head=place == place_of_head,
                    counts_as_member=member.counts_as_member,
                    start_on=max(opened, person.birth_date),
                )
                for place, (member, person) in enumerate(zip(members, persons, strict=True))
            ]
        )
        announce(actor, at, "household.registered", household, {"members": len(persons)})
        return RegisteredHousehold(household.pk, household.number, tuple(person.pk for person in persons))


def add_member(
    *, actor: Actor, at: datetime, household_id: int, member: NewMember, start_on: date | None = None
) -> int:
    """Add a member, new or registered, to an open household; returns the person's id.

    Raises:
        PermissionRefused, OutOfScope: the actor may not, or the household is not the actor's.
        InvalidValue, Conflict: as for `register_household`.
        RuleRefused: the household is closed, the relation is that of the head, or the person belongs elsewhere.
    """
    with writing(actor, Permission.HOUSEHOLD_CHANGE, at) as today:
        # persons are locked before households, everywhere, so that no two acts wait for each other
        known = lock_persons([] if member.person_id is None else [member.person_id])
        household = lock_household(household_id)
        if member.relation == HEAD:
            raise RuleRefused(
                "registry.member.head",
                "该户已有户主，请选择与户主的关系；需要更换户主的，请办理“变更户主”",
                "The household has a head; give the relation to the head, or change the head.",
                field="relation",
            )
        RELATION.require(member.relation)
        start = start_on or today
        require_order(household.opened_on, start, field="start_on")
        if member.person is not None:
            checked = check_particulars(member.person, today=today)
            refuse_registered(actor, [checked])
            (person,) = store_persons([checked], division_code=household.division_code, at=at)
        elif member.person_id is not None:
            person = known[member.person_id]
            _require_free(person, None)
            _require_same_division(person, household)
        else:
            raise InvalidValue(
                "registry.member.person",
                "请填写人员信息或选择已登记人员",
                "Enter a person or choose a registered one.",
            )
        join(household, person, relation=member.relation, start=start, counts=member.counts_as_member)
        announce(actor, at, "household.changed", household, {"person_id": person.pk})
        return person.pk


def end_membership(*, actor: Actor, at: datetime, person_id: int, end_on: date, reason: str) -> None:
    """End a person's membership; when the last member leaves, the household closes.

    Raises:
        PermissionRefused, OutOfScope: the actor may not, or the person is not the actor's.
        InvalidValue: the end lies before the start, or the reason is missing.
        RuleRefused: the person belongs to no household, or is the head of others who stay.
    """
    reason = require_reason(reason)
    with writing(actor, Permission.HOUSEHOLD_CHANGE, at, reason=reason):
        lock_persons([person_id])
        membership = require_membership(person_id)
        household = lock_household(membership.household_id)
        leave(membership, household, end_on=end_on, reason=reason)
        announce(actor, at, "household.changed", household, {"person_id": person_id})


def change_head(
    *,
    actor: Actor,
    at: datetime,
    household_id: int,
    new_head_id: int,
    relations: Mapping[int, str] | None = None,
    reason: str,
) -> None:
    """Make another member the head. Relations to the new head are derived from the old ones where these tell them.

    `relations` gives, by person id, those that cannot be derived.

    Raises:
        PermissionRefused, OutOfScope: the actor may not, or the household is not the actor's.
        InvalidValue: a relation that GB/T 4761-2008 does not have.
        RuleRefused: the new head is no living member, or a relation is missing.
    """
    reason = require_reason(reason)
    with writing(actor, Permission.HOUSEHOLD_CHANGE, at, reason=reason):
        household = lock_household(household_id)
        members = open_memberships(household_id)
        set_head(members, new_head_id, relations or {})
        household.flag = ""
        household.save(update_fields=["flag"])
        announce(actor, at, "household.changed", household, {"person_id": new_head_id})


def join(household: Household, person: Person, *, relation: str, start: date, counts: bool = True) -> Membership:
    """Insert a membership that is not the head's."""
    return Membership.objects.create(
        household=household,
        person=person,
        division_code=household.division_code,
        relation=relation,
        counts_as_member=counts,
        start_on=max(start, person.birth_date),
    )


def leave(membership: Membership, household: Household, *, end_on: date, reason: str) -> None:
    """End a membership and close the household when nobody stays.

    Raises:
        RuleRefused: the head would leave others behind.
    """
    require_order(membership.start_on, end_on, field="end_on")
    others = [other for other in open_memberships(household.pk) if other.pk != membership.pk]
    if membership.is_head and others:
        raise RuleRefused(
            "registry.household.head_leaves",
            "户主离开前，请先变更户主",
            "Change the head before the present head leaves.",
        )
    membership.end_on = end_on
    membership.end_reason = reason[:64]
    membership.save(update_fields=["end_on", "end_reason"])
    if not others:
        household.closed_on = end_on
        household.flag = ""
        household.save(update_fields=["closed_on", "flag"])


def set_head(
    members: list[Membership], new_head_id: int, given: Mapping[int, str], *, unknown: str | None = None
) -> None:
    """Give the headship to a member and every member the relation to it; `unknown` fills what nothing tells.

    Raises:
        RuleRefused: no such living member, or a relation is neither given nor derivable and `unknown` is None.
    """
    chosen = next((one for one in members if one.person_id == new_head_id), None)
    if chosen is None:
        raise RuleRefused(
            "registry.household.head_member",
            "新户主应为该户现有成员，请重新选择",
            "The new head must be a present member of the household.",
            field="new_head_id",
        )
    require_alive(chosen.person)
    for relation in given.values():
        RELATION.require(relation)
    kin = [Kin(one.person_id, one.relation, one.person.sex, one.person.birth_date) for one in members]
    after = relations_after_change(kin, new_head_id, given)
    missing = [one for one in members if (after[one.person_id] or unknown) is None]
    if missing or any(given.get(person) == HEAD for person in given if person != new_head_id):
        names = "、".join(one.person.name for one in missing)
        raise RuleRefused(
            "registry.household.relations",
            f"请填写以下成员与新户主的关系：{names}" if names else "只有新户主的关系可以是“户主”",
            "Give the relation to the new head of each member for whom it cannot be derived.",
            field="relations",
        )
    for one in members:
        one.is_head = one.person_id == new_head_id
        one.relation = after[one.person_id] or unknown or HEAD
    for one in sorted(members, key=lambda one: one.is_head):  # the old head first: one head at a time
        one.save(update_fields=["is_head", "relation"])


def require_membership(person_id: int) -> Membership:
    """The person's present membership.

    Raises:
        RuleRefused: the person belongs to no household.
    """
    membership = membership_of(person_id)
    if membership is None:
        raise RuleRefused(
            "registry.person.no_household",
            "该人员目前不在任何家庭中",
            "The person belongs to no household at present.",
        )
    return membership


def _checked(members: Sequence[NewMember], today: date) -> list[CheckedPerson | None]:
    checked: list[CheckedPerson | None] = []
    for row, member in enumerate(members, start=1):
        try:
            checked.append(None if member.person is None else check_particulars(member.person, today=today))
        except Refusal as refusal:
            refusal.row = row
            raise
    return checked


def store_household(**fields: object) -> Household:
    """Insert a household with a number of its own: county and running number."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('registry_household', 'id'))")
        (identifier,) = cursor.fetchone()
    number = f"{str(fields['division_code'])[:6]}-{identifier:08d}"
    return Household.objects.create(id=identifier, number=number, **fields)


def _require_free(person: Person, row: int | None) -> None:
    try:
        require_alive(person)
    except Refusal as refusal:
        refusal.row = row
        raise
    if membership_of(person.pk) is not None:
        raise Conflict(
            "registry.member.elsewhere",
            f"{f'第{row}名成员' if row else '该人员'}已是其他家庭的成员，请先办理退出",
            "This person belongs to another household; end that membership first.",
            row=row,
        )


def _require_same_division(person: Person, household: Household) -> None:
    if person.division_code != household.division_code:
        raise RuleRefused(
            "registry.member.division",
            "该人员登记在其他村（居），请先办理迁移",
            "This person is registered in another village; record the move first.",
        )
