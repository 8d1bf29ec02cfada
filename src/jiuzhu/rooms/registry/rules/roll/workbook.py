"""Writing workbooks: the template to fill in, and the sheet given back with a message beside every wrong row.

Cells are written as text. What begins like a formula stays text, so that nothing runs when the file is opened.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO

import xlsxwriter
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from jiuzhu.core.code_lists.gbt_2261_1_sex import SEX
from jiuzhu.core.code_lists.gbt_2261_2_marital_status import MARITAL_STATUS
from jiuzhu.core.code_lists.gbt_3304_ethnic_group import ETHNIC_GROUP
from jiuzhu.core.code_lists.gbt_4761_family_relation import RELATION
from jiuzhu.core.code_lists.gbt_26341_disability import DISABILITY_GRADE, DISABILITY_TYPE
from jiuzhu.core.code_lists.table import CodeList
from jiuzhu.rooms.registry.rules.roll.checks import Problem
from jiuzhu.rooms.registry.rules.roll.columns import (
    COLUMNS,
    LARGEST_ROWS,
    MESSAGE_HEADING,
    REQUIRED,
    ROW_HEADING,
    SHEET,
    Column,
)
from jiuzhu.rooms.registry.rules.roll.places import Places
from jiuzhu.rooms.registry.rules.roll.sheet import Row
from jiuzhu.rooms.registry.states import DOCUMENT_NAMES, EVIDENCE_NAMES, GROUPS, SubjectKind

_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_INSTRUCTIONS = (
    "一、在“花名册”工作表第2行起填写，每人一行；不要改动第1行表头，可以调整列的顺序，带*的列必须有。",
    "二、同一户的各行填写相同的户编号；每户有且只有一名户主；一户中有一行有误，整户不导入。",
    "三、请保持单元格为文本格式；不要使用公式、合并单元格；不要以=、+、-、@开头。",
    f"四、一个文件最多{LARGEST_ROWS}行，超过的请按镇街分开；空行会被跳过。",
    "五、姓名中的生僻字照原样填写；不要用图片、拼音或空格代替。",
    "六、上传后系统逐行校验，有误的行可下载错误清单，改正后重新上传；已经导入的人员不会重复导入。",
)


def template_workbook(places: Places) -> bytes:
    """The template with instructions, code lists, and the villages of the area."""
    output = BytesIO()
    book = xlsxwriter.Workbook(output, _OPTIONS)
    _headed(book, SHEET, ())
    _instructions(book)
    _codes(book)
    villages = book.add_worksheet("村居清单")
    _table(book, villages, ("区划代码", "名称", "全称"), (16, 24, 48))
    for line, place in enumerate(places.by_code.values(), start=1):
        villages.write_string(line, 0, place.code.value)
        villages.write_string(line, 1, place.name)
        villages.write_string(line, 2, place.full_name)
    book.close()
    return output.getvalue()


def error_workbook(rows: Iterable[Row], problems: Sequence[Problem]) -> bytes:
    """The given rows as they were uploaded, each with its messages, in the form of the template.

    The columns of the messages come last and are understood when the corrected sheet is uploaded again.
    """
    by_row: Mapping[int, list[Problem]] = defaultdict(list)
    for problem in problems:
        by_row[problem.row].append(problem)
    output = BytesIO()
    book = xlsxwriter.Workbook(output, _OPTIONS | {"constant_memory": True})
    sheet = _headed(book, SHEET, (ROW_HEADING, MESSAGE_HEADING))
    wrong = book.add_format({"num_format": "@", "bg_color": "#FDE7E9"})
    plain = book.add_format({"num_format": "@"})
    places = {column: place for place, column in enumerate(COLUMNS)}
    for line, row in enumerate(rows, start=1):
        found = by_row.get(row.number, [])
        marked = {problem.column for problem in found}
        for column, place in places.items():
            text = row.cells.get(column, "")
            if text or column in marked:
                sheet.write_string(line, place, text, wrong if column in marked else plain)
        sheet.write_string(line, len(places), str(row.number), plain)
        sheet.write_string(line, len(places) + 1, _message(found), plain)
    book.close()
    return output.getvalue()


def _message(problems: list[Problem]) -> str:
    if not problems:
        return "本行无误，同户其他行有误"
    return "；".join(
        f"{COLUMNS[problem.column].zh}：{problem.zh}" if problem.column else problem.zh for problem in problems
    )


def _headed(book: Workbook, name: str, more: tuple[str, ...]) -> Worksheet:
    sheet = book.add_worksheet(name)
    text = book.add_format({"num_format": "@"})
    for place, spec in enumerate(COLUMNS.values()):
        sheet.set_column(place, place, spec.width, text)
    sheet.set_column(len(COLUMNS), len(COLUMNS) + 1, 40, text)
    _table(
        book, sheet, tuple(spec.zh + ("*" if column in REQUIRED else "") for column, spec in COLUMNS.items()) + more, ()
    )
    return sheet


def _table(book: Workbook, sheet: Worksheet, heading: tuple[str, ...], widths: tuple[int, ...]) -> None:
    bold = book.add_format({"bold": True, "bg_color": "#E8EEF4", "border": 1})
    for place, width in enumerate(widths):
        sheet.set_column(place, place, width)
    for place, text in enumerate(heading):
        sheet.write_string(0, place, text, bold)
    sheet.freeze_panes(1, 0)


def _instructions(book: Workbook) -> None:
    sheet = book.add_worksheet("填写说明")
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 16)
    sheet.set_column(1, 1, 90, wrap)
    for line, text in enumerate(_INSTRUCTIONS):
        sheet.write_string(line, 1, text)
    for line, (column, spec) in enumerate(COLUMNS.items(), start=len(_INSTRUCTIONS) + 1):
        sheet.write_string(line, 0, spec.zh + ("*" if column in REQUIRED else ""))
        sheet.write_string(line, 1, spec.explanation)


def _codes(book: Workbook) -> None:
    sheet = book.add_worksheet("代码表")
    _table(book, sheet, ("列", "名称", "代码", "标准或说明"), (16, 30, 24, 24))
    lists: tuple[tuple[Column, CodeList], ...] = (
        (Column.RELATION, RELATION),
        (Column.SEX, SEX),
        (Column.ETHNICITY, ETHNIC_GROUP),
        (Column.MARITAL, MARITAL_STATUS),
        (Column.DISABILITY_TYPE, DISABILITY_TYPE),
        (Column.DISABILITY_GRADE, DISABILITY_GRADE),
    )
    lines = [(column, zh, code, table.standard) for column, table in lists for code, zh, _ in table.items()]
    lines += [(Column.DOCUMENT_KIND, zh, "", "") for zh, _ in DOCUMENT_NAMES.values()]
    lines += [(Column.REGISTERED_KIND, zh, "", "") for zh in ("城镇", "农村")]
    lines += [
        (Column.GROUPS, one.zh, "", "依据：" + "、".join(EVIDENCE_NAMES[kind][0] for kind in sorted(one.evidence)))
        for one in GROUPS.values()
        if SubjectKind.PERSON in one.subjects
    ]
    lines += [(Column.EVIDENCE_KIND, zh, "", "") for zh, _ in EVIDENCE_NAMES.values()]
    for line, (column, zh, code, note) in enumerate(lines, start=1):
        for place, text in enumerate((COLUMNS[column].zh, zh, code, note)):
            sheet.write_string(line, place, text)
