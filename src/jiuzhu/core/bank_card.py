"""Bank account numbers for payments.

Cards follow ISO/IEC 7812-1: at most 19 digits, the last a Luhn check. Many Chinese passbooks carry numbers without such
a check, so a number that fails it is shown with a warning and not refused; the bank's own reply decides.
"""

from dataclasses import dataclass
from typing import Self

from jiuzhu.core.characters import compact
from jiuzhu.core.errors import InvalidValue

_MIN_LENGTH = 8
_MAX_LENGTH = 19


class InvalidBankAccount(InvalidValue):
    """Text that cannot be a card or passbook number."""


@dataclass(frozen=True, slots=True, repr=False)
class BankAccountNumber:
    """A number of 8 to 19 digits. Its representation is masked, so that logs do not carry it.

    Raises:
        InvalidBankAccount: other characters or another length.
    """

    digits: str

    def __post_init__(self) -> None:
        if not (self.digits.isascii() and self.digits.isdigit()):
            raise InvalidBankAccount(
                "bank.characters",
                "银行账号只能包含数字，请删除其他字符",
                "A bank account number holds digits only; remove other characters.",
            )
        if not _MIN_LENGTH <= len(self.digits) <= _MAX_LENGTH:
            raise InvalidBankAccount(
                "bank.length",
                f"银行账号应为{_MIN_LENGTH}至{_MAX_LENGTH}位数字，现为{len(self.digits)}位，请对照银行卡或存折核对",
                f"A bank account number has {_MIN_LENGTH} to {_MAX_LENGTH} digits, not {len(self.digits)}; "
                "compare it with the card or passbook.",
            )

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a number as people write it: full-width digits, spaces and hyphens are cleaned.

        Raises:
            InvalidBankAccount: as the constructor.
        """
        return cls(compact(text).replace("-", ""))

    @property
    def luhn_ok(self) -> bool:
        """Whether the Luhn check holds; if not, ask for the number to be compared with the card, and go on."""
        total = 0
        for place, char in enumerate(reversed(self.digits)):
            digit = int(char) * (1 + place % 2)
            total += digit - 9 if digit > 9 else digit
        return total % 10 == 0

    @property
    def masked(self) -> str:
        """Stars for all but the last four digits."""
        return "*" * (len(self.digits) - 4) + self.digits[-4:]

    def __repr__(self) -> str:
        return f"BankAccountNumber({self.masked})"
