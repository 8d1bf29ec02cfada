"""Identity numbers of persons: citizen identity number and disability certificate number.

The citizen identity number follows GB 11643-1999: 6 digits of address, 8 of birth, 3 of sequence (odd for males), and a
check character by ISO 7064 MOD 11-2. Residence permits of Hong Kong, Macao and Taiwan residents (81, 82, 83) and the
permanent residence cards of foreigners issued since December 2023 (9) have the same form and check.
No message of this module repeats a number or its right check character.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Self

from jiuzhu.core.characters import compact
from jiuzhu.core.errors import InvalidValue

_LENGTH = 18
_OLD_LENGTH = 15
_ADDRESS_LENGTH = 6
_MAX_SEQUENCE = 999
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_CERTIFICATE_LENGTHS = (20, 22, 23)
_CERTIFICATE_FORM = "残疾人证号应为18位身份证号加1位类别（1-7）和1位等级（1-4），补发的再加B和次数，请核对证件"


class InvalidIdentity(InvalidValue):
    """Text that is no identity number; the subclasses say why."""


class IdentityLength(InvalidIdentity):
    """Neither 18 nor, in the old form, 15 characters."""


class IdentityCharacters(InvalidIdentity):
    """Something other than digits, or an X that is not the last."""


class IdentityDate(InvalidIdentity):
    """A birth date that the calendar does not have."""


class FutureBirth(InvalidIdentity):
    """A birth date after today."""


class IdentityChecksum(InvalidIdentity):
    """The check character does not fit: at least one character is wrong."""


class InvalidDisabilityCertificate(InvalidIdentity):
    """Text that is no disability certificate number."""


class Sex(StrEnum):
    """Sex as the identity number tells it, with the codes of GB/T 2261.1."""

    MALE = "1"
    FEMALE = "2"


class IdentityKind(StrEnum):
    """Which document the number belongs to."""

    RESIDENT = "resident"
    HONG_KONG = "hong_kong"
    MACAO = "macao"
    TAIWAN = "taiwan"
    FOREIGN = "foreign"


_KINDS = {"81": IdentityKind.HONG_KONG, "82": IdentityKind.MACAO, "83": IdentityKind.TAIWAN}


@dataclass(frozen=True, slots=True, order=True, repr=False)
class CitizenId:
    """A valid identity number of 18 characters. Its representation is masked, so that logs do not carry it.

    Use `parse` for what people type; the constructor takes the normal form only and cannot see the future.

    Raises:
        IdentityLength, IdentityCharacters, IdentityDate, IdentityChecksum: in this order.
    """

    value: str

    def __post_init__(self) -> None:
        if len(self.value) != _LENGTH:
            raise IdentityLength(
                "identity.length",
                f"身份证号应为18位，现为{len(self.value)}位，请对照证件重新填写",
                f"An identity number has 18 characters, not {len(self.value)}; enter it again from the document.",
            )
        _check_digits(self.value[:-1])
        if self.value[-1] not in _CHECKS:
            raise _wrong_characters()
        _birth_date(self.value[6:14])
        if self.value[-1] != check_character(self.value[:-1]):
            raise IdentityChecksum(
                "identity.checksum",
                "身份证号校验未通过，至少有一位填写错误，请对照证件逐位核对",
                "The identity number fails its check: at least one character is wrong; compare it with the document.",
            )

    @classmethod
    def parse(cls, text: str, *, today: date) -> Self:
        """Read a number as people write it.

        Full-width characters, spaces and a small x are cleaned; the old form of 15 digits becomes 18 characters.

        Raises:
            InvalidIdentity: one of its subclasses, by what is wrong; `FutureBirth` when the birth is after `today`.
        """
        text = compact(text)
        if len(text) == _OLD_LENGTH:
            _check_digits(text)
            body = text[:6] + "19" + text[6:]
            _birth_date(body[6:14])
            text = body + check_character(body)
        identity = cls(text)
        if identity.birth_date > today:
            raise FutureBirth(
                "identity.future",
                "身份证号中的出生日期晚于今天，请对照证件重新填写",
                "The birth date in the identity number lies after today; enter it again from the document.",
            )
        return identity

    @classmethod
    def make(cls, address_code: str, birth: date, sequence: int) -> Self:
        """Make a valid number for an invented person.

        Args:
            address_code: six digits of GB/T 2260.
            birth: the date of birth.
            sequence: 0-999, odd for a male, even for a female.

        Raises:
            InvalidIdentity: a part of the wrong size.
        """
        if len(address_code) != _ADDRESS_LENGTH or not 0 <= sequence <= _MAX_SEQUENCE:
            raise InvalidIdentity(
                "identity.parts",
                "地址码应为6位数字，顺序码应在0至999之间，请核对",
                "The address code has six digits and the sequence lies between 0 and 999; check them.",
            )
        body = f"{address_code}{birth.year:04d}{birth:%m%d}{sequence:03d}"
        _check_digits(body)
        return cls(body + check_character(body))

    def __repr__(self) -> str:
        return f"CitizenId({self.masked})"

    @property
    def address_code(self) -> str:
        """The six digits of the place of first registration; codes of abolished counties stay valid for life."""
        return self.value[:6]

    @property
    def birth_date(self) -> date:
        """The date of birth."""
        return _birth_date(self.value[6:14])

    @property
    def sex(self) -> Sex:
        """Male for an odd sequence, female for an even one."""
        return Sex.MALE if int(self.value[16]) % 2 else Sex.FEMALE

    @property
    def kind(self) -> IdentityKind:
        """The document the number belongs to, by its first digits."""
        if self.value[0] == "9":
            return IdentityKind.FOREIGN
        return _KINDS.get(self.value[:2], IdentityKind.RESIDENT)

    @property
    def masked(self) -> str:
        """The first three and the last four characters, stars between."""
        return self.value[:3] + "*" * (_LENGTH - 7) + self.value[-4:]


@dataclass(frozen=True, slots=True, repr=False)
class DisabilityCertificateNumber:
    """The number of a disability certificate (残疾人证): identity number, type, grade, `B` and the count of reissues.

    `disability_type` is 1-7 and `grade` 1-4 by GB/T 26341-2010; `reissues` is 0-99, 0 for the first certificate.

    Raises:
        InvalidDisabilityCertificate: a part out of range.
    """

    holder: CitizenId
    disability_type: str
    grade: int
    reissues: int = 0

    def __post_init__(self) -> None:
        in_range = 1 <= self.grade <= 4 and 0 <= self.reissues <= 99
        if len(self.disability_type) != 1 or self.disability_type not in "1234567" or not in_range:
            raise _invalid_certificate()

    @classmethod
    def parse(cls, text: str, *, today: date) -> Self:
        """Read a certificate number as people write it, cleaned like an identity number.

        Raises:
            InvalidDisabilityCertificate: the form is wrong.
            InvalidIdentity: the identity number in it is wrong.
        """
        text = compact(text)
        tail = text[_LENGTH:]
        reissue = tail[2:]
        right = (
            len(text) in _CERTIFICATE_LENGTHS
            and _is_digits(tail[:2])
            and (not reissue or (reissue[0] == "B" and _is_digits(reissue[1:])))
        )
        if not right:
            raise _invalid_certificate()
        holder = CitizenId.parse(text[:_LENGTH], today=today)
        return cls(holder, tail[0], int(tail[1]), int(reissue[1:] or 0))

    @property
    def value(self) -> str:
        """The whole number."""
        reissue = f"B{self.reissues}" if self.reissues else ""
        return f"{self.holder.value}{self.disability_type}{self.grade}{reissue}"

    @property
    def masked(self) -> str:
        """The number with the identity number in it masked."""
        return self.holder.masked + self.value[_LENGTH:]

    def __repr__(self) -> str:
        return f"DisabilityCertificateNumber({self.masked})"


def check_character(body: str) -> str:
    """Return the check character of 17 digits (ISO 7064 MOD 11-2)."""
    total = sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True))
    return _CHECKS[total % 11]


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _check_digits(text: str) -> None:
    if not _is_digits(text):
        raise _wrong_characters()


def _wrong_characters() -> IdentityCharacters:
    return IdentityCharacters(
        "identity.characters",
        "身份证号只能是数字，末位可以是X，请删除其他字符",
        "An identity number holds digits only, with an X allowed at the end; remove other characters.",
    )


def _birth_date(digits: str) -> date:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        raise IdentityDate(
            "identity.date",
            "身份证号中的出生日期不存在，请对照证件核对第7至14位",
            "The birth date in the identity number does not exist; compare characters 7 to 14 with the document.",
        ) from None


def _invalid_certificate() -> InvalidDisabilityCertificate:
    return InvalidDisabilityCertificate(
        "disability.form",
        _CERTIFICATE_FORM,
        "A disability certificate number is an identity number, a type 1-7, a grade 1-4, and for a reissued one B and "
        "a count; compare it with the document.",
    )
