"""What the form templates need to know about a bound field."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import template
from django.forms import BaseForm, BoundField, CheckboxInput

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


@register.simple_tag
def share(value: Any, maximum: Any) -> int:
    """How much of a whole is done, in full percent, never above 100; 0 of 0 is nothing yet."""
    whole = int(maximum or 0)
    return min(100, int(value or 0) * 100 // whole) if whole > 0 else 0
