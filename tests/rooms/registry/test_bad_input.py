"""Bad input of every kind, in a sheet and at the counter: a clear message at its row, and nothing half-written."""

import io
import zipfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings
from tests.rooms.registry.conftest import (
    AT,
    CITY,
    VILLAGE_A2,
    VILLAGE_B1,
    Register,
    number,
    person,
    staff,
)
from tests.rooms.registry.sheets import Line, large_roll, line, workbook
from tests.rooms.registry.test_roll_import import imported, uploaded, work

from jiuzhu.core.actors import Actor
from jiuzhu.core.errors import Conflict, InvalidValue, Refusal, RuleRefused
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.rooms.registry import actions, queries
from jiuzhu.rooms.registry.actions.roll.checking import check_roll
from jiuzhu.rooms.registry.actions.roll.importing import import_roll
from jiuzhu.rooms.registry.models import Fact, GroupMembership, Guardianship, Household, Membership, Person, PersonGram
from jiuzhu.rooms.registry.rules.persons import NewMember, Particulars
from jiuzhu.rooms.registry.rules.roll.columns import Column
from jiuzhu.rooms.registry.rules.roll.sheet import read_sheet
from jiuzhu.rooms.registry.states import DocumentKind, GuardianshipKind, LifeEventKind, RollMode, RollState

HEAD = line("1", "户主", "赵甲", 101)
FULL_WIDTH = {ord(digit): chr(ord(digit) + 0xFEE0) for digit in "0123456789X"}
# a resident's number of fifteen digits as cards had it until 2012, and what it is today
OLD_NUMBER, NEW_NUMBER = "370902800501103", number(103)


@pytest.fixture(autouse=True)
def _own_files(settings: Settings, tmp_path: Path) -> None:
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, var=tmp_path)


def wrong_check(sequence: int) -> str:
    """A number whose last character is wrong."""
    right = number(sequence)
    return right[:-1] + ("0" if right[-1] != "0" else "1")


def letter(column: Column) -> str:
    """The letter of a column of the template."""
    return chr(65 + list(Column).index(column))


def stored(actor: Actor) -> dict[str, int]:
    """How many rows of each kind there are."""
    tables = (Household, Person, Membership, PersonGram, Fact, GroupMembership, Guardianship)
    with acting(actor):
        return {table.__name__: table.objects.count() for table in tables}


def checked(actor: Actor, content: bytes) -> queries.RollPreview:
    """What an operator sees once a workbook is uploaded and checked."""
    made = actions.upload_roll(actor=actor, at=AT, content=content, name="名单.xlsx")
    check_roll(work(actor), roll_id=made.roll.id)
    return queries.roll_preview(actor=actor, roll_id=made.roll.id)


def found(actor: Actor, lines: Sequence[Line]) -> list[tuple[int, str, str]]:
    """Row, column and message of what the check of a sheet says; the sheet must not change anything."""
    before = stored(actor)
    problems = checked(actor, workbook(lines)).problems
    assert stored(actor) == before, "a check writes nothing but its findings"
    assert all(one.message_zh and one.message_en for one in problems)
    return [(one.row, one.column_zh, one.message_zh) for one in problems]


