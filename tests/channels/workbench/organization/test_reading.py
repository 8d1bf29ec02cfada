"""The organization's pages as they are read: who may open them, what they say, how many statements they take."""

from collections.abc import Callable
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook
from tests.channels.conftest import DAIMIAO, DAIYUE, DONGHU, TAISHAN, Persona
from tests.channels.workbench.organization.conftest import (
    BASE,
    CITY,
    Administration,
    appoint_person,
    create_post,
    open_office,
    register_person,
)
from tests.strict_client import StrictClient

from jiuzhu.rooms.organization.states import OfficeKind

_HELD = "staff/{staff_id}/appointments/{appointment_id}/"

# address, the persona for whom it opens, a persona of a wrong role (empty: every officer may), the same elsewhere
_PAGES = [
    ("divisions/", "town.clerk", "", ""),
    (f"divisions/{TAISHAN}/", "town.county", "", f"divisions/{DAIYUE}/"),
    (f"divisions/{DONGHU}/", "town.county", "", f"divisions/{DAIYUE}/"),
    ("divisions/search/?q=东湖", "town.clerk", "", ""),
    ("divisions/search/", "town.clerk", "", ""),
    (f"divisions/{CITY}/rename/", "city", "town.clerk", ""),
    (f"divisions/{DONGHU}/rename/", "system", "town.clerk", f"divisions/{DAIYUE}/rename/"),
    (f"divisions/{DONGHU}/close/", "system", "town.clerk", f"divisions/{DAIYUE}/close/"),
    (f"divisions/{DONGHU}/merge/", "system", "town.clerk", f"divisions/{DAIYUE}/merge/"),
    (f"divisions/{DAIMIAO}/new/", "system", "town.clerk", f"divisions/{DAIYUE}/new/"),
    (f"divisions/{CITY}/zone/", "city", "system", ""),
    (f"divisions/{TAISHAN}/administration/", "city", "system", ""),
    (f"divisions/{DAIMIAO}/figures/", "town.county", "town.clerk", f"divisions/{DAIYUE}/figures/"),
    (f"divisions/{TAISHAN}/offices/", "town.county", "", f"divisions/{DAIYUE}/offices/"),
    (f"divisions/{TAISHAN}/offices/?below=1&kind=station", "town.county", "", f"divisions/{DAIYUE}/offices/"),
    (f"divisions/{DONGHU}/offices/new/", "system", "town.clerk", f"divisions/{DAIYUE}/offices/new/"),
    ("offices/{station_id}/", "town.clerk", "", "offices/{far_office_id}/"),
    ("offices/{station_id}/rename/", "system", "town.clerk", "offices/{far_office_id}/rename/"),
    ("offices/{station_id}/contact/", "system", "town.clerk", "offices/{far_office_id}/contact/"),
    ("offices/{station_id}/close/", "system", "town.clerk", "offices/{far_office_id}/close/"),
    ("offices/{station_id}/posts/new/", "system", "town.clerk", "offices/{far_office_id}/posts/new/"),
    ("offices/{station_id}/posts/{post_id}/close/", "system", "security", "offices/{station_id}/posts/999999/close/"),
    ("staff/", "town.clerk", "town.assistant", f"staff/?division={DAIYUE}"),
    ("staff/?q=杨", "town.county", "town.assistant", "staff/?division=1"),
    ("staff/new/", "system", "security", ""),
    ("staff/{staff_id}/", "town.clerk", "town.assistant", "staff/{far_staff_id}/"),
    ("staff/{staff_id}/change/", "system", "security", "staff/{far_staff_id}/change/"),
    ("staff/{staff_id}/appoint/", "security", "system", "staff/{far_staff_id}/appoint/"),
    (f"{_HELD}end/", "security", "system", "staff/{far_staff_id}/appointments/1/end/"),
    (f"{_HELD}revoke/", "security", "system", "staff/{staff_id}/appointments/999999/revoke/"),
    ("import/staff/", "system", "security", "import/nothing/"),
    ("import/appointments/", "security", "system", ""),
    ("import/offices/", "system", "town.clerk", ""),
    ("roles/", "town.assistant", "", ""),
    ("duties/", "town.assistant", "", ""),
    ("groups/", "town.clerk", "", f"groups/?division={DAIYUE}"),
    (f"groups/{TAISHAN}/form/", "town.county", "town.clerk", f"groups/{DAIYUE}/form/"),
    ("relatives/", "town.assistant", "", ""),
    ("relatives/new/", "town.assistant", "", ""),
    ("staff/{staff_id}/relatives/new/", "town.county", "town.clerk", "staff/{far_staff_id}/relatives/new/"),
    ("relatives/{filing_id}/withdraw/", "town.county", "", "relatives/999999/withdraw/"),
    ("services/", "town.county", "town.clerk", ""),
    ("services/new/", "town.county", "town.clerk", ""),
    ("services/{service_id}/contract/", "town.county", "town.clerk", "services/999999/contract/"),
    ("services/{service_id}/evaluate/", "city", "town.county", "services/999999/evaluate/"),
    ("services/{service_id}/cancel/", "town.county", "town.clerk", "services/999999/cancel/"),
    ("workforce/", "town.county", "town.clerk", f"workforce/?division={DAIYUE}"),
    (f"workforce/?division={DAIMIAO}", "town.county", "town.clerk", ""),
    ("accounts/", "system", "town.clerk", ""),
    ("accounts/staff/{staff_id}/password/", "system", "security", "accounts/staff/{far_staff_id}/password/"),
    ("accounts/staff/{staff_id}/second-factor/", "security", "system", "accounts/staff/{far_staff_id}/second-factor/"),
    ("accounts/staff/{staff_id}/unlock/", "system", "security", "accounts/staff/{far_staff_id}/unlock/"),
    ("accounts/staff/{staff_id}/close/", "system", "town.clerk", "accounts/staff/{far_staff_id}/close/"),
    ("accounts/staff/{staff_id}/reopen/", "security", "town.clerk", "accounts/staff/{far_staff_id}/reopen/"),
]


