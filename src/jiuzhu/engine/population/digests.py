"""The digest of a population: the same facts of the same households have the same digest, wherever they are stored."""

import hashlib

import numpy as np

from jiuzhu.engine.population.model import Column, Population, Values

PIECE = 65_536


def digest(population: Population) -> str:
    """The digest of a population."""
    return joined([of_piece(part) for part in population.parts(PIECE)], population.taken_on.isoformat())


def joined(pieces: list[str], taken_on: str) -> str:
    """The digest of pieces of `PIECE` households, from theirs."""
    return hashlib.sha256("\n".join([taken_on, *pieces]).encode()).hexdigest()


def of_piece(population: Population) -> str:
    """The digest of a piece: its households, their members, and every fact with where it is unknown."""
    total = hashlib.sha256()
    _add(total, "household", population.households)
    _add(total, "division", population.divisions)
    for entity, counts in sorted(population.counts.items()):
        _add(total, f"count {entity}", counts)
    for (entity, name), column in sorted(population.columns.items()):
        _add_column(total, f"{entity}.{name}", column)
    return total.hexdigest()


def _add_column(total: "hashlib._Hash", name: str, column: Column) -> None:
    unknown = column.unknown
    if unknown is None or not unknown.any():
        _add(total, name, column.values)
        return
    _add(total, name, np.where(unknown, 0, column.values).astype(column.values.dtype))
    _add(total, f"{name}?", np.packbits(unknown))


def _add(total: "hashlib._Hash", name: str, values: Values) -> None:
    """Names and lengths are part of it, so that no two lists of columns read alike."""
    total.update(f"{name}\0{values.dtype.kind}\0{len(values)}\0".encode())
    total.update(np.ascontiguousarray(values.astype(values.dtype.newbyteorder("<"), copy=False)).data)
