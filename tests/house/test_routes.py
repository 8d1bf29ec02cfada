"""Every address of the site and who may open it: the table `routes.yaml` and the site are equal, both ways.

The table is written by a person. A new page that is not in it fails here, and so does a line whose page is gone.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from django.urls import URLPattern, URLResolver, get_resolver

from jiuzhu.channels.kit.access import Access, Door, access_of
from jiuzhu.rooms.organization.rules.roles import packaged_roles

TABLE: dict[str, str] = yaml.safe_load((Path(__file__).parent / "routes.yaml").read_text(encoding="utf-8"))


def _walk(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, route)
        else:
            yield route, pattern


def _said(access: Access | None) -> str:
    if access is None:
        return "nobody says"
    if access.door is Door.PERMISSION:
        return access.permission
    if access.kinds:
        return " ".join(sorted(kind.value for kind in access.kinds))
    return access.door.value


SITE = {f"/{route}": _said(access_of(pattern.callback)) for route, pattern in _walk(get_resolver().url_patterns)}


def test_the_table_and_the_site_are_equal() -> None:
    assert SITE == TABLE


def test_every_page_says_who_may_open_it() -> None:
    assert [route for route, said in SITE.items() if said == "nobody says"] == []


@pytest.mark.parametrize("permission", sorted({said for said in TABLE.values() if "." in said}))
def test_some_role_holds_the_permission_of_a_page(permission: str) -> None:
    assert any(permission in role.permissions for role in packaged_roles().roles.values())
