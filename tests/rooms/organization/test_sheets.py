"""Excel: what goes out comes back unchanged; a bad row is named by its number and nothing is written."""

from datetime import date
from io import BytesIO

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook
from tests.rooms.organization.conftest import (
    AT,
    CITY,
    DAIMIAO,
    DAIYUE,
    TAISHAN,
    TODAY,
    appointed,
    office,
    person,
    post,
    setter,
    staff_actor,
)

from jiuzhu.core.errors import InvalidValue
from jiuzhu.groundwork.accounts.models import Account
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.rooms.organization import actions, queries
from jiuzhu.rooms.organization.models import Appointment, Office, Staff
from jiuzhu.rooms.organization.rules.sheets import MAX_ROWS, SHEETS, STAFF_SHEET, read_rows
from jiuzhu.rooms.organization.states import OfficeKind

STAFF_HEADINGS = ["工号", "姓名", "单位代码", "用工形式", "职级", "办公电话"]


def _workbook(*lines: list[object]) -> bytes:
    target = BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False})
    page = book.add_worksheet()
    for number, line in enumerate(lines):
        for column, value in enumerate(line):
            if isinstance(value, str):
                page.write_string(number, column, value)
            elif value is not None:
                page.write(number, column, value)
    book.close()
    return target.getvalue()


def _read(content: bytes) -> list[list[object]]:
    book = CalamineWorkbook.from_object(BytesIO(content))
    return [list(line) for line in book.get_sheet_by_index(0).to_python()]


def _staff(*lines: list[object], commit: bool = True) -> actions.SheetReport:
    return actions.import_staff(
        actor=staff_actor("system_administrator", TAISHAN),
        at=AT,
        content=_workbook(list(STAFF_HEADINGS), *lines),
        commit=commit,
    )


@pytest.fixture
def desk(city: None) -> int:
    return office(DAIMIAO, OfficeKind.ONE_WINDOW_DESK, code="desk", name="岱庙窗口")


GOOD: list[object] = ["T001", "王秀兰", "desk", "事业编制", "九级", "0538-0000000"]


@pytest.mark.usefixtures("desk")
def test_a_preview_writes_nothing_a_commit_writes_and_a_second_commit_changes_nothing() -> None:
    preview = _staff(GOOD, ["T002", "李明", "desk", "公务员", None, None], commit=False)
    assert (preview.added, preview.problems, preview.committed) == (2, (), False)
    assert not Staff.objects.exists()
    assert not Account.objects.filter(login_name="T001").exists()
    first = _staff(GOOD, ["T002", "李明", "desk", "公务员", None, None])
    assert (first.added, first.committed) == (2, True)
    before = list(Staff.objects.order_by("id").values_list())
    again = _staff(GOOD, ["T002", "李明", "desk", "公务员", None, None])
    assert (again.added, again.changed, again.unchanged) == (0, 0, 2)
    assert list(Staff.objects.order_by("id").values_list()) == before
    changed = _staff([*GOOD[:4], "八级", GOOD[5]])
    assert (changed.changed, changed.unchanged) == (1, 0)
    assert Staff.objects.get(staff_number="T001").rank == "八级"


@pytest.mark.usefixtures("desk")
def test_each_bad_row_is_named_and_the_good_ones_are_not_written_either() -> None:
    report = _staff(
        GOOD,
        ["T002", "", "desk", "公务员", None, None],
        ["T003", "李明", "nowhere", "公务员", None, None],
        ["T004", "李明", "desk", "志愿者", None, None],
        ["T005", "=1+1", "desk", "公务员", None, None],
        ["T006", "李\u202e明", "desk", "公务员", None, None],
        ["T001", "王秀兰", "desk", "事业编制", None, None],
        ["T 07", "李明", "desk", "公务员", None, None],
        ["T008", "李明1", "desk", "公务员", None, None],
        [None, None, None, None, None, None],
        ["T009", "李明", "desk", "公务员", "级" * 41, None],
    )
    assert [(problem.row, problem.reason.code) for problem in report.problems] == [
        (3, "sheet.required"),
        (4, "organization.not_found"),
        (5, "sheet.choice"),
        (6, "sheet.formula"),
        (7, "sheet.hidden"),
        (8, "sheet.doubled"),
        (9, "organization.staff.number"),
        (10, "name.character"),
        (12, "sheet.too_long_cell"),
    ]
    assert all(problem.reason.zh and problem.reason.en for problem in report.problems)
    assert not report.committed
    assert not Staff.objects.exists()


@pytest.mark.usefixtures("desk")
def test_rare_characters_and_numbers_typed_as_numbers_are_kept() -> None:
    assert _staff([1001, "𠮷㙓䶮", "desk", "civil servant", None, None]).committed
    assert Staff.objects.get(staff_number="1001").name == "𠮷㙓䶮"


@pytest.mark.usefixtures("desk")
def test_an_export_comes_back_unchanged_in_both_languages_and_stays_in_its_place() -> None:
    _staff(GOOD, ["T002", "李明", "desk", "公务员", None, None])
    actor = staff_actor("system_administrator", TAISHAN)
    for language in ("zh", "en"):
        with acting(actor):
            content = queries.staff_sheet(actor=actor, division=TAISHAN, language=language)
        report = actions.import_staff(actor=actor, at=AT, content=content, commit=True)
        assert (report.added, report.changed, report.unchanged, report.problems) == (0, 0, 2, ())
    foreign = staff_actor("system_administrator", DAIYUE)
    with acting(foreign):
        assert len(_read(queries.staff_sheet(actor=foreign, division=DAIYUE))) == 1
    refused = actions.import_staff(actor=foreign, at=AT, content=content, commit=True)
    assert len(refused.problems) == 2


