"""Who of a household is asked about when its means are verified, and who answers for those who cannot sign."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q

from jiuzhu.core.actors import Actor, OutOfScope
from jiuzhu.groundwork.crypto.fields import blind_index
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.rooms.registry.models import GroupMembership, Guardianship, Household, Membership, Person
from jiuzhu.rooms.registry.permissions import Permission
from jiuzhu.rooms.registry.states import TargetGroup

_PIECE = 1_000


@dataclass(frozen=True, slots=True)
class SubjectView:
    """A person as a query needs them. `number` is empty for an actor who may not see identity numbers.

    `counts_as_member` is False for a relative of the household who is not one of those who live together.
    """

    id: int
    name: str = field(repr=False)
    number: str = field(repr=False)
    birth_date: date
    division_code: str
    counts_as_member: bool
    is_head: bool
    guardian_name: str = field(repr=False)
    died_on: date | None


@dataclass(frozen=True, slots=True)
class HouseholdSubjects:
    """A household's place and its present members, and further persons who were asked for."""

    household_id: int
    number: str
    division_code: str
    persons: tuple[SubjectView, ...]


def subjects(
    *, actor: Actor, on: date, household_id: int, further: Collection[int] = (), numbers: bool = False
) -> HouseholdSubjects:
    """The present members of a household, and further persons by id, in four statements.

    Raises:
        PermissionRefused: the actor may not see households, or, with `numbers`, identity numbers.
        OutOfScope: the household or one of the further persons is not the actor's.
    """
    actor.require(Permission.HOUSEHOLD_VIEW)
    if numbers:
        actor.require(Permission.PERSON_SEE_IDENTITY)
    with acting(actor, today=on):
        home = Household.objects.filter(id=household_id).first()
        if home is None:
            raise OutOfScope
        members = {row.person_id: row for row in Membership.objects.filter(household_id=household_id, end_on=None)}
        people = {one.pk: one for one in Person.objects.filter(id__in={*members, *further})}
        if not set(further) <= set(people):
            raise OutOfScope
        alive = Q(start_on__lte=on) & (Q(end_on=None) | Q(end_on__gt=on))
        guardians = {
            row.ward_id: row.guardian.name if row.guardian is not None else row.guardian_body
            for row in Guardianship.objects.filter(alive, ward_id__in=people).select_related("guardian")
        }
    return HouseholdSubjects(
        household_id,
        home.number,
        home.division_code,
        tuple(
            SubjectView(
                id=key,
                name=one.name,
                number=(one.document_number or "") if numbers else "",
                birth_date=one.birth_date,
                division_code=one.division_code,
                counts_as_member=key in members and members[key].counts_as_member,
                is_head=key in members and members[key].is_head,
                guardian_name=guardians.get(key, ""),
                died_on=one.died_on,
            )
            for key, one in sorted(people.items())
        ),
    )


def households_of_numbers(*, actor: Actor, on: date, numbers: Collection[str]) -> dict[str, int]:
    """The present household of each identity number that is registered in the actor's area, in two statements a piece.

    Raises:
        PermissionRefused: the actor may not see households.
    """
    actor.require(Permission.HOUSEHOLD_VIEW)
    found: dict[str, int] = {}
    wanted = list(dict.fromkeys(number.upper() for number in numbers))
    with acting(actor, today=on):
        for start in range(0, len(wanted), _PIECE):
            indexes = {blind_index(Person, "document_index", one): one for one in wanted[start : start + _PIECE]}
            rows = Person.objects.filter(document_index__in=wanted[start : start + _PIECE], merged_into=None)
            people = {
                row.pk: indexes.get(bytes(row.document_index or b"")) for row in rows.only("id", "document_index")
            }
            homes = Membership.objects.filter(person_id__in=people, end_on=None)
            for person, household in homes.values_list("person_id", "household_id"):
                number = people[person]
                if number is not None:
                    found[number] = household
    return found


def households_tagged(*, actor: Actor, on: date, group: TargetGroup) -> tuple[int, ...]:
    """The open households of the actor's area that belong to a group, themselves or by a member, by id.

    Raises:
        PermissionRefused: the actor may not see households.
    """
    actor.require(Permission.HOUSEHOLD_VIEW)
    alive = Q(group=group.value) & (Q(valid_to=None) | Q(valid_to__gte=on))
    with acting(actor, today=on):
        direct = GroupMembership.objects.filter(alive, household__closed_on=None, household__isnull=False)
        persons = GroupMembership.objects.filter(alive, person__isnull=False).values("person_id")
        by_member = Membership.objects.filter(person_id__in=persons, end_on=None)
        return tuple(
            sorted({*direct.values_list("household_id", flat=True), *by_member.values_list("household_id", flat=True)})
        )
