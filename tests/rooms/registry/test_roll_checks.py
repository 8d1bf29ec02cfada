"""Every way in which a roll can be wrong has its own message, at its row and column."""

import zipfile
from collections.abc import Callable, Sequence
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook
from tests.rooms.registry.conftest import CITY, TODAY, TOWN_A, VILLAGE_A1, VILLAGE_A2, number
from tests.rooms.registry.sheets import Line, line, workbook

from jiuzhu.core.divisions import DivisionCode
from jiuzhu.core.errors import InvalidValue
from jiuzhu.rooms.registry.rules.roll.checks import Problem, RollHousehold, check_household, grouped
from jiuzhu.rooms.registry.rules.roll.columns import COLUMNS, Column
from jiuzhu.rooms.registry.rules.roll.places import Place, Places
from jiuzhu.rooms.registry.rules.roll.repeated import repeated_persons
from jiuzhu.rooms.registry.rules.roll.sheet import Row, read_sheet
from jiuzhu.rooms.registry.rules.roll.workbook import error_workbook, template_workbook
from jiuzhu.rooms.registry.states import DocumentKind, EvidenceKind, RegisteredKind, RollSeverity, TargetGroup

PLACES = Places.of(
    TOWN_A,
    [
        Place(DivisionCode(VILLAGE_A1), "东湖社区居委会", "泰安市泰山区岱庙街道东湖社区居委会"),
        Place(DivisionCode(VILLAGE_A2), "前村村委会", "泰安市泰山区岱庙街道前村村委会"),
        Place(DivisionCode("370902001203"), "前村村委会", "泰安市泰山区财源街道前村村委会"),
    ],
)
HEAD = line("1", "户主", "赵甲", 101)
WRONG = number(3)[:-1] + ("0" if number(3)[-1] != "0" else "1")


def checked(
    lines: Sequence[Line], **options: list[tuple[str, str]] | list[str]
) -> tuple[list[RollHousehold], list[Problem]]:
    """The households and problems of a sheet."""
    sheet = read_sheet(workbook(lines, **options))  # type: ignore[arg-type]
    groups = grouped(sheet)
    households, problems = [], repeated_persons(groups, TODAY)
    for key, rows in groups:
        household, found = check_household(key, rows, sheet=sheet, places=PLACES, today=TODAY)
        problems += found
        if household is not None:
            households.append(household)
    return households, problems


def test_a_right_roll_gives_its_households_in_normal_form() -> None:
    lines = [
        HEAD | {Column.DIVISION: "东湖社区", Column.PHONE: "138 0000 1111", Column.ADDRESS: "红门路1号"},
        line("1", "妻", "钱𠮷", 102, ethnicity="回", marital="初婚", disability_type="肢体", disability_grade="二级"),
        line("1", "儿子", "赵小", document_kind="无证件", document_number=None, birth_date="2014年3月1日", sex="男"),
        line("2", "02", "孙丙", 103, groups="特困供养人员、困难残疾人", evidence_kind="审核确认决定", evidence="1号"),
    ]
    lines[3] = lines[3] | {Column.GROUPS: "特困供养人员", Column.EVIDENCE_KIND: ""}
    households, problems = checked(lines)
    assert problems == []
    first, second = households
    assert (first.division_code, first.registered_kind, first.address) == (
        VILLAGE_A1,
        RegisteredKind.RURAL,
        "红门路1号",
    )
    assert [member.relation for member in first.members] == ["02", "12", "20"]
    assert first.members[0].person.phone == "13800001111"
    assert first.members[1].person.name == "钱𠮷"
    assert first.members[1].person.ethnicity == "03"
    assert first.members[1].disability == ("4", "2")
    assert first.members[2].person.document_kind is DocumentKind.NONE
    claim = second.members[0].groups[0]
    assert (claim.group, claim.kind, claim.ref) == (TargetGroup.TEKUN, EvidenceKind.DETERMINATION, "1号")


