"""The scope of a transaction: which kind of actor works in it, and which rows exist for that actor.

Row-level security reads what is set here. Nothing set, nothing seen: a query that forgets its scope returns no row.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import IsolationLevel

from jiuzhu.core.actors import Actor, ActorKind
from jiuzhu.groundwork.permissions import Permission

_ROLES = {
    ActorKind.STAFF: "jiuzhu_staff",
    ActorKind.CITIZEN: "jiuzhu_citizen",
    ActorKind.DEPARTMENT: "jiuzhu_department",
    ActorKind.SYSTEM: "jiuzhu_system",
}
_NAMES = (
    "role",
    "jiuzhu.division_lo",
    "jiuzhu.division_hi",
    "jiuzhu.department",
    "jiuzhu.person_ids",
    "jiuzhu.household_ids",
    "jiuzhu.account_id",
    "jiuzhu.auditor",
    "jiuzhu.actor_kind",
    "jiuzhu.actor",
    "jiuzhu.post_id",
    "jiuzhu.reason",
    "jiuzhu.request_id",
    "jiuzhu.today",
)
_NOBODY = ("none", *[""] * (len(_NAMES) - 1))


@contextmanager
def acting(
    actor: Actor, *, reason: str = "", request_id: str = "", today: date | None = None, using: str = "default"
) -> Iterator[None]:
    """Open a transaction (or a savepoint) in which `actor` works; the former scope returns at its end.

    `reason` and `request_id` go into the audit trail with every change. `today` lets dated policies
    (an authorisation still alive?) be judged on a given day; without it the database's own day counts.
    """
    with transaction.atomic(using=using):
        connection = connections[using]
        before = getattr(connection, "jiuzhu_scope", _NOBODY)
        if not reason and before is not _NOBODY:
            reason = before[_NAMES.index("jiuzhu.reason")]
        if not request_id and before is not _NOBODY:
            request_id = before[_NAMES.index("jiuzhu.request_id")]
        now = _settings(actor, reason, request_id, today)
        # only what differs within another scope; all of it where there was none, whatever the session was left with
        inside = before is not _NOBODY
        _apply(connection, now, known=before if inside else None)
        try:
            yield
            if not connection.needs_rollback:
                _apply(connection, before, known=now if inside else None)
        finally:
            # a rollback of the transaction or savepoint restores the settings by itself
            connection.jiuzhu_scope = before  # type: ignore[attr-defined]


@contextmanager
def acting_at_one_moment(actor: Actor, *, today: date | None = None, using: str = "default") -> Iterator[None]:
    """As `acting`, for reads that must agree with each other: what others commit meanwhile is not seen.

    Inside another transaction that transaction's own rule holds.
    """
    connection = connections[using]
    connection.ensure_connection()
    if connection.in_atomic_block:
        with acting(actor, today=today, using=using):
            yield
        return
    usual = connection.connection.isolation_level
    connection.connection.isolation_level = IsolationLevel.REPEATABLE_READ
    try:
        with acting(actor, today=today, using=using):
            yield
    finally:
        connection.connection.isolation_level = usual


def _settings(actor: Actor, reason: str, request_id: str, today: date | None) -> tuple[str, ...]:
    division = actor.scope.division
    lo, hi = division.range if division is not None else ("", "")
    return (
        _ROLES[actor.kind],
        lo,
        hi,
        actor.scope.department or "",
        "{" + ",".join(map(str, sorted(actor.scope.person_ids))) + "}",
        "{" + ",".join(map(str, sorted(actor.scope.household_ids))) + "}",
        "" if actor.account_id is None else str(actor.account_id),
        "on" if Permission.AUDIT_VIEW in actor.permissions else "",
        actor.kind.value,
        actor.name,
        "" if actor.post_id is None else str(actor.post_id),
        reason,
        request_id,
        "" if today is None else today.isoformat(),
    )


def _apply(connection: BaseDatabaseWrapper, values: tuple[str, ...], *, known: tuple[str, ...] | None) -> None:
    changed = [
        (name, value)
        for place, (name, value) in enumerate(zip(_NAMES, values, strict=True))
        if known is None or known[place] != value
    ]
    if changed:
        statement = ", ".join(f"set_config('{name}', %s, true)" for name, _ in changed)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {statement}", [value for _, value in changed])
    connection.jiuzhu_scope = values  # type: ignore[attr-defined]
