"""Names and words of the organization in the reader's language."""

from collections.abc import Mapping
from enum import Enum
from typing import Any

from django import template
from django.utils.translation import get_language

from jiuzhu.channels.kit import wording
from jiuzhu.core.money import Money
from jiuzhu.rooms.organization import states

register = template.Library()
register.filter(wording.level_name)

_WORDS: Mapping[type[Enum], Mapping[Any, tuple[str, str]]] = {
    states.DivisionKind: states.DIVISION_KIND_NAMES,
    states.OfficeKind: states.OFFICE_KIND_NAMES,
    states.EmploymentKind: states.EMPLOYMENT_KIND_NAMES,
    states.AppointmentState: states.APPOINTMENT_STATE_NAMES,
    states.FilingState: states.FILING_STATE_NAMES,
    states.NearRelation: states.NEAR_RELATION_NAMES,
    states.GroupRole: states.GROUP_ROLE_NAMES,
    states.ProcurementMethod: states.PROCUREMENT_METHOD_NAMES,
    states.ServiceState: states.SERVICE_STATE_NAMES,
}


def english() -> bool:
    """Whether the page is in English."""
    return (get_language() or "").startswith("en")


@register.filter
def named(thing: Any) -> str:
    """The name of a division, office or role; the Chinese one where no English one is on file."""
    return str((english() and thing.name_en) or thing.name)


@register.filter
def titled(thing: Any) -> str:
    """The title of a post or appointment."""
    return str((english() and thing.title_en) or thing.title)


@register.filter
def pair(texts: tuple[str, str]) -> str:
    """The Chinese or the English of a pair."""
    return texts[1] if english() else texts[0]


@register.filter
def word(value: Enum) -> str:
    """A state or kind as people call it."""
    return pair(_WORDS[type(value)][value])


@register.filter
def yuan(fen: int | None) -> str:
    """A sum of fen in yuan; a dash where none is on file."""
    if fen is None:
        return "—"
    text = str(Money.from_fen(fen))
    return text.replace("元", " yuan") if english() else text
