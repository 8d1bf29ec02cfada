"""The registry as a township clerk and a county officer use it: find, register, record, import, merge."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Download, Page, expect
from python_calamine import CalamineWorkbook
from tests.browser.conftest import Site
from tests.browser.families import VILLAGE, register_family, register_without_document, unused_number
from tests.processes import running
from tests.rooms.registry.sheets import Line, line, workbook

pytestmark = pytest.mark.browser

BENCH = "/workbench/registry/"
_WORKER_MS = 60_000


@pytest.fixture
def clerk(page: Page, signed_in_as: Callable[[str], None]) -> Page:
    """The township clerk's tab."""
    signed_in_as("township-clerk")
    return page


@pytest.fixture
def county(page: Page, signed_in_as: Callable[[str], None]) -> Page:
    """The county officer's tab."""
    signed_in_as("county-officer")
    return page


def _search(page: Page, text: str) -> None:
    page.get_by_role("searchbox").fill(text)
    page.get_by_role("button", name="查找").click()


def test_a_clerk_finds_a_person_by_name_initials_and_number_and_sees_the_household(clerk: Page) -> None:
    home = register_family("阮沁")
    clerk.goto(BENCH)
    for text in ("阮沁", "rq", home.document_number):
        _search(clerk, text)
        expect(clerk.get_by_role("link", name="阮沁", exact=True).first).to_be_visible()
    clerk.locator(f"main a[href$='/households/{home.household_id}/']").click()
    expect(clerk.get_by_role("heading", level=1, name="阮沁家庭")).to_be_visible()
    tree = clerk.get_by_role("group", name="家庭关系图").locator("svg")
    for name in ("阮沁", "穆桂香", "阮小舟"):
        expect(tree.get_by_text(name, exact=True)).to_be_visible()
    assert home.document_number not in clerk.content(), "numbers are masked until somebody says why"
    clerk.get_by_role("link", name="变更历史").click()
    expect(clerk.get_by_text("登记", exact=False).first).to_be_visible()
    clerk.get_by_role("link", name="查阅记录").click()
    expect(clerk.get_by_role("row", name=re.compile("赵志刚")).first).to_be_visible()


def test_a_household_is_found_with_the_keyboard_alone(clerk: Page) -> None:
    home = register_family("阮明")
    clerk.goto("/workbench/")
    clerk.keyboard.press("Tab")
    clerk.keyboard.press("Enter")  # skips to the content
    for _ in range(9):
        clerk.keyboard.press("Tab")
        if clerk.evaluate("document.activeElement.type") == "search":
            break
    clerk.keyboard.type("阮明")
    clerk.keyboard.press("Enter")
    clerk.wait_for_url("**/workbench/registry/?q=*")
    wanted = f"/households/{home.household_id}/"
    for _ in range(60):
        clerk.keyboard.press("Tab")
        if str(clerk.evaluate("document.activeElement.href")).endswith(wanted):
            break
    clerk.keyboard.press("Enter")
    expect(clerk.get_by_role("heading", level=1, name="阮明家庭")).to_be_visible()


def test_mistakes_in_a_registration_are_led_to_and_nothing_is_lost(clerk: Page) -> None:
    number = unused_number()
    clerk.goto(f"{BENCH}households/new/")
    clerk.get_by_label("住址").fill("前省庄村12号")
    clerk.get_by_label("姓名").fill("阮大海")
    clerk.get_by_label("证件号码").fill(number[:-1] + ("1" if number[-1] != "1" else "2"))
    clerk.get_by_role("button", name="下一步：核对").click()
    summary = clerk.locator("[data-error-summary]")
    expect(summary).to_be_focused()
    for link in summary.get_by_role("link").all():
        link.click()
        assert clerk.evaluate("document.activeElement.getAttribute('aria-invalid')") == "true"
    expect(clerk.get_by_label("住址")).to_have_value("前省庄村12号")
    expect(clerk.get_by_label("姓名")).to_have_value("阮大海")
    clerk.get_by_label("所在村（居）").select_option(VILLAGE)
    clerk.get_by_label("证件号码").fill(number)
    clerk.get_by_role("button", name="增加一名成员").click()
    expect(clerk.get_by_label("姓名")).to_have_count(2)
    clerk.get_by_label("姓名").nth(1).fill("吕秋月")
    clerk.get_by_label("与户主关系").nth(1).select_option("12")
    clerk.get_by_label("证件号码").nth(1).fill(unused_number(woman=True))
    clerk.get_by_role("button", name="下一步：核对").click()
    expect(clerk.get_by_role("heading", level=1, name="核对后登记")).to_be_visible()
    expect(clerk.get_by_text("1961-04-05").first).to_be_visible()
    clerk.get_by_role("button", name="确认登记").click()
    expect(clerk.get_by_role("heading", level=1, name="阮大海家庭")).to_be_visible()
    expect(clerk.get_by_role("link", name="吕秋月").first).to_be_visible()


