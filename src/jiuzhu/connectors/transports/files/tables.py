"""A table from a file as it comes from an office: CSV in UTF-8 (with or without a mark) or GB 18030, or a workbook.

Sizes are judged before a byte is read, an archive's directory before anything is unpacked.
"""

import csv
import io
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from python_calamine import CalamineError, load_workbook

from jiuzhu.connectors.reading.replies import Unusable
from jiuzhu.connectors.wiring import Wiring
from jiuzhu.core.errors import InvalidValue
from jiuzhu.groundwork.files.checks import table_text
from jiuzhu.groundwork.files.limits import UploadLimits
from jiuzhu.groundwork.files.workbooks import check_workbook
from jiuzhu.rooms.verification.ports import Cause

LINES_MOST = 1_000_000
_CELL_MOST = 4_000
_EXACT_MOST = 2**53


def content_of(path: Path, wiring: Wiring) -> bytes:
    """The bytes of a file.

    Raises:
        Unusable: it is larger than the limit.
    """
    size = path.stat().st_size
    limit = wiring.largest_file_bytes
    if size > limit:
        raise Unusable(
            Cause.TOO_LARGE,
            f"文件{path.name}有{size}字节，上限{limit}字节，请分成几个批次",
            f"file {path.name} has {size} bytes, the limit is {limit}; split the batch",
            path.name,
        )
    return path.read_bytes()


def rows_of(content: bytes, name: str, wiring: Wiring) -> list[list[str]]:
    """The rows of a table as text, the header first.

    Raises:
        Unusable: it is no table, or one that must not be opened.
    """
    rows = _workbook(content, name, wiring) if content.startswith(b"PK") else _csv(content, name)
    if not rows:
        raise Unusable(Cause.MALFORMED, f"文件{name}是空的", f"file {name} is empty", name)
    return rows


def _csv(content: bytes, name: str) -> list[list[str]]:
    text = table_text(content)
    if text is None or "\x00" in text:
        raise Unusable(
            Cause.MALFORMED,
            f"文件{name}的编码既不是UTF-8也不是GBK",
            f"file {name} is neither UTF-8 nor GBK",
            name,
        )
    rows: list[list[str]] = []
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for row in reader:
            if len(rows) > LINES_MOST or any(len(cell) > _CELL_MOST for cell in row):
                raise Unusable(Cause.TOO_LARGE, f"文件{name}行数或单元格过大", f"file {name} is too large", name)
            if any(cell.strip() for cell in row):
                rows.append([cell.strip() for cell in row])
    except csv.Error:
        line = reader.line_num
        raise Unusable(
            Cause.MALFORMED,
            f"文件{name}第{line}行无法识别",
            f"file {name}, line {line} cannot be read",
            f"{name}:{line}",
        ) from None
    return rows


def _workbook(content: bytes, name: str, wiring: Wiring) -> list[list[str]]:
    try:
        check_workbook(content, UploadLimits(size_bytes=wiring.largest_file_bytes))
    except InvalidValue as refusal:
        cause = Cause.TOO_LARGE if refusal.code == "file.workbook_bomb" else Cause.MALFORMED
        raise Unusable(cause, f"{name}：{refusal.message_zh}", f"{name}: {refusal.message_en}", name) from None
    try:
        sheet = load_workbook(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    except (CalamineError, ValueError, OSError):
        raise Unusable(Cause.MALFORMED, f"{name}无法打开", f"{name} cannot be opened", name) from None
    rows = []
    for number, row in enumerate(sheet, 1):
        cells = _texts(row, name, number)
        if any(cells):
            rows.append(cells)
    return rows


def _texts(row: Sequence[object], name: str, number: int) -> list[str]:
    return [_text(cell, name, number, column) for column, cell in enumerate(row, 1)]


def _text(cell: object, name: str, row: int, column: int) -> str:
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, int | float) and abs(cell) < _EXACT_MOST:
        # Excel keeps numbers as binary fractions; what it shows has at most fifteen digits
        return f"{Decimal(f'{cell:.15g}'):f}"
    raise Unusable(
        Cause.MALFORMED,
        f"文件{name}第{row}行第{column}列的数字已失真，请把该列设为文本",
        f"file {name}, row {row}, column {column}: the number lost its digits, make the column text",
        f"{name}:{row}:{column}",
    )
