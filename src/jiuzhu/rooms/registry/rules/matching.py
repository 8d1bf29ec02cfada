"""Do two records speak of one person? Deterministic comparisons, each with its points and a reason for people.

A score says how urgently a clerk should look, not whether the two are one: merging is a person's decision.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from jiuzhu.core.identity import check_character
from jiuzhu.core.variants import plain_name

THRESHOLD = 60
_LARGEST = 100


class Sign(StrEnum):
    """What speaks for or against two records being one person."""

    SAME_NAME = "same_name"
    VARIANT_NAME = "variant_name"
    CLOSE_NAME = "close_name"
    SAME_BIRTH = "same_birth"
    CLOSE_BIRTH = "close_birth"
    SAME_PHONE = "same_phone"
    SAME_PLACE = "same_place"
    CLOSE_NUMBER = "close_number"
    NO_NUMBER = "no_number"
    OTHER_NUMBER = "other_number"
    OTHER_SEX = "other_sex"
    ONE_HOUSEHOLD = "one_household"


SIGNS: dict[Sign, tuple[int, str, str]] = {
    Sign.SAME_NAME: (40, "姓名相同", "same name"),
    Sign.VARIANT_NAME: (35, "姓名只有异体字（繁简、生僻字）之别", "names differ only by variant characters"),
    Sign.CLOSE_NAME: (20, "姓名只差一个字", "names differ by one character"),
    Sign.SAME_BIRTH: (30, "出生日期相同", "same birth date"),
    Sign.CLOSE_BIRTH: (15, "出生日期只差一位", "birth dates differ by one digit"),
    Sign.SAME_PHONE: (20, "联系电话相同", "same telephone"),
    Sign.SAME_PLACE: (5, "在同一村（居）", "in the same village"),
    Sign.CLOSE_NUMBER: (40, "证件号码只差一两位，可能填写有误", "numbers differ by one or two characters"),
    Sign.NO_NUMBER: (10, "其中一人没有证件号码", "one of them has no number"),
    Sign.OTHER_NUMBER: (-70, "证件号码完全不同", "numbers are quite different"),
    Sign.OTHER_SEX: (-30, "性别不同", "different sex"),
    Sign.ONE_HOUSEHOLD: (-10, "现为同一户成员", "members of one household"),
}


@dataclass(frozen=True, slots=True)
class Likeness:
    """A record as the comparison needs it. `number` and `phone` are None when there are none."""

    person_id: int
    name: str
    sex: str
    birth_date: date
    number: str | None
    phone: str | None
    division_code: str
    household_id: int | None


@dataclass(frozen=True, slots=True)
class Match:
    """The outcome: 0-100 points, and the signs that gave them."""

    score: int
    signs: tuple[Sign, ...]

    @property
    def reasons_zh(self) -> tuple[str, ...]:
        """The signs in Chinese."""
        return tuple(SIGNS[sign][1] for sign in self.signs)

    @property
    def reasons_en(self) -> tuple[str, ...]:
        """The signs in English."""
        return tuple(SIGNS[sign][2] for sign in self.signs)

    @property
    def is_likely(self) -> bool:
        """Whether a clerk should look."""
        return self.score >= THRESHOLD


def compare(one: Likeness, other: Likeness) -> Match:
    """Weigh two records; symmetric in its arguments."""
    signs = [
        sign
        for sign in (
            _name(one, other),
            _birth(one.birth_date, other.birth_date),
            _number(one.number, other.number),
            Sign.SAME_PHONE if one.phone is not None and one.phone == other.phone else None,
            Sign.SAME_PLACE if one.division_code == other.division_code else None,
            Sign.OTHER_SEX if {one.sex, other.sex} == {"1", "2"} else None,
            Sign.ONE_HOUSEHOLD if one.household_id is not None and one.household_id == other.household_id else None,
        )
        if sign is not None
    ]
    return Match(max(0, min(_LARGEST, sum(SIGNS[sign][0] for sign in signs))), tuple(signs))


def differing(one: str, other: str) -> int:
    """How many places of two texts of one length differ; texts of different length differ everywhere."""
    if len(one) != len(other):
        return max(len(one), len(other))
    return sum(left != right for left, right in zip(one, other, strict=True))


def swapped(one: str, other: str) -> bool:
    """Whether two texts become one by exchanging two neighbours."""
    places = [place for place, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]]
    return (
        len(one) == len(other)
        and len(places) == 2
        and places[1] == places[0] + 1
        and one[places[0]] == other[places[1]]
        and one[places[1]] == other[places[0]]
    )


def one_slip_corrections(number: str) -> tuple[str, ...]:
    """The valid forms of an 18-character number that fails its check, after one wrong digit or one exchange.

    The check (ISO 7064 MOD 11-2) finds every such slip, so each place has at most one correction.
    """
    if len(number) != 18 or not (number[:17].isascii() and number[:17].isdigit()):
        return ()
    found = {number[:17] + check_character(number[:17])}
    for place in range(17):
        for digit in "0123456789":
            changed = number[:place] + digit + number[place + 1 : 17]
            if digit != number[place] and check_character(changed) == number[17]:
                found.add(changed + number[17])
        if place < 16:
            changed = number[:place] + number[place + 1] + number[place] + number[place + 2 : 17]
            if check_character(changed) == number[17]:
                found.add(changed + number[17])
    return tuple(sorted(found - {number}))


def _name(one: Likeness, other: Likeness) -> Sign | None:
    if one.name == other.name:
        return Sign.SAME_NAME
    left, right = plain_name(one.name), plain_name(other.name)
    if left == right:
        return Sign.VARIANT_NAME
    return Sign.CLOSE_NAME if len(left) >= 2 and differing(left, right) == 1 else None


def _birth(one: date, other: date) -> Sign | None:
    if one == other:
        return Sign.SAME_BIRTH
    left, right = f"{one:%Y%m%d}", f"{other:%Y%m%d}"
    return Sign.CLOSE_BIRTH if differing(left, right) == 1 or swapped(left, right) else None


def _number(one: str | None, other: str | None) -> Sign | None:
    if one is None or other is None:
        return Sign.NO_NUMBER
    if one == other:
        return None
    # the check character changes with the wrong digit, so a slip shows in one or two places, an exchange in three
    if differing(one, other) <= 2 or swapped(one[:-1], other[:-1]):
        return Sign.CLOSE_NUMBER
    return Sign.OTHER_NUMBER
