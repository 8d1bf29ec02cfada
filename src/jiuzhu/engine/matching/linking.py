"""Records without a usable number beside persons, as sets in DuckDB: blocks, levels, weights, what is proposed.

Both tables have `id`, `name`, `plain` (the plain form of the name), `birth`, `sex` and `division`. Pairs are compared
only where a block brings them together, so that the work grows with the records and not with their product.
"""

from dataclasses import dataclass

import duckdb

from jiuzhu.engine.matching.comparing import NAME, PARTS, levels_sql, plain_sql
from jiuzhu.engine.matching.weights import STEADY, Verdict, Weights

# Each is on equal values. The year of birth, the whole birth, or its month and day agree; so does the name, or its
# first character. `l` is a person, `r` a record.
BLOCKS = (
    "l.plain = r.plain AND year(l.birth) = year(r.birth)",
    "l.birth = r.birth AND substr(l.plain, 1, 1) = substr(r.plain, 1, 1)",
    "l.plain = r.plain AND month(l.birth) = month(r.birth) AND day(l.birth) = day(r.birth)",
)


@dataclass(frozen=True, slots=True)
class Link:
    """A pair that is at least possible."""

    person: int
    record: int
    weight: float
    verdict: Verdict


def with_plain(con: duckdb.DuckDBPyConnection, table: str, source: str) -> None:
    """A table ready to be linked from a relation with `id`, `name`, `birth`, `sex`, `division`."""
    con.execute(f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT *, {plain_sql('name')} AS plain FROM {source}")  # noqa: S608


def count_names(con: duckdb.DuckDBPyConnection, persons: str, weights: Weights, *, into: str) -> None:
    """Write the table `into`: how frequent each name is among the persons."""
    average = weights.u[NAME][PARTS[NAME]]
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE {into} AS SELECT plain, "  # noqa: S608
        f"(count(*) + {STEADY * average!r}) / ((SELECT count(*) FROM {persons}) + {STEADY}) AS frequency"
        f" FROM {persons} GROUP BY plain"
    )


def link(
    con: duckdb.DuckDBPyConnection,
    persons: str,
    records: str,
    weights: Weights,
    *,
    names: str,
    into: str,
    keep_all: bool = False,
) -> None:
    """Write the table `into`: person, record, weight, verdict of all pairs that are at least possible.

    `names` is what `count_names` wrote. With `keep_all` pairs below the lower threshold are kept too.
    """
    blocks = " UNION ".join(
        f"SELECT l.id AS person, r.id AS record FROM {persons} l JOIN {records} r ON {block}"  # noqa: S608
        for block in BLOCKS
    )
    levels = ", ".join(f"{sql} AS {part}_level" for part, sql in levels_sql("l", "r").items())
    upper, lower = weights.threshold(weights.upper), weights.threshold(weights.lower)
    wanted = "" if keep_all else f" WHERE weight >= {lower!r}"
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE {into} AS WITH pair AS ({blocks}), compared AS ("  # noqa: S608
        f" SELECT person, record, l.plain AS plain, {levels} FROM pair JOIN {persons} l ON l.id = person"
        f" JOIN {records} r ON r.id = record), weighed AS ("
        f" SELECT person, record, {weights.weight_sql('frequency')} AS weight"
        f" FROM compared LEFT JOIN {names} USING (plain))"
        f" SELECT person, record, weight, CASE WHEN weight >= {upper!r} THEN '{Verdict.MATCH}'"
        f" WHEN weight >= {lower!r} THEN '{Verdict.REVIEW}' ELSE '{Verdict.NO}' END AS verdict"
        f" FROM weighed{wanted}"
    )


def links(con: duckdb.DuckDBPyConnection, table: str) -> list[Link]:
    """The pairs of a table that `link` wrote, in the order of records and persons."""
    rows = con.execute(f"SELECT person, record, weight, verdict FROM {table} ORDER BY record, person").fetchall()  # noqa: S608
    return [Link(person, record, weight, Verdict(verdict)) for person, record, weight, verdict in rows]
