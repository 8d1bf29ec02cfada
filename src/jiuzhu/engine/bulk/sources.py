"""A file as a relation: which column is which, which rows are wrong. CSV is staged as Parquet, its rows counted."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from jiuzhu.engine.bulk.cells import EXPECTED, NEVER, Cell, cell_of
from jiuzhu.engine.bulk.files import Limits, Opened, Told, open_file
from jiuzhu.engine.bulk.problems import SHOWN, FileProblem, FileRefused, refuse
from jiuzhu.engine.bulk.registers import Field, FieldKind
from jiuzhu.engine.problems import nearest

ROW = "row"
_PEEK = 20_000
_STRUCTURE = {
    "MISSING COLUMNS": ("列数少于表头，文件可能被截断", "fewer columns than the heading; the file may be cut short"),
    "TOO MANY COLUMNS": (
        "列数多于表头，可能有未加引号的逗号",
        "more columns than the heading; perhaps a comma without quotes",
    ),
    "UNQUOTED VALUE": ("引号没有配对，文件可能被截断", "a quote without its pair; the file may be cut short"),
    "LINE SIZE OVER MAXIMUM": ("一行过长", "the line is too long"),
}


@dataclass(frozen=True, slots=True)
class Source:
    """A readable file. `relation` is SQL with `row` and the file's columns; `cells` are those that mean something."""

    name: str
    relation: str
    files: tuple[Path, ...]
    cells: tuple[Cell, ...]
    ignored: tuple[str, ...]
    rows: int
    wrong: tuple[FileProblem, ...] = ()
    wrong_rows: int = 0

    @property
    def any_wrong(self) -> str:
        """SQL that is true for a row with anything wrong; `false` when there is none."""
        wrong = [f"coalesce({cell.wrong}, false)" for cell in self.checked]
        return " OR ".join(wrong) if self.wrong_rows and wrong else NEVER

    @property
    def checked(self) -> tuple[Cell, ...]:
        """The columns of which a cell can be wrong."""
        return tuple(cell for cell in self.cells if cell.wrong != NEVER)

    def cell(self, code: str) -> Cell | None:
        """The column with this meaning."""
        return next((one for one in self.cells if one.field.code == code), None)


def open_source(
    con: duckdb.DuckDBPyConnection,
    file: Path,
    fields: Sequence[Field],
    *,
    work: Path,
    limits: Limits,
    told: Told | None = None,
    most_wrong: int = 0,
) -> Source:
    """Open, name the columns, and look at every cell that will be used; `con` keeps the order of rows.

    Up to `most_wrong` wrong rows are kept with the source, to be set apart; one more refuses the file.

    Raises:
        FileRefused: with the first problems of each column, and how many there are.
    """
    opened = open_file(file, work, limits, told)
    if not opened.is_parquet:
        opened = _staged(con, opened, work, limits)
    cells, ignored = _cells(opened, fields)
    quoted = str(opened.path).replace("'", "''")
    relation = f"(SELECT * FROM read_parquet('{quoted}'))"  # noqa: S608
    if opened.path == file:
        relation = f"(SELECT file_row_number + 1 AS {ROW}, * FROM read_parquet('{quoted}', file_row_number = true))"  # noqa: S608
    source = Source(opened.name, relation, (opened.path,), cells, ignored, 0)
    return _checked(con, source, told or Told(), most_wrong)


def _staged(con: duckdb.DuckDBPyConnection, opened: Opened, work: Path, limits: Limits) -> Opened:
    """A CSV as Parquet of texts with the number of each row; a broken row names itself and ends it."""
    _heading_is_good(opened)
    aim = work / f"{opened.path.stem}.staged.parquet"
    columns = ", ".join(f"{_text(name)}: 'VARCHAR'" for name in opened.headings)
    options = (
        f"header = true, auto_detect = false, delim = ',', quote = '\"', escape = '\"', columns = {{{columns}}},"
        f" max_line_size = {limits.line_bytes}, store_rejects = true, strict_mode = true, null_padding = false"
    )
    try:
        con.execute(
            f"COPY (SELECT row_number() OVER () + 1 AS {ROW}, * FROM read_csv({_text(str(opened.path))}, {options}))"  # noqa: S608
            f" TO {_text(str(aim))} (FORMAT parquet, COMPRESSION zstd)"
        )
    except duckdb.Error as wrong:
        raise refuse(
            opened.name,
            "file.csv",
            "不是可读的CSV文件，请另存为UTF-8编码、逗号分隔的CSV",
            "no readable CSV; save it as CSV in UTF-8 with commas",
        ) from wrong
    broken = con.execute(
        "SELECT line, coalesce(column_name, ''), CAST(error_type AS VARCHAR) FROM reject_errors"
        " ORDER BY line, column_idx"
    ).fetchall()
    for table in ("reject_errors", "reject_scans"):
        con.execute(f"DROP TABLE {table}")
    if broken:
        aim.unlink(missing_ok=True)
        raise FileRefused([_of_structure(opened.name, *one) for one in broken[:SHOWN]], len(broken))
    return replace(opened, path=aim, is_parquet=True, types=("VARCHAR",) * len(opened.headings))


def _of_structure(name: str, row: int, column: str, kind: str) -> FileProblem:
    zh, en = _STRUCTURE.get(kind, ("这一行读不出来", "the row cannot be read"))
    return FileProblem(
        name, row, column, "row.broken", f"{zh}，请检查后重新导出", f"{en}; check it and export it again"
    )


def _heading_is_good(opened: Opened) -> None:
    for at, heading in enumerate(opened.headings, 1):
        if not heading or heading.lower() == ROW or opened.headings.index(heading) != at - 1:
            raise refuse(
                opened.name,
                "heading.name",
                f"表头第{at}列为空、重复或不可用，请改名",
                f"heading {at} is empty, stands twice or cannot be used; rename it",
                row=1,
                column=heading,
            )


