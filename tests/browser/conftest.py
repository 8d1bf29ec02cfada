"""A real browser against a real server: the demonstration city, a live server, personas who log in as people do."""

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import pytest
from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.cache import cache
from django.db import connections
from django.test import Client
from django.test.testcases import LiveServerThread
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from pytest_django.plugin import DjangoDbBlocker
from tests import conftest as harness

from jiuzhu.demo.accounts import current_demo_code, demo_password
from jiuzhu.groundwork.accounts.models import Account
from jiuzhu.groundwork.database.cluster import Connections

Result = TypeVar("Result")
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
HOUSEHOLDS = 60
FLAGS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass(frozen=True)
class Site:
    """The running city; `environment` is for further processes that work on it."""

    address: str
    browser: Browser
    environment: Mapping[str, str]


def apart(work: Callable[[], Result]) -> Result:
    """Do what needs the database in a thread of its own: the browser's driver holds the event loop of this one."""

    def done() -> Result:
        try:
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(done).result()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run these tests after all others: as long as the city is up, the connections of the process point at it."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


@pytest.fixture(scope="session")
def site(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """Load a small city into a database of its own, serve it, start Chromium."""
    from jiuzhu.demo.loading import load_city

    var = tmp_path_factory.mktemp("var")
    with (
        django_db_blocker.unblock(),
        harness.database_of_its_own("browser") as database,
        _served(var) as address,
    ):
        load_city(households=HOUSEHOLDS)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=_chromium(), args=FLAGS)
            yield Site(address, browser, _environment(database))
            browser.close()


def _chromium() -> str | None:
    names = ("chromium", "chromium-browser", "google-chrome")
    return os.environ.get("CHROMIUM") or next((path for name in names if (path := shutil.which(name))), None)


def _environment(database: Connections) -> dict[str, str]:
    given = settings.ENVIRONMENT
    return {
        "DATABASE_URL": database.owner,
        "DATABASE_APP_URL": database.app,
        "JIUZHU_STAGE": given.stage.value,
        "JIUZHU_VAR": str(given.var),
        "JIUZHU_SECRET_KEY": given.secret_key,
        "JIUZHU_FIELD_KEYS": given.field_keys,
        "JIUZHU_CIPHER_SUITE": given.cipher_suite,
        "JIUZHU_PUBLIC_ADDRESS": given.public_address,
    }


class _Static(StaticFilesHandler):
    def get_base_url(self) -> str:
        return str(settings.STATIC_URL)


@contextmanager
def _served(var: Path) -> Iterator[str]:
    """Serve on a free port and tell the site, its own identity provider included, under which address."""
    thread = LiveServerThread("localhost", _Static)
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    if thread.error:
        raise thread.error
    address = f"http://localhost:{thread.port}"
    providers: Any = settings.SOCIALACCOUNT_PROVIDERS
    app = providers["openid_connect"]["APPS"][0]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "ENVIRONMENT", replace(settings.ENVIRONMENT, var=var, public_address=address))
        patch.setitem(app["settings"], "server_url", f"{address}/demo/identity")
        try:
            yield address
        finally:
            thread.terminate()


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
        # a code is good for one login; forget those of the tests before, so that nobody waits for the next one
        cache.clear()
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


@pytest.fixture
def signed_in_as(site: Site, context: BrowserContext) -> Callable[[str], None]:
    """Have the session of an account without the login: for tests of what comes after it."""
    return lambda login_name: sign_in(site, context, login_name)


def sign_in(site: Site, context: BrowserContext, login_name: str) -> None:
    """Give a browser profile a session of an account, a member of staff by the login name or a citizen's."""

    def session() -> str:
        client = Client()
        client.force_login(Account.objects.get(login_name=login_name), backend=BACKEND)
        return str(client.cookies[settings.SESSION_COOKIE_NAME].value)

    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": apart(session), "url": site.address}])
