"""An actor on its way into a job: what is written beside the job's arguments, and how the actor is made again from it.

The name is not written: the queue's tables carry no policy, so they hold ids only. It is read again from the account.
"""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from jiuzhu.core.actors import Actor, ActorKind, Scope
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.groundwork.accounts.models import Account

Json: TypeAlias = "bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None"


def issue(actor: Actor) -> dict[str, Json]:
    """The actor as JSON: kind, account, post, permissions and scope as they are now."""
    division = actor.scope.division
    return {
        "kind": actor.kind.value,
        "account_id": actor.account_id,
        "process": actor.name if actor.account_id is None else "",
        "post_id": actor.post_id,
        "post_title": actor.post_title,
        # one text: a list of a hundred texts takes longer to quote on its way into the queue than to write
        "permissions": " ".join(sorted(actor.permissions)),
        "division": None if division is None else division.value,
        "department": actor.scope.department,
        "household_ids": sorted(actor.scope.household_ids),
        "person_ids": sorted(actor.scope.person_ids),
    }


def admit(passport: Mapping[str, Json]) -> Actor:
    """The actor of a passport. It may do what it might do when the job was enqueued, no more and no less."""
    account_id = _whole(passport["account_id"])
    division = passport["division"]
    return Actor(
        kind=ActorKind(str(passport["kind"])),
        account_id=account_id,
        name=str(passport["process"]) if account_id is None else _name(account_id),
        post_id=_whole(passport["post_id"]),
        post_title=str(passport["post_title"]),
        permissions=frozenset(str(passport["permissions"]).split()),
        scope=Scope(
            division=None if division is None else DivisionCode(str(division)),
            department=None if passport["department"] is None else str(passport["department"]),
            household_ids=frozenset(int(str(one)) for one in _listed(passport["household_ids"])),
            person_ids=frozenset(int(str(one)) for one in _listed(passport["person_ids"])),
        ),
    )


def _name(account_id: int) -> str:
    name = Account.objects.filter(pk=account_id).values_list("display_name", flat=True).first()
    return name or f"account {account_id}"


def _whole(value: Json) -> int | None:
    return None if value is None else int(str(value))


def _listed(value: Json) -> Sequence[Json]:
    if not isinstance(value, list):
        raise TypeError(f"a list was expected in the passport, not {value!r}")
    return value
