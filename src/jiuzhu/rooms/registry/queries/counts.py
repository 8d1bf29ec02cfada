"""How many carry which tag in a division."""

from collections import Counter
from datetime import date

from django.db.models import Count

from jiuzhu.core.actors import Actor
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.rooms.registry.models import GroupMembership
from jiuzhu.rooms.registry.permissions import Permission
from jiuzhu.rooms.registry.queries.views import GroupCount
from jiuzhu.rooms.registry.states import GROUPS, SubjectKind


def counts_by_group(*, actor: Actor, on: date, division: DivisionCode) -> tuple[GroupCount, ...]:
    """Persons and households with each of the target groups now, all groups in their order, zeros included.

    Raises:
        PermissionRefused: the actor may not see counts.
        OutOfScope: the division lies outside the actor's.
    """
    actor.require(Permission.STATISTICS_VIEW)
    actor.require_scope(division)
    lo, hi = division.range
    with acting(actor, today=on):
        rows = (
            GroupMembership.objects.filter(valid_to=None, division_code__gte=lo, division_code__lt=hi)
            .values("group", "subject_type")
            .annotate(number=Count("*"))  # an id would have to be fetched, a row stands in the index
        )
        found: Counter[tuple[str, str]] = Counter()
        for row in rows:
            found[row["group"], row["subject_type"]] = row["number"]
    return tuple(
        GroupCount(
            group=group,
            zh=definition.zh,
            en=definition.en,
            persons=found[group.value, SubjectKind.PERSON.value],
            households=found[group.value, SubjectKind.HOUSEHOLD.value],
        )
        for group, definition in GROUPS.items()
    )
