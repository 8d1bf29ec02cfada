"""12-digit division codes: where a person lives, a body works, an actor may look.

The first six digits follow GB/T 2260-2007 (province 2, prefecture 2, county 2); three digits for the township and three
for the village follow the rules of 统计用区划代码 of the National Bureau of Statistics. Functional zones (such as a
high-tech zone) have no GB/T 2260 code: a city assigns them free digits, so every digit is allowed at every place.
"""

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Self

from jiuzhu.core.characters import compact
from jiuzhu.core.errors import InvalidValue

_SEGMENT_ENDS = (2, 4, 6, 9, 12)
_LENGTH = 12
_SHORT_LENGTHS = (6, 9)
_TOWNSHIP_SEGMENT = slice(6, 9)
_VILLAGE_SEGMENT = slice(9, 12)


class InvalidDivisionCode(InvalidValue):
    """Text that is not a division code."""


class DivisionLevel(IntEnum):
    """The levels of divisions; a lower level has the higher number."""

    COUNTRY = 0
    PROVINCE = 1
    CITY = 2
    COUNTY = 3
    TOWNSHIP = 4
    VILLAGE = 5


class TownshipKind(StrEnum):
    """What kind of township-level unit the digits 7-9 stand for."""

    STREET = "street"
    TOWN = "town"
    TOWNSHIP = "township"
    OTHER = "other"


class VillageKind(StrEnum):
    """What kind of village-level unit the digits 10-12 stand for."""

    COMMUNITY = "community"
    VILLAGE = "village"
    OTHER = "other"


@dataclass(frozen=True, slots=True, order=True)
class DivisionCode:
    """A division by its 12-digit code, zeros standing for the levels below it.

    The country is twelve zeros. The order is the order of the digits, which is also the C collation of the database.
    Where a level is skipped (a city without counties, 441900003000) the level is that of the last part with digits.

    Raises:
        InvalidDivisionCode: not twelve ASCII digits, or digits below a province `00`.
    """

    value: str

    def __post_init__(self) -> None:
        if len(self.value) != _LENGTH:
            raise InvalidDivisionCode(
                "division.length",
                f"区划代码应为12位数字，现为{len(self.value)}位，请核对后重新填写",
                f"A division code has 12 digits, not {len(self.value)}; check it and enter it again.",
            )
        if not (self.value.isascii() and self.value.isdigit()):
            raise InvalidDivisionCode(
                "division.characters",
                "区划代码只能包含数字0-9，请删除其他字符",
                "A division code holds only the digits 0-9; remove other characters.",
            )
        if self.value[:2] == "00" and self.value != "0" * _LENGTH:
            raise InvalidDivisionCode(
                "division.province",
                "区划代码前两位为省级代码，不能为00，请核对后重新填写",
                "The first two digits are the province and cannot be 00; check the code and enter it again.",
            )

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a code of 6, 9 or 12 digits as written in documents; spaces and full-width digits are cleaned.

        Raises:
            InvalidDivisionCode: any other length or character.
        """
        digits = compact(text)
        if len(digits) in _SHORT_LENGTHS:
            digits = digits.ljust(_LENGTH, "0")
        elif len(digits) != _LENGTH:
            raise InvalidDivisionCode(
                "division.length",
                f"区划代码应为6位、9位或12位数字，现为{len(digits)}位，请核对后重新填写",
                f"A division code has 6, 9 or 12 digits, not {len(digits)}; check it and enter it again.",
            )
        return cls(digits)

    def __str__(self) -> str:
        return self.value

    @property
    def level(self) -> DivisionLevel:
        """The level of the last part that has digits."""
        level = DivisionLevel.COUNTRY
        start = 0
        for number, end in enumerate(_SEGMENT_ENDS, start=1):
            if self.value[start:end].strip("0"):
                level = DivisionLevel(number)
            start = end
        return level

    @property
    def prefix(self) -> str:
        """The significant digits: 0, 2, 4, 6, 9 or 12 of them."""
        return "" if self.level is DivisionLevel.COUNTRY else self.value[: _SEGMENT_ENDS[self.level - 1]]

    @property
    def parent(self) -> Self | None:
        """The nearest division around this one; the country has none."""
        if self.level is DivisionLevel.COUNTRY:
            return None
        end = 0 if self.level is DivisionLevel.PROVINCE else _SEGMENT_ENDS[self.level - 2]
        return type(self)(self.value[:end].ljust(_LENGTH, "0"))

    @property
    def ancestors(self) -> tuple[Self, ...]:
        """All divisions around this one, from the country down, without this one."""
        found: list[Self] = []
        division = self.parent
        while division is not None:
            found.append(division)
            division = division.parent
        return tuple(reversed(found))

    @property
    def range(self) -> tuple[str, str]:
        """The half-open range `(lo, hi)` of this division and all below: `lo <= code < hi` in C collation.

        `hi` ends with a colon, the character after `9`, so that it also exists for `99` and for the country.
        """
        return self.value, self.prefix + ":"

    def contains(self, other: "DivisionCode") -> bool:
        """Tell whether the other division is this one or lies in it."""
        return other.value.startswith(self.prefix)

    def at(self, level: DivisionLevel) -> Self | None:
        """Return this division or the one around it at a level; None below it or where it is skipped."""
        return next((division for division in (*self.ancestors, self) if division.level is level), None)

    @property
    def township_kind(self) -> TownshipKind | None:
        """The kind by digits 7-9: 001-099 street, 100-199 town, 200-399 township, else other; None above townships."""
        number = int(self.value[_TOWNSHIP_SEGMENT])
        if number == 0:
            return None
        if number < 100:
            return TownshipKind.STREET
        if number < 200:
            return TownshipKind.TOWN
        return TownshipKind.TOWNSHIP if number < 400 else TownshipKind.OTHER

    @property
    def village_kind(self) -> VillageKind | None:
        """The kind by digits 10-12: 001-199 residents' committee, 200-399 villagers' committee, else other."""
        number = int(self.value[_VILLAGE_SEGMENT])
        if number == 0:
            return None
        if number < 200:
            return VillageKind.COMMUNITY
        return VillageKind.VILLAGE if number < 400 else VillageKind.OTHER


TOWNSHIP_KIND_NAMES: dict[TownshipKind, tuple[str, str]] = {
    TownshipKind.STREET: ("街道", "sub-district"),
    TownshipKind.TOWN: ("镇", "town"),
    TownshipKind.TOWNSHIP: ("乡", "township"),
    TownshipKind.OTHER: ("类似乡级单位", "township-like unit"),
}

VILLAGE_KIND_NAMES: dict[VillageKind, tuple[str, str]] = {
    VillageKind.COMMUNITY: ("居委会", "residents' committee"),
    VillageKind.VILLAGE: ("村委会", "villagers' committee"),
    VillageKind.OTHER: ("类似村级单位", "village-like unit"),
}

COUNTRY = DivisionCode("0" * _LENGTH)
