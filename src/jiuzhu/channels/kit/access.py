"""Who may open a page: every view says it, and a view that says nothing is refused (deny by default)."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import wraps
from typing import Any, TypeVar, cast

from django.http import HttpRequest, HttpResponseBase

from jiuzhu.core.actors import Actor, ActorKind

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


class Door(StrEnum):
    """How a view is guarded."""

    EVERYONE = "everyone"
    SIGNED_IN = "signed_in"
    PERMISSION = "permission"


@dataclass(frozen=True, slots=True)
class Access:
    """What a view asks of the actor. `kinds` empty means any kind; `permission` only with `Door.PERMISSION`."""

    door: Door
    permission: str = ""
    kinds: frozenset[ActorKind] = frozenset()


_OFFICERS = frozenset({ActorKind.STAFF, ActorKind.DEPARTMENT})

# Views of libraries carry no mark of ours; the addresses they live under are placed here.
LIBRARY_DOORS: tuple[tuple[str, Access], ...] = (
    ("allauth.account", Access(Door.EVERYONE)),
    ("allauth.mfa", Access(Door.EVERYONE)),  # the library itself asks for a login where one is needed
    ("allauth.usersessions", Access(Door.SIGNED_IN)),
    ("allauth.socialaccount", Access(Door.EVERYONE)),
    ("django.views.static", Access(Door.EVERYONE)),
    ("django.contrib.staticfiles", Access(Door.EVERYONE)),
)


def everyone(view: View) -> View:
    """Mark a view that visitors may open."""
    return _mark(view, Access(Door.EVERYONE))


def signed_in(*kinds: ActorKind) -> Callable[[View], View]:
    """Mark a view for every signed-in actor, or those of some kinds."""

    def decorate(view: View) -> View:
        return _mark(view, Access(Door.SIGNED_IN, kinds=frozenset(kinds)))

    return decorate


def needs(permission: str) -> Callable[[View], View]:
    """Mark a view for officers whose post holds a permission (`room.object.verb`).

    Citizens hold permissions on their own records, and have pages of their own: these refuse them.
    """

    def decorate(view: View) -> View:
        return _mark(view, Access(Door.PERMISSION, permission=str(permission), kinds=_OFFICERS))

    return decorate


def _mark(view: View, access: Access) -> View:
    @wraps(view)
    def marked(*args: Any, **kwargs: Any) -> HttpResponseBase:
        return view(*args, **kwargs)

    marked.access = access  # type: ignore[attr-defined]
    return cast("View", marked)


def access_of(view: Callable[..., Any]) -> Access | None:
    """What a view asks for: its own mark, or its library's place; None when nobody said anything."""
    found: Access | None = getattr(view, "access", None)
    if found is not None:
        return found
    owner = getattr(view, "view_class", view)
    module = getattr(owner, "__module__", "")
    return next((access for prefix, access in LIBRARY_DOORS if module.startswith(prefix)), None)


def actor_of(request: HttpRequest) -> Actor:
    """The actor of a request that passed the middleware; only for views that are not open to visitors."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        raise LookupError("this view is open to visitors and has no actor")
    return actor
