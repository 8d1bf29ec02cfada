"""Names of places and offices in the reader's language."""

from collections.abc import Sequence
from typing import Any

from django import template
from django.utils.translation import get_language

from jiuzhu.rooms.organization.states import OFFICE_KIND_NAMES, OfficeKind

register = template.Library()


def _english() -> bool:
    return (get_language() or "").startswith("en")


@register.filter
def place_name(thing: Any) -> str:
    """The name of a division or office; the Chinese one where no English one is on file."""
    return str((_english() and thing.name_en) or thing.name)


@register.filter
def place_path(path: Sequence[Any]) -> str:
    """The whole name of a place, from the largest part to the smallest in Chinese, the other way round in English."""
    names = [place_name(one) for one in path]
    return ", ".join(reversed(names)) if _english() else "".join(names)


@register.filter
def office_kind(kind: OfficeKind) -> str:
    """What kind of office it is."""
    return OFFICE_KIND_NAMES[kind][1 if _english() else 0]