# What a cell may hold, each in the fourth row of a sheet whose other rows are right.
@pytest.mark.parametrize(
    ("changes", "column", "says"),
    [
        ({"document_number": wrong_check(103)}, "证件号码", "校验未通过"),
        ({"document_number": "370902198002300011"}, "证件号码", "出生日期不存在"),
        ({"document_number": "370902199913010019"}, "证件号码", "出生日期不存在"),
        ({"document_number": number(1, date(2090, 1, 1))}, "证件号码", "晚于今天"),
        ({"document_number": f"{NEW_NUMBER[:9]}\u200b{NEW_NUMBER[9:]}"}, "证件号码", "第10个字符（U+200B）不可见"),
        ({"document_number": f"\u202d{NEW_NUMBER}\u202c"}, "证件号码", "第1个字符（U+202D）不可见"),
        ({"document_number": NEW_NUMBER[:-1]}, "证件号码", "应为18位，现为17位"),
        ({"document_number": float(NEW_NUMBER.replace("X", "0"))}, "证件号码", "后几位已丢失"),
        ({"document_number": f"'{NEW_NUMBER}"}, "证件号码", "18位"),
        ({"division": "370902001999"}, "所在村居", "没有代码为370902001999的村（居）"),
        ({"division": "999999999999"}, "所在村居", "不在您的管辖范围内"),
        ({"division": VILLAGE_B1}, "所在村居", "不在您的管辖范围内"),
        ({"division": f"{VILLAGE_A2}\u200b"}, "所在村居", "U+200B"),
        ({"division": "桃花源村"}, "所在村居", "没有名为“桃花源村”"),
        ({"relation": "户主\u200e"}, "与户主关系", "第3个字符（U+200E）不可见"),
        ({"name": "李\u200d乙"}, "姓名", "U+200D"),
        ({"name": "\u202e乙李"}, "姓名", "U+202E"),
        ({"name": "李\ue000"}, "姓名", "私有区字符"),
        ({"name": "李\ufffd"}, "姓名", "U+FFFD"),
        ({"name": "李2"}, "姓名", "数字"),
        ({"name": "李😀"}, "姓名", "U+1F600"),
        ({"name": "·李"}, "姓名", "间隔号"),
        ({"name": "李" * 65}, "姓名", "不能超过64个字"),
        ({"name": '=HYPERLINK("x","李乙")'}, "姓名", "以“=”开头"),
        ({"address": "@SUM(1)"}, "住址", "以“@”开头"),
        ({"address": "红门路\u20661号\u2069"}, "住址", "U+2066"),
        ({"address": "路" * 201}, "住址", "不能超过200个字"),
        ({"phone": "13800\u200b001111"}, "联系电话", "U+200B"),
        ({"phone": "1380000111"}, "联系电话", "电话号码格式不正确"),
        ({"birth_date": "1980年2月30日"}, "出生日期", "不存在"),
        ({"birth_date": "31/12/1980"}, "出生日期", "请按1990-02-03填写"),
        ({"birth_date": "1990111"}, "出生日期", "请按1990-02-03填写"),
        ({"birth_date": 29342}, "出生日期", "请按1990-02-03填写"),
        ({"birth_date": date(1980, 5, 2)}, "出生日期", "与身份证号不一致"),
        ({"document_kind": "无证件", "document_number": None, "birth_date": "1895-01-01"}, "出生日期", "超过130年"),
        ({"groups": "低保", "evidence": "泰民\u200b〔2026〕1号"}, "依据文号或说明", "U+200B"),
    ],
)
def test_a_wrong_cell_is_told_at_its_row_and_the_other_households_come_in(
    clerk: Actor, changes: dict[str, object], column: str, says: str
) -> None:
    lines = [HEAD, line("1", "妻", "钱乙", 102), line("2", "户主", "李乙", 103) | _cells(changes)]
    roll_id = uploaded(clerk, lines)
    problems = queries.roll_preview(actor=clerk, roll_id=roll_id).problems
    assert {one.row for one in problems} == {4}
    assert any(one.column_zh == column and says in one.message_zh and one.message_en for one in problems), problems
    assert not any(NEW_NUMBER in one.message_zh + one.message_en for one in problems), "no message repeats a number"
    assert stored(clerk) == dict.fromkeys(stored(clerk), 0)
    with pytest.raises(RuleRefused):
        actions.confirm_roll(actor=clerk, at=AT, roll_id=roll_id, mode=RollMode.ALL_OR_NOTHING)
    actions.confirm_roll(actor=clerk, at=AT, roll_id=roll_id, mode=RollMode.GOOD_HOUSEHOLDS)
    import_roll(work(clerk), roll_id=roll_id)
    assert (stored(clerk)["Household"], stored(clerk)["Person"], stored(clerk)["Membership"]) == (1, 2, 2)


