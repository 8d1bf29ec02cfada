"""Changing divisions, offices and posts from their pages (S14): refused at the field, read over, made once."""

from datetime import date

from tests.channels.conftest import DAIMIAO, DONGHU, SHICHANG, TAISHAN
from tests.channels.workbench.organization.conftest import BASE, CITY, Administration, setter
from tests.channels.workbench.organization.filling import (
    Verb,
    filled,
    is_read_over_first,
    is_refused_at_its_field,
    taken_back,
    takes_effect_once,
    text_of,
    written,
)

from jiuzhu.groundwork.database.scope import acting
from jiuzhu.rooms.organization import queries
from jiuzhu.rooms.organization.models import Office, Post, Staff

_BASIS = {"day": "2026-10-01", "basis": "泰政字〔2026〕8号"}
_CAIYUAN = "370902002000"

_DIVISIONS = [
    Verb(
        f"divisions/{DAIMIAO}/new/",
        "system",
        {"code": "370902001009", "name": "普照寺社区居委会", "name_en": "", **_BASIS},
        {"code": str(DONGHU)},
        "code",
        "普照寺社区居委会",
    ),
    Verb(
        f"divisions/{CITY}/zone/",
        "city",
        {"name": "泰安高新技术产业开发区", "name_en": "", "code": "", **_BASIS},
        {"code": str(TAISHAN)},
        "code",
        "泰安高新技术产业开发区",
    ),
    Verb(
        f"divisions/{DONGHU}/rename/",
        "system",
        {"name": "东湖新村社区居委会", "name_en": "", **_BASIS},
        {"name": "市场街社区居委会"},
        "name",
        "东湖新村社区居委会",
    ),
    Verb(
        f"divisions/{DONGHU}/close/",
        "system",
        {"successor": str(SHICHANG), **_BASIS},
        {"successor": str(DAIMIAO)},
        "successor",
        "已撤销",
    ),
    Verb(
        f"divisions/{DAIMIAO}/merge/",
        "system",
        {"sources": [_CAIYUAN], "moved": "370902002001 370902001011", **_BASIS},
        {"moved": "370902002001"},
        "moved",
        "三友社区居委会",
    ),
    Verb(
        f"divisions/{TAISHAN}/administration/",
        "city",
        {"office_code": "A003-office", **_BASIS},
        {"office_code": "nowhere"},
        "office_code",
        "A003-office",
    ),
    Verb(
        f"divisions/{DAIMIAO}/figures/",
        "city",
        {"population": "92345", "service_radius_m": "2500", "as_of": "2026-09-30", "source": "区统计局快报"},
        {"as_of": "2099-01-01"},
        "as_of",
        "92,345",
        asked=False,
    ),
]
_OFFICES = [
    Verb(
        f"divisions/{DAIMIAO}/offices/new/",
        "system",
        {
            "code": "370902001-desk",
            "kind": "one_window_desk",
            "name": "岱庙街道社会救助窗口",
            "phone": "8330",
            **_BASIS,
        },
        {"code": "370902001001-station"},
        "code",
        "岱庙街道社会救助窗口",
    ),
    Verb(
        "offices/{station_id}/rename/",
        "system",
        {"name": "东湖社区帮扶工作站", "name_en": "", **_BASIS},
        {"name": "东湖社区社会救助工作站"},
        "name",
        "东湖社区帮扶工作站",
    ),
    Verb(
        "offices/{station_id}/contact/",
        "system",
        {"address": "东湖路9号", "phone": "0538-5550102", "hours": "工作日9时至17时"},
        {"phone": "0" * 41},
        "phone",
        "东湖路9号",
        asked=False,
    ),
    Verb(
        "offices/{station_id}/posts/new/",
        "system",
        {
            "title": "协理员（三）",
            "title_en": "",
            "role": "village_assistant",
            "code": "donghu-assistant-3",
            "division": str(DONGHU),
            "headcount": "1",
            "day": "2026-10-01",
        },
        {"headcount": "3"},
        "headcount",
        "协理员（三）",
    ),
    Verb(
        "offices/{station_id}/posts/{free_post_id}/close/",
        "system",
        {"day": "2026-10-01"},
        {"day": "2020-01-01"},
        "day",
        "已撤销岗位",
    ),
]
_VERBS = [*_DIVISIONS, *_OFFICES]


def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost_or_written(administration: Administration) -> None:
    for verb in _VERBS:
        with taken_back():
            is_refused_at_its_field(administration, verb)


def test_every_change_is_read_over_before_it_is_made(administration: Administration) -> None:
    for verb in _VERBS:
        if verb.asked:
            with taken_back():
                is_read_over_first(administration, verb)


