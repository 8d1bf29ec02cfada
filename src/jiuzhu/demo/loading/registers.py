"""The departments' registers as files: one folder for each, one compressed CSV for each chunk of the city.

A file holds what the department knows. Which person of the city stands behind a line, and what is wrong with it, is the
truth that only the generator knows; it is not written.
"""

import csv
import gzip
import io
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np

from jiuzhu.demo.city.registers.complete import Registers, keep_registers
from jiuzhu.demo.city.registers.holders import Holders
from jiuzhu.demo.loading.city import City

_TRUTH = frozenset({"person", "second_person", "flags"})


def write_registers(city: City, var: Path) -> Iterator[tuple[Path, int]]:
    """Write the registers of a city a chunk at a time; yields each file with its lines. Written whole or not at all."""
    folder = city.register_folder(var)
    for index in range(len(city.plan.chunk_sizes)):
        registers = keep_registers(city.chunk(index))
        for one in fields(Registers):
            columns = columns_of(getattr(registers, one.name))
            target = folder / one.name / f"{index:03d}.csv.gz"
            target.parent.mkdir(parents=True, exist_ok=True)
            unfinished = target.with_suffix(".part")
            # no time and no name in the header: the same city gives the same bytes
            with unfinished.open("wb") as raw, gzip.GzipFile("", "wb", mtime=0, fileobj=raw) as packed:
                text = io.TextIOWrapper(packed, encoding="utf-8", newline="")
                lines = _write(text, columns)
                text.flush()
                text.detach()
            unfinished.replace(target)
            yield target, lines


def _write(text: io.TextIOWrapper, columns: dict[str, list[Any]]) -> int:
    writer = csv.writer(text)
    writer.writerow(columns)
    rows = list(zip(*columns.values(), strict=True))
    writer.writerows(rows)
    return len(rows)


def columns_of(register: object) -> dict[str, list[Any]]:
    """The columns that the department knows, by name; of a holder number and name as written there."""
    found: dict[str, list[Any]] = {}
    for one in fields(register):  # type: ignore[arg-type]  # every register is a dataclass
        value = getattr(register, one.name)
        if one.name in _TRUTH:
            continue
        if isinstance(value, Holders):
            before = "" if one.name == "holder" else f"{one.name}_"
            found[f"{before}citizen_id"] = value.citizen_id.tolist()
            found[f"{before}name"] = value.name.tolist()
        elif value.dtype.kind == "M":
            found[one.name] = np.where(np.isnat(value), "", np.datetime_as_string(value, unit="D")).tolist()
        elif value.dtype.kind == "b":
            found[one.name] = value.astype(np.uint8).tolist()
        else:
            found[one.name] = value.tolist()
    return found
