"""Unified social credit code of legal persons and other organisations (GB 32100-2015).

18 characters: registering authority 1, kind 1, division 6, organisation code 9 with its own check (GB 11714-1997),
check 1.
"""

from dataclasses import dataclass
from typing import Self

from jiuzhu.core.characters import compact
from jiuzhu.core.errors import InvalidValue

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_LENGTH = 18
_WEIGHTS = tuple(pow(3, place, 31) for place in range(_LENGTH - 1))
_ORGANIZATION = slice(8, 17)
_ORGANIZATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


class InvalidCreditCode(InvalidValue):
    """Text that is no unified social credit code."""


@dataclass(frozen=True, slots=True, order=True)
class UnifiedCreditCode:
    """A valid code in capital letters. It is public, so nothing is masked.

    Raises:
        InvalidCreditCode: `credit.length`, `credit.characters`, `credit.division`, `credit.organization` (the inner
            check) or `credit.checksum`, in this order.
    """

    value: str

    def __post_init__(self) -> None:
        if len(self.value) != _LENGTH:
            raise InvalidCreditCode(
                "credit.length",
                f"统一社会信用代码应为18位，现为{len(self.value)}位，请对照证照重新填写",
                f"A unified social credit code has 18 characters, not {len(self.value)}; check the certificate.",
            )
        if set(self.value) - set(_ALPHABET):
            raise InvalidCreditCode(
                "credit.characters",
                "统一社会信用代码只含数字和大写字母，不含I、O、S、V、Z，请核对是否误填",
                "A unified social credit code holds digits and capital letters without I, O, S, V, Z; check it.",
            )
        if not self.division.isdigit():
            raise InvalidCreditCode(
                "credit.division",
                "统一社会信用代码第3至8位应为数字（登记机关区划），请对照证照核对",
                "Characters 3 to 8 of a unified social credit code are digits; compare them with the certificate.",
            )
        organization = self.organization_code
        if organization[-1] != _organization_check(organization[:-1]):
            raise InvalidCreditCode(
                "credit.organization",
                "统一社会信用代码中的组织机构代码（第9至17位）校验未通过，请逐位核对",
                "The organisation code inside (characters 9 to 17) fails its check; compare it character by character.",
            )
        if self.value[-1] != _check(self.value[:-1]):
            raise InvalidCreditCode(
                "credit.checksum",
                "统一社会信用代码校验未通过，至少有一位填写错误，请逐位核对",
                "The unified social credit code fails its check; compare it character by character.",
            )

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a code as people write it: full-width characters, spaces and small letters are cleaned.

        Raises:
            InvalidCreditCode: as the constructor.
        """
        return cls(compact(text))

    @classmethod
    def make(cls, authority: str, kind: str, division: str, organization: str) -> Self:
        """Make a valid code for an invented organisation from its parts; `organization` has 8 characters, no check.

        Raises:
            InvalidCreditCode: a part of the wrong length or with a character that is not allowed.
        """
        body = f"{authority}{kind}{division}{organization}"
        if len(body) != _LENGTH - 2 or set(body) - set(_ALPHABET):
            raise InvalidCreditCode(
                "credit.parts",
                "登记部门1位、机构类别1位、区划6位、主体代码8位，请核对各部分",
                "The parts are authority 1, kind 1, division 6, organisation 8 characters; check them.",
            )
        body += _organization_check(organization)
        return cls(body + _check(body))

    def __str__(self) -> str:
        return self.value

    @property
    def authority(self) -> str:
        """The registering authority: 1 staffing commission, 5 civil affairs, 9 market regulation, and others."""
        return self.value[0]

    @property
    def kind(self) -> str:
        """The kind of organisation, counted within its authority."""
        return self.value[1]

    @property
    def division(self) -> str:
        """The six digits of the registering authority's division (GB/T 2260)."""
        return self.value[2:8]

    @property
    def organization_code(self) -> str:
        """The organisation code of nine characters (GB 11714), its check included."""
        return self.value[_ORGANIZATION]


def _check(body: str) -> str:
    total = sum(_ALPHABET.index(char) * weight for char, weight in zip(body, _WEIGHTS, strict=True))
    return _ALPHABET[-total % 31]


def _organization_check(body: str) -> str:
    # letters count A=10 to Z=35 here, other than in the outer check
    total = sum(int(char, 36) * weight for char, weight in zip(body, _ORGANIZATION_WEIGHTS, strict=True))
    return "0123456789X"[-total % 11]
