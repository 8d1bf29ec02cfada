"""Changing staff, appointments and near-relative filings from their pages (S14 S15 S21)."""

import pytest
from tests.channels.conftest import DAIMIAO, TAISHAN
from tests.channels.workbench.organization.conftest import (
    BASE,
    Administration,
    create_post,
    open_office,
    register_person,
    setter,
)
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
from jiuzhu.rooms.organization.models import Appointment, Staff
from jiuzhu.rooms.organization.states import OfficeKind

_TERM = {"valid_from": "2026-10-01", "valid_to": "", "appointed_by": "区民政局", "document_number": "泰山民〔2026〕3号"}
_HELD = "staff/{staff_id}/appointments/{appointment_id}/"
_VERBS = [
    Verb(
        "staff/new/",
        "system",
        {
            "staff_number": "S200",
            "name": "孟庆华",
            "office_code": "370902001001-station",
            "employment": "purchased_service",
            "rank": "",
            "office_phone": "8331",
            "with_account": "on",
        },
        {"staff_number": "S100"},
        "staff_number",
        "孟庆华",
    ),
    Verb(
        "staff/{staff_id}/change/",
        "system",
        {
            "name": "杨秀英",
            "office_code": "370902001001-station",
            "employment": "civil_servant",
            "rank": "一级科员",
            "office_phone": "8332",
        },
        {"office_code": "nowhere"},
        "office_code",
        "一级科员",
        asked=False,
    ),
    Verb(
        "staff/{staff_id}/appoint/?office=370902001001-station",
        "security",
        {"post": "{free_post_id}", **_TERM, "valid_from": "2098-01-01"},
        {"valid_to": "2026-01-01"},
        "valid_to",
        "尚未开始",
    ),
    Verb(f"{_HELD}end/", "security", {"day": "2099-01-01", "reason": "调离"}, {"day": "2026-01-01"}, "day", "调离"),
    Verb(f"{_HELD}revoke/", "security", {"reason": "调离"}, {"reason": ""}, "reason", "已收回"),
    Verb(
        "relatives/new/",
        "town.clerk",
        {"relative_name": "孙大强", "relation": "sibling", "note": "正在申请低保"},
        {"relative_name": "孙\u200b强"},
        "relative_name",
        "孙大强",
    ),
    Verb(
        "staff/{staff_id}/relatives/new/",
        "town.county",
        {"relative_name": "杨小勇", "relation": "child", "note": ""},
        {"relative_name": "杨大勇", "relation": "sibling"},
        "relative_name",
        "杨秀英",
    ),
    Verb("relatives/{filing_id}/withdraw/", "town.county", {"reason": "登记有误"}, {"reason": ""}, "reason", "已撤回"),
]


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


def test_registering_gives_no_powers_and_an_account_only_when_asked(administration: Administration) -> None:
    client = administration.system.client
    sent = {
        "staff_number": "S201",
        "name": "孟庆华",
        "office_code": "370902001001-station",
        "employment": "purchased_service",
    }
    page = text_of(client.post(f"{BASE}staff/new/", sent))
    answer = client.post(f"{BASE}staff/new/", {**filled(page), "sure": "yes"})
    shown = text_of(client.get(answer.headers["Location"]))
    assert "没有任职就没有任何权限" in shown
    assert "未开通" in shown
    with acting(setter()):
        person = Staff.objects.get(staff_number="S201")
    assert person.account_id is None
    assert person.division_code == "370902001001"


@pytest.mark.parametrize(
    ("held", "wanted", "words"),
    [
        ("security_administrator", "system_administrator", "应由不同人员担任"),
        ("system_administrator", "audit_administrator", "应由不同人员担任"),
        ("audit_administrator", "county_officer", "三类管理员不得兼任业务岗位"),
        ("county_officer", "security_administrator", "三类管理员不得兼任业务岗位"),
        ("county_verification", "county_approver", "不能再任"),
        ("internal_auditor", "county_officer", "审计、监督人员不得兼任被监督的业务岗位"),
    ],
)
def test_duties_that_exclude_each_other_are_refused_in_words(
    administration: Administration, held: str, wanted: str, words: str
) -> None:
    office = open_office("370902-more", OfficeKind.CIVIL_AFFAIRS, TAISHAN, "泰山区另一单位")
    person = register_person(office, "S300", "宋立")
    first = create_post(office, held, TAISHAN, "more-first")
    second = create_post(office, wanted, TAISHAN, "more-second")
    client, address = administration.security.client, f"{BASE}staff/{person}/appoint/"
    page = text_of(client.post(address, {"post": first, **_TERM}))
    assert client.post(address, {**filled(page), "sure": "yes"}).status_code == 302
    before = written()
    for sure in ({}, {"sure": "yes"}):
        refused = client.post(address, {"post": second, **_TERM, **sure})
        assert refused.status_code == 422
        said = text_of(refused).split('id="id_post_error"')[1].split("</ul>")[0]
        assert "已任" in said
        assert words in said
        english = text_of(client.post(address, {"post": second, **_TERM, **sure}, headers={"accept-language": "en"}))
        assert "Holds “" in english
    assert written() == before
    with acting(setter()):
        assert Appointment.objects.filter(staff_id=person).count() == 1


