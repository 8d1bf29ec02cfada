"""The frame: choices from cookies, languages of the switch, the navigation's current place."""

import pytest
from django.test import RequestFactory
from django.utils import translation

from jiuzhu.channels.kit.context import Density, NavigationItem, Theme, frame_of, marked

ITEMS = (
    NavigationItem("首页", "/workbench/"),
    NavigationItem("困难群众库", "/workbench/registry/"),
    NavigationItem("组织", "/workbench/organization/"),
)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/workbench/", "/workbench/"),
        ("/workbench/registry/", "/workbench/registry/"),
        ("/workbench/registry/persons/7/", "/workbench/registry/"),
        ("/workbench/registryx/", "/workbench/"),
        ("/elsewhere/", None),
    ],
)
def test_the_nearest_item_is_the_current_one(path: str, expected: str | None) -> None:
    current = [item.href for item in marked(ITEMS, path) if item.current]
    assert current == ([expected] if expected else [])


def test_without_choices_each_channel_has_its_own_density() -> None:
    frame = frame_of(RequestFactory().get("/"))
    assert frame.citizen_density is Density.CITIZEN
    assert frame.staff_density is Density.STAFF
    assert frame.theme is Theme.AUTO
    assert not frame.elder


def test_a_page_answered_to_a_post_leads_back_home() -> None:
    assert frame_of(RequestFactory().get("/public/?a=1")).path == "/public/?a=1"
    assert frame_of(RequestFactory().post("/workbench/x/")).path == "/"


def test_the_language_in_use_is_the_chosen_one() -> None:
    with translation.override("en"):
        frame = frame_of(RequestFactory().get("/"))
    assert [language.tag for language in frame.languages if language.chosen] == ["en"]
    assert frame.place == "Tai'an (demonstration)"
