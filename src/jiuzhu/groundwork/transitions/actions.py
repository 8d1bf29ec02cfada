"""Writing the transition log."""

from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from jiuzhu.core.actors import Actor
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.core.transitions import Transition
from jiuzhu.groundwork.transitions.models import TransitionLog

S = TypeVar("S", bound=StrEnum)


def record(
    *,
    actor: Actor,
    at: datetime,
    object_type: str,
    object_id: int,
    transition: Transition[S] | None,
    from_state: S | None,
    division: DivisionCode | str,
    reason: str = "",
    verb: str = "",
    to_state: S | None = None,
    household_id: int | None = None,
    person_id: int | None = None,
    department: str | None = None,
) -> int:
    """Log one step within the action's own transaction and return the row's id.

    `object_type` is `room.noun`. With a `transition` its verb and target are logged; the birth of an object has none
    and gives `verb` and `to_state` itself. Name the household or person (a citizen's case) and the department (a
    referral) so that they may read, and take, the step.

    Raises:
        ValueError: neither a transition nor verb and state; a naive time; a transition that starts elsewhere.
    """
    if at.tzinfo is None:
        raise ValueError("the time of a step needs a time zone")
    if transition is not None:
        if from_state not in transition.from_states:
            raise ValueError(f"{transition.verb} does not start at {from_state}")
        verb, to_state = transition.verb, transition.to_state
    if not verb or to_state is None:
        raise ValueError("a step without a transition gives its verb and state")
    row = TransitionLog.objects.create(
        object_type=object_type,
        object_id=object_id,
        verb=verb,
        from_state="" if from_state is None else from_state.value,
        to_state=to_state.value,
        at=at,
        actor_kind=actor.kind.value,
        account_id=actor.account_id,
        post_id=actor.post_id,
        actor_name=actor.name,
        actor_post=actor.post_title,
        reason=reason,
        division_code=str(division),
        household_id=household_id,
        person_id=person_id,
        department=department,
    )
    return row.id
