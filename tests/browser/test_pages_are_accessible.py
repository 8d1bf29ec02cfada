"""Every page in its densities, light and dark, wide and on a phone: axe, sizes of targets, width, errors, weight.

The gallery, which shows every component, is examined in each theme at each width; every other page light at a desk and
dark on a phone: colours do not depend on the width.
"""

import gzip
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Response, ViewportSize
from tests.browser.conftest import Site, sign_in
from tests.browser.families import FullFamily, register_full_family

pytestmark = pytest.mark.browser

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SMALLEST_TARGET_PX = {"staff": 36, "citizen": 44, "elder": 60}
FIRST_PAGE_BYTES = 60 * 1024
REGISTRY = "/workbench/registry/"
GALLERY = ("/kit/", "/kit/workbench/")
DESK: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}

# heights of what can be pressed; a choice counts with its label, which is pressed as well
TARGETS = """() => [...document.querySelectorAll(
  "button, .button, input:not([type=hidden]), select, textarea, summary, .tabs a, .bench-nav a, .site-nav a, .call"
)].map((element) => element.closest(".choice") ?? element)
  .filter((element) => element.checkVisibility() && !element.closest(".visually-hidden, .skip"))
  .filter((element) => element.getBoundingClientRect().width > 1)
  .map((element) => [element.outerHTML.slice(0, 90), element.getBoundingClientRect().height])"""
VIOLATIONS = """async (options) => (await axe.run(document, options)).violations
  .map((found) => found.id + ": " + found.nodes.map((node) => node.html.slice(0, 120)).join(" | "))"""

VISITORS = (
    "/",
    "/public/",
    "/public/places/",
    "/public/places/?q=省庄",
    "/public/places/?q=没有这个地方",
    "/public/places/?division=370902100000",
    "/public/duties/",
    "/account/login/",
    "/account/new/",
    "/account/inactive/",
    "/account/real-name/cancelled/",
    "/account/real-name/error/",
    "/demo/accounts/",
    "/kit/",
    "/kit/workbench/",
    "/no/such/page/",
)
STAFF = (
    "/workbench/",
    "/kit/workbench/",
    f"{REGISTRY}",
    f"{REGISTRY}?q=阮",
    f"{REGISTRY}?q=穆桂香",
    f"{REGISTRY}?q=没有这个人",
    f"{REGISTRY}?everyone=1",
    f"{REGISTRY}households/",
    f"{REGISTRY}households/new/",
    f"{REGISTRY}counts/",
    f"{REGISTRY}rolls/",
    f"{REGISTRY}duplicates/",
)
ACCOUNT = (
    "/account/factors/",
    "/account/factors/passkeys/",
    "/account/sessions/",
    "/account/logout/",
    "/workbench/audit/",  # not this post's: the refusal is a page, too
)


def _of_family(full: FullFamily) -> tuple[str, ...]:
    home = f"{REGISTRY}households/{full.family.household_id}/"
    head, spouse, child = full.family.person_ids
    person = f"{REGISTRY}persons/{head}/"
    return (
        home,
        f"{home}history/",
        f"{home}looks/",
        f"{home}members/new/",
        f"{home}members/{spouse}/leave/",
        f"{home}head/",
        f"{home}split/",
        f"{home}groups/new/",
        f"{home}facts/new/",
        f"{home}facts/new/?variable=vehicle_count",
        person,
        f"{person}history/",
        f"{person}looks/",
        f"{person}facts/new/?variable=wage_income_fen_month",
        f"{person}facts/{full.fact_id}/withdraw/",
        f"{person}groups/{full.group_id}/end/",
        f"{person}events/",
        f"{person}events/move/",
        f"{person}events/birth/",
        f"{person}authorisations/new/",
        f"{person}authorisations/{full.authorisation_id}/withdraw/",
        f"{person}correct/",
        f"{person}protect/",
        f"{person}merge/",
        f"{REGISTRY}persons/{child}/",
        f"{REGISTRY}persons/{child}/guardians/new/",
        f"{REGISTRY}persons/{child}/guardians/{full.guardianship_id}/end/",
        f"{REGISTRY}duplicates/{head}/{full.twin_id}/",
        f"{REGISTRY}duplicates/{head}/{full.twin_id}/dismiss/",
    )


@pytest.fixture(scope="module")
def full_family(site: Site) -> FullFamily:
    """A family of which everything is on file."""
    return register_full_family("阮知秋")


