"""The boards: everyone reads what is up, masked, and only while it is up; anyone objects and asks by a number (S18)."""

import re
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.channels.conftest import DAIMIAO, DONGHU, SHICHANG, SmallCity
from tests.strict_client import StrictClient

from jiuzhu.core.actors import system_actor
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.core.names import PersonName
from jiuzhu.rooms.disclosure import actions, queries
from jiuzhu.rooms.disclosure.permissions import Permission
from jiuzhu.rooms.disclosure.states import Board, ObjectionState

BOARDS = "/public/boards/"
OFFICER = system_actor("test", permissions=list(Permission))


@pytest.fixture
def visitor(small_city: SmallCity) -> StrictClient:
    """Somebody who is not signed in, in the small city."""
    return StrictClient()


def posted(village: DivisionCode = DONGHU, number: int = 1, board: Board = Board.OPINION) -> int:
    """A notice that was put up today."""
    first, second = replace(OFFICER, account_id=8_000_001), replace(OFFICER, account_id=8_000_002)
    at = timezone.now()
    case = queries.Shown(PersonName("王秀兰"), False, None, 3, 96_670, "monthly", "yes", "")
    made = actions.prepare_notice(
        actor=first,
        at=at,
        division=village,
        programme="dibao",
        board=board,
        subject_type="test.case",
        subject_id=number,
        case=case,
    )
    actions.check_notice(actor=second, at=at, notice_id=made)
    actions.post_notice(actor=first, at=at, notice_id=made, places=["village"])
    return made


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_a_board_shows_what_is_up_masked_and_to_no_search_engine(visitor: StrictClient) -> None:
    posted()
    answer = visitor.get(f"{BOARDS}?division={DONGHU}")
    page = text_of(answer.content.decode())
    for shown in ("王*兰", "3人", "966.70元", "每月", "提出异议"):
        assert shown in page, shown
    assert "王秀兰" not in page
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_places_are_chosen_down_to_the_village_and_boards_beside_each_other(visitor: StrictClient) -> None:
    posted()
    posted(SHICHANG, 2, Board.DECISION)
    for place, board, count in (
        (DAIMIAO, "opinion", 1),
        (DONGHU, "opinion", 1),
        (SHICHANG, "opinion", 0),
        (DONGHU, "decision", 0),
        (SHICHANG, "decision", 1),
    ):
        page = visitor.get(f"{BOARDS}?division={place}&board={board}").content.decode()
        assert page.count("王*兰</td>") == count, (place, board)
    assert "这里现在没有公示" in visitor.get(f"{BOARDS}?division={DONGHU}&board=village_affairs").content.decode()
    assert visitor.get(f"{BOARDS}?division=370902001").status_code in (200, 404)
    assert visitor.get(f"{BOARDS}?division=370100000000").status_code == 404
    assert visitor.get(f"{BOARDS}?board=nothing&after=x").status_code == 200


def test_a_board_asks_as_much_for_few_as_for_many(visitor: StrictClient) -> None:
    counts = []
    for number in (1, 2, 3, 4):
        posted(number=number)
        visitor.get(f"{BOARDS}?division={DONGHU}")
        with CaptureQueriesContext(connection) as asked:
            visitor.get(f"{BOARDS}?division={DONGHU}")
        counts.append(len(asked))
    assert len(set(counts)) == 1


def test_anyone_objects_and_asks_by_the_number(visitor: StrictClient) -> None:
    notice_id = posted()
    form = {"text": "该户有一辆汽车", "name": "", "contact": "", "idempotency_key": "k" * 32}
    answer = visitor.post(f"{BOARDS}{notice_id}/object/", form)
    page = text_of(answer.content.decode())
    number = re.search(r"\b[2-9A-Z]{10}\b", page)
    assert number is not None, page
    again = visitor.post(f"{BOARDS}{notice_id}/object/", form)
    assert number[0] in again.content.decode(), "sent twice, it is taken once"
    found = queries.objections(actor=OFFICER, at=timezone.now(), notice_id=notice_id)
    assert [one.number for one in found.rows] == [number[0]]
    assert "已收到" in text_of(visitor.get(f"{BOARDS}answer/?number={number[0].lower()}").content.decode())
    one = found.rows[0].id
    actions.check_objection(actor=OFFICER, at=timezone.now(), objection_id=one)
    actions.dismiss_objection(actor=OFFICER, at=timezone.now(), objection_id=one, finding="车辆已报废")
    page = text_of(visitor.get(f"{BOARDS}answer/?number={number[0]}").content.decode())
    assert "异议不成立" in page
    assert "车辆已报废" not in page, "what was found out about the family is not told"
    assert "没有这个查询号" in visitor.get(f"{BOARDS}answer/?number=ABCDEFGHJK").content.decode()


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ({"text": ""}, "请填写“哪里不对”。"),
        ({"text": "x" * 2001}, "2000"),
        ({"text": "有车", "name": "李建国"}, "请留下电话或地址"),
    ],
)
def test_a_form_that_is_wrong_says_so_and_keeps_nothing(
    visitor: StrictClient, form: dict[str, str], message: str
) -> None:
    notice_id = posted()
    answer = visitor.post(f"{BOARDS}{notice_id}/object/", {"name": "", "contact": ""} | form)
    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert queries.objections(actor=OFFICER, at=timezone.now(), notice_id=notice_id).rows == ()


def test_a_named_objector_is_answered(visitor: StrictClient) -> None:
    notice_id = posted()
    form = {"text": "该户有一辆汽车", "name": "李建国", "contact": "13800000000"}
    assert "核查后会答复您" in visitor.post(f"{BOARDS}{notice_id}/object/", form).content.decode()
    one = queries.objections(actor=OFFICER, at=timezone.now()).rows[0]
    detail = queries.objection(actor=OFFICER, at=timezone.now(), objection_id=one.id)
    assert (detail.name, one.state) == ("李建国", ObjectionState.RECEIVED)


def test_what_is_down_is_gone(visitor: StrictClient) -> None:
    notice_id = posted()
    actions.withdraw_notice(actor=OFFICER, at=timezone.now(), notice_id=notice_id, reason="内容有误")
    assert "王*兰" not in visitor.get(f"{BOARDS}?division={DONGHU}").content.decode()
    address = f"{BOARDS}{notice_id}/object/"
    assert visitor.get(address).status_code == visitor.post(address, {"text": "x"}).status_code == 404
