"""One chunk in one transaction: either everything of it is in the database, its mark included, or nothing.

The audit trail is written as for any other change, by the database itself: set-based, one block for each COPY.
"""

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from datetime import datetime
from multiprocessing import get_context

import django
from django.db import connections, transaction
from django.db.backends.utils import CursorWrapper

from jiuzhu.demo.loading import journal
from jiuzhu.demo.loading.circumstances import copy_circumstances
from jiuzhu.demo.loading.city import City
from jiuzhu.demo.loading.copying import reserve_ids
from jiuzhu.demo.loading.groups import copy_groups
from jiuzhu.demo.loading.journal import OWNER, Part
from jiuzhu.demo.loading.numbered import number
from jiuzhu.demo.loading.people import copy_people

ACTOR = "演示数据装载"


def sign(cursor: CursorWrapper, reason: str) -> None:
    """Let the audit trail name this load for the rest of the transaction."""
    cursor.execute(
        "SELECT set_config('jiuzhu.actor_kind', 'system', true), set_config('jiuzhu.actor', %s, true),"
        " set_config('jiuzhu.reason', %s, true)",
        [ACTOR, reason],
    )


def load_chunk(city: City, index: int, *, at: datetime) -> int:
    """Make a chunk and write it; returns the number of people, none when another process was first."""
    chunk = city.chunk(index)
    connection = connections[OWNER]
    with connection.cursor() as cursor:
        with transaction.atomic(using=OWNER):
            first_household = reserve_ids(cursor, "registry_household", len(chunk.households.number))
            first_person = reserve_ids(cursor, "registry_person", len(chunk.people))
        numbered = number(chunk, first_household=first_household, first_person=first_person, at=at)
        with transaction.atomic(using=OWNER):
            # a load that was killed may have left a process at work that still ends this very chunk
            if not journal.claim(Part.CHUNK, index):
                return 0
            sign(cursor, f"演示城市{city.size}，种子{city.seed}，第{index + 1}块")
            copy_people(cursor, numbered, city.village_names)
            copy_circumstances(cursor, numbered, everyone=not city.is_large)
            copy_groups(cursor, numbered)
            journal.mark(Part.CHUNK, index, at=at, persons=len(chunk.people))
    return len(chunk.people)


def load_chunks(city: City, indexes: list[int], *, at: datetime, processes: int) -> Iterator[tuple[int, int]]:
    """Load chunks, in this process or in several; yields (chunk, people) as each is done."""
    if processes < 2 or len(indexes) < 2:
        for index in indexes:
            yield index, load_chunk(city, index, at=at)
        return
    connections[OWNER].close()
    # a process starts with Django's own function, before any module of ours: those want Django set up. It finds the
    # database's addresses in the environment, where the parent left them
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn"), initializer=django.setup) as pool:
        running = {pool.submit(load_chunk, city, index, at=at): index for index in indexes}
        try:
            for done in as_completed(running):
                yield running[done], done.result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
