"""Reading the sheet of a roll: what could bring the reader down is found in the raw archive before it is read.

Rows keep their number in the sheet. Cells become text as a person sees it; a number that a spreadsheet has already
mutilated is told apart, because nobody can restore it.
"""

import hashlib
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from io import BytesIO
from xml.etree import ElementTree as ET

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from jiuzhu.core.errors import InvalidValue
from jiuzhu.rooms.registry.rules.roll.columns import (
    COLUMNS,
    LARGEST_ROWS,
    MESSAGE_HEADING,
    REQUIRED,
    ROW_HEADING,
    SHEET,
    Column,
    headings,
    plain_heading,
)

_WIDEST = 40
_PIECE_BYTES = 1 << 20
_OVERLAP_BYTES = 256
_LONGEST_CELL = 500
# A spreadsheet keeps fifteen digits of a number; what is longer has lost its end.
_SAFE_NUMBER = 10**15
# Only references that may be too far are looked at: two letters or more, or six digits or more.
_FAR = re.compile(rb"""\br=["']([A-Z]{2,3}|[A-Z]?(?=\d{6}))(\d{1,7})["']""")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
_FORMULA_CELL = re.compile(rb"""<(?:\w+:)?c\s[^>]*?\br=["']([A-Z]{1,3})(\d{1,7})["'][^>]*>\s*<(?:\w+:)?f[\s>/]""")
_FORMULA_SIGN = "="
_RELATION_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


class Mutilated(str):
    """The text of a number that the spreadsheet has rounded; its last digits are lost."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Row:
    """A row that holds something: its number in the sheet and the text of its cells."""

    number: int
    cells: Mapping[Column, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows below the heading, and which cells hold formulas or are merged.

    `letters` gives the letter of each column, so that a message can name the cell.
    """

    rows: tuple[Row, ...] = field(repr=False)
    letters: Mapping[Column, str]
    formulas: frozenset[tuple[int, Column]]
    merged: Mapping[tuple[int, Column], str]
    content_hash: str


def read_sheet(content: bytes) -> Sheet:
    """Read the sheet `花名册`, or the first one, of a workbook that passed the checks of uploads.

    Raises:
        InvalidValue: no workbook, too wide or too long, or the headings are not those of the template.
    """
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            _refuse_too_large(archive)
            with CalamineWorkbook.from_filelike(BytesIO(content)) as book:
                name = SHEET if SHEET in book.sheet_names else book.sheet_names[0]
                sheet = book.get_sheet_by_name(name)
                return _sheet(sheet, _formula_cells(archive, name))
    except (CalamineError, zipfile.BadZipFile, ET.ParseError, KeyError, IndexError, OSError, RuntimeError) as fault:
        raise InvalidValue(
            "registry.roll.unreadable",
            "无法读取该工作簿，请用Excel或WPS打开，另存为.xlsx后重新上传",
            "The workbook cannot be read; open it, save it as .xlsx and upload it again.",
        ) from fault


def _refuse_too_large(archive: zipfile.ZipFile) -> None:
    """The reader lays a sheet out as a full rectangle, so one cell far away would fill the memory."""
    for entry in archive.infolist():
        with archive.open(entry) as stream:
            tail = b""
            while piece := stream.read(_PIECE_BYTES):
                text = tail + piece
                for letters, digits in _FAR.findall(text):
                    if _column_number(letters) > _WIDEST:
                        raise _too_wide()
                    if int(digits) > LARGEST_ROWS + 1:
                        raise _too_long()
                tail = text[-_OVERLAP_BYTES:]


def _sheet(sheet: CalamineSheet, formula_cells: frozenset[tuple[int, int]]) -> Sheet:
    if sheet.total_height > LARGEST_ROWS + 1:
        raise _too_long()
    if sheet.total_width > _WIDEST:
        raise _too_wide()
    table = sheet.to_python(skip_empty_area=False)
    places = _places(table[0] if table else [])
    digest = hashlib.sha256()
    rows = []
    by_place = {place: column for column, place in places.items()}
    # a formula that was never calculated has no value, and may stand below the last row that has one
    formulas = frozenset((row, by_place[place]) for row, place in formula_cells if place in by_place and row > 1)
    table += [[]] * (max((row for row, _ in formulas), default=0) - len(table))
    for number, line in enumerate(table[1:], start=2):
        cells = {column: text for column, place in places.items() if place < len(line) and (text := _text(line[place]))}
        if formulas:
            cells |= {
                column: _FORMULA_SIGN for column in places if column not in cells and (number, column) in formulas
            }
        if cells:
            rows.append(Row(number, cells))
            line_text = "\x1e".join(f"{column}\x1f{text}" for column, text in cells.items())
            digest.update(line_text.encode("utf-8", "replace"))
            digest.update(b"\x1d")
    if not rows:
        raise InvalidValue(
            "registry.roll.empty",
            "花名册中没有数据行，请从第2行起填写后重新上传",
            "The roll holds no rows; fill it from row 2 and upload it again.",
        )
    return Sheet(
        rows=tuple(rows),
        letters={column: column_letter(place) for column, place in places.items()},
        formulas=formulas,
        merged=dict(_merged(sheet, by_place)),
        content_hash=digest.hexdigest(),
    )


