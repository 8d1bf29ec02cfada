"""Names of persons: which characters they may hold, how they are written alike, how they are masked.

Names keep rare characters (Unicode Han of every plane), the middle dot of ethnic-minority names (always U+00B7), and
Latin letters. What cannot be seen or is no part of a name is refused with its code point and place, never silently
dropped: two names that look the same must be the same.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from jiuzhu.core.errors import InvalidValue

MIDDLE_DOT = "\u00b7"
_MAX_LENGTH = 100
_DOT_VARIANTS = dict.fromkeys(map(ord, "\u2027\u2022\u30fb\uff65\u2219\u22c5\u0387\uff0e\u318d\u16eb"), MIDDLE_DOT)
_HAN_RANGES = (
    (0x3007, 0x3007),
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0x20000, 0x2FFFD),
    (0x30000, 0x3FFFD),
)
# Most names: Han characters that no normalisation changes (the compatibility ideographs are left out).
_PLAIN = re.compile("[\u3007\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0002f7ff\U00030000-\U0003fffd]{1,100}")
_LATIN_MARKS = frozenset("'-. \u2019")
_SPACES = re.compile(r"[ \u00a0\u3000\t]+")
_KINDS = {
    "Cc": ("控制字符", "a control character"),
    "Cf": ("不可见的格式字符", "an invisible formatting character"),
    "Co": ("私有区字符（自造字）", "a private-use character"),
    "Cs": ("不完整的字符", "half of a character"),
    "Cn": ("未定义的字符", "an undefined character"),
    "Nd": ("数字", "a digit"),
    "Mn": ("附加符号", "a combining mark"),
}
_OTHER_KIND = ("姓名中不使用的字符", "a character that names do not have")


class InvalidName(InvalidValue):
    """Text that is no name; `code_point` and `position` (from 1) tell where, when one character is to blame."""

    def __init__(
        self,
        code: str,
        message_zh: str,
        message_en: str,
        *,
        code_point: int | None = None,
        position: int | None = None,
    ) -> None:
        super().__init__(code, message_zh, message_en)
        self.code_point = code_point
        self.position = position


class NameMask(StrEnum):
    """How much of a name is shown in public."""

    FIRST = "first"
    ENDS = "ends"


@dataclass(frozen=True, slots=True, order=True)
class PersonName:
    """A name in normal form (NFC, `·` as the only dot, no space between Han characters).

    Raises:
        InvalidName: it is empty, too long, holds a character that names do not have, or is not in normal form.
    """

    value: str

    def __post_init__(self) -> None:
        if _PLAIN.fullmatch(self.value):
            return
        _check(self.value)
        if _normal(self.value) != self.value:
            raise InvalidName(
                "name.form",
                "姓名未按规范书写，请去掉多余的空格，间隔号使用“·”",
                "The name is not in normal form; remove surplus spaces and use the middle dot.",
            )

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a name as people write it; spaces around it, spaces between Han characters and variant dots are cleaned.

        Raises:
            InvalidName: as the constructor; the position counts the characters of `text` as given.
        """
        if _PLAIN.fullmatch(text):
            return cls(text)
        _check(text)
        return cls(_normal(text))

    def __str__(self) -> str:
        return self.value

    @property
    def is_han(self) -> bool:
        """Whether the name is written in Han characters (and dots)."""
        return all(is_han(char) or char == MIDDLE_DOT for char in self.value)

    def masked(self, mask: NameMask = NameMask.ENDS) -> str:
        """Return the name for the public.

        `ENDS` shows the first and the last character (`张*三`), of two characters the first (`张*`); `FIRST` shows only
        the first (`张**`). Dots stay. Of a Latin name each part shows its first letter and three stars (`J*** S***`),
        so that its length is not told.
        """
        if not self.is_han:
            parts = [part for part in re.split(r"[ .·]+", self.value) if part]
            return " ".join(part[0] + "***" for part in parts)
        letters = [place for place, char in enumerate(self.value) if char != MIDDLE_DOT]
        if len(letters) == 1:
            return "*"
        shown = {letters[0]}
        if mask is NameMask.ENDS and len(letters) > 2:
            shown.add(letters[-1])
        return "".join(char if place in shown or char == MIDDLE_DOT else "*" for place, char in enumerate(self.value))


