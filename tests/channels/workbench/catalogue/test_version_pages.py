"""Versions of the packs by the pages: drafted, checked in the background, published by another (S01 S07)."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.channels.conftest import Persona, last_message
from tests.channels.workbench.catalogue.conftest import CITY, Shelf, work
from tests.rooms.catalogue.conftest import changed

from jiuzhu.core.actors import system_actor
from jiuzhu.core.errors import Conflict
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.groundwork.tasks.progress import recent
from jiuzhu.journeys import check_pack as journey
from jiuzhu.rooms.catalogue import actions, queries
from jiuzhu.rooms.catalogue.queries import public_shipped_packs
from jiuzhu.rooms.catalogue.states import PackState

LIST = "/workbench/catalogue/versions/"
PARAMETERS = "policies/370900-ours/butie/parameters.yaml"


def answered(answer: object) -> HttpResponse:
    """The test client's answer as what it is."""
    assert isinstance(answer, HttpResponse)
    return answer


def upload(
    persona: Persona, archive: bytes, *, address: str = f"{LIST}new/", title: str = "市级政策包"
) -> HttpResponse:
    file = SimpleUploadedFile("packs.zip", archive, content_type="application/zip")
    return answered(persona.client.post(address, {"title": title, "note": "试运行", "archive": file}))


def drafted(shelf: Shelf, archive: bytes | None = None) -> int:
    answer = upload(shelf.drafter, archive or shelf.packs)
    assert answer.status_code == 302, answer.content.decode()
    return int(answer.headers["Location"].rstrip("/").rpartition("/")[2])


def checked(shelf: Shelf, pack_id: int) -> None:
    """Ask for the check by the page, and let the worker do it."""
    answer = shelf.drafter.client.post(f"{LIST}{pack_id}/check/", {"sure": "yes"})
    assert answer.status_code == 302
    with acting(shelf.drafter.actor()):
        key = recent(actor=shelf.drafter.actor())[0].key
    journey.run_check(work(shelf.drafter), pack_id=pack_id, key=key)
    taken_from_the_queue()


def taken_from_the_queue() -> None:
    """What a worker does with a job before it runs it."""
    with acting(system_actor("test")), connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")


def state_of(shelf: Shelf, pack_id: int) -> PackState:
    found = queries.pack_version(actor=shelf.drafter.actor(), at=timezone.now(), pack_id=pack_id)
    return found.version.state


def published(shelf: Shelf, pack_id: int, day: object) -> HttpResponse:
    given = {"document_number": "泰民〔2026〕9号", "effective_on": str(day)}
    return answered(shelf.leader.client.post(f"{LIST}{pack_id}/publish/", given))


def test_a_version_is_drafted_checked_and_published_by_another(shelf: Shelf) -> None:
    pack_id = drafted(shelf)
    client, page = shelf.drafter.client, f"{LIST}{pack_id}/"
    text = client.get(page).content.decode()
    assert "还没有校验" in text
    assert "试运行" in text
    checked(shelf, pack_id)
    text = client.get(page).content.decode()
    for shown in ("校验通过", "已校验", "您是起草人", "算例"):
        assert shown in text
    assert f"{page}publish/" not in text, "who drafts does not publish"
    assert f"{page}publish/" in shelf.leader.client.get(page).content.decode()
    answer = published(shelf, pack_id, timezone.localdate())
    assert answer.status_code == 302
    text = shelf.leader.client.get(page).content.decode()
    for shown in ("已发布", "泰民〔2026〕9号", "岳明", "褚明"):
        assert shown in text
    listed = client.get(LIST).content.decode()
    assert "今天施行的版本" in listed
    assert "今天按程序自带的政策包办理" not in listed
    assert queries.public_packs(timezone.localdate()).digest in text


def test_the_list_says_what_is_in_force_before_the_first_version(shelf: Shelf) -> None:
    text = shelf.drafter.client.get(LIST).content.decode()
    assert "今天按程序自带的政策包办理" in text
    assert public_shipped_packs().digest in text
    assert "还没有版本" in text
    assert "没有这样的版本" in shelf.drafter.client.get(f"{LIST}?state=withdrawn").content.decode()
    assert shelf.drafter.client.get(f"{LIST}?state=nothing").status_code == 422


