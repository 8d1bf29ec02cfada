"""One register beside the list: one pass over its rows keeps what can be somebody's, the rest works on these few.

By number first; then another valid number under the same name and birth, about which a person decides; then rows
without a usable number, by name, birth, sex and place (`matching.linking`).
"""

from dataclasses import dataclass

import duckdb

from jiuzhu.engine.bulk.registers import Field, FieldKind, Register, Sum
from jiuzhu.engine.bulk.sources import ROW, Source
from jiuzhu.engine.matching.comparing import plain_sql
from jiuzhu.engine.matching.findings import Finding
from jiuzhu.engine.matching.linking import link
from jiuzhu.engine.matching.weights import Verdict, Weights

_TYPES = {
    FieldKind.DATE: "DATE",
    FieldKind.MONEY: "BIGINT",
    FieldKind.COUNT: "INTEGER",
    FieldKind.SHARE: "BIGINT",
}
_SILENT = (FieldKind.NUMBER, FieldKind.NAME)


@dataclass(frozen=True, slots=True)
class Searched:
    """What a pass found: rows looked at, pairs that match, pairs a person decides on, rows that say too little."""

    rows: int
    matched: int
    undecided: int
    without_identity: int


def search(con: duckdb.DuckDBPyConnection, register: Register, source: Source, weights: Weights) -> Searched:
    """Make the tables `found` (person, row, verdict, weight, bits, bounds of each figure) and `totals` (per person)."""
    _keep_candidates(con, register, source)
    _under_another(con)
    _by_name(con, weights)
    _bounds(con, register)
    matched, undecided = con.execute(
        f"SELECT count(*) FILTER (WHERE verdict = '{Verdict.MATCH}'),"  # noqa: S608
        f" count(*) FILTER (WHERE verdict = '{Verdict.REVIEW}') FROM found"
    ).fetchall()[0]
    (nobody,) = con.execute(
        "SELECT count(*) FROM rest WHERE number IS NULL AND (name = '' OR coalesce(birth, birth_in(c)) IS NULL)"
        " AND row NOT IN (SELECT row FROM others)"
    ).fetchall()[0]
    return Searched(source.rows, matched, undecided, nobody)


def _keep_candidates(con: duckdb.DuckDBPyConnection, register: Register, source: Source) -> None:
    """The one pass: `kept` are the rows that can be somebody's, with the person whose number they hold."""
    cells = {cell.field.code: cell for cell in source.cells}
    values = {
        field.code: cells[field.code].value if field.code in cells else _nothing(field) for field in register.columns
    }
    number, name, birth = values.pop("number"), values.pop("name"), values.pop("birth_date")
    if "number" in cells:
        wanted = (
            f"hash({number}) IN (SELECT mark FROM written) OR strlen({number}) NOT IN (15, 18)"  # noqa: S608
            # no digit in front, a blank within, an old number without a day: no number as it should be written
            f" OR {number} < '0' OR {number} >= ':' OR contains({number}, ' ')"
            f" OR CASE WHEN strlen({number}) = 15 THEN birth_in(upper({number})) IS NULL ELSE false END"
            f" OR hash({name}, substr({number}, 7, 8)) IN (SELECT mark FROM marks)"
        )
    else:
        wanted = (
            f"{plain_sql(f'trim({name})')} IN (SELECT plain FROM persons)"  # noqa: S608
            f" OR ({birth}) IN (SELECT birth FROM persons)"
        )
    # written as it should be: it finds its owner, or nobody by what else the row holds, which is then left unread
    is_plain = f"strlen({number}) = 18 AND {number} >= '0' AND {number} < ':' AND NOT contains({number}, ' ')"
    for code in ("sex", "division_code"):
        values[code] = f"CASE WHEN {is_plain} THEN NULL ELSE {values[code]} END"
    listed = ", ".join(f"{sql} AS {code}" for code, sql in values.items())
    # few names differ, and only of these the plain form is worked out
    con.execute(
        "CREATE OR REPLACE TEMP TABLE kept AS SELECT s.*, k.id AS person, k.is_old, k.is_former,"  # noqa: S608
        " CASE WHEN s.name = '' OR s.name = k.name THEN 'same'"
        f" WHEN k.id IS NOT NULL AND ({plain_sql('s.name')}) = k.plain THEN 'variant' ELSE 'other' END AS likeness"
        " FROM (SELECT row, trim(name) AS name,"
        " CASE WHEN is_plain THEN upper(number) ELSE compacted(number) END AS c,"
        " * EXCLUDE (row, number, name, is_plain) FROM ("
        f"SELECT {ROW} AS row, {number} AS number, {name} AS name, {birth} AS birth, {listed}, {is_plain} AS is_plain,"
        f" ({source.any_wrong}) AS wrong FROM {source.relation} WHERE {wanted})) s LEFT JOIN keys k ON k.key = s.c"
    )


def _nothing(field: Field) -> str:
    return "''" if field.kind in _SILENT else f"CAST(NULL AS {_TYPES.get(field.kind, 'VARCHAR')})"


