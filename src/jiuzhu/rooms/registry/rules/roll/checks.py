"""Checking a roll: every row by itself, then every household, then the roll as a whole.

A household is imported whole or not at all: a family with one member missing would be assessed with the wrong size.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from typing import TypeVar

from jiuzhu.core.characters import compact
from jiuzhu.core.code_lists.gbt_2261_1_sex import SEX
from jiuzhu.core.code_lists.gbt_2261_2_marital_status import MARITAL_STATUS
from jiuzhu.core.code_lists.gbt_3304_ethnic_group import ETHNIC_GROUP
from jiuzhu.core.code_lists.gbt_4761_family_relation import HEAD, RELATION
from jiuzhu.core.code_lists.gbt_26341_disability import DISABILITY_GRADE, DISABILITY_TYPE
from jiuzhu.core.errors import InvalidValue, Refusal, RuleRefused
from jiuzhu.rooms.registry.rules.persons import CheckedPerson, Particulars, check_particulars, parse_birth_date
from jiuzhu.rooms.registry.rules.roll.columns import COLUMNS, Column
from jiuzhu.rooms.registry.rules.roll.places import Places
from jiuzhu.rooms.registry.rules.roll.sheet import Mutilated, Row, Sheet
from jiuzhu.rooms.registry.rules.text import clean_text, refuse_unseen
from jiuzhu.rooms.registry.states import (
    DOCUMENT_NAMES,
    EVIDENCE_NAMES,
    GROUPS,
    DocumentKind,
    EvidenceKind,
    RegisteredKind,
    RollSeverity,
    SubjectKind,
    TargetGroup,
    group_named,
)

T = TypeVar("T")

_FORMULA_SIGNS = ("=", "+", "-", "@")
_REGISTERED = {"城镇": RegisteredKind.URBAN, "非农业": RegisteredKind.URBAN, "农村": RegisteredKind.RURAL,
               "农业": RegisteredKind.RURAL, "urban": RegisteredKind.URBAN, "rural": RegisteredKind.RURAL}  # fmt: skip
_DOCUMENTS = {zh: kind for kind, (zh, _) in DOCUMENT_NAMES.items()} | {
    "身份证": DocumentKind.CITIZEN_ID,
    "港澳台居住证": DocumentKind.RESIDENCE_PERMIT,
    "永久居留身份证": DocumentKind.PERMANENT_RESIDENCE,
    "出生证明": DocumentKind.BIRTH_CERTIFICATE,
    "无": DocumentKind.NONE,
}
_EVIDENCE = {zh: kind for kind, (zh, _) in EVIDENCE_NAMES.items()}
# Stand in for parts that are wrong while the others are checked; never stored.
_SOMEBODY = "某某"
_SOME_DAY = date(2000, 1, 1)
_FIELDS = {column.value: column for column in Column}


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a row, in which column (None: the row as a whole), and what to do."""

    row: int
    column: Column | None
    severity: RollSeverity
    code: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class GroupClaim:
    """A target group that the roll states, with its evidence."""

    group: TargetGroup
    kind: EvidenceKind
    ref: str


@dataclass(frozen=True, slots=True)
class Member:
    """A checked row."""

    row: int
    relation: str
    person: CheckedPerson
    disability: tuple[str, str] | None
    groups: tuple[GroupClaim, ...]


@dataclass(frozen=True, slots=True)
class RollHousehold:
    """A household without error, ready to be stored."""

    key: str
    division_code: str
    registered_kind: RegisteredKind
    address: str | None
    members: tuple[Member, ...]


@dataclass(slots=True)
class _Checked:
    """A row on its way: what could be read of it."""

    row: Row
    cells: dict[Column, str]
    division: str | None = None
    registered: RegisteredKind | None = None
    address: str | None = None
    relation: str | None = None
    member: Member | None = None
    problems: list[Problem] = field(default_factory=list)

    def take(self, column: Column, read: Callable[[str], T]) -> T | None:
        """The value of a cell; None when it is empty, or when its problem has been noted."""
        text = self.cells.get(column, "")
        if not text:
            return None
        try:
            return read(text)
        except Refusal as refusal:
            self.problems.append(_refused(self.row, column, refusal))
            return None


