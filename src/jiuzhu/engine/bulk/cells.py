"""SQL by which a cell becomes a value, or is wrong: as text from CSV, and by its own type from Parquet."""

from collections.abc import Mapping
from dataclasses import dataclass

from jiuzhu.engine.backends.dialects import DUCKDB
from jiuzhu.engine.bulk.registers import SEXES, WHOLE_SHARE, Field, FieldKind

MOST_FEN = 10**15
MOST_COUNT = 10_000
NEVER = "false"
# what helps to find a person is never wrong: what cannot be read of it says nothing
_HELPS = (FieldKind.NUMBER, FieldKind.NAME, FieldKind.SEX, FieldKind.DIVISION)
_WHOLE = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER")
_DATES = "['%Y-%m-%d', '%Y%m%d', '%Y/%m/%d', '%Y.%m.%d', '%Y年%m月%d日']"
EXPECTED: dict[FieldKind, tuple[str, str]] = {
    FieldKind.DATE: ("日期，如2026-07-01", "a day such as 2026-07-01"),
    FieldKind.MONEY: (
        "不小于零的金额，元最多两位小数",
        "an amount of at least zero, in yuan with at most two decimals",
    ),
    FieldKind.COUNT: ("不小于1的整数", "a whole number of at least 1"),
    FieldKind.SHARE: ("份额，如50%、1/2、0.5，不超过全部", "a share such as 50%, 1/2 or 0.5, at most the whole"),
    FieldKind.CODE: ("可用的代码或名称", "one of the codes or their names"),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """A column of a file: `source` its name there, `value` SQL for the value, `wrong` SQL, true where it fails."""

    field: Field
    source: str
    value: str
    wrong: str


def cell_of(field: Field, source: str, kind_of_column: str, *, in_fen: bool) -> Cell:
    """How a column is read; `kind_of_column` is its type in the file, VARCHAR for all of CSV."""
    raw = DUCKDB.name_of(source)
    if field.kind is FieldKind.MONEY and kind_of_column in _WHOLE:
        value = f"CAST({raw} AS BIGINT)" if in_fen else f"CAST({raw} AS BIGINT) * 100"
        return Cell(field, source, value, f"({raw} < 0 OR {raw} > {MOST_FEN if in_fen else MOST_FEN // 100})")
    if field.kind is FieldKind.COUNT and kind_of_column in _WHOLE:
        return Cell(field, source, f"CAST({raw} AS INTEGER)", f"({raw} < 1 OR {raw} > {MOST_COUNT})")
    if field.kind is FieldKind.DATE and kind_of_column == "DATE":
        return Cell(field, source, raw, NEVER)
    if field.kind in (FieldKind.NUMBER, FieldKind.NAME) and kind_of_column == "VARCHAR":
        return Cell(field, source, f"coalesce({raw}, '')", NEVER)
    text = f"trim({raw})" if kind_of_column == "VARCHAR" else f"trim(CAST({raw} AS VARCHAR))"
    if field.kind is FieldKind.CODE:
        # of a few different texts each is read once
        return Cell(field, source, _coded(text, field.codes), _not_coded(raw, text, field.codes, kind_of_column))
    value = _values(text, in_fen=in_fen)[field.kind]
    if field.kind in _HELPS:
        return Cell(field, source, value, NEVER)
    return Cell(field, source, value, f"(coalesce({text}, '') <> '' AND {value} IS NULL)")


def _values(text: str, *, in_fen: bool) -> dict[FieldKind, str]:
    plain = f"replace(replace({text}, ',', ''), '，', '')"
    yuan = (
        f"CASE WHEN regexp_full_match({plain}, '[0-9]{{1,13}}(\\.[0-9]{{1,2}}0*)?')"
        f" THEN CAST(TRY_CAST({plain} AS DECIMAL(18, 2)) * 100 AS BIGINT) END"
    )
    fen = f"CASE WHEN regexp_full_match({plain}, '[0-9]{{1,15}}') THEN TRY_CAST({plain} AS BIGINT) END"
    count = f"TRY_CAST({text} AS INTEGER)"
    return {
        FieldKind.NUMBER: f"coalesce({text}, '')",
        FieldKind.NAME: f"coalesce({text}, '')",
        FieldKind.SEX: _coded(text, SEXES),
        FieldKind.DATE: f"CAST(try_strptime({text}, {_DATES}) AS DATE)",
        FieldKind.DIVISION: f"CASE WHEN regexp_full_match({text}, '[0-9]{{6,12}}') THEN {text} END",
        FieldKind.MONEY: fen if in_fen else yuan,
        FieldKind.COUNT: f"CASE WHEN {count} BETWEEN 1 AND {MOST_COUNT} THEN {count} END",
        FieldKind.SHARE: _share(text),
    }


def _coded(text: str, codes: Mapping[str, tuple[str, ...]]) -> str:
    cases = " ".join(f"WHEN lower({text}) IN ({_listed(code, said)}) THEN '{code}'" for code, said in codes.items())
    return f"CASE {cases} END"


def _not_coded(raw: str, text: str, codes: Mapping[str, tuple[str, ...]], kind_of_column: str) -> str:
    every = ", ".join(_listed(code, said) for code, said in codes.items())
    if kind_of_column == "VARCHAR":
        return f"({raw} NOT IN ('', {every}) AND lower({text}) NOT IN ('', {every}))"
    return f"(lower({text}) NOT IN ('', {every}))"


def _listed(code: str, said: tuple[str, ...]) -> str:
    return ", ".join(f"'{one}'" for one in dict.fromkeys((code, *said)))


def _share(text: str) -> str:
    """A share in parts of a thousand million, to the nearest; nothing where it is none, or more than the whole."""
    top, bottom = f"TRY_CAST(split_part({text}, '/', 1) AS BIGINT)", f"TRY_CAST(split_part({text}, '/', 2) AS BIGINT)"
    percent = f"TRY_CAST(replace(replace({text}, '%', ''), '％', '') AS DECIMAL(18, 7))"
    part = (
        f"CASE WHEN regexp_full_match({text}, '[0-9]{{1,6}}/[0-9]{{1,6}}')"
        f" THEN CASE WHEN {bottom} > 0 THEN ({top} * {WHOLE_SHARE} * 2 + {bottom}) // (2 * {bottom}) END"
        f" WHEN regexp_full_match({text}, '[0-9]{{1,3}}(\\.[0-9]{{1,7}})?[%％]')"
        f" THEN CAST({percent} * {WHOLE_SHARE // 100} AS BIGINT)"
        f" WHEN regexp_full_match({text}, '[01](\\.[0-9]{{1,9}})?')"
        f" THEN CAST(TRY_CAST({text} AS DECIMAL(12, 9)) * {WHOLE_SHARE} AS BIGINT) END"
    )
    return f"CASE WHEN {part} BETWEEN 1 AND {WHOLE_SHARE} THEN {part} END"
