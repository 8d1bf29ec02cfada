"""From a citizen's account to an actor who sees their own records and those of their wards."""

from datetime import date

from django.db.models import Q

from jiuzhu.core.actors import Actor, ActorKind, Scope, system_actor
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.rooms.registry.models import CitizenAccount, Guardianship, Membership
from jiuzhu.rooms.registry.permissions import CITIZEN_PERMISSIONS


def citizen_actor(*, account_id: int, on: date, session_key_hash: str | None = None) -> Actor | None:
    """The actor of a citizen's account on a day; None when the account stands for no living person.

    The scope holds the person, the wards the person answers for on that day, and the person's present household.
    """
    with acting(system_actor("login"), today=on):
        link = CitizenAccount.objects.select_related("person").filter(account_id=account_id, ended_at=None).first()
        if link is None or link.person.died_on is not None:
            return None
        alive = Q(start_on__lte=on) & (Q(end_on=None) | Q(end_on__gt=on))
        wards = Guardianship.objects.filter(alive, guardian_id=link.person_id).values_list("ward_id", flat=True)
        homes = Membership.objects.filter(person_id=link.person_id, end_on=None).values_list("household_id", flat=True)
        return Actor(
            kind=ActorKind.CITIZEN,
            account_id=account_id,
            name=link.person.name,
            permissions=CITIZEN_PERMISSIONS,
            scope=Scope(person_ids=frozenset({link.person_id, *wards}), household_ids=frozenset(homes)),
            session_key_hash=session_key_hash,
        )
