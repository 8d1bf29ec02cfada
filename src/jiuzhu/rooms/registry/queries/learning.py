"""The variables of packs that were published after this process began: learnt when they are first met."""

from collections.abc import Iterable, Mapping

from jiuzhu.rooms.catalogue.queries import public_facts
from jiuzhu.rooms.registry.rules.variables import Variable, install, variables


def public_variables(keys: Iterable[str] | None = None) -> Mapping[str, Variable]:
    """All variables, those of all published packs included.

    With `keys` the database is asked for more only when one of them is not among those that this process knows.
    """
    if keys is None or not all(key in variables() for key in keys):
        install(public_facts())
    return variables()