def is_han(char: str) -> bool:
    """Tell whether one character is a Han ideograph, of any plane, also when younger than Python's own tables."""
    return any(low <= ord(char) <= high for low, high in _HAN_RANGES)


def _is_latin(char: str) -> bool:
    return char.isalpha() and unicodedata.name(char, "").startswith("LATIN ")


def _narrow(char: str) -> str:
    return unicodedata.normalize("NFKC", char) if "！" <= char <= "～" else char


def _normal(text: str) -> str:
    # removing one space can bring the next one beside a dot, so it is done until nothing changes
    before = None
    while text != before:
        before, text = text, _normal_once(text)
    return text


def _normal_once(text: str) -> str:
    text = unicodedata.normalize("NFC", text).translate(_DOT_VARIANTS)
    text = "".join(map(_narrow, text))
    text = _SPACES.sub(" ", text).strip(" ")
    kept: list[str] = []
    for place, char in enumerate(text):
        before, after = text[place - 1 : place], text[place + 1 : place + 2]
        between_han = bool(before and after) and not (_is_latin(before) or _is_latin(after))
        beside_dot = MIDDLE_DOT in (before, after)
        if char == " " and (between_han or beside_dot):
            continue
        kept.append(MIDDLE_DOT if char == "." and between_han else char)
    return "".join(kept)


def _check(text: str) -> None:
    if not text.strip():
        raise InvalidName("name.empty", "姓名不能为空，请填写姓名", "The name is empty; enter a name.")
    if len(text) > _MAX_LENGTH:
        raise InvalidName(
            "name.length",
            f"姓名不能超过{_MAX_LENGTH}个字符，请核对",
            f"A name has at most {_MAX_LENGTH} characters; check it.",
        )
    # marks may compose with the letter before them, and only what stays alone is refused
    for position, char in enumerate(text, start=1):
        if not _is_allowed(char) and not _composes(text, position - 1):
            raise _refused(char, position)
    normal = _normal(text)
    if not any(is_han(char) or _is_latin(char) for char in normal):
        raise InvalidName("name.letters", "姓名中没有文字，请填写姓名", "The name holds no letter; enter a name.")
    if MIDDLE_DOT * 2 in normal or normal[0] == MIDDLE_DOT or normal[-1] == MIDDLE_DOT:
        raise InvalidName(
            "name.dot",
            "间隔号“·”只能用在姓名中间，且不能连用，请改正",
            "The middle dot stands between two parts of a name and is not doubled; correct it.",
        )


def _is_allowed(char: str) -> bool:
    char = _narrow(char)
    if is_han(char) or char == MIDDLE_DOT or ord(char) in _DOT_VARIANTS or char in _LATIN_MARKS:
        return True
    return _is_latin(char) or _SPACES.fullmatch(char) is not None


def _composes(text: str, place: int) -> bool:
    if unicodedata.combining(text[place]) == 0:
        return False
    start = place
    while start and unicodedata.combining(text[start]):
        start -= 1
    composed = unicodedata.normalize("NFC", text[start : place + 1])
    return all(_is_latin(char) for char in composed)


def _refused(char: str, position: int) -> InvalidName:
    zh, en = _KINDS.get(unicodedata.category(char), _OTHER_KIND)
    point = f"U+{ord(char):04X}"
    return InvalidName(
        "name.character",
        f"姓名第{position}个字符（{point}）是{zh}，请删除或改用正确的字",
        f"Character {position} of the name ({point}) is {en}; remove it or use the right one.",
        code_point=ord(char),
        position=position,
    )
