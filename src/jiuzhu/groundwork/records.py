"""The base of every table: who may see a row, whether its history is kept, and what personal data it holds.

A model states the three as class attributes. The database's policies and triggers are derived from them after each
migration (`database/derive.py`), and house tests refuse a model that leaves one out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from django.db import models


class PersonalData(StrEnum):
    """Classes of personal data (个人信息保护法 art. 4, 28, 31); they decide masking, encryption, export and logging."""

    IDENTITY = "identity"  # names, numbers of certificates, photographs
    CONTACT = "contact"  # telephone, address
    FAMILY = "family"  # relations, membership of a household
    FINANCE = "finance"  # income, property, accounts: sensitive
    HEALTH = "health"  # illness, disability: sensitive
    JUSTICE = "justice"  # custody, credit: sensitive
    WELFARE = "welfare"  # receipt of assistance, target groups
    CONDUCT = "conduct"  # what a staff member did and when
    FREE_TEXT = "free_text"  # may hold anything: treated as sensitive


@dataclass(frozen=True, slots=True)
class Policy:
    """Row-level rule of one table: an SQL condition per kind of actor; None means that kind sees no row.

    In a condition `{t}` is the table itself. Staff write rows under the same condition as they read them, unless
    `staff_write` says otherwise; citizens and department officers only read, unless `written_by` names them: who could
    write an authorisation or a membership could widen their own scope. The system kind sees every row; the bare login
    role sees none.
    """

    staff: str | None
    citizen: str | None = None
    department: str | None = None
    staff_write: str | None = None
    written_by: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Unscoped:
    """The table holds nothing that belongs to a place or a person; every actor may read it. `reason` says why."""

    reason: str


def by_division(
    column: str = "division_code",
    *,
    citizen: str | None = None,
    department: str | None = None,
    written_by: frozenset[str] = frozenset(),
) -> Policy:
    """Staff see rows whose 12-digit division code lies in their range; an index on `column` serves the comparison.

    The functions stand bare, not in a sub-select: the planner then knows how wide the range is, a village or the city.
    """
    inside = f"{{t}}.{column} >= jiuzhu_division_lo() AND {{t}}.{column} < jiuzhu_division_hi()"
    return Policy(staff=inside, citizen=citizen, department=department, written_by=written_by)


def by_parent(parent_table: str, column: str) -> Policy:
    """A row is visible exactly when its parent is: the parent's own policy applies inside the sub-select."""
    # names of our own tables, put together at import
    visible = f"EXISTS (SELECT 1 FROM {parent_table} parent WHERE parent.id = {{t}}.{column})"  # noqa: S608
    return Policy(staff=visible, citizen=visible, department=visible)


OWN_PERSONS = "ANY ((SELECT jiuzhu_person_ids())::bigint[])"
OWN_HOUSEHOLDS = "ANY ((SELECT jiuzhu_household_ids())::bigint[])"


class History(StrEnum):
    """What the audit trail keeps of a table's changes."""

    FULL = "full"  # before and after images
    NONE = "none"  # technical rows that are themselves a log or a queue


class Record(models.Model):
    """Base of every table of ours.

    Subclasses state `policy`, `history` and `personal_data`; `personal_data` maps each field that holds personal
    data to its class and is `{}` when there is none. Columns in `history_omits` (secrets) never enter the audit trail.
    The database refuses to change or delete a row of an `append_only` table.
    """

    policy: ClassVar[Policy | Unscoped]
    history: ClassVar[History] = History.FULL
    history_omits: ClassVar[frozenset[str]] = frozenset()
    append_only: ClassVar[bool] = False
    personal_data: ClassVar[Mapping[str, PersonalData]]

    id = models.BigAutoField(primary_key=True)

    class Meta:
        abstract = True


class DivisionCodeField(models.CharField):  # type: ignore[type-arg]  # generic for the type checker only
    """A 12-digit division code, stored with the C collation so that a prefix is an index range."""

    def __init__(self, *args: object, **options: object) -> None:
        options.setdefault("max_length", 12)
        options.setdefault("db_collation", "C")
        super().__init__(*args, **options)  # type: ignore[arg-type]


class FenField(models.BigIntegerField):  # type: ignore[type-arg]  # generic for the type checker only
    """Money in integer fen (分); the unit is part of the column's name (`_fen`, `_fen_month`)."""
