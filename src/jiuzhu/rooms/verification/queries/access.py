"""Who looked at what about a person, when and why; and what was asked about them."""

from dataclasses import dataclass
from datetime import datetime

from jiuzhu.core.actors import Actor, ActorKind, OutOfScope
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.rooms.verification.models import Attempt, Viewing
from jiuzhu.rooms.verification.permissions import Permission
from jiuzhu.rooms.verification.states import AttemptKind

_MOST = 500


@dataclass(frozen=True, slots=True)
class Look:
    """One look at what sources said."""

    at: datetime
    actor_name: str
    post_title: str
    what: str
    why: str


@dataclass(frozen=True, slots=True)
class Asked:
    """One query about the person: to whom, for what, under which mandate, and how it ended."""

    at: datetime
    source: str
    item: str
    kind: AttemptKind
    purpose: str
    asking_office: str
    mandate_number: str
    outcome: str
    order_id: int
    item_id: int


@dataclass(frozen=True, slots=True)
class AccessLog:
    """Both, the newest first, at most 500 each."""

    looks: tuple[Look, ...]
    asked: tuple[Asked, ...]


def access_log(*, actor: Actor, at: datetime, person_id: int) -> AccessLog:
    """What was asked about a person and who looked at it; a citizen may read their own and their wards'.

    Raises:
        PermissionRefused, OutOfScope: the actor may not.
    """
    actor.require(Permission.ACCESS_VIEW)
    if actor.kind is ActorKind.CITIZEN and person_id not in actor.scope.person_ids:
        raise OutOfScope
    with acting(actor, today=at.date()):
        looks = Viewing.objects.filter(person_id=person_id).order_by("-id")[:_MOST]
        asked = Attempt.objects.filter(person_id=person_id).select_related("item__order__mandate")
        return AccessLog(
            tuple(Look(row.at, row.actor_name, row.post_title, row.what, row.why) for row in looks),
            tuple(_asked(row) for row in asked.order_by("-id")[:_MOST]),
        )


def _asked(row: Attempt) -> Asked:
    order = row.item.order
    return Asked(
        at=row.asked_at,
        source=row.item.source,
        item=row.item.item,
        kind=AttemptKind(row.kind),
        purpose=order.purpose,
        asking_office=order.asking_office,
        mandate_number=order.mandate.number,
        outcome=row.outcome,
        order_id=row.item.order_id,
        item_id=row.item_id,
    )