def test_what_is_in_force_becomes_a_draft(shelf: Shelf) -> None:
    answer = shelf.drafter.client.post(f"{LIST}from-force/", {"title": "第一版", "note": ""})
    assert answer.status_code == 302
    pack_id = int(answer.headers["Location"].rstrip("/").rpartition("/")[2])
    archive = shelf.drafter.client.get(f"{LIST}{pack_id}/archive/")
    assert archive.headers["Content-Type"] == "application/zip"
    assert archive.content[:2] == b"PK"
    found = queries.pack_version(actor=shelf.drafter.actor(), at=timezone.now(), pack_id=pack_id).version
    assert found.file_count > 100
    again = shelf.drafter.client.post(f"{LIST}from-force/", {"title": " ", "note": "保留的说明"})
    assert again.status_code == 422
    assert "请填写“政策包名称”。" in again.content.decode()
    assert "保留的说明" in again.content.decode()


def test_the_version_in_force_is_what_is_copied(shelf: Shelf) -> None:
    pack_id = drafted(shelf)
    checked(shelf, pack_id)
    published(shelf, pack_id, timezone.localdate())
    made = actions.draft_in_force(actor=shelf.drafter.actor(), at=timezone.now(), division=CITY, title="下一版")
    first, second = (
        queries.pack_version(actor=shelf.drafter.actor(), at=timezone.now(), pack_id=one).version
        for one in (pack_id, made)
    )
    assert first.archive_sha256 == second.archive_sha256
    assert second.state is PackState.DRAFT


@pytest.mark.parametrize(
    ("archive", "said"), [(b"no zip at all", "zip"), (b"", "政策包压缩文件")], ids=["no-zip", "empty"]
)
def test_a_file_that_is_no_archive_is_refused_beside_its_field(shelf: Shelf, archive: bytes, said: str) -> None:
    answer = upload(shelf.drafter, archive, title="改好的版本")
    assert answer.status_code == 422
    text = answer.content.decode()
    assert said in text
    assert 'value="改好的版本"' in text, "what was typed in is not lost"
    assert "试运行" in text
    assert "还没有版本" in shelf.drafter.client.get(LIST).content.decode()


def test_a_draft_that_fails_says_where_and_what_to_do_and_is_put_right(shelf: Shelf) -> None:
    wrong = changed(shelf.packs, PARAMETERS, "value: ", "valve: ")
    pack_id = drafted(shelf, wrong)
    checked(shelf, pack_id)
    page = f"{LIST}{pack_id}/"
    text = shelf.drafter.client.get(page).content.decode()
    assert "校验没有通过" in text
    assert f"{PARAMETERS}:" in text
    assert state_of(shelf, pack_id) is PackState.DRAFT
    shelf.drafter.client.cookies["language"] = "en"
    assert PARAMETERS in shelf.drafter.client.get(page).content.decode()
    shelf.drafter.client.cookies["language"] = "zh-hans"
    answer = upload(shelf.drafter, shelf.packs, address=f"{page}redraft/")
    assert last_message(answer) == "草案已替换，请重新校验。"
    assert "还没有校验" in shelf.drafter.client.get(page).content.decode()
    checked(shelf, pack_id)
    assert state_of(shelf, pack_id) is PackState.CHECKED


