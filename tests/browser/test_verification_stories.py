"""Verification as a county does it: a bank that is down leaves an unknown, a sold car is disputed and struck off."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.utils import timezone
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect
from tests.browser.conftest import Site, apart, sign_in
from tests.browser.families import Family, citizen_of, guard, register_family
from tests.rooms.verification.conftest import Sources, found, none_found, scripted, unavailable

from jiuzhu.journeys import verify
from jiuzhu.rooms.verification.ports import Cause

pytestmark = pytest.mark.browser

BASE = "/workbench/verification"
_WANTED = ("banks.accounts", "public_security.vehicles")


@pytest.fixture
def sources() -> Iterator[Sources]:
    """Departments that say what the story tells them; the pages run in this process and know them."""
    with scripted() as made:
        yield made


def _ask(sources: Sources) -> None:
    """What the worker does every minute."""
    apart(lambda: [verify.ask_source(name, clock=timezone.now) for name in sources.http])


def _draw(page: Page) -> None:
    """Write on the screen with the mouse."""
    canvas = page.locator("canvas[data-signature]")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 30, box["y"] + 40)
    page.mouse.down()
    for step in range(1, 12):
        page.mouse.move(box["x"] + 30 + 15 * step, box["y"] + 40 + (30 if step % 2 else 0))
    page.mouse.up()


def _mandate(page: Page, family: Family) -> None:
    """Draw up a mandate and have everybody sign."""
    page.goto(f"/workbench/registry/households/{family.household_id}/")
    page.get_by_role("link", name="经济状况核对").last.click()
    expect(page.get_by_text("没有授权书")).to_be_visible()
    page.get_by_role("link", name="制作授权书").click()
    page.get_by_role("button", name="制作授权书").click()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    page.locator("input[name=programmes][value=dibao]").check()
    page.get_by_label("用途").fill("申请最低生活保障")
    for item in page.locator("input[name=items]").all():
        if item.get_attribute("value") not in _WANTED and item.is_checked():
            item.uncheck()
    page.get_by_role("button", name="制作授权书").click()
    expect(page.get_by_text("请逐人签署")).to_be_visible()
    for is_child in (False, False, True):
        link = page.locator("tbody a", has_text="签署").first
        link.click()
        if is_child:
            expect(page.get_by_label("监护人代为签署")).to_be_checked()
        _draw(page)
        page.get_by_role("button", name="确认签署").click()
        expect(page.get_by_text("已登记签署")).to_be_visible()


def _order(page: Page) -> str:
    """Order the verification under the mandate that is open; returns the address of the order."""
    page.get_by_role("link", name="委托核对").click()
    page.get_by_role("button", name="提交委托").click()
    expect(page.get_by_text("由县级核对机构启动")).to_be_visible()
    return page.url


def test_one_bank_is_down_the_report_shows_unknown_and_the_second_version_knows(
    page: Page, site: Site, signed_in_as: Callable[[str], None], sources: Sources
) -> None:
    family = register_family("穆铁生")
    guard(family)
    sources.say("banks", "accounts", "穆铁生", unavailable(Cause.DOWN))
    signed_in_as("township-clerk")
    _mandate(page, family)
    address = _order(page)
    signed_in_as("county-verification")
    page.goto(address)
    page.get_by_role("link", name="启动核对").click()
    page.get_by_role("button", name="确认启动").click()
    _ask(sources)
    page.reload()
    expect(page.get_by_text("无法连接来源单位").first).to_be_visible()
    page.get_by_role("link", name="出具核对报告").click()
    page.get_by_role("button", name="确认出具").click()
    page.get_by_role("link", name="第1版").click()
    expect(page.get_by_text("穆桂香")).to_have_count(0)
    page.get_by_label("查看事由").fill("审核低保申请")
    page.get_by_role("button", name="查看").click()
    expect(page.get_by_text("无法连接来源单位").first).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="下载 PDF").click()
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF-")
    sources.say(
        "banks", "accounts", "穆铁生", found({"bank": "农业银行", "account": "*1234", "balance_fen": 12_345_00})
    )
    page.goto(address)
    page.get_by_role("link", name="再次查询").first.click()
    page.get_by_role("button", name="确认查询").click()
    _ask(sources)
    page.goto(address)
    page.get_by_role("link", name="出具更正报告").click()
    page.get_by_role("button", name="确认出具").click()
    page.get_by_role("link", name="第2版").click()
    page.get_by_label("查看事由").fill("审核低保申请")
    page.get_by_role("button", name="查看").click()
    expect(page.get_by_text("12,345.00元").first).to_be_visible()
    page.goto(f"{BASE}/sources/")
    expect(page.get_by_role("heading", level=1, name="数据来源")).to_be_visible()


def test_a_citizen_disputes_a_sold_car_on_the_phone_and_wins(
    site: Site,
    context: BrowserContext,
    page: Page,
    signed_in_as: Callable[[str], None],
    sources: Sources,
    tmp_path: Path,
) -> None:
    family = register_family("穆青山")
    guard(family)
    citizen = citizen_of(family, "穆青山")
    car = found({"plate": "鲁J54321", "kind": "car", "state": "normal"})
    sources.say("public_security", "vehicles", "穆青山", car)
    sources.say("public_security", "vehicles", "穆青山", none_found(), again=True)
    signed_in_as("township-clerk")
    _mandate(page, family)
    address = _order(page)
    signed_in_as("county-verification")
    page.goto(address)
    page.get_by_role("link", name="启动核对").click()
    page.get_by_role("button", name="确认启动").click()
    _ask(sources)
    page.goto(address)
    page.get_by_role("link", name="出具核对报告").click()
    page.get_by_role("button", name="确认出具").click()
    contract = tmp_path / "合同.png"
    Image.new("RGB", (60, 40), "white").save(contract)
    phone = site.browser.new_context(
        base_url=site.address, locale="zh-CN", viewport={"width": 390, "height": 844}, has_touch=True
    )
    try:
        sign_in(site, phone, citizen)
        hers = phone.new_page()
        hers.goto("/family/")
        hers.get_by_role("link", name="家庭经济状况核对").click()
        hers.get_by_role("link", name="查看核对结果").click()
        expect(hers.get_by_text("鲁J54321")).to_be_visible()
        hers.get_by_role("link", name="提出异议").filter(has_text="机动车").click()
        hers.get_by_label("哪里不对").fill("2024年已经卖给邻村，没有过户")
        hers.get_by_label("证明材料").set_input_files(contract)
        hers.get_by_role("button", name="提交异议").click()
        expect(hers.get_by_text("正在请来源单位复核")).to_be_visible()
        _ask(sources)
        page.goto(f"{BASE}/disputes/")
        page.get_by_role("link", name="穆青山").click()
        expect(page.get_by_text("2024年已经卖给邻村")).to_be_visible()
        page.get_by_role("link", name="更正", exact=True).click()
        page.get_by_label("办理说明").fill("公安部门复核：车辆已转让")
        page.get_by_role("button", name="确认更正").click()
        page.goto(address)
        page.get_by_role("link", name="出具更正报告").click()
        page.get_by_role("button", name="确认出具").click()
        hers.goto("/family/verification/")
        expect(hers.get_by_text("公安部门复核：车辆已转让")).to_be_visible()
        hers.get_by_role("link", name="第2版").click()
        expect(hers.get_by_text("鲁J54321")).to_have_count(0)
        hers.goto("/family/verification/")
        hers.get_by_role("link", name="穆青山").click()
        expect(hers.get_by_role("heading", name="向谁查过什么")).to_be_visible()
        width = hers.evaluate("document.documentElement.scrollWidth")
        assert width <= 390
    finally:
        phone.close()
