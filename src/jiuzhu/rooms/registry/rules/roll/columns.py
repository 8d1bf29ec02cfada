"""The columns of a household roll, and what the template says of each."""

from dataclasses import dataclass
from enum import StrEnum


class Column(StrEnum):
    """A column of the sheet."""

    HOUSEHOLD = "household"
    DIVISION = "division"
    RELATION = "relation"
    NAME = "name"
    DOCUMENT_KIND = "document_kind"
    DOCUMENT_NUMBER = "document_number"
    BIRTH_DATE = "birth_date"
    SEX = "sex"
    ETHNICITY = "ethnicity"
    MARITAL = "marital"
    PHONE = "phone"
    REGISTERED_KIND = "registered_kind"
    ADDRESS = "address"
    DISABILITY_TYPE = "disability_type"
    DISABILITY_GRADE = "disability_grade"
    GROUPS = "groups"
    EVIDENCE_KIND = "evidence_kind"
    EVIDENCE = "evidence"


@dataclass(frozen=True, slots=True)
class ColumnSpec:
    """Its heading in two languages, its width in characters, its explanation, and other headings in use."""

    zh: str
    en: str
    width: int
    explanation: str
    aliases: tuple[str, ...] = ()


COLUMNS: dict[Column, ColumnSpec] = {
    Column.HOUSEHOLD: ColumnSpec(
        "户编号", "Household", 12, "名单内用来区分各户的编号，同一户的各行填写相同编号。", ("户号", "家庭编号")
    ),
    Column.DIVISION: ColumnSpec(
        "所在村居", "Village", 22, "村（居）的12位区划代码或名称；重名的填写代码，或“镇街名称＋村居名称”。",
        ("区划代码", "村居", "区划代码或名称"),
    ),
    Column.RELATION: ColumnSpec(
        "与户主关系", "Relation to head", 12, "见“代码表”。每户有且只有一名“户主”。", ("户主关系",)
    ),
    Column.NAME: ColumnSpec("姓名", "Name", 12, "与证件一致，生僻字照原样填写。"),
    Column.DOCUMENT_KIND: ColumnSpec(
        "证件类型", "Kind of document", 14, "见“代码表”，不填视为居民身份证；确无证件的填“无证件”。"
    ),
    Column.DOCUMENT_NUMBER: ColumnSpec(
        "证件号码", "Number", 22, "无证件的不填。请保持本列为文本格式，否则后几位会丢失。",
        ("身份证号", "身份证号码"),
    ),
    Column.BIRTH_DATE: ColumnSpec(
        "出生日期", "Birth date", 12, "按1990-02-03填写；填写了身份证号的可以不填，填写的须与证件一致。"
    ),
    Column.SEX: ColumnSpec("性别", "Sex", 6, "男或女；填写了身份证号的可以不填。"),
    Column.ETHNICITY: ColumnSpec("民族", "Ethnic group", 8, "见“代码表”，不填视为汉族。"),
    Column.MARITAL: ColumnSpec("婚姻状况", "Marital state", 10, "见“代码表”，不填视为未说明。"),
    Column.PHONE: ColumnSpec("联系电话", "Telephone", 16, "11位手机号，或带区号的固定电话。", ("电话", "手机号")),
    Column.REGISTERED_KIND: ColumnSpec(
        "户口性质", "Registration", 10, "城镇或农村；同一户只需在一行填写。", ("户籍性质",)
    ),
    Column.ADDRESS: ColumnSpec("住址", "Address", 24, "同一户只需在一行填写。", ("家庭住址",)),
    Column.DISABILITY_TYPE: ColumnSpec("残疾类别", "Disability type", 10, "见“代码表”，须与残疾等级同时填写。"),
    Column.DISABILITY_GRADE: ColumnSpec("残疾等级", "Disability grade", 10, "一级至四级，须与残疾类别同时填写。"),
    Column.GROUPS: ColumnSpec(
        "困难群众类别", "Target groups", 20, "见“代码表”，多个类别用顿号隔开。", ("人员类别", "救助类别")
    ),
    Column.EVIDENCE_KIND: ColumnSpec(
        "依据类型", "Kind of evidence", 14, "填写了困难群众类别的，填写依据类型；该类别只有一种依据的可以不填。"
    ),
    Column.EVIDENCE: ColumnSpec(
        "依据文号或说明", "Evidence", 20, "填写了困难群众类别的必须填写。", ("依据", "认定文号")
    ),
}  # fmt: skip

# Columns that a sheet must have; whether a cell may be empty is for the checks.
REQUIRED = frozenset(
    {
        Column.HOUSEHOLD,
        Column.DIVISION,
        Column.RELATION,
        Column.NAME,
        Column.DOCUMENT_NUMBER,
        Column.REGISTERED_KIND,
    }
)
# Columns that the error sheet adds; they are passed over when it is uploaded again.
ROW_HEADING = "原行号"
MESSAGE_HEADING = "校验结果"

SHEET = "花名册"
LARGEST_ROWS = 200_000


def headings() -> dict[str, Column]:
    """Every heading that is understood, in the form `plain_heading` gives."""
    return {
        plain_heading(name): column for column, spec in COLUMNS.items() for name in (spec.zh, spec.en, *spec.aliases)
    }


def plain_heading(text: str) -> str:
    """A heading without blanks, star and the note that it must be filled."""
    text = "".join(text.split()).casefold()
    for note in ("*", "＊", "（必填）", "(必填)"):
        text = text.replace(note, "")
    return text
