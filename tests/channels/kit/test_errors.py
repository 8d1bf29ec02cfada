"""Error pages: the right status, plain words, what to do next, and no need of the database."""

from collections.abc import Callable
from unittest.mock import patch

import pytest
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.test import Client, RequestFactory
from django.utils import translation
from tests.strict_client import check_page

from jiuzhu.channels.kit import errors
from jiuzhu.core.actors import OutOfScope, PermissionRefused
from jiuzhu.core.errors import Conflict, InvalidValue, NotFound, Refusal, RuleRefused
from jiuzhu.rooms.registry.permissions import PERMISSION_NAMES, Permission

REFUSALS: list[tuple[Refusal, int]] = [
    (PermissionRefused("registry.person.view"), 403),
    (OutOfScope(), 404),
    (NotFound("test.missing", "没有此人", "No such person."), 404),
    (Conflict("test.conflict", "已被他人修改", "Changed by someone else."), 409),
    (RuleRefused("test.rule", "公示期未满", "The notice period is not over."), 422),
    (InvalidValue("test.value", "校验位不对", "Wrong check digit."), 422),
]
PAGES: list[tuple[Callable[[HttpRequest], HttpResponse], int]] = [
    (errors.bad_request, 400),
    (lambda request: errors.bad_request(request, RequestDataTooBig()), 413),
    (lambda request: errors.bad_request(request, TooManyFieldsSent()), 413),
    (errors.forbidden, 403),
    (errors.not_found, 404),
    (errors.too_many_requests, 429),
    (errors.server_error, 500),
    (errors.csrf_failure, 403),
]


def _request() -> HttpRequest:
    return RequestFactory().get("/somewhere/")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize(("page", "status"), PAGES)
def test_an_error_page_says_what_to_do_without_the_database(
    page: Callable[[HttpRequest], HttpResponse], status: int, language: str
) -> None:
    with translation.override(language):
        answer = page(_request())
    text = answer.content.decode()
    assert answer.status_code == status
    check_page(text, str(status))
    assert ("What you can do" if language == "en" else "您可以这样做") in text
    assert "12349" in text


@pytest.mark.parametrize(("refusal", "status"), REFUSALS, ids=lambda value: str(value)[:12])
def test_a_refusal_of_the_domain_becomes_a_page_with_its_own_words(refusal: Refusal, status: int) -> None:
    middleware = errors.RefusalMiddleware(lambda request: HttpResponse())
    with translation.override("zh-hans"):
        answer = middleware.process_exception(_request(), refusal)
    assert answer is not None
    assert answer.status_code == status
    assert refusal.message_zh.split("（", maxsplit=1)[0] in answer.content.decode()
    with translation.override("en"):
        english = errors.answer(_request(), refusal).content.decode()
    assert refusal.message_en.split("'", maxsplit=1)[0] in english


def test_a_missing_permission_is_named_in_words() -> None:
    page = errors.answer(_request(), PermissionRefused("registry.person.view")).content.decode()
    assert PERMISSION_NAMES[Permission.PERSON_VIEW][0] in page
    assert "registry.person.view" not in page


def test_a_fault_of_the_program_is_not_taken_for_a_refusal() -> None:
    middleware = errors.RefusalMiddleware(lambda request: HttpResponse())
    assert middleware.process_exception(_request(), RuntimeError("fault")) is None


def test_a_wrong_method_gets_a_page_and_keeps_the_allowed_ones() -> None:
    middleware = errors.RefusalMiddleware(lambda request: HttpResponseNotAllowed(["POST"]))
    answer = middleware(_request())
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "POST"
    check_page(answer.content.decode(), "405")


def test_words_of_a_refusal_are_escaped() -> None:
    answer = errors.answer(_request(), RuleRefused("test.rule", "<script>坏</script>", "<script>bad</script>"))
    assert b"<script>\xe5" not in answer.content
    assert "&lt;script&gt;坏" in answer.content.decode()


def test_an_error_page_survives_a_broken_template() -> None:
    with patch.object(errors, "render_to_string", side_effect=RuntimeError("broken")):
        answer = errors.server_error(_request())
    assert answer.status_code == 500
    assert "系统出了问题" in answer.content.decode()
    check_page(answer.content.decode(), "bare")


def test_an_unknown_address_is_a_page_with_the_request_number(client: Client) -> None:
    answer = client.get("/no/such/page/")
    assert answer.status_code == 404
    assert answer.headers["X-Request-ID"] in answer.content.decode()