def _cells(changes: dict[str, object]) -> dict[Column, object]:
    return {Column(key): value for key, value in changes.items()}


def test_what_people_write_otherwise_but_rightly_is_understood(clerk: Actor) -> None:
    lines = [
        line("１", "户主", "赵甲", document_number=number(101).translate(FULL_WIDTH), birth_date="１９８０年５月１日"),
        line("1", "妻", "钱 乙", document_number=f" {number(102)[:6]} {number(102)[6:].lower()} "),
        line("2", "户主", "孙丙", document_number=OLD_NUMBER, division=VILLAGE_A2.translate(FULL_WIDTH)),
        line("3", "户主", "李丁", 105, birth_date=date(1980, 5, 1), phone="13800001111".translate(FULL_WIDTH)),
        line("4", "户主", "周戊", 107, birth_date="19800501", registered_kind="非农业", address="红门路\u30001号"),
    ]
    assert found(clerk, lines) == []
    roll_id = queries.roll_list(actor=clerk)[0].id
    actions.confirm_roll(actor=clerk, at=AT, roll_id=roll_id, mode=RollMode.ALL_OR_NOTHING)
    import_roll(work(clerk), roll_id=roll_id)
    assert (stored(clerk)["Household"], stored(clerk)["Person"]) == (4, 5)
    (old,) = queries.search_persons(actor=clerk, at=AT, text=NEW_NUMBER).results
    assert (old.name, old.division_code) == ("孙丙", VILLAGE_A2)


@pytest.mark.parametrize("name", ["𠮷田", "张㙓", "刘䶮", "𠮷㙓䶮", "阿依古丽·买买提", "𬭎𬳵"])
def test_rare_characters_come_through_the_sheet_the_search_and_the_error_file(clerk: Actor, name: str) -> None:
    roll_id = imported(clerk, [line("1", "户主", name, 101), line("2", "户主", name, 103, phone="1")])
    (home,) = queries.search_persons(actor=clerk, at=AT, text=name).results
    assert queries.person_detail(actor=clerk, at=AT, person_id=home.person_id).person.name == name
    (row,) = read_sheet(queries.roll_error_file(actor=clerk, roll_id=roll_id).content).rows
    assert row.cells[Column.NAME] == name


@pytest.mark.parametrize(
    ("lines", "row", "says"),
    [
        ([HEAD, line("2", "妻", "钱乙", 102)], 3, "没有户主"),
        ([HEAD, line("1", "户主", "钱乙", 103)], 3, "已在第2行填写户主"),
        ([HEAD, line("１", "户主", "钱乙", 103)], 3, "已在第2行填写户主"),
        ([HEAD, line("2", "户主", "赵甲", 101)], 3, "与第2行相同"),
        ([HEAD, line("1", "妻", "赵甲", 101)], 3, "与第2行相同"),
        ([HEAD, line("2", "户主", "赵甲", document_number=number(101).translate(FULL_WIDTH))], 3, "与第2行相同"),
        ([line("1", "户主", "孙丙", 103), line("2", "户主", "孙丙", document_number=OLD_NUMBER)], 3, "与第2行相同"),
        ([HEAD, line("1", "妻", "钱乙", 102, division=VILLAGE_A2)], 3, "与同户第2行不一致"),
    ],
)
def test_a_household_or_a_person_that_cannot_be_is_told_at_its_row(
    clerk: Actor, lines: Sequence[Line], row: int, says: str
) -> None:
    ((told, _, message),) = found(clerk, lines)
    assert told == row
    assert says in message


