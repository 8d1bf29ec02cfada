"""Facts by where they come from: what a household said of itself, and what one report put on file."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q

from jiuzhu.core.actors import Actor
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.rooms.registry.models import Fact
from jiuzhu.rooms.registry.permissions import Permission
from jiuzhu.rooms.registry.rules.variables import Value
from jiuzhu.rooms.registry.states import SourceKind


@dataclass(frozen=True, slots=True)
class Declared:
    """A declared value and the day from which it holds."""

    value: Value = field(repr=False)
    since: date


@dataclass(frozen=True, slots=True)
class OnFile:
    """A fact that stands on some evidence."""

    fact_id: int
    value: Value = field(repr=False)


DeclaredKey = tuple[int | None, str]
"""A person's id, None for the household, and the variable."""


def declared_values(
    *, actor: Actor, on: date, household_id: int, person_ids: Collection[int]
) -> Mapping[DeclaredKey, Declared]:
    """The newest declared values in force on a day, of a household and some persons, in one statement.

    Raises:
        PermissionRefused: the actor may not see households.
    """
    actor.require(Permission.HOUSEHOLD_VIEW)
    with acting(actor, today=on):
        rows = (
            Fact.objects.filter(Q(household_id=household_id) | Q(person_id__in=person_ids))
            .filter(Q(valid_to=None) | Q(valid_to__gt=on), source_kind=SourceKind.DECLARED.value, valid_from__lte=on)
            .filter(withdrawn_at=None)
            .order_by("valid_from", "recorded_at", "id")
        )
        return {(row.person_id, row.variable): Declared(row.value, row.valid_from) for row in rows}


def facts_on_evidence(
    *, actor: Actor, on: date, household_id: int, person_ids: Collection[int], evidence: str
) -> Mapping[DeclaredKey, OnFile]:
    """The newest verified facts, not withdrawn, whose evidence begins with a text (the number of an order).

    Raises:
        PermissionRefused: the actor may not see households.
    """
    actor.require(Permission.HOUSEHOLD_VIEW)
    with acting(actor, today=on):
        rows = (
            Fact.objects.filter(Q(household_id=household_id) | Q(person_id__in=person_ids))
            .filter(source_kind=SourceKind.VERIFIED.value, withdrawn_at=None, evidence__startswith=evidence)
            .order_by("recorded_at", "id")
        )
        return {(row.person_id, row.variable): OnFile(row.pk, row.value) for row in rows}
