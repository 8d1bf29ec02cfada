"""Running the organization from the pages (S14 S15): the administrators, the city, and who looks at what they did."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter
from playwright.sync_api import Page, expect
from python_calamine import CalamineWorkbook

pytestmark = pytest.mark.browser

BASE = "/workbench/organization/"
_STREET = "370902001000"
_SHEET = ["工号", "姓名", "单位代码", "用工形式", "职级", "办公电话"]


def _heading(page: Page, name: str) -> None:
    expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()


def _roll(path: Path, *lines: list[str]) -> Path:
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        for number, line in enumerate([_SHEET, *lines]):
            sheet.write_row(number, 0, line)
    return path


def test_an_office_a_post_and_a_person_are_set_up_and_only_the_security_administrator_appoints(
    page: Page, signed_in_as: Callable[[str], None]
) -> None:
    signed_in_as("system-administrator")
    page.goto(f"{BASE}divisions/{_STREET}/")
    page.get_by_role("link", name="设立机构").click()
    page.get_by_label("机构代码").fill("370902001-outreach")
    page.get_by_label("类别").select_option(label="乡镇（街道）一窗受理窗口")
    page.get_by_role("button", name="下一步：核对").click()
    page.locator("[data-error-summary]").get_by_role("link", name="请填写“机构名称”。").click()
    expect(page.get_by_label("机构名称")).to_be_focused()
    page.get_by_label("机构名称").fill("岱庙街道流动服务点")
    page.get_by_label("依据").fill("泰民〔2026〕9号")
    page.get_by_role("button", name="下一步：核对").click()
    expect(page.get_by_text("尚未办理")).to_be_visible()
    page.get_by_role("button", name="确认设立").click()
    _heading(page, "岱庙街道流动服务点")

    page.get_by_role("link", name="设置岗位").click()
    page.get_by_label("岗位名称").fill("流动服务经办")
    page.get_by_label("角色").select_option("township_clerk")
    page.get_by_label("岗位代码").fill("370902001-outreach-clerk")
    page.get_by_role("button", name="下一步：核对").click()
    page.get_by_role("button", name="确认设置").click()
    expect(page.get_by_role("row", name=re.compile("流动服务经办"))).to_contain_text("空缺1")

    page.goto(f"{BASE}staff/new/?office=370902001-outreach")
    page.get_by_label("工号").fill("X0001")
    page.get_by_label("姓名").fill("孟庆华")
    page.get_by_label("用工形式").select_option(label="事业编制")
    page.get_by_role("button", name="下一步：核对").click()
    # a hand that presses twice registers one person
    page.get_by_role("button", name="确认登记").dblclick()
    _heading(page, "孟庆华")
    expect(page.get_by_text("还没有初始密码，不能登录")).to_be_visible()
    person = page.url
    assert page.goto(f"{person}appoint/") is not None
    _heading(page, "您没有办理此事项的权限")

    signed_in_as("security-administrator")
    page.goto(person)
    page.get_by_role("link", name="任命").click()
    page.get_by_label("流动服务经办（空缺1）").check()
    page.get_by_label("任命机关").fill("岱庙街道办事处")
    page.get_by_label("任命文号").fill("岱办任〔2026〕1号")
    page.get_by_role("button", name="下一步：核对").click()
    expect(page.get_by_text("没有不相容的职责")).to_be_visible()
    page.get_by_role("button", name="返回修改").click()
    expect(page.get_by_label("任命文号")).to_have_value("岱办任〔2026〕1号")
    page.get_by_role("button", name="下一步：核对").click()
    page.get_by_role("button", name="确认任命").click()
    expect(page.get_by_role("row", name=re.compile("流动服务经办"))).to_contain_text("在任")

    signed_in_as("audit-administrator")
    page.goto("/workbench/")
    page.get_by_role("link", name="审计记录").click()
    page.get_by_label("内容").select_option(label="任职")
    page.get_by_label("操作人").fill("许静怡")
    page.get_by_role("button", name="筛选").click()
    page.locator("tbody").get_by_role("link").first.click()
    expect(page.get_by_role("row", name=re.compile("任命机关"))).to_contain_text("岱庙街道办事处")
    expect(page.get_by_role("row", name=re.compile("起始日期"))).to_be_visible()
    page.goto(person)
    expect(page.get_by_role("link", name="任命")).to_have_count(0)


def test_three_separated_administrators_stay_three(page: Page, signed_in_as: Callable[[str], None]) -> None:
    signed_in_as("security-administrator")
    page.goto(f"{BASE}staff/?q=system-administrator")
    page.get_by_role("link", name="尤庆丰").click()
    page.get_by_role("link", name="任命").click()
    page.get_by_label(re.compile("^安全审计员")).check()
    page.get_by_label("任命机关").fill("市民政局")
    page.get_by_label("任命文号").fill("泰民任〔2026〕1号")
    page.get_by_role("button", name="下一步：核对").click()
    expect(page.locator("[data-error-summary]")).to_contain_text("应由不同人员担任")
    expect(page.get_by_label("任命文号")).to_have_value("泰民任〔2026〕1号")


def test_an_office_of_another_place_is_found_to_appoint_into(page: Page, signed_in_as: Callable[[str], None]) -> None:
    signed_in_as("security-administrator")
    page.goto(f"{BASE}staff/?q=street-clerk")
    page.get_by_role("link", name="孙晓燕").click()
    page.get_by_role("link", name="任命").click()
    page.get_by_label("任其他机构的岗位").fill("370902-service_centre")
    page.get_by_role("button", name="查找").click()
    expect(page.get_by_label(re.compile("^县级经办人员"))).to_be_visible()


def test_the_city_records_figures_that_show_on_the_division_and_the_workforce(
    page: Page, signed_in_as: Callable[[str], None]
) -> None:
    signed_in_as("city-officer")
    page.goto(f"{BASE}divisions/{_STREET}/")
    page.get_by_role("link", name="登记人口与服务半径").click()
    page.get_by_label("常住人口（人）").fill("98765")
    page.get_by_label("截至日期").fill("2099-01-01")
    page.get_by_label("数据来源").fill("区统计局快报")
    page.get_by_role("button", name="保存").click()
    expect(page.locator("#id_as_of_error")).to_contain_text("不能晚于今天")
    expect(page.get_by_label("常住人口（人）")).to_have_value("98765")
    page.get_by_label("截至日期").fill("2026-06-30")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("98,765")).to_be_visible()
    page.goto(f"{BASE}workforce/?division=370902000000")
    expect(page.get_by_role("row", name=re.compile("岱庙街道"))).to_contain_text("98,765")


def test_a_roll_is_exported_changed_checked_and_taken_in(
    page: Page, signed_in_as: Callable[[str], None], tmp_path: Path
) -> None:
    signed_in_as("system-administrator")
    page.goto(f"{BASE}staff/?division={_STREET}")
    with page.expect_download() as leaving:
        page.get_by_role("link", name="导出名册").click()
    exported = tmp_path / "exported.xlsx"
    leaving.value.save_as(exported)
    rows = CalamineWorkbook.from_path(str(exported)).get_sheet_by_index(0).to_python()
    clerk = next([str(cell) for cell in row] for row in rows if row[0] == "street-clerk")

    page.get_by_role("link", name="导入名册").click()
    wrong = _roll(tmp_path / "wrong.xlsx", [*clerk[:5], "8399"], ["X0101", "", clerk[2], clerk[3], "", ""])
    page.get_by_label("Excel文件").set_input_files(wrong)
    page.get_by_role("button", name="检查").click()
    expect(page.get_by_text("没有导入任何内容")).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("^3"))).to_contain_text("姓名")
    expect(page.get_by_role("button", name="确认导入")).to_have_count(0)

    right = _roll(tmp_path / "right.xlsx", [*clerk[:5], "8399"], ["X0101", "孟庆丽", clerk[2], clerk[3], "", ""])
    page.get_by_label("Excel文件").set_input_files(right)
    page.get_by_role("button", name="检查").click()
    expect(page.get_by_text("检查通过，还没有导入")).to_be_visible()
    page.get_by_role("button", name="确认导入").click()
    expect(page.get_by_text("已导入：新增1行，更新1行，未变0行")).to_be_visible()
    page.get_by_label("查找工作人员").fill("X0101")
    page.get_by_role("button", name="查找").click()
    expect(page.get_by_role("link", name="孟庆丽")).to_be_visible()


def test_a_first_password_is_issued_and_the_person_logs_in_with_it(
    page: Page, signed_in_as: Callable[[str], None]
) -> None:
    signed_in_as("system-administrator")
    page.goto(f"{BASE}accounts/?q=supervisor")
    page.get_by_role("link", name="重置密码").click()
    page.get_by_role("button", name="生成新密码").click()
    password = page.get_by_text(re.compile(r"^[a-z0-9]{4}(-[a-z0-9]{4}){4}$")).inner_text()
    page.get_by_role("button", name="退出").click()
    page.goto("/account/login/")
    page.get_by_label("登录名").fill("supervisor")
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录", exact=True).last.click()
    expect(page.get_by_label("动态码")).to_be_visible()


def test_an_office_is_renamed_with_the_keyboard_alone(page: Page, signed_in_as: Callable[[str], None]) -> None:
    signed_in_as("system-administrator")
    page.goto(f"{BASE}divisions/370902001002/offices/")
    page.get_by_role("link", name="市场街社区社会救助工作站").focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="更名").focus()
    page.keyboard.press("Enter")
    _heading(page, "机构更名")
    page.get_by_label("新名称").focus()
    page.keyboard.type("市场街社区帮扶工作站")
    for _ in range(3):
        page.keyboard.press("Tab")
    # the browser's own date input has a stop for each of its parts
    page.get_by_label("依据").focus()
    page.keyboard.type("泰民〔2026〕9号")
    page.keyboard.press("Enter")
    expect(page.get_by_text("尚未办理")).to_be_visible()
    page.get_by_role("button", name="确认更名").focus()
    page.keyboard.press("Enter")
    _heading(page, "市场街社区帮扶工作站")
