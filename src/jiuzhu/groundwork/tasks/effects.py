"""Effects that happen once, however often the job that causes them runs."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import connection, transaction

_CLAIM = "INSERT INTO task_effect (key, at) VALUES (%s, %s) ON CONFLICT (key) DO NOTHING"


@contextmanager
def effect_once(key: str, *, at: datetime) -> Iterator[bool]:
    """Yield True to the first who claims `key`, False to all later ones; the claim is kept only if the block succeeds.

        with effect_once(f"notice:{decision_id}", at=at) as first:
            if first:
                send(...)

    The claim lies in the same transaction as the effect. A second run that comes at the same time waits for the first:
    it then gets False when the first was committed, and True when it was rolled back.
    """
    if not key:
        raise ValueError("an effect needs a key")
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_CLAIM, [key, at])
            first = cursor.rowcount == 1
        yield first
