"""The names of households and persons that another list names by their numbers."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from jiuzhu.core.actors import Actor
from jiuzhu.core.errors import InvalidValue
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.rooms.registry.models import Household, Membership, Person
from jiuzhu.rooms.registry.permissions import Permission

_MOST = 500


@dataclass(frozen=True, slots=True)
class HouseholdName:
    """How a household is called: its number, the name of its head (empty when there is none), where it lives."""

    number: str
    head_name: str
    division_code: str


@dataclass(frozen=True, slots=True)
class Names:
    """Households and persons by id; who is not the actor's to see is not there."""

    households: Mapping[int, HouseholdName]
    persons: Mapping[int, str]


def names(*, actor: Actor, on: date, household_ids: Collection[int], person_ids: Collection[int] = ()) -> Names:
    """The names of some households and persons, in three statements.

    Raises:
        PermissionRefused: the actor may not see households.
        InvalidValue: more than 500 are asked for at once.
    """
    actor.require(Permission.HOUSEHOLD_VIEW)
    if max(len(household_ids), len(person_ids)) > _MOST:
        raise InvalidValue("names.many", f"一次最多查询{_MOST}个名称", f"At most {_MOST} names at once.")
    with acting(actor, today=on):
        heads = dict(
            Membership.objects.filter(household_id__in=household_ids, end_on=None, is_head=True).values_list(
                "household_id", "person__name"
            )
        )
        rows = Household.objects.filter(id__in=household_ids).values_list("id", "number", "division_code")
        households = {key: HouseholdName(number, heads.get(key, ""), code) for key, number, code in rows}
        persons = dict(Person.objects.filter(id__in=person_ids).values_list("id", "name"))
    return Names(households, persons)