def test_a_roll_with_a_person_twice_is_imported_to_its_end_without_that_household(clerk: Actor) -> None:
    lines = [line("1", "户主", "孙丙", 103), line("2", "户主", "孙丙", document_number=OLD_NUMBER), HEAD]
    lines[2] = lines[2] | {Column.HOUSEHOLD: "3"}
    roll_id = imported(clerk, lines)
    assert queries.roll_preview(actor=clerk, roll_id=roll_id).roll.state is RollState.FINISHED
    assert (stored(clerk)["Household"], stored(clerk)["Person"]) == (2, 2)


def test_formulas_are_told_whether_they_were_calculated_or_not(clerk: Actor) -> None:
    name, phone = letter(Column.NAME), letter(Column.PHONE)
    lines = [HEAD, line("2", "户主", "李乙", 103), line("3", "户主", "王丙", 105)]
    for content in (
        workbook(lines, formulas=[(f"{name}3", "=1+1"), (f"{phone}4", "=1+1")]),
        workbook(lines, formulas=[(f"{name}3", "=1+1"), (f"{phone}4", "=1+1")], calculated=False),
    ):
        preview = checked(clerk, content)
        problems = preview.problems
        assert [(one.row, one.column_zh, one.code) for one in problems] == [
            (3, "姓名", "registry.roll.formula"),
            (4, "联系电话", "registry.roll.formula"),
        ]
        assert f"{name}3是公式" in problems[0].message_zh
        actions.cancel_roll(actor=clerk, at=AT, roll_id=preview.roll.id, reason="含有公式")


def test_a_row_of_formulas_below_the_last_row_is_not_lost(clerk: Actor) -> None:
    content = workbook([HEAD], formulas=[(f"{letter(Column.NAME)}5", "=A1")], calculated=False)
    preview = checked(clerk, content)
    assert preview.roll.rows == 2
    assert (5, "registry.roll.formula") in [(one.row, one.code) for one in preview.problems]


def test_merged_cells_are_told_in_every_row_they_cover(clerk: Actor) -> None:
    lines = [HEAD, line("1", "妻", "钱乙", 102), line("2", "户主", "李乙", 103)]
    problems = checked(clerk, workbook(lines, merged=["A2:A3"])).problems
    assert {one.row for one in problems if one.code == "registry.roll.merged"} == {2, 3}
    assert all("A2:A3" in one.message_zh for one in problems if one.code == "registry.roll.merged")


def test_somebody_who_has_died_is_told_as_such(clerk: Actor, register: Register) -> None:
    made = register([NewMember("02", person("赵甲", 101)), NewMember("12", person("钱乙", 102))])
    actions.record_life_event(
        actor=clerk,
        at=AT,
        kind=LifeEventKind.DEATH,
        person_id=made.person_ids[1],
        happened_on=date(2026, 3, 1),
        evidence="医学证明",
    )
    ((row, column, message),) = found(clerk, [line("9", "户主", "钱乙", 102)])
    assert (row, column) == (2, "证件号码")
    assert "已登记死亡（2026-03-01）" in message
    before = stored(clerk)
    with pytest.raises(Conflict) as refused:
        register([NewMember("02", person("孙丙", 105)), NewMember("12", person("钱乙", 102))])
    assert (refused.value.code, refused.value.row) == ("registry.document.deceased", 2)
    assert "已登记死亡的人员（2026-03-01）" in refused.value.message_zh
    with pytest.raises(RuleRefused) as refused_again:
        register([NewMember("02", person_id=made.person_ids[1])])
    assert "已登记死亡" in refused_again.value.message_zh
    assert stored(clerk) == before


def test_a_member_of_another_household_is_refused_with_its_number(clerk: Actor, register: Register) -> None:
    made = register([NewMember("02", person("赵甲", 101))])
    ((row, column, message),) = found(clerk, [line("9", "户主", "赵甲", 101)])
    assert (row, column) == (2, "证件号码")
    assert made.number in message
    before = stored(clerk)
    for member in (NewMember("02", person("赵甲", 101)), NewMember("02", person_id=made.person_ids[0])):
        with pytest.raises(Refusal) as refused:
            register([member])
        assert "已登记" in refused.value.message_zh or "其他家庭的成员" in refused.value.message_zh
    assert stored(clerk) == before


