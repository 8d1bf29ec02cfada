"""What changes in the policy of a place, by day, for everyone (S01 X1)."""

import re

import pytest
from tests.channels.conftest import SmallCity
from tests.strict_client import StrictClient

CHANGES = "/public/programmes/changes/"


@pytest.fixture
def visitor(small_city: SmallCity) -> StrictClient:
    """Somebody who is not signed in, in the small city."""
    return StrictClient()


def text_of(visitor: StrictClient, address: str) -> str:
    """A page as text without tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", visitor.get(address).content.decode()))


def test_a_year_shows_what_rose_and_which_rules_began(visitor: StrictClient) -> None:
    page = text_of(visitor, f"{CHANGES}?year=2026")
    for said in (
        "2026-07-01",
        "规则改变",
        "2026-01-29",
        "小额快救",
        "《关于进一步健全完善临时救助制度的意见》",
        "演示",
    ):
        assert said in page, said
    assert "920.00 元/月 → 960.00 元/月" in text_of(visitor, f"{CHANGES}?year=2025")


def test_links_lead_to_the_rules_of_the_day(visitor: StrictClient) -> None:
    page = visitor.get(f"{CHANGES}?year=2026").content.decode()
    links = set(re.findall(r'href="(/public/programmes/[a-z_]+/rules/\?on=[0-9-]+)"', page))
    assert links
    for link in sorted(links)[:5]:
        assert visitor.get(link).status_code == 200, link


def test_a_quiet_year_says_so_and_a_wrong_one_is_not_found(visitor: StrictClient) -> None:
    assert "这段时间没有变动" in text_of(visitor, f"{CHANGES}?year=2028&division=370902000000")
    for query in ("year=1999", "year=x", "division=370100000000"):
        assert visitor.get(f"{CHANGES}?{query}").status_code == 404, query