@pytest.mark.parametrize(
    ("changes", "column", "says"),
    [
        ({"document_number": WRONG}, "document_number", "校验未通过"),
        ({"document_number": "37090219800230001X"}, "document_number", "出生日期不存在"),
        ({"document_number": None}, "document_number", "请填写证件号码"),
        ({"document_number": 370902198005010000.0}, "document_number", "后几位已丢失"),
        ({"document_number": "=A1"}, "document_number", "以“=”开头"),
        ({"document_kind": "驾驶证"}, "document_kind", "证件类型应为"),
        ({"document_kind": "无证件"}, "document_kind", "选择证件类型"),
        ({"document_kind": "无证件", "document_number": None}, "birth_date", "请填写出生日期"),
        ({"document_kind": "无证件", "document_number": None, "birth_date": "1990-02-30"}, "birth_date", "不存在"),
        ({"document_kind": "无证件", "document_number": None, "birth_date": "2990-01-01"}, "birth_date", "晚于今天"),
        ({"birth_date": "1980-05-02"}, "birth_date", "与身份证号不一致"),
        ({"sex": "女"}, "sex", "性别与身份证号不一致"),
        ({"sex": "不详男"}, "sex", "请从列表中选择"),
        ({"division": "370902001999"}, "division", "没有代码为"),
        ({"division": "370902002001"}, "division", "不在您的管辖范围内"),
        ({"division": "37090"}, "division", "6位、9位或12位"),
        ({"division": "370902001"}, "division", "村（居）一级"),
        ({"division": "不存在村"}, "division", "没有名为"),
        ({"division": "前村"}, "division", "有2个"),
        ({"division": None}, "division", "请填写“所在村居”"),
        ({"relation": "干儿子"}, "relation", "请从列表中选择"),
        ({"relation": None}, "relation", "请填写“与户主关系”"),
        ({"name": None}, "name", "请填写“姓名”"),
        ({"name": "赵\u200b甲"}, "name", "U+200B"),
        ({"name": "\u202e赵甲"}, "name", "U+202E"),
        ({"name": "@赵甲"}, "name", "以“@”开头"),
        ({"phone": "12345"}, "phone", "电话号码格式不正确"),
        ({"phone": "-13800001111"}, "phone", "以“-”开头"),
        ({"ethnicity": "火星"}, "ethnicity", "请从列表中选择"),
        ({"marital": "复杂"}, "marital", "请从列表中选择"),
        ({"registered_kind": "小镇"}, "registered_kind", "城镇”或“农村"),
        ({"registered_kind": None}, "registered_kind", "请填写“户口性质”"),
        ({"household": None}, "household", "请填写“户编号”"),
        ({"address": "路\u200f1号"}, "address", "U+200F"),
        ({"disability_type": "肢体"}, "disability_grade", "应同时填写"),
        ({"disability_grade": "九级", "disability_type": "肢体"}, "disability_grade", "请从列表中选择"),
        ({"groups": "神仙"}, "groups", "没有名为"),
        ({"groups": "低保"}, "groups", "请同时填写“依据文号或说明”"),
        ({"groups": "受灾人员", "evidence": "1号"}, "groups", "依据类型应为"),
        ({"groups": "见义勇为牺牲人员家庭", "evidence": "1号"}, "groups", "家庭类别"),
        ({"evidence_kind": "口头"}, "evidence_kind", "不在代码表中"),
    ],
)
def test_a_wrong_cell_has_a_message_at_its_row_and_column(changes: dict[str, object], column: str, says: str) -> None:
    households, problems = checked([HEAD, line("2", "户主", "李乙", 103, **changes)])
    assert [household.key for household in households] == ["1"]
    assert {one.row for one in problems} == {3}
    assert any(one.column == Column(column) and says in one.zh for one in problems), problems
    assert all(one.en for one in problems)
    assert not any(WRONG in one.zh or number(103) in one.zh for one in problems), "no message repeats a number"


