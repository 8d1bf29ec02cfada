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
from jiuzhu.engine.matching.linking import count_names
from jiuzhu.engine.matching.numbers import MACROS
from jiuzhu.engine.matching.weights import Weights

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


def read_people(con: duckdb.DuckDBPyConnection, source: Source, weights: Weights, *, on: date) -> Listed:
    """Make the tables `persons`, `keys` (numbers in capitals), `names` (how frequent they are), `written` and `marks`.

    These two are hashes: of numbers as registers write them, and of name and birth, for persons under another number.
    """
    for macro in MACROS:
        con.execute(macro)
    columns = {field.code: _EMPTY.get(field.code, "''") for field in PEOPLE}
    columns |= {cell.field.code: cell.value for cell in source.cells}
    listed = ", ".join(f"{sql} AS {code}" for code, sql in columns.items())
    former = "''" if source.cell("former_number") is None else "coalesce(number_in(former_number), '')"
    con.execute(
        f"CREATE TEMP TABLE listed AS SELECT {ROW} AS id, * EXCLUDE ({ROW}, number, former_number),"  # noqa: S608
        f" number_in(number) AS number, {former} AS former"
        " FROM (SELECT * REPLACE (compacted(number) AS number, compacted(former_number) AS former_number)"
        f" FROM (SELECT {ROW}, {listed} FROM {source.relation}))"
    )
    con.execute(
        "CREATE TEMP TABLE twice AS SELECT number FROM listed WHERE number IS NOT NULL"
        " GROUP BY number HAVING count(*) > 1"
    )
    con.execute(
        "CREATE TEMP TABLE persons AS SELECT id, trim(household) AS household, coalesce(number, '') AS number, former,"  # noqa: S608
        f" trim(name) AS name, {plain_sql('trim(name)')} AS plain,"
        " coalesce(birth_in(number), birth_date) AS birth,"
        " CASE WHEN number IS NULL THEN sex WHEN CAST(substr(number, 17, 1) AS INTEGER) % 2 = 1 THEN '1' ELSE '2' END"
        f" AS sex, division_code AS division, coalesce(applied_on, DATE '{on.isoformat()}') AS applied_on,"
        f" CASE WHEN number IS NULL THEN {Finding.OWN_NUMBER_INVALID.bit}"
        f" WHEN number IN (SELECT number FROM twice) THEN {Finding.LISTED_TWICE.bit} ELSE 0 END AS bits FROM listed"
    )
    con.execute("DROP TABLE listed")
    con.execute(
        "CREATE TEMP TABLE keys AS WITH own AS ("
        "SELECT id, number, false AS is_former, name, plain FROM persons WHERE number <> ''"
        " UNION ALL SELECT id, former, true, name, plain FROM persons WHERE former NOT IN ('', number))"
        " SELECT id, number AS key, is_former, false AS is_old, name, plain FROM own UNION ALL"
        " SELECT id, substr(number, 1, 6) || substr(number, 9, 9), is_former, true, name, plain FROM own"
        " WHERE substr(number, 7, 2) = '19'"
    )
    con.execute(
        "CREATE TEMP TABLE written AS SELECT DISTINCT hash(key) AS mark FROM"
        " (SELECT key FROM keys UNION ALL SELECT lower(key) FROM keys WHERE key LIKE '%X')"
    )
    count_names(con, "persons", weights, into="names")
    con.execute(
        "CREATE TEMP TABLE marks AS SELECT DISTINCT hash(said, strftime(birth, '%Y%m%d')) AS mark FROM ("
        "SELECT name AS said, birth FROM persons UNION SELECT plain, birth FROM persons) WHERE birth IS NOT NULL"
    )
    found = con.execute(
        f"SELECT count(*), count(DISTINCT household), count(*) FILTER (WHERE number = ''),"  # noqa: S608
        f" count(*) FILTER (WHERE bits & {Finding.LISTED_TWICE.bit} > 0) FROM persons"
    ).fetchall()[0]
    return Listed(*found)
