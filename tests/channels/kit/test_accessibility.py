"""The frame, the homes and the gallery in a real browser: axe, sizes of targets, no sideways scroll, keyboard, print.

Visitors' pages never touch the database; the server thread would fail here if they did.
"""

import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.core.wsgi import get_wsgi_application
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[3]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ADDRESSES = ["/", "/public/", "/kit/", "/kit/workbench/", "/no/such/page/"]
SMALLEST_TARGET_PX = {"staff": 36, "citizen": 44, "elder": 60}
FLAGS = ["--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-sync"]

# heights of what can be pressed; a choice counts with its label, which is pressed as well
TARGETS = """() => [...document.querySelectorAll(
  "button, .button, input:not([type=hidden]), select, textarea, summary, .tabs a, .bench-nav a, .site-nav a, .call"
)].map((element) => element.closest(".choice") ?? element)
  .filter((element) => element.getBoundingClientRect().width > 0)
  .map((element) => [element.outerHTML.slice(0, 90), element.getBoundingClientRect().height])"""

pytestmark = pytest.mark.browser


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the library's name)
        """Say nothing."""


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    server = make_server("127.0.0.1", 0, get_wsgi_application(), server_class=_Server, handler_class=_Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    names = ("chromium", "chromium-browser", "google-chrome")
    program = os.environ.get("CHROMIUM") or next((path for name in names if (path := shutil.which(name))), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


def _context(
    browser: Browser, address: str, *, width: int, density: str, theme: str = "light", **options: Any
) -> BrowserContext:
    context = browser.new_context(viewport={"width": width, "height": 900}, locale="zh-CN", **options)
    context.add_cookies(
        [
            {"name": "density", "value": density, "url": address},
            {"name": "theme", "value": theme, "url": address},
        ]
    )
    return context


def _open(context: BrowserContext, address: str) -> tuple[Page, list[str]]:
    page = context.new_page()
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.goto(address)
    return page, said


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("density", ["staff", "citizen", "elder"])
def test_axe_finds_nothing_and_targets_are_large_enough(
    browser: Browser, address: str, density: str, width: int, theme: str
) -> None:
    context = _context(browser, address, width=width, density=density, theme=theme, bypass_csp=True)
    for path in ADDRESSES:
        page, _said = _open(context, address + path)
        page.evaluate(AXE.read_text(encoding="utf-8"))
        found = page.evaluate(
            "async (rules) => (await axe.run(document, {runOnly: rules})).violations"
            ".map((found) => [found.id, found.nodes.map((node) => node.html.slice(0, 120))])",
            RULES,
        )
        assert found == [], path
        shown = page.evaluate("document.documentElement.dataset.density")
        small = [target for target in page.evaluate(TARGETS) if target[1] < SMALLEST_TARGET_PX[shown] - 0.5]
        assert small == [], path
        page.close()
    context.close()


@pytest.mark.parametrize("density", ["staff", "citizen", "elder"])
def test_nothing_scrolls_sideways_at_320_pixels(browser: Browser, address: str, density: str) -> None:
    context = _context(browser, address, width=320, density=density)
    for path in ADDRESSES:
        page, _said = _open(context, address + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
        page.close()
    context.close()


def test_no_page_breaks_its_own_policy_or_script(browser: Browser, address: str) -> None:
    context = _context(browser, address, width=1280, density="citizen")
    for path in ADDRESSES[:-1]:
        page, said = _open(context, address + path)
        assert said == [], path
        page.close()
    context.close()


def test_the_first_tab_stop_skips_to_the_content_and_is_seen(browser: Browser, address: str) -> None:
    context = _context(browser, address, width=390, density="citizen")
    page, _said = _open(context, address)
    page.keyboard.press("Tab")
    box = page.locator(".skip").bounding_box()
    assert box is not None
    assert box["y"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    context.close()


def test_a_form_with_mistakes_leads_to_the_first_of_them(browser: Browser, address: str) -> None:
    context = _context(browser, address, width=390, density="citizen")
    page, _said = _open(context, f"{address}/kit/")
    assert page.evaluate("document.activeElement.hasAttribute('data-error-summary')")
    page.locator("[data-error-summary] a").first.click()
    assert page.evaluate("document.activeElement.name") == "bad-name"
    context.close()


def test_a_dialog_opens_and_closes_from_the_keyboard(browser: Browser, address: str) -> None:
    context = _context(browser, address, width=1280, density="citizen")
    page, _said = _open(context, f"{address}/kit/")
    opener = page.locator("[data-opens=sample-dialog]")
    opener.focus()
    page.keyboard.press("Enter")
    assert page.locator("#sample-dialog").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator("#sample-dialog").is_visible()
    assert opener.evaluate("(element) => element === document.activeElement")
    context.close()


def test_the_workbench_menu_folds_on_a_phone_and_stays_without_script(browser: Browser, address: str) -> None:
    context = _context(browser, address, width=390, density="staff")
    page, _said = _open(context, f"{address}/kit/workbench/")
    menu, button = page.locator("#workbench-navigation"), page.locator("[data-menu]")
    assert not menu.is_visible()
    button.click()
    assert menu.is_visible()
    assert button.get_attribute("aria-expanded") == "true"
    context.close()
    plain = _context(browser, address, width=390, density="staff", java_script_enabled=False)
    page, _said = _open(plain, f"{address}/kit/workbench/")
    assert page.locator("#workbench-navigation").is_visible()
    assert not page.locator("[data-menu]").is_visible()
    plain.close()


def test_a_form_is_sent_only_once(browser: Browser, address: str) -> None:
    context = _context(browser, address, width=1280, density="citizen")
    page, _said = _open(context, f"{address}/kit/")
    sent: list[str] = []

    def hold(route: Any) -> None:
        sent.append(route.request.method)

    page.route("**/kit/", hold)
    page.evaluate(
        "() => { const button = document.querySelector('form[data-once] .actions button');"
        " button.click(); button.click(); }"
    )
    page.wait_for_timeout(90)
    assert sent == ["POST"]
    context.close()


def test_print_is_black_on_white_and_leaves_the_tools_out(browser: Browser, address: str) -> None:
    context = _context(browser, address, width=794, density="elder", theme="dark")
    page, _said = _open(context, f"{address}/kit/")
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.documentElement).color") == "rgb(0, 0, 0)"
    for left_out in (".tools", ".site-nav", ".button"):
        assert not page.locator(left_out).first.is_visible()
    context.close()