def _persona(administration: Administration, name: str) -> Persona:
    found: object = administration
    for part in name.split("."):
        found = getattr(found, part)
    assert isinstance(found, Persona)
    return found


def _address(administration: Administration, route: str) -> str:
    ids = {name: getattr(administration, name) for name in administration.__dataclass_fields__ if name.endswith("_id")}
    return BASE + route.format(**ids)


def test_every_page_opens_for_the_right_post_and_for_no_other(administration: Administration) -> None:
    for route, right, wrong, elsewhere in _PAGES:
        address = _address(administration, route)
        assert _persona(administration, right).client.get(address).status_code == 200, (right, address)
        english = _persona(administration, right).client.get(address, headers={"accept-language": "en"})
        assert english.status_code == 200, address
        if wrong:
            assert _persona(administration, wrong).client.get(address).status_code == 403, (wrong, address)
        if elsewhere:
            far = _address(administration, elsewhere)
            assert _persona(administration, right).client.get(far).status_code == 404, (right, far)
        visitor = StrictClient().get(address)
        assert visitor.status_code == 302, address
        assert "/login" in visitor.headers["Location"], address
        assert administration.town.citizen.client.get(address).status_code == 403, address


def test_an_officer_of_another_county_sees_none_of_this_county(administration: Administration) -> None:
    client = administration.town.other_county.client
    for route in (
        f"divisions/{TAISHAN}/",
        "staff/{staff_id}/",
        "offices/{station_id}/",
        "relatives/{filing_id}/withdraw/",
        "services/{service_id}/contract/",
        "staff/{staff_id}/relatives/new/",
    ):
        assert client.get(_address(administration, route)).status_code == 404, route
    for route in ("staff/", "relatives/", "services/"):
        page = client.get(_address(administration, route)).content.decode()
        assert not any(name in page for name in ("杨秀英", "杨大勇", "入户调查辅助服务"))


