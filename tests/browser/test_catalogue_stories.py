"""The catalogue as a city keeps it: a version and a standard, each prepared by one person and published by another."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from tests.browser.conftest import Site
from tests.processes import running

from jiuzhu.engine.authoring.skeletons import lay_out
from jiuzhu.rooms.catalogue.rules.archives import archive_of

pytestmark = pytest.mark.browser

VERSIONS = "/workbench/catalogue/versions/"
STANDARDS = "/workbench/catalogue/standards/"
_WORKER_MS = 60_000


def _packs(folder: Path) -> Path:
    """A zip of one complete programme."""
    layer = folder / "policies" / "370900-ours"
    lay_out("butie", layer)
    (layer / "entities.yaml").write_text("household: {label: 家庭, label_en: household}\n", encoding="utf-8")
    made = folder / "packs.zip"
    made.write_bytes(archive_of([folder / "policies"]))
    return made


def test_a_version_is_drafted_checked_while_one_watches_and_published_by_a_second_person(
    page: Page, site: Site, signed_in_as: Callable[[str], None], tmp_path: Path
) -> None:
    signed_in_as("city-officer")
    page.goto(VERSIONS)
    page.get_by_role("link", name="上传新版本").click()
    page.get_by_role("button", name="上传为草案").click()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    page.get_by_label("政策包名称").fill("示范补贴政策包")
    page.get_by_label("政策包压缩文件").set_input_files(_packs(tmp_path))
    page.get_by_role("button", name="上传为草案").click()
    expect(page.get_by_role("heading", level=1, name="示范补贴政策包")).to_be_visible()
    address = page.url
    with running("jiuzhu.config.commandline", "worker", environment=site.environment):
        page.get_by_role("link", name="运行校验").click()
        page.get_by_role("button", name="开始校验").click()
        # the page asks how far the check is and turns into the result by itself
        expect(page.get_by_text("您是起草人")).to_be_visible(timeout=_WORKER_MS)
    expect(page.get_by_role("link", name="发布", exact=True)).to_have_count(0)
    signed_in_as("city-leader")
    page.goto(address)
    page.get_by_role("link", name="发布", exact=True).click()
    page.get_by_label("文号").fill("泰民〔2026〕88号")
    # a day that the other stories do not reach
    page.get_by_label("施行日期").fill(str(timezone.localdate() + timedelta(days=300)))
    page.get_by_role("button", name="发布", exact=True).click()
    expect(page.get_by_text("泰民〔2026〕88号").first).to_be_visible()
    expect(page.get_by_text("已发布", exact=True).first).to_be_visible()


def test_a_standard_is_proposed_approved_and_published_and_everyone_can_read_it(
    page: Page, signed_in_as: Callable[[str], None]
) -> None:
    signed_in_as("city-officer")
    page.goto(STANDARDS)
    page.get_by_role("link", name="拟定标准").click()
    page.get_by_role("searchbox", name="查找标准").fill("dibao_standard_urban")
    page.get_by_role("button", name="筛选").click()
    page.locator("select[name=parameter]").select_option("dibao_standard_urban_yuan_month")
    page.locator("select[name=division]").select_option("370983000000")
    page.locator("input[name=value]").fill("1357.90")
    page.get_by_label("执行日期").fill(str(timezone.localdate()))
    page.get_by_label("测算依据").fill("按上年城镇居民人均消费支出测算")
    page.get_by_role("button", name="拟定", exact=True).click()
    page.get_by_role("link", name="征求意见").click()
    page.get_by_label("征求意见对象").fill("市财政局、市统计局")
    page.get_by_label("征求意见结果").fill("没有不同意见")
    page.get_by_role("button", name="征求意见").click()
    expect(page.get_by_text("您是拟定人")).to_be_visible()
    address = page.url
    signed_in_as("city-leader")
    page.goto(address)
    page.get_by_role("link", name="批准", exact=True).click()
    page.get_by_role("button", name="批准", exact=True).click()
    page.get_by_role("link", name="公布", exact=True).click()
    page.get_by_label("文件名称").fill("关于公布城市低保标准的通知")
    page.get_by_label("文号").fill("泰民〔2026〕89号")
    page.get_by_role("button", name="公布", exact=True).click()
    expect(page.get_by_text("已公布", exact=True).first).to_be_visible()
    page.context.clear_cookies()
    page.goto("/public/programmes/standards/?division=370983000000")
    row = page.get_by_role("row").filter(has_text="1,357.90")
    expect(row.first).to_be_visible()
    expect(row.first).to_contain_text("泰民〔2026〕89号")