def _under_another(con: duckdb.DuckDBPyConnection) -> None:
    """Under a number that is nobody's, or a broken one, with somebody's name and birth: a person decides."""
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE rest AS SELECT *, {plain_sql('name')} AS plain,"  # noqa: S608
        " number IS NULL AND length(c) IN (15, 18) AND regexp_matches(c, '^[0-9]') AS is_broken"
        " FROM (SELECT * EXCLUDE (person, is_old, is_former, likeness), number_in(c) AS number FROM kept"
        " WHERE person IS NULL)"
    )
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE others AS SELECT p.id AS person, r.row AS row, '{Verdict.REVIEW}' AS verdict,"  # noqa: S608
        " CAST(NULL AS DOUBLE) AS weight,"
        f" CASE WHEN is_broken THEN {Finding.BROKEN_NUMBER.bit} ELSE {Finding.CHANGED_NUMBER.bit} END AS bits"
        " FROM rest r JOIN persons p ON p.plain = r.plain AND p.birth = birth_in(r.c) AND r.name IN (p.name, p.plain)"
        " WHERE (r.number IS NOT NULL OR is_broken) AND length(r.c) = 18 AND r.plain <> '' AND p.number <> ''"
    )


def _by_name(con: duckdb.DuckDBPyConnection, weights: Weights) -> None:
    """Without a usable number; that several fit equally well makes each of them a question for a person."""
    con.execute(
        "CREATE OR REPLACE TEMP TABLE records AS SELECT row AS id, name, plain, birth, sex,"
        " division_code AS division, is_broken FROM rest WHERE number IS NULL AND plain <> ''"
        " AND NOT (is_broken AND length(c) = 18) AND birth IS NOT NULL"
    )
    link(con, "persons", "records", weights, names="names", into="pairs")
    con.execute(
        f"INSERT INTO others SELECT person, record, CASE WHEN is_broken OR several THEN '{Verdict.REVIEW}'"  # noqa: S608
        f" ELSE verdict END, weight, {Finding.BY_NAME.bit}"
        f" + CASE WHEN is_broken THEN {Finding.BROKEN_NUMBER.bit} ELSE 0 END"
        f" + CASE WHEN several THEN {Finding.SAME_NAME.bit} ELSE 0 END FROM ("
        "SELECT pairs.*, is_broken, verdict = $match AND count(DISTINCT CASE WHEN verdict = $match THEN"
        " CASE WHEN number = '' THEN CAST(persons.id AS VARCHAR) ELSE number END END) OVER (PARTITION BY record) > 1"
        " AS several FROM pairs JOIN records ON records.id = record JOIN persons ON persons.id = person)",
        {"match": str(Verdict.MATCH)},
    )


def _bounds(con: duckdb.DuckDBPyConnection, register: Register) -> None:
    hidden = " + ".join(
        [f"CASE WHEN wrong THEN {Finding.ROW_UNREADABLE.bit} ELSE 0 END"]
        + [f"CASE WHEN NOT wrong AND ({when}) THEN {finding.bit} ELSE 0 END" for finding, when in register.hidden]
    )
    bounds = ", ".join(
        f"CASE WHEN verdict = '{Verdict.MATCH}' AND NOT wrong THEN coalesce({item.low}, 0) ELSE 0 END"
        f" AS low_{item.code}, CASE WHEN NOT wrong THEN {item.high} END AS high_{item.code}"
        for item in register.items
    )
    columns = ", ".join(["row", "wrong", *(field.code for field in register.fields)])
    by_number = (
        f"SELECT {columns}, person,"  # noqa: S608
        f" CASE WHEN likeness = 'other' THEN '{Verdict.REVIEW}' ELSE '{Verdict.MATCH}' END AS verdict,"
        " CAST(NULL AS DOUBLE) AS weight,"
        f" CASE WHEN is_old THEN {Finding.OLD_FORM_NUMBER.bit} ELSE 0 END"
        f" + CASE WHEN is_former THEN {Finding.FORMER_NUMBER.bit} ELSE 0 END"
        f" + CASE likeness WHEN 'other' THEN {Finding.NAME_DIFFERS.bit}"
        f" WHEN 'variant' THEN {Finding.VARIANT_NAME.bit} ELSE 0 END AS bits FROM kept WHERE person IS NOT NULL"
    )
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE found AS SELECT person, row, verdict, weight,"  # noqa: S608
        f" bits | ({hidden}) AS bits, {bounds} FROM ({by_number} UNION ALL"
        f" SELECT {columns}, person, verdict, weight, bits FROM others JOIN rest USING (row))"
    )
    sums = ", ".join(_sum(item.code, item.by) for item in register.items)
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE totals AS SELECT person,"  # noqa: S608
        f" count(*) FILTER (WHERE verdict = '{Verdict.MATCH}') AS matched,"
        f" count(*) FILTER (WHERE verdict <> '{Verdict.MATCH}') AS undecided, bit_or(bits) AS bits, {sums}"
        " FROM found GROUP BY person"
    )


def _sum(code: str, by: Sum) -> str:
    return (
        f"CAST({by}(low_{code}) AS BIGINT) AS low_{code}, CASE WHEN count(*) = count(high_{code})"
        f" THEN CAST({by}(high_{code}) AS BIGINT) END AS high_{code}"
    )
