"""A citizen's own page: what is recorded, from whom, who looked, and the withdrawal of an authorisation."""

from datetime import date

import pytest
from tests.channels.conftest import AT, SmallCity, identity_number
from tests.strict_client import StrictClient

from jiuzhu.rooms.registry import actions, queries
from jiuzhu.rooms.registry.states import GuardianshipKind

FAMILY = "/family/"


def _authorised(city: SmallCity, person_id: int) -> int:
    return actions.grant_authorisation(
        actor=city.registrar,
        at=AT,
        person_id=person_id,
        department_code="tax",
        purpose="最低生活保障核对",
        valid_from=date(2026, 1, 1),
    )


@pytest.mark.parametrize("density", ["citizen", "elder"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_citizen_sees_their_own_household_whole(small_city: SmallCity, density: str, language: str) -> None:
    client = small_city.citizen.client
    client.cookies.load({"density": density, "language": language})
    answer = client.get(FAMILY)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "红门路1号" in page
    assert identity_number(122, date(1956, 3, 8)) in page
    assert "13800001111" in page


def test_facts_name_their_sources_and_what_others_say(small_city: SmallCity) -> None:
    page = small_city.citizen.client.get(FAMILY).content.decode()
    assert "620.00元/月" in page
    assert "核对" in page
    assert "人力资源社会保障部门" in page
    assert "另有不同说法" in page
    assert "300.00元/月" in page


def test_who_looked_when_and_why(small_city: SmallCity) -> None:
    assert "还没有人看过" in small_city.citizen.client.get(FAMILY).content.decode()
    address = f"/workbench/registry/persons/{small_city.head_id}/numbers/"
    small_city.clerk.client.post(address, {"purpose": "受理低保申请"})
    page = small_city.citizen.client.get(FAMILY).content.decode()
    assert "孙立新" in page
    assert "受理低保申请" in page
    assert "完整证件号码和电话" in page


def test_reading_ones_own_page_is_no_look_of_others(small_city: SmallCity) -> None:
    small_city.citizen.client.get(FAMILY)
    assert "还没有人看过" in small_city.citizen.client.get(FAMILY).content.decode()


def test_a_citizen_withdraws_an_authorisation_at_once(small_city: SmallCity) -> None:
    number = _authorised(small_city, small_city.head_id)
    assert small_city.department.client.get(f"/workbench/registry/persons/{small_city.head_id}/").status_code == 200
    assert "税务部门" in small_city.citizen.client.get(FAMILY).content.decode()
    address = f"{FAMILY}authorisations/{number}/withdraw/"
    assert small_city.citizen.client.get(address).status_code == 200
    empty = small_city.citizen.client.post(address, {"reason": ""})
    assert empty.status_code == 422
    assert 'id="id_reason_error"' in empty.content.decode()
    assert small_city.citizen.client.post(address, {"reason": "不再申请"}).status_code == 302
    assert small_city.department.client.get(f"/workbench/registry/persons/{small_city.head_id}/").status_code == 404
    again = small_city.citizen.client.post(address, {"reason": "不再申请"})
    assert again.status_code == 422


def test_a_stranger_s_authorisation_is_not_found(small_city: SmallCity) -> None:
    number = _authorised(small_city, small_city.elsewhere_person_id)
    address = f"{FAMILY}authorisations/{number}/withdraw/"
    assert small_city.citizen.client.get(address).status_code == 404
    assert small_city.citizen.client.post(address, {"reason": "不再申请"}).status_code == 404
    detail = queries.person_detail(actor=small_city.registrar, at=AT, person_id=small_city.elsewhere_person_id)
    assert detail.authorisations[0].is_live


def test_a_ward_s_record_is_shown_to_the_guardian(small_city: SmallCity) -> None:
    child = identity_number(124, date(2011, 9, 1))
    assert child not in small_city.citizen.client.get(FAMILY).content.decode()
    actions.set_guardian(
        actor=small_city.registrar,
        at=AT,
        ward_id=small_city.person_ids[2],
        kind=GuardianshipKind.STATUTORY,
        start_on=date(2026, 10, 1),
        guardian_id=small_city.head_id,
    )
    assert child in small_city.citizen.client.get(FAMILY).content.decode()


def test_only_citizens_have_a_family_page(small_city: SmallCity, client: StrictClient) -> None:
    assert client.get(FAMILY).status_code == 302
    assert small_city.clerk.client.get(FAMILY).status_code == 403
    assert small_city.citizen.client.get("/workbench/registry/").status_code in (200, 403, 404)


def test_a_citizen_finds_nothing_of_others_in_the_workbench(small_city: SmallCity) -> None:
    client = small_city.citizen.client
    for address in (
        f"persons/{small_city.elsewhere_person_id}/",
        f"households/{small_city.elsewhere_household_id}/",
    ):
        assert client.get(f"/workbench/registry/{address}").status_code in (403, 404), address
