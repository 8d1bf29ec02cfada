"""Notices and objections on the workbench: from the draft to the board, from the objection to the answer (S18)."""

import io
import re
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook
from tests.channels.conftest import AT, DONGHU, TAISHAN, Persona, SmallCity, last_message, officer

from jiuzhu.core.actors import system_actor
from jiuzhu.core.names import PersonName
from jiuzhu.rooms.disclosure import actions, queries
from jiuzhu.rooms.disclosure.permissions import Permission
from jiuzhu.rooms.disclosure.states import Board, Channel, NoticeState

NOTICES = "/workbench/disclosure/notices/"
OBJECTIONS = "/workbench/disclosure/objections/"
PROCESS = replace(system_actor("test", permissions=list(Permission)), account_id=8_000_001)


def prepared(number: int = 1, board: Board = Board.OPINION) -> int:
    """A notice about a family of 东湖社区."""
    case = queries.Shown(PersonName("王秀兰"), False, None, 3, 96_670, "monthly", "yes", "")
    return actions.prepare_notice(
        actor=PROCESS,
        at=AT,
        division=DONGHU,
        programme="dibao",
        board=board,
        subject_type="test.case",
        subject_id=number,
        case=case,
    )


def posted(number: int = 1) -> int:
    made = prepared(number)
    actions.check_notice(actor=replace(PROCESS, account_id=8_000_002), at=AT, notice_id=made)
    actions.post_notice(actor=PROCESS, at=AT, notice_id=made, places=["village"])
    return made


def objected(notice_id: int, name: str = "") -> int:
    actions.submit_objection(
        actor=PROCESS,
        at=AT,
        notice_id=notice_id,
        channel=Channel.PHONE,
        text="该户有一辆汽车",
        name=name,
        contact="13800000000" if name else "",
    )
    return queries.objections(actor=PROCESS, at=AT, notice_id=notice_id).rows[-1].id


def taken(persona: Persona, address: str, **form: object) -> str:
    """A step by its page; the message that follows."""
    opened = persona.client.get(address)
    assert opened.status_code == 200, address
    key = re.search(r'name="idempotency_key" value="([^"]+)"', opened.content.decode())
    answer = persona.client.post(address, {"idempotency_key": key[1] if key else "", **form})
    assert answer.status_code == 302, answer.content.decode()
    return last_message(persona.client.get(answer.headers["Location"]))


def state_of(notice_id: int) -> NoticeState:
    return queries.notice(actor=PROCESS, at=AT, notice_id=notice_id).state


def test_a_notice_goes_from_the_draft_to_the_board_and_down_again(small_city: SmallCity) -> None:
    clerk, reviewer = small_city.clerk, small_city.reviewer
    notice_id = prepared()
    one = f"{NOTICES}{notice_id}/"
    page = clerk.client.get(one).content.decode()
    for shown in ("王*兰", "966.70元", "已拟稿", "所在村（居）"):
        assert shown in page, shown
    assert f"{one}check/" not in page, "who posts does not check"
    assert "已审核" in taken(reviewer, f"{one}check/")
    assert "已张贴" in taken(clerk, f"{one}post/", places=["village"])
    assert state_of(notice_id) is NoticeState.POSTED
    assert "中断" in taken(small_city.assistant, f"{one}interrupt/", reason="被风刮走")
    assert "重新公示" in taken(clerk, f"{one}resume/")
    page = clerk.client.get(one).content.decode()
    assert "被风刮走" in page
    assert "已撤回" in taken(reviewer, f"{one}withdraw/", reason="金额有误")
    assert "金额有误" in clerk.client.get(one).content.decode()


