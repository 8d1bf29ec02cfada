"""Every page of organization, accounts and audit as axe sees it: desk and phone, light and dark; 320 px are enough."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
import xlsxwriter
from playwright.sync_api import Page, ViewportSize
from tests.browser.conftest import Site, apart, sign_in

from jiuzhu.core.actors import system_actor
from jiuzhu.groundwork.audit.models import AuditBlock
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.rooms.organization.models import Appointment, NearRelativeFiling, Post, PurchasedService

pytestmark = pytest.mark.browser

_AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
_RUN = """async (rules) => {
  const only = rules ? {runOnly: {type: "rule", values: rules}} : {};
  const found = await axe.run(document, {resultTypes: ["violations"], ...only});
  return found.violations.map((one) => `${one.id}: ${one.nodes.slice(0, 3).map((node) => node.target).join(" ")}`);
}"""
_BASE = "/workbench/organization/"
_STREET, _COUNTY, _CITY = "370902001000", "370902000000", "370900000000"
_DESK, _PHONE, _NARROW = (ViewportSize(width=width, height=900) for width in (1280, 390, 320))

_SYSTEM = [
    "divisions/",
    f"divisions/{_STREET}/",
    "divisions/search/?q=东",
    "divisions/search/?q=无此地",
    f"divisions/{_STREET}/new/",
    f"divisions/{_STREET}/rename/",
    f"divisions/{_STREET}/close/",
    f"divisions/{_STREET}/merge/",
    f"divisions/{_COUNTY}/offices/",
    f"divisions/{_STREET}/offices/?q=无此机构",
    f"divisions/{_STREET}/offices/new/",
    "offices/{office}/",
    "offices/{office}/rename/",
    "offices/{office}/contact/",
    "offices/{office}/close/",
    "offices/{office}/posts/new/",
    "offices/{office}/posts/{post}/close/",
    "staff/",
    "staff/?q=无此人",
    "staff/new/",
    "staff/{staff}/",
    "staff/{staff}/change/",
    "import/staff/",
    "import/offices/",
    "accounts/",
    "accounts/?q=无此人",
    "accounts/staff/{staff}/password/",
    "accounts/staff/{staff}/unlock/",
]
_SECURITY = [
    "staff/{staff}/appoint/",
    "staff/{staff}/appointments/{appointment}/end/",
    "staff/{staff}/appointments/{appointment}/revoke/",
    "import/appointments/",
    "accounts/staff/{staff}/second-factor/",
    "accounts/staff/{staff}/close/",
]
_COUNTY_PAGES = [
    "roles/",
    "duties/",
    "groups/",
    f"groups/{_COUNTY}/form/",
    "relatives/",
    "relatives/?state=withdrawn",
    "relatives/new/",
    "relatives/{filing}/withdraw/",
    "staff/{staff}/relatives/new/",
    "services/",
    "services/?state=cancelled",
    "services/new/",
    "services/{service}/contract/",
    "services/{service}/cancel/",
    "workforce/",
    f"divisions/{_STREET}/figures/",
]
_CITY_PAGES = [
    f"divisions/{_CITY}/zone/",
    f"divisions/{_COUNTY}/administration/",
    "services/{service}/evaluate/",
    f"workforce/?division={_STREET}",
]
_AUDIT = ["/workbench/audit/", "/workbench/audit/?until=2001-01-01", "/workbench/audit/{block}/"]


@pytest.fixture(scope="module")
def ids(site: Site) -> dict[str, int]:
    """Things of the demonstration city that addresses name."""

    def read() -> dict[str, int]:
        with acting(system_actor("test")):
            own = Appointment.objects.filter(staff__staff_number="street-clerk")
            held = own.select_related("post").earliest("id")
            return {
                "office": held.post.office_id,
                "post": Post.objects.filter(office=held.post.office_id).latest("id").pk,
                "staff": held.staff_id,
                "appointment": held.pk,
                "filing": NearRelativeFiling.objects.filter(division_code__startswith="370902").latest("id").pk,
                "service": PurchasedService.objects.filter(state="listed").latest("id").pk,
                "block": AuditBlock.objects.filter(table_name="organization_leading_group").latest("id").pk,
            }

    return apart(read)


def _faults(page: Page, rules: Sequence[str] | None = None) -> list[str]:
    found: list[str] = page.evaluate(_RUN, rules)
    return found


def _look(page: Page, name: str) -> list[str]:
    """What is wrong with the page as it stands: desk and phone, light and dark, and whether it is too wide."""
    page.evaluate(_AXE.read_text(encoding="utf-8"))
    found: list[tuple[str, list[str]]] = []
    for size, label in ((_DESK, "1280"), (_PHONE, "390")):
        page.set_viewport_size(size)
        page.emulate_media(color_scheme="light", reduced_motion="reduce")
        found.append((label, _faults(page)))
        page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        found.append((f"{label} dark", _faults(page, ["color-contrast"])))
    page.set_viewport_size(_NARROW)
    beyond = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    found.append(("320", [f"{beyond} px beyond the edge"] if beyond > 0 else []))
    return [f"{name} ({label}): {fault}" for label, faults in found for fault in faults]


@pytest.mark.parametrize(
    ("login_name", "routes"),
    [
        ("system-administrator", _SYSTEM[: len(_SYSTEM) // 2]),
        ("system-administrator", _SYSTEM[len(_SYSTEM) // 2 :]),
        ("security-administrator", _SECURITY),
        ("county-officer", _COUNTY_PAGES),
        ("city-officer", _CITY_PAGES),
        ("audit-administrator", _AUDIT),
    ],
    ids=["system", "system_people", "security", "county", "city", "audit"],
)
def test_every_page_has_no_violation_and_fits(
    page: Page, signed_in_as: Callable[[str], None], ids: dict[str, int], login_name: str, routes: Sequence[str]
) -> None:
    signed_in_as(login_name)
    found: list[str] = []
    for route in routes:
        address = route.format(**ids)
        answer = page.goto(address if address.startswith("/") else _BASE + address)
        assert answer is not None
        assert answer.ok, address
        found += _look(page, address)
    assert found == []


def test_what_comes_back_has_no_violation_either(
    page: Page, signed_in_as: Callable[[str], None], ids: dict[str, int], tmp_path: Path
) -> None:
    """Errors, confirmations, the preview of an import and its problems, a password, a refusal."""
    signed_in_as("system-administrator")
    found: list[str] = []
    page.goto(f"{_BASE}divisions/{_STREET}/offices/new/")
    page.get_by_role("button", name="下一步：核对").click()
    found += _look(page, "errors")
    page.goto(f"{_BASE}divisions/{_STREET}/merge/")
    page.get_by_role("checkbox").first.check()
    page.get_by_label("依据").fill("泰政字〔2026〕8号")
    page.get_by_role("button", name="下一步：核对").click()
    found += _look(page, "confirmation")
    for name, person in (("problems", ""), ("preview", "孟庆华")):
        sheet = tmp_path / f"{name}.xlsx"
        with xlsxwriter.Workbook(str(sheet)) as book:
            lines = book.add_worksheet()
            lines.write_row(0, 0, ["工号", "姓名", "单位代码", "用工形式", "职级", "办公电话"])
            lines.write_row(1, 0, ["X0301", person, "370902001-one_window_desk", "事业编制", "", ""])
        page.goto(f"{_BASE}import/staff/")
        page.get_by_label("Excel文件").set_input_files(sheet)
        page.get_by_role("button", name="检查").click()
        found += _look(page, name)
    page.goto(f"{_BASE}accounts/staff/{ids['staff']}/password/")
    page.get_by_role("button", name="生成新密码").click()
    found += _look(page, "password")
    page.goto(f"{_BASE}staff/{ids['staff']}/appoint/")
    found += _look(page, "refusal")
    signed_in_as("audit-administrator")
    page.goto("/workbench/audit/?since=2026-02-01&until=2026-01-01")
    found += _look(page, "filter in error")
    assert found == []


def test_english_is_read_as_english_and_fits(site: Site, ids: dict[str, int]) -> None:
    with site.browser.new_context(base_url=site.address, locale="en-GB") as context:
        sign_in(site, context, "county-officer")
        page = context.new_page()
        found: list[str] = []
        for route in ("workforce/", "services/", "offices/{office}/", f"groups/{_COUNTY}/form/"):
            page.goto(_BASE + route.format(**ids))
            assert page.locator("html").get_attribute("lang") == "en"
            found += _look(page, route)
    assert found == []
