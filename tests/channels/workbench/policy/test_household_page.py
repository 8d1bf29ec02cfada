"""What the policy says of a household, as a page: results first, why on demand, nobody beyond the place (X2 X3)."""

from tests.channels.conftest import SmallCity
from tests.channels.workbench.policy.test_screening_pages import disabled

BASE = "/workbench/policy/households/"


def test_the_page_shows_results_and_why(small_city: SmallCity) -> None:
    person = small_city.person_ids[1]
    disabled(person)
    client = small_city.county.client
    address = f"{BASE}{small_city.household_id}/"
    page = client.get(address).content.decode()
    assert "残疾人护理补贴" in page
    assert "170.00" in page
    assert f'href="?programme=canji_huli_butie&amp;person={person}#why"' in page
    told = client.get(f"{address}?programme=canji_huli_butie&person={person}").content.decode()
    assert "残疾等级" in told
    assert "核对，残疾人联合会" in told
    assert "disabled_federation" not in told
    assert "为什么" in told
    open_one = client.get(f"{address}?programme=dibao").content.decode()
    assert "还缺什么" in open_one


def test_the_household_page_leads_there(small_city: SmallCity) -> None:
    address = f"{BASE}{small_city.household_id}/"
    own = f"/workbench/registry/households/{small_city.household_id}/"
    assert address in small_city.county.client.get(own).content.decode()
    assert address not in small_city.clerk.client.get(own).content.decode()


def test_others_and_wrong_questions_find_nothing(small_city: SmallCity) -> None:
    address = f"{BASE}{small_city.household_id}/"
    assert small_city.other_county.client.get(address).status_code == 404
    assert small_city.clerk.client.get(address).status_code == 403
    client = small_city.county.client
    for query in ("programme=nothing", "programme=dibao&person=1", "programme=dibao&person=x"):
        assert client.get(f"{address}?{query}").status_code == 404, query
