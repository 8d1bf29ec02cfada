"""Writing whole tables with COPY: columns of text in, one stream out."""

from collections.abc import Mapping, Sequence
from itertools import repeat
from typing import Any

import numpy as np
from django.db.backends.utils import CursorWrapper

from jiuzhu.demo.city.arrays import Days

NULL = r"\N"
Column = Sequence[str] | str


def copy_rows(cursor: CursorWrapper, table: str, rows: int, columns: Mapping[str, Column]) -> int:
    """Copy `rows` rows into a table; a column is a text for each row, or one text for all. Returns the rows.

    Texts are in the form of COPY: no tab, line break or backslash but in `NULL` and the `\\x` of bytes.
    """
    if not rows:
        return 0
    names = ", ".join(f'"{name}"' for name in columns)
    parts = [repeat(column, rows) if isinstance(column, str) else column for column in columns.values()]
    data = "\n".join(map("\t".join, zip(*parts, strict=False)))
    driver: Any = cursor.cursor
    with driver.copy(f'COPY "{table}" ({names}) FROM STDIN'.encode()) as stream:
        stream.write(f"{data}\n".encode())
    return rows


def reserve_ids(cursor: CursorWrapper, table: str, count: int) -> int:
    """The first of `count` ids of a table that nobody else will be given. The owner of the table only."""
    cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [table])
    (sequence,) = cursor.fetchone()
    # changes nothing, but keeps everybody else from the sequence until the transaction ends
    cursor.execute(f"ALTER SEQUENCE {sequence} INCREMENT BY 1")
    cursor.execute("SELECT nextval(%s)", [sequence])
    (first,) = cursor.fetchone()
    cursor.execute("SELECT setval(%s, %s)", [sequence, int(first) + int(count) - 1])
    return int(first)


def dates(days: Days) -> list[str]:
    """Days as COPY takes them; not-a-day becomes NULL."""
    texts: list[str] = np.where(np.isnat(days), NULL, np.datetime_as_string(days, unit="D")).tolist()
    return texts


def sealed(value: bytes) -> str:
    """Bytes as COPY takes them."""
    return f"\\\\x{value.hex()}"