@pytest.mark.usefixtures("desk")
def test_a_cell_that_looks_like_a_formula_leaves_as_text() -> None:
    person(Office.objects.get(code="desk").id, "T001")
    Staff.objects.update(rank="=1+1", office_phone="+86 538")
    with acting(setter()):
        rows = _read(queries.staff_sheet(actor=setter(), division=CITY))
    assert rows[1][4:] == ["=1+1", "+86 538"]


def test_appointments_come_back_unchanged_and_pass_the_same_rules(desk: int) -> None:
    clerk = post(desk, "township_clerk", DAIMIAO, code="clerk")
    post(desk, "township_head", DAIMIAO, code="head", headcount=1)
    appointed(person(desk, "T001"), clerk)
    person(desk, "T002", "李明")
    actor = staff_actor("security_administrator", TAISHAN)
    with acting(setter()):
        content = queries.appointment_sheet(actor=setter(), division=TAISHAN, at=TODAY)
    same = actions.import_appointments(actor=actor, at=AT, content=content, commit=True)
    assert (same.unchanged, same.problems) == (1, ())
    headings: list[object] = ["工号", "岗位代码", "任职日期", "任满日期", "任命机关", "任命文号"]
    wrong = actions.import_appointments(
        actor=actor,
        at=AT,
        content=_workbook(
            headings,
            ["T002", "head", "2026-07-01", None, "区民政局", "1号"],
            ["T001", "head", "2026-07-01", None, "区民政局", "1号"],
            ["T002", "clerk", "七月一日", None, "区民政局", "1号"],
            ["T002", "none", "2026/07/01", None, "区民政局", "1号"],
        ),
        commit=True,
    )
    assert [problem.row for problem in wrong.problems] == [3, 4, 5]
    assert Appointment.objects.count() == 1
    good = actions.import_appointments(
        actor=actor,
        at=AT,
        content=_workbook(headings, ["T002", "head", "2026/07/01", None, "区民政局", "1号"]),
        commit=True,
    )
    assert (good.added, good.committed) == (1, True)
    assert Appointment.objects.get(post__code="head").valid_from == date(2026, 7, 1)


@pytest.mark.usefixtures("desk")
def test_office_contacts_come_back_and_a_wrong_name_is_refused() -> None:
    actor = staff_actor("system_administrator", TAISHAN)
    headings: list[object] = ["机构代码", "机构名称", "地址", "电话", "办公时间"]
    report = actions.import_office_contacts(
        actor=actor, at=AT, content=_workbook(headings, ["desk", "岱庙窗口", "演示路1号", None, None]), commit=True
    )
    assert report.changed == 1
    with acting(actor):
        content = queries.office_sheet(actor=actor, division=TAISHAN, at=TODAY)
    assert actions.import_office_contacts(actor=actor, at=AT, content=content, commit=True).unchanged == 1
    wrong = actions.import_office_contacts(
        actor=actor, at=AT, content=_workbook(headings, ["desk", "财源窗口", "别处", None, None]), commit=True
    )
    assert [problem.column for problem in wrong.problems] == ["name"]
    assert Office.objects.get(code="desk").address == "演示路1号"


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize("content", [b"", b"name,number\n", b"PK\x03\x04 broken"])
def test_what_is_no_workbook_is_refused_with_a_message(content: bytes) -> None:
    with pytest.raises(InvalidValue) as refusal:
        actions.import_staff(actor=setter(), at=AT, content=content, commit=True)
    assert refusal.value.message_zh


@pytest.mark.usefixtures("desk")
def test_wrong_headings_are_named() -> None:
    def codes(*headings: object) -> set[str]:
        report = actions.import_staff(actor=setter(), at=AT, content=_workbook(list(headings)), commit=True)
        return {problem.reason.code for problem in report.problems}

    assert codes("工号", "姓名", "单位代码") == {"sheet.column"}
    assert codes(*STAFF_HEADINGS, "身份证号") == {"sheet.heading"}
    assert codes(*STAFF_HEADINGS, "工号") == {"sheet.heading"}
    assert codes() == {"sheet.empty"}


@pytest.mark.parametrize("key", sorted(SHEETS))
def test_a_template_has_the_headings_and_reads_back_as_no_rows(key: str) -> None:
    for language in ("zh", "en"):
        cells = _read(queries.public_template(key, language=language))
        assert read_rows(SHEETS[key], cells) == ((), ())  # type: ignore[arg-type]


def test_a_sheet_beyond_the_limit_is_refused_whole() -> None:
    lines = [list(STAFF_HEADINGS), *[["T"] for _ in range(MAX_ROWS + 1)]]
    rows, problems = read_rows(STAFF_SHEET, lines)
    assert (rows, [problem.reason.code for problem in problems]) == ((), ["sheet.too_long"])


@given(st.lists(st.lists(st.one_of(st.none(), st.text(max_size=20), st.integers(), st.floats(), st.booleans()))))
def test_no_cell_whatever_breaks_the_reading(lines: list[list[str | int | float | bool | None]]) -> None:
    rows, problems = read_rows(STAFF_SHEET, [list(STAFF_HEADINGS), *lines])
    numbers = [row.number for row in rows] + [problem.row for problem in problems]
    assert all(2 <= number <= len(lines) + 1 for number in numbers)
    assert {row.number for row in rows}.isdisjoint(problem.row for problem in problems)


@pytest.mark.usefixtures("city")
def test_divisions_are_exported_with_their_full_names() -> None:
    rows = _read(queries.public_division_sheet(division=TAISHAN, at=TODAY))
    assert rows[0][:3] == ["代码", "名称", "全称"]
    assert [row[2] for row in rows[1:3]] == ["泰安市泰山区", "泰安市泰山区岱庙街道"]