def test_all_wrong_parts_of_a_row_are_told_at_once() -> None:
    bad = line("2", "户主", "李\u200b乙", 103, document_number=WRONG, phone="1", ethnicity="火星", division="x村")
    _, problems = checked([bad])
    assert {one.column for one in problems} == {
        Column.NAME,
        Column.DOCUMENT_NUMBER,
        Column.PHONE,
        Column.ETHNICITY,
        Column.DIVISION,
    }


@pytest.mark.parametrize(
    ("lines", "row", "code"),
    [
        ([line("1", "子", "赵甲", 101)], 2, "registry.roll.no_head"),
        ([HEAD, line("1", "户主", "钱乙", 103)], 3, "registry.roll.two_heads"),
        ([HEAD, line("1", "妻", "钱乙", 102, division=VILLAGE_A2)], 3, "registry.roll.household_differs"),
        ([HEAD, line("1", "妻", "钱乙", 102, registered_kind="城镇")], 3, "registry.roll.household_differs"),
        ([HEAD, line("2", "户主", "赵甲", 101)], 3, "registry.roll.number_twice"),
    ],
)
def test_households_and_the_roll_as_a_whole_are_checked(lines: Sequence[Line], row: int, code: str) -> None:
    _, problems = checked(lines)
    assert [(one.row, one.code) for one in problems] == [(row, code)]


def test_a_person_without_number_who_stands_twice_is_only_a_warning() -> None:
    nameless = {"document_kind": "无证件", "document_number": None, "birth_date": "1950-01-02"}
    households, problems = checked([line("1", "户主", "赵甲", **nameless), line("2", "户主", "赵甲", **nameless)])
    assert [(one.row, one.severity) for one in problems] == [(3, RollSeverity.WARNING)]
    assert len(households) == 2


def test_a_household_with_one_wrong_member_is_kept_back_whole() -> None:
    households, problems = checked([HEAD, line("1", "妻", "钱乙", 102, phone="1"), line("2", "户主", "孙丙", 105)])
    assert [household.key for household in households] == ["2"]
    assert [one.row for one in problems] == [3]


def test_formulas_and_merged_cells_are_told_by_their_place() -> None:
    name = list(Column).index(Column.NAME)
    letter = chr(65 + name)
    _, problems = checked([HEAD, line("2", "户主", "李乙", 103)], formulas=[(f"{letter}3", "=1+1")])
    assert [(one.row, one.column, one.code) for one in problems] == [(3, Column.NAME, "registry.roll.formula")]
    assert f"{letter}3" in problems[0].zh
    _, problems = checked([HEAD, line("1", "妻", "钱乙", 102)], merged=["A2:A3"])
    assert {(one.row, one.code) for one in problems if one.column is Column.HOUSEHOLD} >= {
        (2, "registry.roll.merged"),
        (3, "registry.roll.merged"),
    }


def test_empty_rows_are_passed_over_and_the_others_keep_their_numbers() -> None:
    sheet = read_sheet(workbook([HEAD, {}, {Column.NAME: "　 "}, line("2", "户主", "李乙", 103)]))
    assert [row.number for row in sheet.rows] == [2, 5]