def test_the_tree_shows_one_level_and_leads_further(administration: Administration) -> None:
    page = administration.town.county.client.get(f"{BASE}divisions/").content.decode()
    assert "岱庙街道" in page
    assert f"{BASE}divisions/{DAIMIAO}/" in page
    assert "东湖社区居委会" not in page
    assert "泰安市" not in page.split("<main")[1].split("</main>")[0].split("breadcrumb")[1].split("</nav>")[0]


def test_search_stays_within_the_area(administration: Administration) -> None:
    client = administration.town.county.client
    assert "岱庙街道" in client.get(f"{BASE}divisions/search/", {"q": "岱庙"}).content.decode()
    assert "山口镇" not in client.get(f"{BASE}divisions/search/", {"q": "山口"}).content.decode()


def test_only_who_may_change_is_shown_how(administration: Administration) -> None:
    address = f"{BASE}divisions/{DONGHU}/"
    assert "rename/" in administration.system.client.get(address).content.decode()
    assert "rename/" not in administration.town.clerk.client.get(address).content.decode()


def test_the_workforce_page_counts_posts_people_and_villages_without_assistants(
    administration: Administration,
) -> None:
    page = administration.town.county.client.get(f"{BASE}workforce/").content.decode()
    row = page.split("岱庙街道</a>")[1].split("</tr>")[0]
    # T001 and S100 serve in 东湖, nobody in 市场街
    assert all(shown in row for shown in ("81,234", "3,000", "缺1"))
    assert "<svg" in page


@pytest.mark.parametrize(
    ("route", "persona", "expected"),
    [
        (f"divisions/{TAISHAN}/export/", "town.county", "岱庙街道"),
        (f"divisions/{TAISHAN}/offices/export/", "town.county", "东湖社区社会救助工作站"),
        (f"staff/export/?division={TAISHAN}", "system", "杨秀英"),
        ("staff/appointments/export/", "town.county", "donghu-assistant"),
        ("workforce/export/", "town.county", "岱庙街道"),
        ("import/staff/template/", "system", "工号*"),
    ],
)
def test_exports_are_workbooks(administration: Administration, route: str, persona: str, expected: str) -> None:
    answer = _persona(administration, persona).client.get(BASE + route)
    assert answer.status_code == 200
    cells = CalamineWorkbook.from_object(BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert any(expected in str(cell) for row in cells for cell in row)
    assert administration.town.assistant.client.get(f"{BASE}staff/export/").status_code == 403
    assert administration.town.other_county.client.get(f"{BASE}staff/export/?division={TAISHAN}").status_code == 404


def _statements(client: StrictClient, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_the_number_of_statements_does_not_grow_with_the_rows(administration: Administration) -> None:
    county, system = administration.town.county.client, administration.system.client
    pages: list[tuple[Callable[[], StrictClient], str]] = [
        (lambda: county, f"divisions/{TAISHAN}/"),
        (lambda: county, f"divisions/{DONGHU}/offices/"),
        (lambda: county, f"offices/{administration.station_id}/"),
        (lambda: county, "staff/"),
        (lambda: county, f"staff/{administration.staff_id}/"),
        (lambda: county, "relatives/"),
        (lambda: county, "services/"),
        (lambda: county, "groups/"),
        (lambda: county, "workforce/"),
        (lambda: county, "duties/"),
        (lambda: system, "accounts/"),
    ]
    before = [_statements(client(), BASE + route) for client, route in pages]
    for number in range(4):
        open_office(f"more-{number}", OfficeKind.STATION, DONGHU, f"又一个机构{number}")
        post = create_post(administration.station_id, "village_assistant", DONGHU, f"more-post-{number}")
        appoint_person(register_person(administration.station_id, f"M{number}", "李雷"), post)
    assert [_statements(client(), BASE + route) for client, route in pages] == before
