"""Invented households as plain arrays, the same for every contestant; money in fen."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Arrays = dict[str, npt.NDArray[Any]]
TODAY = 20260901
STANDARD_URBAN, STANDARD_RURAL = 96_000, 76_670
WAGE_MOST, SAVINGS_MONTHS = 75_000, 24
_SIZES, _SHARES = (1, 2, 3, 4, 5, 6), (0.28, 0.27, 0.2, 0.15, 0.07, 0.03)


def town(households: int, seed: int = 1) -> Arrays:
    """So many households and their members, who stand in the order of the households."""
    random = np.random.default_rng(seed)
    counts = random.choice(_SIZES, p=_SHARES, size=households).astype(np.int64)
    owners = np.repeat(np.arange(households, dtype=np.int64), counts)
    people = len(owners)

    def money(most: int, share: float) -> npt.NDArray[np.int64]:
        return np.asarray(random.integers(0, most, people) * (random.random(people) < share), dtype=np.int64)

    births = random.integers(1936, 2026, people) * 10000 + random.integers(1, 13, people) * 100
    return {
        "household": np.arange(households, dtype=np.int64) + 1,
        "urban": random.random(households) < 0.4,
        "cars": np.asarray(random.random(households) < 0.2, dtype=np.int64),
        "counts": counts,
        "owners": owners,
        "birth": np.asarray(births + random.integers(1, 29, people), dtype=np.int64),
        "wage": money(400_000, 0.5),
        "business": money(300_000, 0.15) - money(50_000, 0.02),
        "pension": money(250_000, 0.2),
        "deposit": money(4_000_000, 0.6),
        "grade": np.asarray(random.integers(1, 5, people) * (random.random(people) < 0.06), dtype=np.int64),
    }


def stored(folder: Path, households: int) -> Path:
    """The arrays of a size on disk, made when they are not there: by a process of its own.

    What a process has once used of memory counts for all that it starts, and would hide what they use.
    """
    path = folder / f"town-{households}.npz"
    if not path.exists():
        subprocess.run([sys.executable, "-m", "benchmarks.engine.town", str(path), str(households)], check=True)
    return path


def opened(path: Path) -> Arrays:
    """The arrays of a file."""
    with np.load(path) as found:
        return dict(found)


if __name__ == "__main__":
    np.savez(sys.argv[1], **town(int(sys.argv[2])))  # type: ignore[arg-type]
