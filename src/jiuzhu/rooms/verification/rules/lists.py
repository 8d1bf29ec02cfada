"""The list of a batch: one person a row, the identity number in the first column, from Excel or text."""

import csv
from io import BytesIO, StringIO

from python_calamine import CalamineError, CalamineWorkbook

from jiuzhu.core.errors import InvalidValue

_ENCODINGS = ("utf-8-sig", "gb18030")
_ZIP = b"PK"
ROWS_MOST = 200_000


def numbers_in(content: bytes) -> tuple[tuple[int, str], ...]:
    """Row number and first cell of every row that has one; a heading without any digit is left out.

    Raises:
        InvalidValue: it is neither a workbook nor text, or has too many rows.
    """
    rows = _workbook(content) if content.startswith(_ZIP) else _text(content)
    found = tuple((number, cell) for number, cell in rows if cell and any(sign.isdigit() for sign in cell))
    if len(found) > ROWS_MOST:
        raise InvalidValue(
            "verification.list.long",
            f"名单超过{ROWS_MOST}行，请分批上传",
            f"The list has more than {ROWS_MOST} rows; upload it in parts.",
            field="listing",
        )
    return found


def _workbook(content: bytes) -> list[tuple[int, str]]:
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(content))
        rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (CalamineError, OSError, ValueError):
        raise _unreadable() from None
    return [(number, _cell(row[0]) if row else "") for number, row in enumerate(rows, start=1)]


def _cell(value: object) -> str:
    """A cell as text; a number that Excel holds as a fraction has lost its last digits, and says so as it is."""
    return str(value).strip()


def _text(content: bytes) -> list[tuple[int, str]]:
    for encoding in _ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        rows = csv.reader(StringIO(text))
        return [(number, row[0].strip() if row else "") for number, row in enumerate(rows, start=1)]
    raise _unreadable()


def _unreadable() -> InvalidValue:
    return InvalidValue(
        "verification.list.unreadable",
        "名单无法识别，请上传 Excel 或 CSV 文件，第一列为身份证号",
        "The list cannot be read; upload Excel or CSV with the identity number in the first column.",
        field="listing",
    )