def _cells(opened: Opened, fields: Sequence[Field]) -> tuple[tuple[Cell, ...], tuple[str, ...]]:
    """The columns that mean something, each found by its code or one of its headings."""
    _heading_is_good(opened)
    types = dict(zip(opened.headings, opened.types, strict=True))
    plain = {heading.lower(): heading for heading in opened.headings}
    cells, taken = [], set()
    for field in fields:
        in_fen = _names_in_fen(field)
        found = [plain[name] for name in dict.fromkeys((*in_fen, *_names(field))) if name in plain]
        if len(found) > 1:
            raise refuse(
                opened.name,
                "heading.twice",
                f"“{'”“'.join(found)}”含义相同，请只保留一列",
                f"{' and '.join(found)} mean the same; keep one of them",
                column=found[0],
            )
        if found:
            taken.add(found[0])
            cells.append(cell_of(field, found[0], types[found[0]], in_fen=found[0].lower() in in_fen))
        elif field.required:
            raise _missing(opened, field.code, field.headings)
    codes = {cell.field.code for cell in cells}
    if any(one.code == "number" for one in fields) and not codes & {"number", "name"}:
        raise _missing(opened, "number", ("身份证号",))
    return tuple(cells), tuple(name for name in opened.headings if name not in taken)


def _names(field: Field) -> tuple[str, ...]:
    """The names of a column, those of money in yuan."""
    if field.kind is FieldKind.MONEY:
        return (*field.headings, *(f"{one}（元）" for one in field.headings))
    return (field.code, *field.headings)


def _names_in_fen(field: Field) -> tuple[str, ...]:
    if field.kind is not FieldKind.MONEY:
        return ()
    return (field.code, *(f"{one}（分）" for one in field.headings))


def _missing(opened: Opened, code: str, headings: Sequence[str]) -> FileRefused:
    zh, en = nearest(code, opened.headings)
    first = headings[0] if headings else code
    return refuse(
        opened.name,
        "column.missing",
        f"缺少“{first}”（{code}）列。{zh}".rstrip("。") + "。",
        f"there is no column {code} ({first}). {en}".rstrip(),
        row=1,
        column=first,
    )


def _checked(con: duckdb.DuckDBPyConnection, source: Source, told: Told, most_wrong: int) -> Source:
    counts = "".join(f", count(*) FILTER (WHERE {cell.wrong})" for cell in source.checked)
    whole, *wrong = con.execute(f"SELECT count(*){counts} FROM {source.relation}").fetchall()[0]  # noqa: S608
    if told.rows is not None and told.rows != whole:
        raise refuse(
            source.name,
            "file.rows",
            f"清单说有{told.rows:,}行，实有{whole:,}行，文件可能被截断，请重新获取",
            f"the manifest says {told.rows:,} rows, it has {whole:,}; it may be cut short, get it again",
        )
    _refuse_swapped(con, source)
    problems = [
        one for cell, count in zip(source.checked, wrong, strict=True) if count for one in _problems(con, source, cell)
    ]
    source = replace(source, rows=whole, wrong=tuple(problems), wrong_rows=sum(wrong))
    if problems:
        (rows,) = con.execute(
            f"SELECT count(*) FROM {source.relation} WHERE {source.any_wrong}"  # noqa: S608
        ).fetchall()[0]
        source = replace(source, wrong_rows=rows)
        if rows > most_wrong:
            raise FileRefused(problems, sum(wrong))
    return source


def _problems(con: duckdb.DuckDBPyConnection, source: Source, cell: Cell) -> list[FileProblem]:
    rows = con.execute(
        f"SELECT {ROW} FROM {source.relation} WHERE {cell.wrong} ORDER BY {ROW} LIMIT {SHOWN}"  # noqa: S608
    ).fetchall()
    zh, en = EXPECTED[cell.field.kind]
    if cell.field.kind is FieldKind.CODE:
        known = [said[0] if said else code for code, said in cell.field.codes.items()]
        zh, en = f"{zh}（{'、'.join(known)}）", f"{en} ({', '.join(cell.field.codes)})"
    return [
        FileProblem(source.name, row, cell.source, f"cell.{cell.field.kind}", f"应当是{zh}", f"expected {en}")
        for (row,) in rows
    ]


def _refuse_swapped(con: duckdb.DuckDBPyConnection, source: Source) -> None:
    """Columns whose content is another's: names in the column of numbers, numbers in the column of names."""
    for code, foreign, zh, en in (
        (
            "number",
            "[^0-9０-９A-Za-z]{2,}",
            "这一列大多不是证件号码",
            "most of this column are no numbers of documents",
        ),
        ("name", ".*[0-9０-９]{6,}.*", "这一列大多不是姓名", "most of this column are no names"),
    ):
        cell = source.cell(code)
        if cell is None:
            continue
        filled, wrong, first = con.execute(
            "SELECT count(*) FILTER (WHERE text <> ''), count(*) FILTER (WHERE is_foreign),"  # noqa: S608
            f" min({ROW}) FILTER (WHERE is_foreign) FROM (SELECT {ROW}, text, regexp_full_match(text, '{foreign}')"
            f" AS is_foreign FROM (SELECT {ROW}, trim({cell.value}) AS text FROM {source.relation} LIMIT {_PEEK}))"
        ).fetchall()[0]
        if wrong * 2 > filled:
            raise refuse(
                source.name,
                "column.swapped",
                f"{zh}，可能与其他列对调，请核对表头",
                f"{en}; columns may be exchanged, check the headings",
                row=first,
                column=cell.source,
            )


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
