"""The frame and the components in a browser: keyboard, folding menu, dialog, a form sent once, print."""

from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect
from tests.browser.conftest import Site

pytestmark = pytest.mark.browser


def _context(site: Site, *, width: int, **options: Any) -> BrowserContext:
    return site.browser.new_context(
        base_url=site.address, viewport={"width": width, "height": 900}, locale="zh-CN", **options
    )


def _choose(context: BrowserContext, site: Site, **choices: str) -> None:
    context.add_cookies([{"name": name, "value": value, "url": site.address} for name, value in choices.items()])


def test_the_first_tab_stop_skips_to_the_content_and_is_seen(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("Tab")
    box = page.locator(".skip").bounding_box()
    assert box is not None
    assert box["y"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_a_form_with_mistakes_leads_to_the_first_of_them(page: Page) -> None:
    page.goto("/kit/")
    expect(page.locator("[data-error-summary]")).to_be_focused()
    page.locator("[data-error-summary] a").first.click()
    assert page.evaluate("document.activeElement.name") == "bad-name"


def test_a_dialog_opens_and_closes_from_the_keyboard(page: Page) -> None:
    page.goto("/kit/")
    opener = page.locator("[data-opens=sample-dialog]")
    opener.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#sample-dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#sample-dialog")).not_to_be_visible()
    expect(opener).to_be_focused()


def test_the_workbench_menu_and_the_switches_fold_on_a_phone_and_stay_without_script(site: Site) -> None:
    context = _context(site, width=390)
    page = context.new_page()
    page.goto("/kit/workbench/")
    folded = [page.locator("#workbench-navigation"), page.get_by_role("button", name="EN English")]
    for part in folded:
        expect(part).not_to_be_visible()
    page.locator("[data-menu]").click()
    for part in folded:
        expect(part).to_be_visible()
    expect(page.locator("[data-menu]")).to_have_attribute("aria-expanded", "true")
    context.close()
    plain = _context(site, width=390, java_script_enabled=False)
    page = plain.new_page()
    page.goto("/kit/workbench/")
    expect(page.locator("#workbench-navigation")).to_be_visible()
    expect(page.get_by_role("button", name="EN English")).to_be_visible()
    expect(page.locator("[data-menu]")).not_to_be_visible()
    plain.close()


def test_a_form_is_sent_only_once(page: Page) -> None:
    page.goto("/kit/")
    sent: list[str] = []

    def hold(route: Route) -> None:
        sent.append(route.request.method)
        route.fulfill(status=204)

    page.route("**/kit/", hold)
    with page.expect_request("**/kit/"):
        page.evaluate(
            "() => { const button = document.querySelector('form[data-once] .actions button');"
            " button.click(); button.click(); }"
        )
    # a second request would have left before the answer to this one
    page.evaluate("fetch('/kit/')")
    assert sent == ["POST", "GET"]


def test_print_is_black_on_white_and_leaves_the_tools_out(site: Site) -> None:
    context = _context(site, width=794)
    _choose(context, site, density="elder", theme="dark")
    page = context.new_page()
    page.goto("/kit/")
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.documentElement).color") == "rgb(0, 0, 0)"
    for left_out in (".tools", ".site-nav", ".button"):
        expect(page.locator(left_out).first).not_to_be_visible()
    context.close()
