"""Names of the array types used in the city, and the random streams that fill them."""

from typing import Any, TypeAlias
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Bools: TypeAlias = NDArray[np.bool_]
Bytes8: TypeAlias = NDArray[np.uint8]
Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
Texts: TypeAlias = NDArray[np.str_]
Days: TypeAlias = NDArray[np.datetime64]

DAY = np.dtype("datetime64[D]")
NOT_A_DAY = np.datetime64("NaT", "D")


def stream(seed: int, index: int, purpose: str) -> np.random.Generator:
    """The random stream for one purpose in one chunk; adding a purpose leaves the others as they were."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, index, crc32(purpose.encode())])))


def pick(rng: np.random.Generator, weights: Any, size: int) -> Ints:
    """`size` indexes drawn with the given weights (they need not sum to one)."""
    edges = np.cumsum(np.asarray(weights, dtype=np.float64))
    place = np.searchsorted(edges, rng.random(size) * edges[-1], side="right")
    return np.asarray(np.minimum(place, len(edges) - 1), dtype=np.int64)


def pick_by_row(rng: np.random.Generator, weights: Floats, row: Ints) -> Ints:
    """One index for each entry of `row`, drawn with the weights in that row of the table."""
    edges = np.cumsum(weights, axis=1)
    edges /= edges[:, -1:]
    draw = rng.random(len(row))
    chosen = np.zeros(len(row), dtype=np.int64)
    for column in range(weights.shape[1] - 1):
        chosen += draw >= edges[row, column]
    return chosen


def between(rng: np.random.Generator, low: Floats | float, high: Floats | float, size: int) -> Floats:
    """Uniform draws in [low, high)."""
    return np.asarray(low + (np.asarray(high) - low) * rng.random(size), dtype=np.float64)


def bell(rng: np.random.Generator, mean: float, spread: float, low: float, high: float, size: int) -> Floats:
    """Normal draws, held inside [low, high]."""
    return np.clip(rng.normal(mean, spread, size), low, high)


def by_age(table: tuple[tuple[int, float], ...], age: Ints) -> Floats:
    """Look a value up in a table of (from age, value), the ages ascending and the first at 0."""
    starts = np.array([start for start, _ in table])
    values = np.array([value for _, value in table], dtype=np.float64)
    return values[np.searchsorted(starts, age, side="right") - 1]


def age_on(born: Days, on: np.datetime64) -> Ints:
    """Completed years of age on a day, by the calendar (a birthday counts from the day itself)."""
    month, month_then = born.astype("datetime64[M]"), on.astype("datetime64[M]")
    months = (month_then - month).astype(np.int64)
    day = (born - month.astype(DAY)).astype(np.int64)
    day_then = (on - month_then.astype("datetime64[D]")).astype(np.int64)
    return np.asarray((months - (day > day_then)) // 12, dtype=np.int64)


def rank_within(key: Ints) -> Ints:
    """For each entry, how many earlier entries carry the same key."""
    order = np.argsort(key, kind="stable")
    ordered = key[order]
    starts = (
        np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]])) if len(key) else np.zeros(0, np.int64)
    )
    lengths = np.diff(np.append(starts, len(key)))
    rank = np.empty(len(key), dtype=np.int64)
    rank[order] = np.arange(len(key)) - np.repeat(starts, lengths)
    return rank


def fen(yuan: Floats) -> Ints:
    """Yuan to whole fen."""
    return np.rint(yuan * 100).astype(np.int64)
