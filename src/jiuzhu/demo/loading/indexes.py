"""Indexes that a large load takes off first and puts back at the end: built once over sorted rows, not row by row.

What keeps rows right (primary keys, unique persons) stays on. How each index is put back is written down in the same
transaction in which it is taken off.
"""

from datetime import datetime

from django.db import connections, transaction

from jiuzhu.demo.loading import journal
from jiuzhu.demo.loading.journal import OWNER, Part

_TABLES = (
    "registry_household",
    "registry_person",
    "registry_person_gram",
    "registry_membership",
    "registry_fact",
    "registry_person_values",
    "registry_household_values",
    "registry_group_membership",
    "registry_life_event",
    "registry_guardianship",
    "registry_authorisation",
)
_PLAIN = """
SELECT c.relname, pg_get_indexdef(i.indexrelid)
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid
WHERE t.relname = ANY (%s) AND NOT i.indisunique AND t.relnamespace = 'public'::regnamespace
ORDER BY c.relname
"""
# The pieces of names are five rows a person: their unique constraint is the largest index of all.
_PIECES = """
SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE conrelid = 'registry_person_gram'::regclass AND contype = 'u'
"""


def take_off(*, at: datetime) -> None:
    """Drop the indexes and write down how to make them again."""
    with transaction.atomic(using=OWNER), connections[OWNER].cursor() as cursor:
        cursor.execute(_PLAIN, [list(_TABLES)])
        indexes = dict(cursor.fetchall())
        cursor.execute(_PIECES)
        constraints = dict(cursor.fetchall())
        for name in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
        for name in constraints:
            cursor.execute(f'ALTER TABLE registry_person_gram DROP CONSTRAINT "{name}"')
        journal.mark(Part.INDEXES, at=at, details={"indexes": indexes, "constraints": constraints})


def put_back() -> None:
    """Make again what was taken off, each in a transaction of its own; what is there already stays."""
    kept = journal.details(Part.INDEXES)
    with connections[OWNER].cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '512MB'")
        for name, definition in kept.get("constraints", {}).items():
            cursor.execute("SELECT 1 FROM pg_constraint WHERE conname = %s", [name])
            if cursor.fetchone() is None:
                cursor.execute(f'ALTER TABLE registry_person_gram ADD CONSTRAINT "{name}" {definition}')
        for definition in kept.get("indexes", {}).values():
            cursor.execute(definition.replace(" INDEX ", " INDEX IF NOT EXISTS ", 1))
        cursor.execute("RESET maintenance_work_mem")
