"""Signing in as people do it: password and code, passkey, real-name login; and what is said when it fails."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from jiuzhu.demo.accounts import current_demo_code, demo_password

pytestmark = pytest.mark.browser


def _enter_password(page: Page, login_name: str, password: str) -> None:
    page.goto("/account/login/")
    page.get_by_label("登录名").fill(login_name)
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录", exact=True).last.click()


def test_staff_log_in_with_password_and_code_and_log_out(page: Page, log_in: Callable[[str], None]) -> None:
    log_in("county-officer")
    expect(page.get_by_role("heading", level=1, name="我的一天")).to_be_visible()
    page.get_by_role("button", name="退出").click()
    expect(page).to_have_url(re.compile(r"/$"))
    page.goto("/workbench/")
    expect(page.get_by_role("heading", level=1, name="登录")).to_be_visible()


def test_a_wrong_password_is_told_without_saying_which_half_was_wrong(page: Page) -> None:
    _enter_password(page, "township-clerk", "not-the-password")
    known = page.locator("[data-error-summary]").inner_text()
    _enter_password(page, "nobody-of-this-name", "not-the-password")
    assert page.locator("[data-error-summary]").inner_text() == known
    assert known.strip()
    _enter_password(page, "township-clerk", demo_password())
    expect(page.get_by_role("heading", level=1, name="第二重验证")).to_be_visible()


def test_a_wrong_code_leads_nowhere(page: Page) -> None:
    _enter_password(page, "township-clerk", demo_password())
    right = current_demo_code("township-clerk") or ""
    page.get_by_label("动态码").fill("000000" if right != "000000" else "111111")
    page.get_by_role("button", name="登录", exact=True).last.click()
    expect(page.locator("[data-error-summary]")).to_be_visible()
    page.goto("/workbench/")
    expect(page.get_by_role("heading", level=1, name="第二重验证")).to_be_visible()


def test_a_passkey_is_added_and_opens_the_workbench_alone(
    page: Page, context: BrowserContext, log_in: Callable[[str], None]
) -> None:
    devices = context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    log_in("township-reviewer")
    page.goto("/account/factors/passkeys/new/")
    # who changes how to log in proves once more who they are
    page.get_by_label("密码").fill(demo_password())
    page.get_by_role("button", name="确认").click()
    page.get_by_label("名称").fill("窗口电脑")
    page.get_by_label("可以单独登录").check()
    page.get_by_role("button", name="添加").click()
    page.wait_for_url(lambda address: not address.endswith("/new/"))
    page.goto("/account/factors/passkeys/")
    expect(page.get_by_role("row", name=re.compile("窗口电脑"))).to_be_visible()
    page.get_by_role("button", name="退出").click()
    page.goto("/account/login/?next=/workbench/registry/")
    page.get_by_role("button", name="使用通行密钥登录").click()
    page.wait_for_url("**/workbench/registry/")
    expect(page.get_by_role("heading", level=1, name="困难群众")).to_be_visible()


def test_a_citizen_comes_by_real_name_to_the_own_family(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="登录").first.click()
    page.get_by_role("button", name="统一身份认证登录").click()
    page.get_by_role("button", name=re.compile("王秀兰")).click()
    page.get_by_role("link", name="我的家庭").first.click()
    expect(page.get_by_role("heading", level=1, name="我的家庭")).to_be_visible()
    expect(page.get_by_role("heading", name="王秀兰的情况")).to_be_visible()
    # a citizen has nothing to do in the workbench
    assert page.goto("/workbench/").status == 403  # type: ignore[union-attr]