def test_no_administrator_does_the_work_of_another(administration: Administration) -> None:
    new_person = {"staff_number": "S202", "name": "孟庆华", "office_code": "A001-office", "employment": "outside"}
    term = {"post": administration.free_post_id, **_TERM, "sure": "yes"}
    before = written()
    appoint = f"{BASE}staff/{administration.staff_id}/appoint/"
    refused = [
        administration.security.client.post(f"{BASE}staff/new/", {**new_person, "sure": "yes"}),
        administration.system.client.post(appoint, term),
        administration.system.client.get("/workbench/audit/"),
        administration.security.client.get("/workbench/audit/"),
    ]
    for answer in refused:
        assert answer.status_code == 403
        assert "您没有办理此事项的权限" in text_of(answer)
    assert written() == before


def test_nobody_appoints_themselves(administration: Administration) -> None:
    with acting(setter()):
        own = Staff.objects.get(staff_number="A002").pk
    sent = {"post": administration.free_post_id, **_TERM}
    address = f"{BASE}staff/{own}/appoint/?office=370902001001-station"
    answer = administration.security.client.post(address, sent)
    assert answer.status_code == 422
    assert "不能给自己授予岗位" in text_of(answer)


def test_the_posts_of_another_office_are_found_by_its_code(administration: Administration) -> None:
    client, address = administration.security.client, f"{BASE}staff/{administration.staff_id}/appoint/"
    page = text_of(client.get(address, {"office": "T002-office"}))
    assert "孙立新所在单位" in page
    assert "乡镇（街道）经办人员（空缺0）" in page
    assert client.get(address, {"office": "nowhere"}).status_code == 404
    assert client.get(address, {"office": "T006-office"}).status_code == 404


def test_powers_taken_back_end_with_the_next_request(administration: Administration) -> None:
    clerk = administration.town.clerk
    with acting(setter()):
        held = Appointment.objects.get(staff__staff_number="T002")
    assert clerk.client.get(f"{BASE}staff/").status_code == 200
    address = f"{BASE}staff/{held.staff_id}/appointments/{held.pk}/revoke/"
    assert administration.security.client.post(address, {"reason": "停职", "sure": "yes"}).status_code == 302
    assert clerk.client.get(f"{BASE}staff/").status_code == 403


def test_a_relative_is_filed_once_and_only_for_oneself_without_more_powers(administration: Administration) -> None:
    clerk = administration.town.clerk.client
    sent = {"relative_name": "孙大强", "relation": "sibling", "note": "", "sure": "yes"}
    assert clerk.post(f"{BASE}relatives/new/", sent).status_code == 302
    again = clerk.post(f"{BASE}relatives/new/", sent)
    assert again.status_code == 422
    assert "该近亲属已备案，无需重复" in text_of(again)
    other = f"{BASE}relatives/{administration.filing_id}/withdraw/"
    before = written()
    assert clerk.post(other, {"reason": "登记有误", "sure": "yes"}).status_code in {403, 404}
    assert written() == before
    own = text_of(clerk.get(f"{BASE}relatives/"))
    assert "孙大强" in own
    assert "杨大勇" not in own


def test_a_person_who_moves_office_moves_place(administration: Administration) -> None:
    sent = {"name": "杨秀英", "office_code": "T002-office", "employment": "outside", "rank": "", "office_phone": ""}
    address = f"{BASE}staff/{administration.staff_id}/change/"
    assert administration.system.client.post(address, sent).status_code == 302
    with acting(setter()):
        assert Staff.objects.get(pk=administration.staff_id).division_code == str(DAIMIAO)