def grouped(sheet: Sheet) -> list[tuple[str, tuple[Row, ...]]]:
    """The rows by household in the order of their first rows; it depends on the sheet alone, so chunks can rely on it.

    A household number may be typed in full-width digits here and half-width there. Rows without one stand alone under
    an empty key.
    """
    found: dict[str, list[Row]] = {}
    alone = []
    for row in sheet.rows:
        key = compact(row.cells.get(Column.HOUSEHOLD, ""))
        if key:
            found.setdefault(key, []).append(row)
        else:
            alone.append(("", (row,)))
    return [(key, tuple(rows)) for key, rows in found.items()] + alone


def check_household(
    key: str, rows: Iterable[Row], *, sheet: Sheet, places: Places, today: date
) -> tuple[RollHousehold | None, list[Problem]]:
    """Check the rows of one household; it is None when one of them has an error."""
    checked = [_check_row(row, sheet=sheet, places=places, today=today) for row in rows]
    problems = [problem for one in checked for problem in one.problems]
    problems += _together(key, checked)
    if any(problem.severity is RollSeverity.ERROR for problem in problems):
        return None, problems
    members = tuple(one.member for one in checked if one.member is not None)
    division, registered = _first(one.division for one in checked), _first(one.registered for one in checked)
    if division is None or registered is None or len(members) != len(checked):
        raise AssertionError("a household without error has all its parts")
    address = _first(one.address for one in checked)
    return RollHousehold(key, division, registered, address, members), problems


def _check_row(row: Row, *, sheet: Sheet, places: Places, today: date) -> _Checked:
    one = _Checked(row, dict(row.cells))
    _check_cells(one, sheet)
    for problem in one.problems:
        if problem.column is not None:
            one.cells.pop(problem.column, None)
    for column in (Column.HOUSEHOLD, Column.DIVISION, Column.RELATION, Column.NAME):
        if column not in row.cells and (row.number, column) not in sheet.merged:
            spec = COLUMNS[column]
            one.problems.append(
                _problem(
                    row, column, "registry.roll.missing", f"请填写“{spec.zh}”", f"“{spec.en}” is missing; fill it in."
                )
            )
    one.take(
        Column.HOUSEHOLD, lambda text: clean_text(text, field="household", label=("户编号", "Household"), longest=40)
    )
    one.division = one.take(Column.DIVISION, places.resolve)
    one.relation = one.take(Column.RELATION, RELATION.code_of)
    one.registered = one.take(Column.REGISTERED_KIND, _registered)
    one.address = one.take(
        Column.ADDRESS, lambda text: clean_text(text, field="address", label=("住址", "Address"), longest=200)
    )
    disability, groups = _disability(one), _groups(one)
    person = _person(one, today)
    if person is not None and one.relation is not None:
        one.member = Member(row.number, one.relation, person, disability, groups)
    return one


def _person(one: _Checked, today: date) -> CheckedPerson | None:
    """The person, or None after every part that is wrong has been noted, not only the first."""
    before = len(one.problems)
    kind = one.take(Column.DOCUMENT_KIND, _document)
    birth = one.take(Column.BIRTH_DATE, parse_birth_date)
    entered = Particulars(
        name=one.cells.get(Column.NAME, _SOMEBODY),
        document_kind=kind or DocumentKind.CITIZEN_ID,
        document_number=one.cells.get(Column.DOCUMENT_NUMBER, ""),
        birth_date=birth,
        sex=one.take(Column.SEX, SEX.code_of) or "",
        ethnicity=one.take(Column.ETHNICITY, ETHNIC_GROUP.code_of) or "01",
        marital=one.take(Column.MARITAL, MARITAL_STATUS.code_of) or "90",
        phone=one.cells.get(Column.PHONE, ""),
    )
    unread = {problem.column for problem in one.problems}
    if Column.DOCUMENT_NUMBER in unread or (kind is None and Column.DOCUMENT_KIND in unread):
        entered = _without_document(entered)
    if entered.birth_date is None and Column.BIRTH_DATE in unread and not entered.document_number:
        entered = _without_document(entered)
    person = None
    for _ in range(4):
        try:
            person = check_particulars(entered, today=today)
            break
        except Refusal as refusal:
            column = _FIELDS.get(refusal.field or "")
            one.problems.append(_refused(one.row, column, refusal))
            if column is Column.NAME:
                entered = replace(entered, name=_SOMEBODY)
            elif column is Column.PHONE:
                entered = replace(entered, phone="")
            else:
                entered = _without_document(entered)
    return person if len(one.problems) == before and Column.NAME in one.cells else None


