"""Views that are sent the same request twice."""

import json
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, StreamingHttpResponse
from django.test import RequestFactory

from jiuzhu.core.actors import Actor, ActorKind, Scope, system_actor
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.core.errors import Conflict, InvalidValue
from jiuzhu.groundwork.database.cluster import Connections
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.groundwork.idempotency import expiry, views
from jiuzhu.groundwork.idempotency.models import IdempotentAnswer
from jiuzhu.groundwork.idempotency.views import idempotent
from jiuzhu.groundwork.tasks.effects import effect_once

KEY = "0b6f6a7e-form"
SYSTEM = system_actor("test")
View = Callable[..., HttpResponseBase]


def clerk(account_id: int = 1) -> Actor:
    scope = Scope(division=DivisionCode("370902001000"))
    return Actor(kind=ActorKind.STAFF, account_id=account_id, name="clerk", scope=scope)


class Page:
    """A view that counts how often it really worked, and writes something each time."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.answer = answer
        self.times = 0
        self.__name__ = "page"

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        self.times += 1
        with acting(SYSTEM), effect_once(f"page {id(self)} {self.times}", at=datetime.now(UTC)):
            return self.answer(request)


def page(text: str = "已保存", status: int = 200) -> Page:
    made = Page(lambda _request: HttpResponse(f"{text} {made.times}", status=status))
    return made


def post(
    view: View,
    fields: dict[str, object] | None = None,
    *,
    key: str = KEY,
    account_id: int = 1,
    path: str = "/save/",
) -> HttpResponse:
    body = {"csrfmiddlewaretoken": f"t{id(object())}", **(fields or {"name": "a"})}
    if key:
        body["idempotency_key"] = key
    request = RequestFactory().post(path, body)
    request.actor = clerk(account_id)  # type: ignore[attr-defined]
    response = view(request)
    assert isinstance(response, HttpResponse)
    return response


def post_json(view: View, data: object, *, key: str = KEY) -> HttpResponse:
    request = RequestFactory().post(
        "/api/", json.dumps(data), content_type="application/json", headers={"idempotency-key": key}
    )
    response = view(request)
    assert isinstance(response, HttpResponse)
    return response


@pytest.mark.django_db
def test_the_same_form_sent_twice_is_carried_out_once_and_answered_alike() -> None:
    saving = page()
    first, second = post(idempotent(saving)), post(idempotent(saving))
    assert saving.times == 1
    assert (first.status_code, first.content.decode()) == (200, "已保存 1")
    assert (second.status_code, second.content) == (200, first.content)
    assert second.headers["Content-Type"] == first.headers["Content-Type"]
    assert (first.headers.get(views.REPLAYED), second.headers[views.REPLAYED]) == (None, "true")


@pytest.mark.django_db
def test_a_redirect_is_repeated_with_its_target() -> None:
    saving = Page(lambda _request: HttpResponseRedirect("/case/7/"))
    post(idempotent(saving))
    again = post(idempotent(saving))
    assert (saving.times, again.status_code, again.headers["Location"]) == (1, 302, "/case/7/")


@pytest.mark.django_db
def test_other_content_under_the_same_key_is_refused_in_clear_words() -> None:
    saving = page()
    post(idempotent(saving))
    with pytest.raises(Conflict) as refusal:
        post(idempotent(saving), {"name": "b"})
    assert saving.times == 1
    assert refusal.value.code == "idempotency.other_content"
    assert "本次未保存" in refusal.value.message_zh


@pytest.mark.django_db
def test_keys_of_other_senders_pages_and_forms_do_not_meet() -> None:
    saving = page()
    view = idempotent(saving)
    post(view)
    post(view, account_id=2)
    post(view, path="/other/")
    post(view, key="another-key")
    assert saving.times == 4


@pytest.mark.django_db
def test_a_request_without_a_key_or_that_only_reads_runs_as_ever() -> None:
    saving = page()
    post(idempotent(saving), key="")
    post(idempotent(saving), key="")
    idempotent(saving)(RequestFactory().get("/save/", headers={"idempotency-key": KEY}))
    assert saving.times == 3
    with acting(SYSTEM):
        assert not IdempotentAnswer.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["short", "x" * 129, "幂等键幂等键幂等键", "with\nnewline"])
def test_a_malformed_key_is_refused(key: str) -> None:
    saving = page()
    with pytest.raises(InvalidValue, match="8 to 128"):
        post(idempotent(saving), key=key)
    assert saving.times == 0


@pytest.mark.django_db
def test_a_refused_form_may_be_corrected_and_sent_under_the_same_key() -> None:
    refusing, saving = page(status=422), page()
    assert post(idempotent(refusing)).status_code == 422
    assert post(idempotent(saving), {"name": "corrected"}).status_code == 200
    assert (refusing.times, saving.times) == (1, 1)


@pytest.mark.django_db
def test_a_view_that_breaks_keeps_neither_its_effect_nor_the_key() -> None:
    def answer(_request: HttpRequest) -> HttpResponseBase:
        raise ZeroDivisionError

    breaking, saving = Page(answer), page()
    with pytest.raises(ZeroDivisionError):
        post(idempotent(breaking))
    assert post(idempotent(saving)).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize(
    "answer",
    [
        lambda _request: HttpResponse(b"x" * (256 * 1024 + 1)),
        lambda _request: StreamingHttpResponse(iter([b"x"])),
    ],
)
def test_an_answer_too_large_to_keep_is_not_carried_out_again_either(
    answer: Callable[[HttpRequest], HttpResponseBase],
) -> None:
    exporting = Page(answer)
    view = idempotent(exporting)
    request = RequestFactory().post("/save/", {"idempotency_key": KEY})
    assert view(request).status_code == 200
    with pytest.raises(Conflict, match="already been carried out"):
        view(RequestFactory().post("/save/", {"idempotency_key": KEY}))
    assert exporting.times == 1


@pytest.mark.django_db
def test_json_and_uploads_are_compared_by_content() -> None:
    saving = page()
    view = idempotent(saving)
    assert post_json(view, {"a": 1}).status_code == 200
    assert post_json(view, {"a": 1}).headers[views.REPLAYED] == "true"
    with pytest.raises(Conflict):
        post_json(view, {"a": 2})
    for _ in range(2):
        post(view, {"file": SimpleUploadedFile("roll.xlsx", b"one")}, key="upload-key")
    with pytest.raises(Conflict):
        post(view, {"file": SimpleUploadedFile("roll.xlsx", b"two")}, key="upload-key")
    assert saving.times == 2


@pytest.mark.django_db
def test_an_upload_can_still_be_read_by_the_view() -> None:
    reading = Page(lambda request: HttpResponse(request.FILES["file"].read()))  # type: ignore[union-attr]
    assert post(idempotent(reading), {"file": SimpleUploadedFile("a.txt", b"content")}).content == b"content"


@pytest.mark.django_db
def test_what_a_page_showed_is_kept_sealed_and_for_the_system_only() -> None:
    post(idempotent(page("测试甲的低保金")))
    with acting(SYSTEM):
        stored = IdempotentAnswer.objects.get()
    assert "测试甲".encode() not in bytes(stored.body)
    with acting(clerk()):
        assert not IdempotentAnswer.objects.exists()


@pytest.mark.django_db
def test_keys_are_forgotten_after_their_time() -> None:
    saving = page()
    post(idempotent(saving))
    now = datetime.now(UTC)
    assert expiry.forget(before=now - timedelta(days=7)) == 0
    expiry.forget_old(int((now + timedelta(days=8)).timestamp()))
    post(idempotent(saving))
    assert saving.times == 2


def test_a_request_that_comes_while_the_first_is_answered_waits_and_gets_its_answer(
    committing_db: Connections,
) -> None:
    inside, may_end, answers = threading.Event(), threading.Event(), []

    def answer(_request: HttpRequest) -> HttpResponseBase:
        inside.set()
        may_end.wait(10)
        return HttpResponse("已保存")

    saving = Page(answer)

    def send() -> None:
        try:
            answers.append(post(idempotent(saving)))
        finally:
            connection.close()

    threads = [threading.Thread(target=send)]
    threads[0].start()
    assert inside.wait(10)
    threads += [threading.Thread(target=send) for _ in range(3)]
    for thread in threads[1:]:
        thread.start()
    threads[1].join(0.1)
    assert answers == []
    may_end.set()
    for thread in threads:
        thread.join(10)
    assert saving.times == 1
    assert [answer.content.decode() for answer in answers] == ["已保存"] * 4


def test_a_request_that_waited_too_long_is_told_so(committing_db: Connections, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "_PATIENCE", "50ms")
    refusals: list[Conflict] = []
    saving = page()

    def answer(_request: HttpRequest) -> HttpResponseBase:
        def send() -> None:
            try:
                post(idempotent(saving))
            except Conflict as refusal:
                refusals.append(refusal)
            finally:
                connection.close()

        impatient = threading.Thread(target=send)
        impatient.start()
        impatient.join(10)
        return HttpResponse("已保存")

    assert post(idempotent(Page(answer))).status_code == 200
    assert saving.times == 0
    assert [refusal.code for refusal in refusals] == ["idempotency.busy"]
