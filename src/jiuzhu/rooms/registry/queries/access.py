"""Who may see a number whole, and the log of every look.

The log is written by the query itself, in its transaction: a record of a person cannot be read without it.
"""

from collections.abc import Iterable
from datetime import datetime

from jiuzhu.core.actors import Actor, ActorKind
from jiuzhu.rooms.registry.models import AccessLog, Household, Person
from jiuzhu.rooms.registry.permissions import Permission
from jiuzhu.rooms.registry.rules.masking import masked_address, masked_document, masked_phone
from jiuzhu.rooms.registry.states import AccessKind

HIDDEN = "****"


def sees_identity(actor: Actor, person_id: int) -> bool:
    """Whether whole numbers are shown: by permission, or to the person."""
    return actor.may(Permission.PERSON_SEE_IDENTITY) or (
        actor.kind is ActorKind.CITIZEN and person_id in actor.scope.person_ids
    )


def shown_contact(actor: Actor, person: Person) -> tuple[str, str]:
    """The number of the document and the telephone as this actor may see them; a protected person's phone is hidden."""
    whole = sees_identity(actor, person.pk)
    document = (person.document_number or "") if whole else masked_document(person.document_number)
    own = actor.kind is ActorKind.CITIZEN and person.pk in actor.scope.person_ids
    if person.protection and not own and not actor.may(Permission.PERSON_SEE_PROTECTED):
        return document, HIDDEN if person.phone_last4 else ""
    return document, (person.phone or "") if whole else masked_phone(person.phone_last4)


def shown_address(actor: Actor, household: Household, members: Iterable[Person]) -> str:
    """The address as this actor may see it; hidden when a protected person lives there."""
    own = actor.kind is ActorKind.CITIZEN and household.pk in actor.scope.household_ids
    if any(person.protection for person in members) and not own and not actor.may(Permission.PERSON_SEE_PROTECTED):
        return HIDDEN
    if own or actor.may(Permission.PERSON_SEE_IDENTITY):
        return household.address or ""
    return masked_address(household.address)


def log_look(
    actor: Actor,
    at: datetime,
    *,
    kind: AccessKind,
    persons: Iterable[Person] = (),
    household: Household | None = None,
    purpose: str = "",
) -> None:
    """Write who looked, one row per person in one statement; processes and citizens at their own record leave none."""
    if actor.kind in (ActorKind.STAFF, ActorKind.DEPARTMENT):
        AccessLog.keep(actor, at, kind=kind, persons=list(persons), household=household, purpose=purpose)
