"""The rules of a programme in words with their articles, by place and day, and as a picture (S01 X1 X3)."""

import re

import pytest
from tests.channels.conftest import SmallCity
from tests.strict_client import StrictClient

from jiuzhu.rooms.catalogue.queries import public_shipped_packs

BASE = "/public/programmes/"


@pytest.fixture
def visitor(small_city: SmallCity) -> StrictClient:
    """Somebody who is not signed in, in the small city."""
    return StrictClient()


def test_each_programme_shows_its_rules_and_its_picture(visitor: StrictClient) -> None:
    for name in public_shipped_packs().programmes:
        page = visitor.get(f"{BASE}{name}/rules/").content.decode()
        assert "<svg" in page, name
        anchors = set(re.findall(r'href="#([a-z]+-[a-z0-9_]+)"', page))
        assert anchors <= set(re.findall(r'id="([a-z]+-[a-z0-9_]+)"', page)), name


def test_a_rule_reads_as_a_sentence_beside_its_article(visitor: StrictClient) -> None:
    page = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", visitor.get(f"{BASE}dibao/rules/").content.decode()))
    assert "家庭金融资产 ≤ 低保标准 × 低保家庭人均金融资产上限" in page
    assert "“家庭财产符合规定”不成立" in page
    assert "《最低生活保障审核确认办法》（民发〔2021〕57号）第十四条" in page
    assert "民政部门（" in page


def test_the_rules_are_those_of_the_day(visitor: StrictClient) -> None:
    now = visitor.get(f"{BASE}jiage_butie/rules/?on=2026-09-01").content.decode()
    before = visitor.get(f"{BASE}jiage_butie/rules/?on=2025-01-01").content.decode()
    assert 'value="2026-09-01"' in now
    assert 'value="2025-01-01"' in before


@pytest.mark.parametrize(
    "address",
    ["nothing/rules/", "dibao/rules/?on=tomorrow", "dibao/rules/?on=1900-01-01", "dibao/rules/?division=370100000000"],
)
def test_what_there_is_not_is_not_found(visitor: StrictClient, address: str) -> None:
    assert visitor.get(f"{BASE}{address}").status_code == 404
