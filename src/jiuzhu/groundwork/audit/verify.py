"""Verification of the audit trail: recompute every hash, compare every live row with its last image, compare the heads.

Runs as the owner of the tables, set-based inside PostgreSQL; memory does not grow with the trail.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import psycopg
from psycopg import sql

from jiuzhu.groundwork.database.derive import record_models
from jiuzhu.groundwork.records import History


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as the chain says. `kind` is stable; `where` names lane and height, or table and row."""

    kind: str
    where: str
    detail: str


@dataclass(frozen=True, slots=True)
class LaneHead:
    """The end of one lane: how many blocks it holds and the hash of the last."""

    lane: int
    height: int
    hash: str


@dataclass(frozen=True, slots=True)
class ChainHead:
    """The ends of all lanes at one moment, to be kept outside the system (printed, signed, sent to the archive)."""

    taken_at: str
    lanes: tuple[LaneHead, ...]

    def to_json(self) -> str:
        """The head as JSON text, stable in order."""
        return json.dumps(asdict(self), indent=1, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> "ChainHead":
        """Read a head written by `to_json`.

        Raises ValueError when the text is no chain head.
        """
        try:
            found = json.loads(text)
            return cls(
                taken_at=str(found["taken_at"]),
                lanes=tuple(
                    LaneHead(int(lane["lane"]), int(lane["height"]), str(lane["hash"])) for lane in found["lanes"]
                ),
            )
        except (KeyError, TypeError, json.JSONDecodeError) as fault:
            raise ValueError(f"not a chain head: {fault}") from fault


@dataclass(frozen=True, slots=True)
class Totals:
    """How much was verified."""

    blocks: int
    changes: int
    live_rows: int


def read_head(connection: psycopg.Connection[tuple[object, ...]], at: datetime) -> ChainHead:
    """Read the ends of all lanes."""
    rows = connection.execute("SELECT id, height, encode(head, 'hex') FROM audit_lane ORDER BY id").fetchall()
    return ChainHead(at.isoformat(), tuple(LaneHead(int(str(i)), int(str(h)), str(x)) for i, h, x in rows))


def load_head(path: Path) -> ChainHead:
    """Read a head kept in a file."""
    return ChainHead.from_json(path.read_text(encoding="utf-8"))


# the same settings as in audit.sql: they decide how a row looks as JSON
_SETTINGS = (
    "SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO, YMD'; SET LOCAL intervalstyle = 'iso_8601';"
    " SET LOCAL bytea_output = 'hex'; SET LOCAL extra_float_digits = 1; SET LOCAL search_path = public"
)
_CHANGES = """
SELECT c.id, c.block_id, c.ordinal FROM audit_change c
WHERE c.digest IS DISTINCT FROM jiuzhu_audit_digest(c.table_name, c.row_id, c.before, c.after)
ORDER BY c.id
"""
_ORPHANS = """
SELECT c.id, c.block_id FROM audit_change c LEFT JOIN audit_block b ON b.id = c.block_id
WHERE b.id IS NULL OR b.table_name <> c.table_name ORDER BY c.id
"""
_BLOCKS = """
WITH digests AS (
    SELECT block_id, string_agg(digest, ''::bytea ORDER BY ordinal) AS digests, count(*) AS changes,
           min(ordinal) AS lowest, max(ordinal) AS highest
    FROM audit_change GROUP BY block_id
), chained AS (
    SELECT b.*, d.digests, d.changes AS found, d.lowest, d.highest,
           lag(b.hash) OVER lane AS before_hash, lag(b.height) OVER lane AS before_height
    FROM audit_block b LEFT JOIN digests d ON d.block_id = b.id
    WINDOW lane AS (PARTITION BY b.lane_id ORDER BY b.height)
)
SELECT lane_id, height,
       found IS DISTINCT FROM changes OR lowest <> 1 OR highest <> changes AS rows_differ,
       height <> coalesce(before_height, 0) + 1 AS gap,
       previous IS DISTINCT FROM
           coalesce(before_hash, sha256(convert_to('jiuzhu audit lane ' || lane_id, 'UTF8'))) AS broken,
       hash IS DISTINCT FROM jiuzhu_audit_block_hash(previous, lane_id, height, at, table_name, operation,
           actor_kind, actor, account_id, post_id, reason, request_id, coalesce(digests, ''::bytea)) AS altered
FROM chained
WHERE found IS DISTINCT FROM changes OR lowest <> 1 OR highest <> changes
   OR height <> coalesce(before_height, 0) + 1
   OR previous IS DISTINCT FROM coalesce(before_hash, sha256(convert_to('jiuzhu audit lane ' || lane_id, 'UTF8')))
   OR hash IS DISTINCT FROM jiuzhu_audit_block_hash(previous, lane_id, height, at, table_name, operation,
           actor_kind, actor, account_id, post_id, reason, request_id, coalesce(digests, ''::bytea))
ORDER BY lane_id, height
"""
_LANES = """
SELECT l.id, l.height, encode(l.head, 'hex'), coalesce(b.height, 0),
       encode(coalesce(b.hash, sha256(convert_to('jiuzhu audit lane ' || l.id, 'UTF8'))), 'hex')
FROM audit_lane l
LEFT JOIN LATERAL (SELECT height, hash FROM audit_block WHERE lane_id = l.id ORDER BY height DESC LIMIT 1) b ON true
ORDER BY l.id
"""
# The last image of each row against the row as it stands; columns that a migration added or removed since are left out.
_LIVE = """
WITH last AS (
    SELECT DISTINCT ON (row_id) row_id, after FROM audit_change WHERE table_name = %(table)s ORDER BY row_id, id DESC
), live AS (
    SELECT t.id, to_jsonb(t) - %(omitted)s::text[] AS image FROM "{table}" t
)
SELECT coalesce(live.id, last.row_id),
       CASE WHEN live.id IS NULL THEN 'deleted' WHEN last.row_id IS NULL THEN 'inserted' ELSE 'edited' END
FROM live FULL JOIN (SELECT * FROM last WHERE after IS NOT NULL) last ON last.row_id = live.id
WHERE live.image IS DISTINCT FROM last.after
  AND (live.id IS NULL OR last.row_id IS NULL OR EXISTS (
        SELECT 1 FROM jsonb_each(live.image) l JOIN jsonb_each(last.after) a USING (key) WHERE l.value <> a.value))
ORDER BY 1
"""


def findings(
    connection: psycopg.Connection[tuple[object, ...]], *, against: ChainHead | None = None
) -> Iterator[Finding]:
    """Yield everything that is wrong, in order; nothing when the trail is whole.

    `against` is a head kept outside: only with it can a cut-off end of a lane be noticed, since whoever cuts the end
    may put back the lane's own record of it.
    """
    connection.execute(_SETTINGS)
    for identifier, block, ordinal in connection.execute(_CHANGES).fetchall():
        yield Finding("image", f"change {identifier}", f"row {ordinal} of block {block} does not match its digest")
    for identifier, block in connection.execute(_ORPHANS).fetchall():
        yield Finding("orphan", f"change {identifier}", f"its block {block} is missing or names another table")
    for lane, height, rows_differ, gap, broken, altered in connection.execute(_BLOCKS).fetchall():
        where = f"lane {lane} height {height}"
        if rows_differ:
            yield Finding("rows", where, "rows of this block were added or removed")
        if gap:
            yield Finding("gap", where, "the block before it is missing or a block was put in")
        if broken:
            yield Finding("link", where, "it does not continue the block before it")
        if altered:
            yield Finding("block", where, "its content does not match its hash")
    yield from _lanes(connection, against)
    for model in record_models():
        if model.history is History.FULL:
            yield from _live(connection, model._meta.db_table, sorted(model.history_omits))


def _lanes(connection: psycopg.Connection[tuple[object, ...]], against: ChainHead | None) -> Iterator[Finding]:
    for lane, height, head, last_height, last_hash in connection.execute(_LANES).fetchall():
        if (height, head) != (last_height, last_hash):
            yield Finding(
                "head", f"lane {lane}", f"the lane's record says height {height}, its last block is {last_height}"
            )
    for kept in against.lanes if against is not None else ():
        if kept.height == 0:
            continue
        found = connection.execute(
            "SELECT encode(hash, 'hex') FROM audit_block WHERE lane_id = %s AND height = %s", [kept.lane, kept.height]
        ).fetchone()
        if found is None:
            yield Finding("cut", f"lane {kept.lane} height {kept.height}", "the kept head names a block that is gone")
        elif found[0] != kept.hash:
            yield Finding(
                "rewritten", f"lane {kept.lane} height {kept.height}", "the block is not the one of the kept head"
            )


def _live(connection: psycopg.Connection[tuple[object, ...]], table: str, omitted: list[str]) -> Iterator[Finding]:
    query = _LIVE.format(table=table)
    for row, how in connection.execute(query.encode(), {"table": table, "omitted": omitted}).fetchall():
        yield Finding("live", f"{table} {row}", f"the row was {how} without a trace in the audit trail")


def totals(connection: psycopg.Connection[tuple[object, ...]]) -> Totals:
    """Count what a verification covers."""
    blocks = connection.execute("SELECT count(*) FROM audit_block").fetchone()
    changes = connection.execute("SELECT count(*) FROM audit_change").fetchone()
    live = 0
    for model in record_models():
        if model.history is History.FULL:
            counted = connection.execute(
                sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(model._meta.db_table))
            ).fetchone()
            live += int(str(counted[0])) if counted else 0
    return Totals(int(str(blocks[0])) if blocks else 0, int(str(changes[0])) if changes else 0, live)
