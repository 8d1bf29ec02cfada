"""Programmes for everyone: found by words, group and place; complete, demonstration values marked (S01 S02 S07)."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.channels.conftest import SmallCity
from tests.strict_client import StrictClient

from jiuzhu.rooms.catalogue.queries import public_shipped_packs

LIST = "/public/programmes/"


@pytest.fixture
def visitor(small_city: SmallCity) -> StrictClient:
    """Somebody who is not signed in, in the small city."""
    return StrictClient()


def text_of(visitor: StrictClient, address: str) -> str:
    """A page as text without tags."""
    answer = visitor.get(address)
    assert answer.status_code == 200, address
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_every_programme_is_listed_and_has_its_page(visitor: StrictClient) -> None:
    listed = visitor.get(LIST).content.decode()
    for name, programme in public_shipped_packs().programmes.items():
        address = f"{LIST}{name}/"
        assert address in listed
        page = text_of(visitor, address)
        version = programme.versions[-1]
        assert version.name.zh in page
        for heading in ("谁能得到", "得到什么", "到哪里办、谁决定", "带什么", "依据"):
            assert heading in page, name
        assert "《" in page


def test_the_page_says_how_much_how_long_with_what_and_by_which_law(visitor: StrictClient) -> None:
    page = text_of(visitor, f"{LIST}dibao/")
    for said in (
        "960.00 元/月",
        "演示",
        "公示",
        "30个工作日",
        "行政复议",
        "全国人大常委会通过）第十八条",
        "乡镇（街道）",
        "每月",
    ):
        assert said in page, said
    assert "不能作为办理依据" in page


def test_a_county_has_its_own_values(visitor: StrictClient) -> None:
    assert visitor.get(f"{LIST}dibao/?division=370902000000").status_code == 200
    assert visitor.get(f"{LIST}dibao/?division=370100000000").status_code == 404
    assert visitor.get(f"{LIST}dibao/?division=somewhere").status_code == 404
    assert visitor.get(f"{LIST}nothing/").status_code == 404


@pytest.mark.parametrize(
    ("query", "found", "not_found"),
    [
        ("?q=残疾", "canji_huli_butie", "dibao"),
        ("?q=低保 收入", "dibao", "guer"),
        ("?q=五保", "tekun", "dibao"),
        ("?group=liangai_funv", "liangai_jiuzhu", "guer"),
    ],
)
def test_the_list_is_narrowed_by_words_older_names_and_groups(
    visitor: StrictClient, query: str, found: str, not_found: str
) -> None:
    page = visitor.get(f"{LIST}{query}").content.decode()
    assert f"{LIST}{found}/" in page
    assert f"{LIST}{not_found}/" not in page


def test_nothing_found_says_what_to_do(visitor: StrictClient) -> None:
    page = text_of(visitor, f"{LIST}?q=没有这样的词")
    assert "没有符合条件的救助" in page
    assert "12349" in page


def test_pages_ask_the_database_for_places_only(visitor: StrictClient) -> None:
    visitor.get(LIST)
    with CaptureQueriesContext(connection) as listed:
        visitor.get(LIST)
    with CaptureQueriesContext(connection) as one:
        visitor.get(f"{LIST}dibao/")
    assert len(listed) == len(one) <= 12