def test_columns_may_stand_in_another_order_and_under_names_in_use() -> None:
    heading = [spec.zh for spec in COLUMNS.values()]
    heading[list(Column).index(Column.DOCUMENT_NUMBER)] = " 身份证号* "
    sheet = read_sheet(workbook([HEAD], heading=heading))
    assert sheet.rows[0].cells[Column.DOCUMENT_NUMBER] == number(101)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda heading: [*heading[1:]], "缺少：户编号"),
        (lambda heading: ["编号二", *heading[1:]], "无法识别：编号二"),
        (lambda heading: ["姓名", *heading[1:]], "出现了两次"),
    ],
)
def test_wrong_headings_are_told_by_name(change: Callable[[list[str]], list[str]], says: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        read_sheet(workbook([HEAD], heading=change([spec.zh for spec in COLUMNS.values()])))
    assert says in refused.value.message_zh
    assert refused.value.row == 1


def test_a_roll_without_rows_is_refused() -> None:
    with pytest.raises(InvalidValue, match="no rows"):
        read_sheet(workbook([]))


@pytest.mark.parametrize(
    ("reference", "says"), [('r="XFD2"', "列"), ('r="A1048576"', "行"), ('r="A200002"', "行"), ("r='BA7'", "列")]
)
def test_one_cell_far_away_is_refused_before_it_fills_the_memory(reference: str, says: str) -> None:
    content = BytesIO()
    with zipfile.ZipFile(BytesIO(workbook([HEAD]))) as source, zipfile.ZipFile(content, "w") as target:
        for entry in source.infolist():
            part = source.read(entry)
            if entry.filename == "xl/worksheets/sheet1.xml":
                part = part.replace(b'r="A2"', reference.encode())
            target.writestr(entry, part)
    with pytest.raises(InvalidValue) as refused:
        read_sheet(content.getvalue())
    assert f"{says}，请" in refused.value.message_zh


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0 old format"])
def test_what_is_no_workbook_is_refused(content: bytes) -> None:
    with pytest.raises(InvalidValue) as refused:
        read_sheet(content)
    assert refused.value.code == "registry.roll.unreadable"


def test_the_template_is_understood_and_lists_the_villages_of_the_area() -> None:
    content = template_workbook(PLACES)
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    assert book.sheet_names == ["花名册", "填写说明", "代码表", "村居清单"]
    assert [row[0] for row in book.get_sheet_by_name("村居清单").to_python()] == ["区划代码", *PLACES.by_code]
    with pytest.raises(InvalidValue) as refused:
        read_sheet(content)
    assert refused.value.code == "registry.roll.empty", "the headings themselves were understood"


def test_the_error_file_is_the_sheet_with_messages_and_can_be_uploaded_again_once_corrected() -> None:
    lines = [HEAD, line("1", "妻", "钱乙", 102, phone="=1"), line("2", "户主", "孙丙", 105)]
    sheet = read_sheet(workbook(lines))
    _, problems = checked(lines)
    content = error_workbook(sheet.rows[:2], problems)
    table = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()
    assert table[1][-2:] == ["2", "本行无误，同户其他行有误"]
    assert table[2][-2] == "3"
    assert "联系电话：" in str(table[2][-1])
    assert table[2][list(Column).index(Column.PHONE)] == "=1"
    again = read_sheet(content)
    assert [row.cells for row in again.rows] == [row.cells for row in sheet.rows[:2]]
    with zipfile.ZipFile(BytesIO(content)) as archive:
        assert not any(b"<f>" in archive.read(name) for name in archive.namelist())


def test_the_same_rows_in_another_file_are_the_same_content() -> None:
    assert read_sheet(workbook([HEAD])).content_hash == read_sheet(workbook([{}, HEAD])).content_hash
    assert read_sheet(workbook([HEAD])).content_hash != read_sheet(workbook([HEAD | {Column.PHONE: "1"}])).content_hash


@given(st.dictionaries(st.sampled_from(Column), st.text(min_size=1, max_size=30).map(str.strip).filter(bool)))
def test_whatever_stands_in_a_row_is_stored_whole_or_refused_with_messages(cells: dict[Column, str]) -> None:
    sheet = read_sheet(workbook([HEAD]))
    row = Row(2, dict(sheet.rows[0].cells) | cells)
    household, problems = check_household("1", [row], sheet=sheet, places=PLACES, today=TODAY)
    assert (household is None) == any(one.severity is RollSeverity.ERROR for one in problems)
    assert all(one.row == 2 and one.zh and one.en for one in problems)


def test_the_area_of_a_city_takes_codes_of_any_village_below() -> None:
    places = Places.of(CITY, PLACES.by_code.values())
    assert places.resolve(VILLAGE_A1) == VILLAGE_A1
    assert places.resolve("岱庙街道前村") == VILLAGE_A2
    assert places.resolve("泰山区岱庙街道前村村委会") == VILLAGE_A2
