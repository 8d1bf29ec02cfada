"""Rows as PostgreSQL copies them out in binary form, turned into columns without a loop over rows.

Every column is a 64-bit number that is never null, so all rows have one length; `UNKNOWN` stands for what is not known.
Manual of PostgreSQL, COPY, section Binary Format: a header, rows of counted fields, a last field count of -1.
"""

import numpy as np

from jiuzhu.engine.kinds import Base
from jiuzhu.engine.packs.model import ROOT, PackSet
from jiuzhu.engine.population.copied import UNKNOWN, CopiedRows
from jiuzhu.engine.population.gathering import gather
from jiuzhu.engine.population.model import Population, Values, Whole
from jiuzhu.engine.program.nodes import Key

_SIGNATURE = b"PGCOPY\n\xff\r\n\0"
_HEADER = len(_SIGNATURE) + 8  # flags and the length of an extension that nobody has
_TRAILER = b"\xff\xff"
_BYTES = 8


class RowsError(ValueError):
    """The bytes are no rows of so many 64-bit numbers."""


def read_rows(content: bytes, columns: int) -> Whole:
    """The numbers, one array for each column.

    Raises:
        RowsError: another form, another number of columns, a null or a number of another width.
    """
    size = 2 + columns * (4 + _BYTES)
    body = content[_HEADER:]
    count, rest = divmod(len(body) - len(_TRAILER), size)
    if not content.startswith(_SIGNATURE) or rest or count < 0 or not body.endswith(_TRAILER):
        raise RowsError(f"no rows of {columns} numbers: {len(content)} bytes")
    fields = [("fields", ">i2"), ("cells", [("bytes", ">i4"), ("number", ">i8")], (columns,))]
    rows = np.frombuffer(body, dtype=np.dtype(fields), count=count)
    if (rows["fields"] != columns).any() or (rows["cells"]["bytes"] != _BYTES).any():
        raise RowsError(f"a row has other fields than {columns} numbers")
    return np.ascontiguousarray(rows["cells"]["number"].T, dtype=np.int64)


def population_of_rows(packs: PackSet, copied: CopiedRows) -> Population:
    """A population of copied rows.

    Raises:
        RowsError: as `read_rows` does.
        PopulationError: as `gather` does.
    """
    owners: dict[str, Values] = {}
    seconds: dict[str, Values] = {}
    facts: dict[Key, Values] = {}
    for entity, names in copied.facts.items():
        owners[entity], seconds[entity], *found = read_rows(copied.rows[entity], 2 + len(names))
        for name, values in zip(names, found, strict=True):
            facts[entity, name] = _values(packs, (entity, name), values)
    return gather(
        packs,
        taken_on=copied.taken_on,
        households=owners.pop(ROOT),
        divisions=seconds.pop(ROOT),
        owners=owners,
        facts=facts,
        numbers=seconds,
    )


def _values(packs: PackSet, key: Key, numbers: Whole) -> Values:
    """A column as its fact is held: yes and no as bool, the unknown masked."""
    unknown = numbers == UNKNOWN
    is_truth = packs.variables[key].kind.base is Base.TRUTH
    values = np.where(unknown, 0, numbers).astype(np.bool_) if is_truth else numbers
    return np.ma.MaskedArray(values, mask=unknown) if unknown.any() else values
