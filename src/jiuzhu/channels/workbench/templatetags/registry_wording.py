"""Words of the registry's histories and access logs in the reader's language."""

from typing import Any

from django import template

from jiuzhu.channels.kit import wording

register = template.Library()


@register.filter
def table_name(entry: Any) -> str:
    """What kind of record an act changed."""
    return wording.said(entry.table_zh, entry.table_en)


@register.filter
def field_name(change: Any) -> str:
    """Which field was changed."""
    return wording.said(change.zh, change.en)


@register.filter
def before_text(change: Any) -> str:
    """The former value of a field."""
    return _value(change.field, wording.said(change.before, change.before_en))


@register.filter
def after_text(change: Any) -> str:
    """The new value of a field."""
    return _value(change.field, wording.said(change.after, change.after_en))


def _value(field: str, value: str) -> str:
    return wording.reason_text(value) if field == "end_reason" else wording.coded(field, value)


@register.filter
def title_name(title: str) -> str:
    """The title of the post of who looked."""
    return wording.title_name(title)


@register.filter
def operation_name(entry: Any) -> str:
    """What was done to the record."""
    return wording.operation_name(entry.operation)


@register.filter
def look_name(kind: str) -> str:
    """What was looked at."""
    return wording.look_name(kind)


@register.filter
def purpose_text(purpose: str) -> str:
    """Why it was looked at: the program's own words are translated, a person's stay."""
    return wording.purpose_text(purpose)
