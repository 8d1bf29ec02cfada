"""Reading pages: who may open them, what they show, that their cost does not grow."""

import io
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook
from tests.channels.conftest import AT, DONGHU, SHICHANG, SmallCity, newcomer, register
from tests.strict_client import StrictClient

from jiuzhu.groundwork.database.scope import acting
from jiuzhu.rooms.registry import actions
from jiuzhu.rooms.registry.models import AccessLog

BENCH = "/workbench/registry/"


def addresses(city: SmallCity) -> list[str]:
    """Every page of a household and a person that can be opened by a link."""
    home, head = f"{BENCH}households/{city.household_id}/", f"{BENCH}persons/{city.head_id}/"
    return [
        home,
        f"{home}history/",
        f"{home}history/{city.person_ids[1]}/",
        f"{home}looks/",
        f"{home}looks/{city.person_ids[1]}/",
        f"{home}members/new/",
        f"{home}members/{city.person_ids[1]}/leave/",
        f"{home}head/",
        f"{home}split/",
        f"{home}groups/new/",
        f"{home}facts/new/",
        f"{home}facts/new/?variable=income_fen_month",
        head,
        f"{head}history/",
        f"{head}looks/",
        f"{head}facts/new/",
        f"{head}facts/new/?variable=disability_grade",
        f"{head}groups/new/",
        f"{head}events/",
        *(
            f"{head}events/{kind}/"
            for kind in ("birth", "death", "move", "marriage", "divorce", "adoption", "imprisonment", "release")
        ),
        f"{head}guardians/new/",
        f"{head}authorisations/new/",
        f"{head}correct/",
        f"{head}protect/",
        f"{head}merge/",
        f"{BENCH}duplicates/{city.head_id}/{city.person_ids[1]}/",
        f"{BENCH}duplicates/{city.head_id}/{city.person_ids[1]}/dismiss/",
    ]


LISTS = ["", "?everyone=1", "?q=王秀兰", "?q=wxl", "?group=dibao", "households/", "households/?state=flagged",
         "households/new/", "counts/", "duplicates/", "rolls/"]  # fmt: skip


def test_the_county_officer_opens_every_page(small_city: SmallCity) -> None:
    for address in [*addresses(small_city), *(BENCH + one for one in LISTS)]:
        assert small_city.county.client.get(address).status_code == 200, address


def test_every_page_reads_in_english(small_city: SmallCity) -> None:
    client = small_city.county.client
    client.cookies.load({"language": "en"})
    for address in [*addresses(small_city), *(BENCH + one for one in LISTS)]:
        assert client.get(address).status_code == 200, address


def test_another_county_finds_nothing_at_any_address(small_city: SmallCity) -> None:
    for address in addresses(small_city):
        assert small_city.other_county.client.get(address).status_code == 404, address


def test_another_township_finds_nothing_or_may_not(small_city: SmallCity) -> None:
    for address in addresses(small_city):
        assert small_city.other_township.client.get(address).status_code in (403, 404), address
    assert small_city.other_township.client.get(f"{BENCH}persons/{small_city.head_id}/").status_code == 404


def test_a_leader_who_sees_figures_sees_no_person(small_city: SmallCity) -> None:
    for address in [*addresses(small_city), BENCH, f"{BENCH}households/", f"{BENCH}rolls/"]:
        assert small_city.leader.client.get(address).status_code == 403, address
    assert small_city.leader.client.get(f"{BENCH}counts/").status_code == 200


def test_visitors_are_led_to_the_login(small_city: SmallCity, client: StrictClient) -> None:
    for address in [*addresses(small_city), *(BENCH + one for one in LISTS)]:
        answer = client.get(address)
        assert answer.status_code == 302, address
        assert "login" in answer.headers["Location"]


def test_a_department_officer_sees_only_whom_somebody_authorised(small_city: SmallCity) -> None:
    address = f"{BENCH}persons/{small_city.head_id}/"
    assert small_city.department.client.get(address).status_code == 404
    actions.grant_authorisation(
        actor=small_city.registrar,
        at=AT,
        person_id=small_city.head_id,
        department_code="tax",
        purpose="最低生活保障核对",
        valid_from=date(2026, 1, 1),
    )
    answer = small_city.department.client.get(address)
    assert answer.status_code == 200
    assert "养老金" not in answer.content.decode()


def test_an_assistant_reads_the_village_and_changes_nothing_but_facts(small_city: SmallCity) -> None:
    client = small_city.assistant.client
    page = client.get(f"{BENCH}households/{small_city.household_id}/").content.decode()
    assert "登记家庭情况" in page
    for missing in ("增加成员", "变更户主", "分户", "显示完整号码"):
        assert missing not in page
    assert client.get(f"{BENCH}households/{small_city.household_id}/split/").status_code == 403
    assert client.get(f"{BENCH}households/new/").status_code == 403


