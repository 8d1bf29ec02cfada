"""Words of the registry's histories and access logs in the reader's language."""

from typing import Any

from django import template
from django.utils.translation import gettext

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
    return gettext(purpose) if purpose else ""
