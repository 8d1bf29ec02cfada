"""Reading the transition log."""

from dataclasses import dataclass
from datetime import datetime

from jiuzhu.core.actors import Actor, ActorKind
from jiuzhu.groundwork.transitions.models import TransitionLog


@dataclass(frozen=True, slots=True)
class Step:
    """One step of an object. `from_state` is empty at the object's birth.

    For a citizen `actor_name`, `actor_post` and `reason` of others' steps are empty: what citizens are told of a
    decision stands in its notice.
    """

    id: int
    verb: str
    from_state: str
    to_state: str
    at: datetime
    actor_kind: ActorKind
    account_id: int | None
    post_id: int | None
    actor_name: str
    actor_post: str
    reason: str


def timeline(object_type: str, object_id: int, *, actor: Actor) -> tuple[Step, ...]:
    """The steps of one object that the actor may see, oldest first."""
    rows = TransitionLog.objects.filter(object_type=object_type, object_id=object_id).order_by("id")
    return tuple(_step(row, actor) for row in rows)


def latest(object_type: str, object_id: int, *, actor: Actor) -> Step | None:
    """The last step of one object, or None."""
    row = TransitionLog.objects.filter(object_type=object_type, object_id=object_id).order_by("-id").first()
    return None if row is None else _step(row, actor)


def _step(row: TransitionLog, actor: Actor) -> Step:
    own = row.account_id is not None and row.account_id == actor.account_id
    veiled = actor.kind is ActorKind.CITIZEN and not own
    return Step(
        id=row.id,
        verb=row.verb,
        from_state=row.from_state,
        to_state=row.to_state,
        at=row.at,
        actor_kind=ActorKind(row.actor_kind),
        account_id=None if veiled else row.account_id,
        post_id=None if veiled else row.post_id,
        actor_name="" if veiled else row.actor_name,
        actor_post="" if veiled else row.actor_post,
        reason="" if veiled else row.reason,
    )
