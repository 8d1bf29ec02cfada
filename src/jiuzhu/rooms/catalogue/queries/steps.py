"""Reading the steps that versions and standards have taken, as the log of steps holds them."""

from datetime import datetime

from jiuzhu.core.actors import Actor
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.groundwork.transitions.queries import Step, timeline
from jiuzhu.rooms.catalogue.permissions import Permission

__all__ = ["Step", "pack_steps", "standard_steps"]


def pack_steps(*, actor: Actor, at: datetime, pack_id: int) -> tuple[Step, ...]:
    """The steps of a version, the oldest first; those of elsewhere are not told.

    Raises:
        PermissionRefused: the actor may not see versions.
    """
    actor.require(Permission.PACK_VIEW)
    with acting(actor, today=at.date()):
        return timeline("catalogue.pack", pack_id, actor=actor)


def standard_steps(*, actor: Actor, at: datetime, standard_id: int) -> tuple[Step, ...]:
    """The steps of a standard, the oldest first; those of elsewhere are not told.

    Raises:
        PermissionRefused: the actor may not see standards.
    """
    actor.require(Permission.STANDARD_VIEW)
    with acting(actor, today=at.date()):
        return timeline("catalogue.standard", standard_id, actor=actor)