def test_every_change_is_made_once_however_often_it_is_sent(administration: Administration) -> None:
    for verb in _VERBS:
        with taken_back():
            takes_effect_once(administration, verb)


def test_a_merger_proposes_new_codes_and_moves_people_and_offices(administration: Administration) -> None:
    address = f"{BASE}divisions/{DAIMIAO}/merge/"
    client = administration.system.client
    page = text_of(client.post(address, {"sources": [_CAIYUAN], "moved": "", **_BASIS}))
    # 001 is taken by 东湖, so 三友 takes the next free number
    assert "三友社区居委会：370902002001 改为 370902001003" in page
    assert "财源街道：机构1个、工作人员1人" in page
    assert "DivisionCode" not in page
    assert client.post(address, {**filled(page), "sure": "yes"}).status_code == 302
    with acting(setter()):
        assert Staff.objects.get(staff_number="T005").division_code == str(DAIMIAO)
        assert Office.objects.get(code="T005-office").division_code == str(DAIMIAO)
    over = text_of(client.get(f"{BASE}divisions/{_CAIYUAN}/"))
    assert "这个区划已不再使用" in over
    assert "岱庙街道" in over


def test_a_division_with_others_in_it_is_not_closed(administration: Administration) -> None:
    before = written()
    answer = administration.system.client.post(f"{BASE}divisions/{DAIMIAO}/close/", {"successor": "", **_BASIS})
    assert answer.status_code == 422
    assert "还有2个下级区划没有去向" in text_of(answer)
    assert written() == before


def test_an_office_closes_only_when_nobody_serves_in_it(administration: Administration) -> None:
    client = administration.system.client
    address = f"{BASE}offices/{administration.station_id}/close/"
    refused = client.post(address, {"successor": "", **_BASIS})
    assert refused.status_code == 422
    assert "还有1人在任" in text_of(refused)
    unknown = client.post(address, {"successor": "nowhere", **_BASIS})
    assert 'id="id_successor_error"' in text_of(unknown)
    held = f"{BASE}staff/{administration.staff_id}/appointments/{administration.appointment_id}/revoke/"
    assert administration.security.client.post(held, {"reason": "机构撤销", "sure": "yes"}).status_code == 302
    with acting(setter()):
        detail = queries.staff_detail(actor=setter(), staff_id=administration.staff_id, at=date(2026, 11, 1))
    over = str(detail.appointments[0].valid_to)
    page = text_of(client.post(address, {"successor": "T002-office", "day": over, "basis": "泰民〔2026〕9号"}))
    assert "同时撤销2个岗位" in page
    assert client.post(address, {**filled(page), "sure": "yes"}).status_code == 302
    with acting(setter()):
        assert not Post.objects.filter(office_id=administration.station_id, valid_to=None).exists()
    shown = text_of(client.get(f"{BASE}offices/{administration.station_id}/"))
    assert "承继机构" in shown
    assert f"{BASE}offices/{administration.station_id}/contact/" not in shown


def test_a_post_in_which_somebody_serves_stays(administration: Administration) -> None:
    address = f"{BASE}offices/{administration.station_id}/posts/{administration.post_id}/close/"
    refused = administration.system.client.post(address, {"day": "2026-10-01"})
    assert refused.status_code == 422
    assert "岗位还有人在任，请先结束任职" in text_of(refused)


def test_a_confirmed_form_that_was_changed_meanwhile_is_not_taken_for_the_first(
    administration: Administration,
) -> None:
    address = f"{BASE}divisions/{DONGHU}/rename/"
    client = administration.system.client
    final = filled(text_of(client.post(address, {"name": "东湖新村社区居委会", "name_en": "", **_BASIS})))
    assert client.post(address, {**final, "sure": "yes"}).status_code == 302
    other = client.post(address, {**final, "name": "东湖小区社区居委会", "sure": "yes"})
    assert other.status_code == 409
    assert "没有保存" in text_of(other)


def test_the_list_of_offices_is_searched_by_name_and_code(administration: Administration) -> None:
    client = administration.town.county.client
    address = f"{BASE}divisions/{TAISHAN}/offices/"
    found = text_of(client.get(address, {"q": "工作站", "below": "1"}))
    assert "东湖社区社会救助工作站" in found
    assert "孙立新所在单位" not in found
    assert "370902001001-station" in text_of(client.get(address, {"q": "370902001001-", "below": "1"}))
    assert "没有符合条件的机构" in text_of(client.get(address, {"q": "无此机构", "below": "1"}))