def test_of_somebody_registered_elsewhere_only_that_is_told(clerk: Actor, register: Register) -> None:
    made = register([NewMember("02", person("赵甲", 101))], actor=staff(CITY), division=VILLAGE_B1)
    ((_, _, message),) = found(clerk, [line("9", "户主", "赵甲", 101)])
    assert "其他地方登记" in message
    assert made.number not in message
    with pytest.raises(Conflict) as refused:
        register([NewMember("02", person("赵甲", 101))])
    assert refused.value.code == "registry.document.registered_elsewhere"


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"document_number": wrong_check(103)}, "document_number", "校验未通过"),
        ({"document_number": "370902198002300011"}, "document_number", "出生日期不存在"),
        ({"document_number": f"{NEW_NUMBER[:9]}\u200b{NEW_NUMBER[9:]}"}, "document_number", "第10个字符（U+200B）"),
        ({"name": "李\u202e乙"}, "name", "U+202E"),
        ({"name": "李\u200b乙"}, "name", "U+200B"),
        ({"phone": "138\u200b00001111"}, "phone", "U+200B"),
        ({"name_note": "曾用名\u2066李\u2069"}, "name_note", "U+2066"),
        ({"birth_date": date(1981, 1, 1)}, None, "与身份证号不一致"),
        (
            {"birth_date": date(2090, 1, 1), "document_number": "", "document_kind": DocumentKind.NONE},
            "birth_date",
            "晚于今天",
        ),
    ],
)
def test_a_wrong_particular_at_the_counter_is_told_at_its_member_and_nothing_is_kept(
    clerk: Actor, register: Register, changes: dict[str, object], field: str | None, says: str
) -> None:
    wrong = replace(Particulars("李乙", NEW_NUMBER), **changes)  # type: ignore[arg-type]
    with pytest.raises(InvalidValue) as refused:
        register([NewMember("02", person("赵甲", 101)), NewMember("20", wrong)])
    assert refused.value.row == 2
    assert field is None or refused.value.field == field
    assert says in refused.value.message_zh
    assert refused.value.message_en
    assert stored(clerk) == dict.fromkeys(stored(clerk), 0)


def test_a_circle_of_guardians_is_refused_and_leaves_no_trace(clerk: Actor, register: Register) -> None:
    one, two, three = (register([NewMember("02", person("孙丁", 201 + 2 * n))]).person_ids[0] for n in range(3))

    def guard(guardian: int, ward: int) -> None:
        actions.set_guardian(
            actor=clerk,
            at=AT,
            ward_id=ward,
            guardian_id=guardian,
            kind=GuardianshipKind.APPOINTED,
            start_on=date(2025, 1, 1),
        )

    guard(one, two)
    guard(two, three)
    before = stored(clerk)
    for guardian, ward in ((three, one), (two, one), (one, one)):
        with pytest.raises(RuleRefused) as refused:
            guard(guardian, ward)
        assert "监护" in refused.value.message_zh
        assert refused.value.message_en
    assert stored(clerk) == before


