"""Set-based inserts: every column of a table goes to the database as one array, because a roll has very many rows."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection, models

from jiuzhu.groundwork.crypto.fields import BlindIndexField
from jiuzhu.groundwork.records import Record

Columns = Mapping[str, Sequence[object]]


def next_ids(model: type[Record], count: int) -> list[int]:
    """Take ids from a table's sequence, so that rows which refer to each other can be written at once."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, count],
        )
        return [row[0] for row in cursor.fetchall()]


def insert(model: type[Record], columns: Columns, /, **same: object) -> None:
    """Insert rows in one statement: `columns` by attribute, `same` for what all rows share.

    Encrypted columns take plain text and their blind indexes follow; columns left out get the model's default.

    Raises:
        TypeError: a column that has no default was left out, or one was given that the model does not have.
    """
    quote = connection.ops.quote_name
    unknown = {*columns, *same} - {field.attname for field in model._meta.concrete_fields}
    if unknown:
        raise TypeError(f"{model.__name__} has no {', '.join(sorted(unknown))}")
    arrays: list[tuple[str, str, list[object]]] = []
    constants: list[tuple[str, str, object]] = []
    for field in model._meta.concrete_fields:
        column, kind = quote(field.column or field.attname), (field.db_type(connection) or "").partition("(")[0]
        values = _values(field, columns)
        if values is not None:
            arrays.append((column, f"%s::{kind}[]", [field.get_prep_value(value) for value in values]))
        elif not field.primary_key:
            constants.append((column, f"%s::{kind}", field.get_prep_value(_shared(field, same))))
    names = ", ".join(column for column, _, _ in (*arrays, *constants))
    chosen = ", ".join(("given.*", *(cast for _, cast, _ in constants)))
    unnest = ", ".join(cast for _, cast, _ in arrays)
    statement = (
        # names of our own tables and columns; every value is a parameter
        f"INSERT INTO {quote(model._meta.db_table)} ({names})"  # noqa: S608
        f" SELECT {chosen} FROM unnest({unnest}) given"
    )
    parameters: list[Any] = [value for _, _, value in constants] + [values for _, _, values in arrays]
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def _values(field: "models.Field[Any, Any]", columns: Columns) -> Sequence[object] | None:
    """The values of a field's column: those given, or for a blind index those of its source."""
    if isinstance(field, BlindIndexField) and field.source in columns:
        return [field.value_of(None if text is None else str(text)) for text in columns[field.source]]
    return columns.get(field.attname)


def _shared(field: "models.Field[Any, Any]", same: Mapping[str, object]) -> object:
    if field.attname in same:
        return same[field.attname]
    if not field.has_default() and not field.null:
        raise TypeError(f"{field.model.__name__}.{field.attname} has no default: give its values")
    return field.get_default()
