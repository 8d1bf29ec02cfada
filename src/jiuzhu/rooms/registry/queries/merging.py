"""Whether a merge or a split concerns a record, so that only the record's own page undoes it."""

from django.db.models import Q

from jiuzhu.core.actors import Actor
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.rooms.registry.models import MergeRecord
from jiuzhu.rooms.registry.permissions import Permission
from jiuzhu.rooms.registry.states import MergeKind


def is_split_of(*, actor: Actor, household_id: int, split_id: int) -> bool:
    """Whether the split divided this household, or made it.

    Raises:
        PermissionRefused: the actor may not see households.
    """
    actor.require(Permission.HOUSEHOLD_VIEW)
    mine = Q(source_id=household_id) | Q(result_id=household_id)
    with acting(actor):
        return MergeRecord.objects.filter(mine, id=split_id, kind=MergeKind.SPLIT_HOUSEHOLD.value).exists()


def is_merge_of(*, actor: Actor, person_id: int, merge_id: int) -> bool:
    """Whether the merge kept this person's record, or merged it into another.

    Raises:
        PermissionRefused: the actor may not see persons.
    """
    actor.require(Permission.PERSON_VIEW)
    mine = Q(kept_id=person_id) | Q(merged_id=person_id)
    with acting(actor):
        return MergeRecord.objects.filter(mine, id=merge_id, kind=MergeKind.MERGE_PERSONS.value).exists()