def _packed(parts: dict[str, bytes], *, without: str = "") -> bytes:
    """A right workbook with parts added, or one left out."""
    output = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook([HEAD]))) as source,
        zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            if name not in (without, *parts):
                target.writestr(name, source.read(name))
        for name, content in parts.items():
            target.writestr(name, content)
    return output.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (_packed({"xl/worksheets/sheet1.xml": b"<a>" + b" " * 40_000_000}), "名单.xlsx", "file.workbook_bomb"),
        (_packed({"xl/vbaProject.bin": b"macro"}), "名单.xlsx", "file.workbook_macro"),
        (_packed({"xl/embeddings/a.bin": b"x"}), "名单.xlsx", "file.workbook_embedded"),
        (_packed({"xl/externalLinks/externalLink1.xml": b"<a/>"}), "名单.xlsx", "file.workbook_external"),
        (_packed({}, without="xl/workbook.xml"), "名单.xlsx", "file.workbook_broken"),
        (_packed({"xl/worksheets/sheet1.xml": b"<worksheet"}), "名单.xlsx", "registry.roll.unreadable"),
        (workbook([HEAD])[:-200], "名单.xlsx", "file.workbook_broken"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "名单.xlsx", "file.type_mismatch"),
        ("姓名,证件号码\n".encode(), "名单.xlsx", "file.type_mismatch"),
        ("姓名,证件号码\n".encode(), "名单.csv", "file.type"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "名单.xls", "file.type"),
        (b"<html></html>", "名单.xlsx", "file.type_mismatch"),
        (b"", "名单.xlsx", "file.empty"),
        (workbook([HEAD]), "名单.exe.xlsx", "file.double_extension"),
    ],
)
def test_a_file_that_is_no_roll_is_refused_at_the_door_with_what_to_do(
    clerk: Actor, content: bytes, name: str, code: str
) -> None:
    with pytest.raises(InvalidValue) as refused:
        actions.upload_roll(actor=clerk, at=AT, content=content, name=name)
    assert refused.value.code == code
    assert "请" in refused.value.message_zh
    assert refused.value.message_en
    assert queries.roll_list(actor=clerk) == ()


LARGE = 2_000
_ERRORS: tuple[tuple[str, str], ...] = (
    (Column.DOCUMENT_NUMBER, "identity.checksum"),
    (Column.DIVISION, "registry.roll.place_unknown"),
    (Column.NAME, "name.character"),
    (Column.PHONE, "phone.form"),
    (Column.RELATION, "code_list.unknown"),
)
_WRONG = {
    Column.DIVISION: "桃花源村",
    Column.NAME: "赵\u200b甲",
    Column.PHONE: "12",
    Column.RELATION: "干亲",
}


def roll_with_errors(persons: int) -> tuple[list[Line], list[int]]:
    """A large roll in couples, every tenth couple with one wrong cell in its first row; also the wrong rows."""
    lines = large_roll(persons, size=2)
    wrong = []
    for place in range(0, persons, 20):
        column = Column(_ERRORS[place // 20 % len(_ERRORS)][0])
        right = str(lines[place][Column.DOCUMENT_NUMBER])
        value = _WRONG.get(column) or right[:-1] + ("0" if right[-1] != "0" else "1")
        lines[place] = {**lines[place], column: value}
        wrong.append(place + 2)
    return lines, wrong


def test_a_large_roll_with_errors_in_it_tells_each_at_its_row_and_imports_the_rest(clerk: Actor) -> None:
    lines, wrong = roll_with_errors(LARGE)
    roll_id = uploaded(clerk, lines)
    told: list[tuple[int, str]] = []
    after = ""
    while True:
        page = queries.roll_preview(actor=clerk, roll_id=roll_id, after=after, limit=200)
        told += [(one.row, one.code) for one in page.problems if one.severity.value == "error"]
        after = page.next_after
        if not after:
            break
    # a first row whose relation is wrong leaves a household whose head is not known: that is not told twice
    assert [row for row, _ in told] == wrong
    assert Counter(code for _, code in told) == {code: len(wrong) // len(_ERRORS) for _, code in _ERRORS}
    assert page.roll.households_with_errors == len(wrong)
    actions.confirm_roll(actor=clerk, at=AT, roll_id=roll_id, mode=RollMode.GOOD_HOUSEHOLDS)
    import_roll(work(clerk), roll_id=roll_id)
    good = LARGE // 2 - len(wrong)
    kept = stored(clerk)
    assert (kept["Household"], kept["Person"], kept["Membership"]) == (good, 2 * good, 2 * good)
    errors = read_sheet(queries.roll_error_file(actor=clerk, roll_id=roll_id).content)
    assert len(errors.rows) == 2 * len(wrong)