def test_numbers_are_masked_until_somebody_says_why(small_city: SmallCity) -> None:
    client, address = small_city.clerk.client, f"{BENCH}persons/{small_city.head_id}/"
    assert "13800001111" not in client.get(address).content.decode()
    assert client.get(f"{address}numbers/").status_code == 405
    refused = client.post(f"{address}numbers/", {"purpose": ""})
    assert refused.status_code == 422
    assert "13800001111" not in refused.content.decode()
    shown = client.post(f"{address}numbers/", {"purpose": "受理低保申请"})
    assert shown.status_code == 200
    assert "13800001111" in shown.content.decode()
    with acting(small_city.registrar):
        last = AccessLog.objects.filter(person_id=small_city.head_id).order_by("-id").first()
    assert last is not None
    assert (last.kind, last.purpose, last.actor_name) == ("identity", "受理低保申请", "孙立新")


def test_numbers_of_a_household_are_shown_only_to_who_may(small_city: SmallCity) -> None:
    address = f"{BENCH}households/{small_city.household_id}/numbers/"
    assert small_city.assistant.client.post(address, {"purpose": "走访"}).status_code == 403
    shown = small_city.clerk.client.post(address, {"purpose": "走访"}).content.decode()
    assert "红门路1号" in shown


def test_what_sources_say_differently_stands_side_by_side(small_city: SmallCity) -> None:
    page = small_city.clerk.client.get(f"{BENCH}households/{small_city.household_id}/").content.decode()
    assert "620.00元/月" in page
    assert "300.00元/月" in page
    assert "1项来源不一致" in page


def test_the_access_log_says_who_looked_and_why(small_city: SmallCity) -> None:
    small_city.clerk.client.post(f"{BENCH}persons/{small_city.head_id}/numbers/", {"purpose": "受理低保申请"})
    page = small_city.auditor.client.get(f"{BENCH}persons/{small_city.head_id}/looks/").content.decode()
    assert "孙立新" in page
    assert "受理低保申请" in page


@pytest.mark.parametrize(
    "text", ["王秀兰", "秀兰", "wxl", "WXL", "13800001111", "1111", "东湖社区居委会", "370902001001"]
)
def test_the_search_finds_by_what_was_typed(small_city: SmallCity, text: str) -> None:
    page = small_city.clerk.client.get(BENCH, {"q": text}).content.decode()
    assert f"persons/{small_city.head_id}/" in page


@pytest.mark.parametrize("text", ["赵德福", "查无此人", "99999", "37090219700102001X"])
def test_an_empty_answer_says_what_to_try(small_city: SmallCity, text: str) -> None:
    page = small_city.clerk.client.get(BENCH, {"q": text}).content.decode()
    assert "没有找到" in page
    assert f"persons/{small_city.elsewhere_person_id}/" not in page


def test_unseen_characters_are_refused_at_the_box(small_city: SmallCity) -> None:
    answer = small_city.clerk.client.get(BENCH, {"q": "王\u200b秀兰"})
    assert answer.status_code == 422
    assert "id_q_error" in answer.content.decode()


def test_a_division_outside_the_area_cannot_be_chosen(small_city: SmallCity) -> None:
    answer = small_city.clerk.client.get(BENCH, {"division": "370902002001", "everyone": "1"})
    assert answer.status_code == 422


def test_a_broken_page_key_is_refused(small_city: SmallCity) -> None:
    assert small_city.clerk.client.get(BENCH, {"everyone": "1", "after": "x"}).status_code == 422
    assert small_city.clerk.client.get(BENCH, {"q": "王秀兰", "after": "x"}).status_code == 422


def test_the_export_is_masked_and_needs_a_permission(small_city: SmallCity) -> None:
    address = f"{BENCH}export/"
    assert small_city.assistant.client.get(address).status_code == 403
    answer = small_city.clerk.client.get(address)
    assert answer.status_code == 200
    assert "attachment" in answer.headers["Content-Disposition"]
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert [row[0] for row in rows[1:]] == ["王秀兰", "李建国", "李晓雨"]
    assert "****" in str(rows[1][3])


def test_counts_are_shown_and_taken_along(small_city: SmallCity) -> None:
    page = small_city.county.client.get(f"{BENCH}counts/").content.decode()
    assert "还没有标注" in page
    assert small_city.county.client.get(f"{BENCH}counts/export/").status_code == 200
    assert small_city.clerk.client.get(f"{BENCH}counts/").status_code == 403


@pytest.mark.parametrize("address", ["?everyone=1", "?q=李", "households/", "households/{home}/", "persons/{head}/"])
def test_a_page_costs_the_same_with_more_people(small_city: SmallCity, address: str) -> None:
    client = small_city.clerk.client
    where = BENCH + address.format(home=small_city.household_id, head=small_city.head_id)

    def cost() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert client.get(where).status_code == 200
        return len(caught)

    cost()
    before = cost()
    _more_people(small_city)
    assert cost() == before


def _more_people(city: SmallCity) -> None:
    for number in range(6):
        register(
            SHICHANG if number % 2 else DONGHU,
            [actions.NewMember("02", newcomer("李大明", 400 + number, date(1960, 1, 1 + number)))],
        )
    for number in range(4):
        actions.add_member(
            actor=city.registrar,
            at=AT,
            household_id=city.household_id,
            member=actions.NewMember("23", newcomer("李小明", 501 + 2 * number, date(2000, 1, 1 + number))),
            start_on=date(2026, 10, 1),
        )
