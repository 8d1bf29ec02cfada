"""Choices of density, theme and language: kept in a cookie, sent by POST with a token, and back to a page of ours."""

import pytest
from django.conf import settings
from django.test import Client, RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from jiuzhu.channels.kit.views import safe_return

CHOICES = [
    ("density", "density", "elder"),
    ("density", "density", "staff"),
    ("theme", "theme", "dark"),
    ("language", settings.LANGUAGE_COOKIE_NAME, "en"),
]


@pytest.mark.parametrize(("choice", "cookie", "value"), CHOICES)
def test_a_choice_is_kept_and_leads_back(client: Client, choice: str, cookie: str, value: str) -> None:
    answer = client.post(f"/choose/{choice}/", {choice: value, "next": "/public/?a=1"})
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/public/?a=1"
    morsel = answer.cookies[cookie]
    assert morsel.value == value
    assert morsel["httponly"]
    assert morsel["samesite"] == "Lax"


@pytest.mark.parametrize(("choice", "value"), [("density", "standard"), ("theme", "auto")])
def test_a_choice_can_be_forgotten(client: Client, choice: str, value: str) -> None:
    client.cookies.load({choice: "elder" if choice == "density" else "dark"})
    answer = client.post(f"/choose/{choice}/", {choice: value})
    assert answer.status_code == 302
    assert answer.cookies[choice].value == ""


@pytest.mark.parametrize("choice", ["density", "theme", "language"])
@pytest.mark.parametrize("value", ["", "giant", "zh-tw", "<b>"])
def test_a_choice_that_does_not_exist_is_refused_in_words(client: Client, choice: str, value: str) -> None:
    answer = client.post(f"/choose/{choice}/", {choice: value})
    assert answer.status_code == 422
    assert "没有这个选项" in answer.content.decode()
    assert not {"density", "theme", settings.LANGUAGE_COOKIE_NAME} & set(answer.cookies)


@pytest.mark.parametrize("choice", ["density", "theme", "language"])
def test_a_choice_needs_post_and_a_token(choice: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.get(f"/choose/{choice}/").status_code == 405
    assert strict.post(f"/choose/{choice}/", {choice: "elder"}).status_code == 403


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/",
        "//evil.example/",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "http:evil",
        "evil",
        "",
        "/ok\nLocation: x",
    ],
)
def test_a_way_back_out_of_the_site_leads_home(wanted: str) -> None:
    request = RequestFactory().post("/choose/density/", {"next": wanted})
    assert safe_return(request) == "/"


@given(st.text(max_size=60))
def test_a_way_back_is_always_a_path_of_this_site(wanted: str) -> None:
    found = safe_return(RequestFactory().post("/choose/density/", {"next": wanted}))
    assert found.startswith("/")
    assert not found.startswith(("//", "/\\"))
