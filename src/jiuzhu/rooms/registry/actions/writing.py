"""What every write of the room does first: permission, scope, locks; and last: the event."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime

from jiuzhu.core.actors import Actor, ActorKind, OutOfScope
from jiuzhu.core.errors import InvalidValue, RuleRefused
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.groundwork.outbox.actions import publish_event
from jiuzhu.rooms.registry.models import Household, Membership, Person
from jiuzhu.rooms.registry.permissions import Permission
from jiuzhu.rooms.registry.rules.days import local_day
from jiuzhu.rooms.registry.rules.text import clean_text

Payload = Mapping[str, str | int | bool | list[int] | None]


@contextmanager
def writing(actor: Actor, permission: Permission, at: datetime, *, reason: str = "") -> Iterator[date]:
    """Open the action's transaction in the actor's scope; gives the day of the act.

    Raises:
        PermissionRefused: the actor does not hold the permission.
        InvalidValue: the time has no zone.
    """
    actor.require(permission)
    today = local_day(at)
    with acting(actor, reason=reason, today=today):
        yield today


def beyond_scope(actor: Actor) -> Actor:
    """The same person acting through a rule of the system that must see every division; the audit trail names both."""
    return replace(actor, kind=ActorKind.SYSTEM)


def require_reason(reason: str) -> str:
    """Return the reason.

    Raises:
        InvalidValue: it is missing, too long or holds unseen characters.
    """
    return clean_text(reason, field="reason", label=("原因", "Reason"), longest=200, required=True)


def lock_person(person_id: int) -> Person:
    """The person, locked.

    Raises:
        OutOfScope: no such person for this actor.
        RuleRefused: it was merged into another.
    """
    return lock_persons([person_id])[person_id]


def lock_persons(person_ids: Iterable[int]) -> dict[int, Person]:
    """The persons, locked in order of id.

    Raises:
        OutOfScope: one of them does not exist for this actor.
        RuleRefused: one was merged into another.
    """
    wanted = set(person_ids)
    if not wanted:
        return {}
    found = {person.pk: person for person in Person.objects.select_for_update().filter(id__in=wanted).order_by("id")}
    if found.keys() != wanted:
        raise OutOfScope
    for person in found.values():
        if person.merged_into_id is not None:
            raise RuleRefused(
                "registry.person.merged",
                "该人员记录已合并，请在保留的记录上办理",
                "This record was merged; work on the record that was kept.",
            )
    return found


def lock_household(household_id: int, *, open_only: bool = True) -> Household:
    """The household, locked.

    Raises:
        OutOfScope: no such household for this actor.
        RuleRefused: it is closed.
    """
    household = Household.objects.select_for_update().filter(id=household_id).first()
    if household is None:
        raise OutOfScope
    if open_only and household.closed_on is not None:
        raise RuleRefused(
            "registry.household.closed",
            f"该户已于{household.closed_on}销户，不能办理",
            f"The household was closed on {household.closed_on}.",
        )
    return household


def open_memberships(household_id: int) -> list[Membership]:
    """The present members with their persons, the head first."""
    return list(
        Membership.objects.select_related("person")
        .filter(household_id=household_id, end_on=None)
        .order_by("-is_head", "id")
    )


def membership_of(person_id: int) -> Membership | None:
    """The person's present membership."""
    return Membership.objects.filter(person_id=person_id, end_on=None).first()


def require_alive(person: Person) -> None:
    """Let only the living pass.

    Raises:
        RuleRefused: the death is registered.
    """
    if person.died_on is not None:
        raise RuleRefused(
            "registry.person.dead",
            f"该人员已登记死亡（{person.died_on}），不能办理",
            f"The person is registered as dead ({person.died_on}).",
        )


def require_order(start: date, end: date, *, field: str) -> None:
    """Let only an end pass that is not before the start.

    Raises:
        InvalidValue: it is.
    """
    if end < start:
        raise InvalidValue(
            "registry.period.order",
            f"结束日期（{end}）早于开始日期（{start}），请核对",
            f"The end ({end}) lies before the start ({start}); check the dates.",
            field=field,
        )


def announce(
    actor: Actor, at: datetime, name: str, subject: Person | Household, payload: Payload | None = None
) -> None:
    """Publish the event of the act: ids, codes and dates only."""
    noun = "person" if isinstance(subject, Person) else "household"
    publish_event(
        actor=actor,
        at=at,
        name=f"registry.{name}",
        key=f"registry.{noun}:{subject.pk}",
        payload={f"{noun}_id": subject.pk, **(payload or {})},
        division=subject.division_code,
    )