def test_a_step_that_is_refused_says_why_at_its_field(small_city: SmallCity) -> None:
    notice_id = prepared()
    actions.check_notice(actor=replace(PROCESS, account_id=8_000_002), at=AT, notice_id=notice_id)
    answer = small_city.clerk.client.post(f"{NOTICES}{notice_id}/post/", {})
    assert answer.status_code == 422
    assert "已张贴的地点" in answer.content.decode()
    assert state_of(notice_id) is NoticeState.CHECKED
    answer = small_city.clerk.client.post(f"{NOTICES}{notice_id}/expire/", {})
    assert answer.status_code in (409, 422)
    assert state_of(notice_id) is NoticeState.CHECKED


def test_an_objection_is_recorded_checked_and_answered(small_city: SmallCity) -> None:
    clerk, reviewer = small_city.clerk, small_city.reviewer
    notice_id = posted()
    given = {"channel": "phone", "text": "该户有一辆汽车", "name": "李建国", "contact": "13800000000"}
    assert "异议已登记" in taken(clerk, f"{NOTICES}{notice_id}/object/", **given)
    one = queries.objections(actor=PROCESS, at=AT).rows[0].id
    address = f"{OBJECTIONS}{one}/"
    assert clerk.client.get(address).status_code == 403, "who said what is for those who look into it"
    page = reviewer.client.get(address).content.decode()
    for shown in ("该户有一辆汽车", "李建国", "电话"):
        assert shown in page, shown
    assert "核查" in taken(reviewer, f"{address}check/")
    assert "重新调查" in taken(reviewer, f"{address}sustain/", finding="车辆属实")
    page = reviewer.client.get(address).content.decode()
    assert f"{address}answer/" in page
    assert f"{address}close/" not in page, "a named one is answered"
    assert "已答复" in taken(reviewer, f"{address}answer/", answer="经核查属实")


def test_an_anonymous_objection_is_dismissed_and_closed(small_city: SmallCity) -> None:
    one = objected(posted())
    address = f"{OBJECTIONS}{one}/"
    reviewer = small_city.reviewer
    taken(reviewer, f"{address}check/")
    refused = reviewer.client.post(f"{address}dismiss/", {"finding": ""})
    assert refused.status_code == 422
    taken(reviewer, f"{address}dismiss/", finding="车辆已报废")
    assert "已办结" in taken(reviewer, f"{address}close/")


def test_lists_are_filtered_taken_along_and_ask_as_much_for_few_as_for_many(small_city: SmallCity) -> None:
    clerk = small_city.clerk
    assert "没有公示" in clerk.client.get(NOTICES).content.decode()
    assert "没有异议" in clerk.client.get(OBJECTIONS).content.decode()
    counts = []
    for number in (1, 2, 3):
        objected(posted(number))
        clerk.client.get(NOTICES)
        with CaptureQueriesContext(connection) as asked:
            page = clerk.client.get(NOTICES).content.decode()
            clerk.client.get(OBJECTIONS)
        counts.append(len(asked))
        assert page.count("王*兰") == number
    assert len(set(counts)) == 1
    assert "王*兰" not in clerk.client.get(f"{NOTICES}?state=prepared").content.decode()
    assert "王*兰" in clerk.client.get(f"{NOTICES}?state=posted&board=opinion").content.decode()
    answer = clerk.client.get(f"{NOTICES}export/?state=posted")
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert [row[3] for row in sheet] == ["申请人姓名", "王*兰", "王*兰", "王*兰"]


@pytest.mark.parametrize("address", [f"{NOTICES}{{}}/", f"{NOTICES}{{}}/post/", f"{NOTICES}{{}}/object/"])
def test_another_township_finds_nothing(small_city: SmallCity, address: str) -> None:
    notice_id = posted()
    assert small_city.other_township.client.get(address.format(notice_id)).status_code == 404
    assert "王*兰" not in small_city.other_township.client.get(NOTICES).content.decode()


def test_a_department_has_no_notices(small_city: SmallCity) -> None:
    outsider = officer("D009", "何平", "department_officer", TAISHAN)
    assert outsider.client.get(NOTICES).status_code == 403