class Examiner:
    """A tab in one density that looks at one page after the other and keeps what is wrong."""

    def __init__(self, context: BrowserContext, density: str) -> None:
        self.density = density
        self.context = context
        self.found: dict[str, list[str]] = {}
        self._heard: list[str] = []
        context.add_init_script(path=AXE)
        self.tab = context.new_page()
        self.tab.on("pageerror", lambda error: self._heard.append(f"script: {error}"))
        self.tab.on(
            "console",
            lambda said: (
                self._heard.append(said.text)
                if said.type == "error" and "the server responded with a status" not in said.text
                else None
            ),
        )

    def look(self, address: str) -> None:
        """Open a page once and look at it wide and narrow, light and dark."""
        self._heard.clear()
        self.tab.set_viewport_size(DESK)
        self.tab.goto(address)
        shown = self.tab.evaluate("document.documentElement.dataset.density")
        faults = [] if shown == self.density else [f"density is {shown}"]
        faults += self._examine("light")
        faults += self._examine("dark") if address in GALLERY else []
        self.tab.set_viewport_size(PHONE)
        faults += self._examine("dark")
        faults += self._examine("light") if address in GALLERY else []
        self.tab.set_viewport_size({"width": 320, "height": 700})
        width = self.tab.evaluate("document.documentElement.scrollWidth")
        faults += [f"scrolls sideways: {width} px"] if width > 320 else []
        faults += self._heard
        if faults:
            self.found[address] = faults

    def _examine(self, theme: str) -> list[str]:
        self.tab.evaluate("(theme) => { document.documentElement.dataset.theme = theme; }", theme)
        options = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
        smallest = SMALLEST_TARGET_PX[self.density] - 0.5
        faults = [f"{theme}: {one}" for one in self.tab.evaluate(VIOLATIONS, options)]
        return faults + [f"{height} px: {html}" for html, height in self.tab.evaluate(TARGETS) if height < smallest]


def _examine(site: Site, density: str, addresses: tuple[str, ...], login_name: str = "") -> dict[str, list[str]]:
    context = site.browser.new_context(base_url=site.address, locale="zh-CN", reduced_motion="reduce")
    context.add_cookies([{"name": "density", "value": density, "url": site.address}])
    if login_name:
        sign_in(site, context, login_name)
    examiner = Examiner(context, density)
    for address in addresses:
        examiner.look(address)
    context.close()
    return examiner.found


@pytest.mark.parametrize("density", ["citizen", "elder"])
def test_pages_for_everyone(site: Site, density: str) -> None:
    assert _examine(site, density, VISITORS) == {}


@pytest.mark.parametrize("density", ["citizen", "elder"])
def test_pages_of_a_citizen(site: Site, full_family: FullFamily, density: str) -> None:
    withdraw = f"/family/authorisations/{full_family.authorisation_id}/withdraw/"
    assert _examine(site, density, ("/", "/family/", withdraw, "/account/sessions/"), full_family.citizen) == {}


def test_pages_of_the_workbench(site: Site) -> None:
    assert _examine(site, "staff", STAFF, "county-officer") == {}


def test_pages_of_a_family_in_the_workbench(site: Site, full_family: FullFamily) -> None:
    assert _examine(site, "staff", _of_family(full_family), "county-officer") == {}


def test_pages_of_the_workbench_in_very_large_print(site: Site, full_family: FullFamily) -> None:
    home = f"{REGISTRY}households/{full_family.family.household_id}/"
    assert _examine(site, "elder", ("/workbench/", f"{REGISTRY}?q=阮", home), "county-officer") == {}


def test_pages_of_an_account(site: Site) -> None:
    assert _examine(site, "citizen", ACCOUNT, "county-officer") == {}


@pytest.mark.parametrize("address", ["/", "/account/login/", "/workbench/"])
def test_a_first_visit_is_light_on_the_line(site: Site, address: str) -> None:
    context = site.browser.new_context(base_url=site.address, locale="zh-CN")
    if address.startswith("/workbench/"):
        sign_in(site, context, "county-officer")
    tab = context.new_page()
    answers: list[Response] = []

    def keep(answer: Response) -> None:
        answers.append(answer)

    tab.on("response", keep)
    tab.goto(address, wait_until="networkidle")
    weights = {answer.url: len(gzip.compress(answer.body())) for answer in answers if answer.status == 200}
    context.close()
    assert len(weights) > 10, "page, styles, scripts and icons"
    assert sum(weights.values()) <= FIRST_PAGE_BYTES, weights