def test_a_fact_is_recorded_where_the_household_is_read(clerk: Page) -> None:
    home = register_family("阮立")
    clerk.goto(f"{BENCH}persons/{home.person_ids[0]}/")
    clerk.get_by_role("link", name="登记个人情况").click()
    clerk.locator("select").select_option("wage_income_fen_month")
    clerk.get_by_role("button", name="继续").click()
    clerk.get_by_role("textbox").first.fill("1234.56")
    clerk.get_by_label("来源", exact=True).select_option("declared")
    clerk.get_by_label("从哪天起是这样").fill("2026-01-01")
    clerk.locator("main form").get_by_role("button").first.click()
    expect(clerk.get_by_text(re.compile(r"1,234\.56")).first).to_be_visible()
    clerk.goto(f"{BENCH}households/{home.household_id}/")
    expect(clerk.get_by_text(re.compile(r"1,234\.56")).first).to_be_visible()


def _upload(page: Page, folder: Path, name: str, lines: list[Line]) -> None:
    file = folder / name
    file.write_bytes(workbook(lines))
    page.goto(f"{BENCH}rolls/")
    page.get_by_label("花名册文件（.xlsx）").set_input_files(file)
    page.get_by_role("button", name="上传并校验").click()
    page.wait_for_url(re.compile(r"/rolls/\d+/$"))


def _download(page: Page, link: str) -> Download:
    with page.expect_download() as found:
        page.get_by_role("link", name=link).click()
    return found.value


def test_a_roll_is_corrected_by_its_error_file_and_imported_while_one_watches(
    clerk: Page, site: Site, tmp_path: Path
) -> None:
    here = {"division": VILLAGE}
    good: list[Line] = [line("1", "户主", "曲长山", 821, **here), line("1", "妻", "丛翠英", 822, **here)]
    with running("jiuzhu.config.commandline", "worker", environment=site.environment):
        _upload(clerk, tmp_path, "有误.xlsx", [*good, line("2", "户主", "曲小满", 823, **here, phone="1")])
        # the page asks how far the check is and turns into the preview by itself
        expect(clerk.get_by_text("1户无误可以导入，1户有误不会导入")).to_be_visible(timeout=_WORKER_MS)
        expect(clerk.get_by_role("heading", name="校验发现的问题")).to_be_visible()
        saved = tmp_path / "errors.xlsx"
        _download(clerk, "下载错误清单").save_as(saved)
        rows = CalamineWorkbook.from_path(saved).get_sheet_by_index(0).to_python()
        assert len(rows) == 2, "the heading and the wrong row"
        _upload(clerk, tmp_path, "改正.xlsx", [*good, line("2", "户主", "曲小满", 823, **here, phone="13900008230")])
        clerk.get_by_role("button", name="确认导入").click(timeout=_WORKER_MS)
        expect(clerk.get_by_text("已导入2户、3人；0户没有导入")).to_be_visible(timeout=_WORKER_MS)
    clerk.goto(f"{BENCH}?q=曲小满")
    expect(clerk.get_by_role("link", name="曲小满", exact=True)).to_be_visible()


def test_two_records_of_one_person_are_merged_and_separated_again(county: Page) -> None:
    kept = register_family("阮春晖", phone="13700006611")
    again = register_without_document("阮春晖", "13700006611")
    county.goto(f"{BENCH}duplicates/")
    county.get_by_role("link", name="比对 阮春晖").first.click()
    expect(county.get_by_text("不同").first).to_be_visible()
    county.locator(f"input[type=radio][value='{kept.person_ids[0]}']").check()
    county.get_by_label("原因").fill("同一人重复登记")
    county.locator("main form").get_by_role("button").first.click()
    expect(county.get_by_role("link", name="撤销合并").first).to_be_visible()
    undo = county.get_by_role("link", name="撤销合并").first.get_attribute("href") or ""
    county.goto(f"{BENCH}persons/{again.person_ids[0]}/")
    expect(county.get_by_text(re.compile("本记录已合并"))).to_be_visible()
    county.goto(undo)
    county.get_by_label("原因").fill("核实后是两个人")
    county.locator("main form").get_by_role("button").first.click()
    county.goto(f"{BENCH}persons/{again.person_ids[0]}/")
    expect(county.get_by_text(re.compile("本记录已合并"))).to_have_count(0)
