"""Settling pairs of records that look like one person: two persons after all."""

from datetime import datetime

from jiuzhu.core.actors import Actor, OutOfScope
from jiuzhu.core.errors import InvalidValue
from jiuzhu.rooms.registry.actions.writing import announce, require_reason, writing
from jiuzhu.rooms.registry.models import DuplicateDismissal, Person
from jiuzhu.rooms.registry.permissions import Permission


def dismiss_duplicate(*, actor: Actor, at: datetime, person_ids: tuple[int, int], reason: str) -> int:
    """Note that two records are two persons, so that the pair is not proposed again; returns the id of the note.

    A second note on the same pair changes nothing.

    Raises:
        PermissionRefused, OutOfScope: the actor may not, or one of the persons is not the actor's.
        InvalidValue: the reason is missing, or both are the same record.
    """
    reason = require_reason(reason)
    first, second = sorted(person_ids)
    if first == second:
        raise InvalidValue(
            "registry.duplicates.same",
            "请选择两名不同的人员",
            "Choose two different records.",
            field="person_ids",
        )
    with writing(actor, Permission.PERSON_MERGE, at, reason=reason):
        found = {person.pk: person for person in Person.objects.filter(id__in=(first, second))}
        if len(found) != 2:
            raise OutOfScope
        note, is_new = DuplicateDismissal.objects.get_or_create(
            first_id=first,
            second_id=second,
            defaults={
                "division_code": found[first].division_code,
                "reason": reason,
                "at": at,
                "by_account": actor.account_id,
                "by_name": actor.name[:64],
            },
        )
        if is_new:
            announce(actor, at, "duplicate.dismissed", found[first], {"other_id": second})
        return note.pk