def _without_document(entered: Particulars) -> Particulars:
    """The particulars with a placeholder for what is wrong, so that their other parts can still be checked."""
    return replace(entered, document_kind=DocumentKind.NONE, document_number="", birth_date=_SOME_DAY, sex="")


def _check_cells(one: _Checked, sheet: Sheet) -> None:
    row = one.row
    merged = {
        column: name
        for column in (sheet.letters if sheet.merged else ())
        if (name := sheet.merged.get((row.number, column)))
    }
    for column, name in merged.items():
        one.problems.append(
            _problem(
                row,
                column,
                "registry.roll.merged",
                f"单元格{name}为合并单元格，请取消合并，并在每一行分别填写",
                f"The cells {name} are merged; unmerge them and fill every row.",
            )
        )
    for column, text in row.cells.items():
        if column in merged:
            continue
        if column is not Column.NAME and not text.isprintable() and _is_unseen(one, column, text):
            continue
        if (row.number, column) in sheet.formulas:
            one.problems.append(
                _problem(
                    row,
                    column,
                    "registry.roll.formula",
                    f"单元格{sheet.letters[column]}{row.number}是公式，请复制后“选择性粘贴—数值”，再上传",
                    f"Cell {sheet.letters[column]}{row.number} is a formula; paste it as a value.",
                )
            )
        elif isinstance(text, Mutilated):
            one.problems.append(
                _problem(
                    row,
                    column,
                    "registry.roll.rounded",
                    f"“{COLUMNS[column].zh}”被存为数字，后几位已丢失，请将该列设为文本格式后，对照证件重新填写",
                    f"“{COLUMNS[column].en}” lost its end, kept as a number; make the column text and fill it anew.",
                )
            )
        elif text.startswith(_FORMULA_SIGNS) and not (column is Column.PHONE and text[0] == "+"):
            one.problems.append(
                _problem(
                    row,
                    column,
                    "registry.roll.formula_text",
                    f"“{COLUMNS[column].zh}”以“{text[0]}”开头，会被表格软件当作公式，请删除该符号",
                    f"“{COLUMNS[column].en}” begins with “{text[0]}”, like a formula; remove it.",
                )
            )


def _is_unseen(one: _Checked, column: Column, text: str) -> bool:
    """Note a character that cannot be seen; those of a name are told by the rules for names."""
    try:
        refuse_unseen(text, field=column.value, label=(COLUMNS[column].zh, COLUMNS[column].en), blanks=True)
    except InvalidValue as refusal:
        one.problems.append(_refused(one.row, column, refusal))
        return True
    return False


def _disability(one: _Checked) -> tuple[str, str] | None:
    given = [column for column in (Column.DISABILITY_TYPE, Column.DISABILITY_GRADE) if column in one.row.cells]
    if len(given) == 1:
        other = Column.DISABILITY_GRADE if given == [Column.DISABILITY_TYPE] else Column.DISABILITY_TYPE
        one.problems.append(
            _problem(
                one.row,
                other,
                "registry.roll.disability",
                "残疾类别和残疾等级应同时填写",
                "Type and grade of a disability are given together.",
            )
        )
    kind = one.take(Column.DISABILITY_TYPE, DISABILITY_TYPE.code_of)
    grade = one.take(Column.DISABILITY_GRADE, _grade)
    return (kind, grade) if kind is not None and grade is not None else None


def _groups(one: _Checked) -> tuple[GroupClaim, ...]:
    kind = one.take(Column.EVIDENCE_KIND, _evidence_kind)
    ref = one.take(
        Column.EVIDENCE,
        lambda text: clean_text(text, field="evidence", label=("依据文号或说明", "Evidence"), longest=200),
    )
    return one.take(Column.GROUPS, lambda text: _claims(text, kind, ref or "")) or ()


