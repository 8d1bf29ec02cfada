"""Standards by the pages: proposed, approved by another, published; the board, and what all may read (S04)."""

import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from python_calamine import CalamineWorkbook
from tests.channels.conftest import DAIYUE, TAISHAN, officer
from tests.channels.workbench.catalogue.conftest import CITY, Shelf
from tests.strict_client import StrictClient

from jiuzhu.channels.workbench.catalogue.views import standards
from jiuzhu.core.divisions import DivisionCode

BOARD = "/workbench/catalogue/standards/"
PUBLIC = "/public/programmes/standards/"
URBAN = "dibao_standard_urban_yuan_month"


def proposed(shelf: Shelf, *, value: str = "1234.50", division: DivisionCode = TAISHAN, days: int = 0) -> int:
    given = {
        "parameter": URBAN,
        "division": division.value,
        "value": value,
        "valid_from": str(timezone.localdate() + timedelta(days=days)),
        "valid_to": "",
        "reasoning": "上年城镇居民人均消费支出的三成五",
    }
    answer = shelf.drafter.client.post(f"{BOARD}new/", given)
    assert answer.status_code == 302, answer.content.decode()
    return int(answer.headers["Location"].rstrip("/").rpartition("/")[2])


def approved(shelf: Shelf, standard_id: int) -> None:
    page = f"{BOARD}{standard_id}/"
    given = {"whom": "市财政局", "result": "没有不同意见"}
    assert shelf.drafter.client.post(f"{page}consult/", given).status_code == 302
    answer = shelf.leader.client.post(f"{page}approve/", {"sure": "yes"})
    assert answer.status_code == 302, answer.content.decode()


def published(shelf: Shelf, standard_id: int, **form: str) -> int:
    given = {"document_title": "关于公布低保标准的通知", "document_number": "泰民〔2026〕30号", "effective_on": ""}
    status: int = shelf.leader.client.post(f"{BOARD}{standard_id}/publish/", given | form).status_code
    return status


def test_a_standard_goes_from_proposal_to_publication_and_all_may_read_it(shelf: Shelf) -> None:
    standard_id = proposed(shelf)
    page = f"{BOARD}{standard_id}/"
    text = shelf.drafter.client.get(page).content.decode()
    for shown in ("拟定", "1,234.50", "上年城镇居民人均消费支出的三成五", "您是拟定人"):
        assert shown in text
    assert f"{page}approve/" not in text
    visitor = StrictClient()
    assert "1,234.50" not in visitor.get(PUBLIC).content.decode()
    approved(shelf, standard_id)
    assert published(shelf, standard_id, document_number=" ") == 422
    assert published(shelf, standard_id) == 302
    text = shelf.leader.client.get(page).content.decode()
    for shown in ("已公布", "泰民〔2026〕30号", "没有不同意见", "褚明"):
        assert shown in text
    for address in (PUBLIC, f"{PUBLIC}?division={TAISHAN}"):
        text = visitor.get(address).content.decode()
        assert "1,234.50" in text
        assert "泰民〔2026〕30号" in text
    assert "1,234.50" not in visitor.get(f"{PUBLIC}?division={DAIYUE}").content.decode()
    board = shelf.drafter.client.get(f"{BOARD}?q={URBAN}").content.decode()
    assert f'href="{page}">' in board
    assert "公布的标准" in board


def test_a_later_standard_takes_its_place(shelf: Shelf) -> None:
    first, second = proposed(shelf), proposed(shelf, value="1300", days=30)
    for one in (first, second):
        approved(shelf, one)
        assert published(shelf, one) == 302
    answer = shelf.leader.client.post(f"{BOARD}{first}/replace/", {"sure": "yes"})
    assert answer.status_code == 422
    assert "届时再登记替代" in answer.content.decode()
    assert f"{BOARD}{second}/" in shelf.leader.client.get(f"{BOARD}{first}/").content.decode()
    later = timezone.localdate() + timedelta(days=31)
    assert "1,300" in shelf.drafter.client.get(f"{BOARD}?q={URBAN}&on={later}").content.decode()
    assert "1,300" not in shelf.drafter.client.get(f"{BOARD}?q={URBAN}").content.decode()


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ({"value": "many"}, "应当填写"),
        ({"value": "-1"}, "数值"),
        ({"parameter": "nothing"}, "标准"),
        ({"division": "370902001000"}, "适用地区"),
        ({"reasoning": ""}, "请填写“测算依据”。"),
        ({"valid_from": "soon"}, "执行日期"),
        ({"valid_to": "2020-01-01"}, "终止"),
    ],
)
def test_a_proposal_that_is_wrong_says_so_and_keeps_what_was_typed(
    shelf: Shelf, form: dict[str, str], message: str
) -> None:
    given = {
        "parameter": URBAN,
        "division": TAISHAN.value,
        "value": "1234",
        "valid_from": str(timezone.localdate()),
        "valid_to": "",
        "reasoning": "按上年消费支出测算",
    }
    answer = shelf.drafter.client.post(f"{BOARD}new/", given | form)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert message in text
    assert "reasoning" in form or "按上年消费支出测算" in text
    assert "还没有拟定过标准" in shelf.drafter.client.get(f"{BOARD}proposals/").content.decode()