def test_the_check_shows_how_far_it_is_and_refreshes_at_its_end(shelf: Shelf) -> None:
    pack_id = drafted(shelf)
    client, page = shelf.drafter.client, f"{LIST}{pack_id}/"
    client.post(f"{page}check/", {"sure": "yes"})
    assert "正在校验" in client.get(page).content.decode()
    asked = client.get(f"{page}progress/", headers={"HX-Request": "true"})
    assert "check-progress" in asked.content.decode()
    assert "HX-Refresh" not in asked.headers
    assert "正在校验" in client.get(f"{page}progress/").content.decode(), "opened by itself it is the whole page"
    with acting(shelf.drafter.actor()):
        bar = recent(actor=shelf.drafter.actor())[0]
    journey.run_check(work(shelf.drafter), pack_id=pack_id, key=bar.key)
    assert client.get(f"{page}progress/", headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"
    with acting(shelf.drafter.actor()):
        assert recent(actor=shelf.drafter.actor())[0].percent == 100
    journey.run_check(work(shelf.drafter), pack_id=pack_id, key=bar.key)  # a job that comes twice does nothing


def test_a_check_that_breaks_down_says_so(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    pack_id = drafted(shelf)
    client, page = shelf.drafter.client, f"{LIST}{pack_id}/"
    client.post(f"{page}check/", {"sure": "yes"})
    with acting(shelf.drafter.actor()):
        key = recent(actor=shelf.drafter.actor())[0].key

    def changed_meanwhile(**_: object) -> None:
        raise Conflict("catalogue.pack.changed", "校验期间草案已被修改，请重新校验", "Changed meanwhile.")

    monkeypatch.setattr(actions, "check_pack", changed_meanwhile)
    journey.run_check(work(shelf.drafter), pack_id=pack_id, key=key)
    assert "校验期间草案已被修改" in client.get(page).content.decode()
    taken_from_the_queue()

    def broken(**_: object) -> None:
        raise OSError("disk")

    client.post(f"{page}check/", {"sure": "yes", "idempotency_key": "k" * 32})
    with acting(shelf.drafter.actor()):
        key = recent(actor=shelf.drafter.actor())[0].key
    monkeypatch.setattr(actions, "check_pack", broken)
    with pytest.raises(OSError, match="disk"):
        journey.run_check(work(shelf.drafter), pack_id=pack_id, key=key)
    assert "请重新发起校验" in client.get(page).content.decode()


def test_a_checked_version_is_sent_back_and_withdrawn_with_reasons(shelf: Shelf) -> None:
    pack_id = drafted(shelf)
    checked(shelf, pack_id)
    client, page = shelf.drafter.client, f"{LIST}{pack_id}/"
    answer = client.post(f"{page}revise/", {"reason": " "})
    assert answer.status_code == 422
    assert "请填写“原因”。" in answer.content.decode()
    assert client.post(f"{page}revise/", {"reason": "漏了一条依据"}).status_code == 302
    assert state_of(shelf, pack_id) is PackState.DRAFT
    assert client.post(f"{page}withdraw/", {"reason": "不再需要"}).status_code == 302
    text = client.get(page).content.decode()
    for shown in ("已撤销", "漏了一条依据", "不再需要"):
        assert shown in text
    assert f"{page}check/" not in text


def test_publishing_is_refused_to_the_drafter_before_the_check_and_for_a_day_that_lies_back(shelf: Shelf) -> None:
    pack_id = drafted(shelf)
    today = timezone.localdate()
    assert published(shelf, pack_id, today).status_code == 422, "not checked"
    given = {"document_number": "泰民〔2026〕9号", "effective_on": str(today)}
    assert shelf.drafter.client.post(f"{LIST}{pack_id}/publish/", given).status_code == 403
    checked(shelf, pack_id)
    assert published(shelf, pack_id, "some day").status_code == 422
    assert published(shelf, pack_id, today).status_code == 302
    later = drafted(shelf)
    checked(shelf, later)
    answer = published(shelf, later, today - timedelta(days=1))
    assert answer.status_code == 422
    assert "不能早于今天" in answer.content.decode()
    assert published(shelf, later, today + timedelta(days=1)).status_code == 302
    answer = answered(shelf.leader.client.post(f"{LIST}{pack_id}/supersede/", {"sure": "yes"}))
    assert answer.status_code == 422
    assert "届时再登记被替代" in answer.content.decode()


def test_other_places_see_no_draft_and_may_not_act_on_what_is_published(shelf: Shelf) -> None:
    pack_id = drafted(shelf)
    county = shelf.city.county.client
    assert county.get(f"{LIST}{pack_id}/").status_code == 404
    assert "市级政策包" not in county.get(LIST).content.decode()
    checked(shelf, pack_id)
    published(shelf, pack_id, timezone.localdate())
    text = county.get(f"{LIST}{pack_id}/").content.decode()
    assert "已发布" in text
    assert "褚明" in text
    assert shelf.city.clerk.client.get(f"{LIST}{pack_id}/check/").status_code == 403
    assert shelf.city.citizen.client.get(LIST).status_code in (403, 404)


def test_the_list_asks_the_database_as_often_for_one_as_for_many(shelf: Shelf) -> None:
    drafted(shelf)
    client = shelf.drafter.client
    client.get(LIST)
    with CaptureQueriesContext(connection) as one:
        client.get(LIST)
    for _ in range(32):
        drafted(shelf)
    with CaptureQueriesContext(connection) as more:
        text = client.get(LIST).content.decode()
    assert len(one) == len(more)
    assert "下一页" in text
    following = client.get(f"{LIST}?after={text.rpartition('?after=')[2].split(chr(34))[0]}").content.decode()
    assert following.count("市级政策包</a>") == 3
