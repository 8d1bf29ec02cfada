"""The public home page: what must be published, what never, and how to object."""

import re

import pytest
from django.test import Client


def test_the_page_says_what_is_published_and_what_never_is(client: Client) -> None:
    text = client.get("/public/").content.decode()
    assert "形成之日起20个工作日内" in text
    assert "永远不公开的" in text
    assert "自然人的失信记录" in text


def test_each_duty_to_publish_names_its_basis(client: Client) -> None:
    text = client.get("/public/").content.decode()
    body = text[text.index("<tbody>") : text.index("</tbody>")]
    rows = body.split("</tr>")[:-1]
    assert len(rows) == 5
    for row in rows:
        assert re.search(r'data-label="依据">《[^<]+》', row)


@pytest.mark.django_db
def test_every_link_of_the_page_leads_to_a_page(client: Client) -> None:
    text = client.get("/public/").content.decode()
    for address in set(re.findall(r'<a[^>]*\shref="(/[^"]*)"', text)):
        assert client.get(address).status_code == 200, address
