"""Sheets of the room: columns, and the reading of cells with a message for every row that is wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from jiuzhu.rooms.organization.rules.reasons import Reason
from jiuzhu.rooms.organization.states import EMPLOYMENT_KIND_NAMES

Cell = str | float | int | bool | date | datetime | None
_FORMULA_STARTS = ("=", "@", "\t", "\r")
MAX_ROWS = 5000


class CellKind(StrEnum):
    """What a column holds."""

    TEXT = "text"
    DATE = "date"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its key, its heading in Chinese and English, what it holds, and whether it may be empty."""

    key: str
    zh: str
    en: str
    required: bool = False
    kind: CellKind = CellKind.TEXT
    longest: int = 100
    choices: Mapping[str, tuple[str, str]] | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet that may be exported and imported; `key_column` identifies a row."""

    key: str
    zh: str
    en: str
    key_columns: tuple[str, ...]
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A row that could be read: its number in the sheet (the heading is row 1) and its values by column key."""

    number: int
    texts: Mapping[str, str]
    dates: Mapping[str, date | None]

    @property
    def all(self) -> dict[str, str | date | None]:
        """Texts and dates together."""
        return {**self.texts, **self.dates}


@dataclass(frozen=True, slots=True)
class RowProblem:
    """What is wrong with a row; row 1 is the heading. `column` is empty when the row as a whole is refused."""

    row: int
    column: str
    reason: Reason


_EMPLOYMENT = {kind.value: names for kind, names in EMPLOYMENT_KIND_NAMES.items()}

STAFF_SHEET = Sheet(
    "staff",
    "工作人员名册",
    "Staff roll",
    ("staff_number",),
    (
        Column("staff_number", "工号", "Staff number", required=True, longest=32),
        Column("name", "姓名", "Name", required=True),
        Column("office_code", "单位代码", "Office code", required=True, longest=64),
        Column("employment", "用工形式", "Employment", required=True, kind=CellKind.CHOICE, choices=_EMPLOYMENT),
        Column("rank", "职级", "Rank", longest=40),
        Column("office_phone", "办公电话", "Office phone", longest=40),
    ),
)
APPOINTMENT_SHEET = Sheet(
    "appointments",
    "任职情况",
    "Appointments",
    ("staff_number", "post_code", "valid_from"),
    (
        Column("staff_number", "工号", "Staff number", required=True, longest=32),
        Column("post_code", "岗位代码", "Post code", required=True, longest=80),
        Column("valid_from", "任职日期", "From", required=True, kind=CellKind.DATE),
        Column("valid_to", "任满日期", "Until", kind=CellKind.DATE),
        Column("appointed_by", "任命机关", "Appointed by", required=True),
        Column("document_number", "任命文号", "Document number", required=True),
    ),
)
OFFICE_SHEET = Sheet(
    "offices",
    "机构联系方式",
    "Office contacts",
    ("office_code",),
    (
        Column("office_code", "机构代码", "Office code", required=True, longest=64),
        Column("name", "机构名称", "Name of the office", required=True),
        Column("address", "地址", "Address", longest=200),
        Column("phone", "电话", "Phone", longest=40),
        Column("hours", "办公时间", "Hours", longest=200),
    ),
)
SHEETS = {sheet.key: sheet for sheet in (STAFF_SHEET, APPOINTMENT_SHEET, OFFICE_SHEET)}


def read_rows(sheet: Sheet, cells: Sequence[Sequence[Cell]]) -> tuple[tuple[Row, ...], tuple[RowProblem, ...]]:
    """Read the cells of a sheet, heading first. Empty rows are passed over; a row with a problem is not returned.

    Headings may stand in any order and in Chinese or English.
    """
    if not cells or not any(_text(cell) for cell in cells[0]):
        reason = Reason(
            "sheet.empty", "工作表是空的，第1行应为表头，请使用导出的模板", "The sheet is empty; use the template."
        )
        return (), (RowProblem(1, "", reason),)
    places, problems = _headings(sheet, cells[0])
    if problems:
        return (), problems
    if len(cells) - 1 > MAX_ROWS:
        reason = Reason(
            "sheet.too_long",
            f"一次最多导入{MAX_ROWS}行，请分成几个文件",
            f"At most {MAX_ROWS} rows can be imported at once; split the file.",
        )
        return (), (RowProblem(1, "", reason),)
    rows: list[Row] = []
    found: list[RowProblem] = []
    seen: dict[tuple[object, ...], int] = {}
    for number, line in enumerate(cells[1:], start=2):
        if not any(_text(cell) for cell in line):
            continue
        row, wrong = _read_row(sheet, places, number, line)
        if not wrong:
            key = tuple(row.all[column] for column in sheet.key_columns)
            if key in seen:
                wrong = [RowProblem(number, "", _doubled(seen[key]))]
            seen.setdefault(key, number)
        found += wrong
        if not wrong:
            rows.append(row)
    return tuple(rows), tuple(found)


