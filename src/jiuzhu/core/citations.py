"""Citations of laws and documents, and Chinese numerals for their articles."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from jiuzhu.core.errors import InvalidValue
from jiuzhu.core.periods import Period

_DIGITS = "零一二三四五六七八九"
_UNITS = {"十": 10, "百": 100, "千": 1000}
_MAX_NUMERAL = 9999
_ARTICLE = re.compile(r"第([零〇一二两三四五六七八九十百千]+)条")


class InvalidCitation(InvalidValue):
    """A citation without a title, with an article below one, or in force backwards."""


class InvalidNumeral(InvalidValue):
    """A number or text that is no Chinese numeral from 0 to 9999."""


class LegalLevel(StrEnum):
    """The level of an instrument (立法法 ch. 5); `rank` orders them, the highest first."""

    LAW = "law"
    STATE_COUNCIL_REGULATION = "state_council_regulation"
    PROVINCIAL_REGULATION = "provincial_regulation"
    PROVINCIAL_RULE = "provincial_rule"
    MINISTRY_RULE = "ministry_rule"
    STATE_COUNCIL_DOCUMENT = "state_council_document"
    MINISTRY_DOCUMENT = "ministry_document"
    PROVINCIAL_DOCUMENT = "provincial_document"
    CITY_DOCUMENT = "city_document"
    COUNTY_DOCUMENT = "county_document"

    @property
    def rank(self) -> int:
        """1 is the highest. Rules of ministries and of provinces share a rank (立法法 Art. 102)."""
        return _LEVELS[self][0]

    @property
    def name_zh(self) -> str:
        """The Chinese name of the level."""
        return _LEVELS[self][1]

    @property
    def name_en(self) -> str:
        """The English name of the level."""
        return _LEVELS[self][2]


_LEVELS: dict[LegalLevel, tuple[int, str, str]] = {
    LegalLevel.LAW: (1, "法律", "law"),
    LegalLevel.STATE_COUNCIL_REGULATION: (2, "行政法规", "State Council regulation"),
    LegalLevel.PROVINCIAL_REGULATION: (3, "地方性法规", "provincial regulation"),
    LegalLevel.PROVINCIAL_RULE: (4, "地方政府规章", "provincial government rule"),
    LegalLevel.MINISTRY_RULE: (4, "部门规章", "ministry rule"),
    LegalLevel.STATE_COUNCIL_DOCUMENT: (5, "中央和国务院文件", "document of the central authorities"),
    LegalLevel.MINISTRY_DOCUMENT: (6, "部委文件", "ministry document"),
    LegalLevel.PROVINCIAL_DOCUMENT: (7, "省级文件", "provincial document"),
    LegalLevel.CITY_DOCUMENT: (8, "市级文件", "city document"),
    LegalLevel.COUNTY_DOCUMENT: (9, "县级文件", "county document"),
}


@dataclass(frozen=True, slots=True)
class Citation:
    """One place in one instrument.

    `number` is the document number (`民发〔2021〕57号`) or empty; `article`, `paragraph` and `item` count from 1, None
    for the whole. In force from `effective_from` to before `effective_to`.

    Raises:
        InvalidCitation: no title, a place below 1, a paragraph without an article, or an end not after the start.
    """

    title: str
    number: str
    article: int | None
    level: LegalLevel
    effective_from: date
    effective_to: date | None = None
    paragraph: int | None = None
    item: int | None = None

    def __post_init__(self) -> None:
        places = (self.article, self.paragraph, self.item)
        if not self.title.strip() or any(place is not None and not 1 <= place <= _MAX_NUMERAL for place in places):
            raise InvalidCitation(
                "citation.place",
                "依据须有文件名称，条、款、项须为大于零的数字，请核对",
                "A citation has a title, and its article, paragraph and item count from 1; check it.",
            )
        if self.article is None and self.paragraph is not None:
            raise InvalidCitation(
                "citation.article",
                "引用款时须写明条，请补充条号",
                "A paragraph is cited with its article; add the article.",
            )
        if self.effective_to is not None and self.effective_to <= self.effective_from:
            raise InvalidCitation(
                "citation.effective",
                f"《{self.title}》的失效日期必须晚于施行日期，请核对",
                f"The end of force of {self.title} must be later than its start; check the dates.",
            )

    @property
    def period(self) -> Period:
        """The period in force."""
        return Period(self.effective_from, self.effective_to)

    def in_force(self, on: date) -> bool:
        """Tell whether the instrument is in force on a day."""
        return self.period.contains(on)

    def prevails_over(self, other: "Citation") -> bool:
        """Tell whether this one wins a conflict: the higher level, within a level the later. Equal ones do not win."""
        return _strength(self) > _strength(other)

    @property
    def place_zh(self) -> str:
        """The place in the instrument, `第十八条第二款第三项`; empty for the whole."""
        places = ((self.article, "条"), (self.paragraph, "款"), (self.item, "项"))
        return "".join(f"第{to_chinese_numeral(place)}{unit}" for place, unit in places if place is not None)

    @property
    def short_zh(self) -> str:
        """`《社会救助法》第十八条`."""
        return f"《{self.title}》{self.place_zh}"

    @property
    def full_zh(self) -> str:
        """The same with the document number: `《最低生活保障审核确认办法》（民发〔2021〕57号）第十七条`."""
        number = f"（{self.number}）" if self.number else ""
        return f"《{self.title}》{number}{self.place_zh}"

    @property
    def short_en(self) -> str:
        """The title in Chinese, as it is filed, with the place in English: `《社会救助法》, art. 18`."""
        places = ((self.article, "art."), (self.paragraph, "para."), (self.item, "item"))
        named = [f"{unit} {place}" for place, unit in places if place is not None]
        return ", ".join([f"《{self.title}》", *named])

    def __str__(self) -> str:
        return self.short_zh


def _strength(citation: Citation) -> tuple[int, date]:
    return -citation.level.rank, citation.effective_from


def by_precedence(citations: Iterable[Citation], *, on: date) -> tuple[Citation, ...]:
    """Return those in force on a day, the one that prevails first; equals keep their order."""
    return tuple(sorted((one for one in citations if one.in_force(on)), key=_strength, reverse=True))


def to_chinese_numeral(number: int) -> str:
    """Write 0 to 9999 in Chinese: 18 as `十八`, 110 as `一百一十`, 1005 as `一千零五`.

    Raises:
        InvalidNumeral: the number lies outside.
    """
    if not 0 <= number <= _MAX_NUMERAL:
        raise _invalid_numeral()
    if number == 0:
        return _DIGITS[0]
    parts: list[str] = []
    gap = False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit:
            parts.append((_DIGITS[0] if gap and parts else "") + _DIGITS[digit] + name)
        gap = digit == 0
    text = "".join(parts)
    return text.removeprefix("一") if number < 20 and number >= 10 else text


def from_chinese_numeral(text: str) -> int:
    """Read what `to_chinese_numeral` writes, and `〇` and `两`.

    Raises:
        InvalidNumeral: any other text.
    """
    total, digit, last = 0, None, 10_000
    for char in text.replace("〇", "零").replace("两", "二"):
        if char in _UNITS:
            unit = _UNITS[char]
            if unit >= last or (digit is None and (unit != 10 or total)):
                raise _invalid_numeral()
            total += (1 if digit is None else digit) * unit
            digit, last = None, unit
        elif char in _DIGITS and digit in (None, 0):
            digit = _DIGITS.index(char)
        else:
            raise _invalid_numeral()
    total += digit or 0
    plain = text.replace("〇", "零").replace("两", "二")
    # reading back is the check: it leaves one way to write each number
    if to_chinese_numeral(total) not in (plain, plain.removeprefix("一")):
        raise _invalid_numeral()
    return total


def article_number(text: str) -> int:
    """Read the article of `第十八条`.

    Raises:
        InvalidNumeral: the text is no article.
    """
    match = _ARTICLE.fullmatch(text.strip())
    if match is None:
        raise _invalid_numeral()
    return from_chinese_numeral(match[1])


def _invalid_numeral() -> InvalidNumeral:
    return InvalidNumeral(
        "numeral.invalid",
        "不是0至9999的中文数字，请改正，例如十八、一百零五",
        "This is no Chinese numeral from 0 to 9999; correct it, as in 十八 or 一百零五.",
    )