def _places(heading: Sequence[object]) -> dict[Column, int]:
    known = headings()
    places: dict[Column, int] = {}
    unknown = []
    for place, cell in enumerate(heading):
        text = _text(cell)
        if not text or text in (ROW_HEADING, MESSAGE_HEADING):
            continue
        column = known.get(plain_heading(text))
        if column is None:
            unknown.append(text[:20])
        elif column in places:
            raise InvalidValue(
                "registry.roll.heading_twice",
                f"表头“{COLUMNS[column].zh}”出现了两次，请删除一列后重新上传",
                f"The heading “{COLUMNS[column].en}” stands twice; remove one column and upload it again.",
                row=1,
            )
        else:
            places[column] = place
    missing = [spec for column, spec in COLUMNS.items() if column in REQUIRED and column not in places]
    if missing or unknown:
        parts_zh = [f"缺少：{'、'.join(spec.zh for spec in missing)}"] if missing else []
        parts_en = [f"missing: {', '.join(spec.en for spec in missing)}"] if missing else []
        if unknown:
            parts_zh.append(f"无法识别：{'、'.join(unknown[:10])}")
            parts_en.append(f"not understood: {', '.join(unknown[:10])}")
        raise InvalidValue(
            "registry.roll.heading",
            f"第1行表头与模板不一致（{'；'.join(parts_zh)}），请下载模板，将数据按列粘贴后重新上传",
            f"The headings in row 1 are not those of the template ({'; '.join(parts_en)}); use the template.",
            row=1,
        )
    return places


def _text(cell: object) -> str:
    if isinstance(cell, str):
        return cell[:_LONGEST_CELL].strip(" \t\r\n\u3000\u00a0")
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, int | float):
        if abs(cell) >= _SAFE_NUMBER:
            return Mutilated(f"{cell:.0f}")
        return str(int(cell)) if float(cell).is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date | time | timedelta):
        return str(cell)
    return ""


def _merged(sheet: CalamineSheet, by_place: Mapping[int, Column]) -> Iterator[tuple[tuple[int, Column], str]]:
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        name = f"{column_letter(left)}{top + 1}:{column_letter(right)}{bottom + 1}"
        for row in range(max(top, 1), min(bottom, LARGEST_ROWS) + 1):
            for place in range(left, min(right, _WIDEST) + 1):
                if place in by_place:
                    yield (row + 1, by_place[place]), name


def _formula_cells(archive: zipfile.ZipFile, sheet_name: str) -> frozenset[tuple[int, int]]:
    part = _part_of(archive, sheet_name)
    content = archive.read(part)
    if _FORMULA.search(content) is None:
        return frozenset()
    return frozenset((int(digits), _column_number(letters) - 1) for letters, digits in _FORMULA_CELL.findall(content))


def _part_of(archive: zipfile.ZipFile, sheet_name: str) -> str:
    """The archive's entry of a sheet (ECMA-376 part 1, 18.2.19, through the workbook's relationships)."""
    sheets = (one for one in _xml(archive, "xl/workbook.xml").iter() if one.tag.endswith("}sheet"))
    ids = {one.get("name"): one.get(_RELATION_ID) for one in sheets}
    targets = {one.get("Id"): one.get("Target") or "" for one in _xml(archive, "xl/_rels/workbook.xml.rels")}
    target = targets[ids[sheet_name]]
    return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"


def _xml(archive: zipfile.ZipFile, name: str) -> ET.Element:
    content = archive.read(name)
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise KeyError(name)
    return ET.fromstring(content)  # noqa: S314 (a document type was refused above, so nothing expands)


def column_letter(place: int) -> str:
    """The letter of a column by its place from 0: A, B, … Z, AA."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _too_long() -> InvalidValue:
    return InvalidValue(
        "registry.roll.too_long",
        f"花名册超过{LARGEST_ROWS}行，请删除多余的空行，或按镇街分成几个文件上传",
        f"The roll has more than {LARGEST_ROWS} rows; delete empty rows, or split it by township.",
    )


def _too_wide() -> InvalidValue:
    return InvalidValue(
        "registry.roll.too_wide",
        f"花名册超过{_WIDEST}列，请删除右侧多余的列后重新上传",
        f"The roll has more than {_WIDEST} columns; delete those on the right and upload it again.",
    )
