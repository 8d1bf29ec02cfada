"""What templates need to know about a bound field, and how they set words together in the reader's language."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django import template
from django.forms import BaseForm, BoundField, CheckboxInput

from jiuzhu.channels.kit import wording

register = template.Library()


@dataclass(frozen=True, slots=True)
class SummaryLine:
    """One line of the error summary: what is wrong and the id of the input to put right (empty: the whole form)."""

    text: str
    target: str


@register.filter
def is_single_checkbox(field: BoundField) -> bool:
    """Whether the field is one tick box, whose label stands behind it."""
    return isinstance(field.field.widget, CheckboxInput)


@register.filter
def error_lines(form: BaseForm) -> Iterator[SummaryLine]:
    """The errors of a form in the order of its fields, each with the input it belongs to."""
    for text in form.non_field_errors():
        yield SummaryLine(str(text), "")
    for field in form:
        for text in field.errors:
            yield SummaryLine(str(text), _first_input(field))


def _first_input(field: BoundField) -> str:
    given = field.auto_id
    if field.is_hidden:
        return ""
    return f"{given}_0" if field.use_fieldset else str(given)


@register.filter
def has_optional(form: BaseForm) -> bool:
    """Whether some field may be left empty."""
    return any(not field.field.required for field in form.visible_fields())


_BROWSERS = (
    ("Edg/", "Edge"),
    ("MicroMessenger", "WeChat"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


@register.filter
def device(user_agent: str) -> str:
    """A browser's long name of itself in two words, so that people know their devices again; else its beginning."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    return " · ".join(part for part in (browser, system) if part) or user_agent[:40]


@register.simple_tag
def share(value: Any, maximum: Any) -> int:
    """How much of a whole is done, in full percent, never above 100; 0 of 0 is nothing yet."""
    whole = int(maximum or 0)
    return min(100, int(value or 0) * 100 // whole) if whole > 0 else 0


@register.filter
def listed(names: Iterable[object]) -> str:
    """Several names, one after another, with the comma of the reader's language."""
    return wording.listed(names)


@register.simple_tag
def pair(label: object, value: object) -> str:
    """A value behind its label, with the colon of the reader's language."""
    return wording.labelled(label, value)


@register.simple_tag
def aside(text: object, note: object) -> str:
    """A text with a note in brackets, in those of the reader's language."""
    return wording.bracketed(text, note)


@register.filter
def reason_text(reason: str) -> str:
    """Why something was done: the program's own words are translated, a person's stay."""
    return wording.reason_text(reason)
