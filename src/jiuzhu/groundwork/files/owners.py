"""What files belong to: each room says, for its own kinds of objects, who may open and who may add their files.

A room registers in its `AppConfig.ready`. A kind that nobody registered is denied to everyone.
"""

from collections.abc import Callable
from dataclasses import dataclass

from jiuzhu.core.actors import Actor

Answer = Callable[[Actor, int], bool]


@dataclass(frozen=True, slots=True)
class OwnerRule:
    """Answers for one kind of object; each is asked inside the actor's scope with the object's id.

    An answer may also raise PermissionRefused, when the object is visible but the verb is not allowed.
    """

    may_open: Answer
    may_add: Answer


_rules: dict[str, OwnerRule] = {}


def register_owner(owner_type: str, *, may_open: Answer, may_add: Answer) -> None:
    """Say who may open and add files of a kind of object, named `room.noun`.

    Raises:
        ValueError: the name has no dot, or the kind is registered with other answers.
    """
    room, dot, noun = owner_type.partition(".")
    if not (room and dot and noun):
        raise ValueError(f"{owner_type!r}: an owner type is named room.noun")
    rule = OwnerRule(may_open, may_add)
    if _rules.setdefault(owner_type, rule) != rule:
        raise ValueError(f"{owner_type!r} is registered already")


def is_registered(owner_type: str) -> bool:
    """Whether a room has said who may open the files of a kind of object."""
    return owner_type in _rules


def may_open(actor: Actor, owner_type: str, owner_id: int) -> bool:
    """Whether the actor may open the files of an object."""
    rule = _rules.get(owner_type)
    return rule is not None and rule.may_open(actor, owner_id)


def may_add(actor: Actor, owner_type: str, owner_id: int) -> bool:
    """Whether the actor may add files to an object or take them away."""
    rule = _rules.get(owner_type)
    return rule is not None and rule.may_add(actor, owner_id)
