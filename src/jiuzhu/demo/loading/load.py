"""Loading a city: part after part, each once; a broken load goes on where it stopped, a finished one does nothing."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import connections
from django.utils import timezone

from jiuzhu.demo import accounts
from jiuzhu.demo.city.hardship import DisabilityType
from jiuzhu.demo.identity import people as offered
from jiuzhu.demo.loading import indexes, journal, personas
from jiuzhu.demo.loading.chunks import load_chunks
from jiuzhu.demo.loading.city import City
from jiuzhu.demo.loading.ground import load_ground, network_from
from jiuzhu.demo.loading.journal import OWNER, Part, Standing

_LOCK = 7061
Report = Callable[[str, int, int], None]


class AlreadyLoading(Exception):  # noqa: N818 (says what is going on)
    """Another process is loading into this database."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a load did: the parts that this run loaded (none: everything was there) and how things stand."""

    parts: int
    standing: Standing


def load_city(
    *,
    size: str = "small",
    households: int | None = None,
    seed: int = 1,
    as_of: date | None = None,
    at: datetime | None = None,
    processes: int = 1,
    report: Report | None = None,
) -> Result:
    """Load what is missing of a city: one of the named sizes, or `households` of them as a size of its own.

    Without `as_of` the city's day is today. `report` hears (part, done, of all) as the work goes on.

    Raises:
        OtherCityLoaded: the database holds another city.
        AlreadyLoading: another process is at it.
    """
    day = as_of or timezone.localdate()
    if households is None:
        city = City.named(size, seed=seed, as_of=day)
    else:
        city = City(size=str(households), households=households, seed=seed, as_of=day)
    return load_parts(city, at=at or timezone.now(), var=settings.ENVIRONMENT.var, processes=processes, report=report)


def load_parts(city: City, *, at: datetime, var: Path, processes: int = 1, report: Report | None = None) -> Result:
    """Load the parts of a city that are missing.

    Raises:
        OtherCityLoaded: the database holds another city.
        AlreadyLoading: another process is at it.
    """
    tell = report or (lambda _part, _done, _total: None)
    with _alone():
        city = journal.begin(city, at=at)
        before = _standing()
        if journal.missing(Part.GROUND):
            tell(Part.GROUND, 0, 1)
            load_ground(city, at=at)
            tell(Part.GROUND, 1, 1)
        if journal.missing(Part.ACCOUNTS):
            tell(Part.ACCOUNTS, 0, 1)
            accounts.open_accounts(at=at, today=city.as_of, since=network_from(city))
            journal.mark(Part.ACCOUNTS, at=at)
            tell(Part.ACCOUNTS, 1, 1)
        if journal.missing(Part.INDEXES):
            if city.is_large:
                indexes.take_off(at=at)
            else:
                journal.mark(Part.INDEXES, at=at)
        _load_people(city, at=at, processes=processes, tell=tell)
        if journal.missing(Part.FINISH):
            tell(Part.FINISH, 0, 1)
            _finish(city, at=at, var=var)
            tell(Part.FINISH, 1, 1)
        after = _standing()
        return Result(after.parts_loaded - before.parts_loaded, after)


def _load_people(city: City, *, at: datetime, processes: int, tell: Report) -> None:
    todo = journal.missing(Part.CHUNK)
    total = len(city.plan.chunk_sizes)
    if todo:
        tell(Part.CHUNK, total - len(todo), total)
        for done, _ in enumerate(load_chunks(city, todo, at=at, processes=processes), start=1):
            tell(Part.CHUNK, total - len(todo) + done, total)


def _finish(city: City, *, at: datetime, var: Path) -> None:
    indexes.put_back()
    if city.is_large:
        indexes.tidy()
    with connections[OWNER].cursor() as cursor:
        cursor.execute("ANALYZE")
    offered.keep(var, citizens_of(city))
    journal.mark(Part.FINISH, at=at)


def citizens_of(city: City) -> list[offered.Offered]:
    """The citizens whom the identity provider offers in this city, each with a story that fits."""
    chunk = city.chunk(0)
    found = personas.find(chunk)
    people, hardship = chunk.people, chunk.hardship
    chosen = []
    for one in personas.wanted():
        if one.key not in found:
            continue
        row = found[one.key]
        facts = {
            "age": int(people.age[row]),
            "grade": int(hardship.grade[row]),
            "type": DisabilityType(int(hardship.disability[row])).name.lower(),
        }
        chosen.append(
            offered.Offered(
                name=str(people.name[row]),
                identity_number=str(people.citizen_id[row]),
                story_zh=one.story_zh.format(**facts),
                story_en=one.story_en.format(**facts),
            )
        )
    return chosen


def _standing() -> Standing:
    known = journal.standing()
    if known is None:
        raise LookupError("the load was not begun")
    return known


@contextmanager
def _alone() -> Iterator[None]:
    """Let one process load at a time."""
    # a connection of its own: the one of Django is closed while several processes work
    given = connections[OWNER].get_connection_params()
    wanted = {key: given[key] for key in ("dbname", "user", "password", "host", "port") if given.get(key)}
    with psycopg.connect(**wanted, autocommit=True) as lock:
        held = lock.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK]).fetchone()
        if held is None or not held[0]:
            raise AlreadyLoading("another process is loading the city; wait for it or stop it")
        yield
