"""Rolls for the tests: sheets of invented households, written as a clerk's spreadsheet would be."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from io import BytesIO

import xlsxwriter
from tests.rooms.registry.conftest import VILLAGE_A1

from jiuzhu.core.identity import CitizenId
from jiuzhu.rooms.registry.rules.roll.columns import COLUMNS, Column

Line = Mapping[Column, object]

_SURNAMES = "赵钱孙李周吴郑王冯陈"
_GIVEN = "甲乙丙丁戊己庚辛壬癸"


def line(household: str, relation: str, name: str, sequence: int = 1, /, **more: object) -> dict[Column, object]:
    """A row that is right; `more` changes cells by the names of columns, None empties one."""
    cells: dict[Column, object] = {
        Column.HOUSEHOLD: household,
        Column.DIVISION: VILLAGE_A1,
        Column.RELATION: relation,
        Column.NAME: name,
        Column.DOCUMENT_NUMBER: CitizenId.make("370902", date(1980, 5, 1), sequence).value,
        Column.REGISTERED_KIND: "农村",
    }
    cells |= {Column(key): value for key, value in more.items()}
    return {column: value for column, value in cells.items() if value is not None}


def workbook(
    lines: Iterable[Line],
    *,
    heading: Sequence[str] | None = None,
    formulas: Iterable[tuple[str, str]] = (),
    calculated: bool = True,
    merged: Iterable[str] = (),
) -> bytes:
    """The sheet of a roll; `formulas` are cell and text, `calculated` or without a value, `merged` ranges of cells."""
    output = BytesIO()
    book = xlsxwriter.Workbook(output, {"in_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet("花名册")
    for place, text in enumerate(heading or [spec.zh for spec in COLUMNS.values()]):
        sheet.write_string(0, place, text)
    for number, cells in enumerate(lines, start=1):
        for place, column in enumerate(Column):
            value = cells.get(column)
            if isinstance(value, str):
                sheet.write_string(number, place, value)
            elif isinstance(value, int | float):
                sheet.write_number(number, place, value)
            elif isinstance(value, date):
                sheet.write_datetime(number, place, value, book.add_format({"num_format": "yyyy-mm-dd"}))
    for cell, text in formulas:
        sheet.write_formula(cell, text, value="x" if calculated else "")
    for span in merged:
        sheet.merge_range(span, "合并")
    book.close()
    return output.getvalue()


def large_roll(persons: int, *, village: str = VILLAGE_A1, size: int = 5) -> list[Line]:
    """Households of `size` (up to five), every person with a valid number of their own."""
    lines: list[Line] = []
    for place in range(persons):
        home, member = divmod(place, size)
        day, sequence = divmod(place, 999)
        number = CitizenId.make("370902", date.fromordinal(date(1950, 1, 1).toordinal() + day), sequence).value
        name = _SURNAMES[home % 10] + _GIVEN[place % 10] + _GIVEN[place // 10 % 10]
        lines.append(
            {
                Column.HOUSEHOLD: f"{home + 1}",
                Column.DIVISION: village,
                Column.RELATION: ("户主", "配偶", "子", "女", "父亲")[member],
                Column.NAME: name,
                Column.DOCUMENT_NUMBER: number,
                Column.PHONE: f"139{place:08d}",
                Column.REGISTERED_KIND: "农村",
            }
        )
    return lines
