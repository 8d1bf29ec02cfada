"""Bringing what is stored under former keys or another suite to the current ones, table by table.

What remains to be done is read from the stored bytes themselves: each names its suite and key. So a rotation needs no
notes of its own; stopped anywhere, even by `kill -9`, it loses at most one batch, and run again it goes on.

Every process must already hold the new key when a rotation begins, because rows under it appear at once. Former keys
stay in the ring afterwards: the audit trail keeps the images of rows as they were, sealed under the keys of their time.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import IntegrityError, connection, models

from jiuzhu.core.actors import Actor
from jiuzhu.groundwork.crypto.fields import BlindIndexField, EncryptedTextField
from jiuzhu.groundwork.crypto.installation import installed_keyring
from jiuzhu.groundwork.crypto.keyring import HEADER_BYTES, Header, SealRefused, header_of
from jiuzhu.groundwork.database.scope import acting

REASON = "rotation of field keys"
_MOST_PASSES = 10


class RotationStopped(RuntimeError):  # noqa: N818 (it stopped; what was done stays)
    """The database refused a batch; the message names table and constraint, never a value."""


@dataclass(frozen=True, slots=True)
class EncryptedTable:
    """A table with its encrypted columns and the blind indexes over them."""

    model: type[models.Model]
    fields: tuple[EncryptedTextField, ...]
    indexes: tuple[BlindIndexField, ...]

    @property
    def name(self) -> str:
        """Name of the table."""
        return self.model._meta.db_table

    @property
    def columns(self) -> tuple[str, ...]:
        """The encrypted columns, quoted."""
        return tuple(_quoted(field) for field in self.fields)

    @property
    def key(self) -> str:
        """The primary key's column, quoted."""
        return _quoted(self.model._meta.pk)


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that could not be opened: tampered with, or its key is missing. It was left as it is."""

    table: str
    row_id: int
    reason: str


@dataclass(frozen=True, slots=True)
class Rotated:
    """Of one table: rows written anew, rows that could not be opened, and whether a last pass found none."""

    rows: int
    refused: tuple[RefusedRow, ...]
    complete: bool


def encrypted_tables(among: Iterable[type[models.Model]] | None = None) -> tuple[EncryptedTable, ...]:
    """Every table with an encrypted column, of all models or of those given, in order of name."""
    found = []
    for model in apps.get_models() if among is None else among:
        if model._meta.proxy or not model._meta.managed:
            continue
        fields = tuple(field for field in model._meta.concrete_fields if isinstance(field, EncryptedTextField))
        indexes = tuple(field for field in model._meta.concrete_fields if isinstance(field, BlindIndexField))
        if fields:
            found.append(EncryptedTable(model, fields, indexes))
    return tuple(sorted(found, key=lambda table: table.name))


def rows_by_key(table: EncryptedTable, field: EncryptedTextField, *, actor: Actor) -> dict[Header | None, int]:
    """How many values of a column lie under which suite and key; None stands for bytes that nothing of ours wrote."""
    quote = connection.ops.quote_name
    column = _quoted(field)
    counts: dict[Header | None, int] = {}
    with acting(actor), connection.cursor() as cursor:
        cursor.execute(
            f"SELECT substring({column} FROM 1 FOR {HEADER_BYTES}), count(*) FROM {quote(table.name)}"  # noqa: S608 (names of our own models)
            f" WHERE {column} IS NOT NULL GROUP BY 1 ORDER BY 1"
        )
        for start, rows in cursor.fetchall():
            header = _header_or_none(bytes(start))
            counts[header] = counts.get(header, 0) + int(rows)
    return counts


def rows_to_rotate(table: EncryptedTable, *, actor: Actor) -> int:
    """How many rows hold something under a former key or another suite."""
    quote = connection.ops.quote_name
    with acting(actor), connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM {quote(table.name)} WHERE {_behind(table)}",  # noqa: S608 (names of our own models)
            [bytes(installed_keyring().current)] * len(table.fields),
        )
        return int(cursor.fetchone()[0])


def rotate_table(
    table: EncryptedTable, *, actor: Actor, batch_rows: int = 500, on_batch: Callable[[int], None] = lambda _rows: None
) -> Rotated:
    """Seal every value anew that is not under the current suite and key, and compute its blind indexes.

    Each batch is one transaction of its own and one entry of the audit trail. `on_batch` hears the rows of each.
    Rows written under a former key meanwhile are taken up by a further pass.

    Raises:
        RotationStopped: a constraint refused a batch: two rows became equal in a unique index.
    """
    rows = 0
    refused: dict[int, RefusedRow] = {}
    for _ in range(_MOST_PASSES):
        done = 0
        last = 0
        while True:
            batch = _rotate_batch(table, actor=actor, after=last, batch_rows=batch_rows)
            refused.update((row.row_id, row) for row in batch.refused)
            done += batch.written
            if batch.written:
                on_batch(batch.written)
            if batch.last is None:
                break
            last = batch.last
        rows += done
        if done == 0:
            return Rotated(rows, tuple(refused.values()), complete=True)
    return Rotated(rows, tuple(refused.values()), complete=False)


@dataclass(frozen=True, slots=True)
class _Batch:
    last: int | None
    written: int
    refused: tuple[RefusedRow, ...]


def _rotate_batch(table: EncryptedTable, *, actor: Actor, after: int, batch_rows: int) -> _Batch:
    quote = connection.ops.quote_name
    key = table.key
    columns = ", ".join(table.columns)
    with acting(actor, reason=REASON), connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {key}, {columns} FROM {quote(table.name)} WHERE {key} > %s AND ({_behind(table)})"  # noqa: S608 (names of our own models)
            f" ORDER BY {key} LIMIT %s FOR UPDATE",
            [after, *[bytes(installed_keyring().current)] * len(table.fields), batch_rows],
        )
        found = cursor.fetchall()
        if not found:
            return _Batch(None, 0, ())
        written: list[tuple[int, list[bytes | None]]] = []
        refused: list[RefusedRow] = []
        for row_id, *sealed in found:
            try:
                written.append((row_id, _sealed_anew(table, sealed)))
            except SealRefused as reason:
                refused.append(RefusedRow(table.name, row_id, str(reason)))
        if written:
            _write(table, written)
        return _Batch(found[-1][0], len(written), tuple(refused))


def _sealed_anew(table: EncryptedTable, sealed: Sequence[bytes | memoryview | None]) -> list[bytes | None]:
    ring = installed_keyring()
    texts: dict[str, str | None] = {}
    fresh: list[bytes | None] = []
    for field, value in zip(table.fields, sealed, strict=True):
        if value is None:
            texts[field.name] = None
            fresh.append(None)
            continue
        plain = ring.open(bytes(value), field.context)
        try:
            texts[field.name] = plain.decode()
        except UnicodeDecodeError:
            raise SealRefused(f"{field.context}: the sealed bytes are not text") from None
        fresh.append(bytes(value) if ring.is_current(bytes(value)) else ring.seal(plain, field.context))
    return [*fresh, *(index.value_of(texts[index.source]) for index in table.indexes)]


def _write(table: EncryptedTable, rows: Sequence[tuple[int, list[bytes | None]]]) -> None:
    quote = connection.ops.quote_name
    key = table.key
    names = [*table.columns, *(_quoted(index) for index in table.indexes)]
    assignments = ", ".join(f"{name} = fresh.{name}" for name in names)
    arrays = ", ".join(["%s::bigint[]", *["%s::bytea[]"] * len(names)])
    statement = (
        f"UPDATE {quote(table.name)} SET {assignments}"  # noqa: S608 (names of our own models)
        f" FROM unnest({arrays}) AS fresh({key}, {', '.join(names)}) WHERE {quote(table.name)}.{key} = fresh.{key}"
    )
    values: list[Any] = [
        [row_id for row_id, _ in rows],
        *([row[place] for _, row in rows] for place in range(len(names))),
    ]
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
    except IntegrityError as fault:
        constraint = getattr(getattr(fault.__cause__, "diag", None), "constraint_name", None)
        raise RotationStopped(
            f"{table.name}: rows between id {rows[0][0]} and {rows[-1][0]} break {constraint or 'a constraint'}: two"
            " rows hold the same value, one of them entered under another key. Merge or correct them, then run it again"
        ) from None


def _behind(table: EncryptedTable) -> str:
    return " OR ".join(
        f"({column} IS NOT NULL AND substring({column} FROM 1 FOR {HEADER_BYTES}) <> %s)" for column in table.columns
    )


def _quoted(field: "models.Field[Any, Any]") -> str:
    return connection.ops.quote_name(str(field.column))


def _header_or_none(start: bytes) -> Header | None:
    try:
        return header_of(start)
    except SealRefused:
        return None
