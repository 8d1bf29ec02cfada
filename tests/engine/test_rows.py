"""Rows as the database copies them out, and what is refused of them."""

import struct
from collections.abc import Sequence
from datetime import date

import numpy as np
import pytest
from tests.engine.packs import write_packs

from jiuzhu.engine.packs.loading import load
from jiuzhu.engine.population.copied import UNKNOWN, CopiedRows
from jiuzhu.engine.population.rows import RowsError, population_of_rows, read_rows

HEADER = b"PGCOPY\n\xff\r\n\0" + struct.pack(">ii", 0, 0)
TRAILER = struct.pack(">h", -1)


def copied(*rows: Sequence[int]) -> bytes:
    """Rows as COPY … (FORMAT binary) writes bigint columns."""
    body = b"".join(
        struct.pack(">h", len(row)) + b"".join(struct.pack(">iq", 8, number) for number in row) for row in rows
    )
    return HEADER + body + TRAILER


def test_numbers_come_out_as_they_went_in() -> None:
    rows = [(1, -5, UNKNOWN), (2, 2**62, 0)]
    assert read_rows(copied(*rows), 3).T.tolist() == [list(row) for row in rows]
    assert read_rows(copied(), 3).shape == (3, 0)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"1\t2\n",
        copied((1, 2, 3))[:-1],
        copied((1, 2)),
        copied((1, 2, 3))[:-2] + b"\0\0",
        HEADER + struct.pack(">h", 3) + struct.pack(">iq", 8, 1) * 2 + struct.pack(">i", -1) + b"\0" * 8 + TRAILER,
    ],
)
def test_what_is_no_rows_of_so_many_numbers_is_refused(content: bytes) -> None:
    with pytest.raises(RowsError):
        read_rows(content, 3)


def test_members_stand_with_their_households_and_the_unknown_stays_unknown(tmp_path: object) -> None:
    packs = load([write_packs(tmp_path)])  # type: ignore[arg-type]
    piece = CopiedRows(
        date(2026, 9, 1),
        {"household": ("urban", "cars"), "person": ("birth_date", "student", "pension_yuan_month")},
        {
            "household": copied((7, 370902001001, 1, UNKNOWN), (3, 370902001002, 0, 2)),
            "person": copied(
                (3, 31, 19800101, UNKNOWN, 5000),
                (7, 71, 20010203, 1, UNKNOWN),
                (7, 72, 19500501, 0, 12345),
                (3, 32, 20200229, 0, 0),
            ),
        },
    )
    found = population_of_rows(packs, piece)
    assert found.households.tolist() == [7, 3]
    assert found.counts["person"].tolist() == [2, 2]
    assert found.numbers["person"].tolist() == [71, 72, 31, 32]
    assert found.chosen(np.array([1])).numbers["person"].tolist() == [31, 32]
    assert found.columns["person", "birth_date"].values.tolist() == [20010203, 19500501, 19800101, 20200229]
    student, cars = found.columns["person", "student"], found.columns["household", "cars"]
    assert student.values.dtype == np.bool_
    assert student.unknown is not None
    assert student.unknown.tolist() == [False, False, True, False]
    assert cars.unknown is not None
    assert (cars.values.tolist(), cars.unknown.tolist()) == ([0, 2], [True, False])
