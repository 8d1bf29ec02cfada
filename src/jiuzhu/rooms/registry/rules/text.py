"""Free text that people type: what cannot be seen, or turns the direction of reading, is refused with its place."""

import unicodedata

from jiuzhu.core.errors import InvalidValue

_UNSEEN = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})


def clean_text(text: str, *, field: str, label: tuple[str, str], longest: int, required: bool = False) -> str:
    """Return the text in NFC without blanks around it.

    Raises:
        InvalidValue: an unseen character (control, zero-width, right-to-left mark, private use), too long, or missing.
    """
    zh, en = label
    text = unicodedata.normalize("NFC", text.strip())
    refuse_unseen(text, field=field, label=label)
    if len(text) > longest:
        raise InvalidValue(
            "registry.text.length",
            f"“{zh}”不能超过{longest}个字，现为{len(text)}个，请缩短",
            f"{en} has at most {longest} characters, not {len(text)}; shorten it.",
            field=field,
        )
    if required and not text:
        raise InvalidValue("registry.text.missing", f"请填写“{zh}”", f"{en} is missing; enter it.", field=field)
    return text


def refuse_unseen(text: str, *, field: str, label: tuple[str, str], blanks: bool = False) -> None:
    """Refuse characters that cannot be seen; with `blanks` tabs and ends of lines are let through.

    Raises:
        InvalidValue: with the place and the code point of the first one.
    """
    if text.isprintable():
        return
    zh, en = label
    for place, char in enumerate(text, start=1):
        if unicodedata.category(char) in _UNSEEN and not (blanks and char.isspace()):
            raise InvalidValue(
                "registry.text.character",
                f"“{zh}”第{place}个字符（U+{ord(char):04X}）不可见或会改变文字方向，请删除后重新填写",
                f"{en}: character {place} (U+{ord(char):04X}) cannot be seen or turns the text; remove it.",
                field=field,
            )
