"""Who of a household stands in other open applications: read past the actor's scope, told without naming anyone."""

from collections.abc import Collection
from datetime import datetime

from jiuzhu.core.actors import Actor, OutOfScope, system_actor
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.rooms.application.models import Application, CaseRequest, Member
from jiuzhu.rooms.application.permissions import Permission
from jiuzhu.rooms.application.rules.overlaps import Asked, Overlap, overlaps, persons_of
from jiuzhu.rooms.application.states import OPEN_STATES

_CHECKER = system_actor("受理重复核查")


def open_elsewhere(*, actor: Actor, at: datetime, application_id: int) -> tuple[Overlap, ...]:
    """The other open applications in which persons of an application stand, in any place, in three statements.

    Raises:
        PermissionRefused, OutOfScope: the actor may not see the application.
    """
    actor.require(Permission.APPLICATION_VIEW)
    with acting(actor, today=at.date()):
        if not Application.objects.filter(pk=application_id).exists():
            raise OutOfScope
    with acting(_CHECKER, today=at.date()):
        own = _asked([application_id])
        persons = {one.person_id for one in own}
        others = (
            Member.objects.filter(person_id__in=persons, application__state__in=[one.value for one in OPEN_STATES])
            .exclude(application_id=application_id)
            .values_list("application_id", flat=True)
        )
        return overlaps(own, _asked(sorted(set(others))))


def _asked(application_ids: Collection[int]) -> tuple[Asked, ...]:
    members: dict[int, list[tuple[int, bool]]] = {}
    for row in Member.objects.filter(application_id__in=application_ids):
        members.setdefault(row.application_id, []).append((row.person_id, row.counts_as_member))
    requests = CaseRequest.objects.filter(application_id__in=application_ids).select_related("application")
    return tuple(
        Asked(one.application_id, one.application.household_id, one.programme, person)
        for one in requests
        for person in sorted(persons_of(one.person_id, members.get(one.application_id, [])))
    )