def _headings(sheet: Sheet, line: Sequence[Cell]) -> tuple[dict[str, int], tuple[RowProblem, ...]]:
    known = {heading: column.key for column in sheet.columns for heading in (column.zh, column.en)}
    places: dict[str, int] = {}
    problems: list[RowProblem] = []
    for place, cell in enumerate(line):
        heading = _text(cell).rstrip("*").strip()
        if not heading:
            continue
        key = known.get(heading)
        if key is None or key in places:
            reason = Reason(
                "sheet.heading",
                f"不认识或重复的表头“{heading[:20]}”，请使用导出的模板",
                f"The heading {heading[:20]!r} is unknown or doubled; use the exported template.",
            )
            problems.append(RowProblem(1, "", reason))
        else:
            places[key] = place
    for column in sheet.columns:
        if column.required and column.key not in places:
            reason = Reason(
                "sheet.column", f"缺少“{column.zh}”一列，请补上", f"The column “{column.en}” is missing; add it."
            )
            problems.append(RowProblem(1, column.key, reason))
    return places, tuple(problems)


def _read_row(
    sheet: Sheet, places: Mapping[str, int], number: int, line: Sequence[Cell]
) -> tuple[Row, list[RowProblem]]:
    texts: dict[str, str] = {}
    dates: dict[str, date | None] = {}
    problems: list[RowProblem] = []
    for column in sheet.columns:
        place = places.get(column.key)
        cell = line[place] if place is not None and place < len(line) else None
        value = _value(column, cell)
        if isinstance(value, Reason):
            problems.append(RowProblem(number, column.key, value))
        elif column.kind is CellKind.DATE:
            dates[column.key] = value if isinstance(value, date) else None
        else:
            texts[column.key] = value if isinstance(value, str) else ""
    return Row(number, texts, dates), problems


def _value(column: Column, cell: Cell) -> str | date | Reason | None:
    text = _text(cell)
    if not text:
        if column.required:
            return Reason("sheet.required", f"“{column.zh}”不能为空，请填写", f"“{column.en}” is empty; fill it in.")
        return None
    if column.kind is CellKind.DATE:
        return _date(column, cell, text)
    if text.startswith(_FORMULA_STARTS):
        return Reason(
            "sheet.formula",
            f"“{column.zh}”以“{text[0]}”开头，可能是公式，请改为普通文字",
            f"“{column.en}” begins with {text[0]!r} and may be a formula; write plain text.",
        )
    hidden = next((char for char in text if not char.isprintable()), None)
    if hidden is not None:
        return Reason(
            "sheet.hidden",
            f"“{column.zh}”含有不可见字符（U+{ord(hidden):04X}），请删除",
            f"“{column.en}” holds an invisible character (U+{ord(hidden):04X}); remove it.",
        )
    if len(text) > column.longest:
        return Reason(
            "sheet.too_long_cell",
            f"“{column.zh}”不能超过{column.longest}个字，请删减",
            f"“{column.en}” has at most {column.longest} characters; shorten it.",
        )
    if column.choices is None:
        return text
    chosen = next((key for key, names in column.choices.items() if text in (key, *names)), None)
    if chosen is None:
        return Reason(
            "sheet.choice",
            f"“{column.zh}”应为：{'、'.join(zh for zh, _ in column.choices.values())}",
            f"“{column.en}” is one of: {', '.join(en for _, en in column.choices.values())}.",
        )
    return chosen


def _date(column: Column, cell: Cell, text: str) -> date | Reason:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    try:
        return date.fromisoformat(text.replace("/", "-").replace(".", "-"))
    except ValueError:
        return Reason(
            "sheet.date",
            f"“{column.zh}”不是日期，请写成2026-07-01的形式",
            f"“{column.en}” is no date; write it like 2026-07-01.",
        )


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        # Excel keeps a number that was typed without quotes as a float
        return str(int(cell))
    return str(cell).strip(" \u3000\n")


def _doubled(row: int) -> Reason:
    return Reason(
        "sheet.doubled", f"与第{row}行重复，请删除其中一行", f"The row doubles row {row}; remove one of the two."
    )
