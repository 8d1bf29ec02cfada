"""Keeping the values in force beside their subjects, in the same transaction as the facts they follow from."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from django.db.models import Q

from jiuzhu.rooms.registry.models import Fact, Household, HouseholdValues, Person, PersonValues
from jiuzhu.rooms.registry.rules.facts import Current, FactValue, as_json, current_values
from jiuzhu.rooms.registry.rules.variables import VariableType, variables
from jiuzhu.rooms.registry.states import SourceKind, SubjectKind


def refresh_values(*, persons: Iterable[Person] = (), households: Iterable[Household] = (), on: date) -> None:
    """Compute and store the values in force of some subjects: three statements whatever their number."""
    people = {person.pk: person for person in persons}
    homes = {household.pk: household for household in households}
    found = facts_of(people, homes)
    if people:
        columns = _columns(SubjectKind.PERSON)
        rows = [
            PersonValues(
                person_id=key,
                division_code=person.division_code,
                computed_on=on,
                **_fields(current_values(found[SubjectKind.PERSON, key], on), columns),
            )
            for key, person in people.items()
        ]
        PersonValues.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["person"],
            update_fields=["division_code", "computed_on", "facts", *columns.values()],
        )
    if homes:
        columns = _columns(SubjectKind.HOUSEHOLD)
        household_rows = [
            HouseholdValues(
                household_id=key,
                division_code=household.division_code,
                computed_on=on,
                **_fields(current_values(found[SubjectKind.HOUSEHOLD, key], on), columns),
            )
            for key, household in homes.items()
        ]
        HouseholdValues.objects.bulk_create(
            household_rows,
            update_conflicts=True,
            unique_fields=["household"],
            update_fields=["division_code", "computed_on", "facts", *columns.values()],
        )


def _columns(subject: SubjectKind) -> dict[str, str]:
    """The variables that lists filter by, and the columns that repeat them."""
    return {one.key: one.column for one in variables().values() if one.column and one.subject is subject}


def facts_of(
    person_ids: Iterable[int], household_ids: Iterable[int]
) -> Mapping[tuple[SubjectKind, int], list[FactValue]]:
    """The facts that are not withdrawn, by subject."""
    found: dict[tuple[SubjectKind, int], list[FactValue]] = defaultdict(list)
    rows = Fact.objects.filter(
        Q(person_id__in=list(person_ids)) | Q(household_id__in=list(household_ids)), withdrawn_at=None
    )
    for row in rows.iterator(chunk_size=5000):
        subject = SubjectKind(row.subject_type)
        key = row.person_id if subject is SubjectKind.PERSON else row.household_id
        if key is not None:
            found[subject, key].append(fact_value(row))
    return found


def fact_value(row: Fact) -> FactValue:
    """A stored fact as the rules take it."""
    return FactValue(
        id=row.pk,
        variable=row.variable,
        value=row.value,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        source=SourceKind(row.source_kind),
        department=row.source_department,
        recorded_at=row.recorded_at,
    )


def _fields(values: Mapping[str, Current], columns: Mapping[str, str]) -> dict[str, object]:
    fields: dict[str, object] = {"facts": as_json(values)}
    for key, column in columns.items():
        one = values.get(key)
        empty = "" if variables()[key].type is VariableType.CODE else None
        fields[column] = empty if one is None else one.value
    return fields
