"""Telephone numbers of mainland China: mobile numbers, and landlines with area code.

Form by the national numbering plan (电信网编号计划): mobile 11 digits from 13 to 19; area codes 010 and 02x of three
digits with local numbers of eight, others of four digits with seven or eight.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from jiuzhu.core.characters import compact
from jiuzhu.core.errors import InvalidValue

_MOBILE = re.compile(r"(?:\+86|0086|86)?(1[3-9][0-9]{9})")
_COUNTRY_PREFIX = re.compile(r"(?:\+|00)86(?=[1-9])")
_LANDLINE = re.compile(
    r"(?P<area>010|02[0-9]|0[3-9][0-9]{2})(?P<local>[2-8][0-9]{6,7})(?:(?:转|X|EXT\.?|,|#)(?P<extension>[0-9]{1,6}))?"
)
_SEPARATORS = str.maketrans("", "", "-()‐‑–—－（）")
_EXTENSION = re.compile(r"-(?P<extension>[0-9]{1,6})$")


class InvalidPhone(InvalidValue):
    """Text that is no telephone number of mainland China."""


class PhoneKind(StrEnum):
    """How the number can be reached; only mobiles take text messages."""

    MOBILE = "mobile"
    LANDLINE = "landline"


@dataclass(frozen=True, slots=True, repr=False)
class PhoneNumber:
    """A telephone number in normal form: `13800001111`, `0538-8221234` or `0538-8221234-801`.

    Its representation is masked, so that logs do not carry it.

    Raises:
        InvalidPhone: any other form; use `parse` for what people type.
    """

    value: str

    def __post_init__(self) -> None:
        if _normal(self.value) != self.value:
            raise _invalid()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a number as people write it; country prefix, full width, spaces, hyphens and brackets are cleaned.

        Raises:
            InvalidPhone: neither a mobile number nor a landline with its area code.
        """
        value = _normal(text)
        if value is None:
            raise _invalid()
        return cls(value)

    @property
    def kind(self) -> PhoneKind:
        """Mobile or landline."""
        return PhoneKind.LANDLINE if self.value.startswith("0") else PhoneKind.MOBILE

    @property
    def masked(self) -> str:
        """`138****1111`; of a landline the area code and the last three digits."""
        if self.kind is PhoneKind.MOBILE:
            return f"{self.value[:3]}****{self.value[-4:]}"
        area, local = self.value.split("-")[:2]
        return f"{area}-{'*' * (len(local) - 3)}{local[-3:]}"

    def __repr__(self) -> str:
        return f"PhoneNumber({self.masked})"


def _normal(text: str) -> str | None:
    text = compact(text)
    digits = text.translate(_SEPARATORS)
    mobile = _MOBILE.fullmatch(digits)
    if mobile:
        return mobile[1]
    extension = _EXTENSION.search(text) if text.count("-") >= 2 and not text.startswith("+") else None
    if extension:
        digits = text[: extension.start()].translate(_SEPARATORS)
    digits = _COUNTRY_PREFIX.sub("0", digits, count=1)
    landline = _LANDLINE.fullmatch(digits)
    if landline is None:
        return None
    area, local = landline["area"], landline["local"]
    if len(area) == 3 and len(local) != 8:
        return None
    tail = extension["extension"] if extension else landline["extension"]
    return f"{area}-{local}" + (f"-{tail}" if tail else "")


def _invalid() -> InvalidPhone:
    return InvalidPhone(
        "phone.form",
        "电话号码格式不正确，请填写11位手机号，或带区号的固定电话，例如0538-8221234",
        "This is no telephone number; enter a mobile number of 11 digits or a landline with area code, such as "
        "0538-8221234.",
    )
