"""Weights from the data themselves, without labels: `u` from pairs at random, `m` by expectation–maximisation.

`m` of a part is estimated among pairs that other parts bring together: birth and sex among those of one name and
county, name and division among those of one birth and sex.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import duckdb

from jiuzhu.engine.matching.comparing import BIRTH, DIVISION, MISSING, NAME, PARTS, SEX, levels_sql
from jiuzhu.engine.matching.weights import Weights

_SAMPLE = 60_000
_RANDOM_PAIRS = 2_000_000
_ROUNDS, _STILL = 200, 1e-6
_LEAST = 1e-7
_BLOCKS = (
    ("l.plain = r.plain AND substr(l.division, 1, 6) = substr(r.division, 1, 6)", (BIRTH, SEX)),
    ("l.birth = r.birth AND l.sex = r.sex", (NAME, DIVISION)),
)


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a run of expectation–maximisation found: `m` by part, the share of pairs that are one person, the rounds."""

    m: Mapping[str, tuple[float, ...]]
    share: float
    rounds: int


def estimate(con: duckdb.DuckDBPyConnection, persons: str, records: str, given: Weights) -> Weights:
    """Weights estimated from two tables as in `linking`; what the data do not show keeps the given value."""
    u = _of_strangers(con, persons, records, given)
    m = dict(given.m)
    for block, parts in _BLOCKS:
        counts = _patterns(con, persons, records, block, parts)
        if sum(counts.values()):
            start = {part: given.m[part] for part in parts}
            m |= maximise(counts, parts, start, {part: u[part] for part in parts}).m
    return replace(given, m=m, u=u)


def maximise(
    counts: Mapping[tuple[int, ...], int],
    parts: Sequence[str],
    m: Mapping[str, tuple[float, ...]],
    u: Mapping[str, tuple[float, ...]],
    share: float = 0.1,
) -> Estimate:
    """Expectation–maximisation over counted patterns of levels, with `u` held; a missing level says nothing."""
    found = dict(m)
    whole = sum(counts.values())
    rounds, change = 0, 1.0
    while change >= _STILL and rounds < _ROUNDS:
        rounds += 1
        sums = {part: [0.0] * (PARTS[part] + 1) for part in parts}
        same = 0.0
        for pattern, count in counts.items():
            mine, other = share, 1 - share
            for part, level in zip(parts, pattern, strict=True):
                if level != MISSING:
                    mine *= found[part][level]
                    other *= u[part][level]
            chance = count * mine / (mine + other)
            same += chance
            for part, level in zip(parts, pattern, strict=True):
                if level != MISSING:
                    sums[part][level] += chance
        before, moved = share, dict(found)
        share = min(max(same / whole, _LEAST), 1 - _LEAST)
        found = {part: _shares(sums[part]) if sum(sums[part]) else found[part] for part in parts}
        change = max(
            [
                abs(share - before),
                *(abs(a - b) for part in parts for a, b in zip(found[part], moved[part], strict=True)),
            ]
        )
    return Estimate(found, share, rounds)


def _of_strangers(
    con: duckdb.DuckDBPyConnection, persons: str, records: str, given: Weights
) -> dict[str, tuple[float, ...]]:
    """How often two records drawn at random agree; the draw is the same each time."""
    (left,), (right,) = (con.execute(f"SELECT count(*) FROM {table}").fetchall()[0] for table in (persons, records))  # noqa: S608
    side = max(1, math.isqrt(_RANDOM_PAIRS))
    levels = levels_sql("l", "r")
    listed = ", ".join(f"{sql} AS {part}_level" for part, sql in levels.items())
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE strangers AS WITH l AS (SELECT * FROM {persons} ORDER BY hash(id) LIMIT {side}),"  # noqa: S608
        f" r AS (SELECT * FROM {records} ORDER BY hash(id + 1) LIMIT {side}) SELECT {listed} FROM l, r"
    )
    found = {}
    for part, highest in PARTS.items():
        rows = dict(
            con.execute(
                f"SELECT {part}_level, count(*) FROM strangers WHERE {part}_level <> {MISSING} GROUP BY 1"  # noqa: S608
            ).fetchall()
        )
        whole = sum(rows.values())
        # a level that a sample does not show is rarer than the sample can tell: the given value, at most one in it
        found[part] = given.u[part]
        if whole and min(left, right) > 1:
            found[part] = _shares(
                [rows.get(level) or whole * min(given.u[part][level], 1 / whole) for level in range(highest + 1)]
            )
    con.execute("DROP TABLE strangers")
    return found


def _patterns(
    con: duckdb.DuckDBPyConnection, persons: str, records: str, block: str, parts: Sequence[str]
) -> dict[tuple[int, ...], int]:
    levels = levels_sql("l", "r")
    listed = ", ".join(levels[part] for part in parts)
    rows = con.execute(
        f"WITH l AS (SELECT * FROM {persons} ORDER BY hash(id) LIMIT {_SAMPLE}), r AS (SELECT * FROM {records}"  # noqa: S608
        f" ORDER BY hash(id) LIMIT {_SAMPLE}) SELECT {listed}, count(*) FROM l JOIN r ON {block} GROUP BY ALL"
    ).fetchall()
    return {tuple(row[:-1]): row[-1] for row in rows}


def _shares(sums: Sequence[float]) -> tuple[float, ...]:
    whole = sum(sums)
    return tuple(min(max(one / whole, _LEAST), 1 - _LEAST) for one in sums)
