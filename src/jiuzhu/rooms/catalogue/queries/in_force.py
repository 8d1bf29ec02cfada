"""The packs in force on a day: the version published for it, with the standards that governments have published.

Until a first version has been published, what the program brings along is in force. Each process keeps what it has
read; what is in force is asked of the database every time, so that all processes change over at the same moment.
"""

from collections import OrderedDict
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from threading import Lock

from django.conf import settings
from django.db import connection

from jiuzhu.core.actors import system_actor
from jiuzhu.engine.household.months import Programs
from jiuzhu.engine.packs.loading import load
from jiuzhu.engine.packs.model import PackSet, Variable
from jiuzhu.engine.packs.parameters import PublishedValue, with_standards
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.rooms.catalogue.queries.standards import all_published
from jiuzhu.rooms.catalogue.queries.versions import pack_set

_READER = system_actor("catalogue")
_MOST_KEPT = 4
# nothing published is ever deleted, and publishing is the only way to change what is: number and last id tell a change
_NOW = """
SELECT (SELECT array_agg(digest ORDER BY effective_on) FROM catalogue_pack_version
        WHERE state IN ('published', 'superseded')),
       (SELECT digest FROM catalogue_pack_version
        WHERE state IN ('published', 'superseded') AND effective_on <= %s
        ORDER BY effective_on DESC LIMIT 1),
       (SELECT count(*) FROM catalogue_standard WHERE state IN ('published', 'replaced')),
       (SELECT coalesce(max(id), 0) FROM catalogue_standard WHERE state IN ('published', 'replaced'))
"""
_Key = tuple[str, int, int]


def public_programs(on: date) -> Programs:
    """The programs of the packs in force on a day; before the first version those that the program brings along."""
    with acting(_READER):
        _, digest, count, last = _now(on)
        key = (digest or "", count, last)
        return _KEPT.get(key) or _KEPT.put(key, Programs(laid_over(digest or "")))


def public_packs(on: date) -> PackSet:
    """The packs in force on a day, with published standards laid over."""
    return public_programs(on).packs


def public_facts() -> Mapping[tuple[str, str], Variable]:
    """The facts of all packs that were, are and will be in force, by entity and name."""
    return _facts(public_digests())


def public_digests() -> tuple[str, ...]:
    """The digests of all versions that were, are and will be in force; the empty one is of what is brought along."""
    with acting(_READER):
        return ("", *dict.fromkeys(_now(date.max)[0] or ()))


def public_shipped_packs() -> PackSet:
    """The packs that the program brings along, without published standards."""
    return _shipped()


def laid_over(digest: str, *, also: tuple[PublishedValue, ...] = ()) -> PackSet:
    """The packs of a version, or those brought along without a digest, with all published standards laid over.

    Raises:
        PackError: a standard does not fit the packs.
        NotFound: there is no such version.
    """
    packs = pack_set(actor=_READER, digest=digest) if digest else _shipped()
    return with_standards(packs, (*(one.as_published() for one in all_published(actor=_READER)), *also))


@lru_cache(maxsize=1)
def _shipped() -> PackSet:
    return load(settings.POLICIES, demo=settings.DEMO_POLICIES)


@lru_cache(maxsize=_MOST_KEPT)
def _facts(digests: tuple[str, ...]) -> Mapping[tuple[str, str], Variable]:
    found: dict[tuple[str, str], Variable] = {}
    for digest in digests:
        found |= _facts_of(pack_set(actor=_READER, digest=digest) if digest else _shipped())
    return found


def _facts_of(packs: PackSet) -> dict[tuple[str, str], Variable]:
    """What packs take from registers and applicants, in the order in which they declare it."""
    return {key: one for key, one in packs.variables.items() if one.source is not None}


def _now(on: date) -> tuple[list[str] | None, str | None, int, int]:
    with connection.cursor() as cursor:
        cursor.execute(_NOW, [on])
        found: tuple[list[str] | None, str | None, int, int] = cursor.fetchone()
    return found


class _Kept:
    """The programs that this process has used last."""

    def __init__(self) -> None:
        self._found: OrderedDict[_Key, Programs] = OrderedDict()
        self._lock = Lock()

    def get(self, key: _Key) -> Programs | None:
        with self._lock:
            if key in self._found:
                self._found.move_to_end(key)
            return self._found.get(key)

    def put(self, key: _Key, programs: Programs) -> Programs:
        with self._lock:
            kept = self._found.setdefault(key, programs)
            while len(self._found) > _MOST_KEPT:
                self._found.popitem(last=False)
            return kept


_KEPT = _Kept()
