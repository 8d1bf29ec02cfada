"""Indexes and references that a large load takes off first and puts back at the end: made at once, not row by row.

What keeps rows unique (primary keys, unique persons) stays on; references are all checked when they are put back. How
each is put back is written down in the same transaction in which it is taken off.
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
# References, and the unique constraint on pieces of names: five rows a person, the largest index of all.
_CONSTRAINTS = """
SELECT t.relname, c.conname, pg_get_constraintdef(c.oid)
FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
WHERE t.relname = ANY (%s) AND t.relnamespace = 'public'::regnamespace
  AND (c.contype = 'f' OR (c.contype = 'u' AND t.relname = 'registry_person_gram'))
ORDER BY c.contype DESC, t.relname, c.conname
"""


def take_off(*, at: datetime) -> None:
    """Drop indexes and references, and write down how to make them again."""
    with transaction.atomic(using=OWNER), connections[OWNER].cursor() as cursor:
        cursor.execute(_PLAIN, [list(_TABLES)])
        indexes = dict(cursor.fetchall())
        cursor.execute(_CONSTRAINTS, [list(_TABLES)])
        constraints = cursor.fetchall()
        for name in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
        for table, name, _ in constraints:
            cursor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"')
        journal.mark(Part.INDEXES, at=at, details={"indexes": indexes, "constraints": constraints})


def put_back() -> None:
    """Make again what was taken off, each in a transaction of its own; what is there already stays."""
    kept = journal.details(Part.INDEXES)
    with connections[OWNER].cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '512MB'")
        cursor.execute("SET work_mem = '256MB'")  # references are checked by joining whole tables
        for table, name, definition in kept.get("constraints", []):
            cursor.execute("SELECT 1 FROM pg_constraint WHERE conname = %s", [name])
            if cursor.fetchone() is None:
                cursor.execute(f'ALTER TABLE "{table}" ADD CONSTRAINT "{name}" {definition}')
        for definition in kept.get("indexes", {}).values():
            cursor.execute(definition.replace(" INDEX ", " INDEX IF NOT EXISTS ", 1))
        cursor.execute("RESET maintenance_work_mem")
        cursor.execute("RESET work_mem")


def tidy() -> None:
    """Go over the rows once now, so that no reader has to: which are visible to all, and statistics of their values."""
    with connections[OWNER].cursor() as cursor:
        for table in _TABLES:
            cursor.execute(f'VACUUM (ANALYZE) "{table}"')
