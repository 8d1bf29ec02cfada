"""The portal's home page: who gets help, how to ask, large print, and no link that leads nowhere."""

import gzip
import re

import pytest
from django.test import Client


def test_the_page_names_the_groups_of_the_law_and_the_hotline(client: Client) -> None:
    text = client.get("/").content.decode()
    for group in (
        "特困人员",
        "最低生活保障家庭",
        "最低生活保障边缘家庭",
        "刚性支出困难家庭",
        "受灾人员",
        "基本生活暂时出现严重困难的人员",
        "需要疾病应急救助人员",
        "生活无着的流散人员",
    ):
        assert group in text
    assert 'href="tel:12349"' in text


def test_large_print_can_be_turned_on_and_off_from_the_page(client: Client) -> None:
    assert "长辈版：字大、按钮大" in client.get("/").content.decode()
    client.post("/choose/density/", {"density": "elder", "next": "/"})
    large = client.get("/").content.decode()
    assert 'data-density="elder"' in large
    assert "回到标准版" in large
    client.post("/choose/density/", {"density": "standard", "next": "/"})
    assert 'data-density="citizen"' in client.get("/").content.decode()


@pytest.mark.django_db
def test_every_link_of_the_page_leads_to_a_page(client: Client) -> None:
    text = client.get("/").content.decode()
    for address in set(re.findall(r'<a[^>]*\shref="(/[^"]*)"', text)):
        assert client.get(address).status_code == 200, address


def test_the_page_is_only_read(client: Client) -> None:
    assert client.post("/").status_code == 405


def test_the_page_is_light(client: Client) -> None:
    assert len(gzip.compress(client.get("/").content)) <= 12 * 1024