def test_the_figure_is_found_by_words_and_chosen_from_the_board(shelf: Shelf) -> None:
    client = shelf.drafter.client
    text = client.get(f"{BOARD}new/?q={URBAN}&parameter={URBAN}&division={TAISHAN}").content.decode()
    assert text.count("<option") == 2 + 1 + 3
    assert f'<option value="{URBAN}" selected>' in text
    assert "有0项" in client.get(f"{BOARD}new/?q=nothing-of-this-name").content.decode()


def test_a_standard_is_dropped_with_its_reason_and_the_list_is_narrowed(shelf: Shelf) -> None:
    standard_id = proposed(shelf)
    assert shelf.drafter.client.post(f"{BOARD}{standard_id}/drop/", {"reason": ""}).status_code == 422
    assert shelf.drafter.client.post(f"{BOARD}{standard_id}/drop/", {"reason": "数据有误"}).status_code == 302
    text = shelf.drafter.client.get(f"{BOARD}{standard_id}/").content.decode()
    assert "未通过" in text
    assert "数据有误" in text
    assert "1,234.50" in shelf.drafter.client.get(f"{BOARD}proposals/?state=dropped").content.decode()
    assert "没有这样的标准" in shelf.drafter.client.get(f"{BOARD}proposals/?state=approved").content.decode()


def test_who_proposes_does_not_approve_and_counties_keep_to_themselves(shelf: Shelf) -> None:
    standard_id = proposed(shelf)
    page = f"{BOARD}{standard_id}/"
    assert shelf.drafter.client.get(f"{page}approve/").status_code == 403
    assert shelf.leader.client.post(f"{page}approve/", {"sure": "yes"}).status_code == 422, "not consulted on"
    assert shelf.city.county.client.get(page).status_code == 200
    assert shelf.city.other_county.client.get(page).status_code == 404
    assert shelf.city.citizen.client.get(BOARD).status_code in (403, 404)
    elsewhere = officer("C009", "卫青", "city_officer", CITY)
    assert elsewhere.client.get(page).status_code == 200


def test_the_board_shows_demonstration_values_floors_and_what_is_not_on_file(shelf: Shelf) -> None:
    text = shelf.drafter.client.get(BOARD).content.decode()
    for shown in ("演示", "沿用上级", "泰山区", "岱岳区", "不低于"):
        assert shown in text, shown
    old = shelf.drafter.client.get(f"{BOARD}?q={URBAN}&on=2001-01-01").content.decode()
    assert "没有查到" in old
    assert shelf.drafter.client.get(f"{BOARD}?on=1980-01-01").status_code == 422
    assert "没有符合条件的标准" in shelf.drafter.client.get(f"{BOARD}?q=nothing-of-this-name").content.decode()


def test_the_board_is_taken_along_as_a_workbook(shelf: Shelf) -> None:
    answer = shelf.drafter.client.get(f"{BOARD}export/?q={URBAN}")
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert sheet[0][:5] == ["制度", "标准", "参数", "地区", "数值"]
    assert [row[3] for row in sheet[1:]] == ["泰安市", "泰山区", "岱岳区"]
    assert {row[2] for row in sheet[1:]} == {URBAN}


def test_the_list_asks_the_database_as_often_for_one_as_for_many(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    client = shelf.drafter.client
    proposed(shelf)
    client.get(f"{BOARD}proposals/")
    with CaptureQueriesContext(connection) as one:
        client.get(f"{BOARD}proposals/")
    for _ in range(4):
        proposed(shelf)
    with CaptureQueriesContext(connection) as more:
        client.get(f"{BOARD}proposals/")
    assert len(one) == len(more)
    monkeypatch.setattr(standards, "_PAGE", 2)
    text = client.get(f"{BOARD}proposals/").content.decode()
    assert "下一页" in text
    following = client.get(f"{BOARD}proposals/?after={text.rpartition('?after=')[2].split(chr(34))[0]}")
    assert following.status_code == 200


def test_programme_pages_lead_to_the_standards(shelf: Shelf) -> None:
    visitor = StrictClient()
    assert PUBLIC in visitor.get("/public/programmes/").content.decode()
    assert (
        f"{PUBLIC}?division={TAISHAN}" in visitor.get(f"/public/programmes/dibao/?division={TAISHAN}").content.decode()
    )
    assert "没有符合条件的标准" in visitor.get(f"{PUBLIC}?q=nothing-of-this-name").content.decode()
    assert visitor.get(f"{PUBLIC}?division=000").status_code == 404