def _claims(text: str, kind: EvidenceKind | None, ref: str) -> tuple[GroupClaim, ...]:
    for mark in "，,；;/":
        text = text.replace(mark, "、")
    claims: dict[TargetGroup, GroupClaim] = {}
    for name in filter(None, (part.strip() for part in text.split("、"))):
        definition = GROUPS[group_named(name)]
        if SubjectKind.PERSON not in definition.subjects:
            raise RuleRefused(
                "registry.roll.group_of_household",
                f"“{definition.zh}”是家庭类别，不能填写在人员行中，请导入后在家庭页面标注",
                f"“{definition.en}” is a group for households; tag the household after the import.",
            )
        only = next(iter(definition.evidence)) if len(definition.evidence) == 1 else None
        suits = kind or only
        if suits is None or suits not in definition.evidence:
            wanted = "、".join(EVIDENCE_NAMES[one][0] for one in sorted(definition.evidence))
            raise InvalidValue(
                "registry.roll.group_evidence",
                f"“{definition.zh}”的依据类型应为：{wanted}，请填写“依据类型”",
                f"“{definition.en}” needs its kind of evidence; fill in the column.",
            )
        if not ref:
            raise InvalidValue(
                "registry.roll.group_reference",
                f"填写了“{definition.zh}”，请同时填写“依据文号或说明”",
                f"“{definition.en}” is given: fill in the evidence too.",
            )
        claims[definition.group] = GroupClaim(definition.group, suits, ref)
    return tuple(claims.values())


def _together(key: str, checked: list[_Checked]) -> list[Problem]:
    if not key:
        return []
    first = checked[0].row
    heads = [one.row for one in checked if one.relation == HEAD]
    unknown = any(one.relation is None for one in checked)
    problems = [
        _problem(
            row,
            Column.RELATION,
            "registry.roll.two_heads",
            f"该户已在第{heads[0].number}行填写户主，每户只能有一名户主，请改正关系",
            f"Row {heads[0].number} is the head of this household already; correct the relation.",
        )
        for row in heads[1:]
    ]
    if not heads and not unknown:
        problems.append(
            _problem(
                first,
                Column.RELATION,
                "registry.roll.no_head",
                f"户编号“{key[:20]}”的{len(checked)}行中没有户主，请将一人的关系填为“户主”",
                f"Household “{key[:20]}” has no head; give one member the relation “head”.",
            )
        )
    problems += _one_value(checked, Column.DIVISION, lambda one: one.division)
    problems += _one_value(checked, Column.REGISTERED_KIND, lambda one: one.registered)
    if not any(Column.REGISTERED_KIND in one.row.cells for one in checked):
        problems.append(
            _problem(
                first,
                Column.REGISTERED_KIND,
                "registry.roll.missing",
                "请填写“户口性质”（城镇或农村），同一户在一行填写即可",
                "“Registration” is missing: urban or rural, in one row of the household.",
            )
        )
    return problems


def _one_value(checked: list[_Checked], column: Column, of: Callable[[_Checked], object]) -> list[Problem]:
    stated = [(one.row, of(one)) for one in checked if of(one) is not None]
    return [
        _problem(
            row,
            column,
            "registry.roll.household_differs",
            f"“{COLUMNS[column].zh}”与同户第{stated[0][0].number}行不一致，请核对",
            f"“{COLUMNS[column].en}” differs from row {stated[0][0].number} of the same household; check it.",
        )
        for row, value in stated[1:]
        if value != stated[0][1]
    ]


def _registered(text: str) -> RegisteredKind:
    found = _REGISTERED.get(text.removesuffix("户口").casefold())
    if found is None:
        raise InvalidValue(
            "registry.roll.registered_kind",
            "户口性质应填写“城镇”或“农村”",
            "Registration is urban (城镇) or rural (农村).",
        )
    return found


def _document(text: str) -> DocumentKind:
    found = _DOCUMENTS.get(text)
    if found is None:
        raise InvalidValue(
            "registry.roll.document_kind",
            f"证件类型应为下列之一：{'、'.join(zh for zh, _ in DOCUMENT_NAMES.values())}",
            "The kind of document is none of those in the list of codes.",
        )
    return found


def _evidence_kind(text: str) -> EvidenceKind:
    found = _EVIDENCE.get(text)
    if found is None:
        raise InvalidValue(
            "registry.roll.evidence_kind",
            "依据类型不在代码表中，请从模板“代码表”中选择",
            "The kind of evidence is not in the list of codes.",
        )
    return found


@lru_cache(maxsize=64)
def _grade(text: str) -> str:
    return DISABILITY_GRADE.code_of(text if text.endswith("级") or text.isdigit() else text + "级")


def _first(values: Iterable[T | None]) -> T | None:
    return next((value for value in values if value is not None), None)


def _problem(
    row: Row, column: Column | None, code: str, zh: str, en: str, severity: RollSeverity = RollSeverity.ERROR
) -> Problem:
    return Problem(row.number, column, severity, code, zh, en)


def _refused(row: Row, column: Column | None, refusal: Refusal) -> Problem:
    return _problem(row, column, refusal.code, refusal.message_zh, refusal.message_en)
