"""A real browser against a real server: the demonstration city, a live server, personas who log in as people do."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.test.testcases import LiveServerThread
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from pytest_django.plugin import DjangoDbBlocker
from tests import conftest as harness

from jiuzhu.demo.accounts import current_demo_code, demo_password

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
HOUSEHOLDS = 60
PORT = 8765  # fixed, because the identity provider of the trial must know its own address beforehand


@dataclass(frozen=True)
class Site:
    """The running city."""

    address: str
    browser: Browser


@pytest.fixture(scope="session")
def site(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """Load a small city into a database of its own, serve it, start Chromium."""
    from jiuzhu.demo.loading import load_city

    with django_db_blocker.unblock(), harness.database_of_its_own("browser"):
        load_city(households=HOUSEHOLDS)
        thread = _serve()
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(
                    executable_path=os.environ.get("CHROMIUM")
                    or shutil.which("chromium")
                    or shutil.which("google-chrome"),
                    args=[
                        "--no-sandbox",
                        "--disable-quic",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                    ],
                )
                yield Site(f"http://localhost:{thread.port}", browser)
                browser.close()
        finally:
            thread.terminate()


class _Static(StaticFilesHandler):
    def get_base_url(self) -> str:
        return str(settings.STATIC_URL)


def _serve() -> LiveServerThread:
    thread = LiveServerThread("localhost", _Static, port=PORT)
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    if thread.error:
        raise thread.error
    return thread


@pytest.fixture
def context(site: Site) -> Iterator[BrowserContext]:
    """A fresh browser profile, in Chinese, at the usual width of a desk."""
    opened = site.browser.new_context(
        base_url=site.address, locale="zh-CN", viewport={"width": 1280, "height": 900}, bypass_csp=False
    )
    opened.set_default_timeout(10_000)
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A tab that fails the test on any script error or refused resource."""
    tab = context.new_page()
    faults: list[str] = []
    tab.on("pageerror", lambda fault: faults.append(f"script: {fault}"))
    tab.on(
        "console",
        lambda said: faults.append(said.text) if said.type == "error" and "status of 4" not in said.text else None,
    )
    yield tab
    tab.close()
    assert faults == []


@pytest.fixture
def log_in(page: Page) -> Callable[[str], None]:
    """Log in as a member of staff the way they do: name, password, code of the authenticator."""

    def enter(login_name: str) -> None:
        page.goto("/account/login/")
        page.get_by_label("登录名").fill(login_name)
        page.get_by_label("密码").fill(demo_password())
        page.get_by_role("button", name="登录", exact=True).last.click()
        code = current_demo_code(login_name)
        assert code is not None
        page.get_by_label("动态码").fill(code)
        page.get_by_role("button", name="登录", exact=True).last.click()
        page.wait_for_url("**/workbench/**")

    return enter
