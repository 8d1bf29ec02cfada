"""Masking of personal data in log lines.

Fields are masked by name and numbers by shape. It is better to mask a harmless number than to log an identity number,
so every run of 15 to 19 digits is taken for an identity number or bank card.
"""

import re
from collections.abc import Callable, Collection, Mapping, MutableMapping
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any

from django.apps import apps

MASK = "***"
ID_MASK = "[id number]"
CARD_MASK = "[bank card]"
PHONE_MASK = "[phone]"

# Names under which personal data travels although no model field has the name; those of `personal_data` come on top.
TRAVELLING_NAMES = frozenset(
    {
        "account_name",
        "address",
        "authorization",
        "bank_card",
        "birth_date",
        "body",
        "citizen_id",
        "cookie",
        "display_name",
        "full_name",
        "id_number",
        "login_name",
        "mobile",
        "password",
        "person_name",
        "phone",
        "query_params",
        "real_name",
        "secret",
        "session_key",
        "token",
        "username",
    }
)
# Words that are also names of the logging machinery itself; masking them would hide the line.
_MACHINERY = frozenset({"event", "level", "logger", "timestamp", "request_id", "job", "job_id", "exception", "stack"})

_SHAPES: tuple[tuple[re.Pattern[str], str], ...] = (
    # PostgreSQL repeats the values of a violated constraint and of a failing row
    (
        re.compile(r"(Key \([^)]*\))=\(.*?\)(?= (?:already exists|is not present|is still referenced|conflicts)|$)"),
        r"\1=(***)",
    ),
    (re.compile(r"Failing row contains \(.*\)"), "Failing row contains (***)"),
    (re.compile(r"(?<![\dA-Za-z])\d{17}[\dXxＸｘ](?![\dA-Za-z])"), ID_MASK),
    (re.compile(r"(?<!\d)\d{6} ?\d{8} ?\d{3}[\dXx](?!\d)"), ID_MASK),
    (re.compile(r"(?<!\d)\d{4}(?:[ -]\d{4}){3}(?:[ -]\d{1,3})?(?!\d)"), CARD_MASK),
    (re.compile(r"(?<!\d)\d{15,19}(?!\d)"), CARD_MASK),
    (re.compile(r"(?<!\d)(?:(?:\+|00)?86[ -]?)?1[3-9]\d(?:[ -]?\d{4}){2}(?!\d)"), PHONE_MASK),
    (re.compile(r"(?<!\d)0\d{2,3}-\d{7,8}(?!\d)"), PHONE_MASK),
)


def masked_text(text: str) -> str:
    """The text with identity numbers, bank cards, telephone numbers and quoted row values masked."""
    for shape, mask in _SHAPES:
        text = shape.sub(mask, text)
    return text


def looks_personal(text: str) -> bool:
    """Tell whether a text holds something that would be masked in a log."""
    return masked_text(text) != text


def masked(value: Any, names: Collection[str]) -> Any:
    """A copy of a logged value with every field in `names` and every personal number in it masked, however deep."""
    if value is None or isinstance(value, bool | float | datetime | date | time):
        return value
    if isinstance(value, int):
        text = masked_text(str(value))
        return value if text == str(value) else text
    if isinstance(value, str):
        return masked_text(value)
    if isinstance(value, Mapping):
        return {
            masked_text(str(name)): MASK
            if str(name).lower() in names and inner not in (None, "")
            else masked(inner, names)
            for name, inner in value.items()
        }
    if isinstance(value, list | tuple | set | frozenset):
        return [masked(inner, names) for inner in value]
    return masked_text(str(value))


def personal_names() -> frozenset[str]:
    """All field names that hold personal data: those of the models, once they are loaded, and the travelling names."""
    return _names_of_models() if apps.models_ready else TRAVELLING_NAMES


@lru_cache(maxsize=1)
def _names_of_models() -> frozenset[str]:
    from jiuzhu.groundwork.records import Record

    declared = {
        name for model in apps.get_models() if issubclass(model, Record) for name in getattr(model, "personal_data", {})
    }
    return (TRAVELLING_NAMES | declared) - _MACHINERY


def redact(
    _logger: object,
    _method: str,
    event: MutableMapping[str, Any],
    *,
    names: Callable[[], Collection[str]] = personal_names,
) -> dict[str, Any]:
    """The one redaction processor: the last before a line is written."""
    result = masked({name: value for name, value in event.items() if not name.startswith("_")}, names())
    return {**result, **{name: value for name, value in event.items() if name.startswith("_")}}
