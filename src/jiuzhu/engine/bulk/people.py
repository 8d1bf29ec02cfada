"""The list of those who are verified: who stands in which household, by which numbers they can be found.

Nobody is dropped: who has no usable number stays on the list, and everything about that person stays unknown.
"""

from dataclasses import dataclass
from datetime import date

import duckdb

from jiuzhu.engine.bulk.registers import Field, FieldKind
from jiuzhu.engine.bulk.sources import ROW, Source
from jiuzhu.engine.matching.comparing import plain_sql
from jiuzhu.engine.matching.findings import Finding
from jiuzhu.engine.matching.numbers import MACROS

PEOPLE = (
    Field("household", FieldKind.NAME, ("家庭编号", "户编号", "家庭"), required=True),
    Field(
        "number", FieldKind.NUMBER, ("身份证号", "身份证号码", "公民身份号码", "证件号码", "id_number"), required=True
    ),
    Field("name", FieldKind.NAME, ("姓名",), required=True),
    Field("former_number", FieldKind.NUMBER, ("曾用证件号码", "曾用身份证号")),
    Field("birth_date", FieldKind.DATE, ("出生日期", "birth")),
    Field("sex", FieldKind.SEX, ("性别",)),
    Field("division_code", FieldKind.DIVISION, ("区划代码", "division")),
    Field("applied_on", FieldKind.DATE, ("申请日期",)),
)
_EMPTY = {
    "former_number": "''",
    "birth_date": "CAST(NULL AS DATE)",
    "sex": "CAST(NULL AS VARCHAR)",
    "division_code": "CAST(NULL AS VARCHAR)",
    "applied_on": "CAST(NULL AS DATE)",
}


@dataclass(frozen=True, slots=True)
class Listed:
    """How long the list is, and how many on it cannot be looked up."""

    persons: int
    households: int
    without_number: int
    listed_twice: int


def read_people(con: duckdb.DuckDBPyConnection, source: Source, *, on: date) -> Listed:
    """Make the tables `persons`, `keys` (numbers in capitals), `written` (as registers write them), and `marks`.

    `marks` are the hashes of name and birth by which a person under another number is looked for.
    """
    for macro in MACROS:
        con.execute(macro)
    columns = {field.code: _EMPTY.get(field.code, "''") for field in PEOPLE}
    columns |= {cell.field.code: cell.value for cell in source.cells}
    listed = ", ".join(f"{sql} AS {code}" for code, sql in columns.items())
    con.execute(
        f"CREATE TEMP TABLE listed AS SELECT {ROW} AS id, * EXCLUDE ({ROW}, number, former_number),"  # noqa: S608
        " number_in(number) AS number, coalesce(number_in(former_number), '') AS former"
        " FROM (SELECT * REPLACE (compacted(number) AS number, compacted(former_number) AS former_number)"
        f" FROM (SELECT {ROW}, {listed} FROM {source.relation}))"
    )
    con.execute(
        "CREATE TEMP TABLE persons AS SELECT id, trim(household) AS household, coalesce(number, '') AS number, former,"  # noqa: S608
        f" trim(name) AS name, {plain_sql('trim(name)')} AS plain,"
        " coalesce(birth_in(number), birth_date) AS birth,"
        " CASE WHEN number IS NULL THEN sex WHEN CAST(substr(number, 17, 1) AS INTEGER) % 2 = 1 THEN '1' ELSE '2' END"
        " AS sex,"
        f" division_code AS division, coalesce(applied_on, DATE '{on.isoformat()}') AS applied_on,"
        f" CASE WHEN number IS NULL THEN {Finding.OWN_NUMBER_INVALID.bit} ELSE 0 END"
        f" + CASE WHEN number IS NOT NULL AND count(*) OVER (PARTITION BY number) > 1 THEN {Finding.LISTED_TWICE.bit}"
        " ELSE 0 END AS bits FROM listed"
    )
    con.execute("DROP TABLE listed")
    old = "CASE WHEN substr({0}, 7, 2) = '19' THEN substr({0}, 1, 6) || substr({0}, 9, 9) END"
    con.execute(
        "CREATE TEMP TABLE keys AS WITH own AS (SELECT id, number, false AS is_former FROM persons WHERE number <> ''"  # noqa: S608
        " UNION SELECT id, former, true FROM persons WHERE former NOT IN ('', number))"
        " SELECT id, number AS key, is_former, false AS is_old FROM own"
        f" UNION ALL SELECT id, {old.format('number')}, is_former, true FROM own WHERE substr(number, 7, 2) = '19'"
    )
    con.execute(
        "CREATE TEMP TABLE written AS SELECT DISTINCT key FROM keys"
        " UNION SELECT lower(key) FROM keys WHERE key LIKE '%X'"
    )
    con.execute(
        "CREATE TEMP TABLE marks AS SELECT DISTINCT hash(said, strftime(birth, '%Y%m%d')) AS mark FROM ("
        "SELECT name AS said, birth FROM persons UNION SELECT plain, birth FROM persons) WHERE birth IS NOT NULL"
    )
    found = con.execute(
        f"SELECT count(*), count(DISTINCT household), count(*) FILTER (WHERE number = ''),"  # noqa: S608
        f" count(*) FILTER (WHERE bits & {Finding.LISTED_TWICE.bit} > 0) FROM persons"
    ).fetchall()[0]
    return Listed(*found)
