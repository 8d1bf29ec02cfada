"""Exact money: whole fen for what is paid and stored, exact fractions for what is still being calculated.

Sums of whole fen stay `Money`. A product or quotient becomes an `Amount`, an exact fraction that is no money yet; it
becomes money once, by `round_half_up`. So nothing is rounded twice and nothing is rounded unseen.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Self

from jiuzhu.core.errors import InvalidValue

FEN_PER_YUAN = 100
_MIN_FEN = -(2**63)
_MAX_FEN = 2**63 - 1
_MAX_YUAN_DIGITS = 17
_MAX_FACTOR_EXPONENT = 60
_YUAN_TEXT = re.compile(r"[+-]?(?:[0-9]{1,30}|[0-9]{1,3}(?:,[0-9]{3}){1,9})(?:\.[0-9]{1,30})?")

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")

Factor = int | Decimal | Fraction


class InvalidMoney(InvalidValue):
    """A value that is no sum of money: a float, text that is no number, more than two decimals, NaN."""


class MoneyOutOfRange(InvalidMoney):
    """A sum that does not fit the 64-bit integer of fen in which money is stored."""


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """A sum of money in whole fen, positive or negative, within 64 bits.

    Raises:
        InvalidMoney: `fen` is not an integer.
        MoneyOutOfRange: it does not fit 64 bits, also as the result of a sum.
    """

    fen: int

    def __post_init__(self) -> None:
        if type(self.fen) is not int:
            raise InvalidMoney(
                "money.fen",
                "金额（分）必须是整数，请按整数分填写",
                "A sum in fen must be a whole number; give whole fen.",
            )
        if not _MIN_FEN <= self.fen <= _MAX_FEN:
            raise _out_of_range()

    @classmethod
    def from_fen(cls, fen: int) -> Self:
        """Make money from whole fen, as stored in the database."""
        return cls(fen)

    @classmethod
    def from_yuan(cls, yuan: Decimal | str | int) -> Self:
        """Make money from yuan with at most two decimals; text may group thousands (`1,234.50`).

        Raises:
            InvalidMoney: a float, NaN or infinity, text that is no decimal number, a part of a fen.
            MoneyOutOfRange: the sum does not fit 64 bits of fen.
        """
        if isinstance(yuan, bool) or not isinstance(yuan, Decimal | str | int):
            raise InvalidMoney(
                "money.type",
                "金额不能用浮点数或其他类型表示，请使用十进制数（元）",
                "Money is not made from a float or another type; use a decimal number of yuan.",
            )
        if isinstance(yuan, int):
            return cls(yuan * FEN_PER_YUAN)
        if isinstance(yuan, str):
            text = yuan.strip()
            if not _YUAN_TEXT.fullmatch(text):
                raise InvalidMoney(
                    "money.text",
                    "金额格式不正确，请填写数字，最多两位小数，例如1234.50",
                    "This is not a sum of money; enter digits with at most two decimals, such as 1234.50.",
                )
            yuan = Decimal(text.replace(",", ""))
        return cls(_whole_fen(yuan))

    @classmethod
    def zero(cls) -> Self:
        """No money: a known nothing, unlike an unknown sum."""
        return cls(0)

    @classmethod
    def total(cls, sums: Iterable["Money"]) -> Self:
        """Add up; the total of nothing is zero."""
        return cls(sum(money.fen for money in sums))

    @property
    def yuan(self) -> Decimal:
        """The sum in yuan, with two decimals and exact."""
        # built from text: arithmetic would round to the precision of the caller's decimal context
        return Decimal(self.plain)

    @property
    def exact(self) -> "Amount":
        """The same sum as an amount, to calculate on."""
        return Amount(Fraction(self.fen))

    def __add__(self, other: "Money") -> "Money":
        return Money(self.fen + other.fen) if isinstance(other, Money) else NotImplemented

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.fen - other.fen) if isinstance(other, Money) else NotImplemented

    def __neg__(self) -> "Money":
        return Money(-self.fen)

    def __abs__(self) -> "Money":
        return Money(abs(self.fen))

    def __bool__(self) -> bool:
        return self.fen != 0

    def __mul__(self, factor: Factor) -> "Amount":
        return self.exact * factor if _is_factor(factor) else NotImplemented

    __rmul__ = __mul__

    def __truediv__(self, divisor: Factor) -> "Amount":
        return self.exact / divisor if _is_factor(divisor) else NotImplemented

    @property
    def plain(self) -> str:
        """The sum in yuan without grouping or unit: `1234.50`, for sheets and bank files."""
        sign = "-" if self.fen < 0 else ""
        yuan, fen = divmod(abs(self.fen), FEN_PER_YUAN)
        return f"{sign}{yuan}.{fen:02d}"

    def __str__(self) -> str:
        sign = "-" if self.fen < 0 else ""
        yuan, fen = divmod(abs(self.fen), FEN_PER_YUAN)
        return f"{sign}{yuan:,}.{fen:02d}元"

    @property
    def upper_case(self) -> str:
        """The sum in capital numerals for vouchers: `壹仟贰佰叁拾肆元伍角整`.

        Written by the rules for filling in bills and settlement vouchers (支付结算办法, 附件一): `整` follows yuan and
        jiao and never fen; a gap of zeros reads one `零`; where a `零` is left to choice it is not written.
        """
        sign = "负" if self.fen < 0 else ""
        yuan, rest = divmod(abs(self.fen), FEN_PER_YUAN)
        jiao, fen = divmod(rest, 10)
        parts = [sign]
        if yuan or not rest:
            parts.append((_upper_integer(yuan) if yuan else "零") + "元")
        if jiao:
            parts.append(_DIGITS[jiao] + "角")
        elif fen and yuan:
            parts.append("零")
        parts.append(_DIGITS[fen] + "分" if fen else "整")
        return "".join(parts)


@dataclass(frozen=True, slots=True, order=True)
class Amount:
    """An exact amount in fen, possibly a fraction of a fen: the inside of a calculation, never stored or paid.

    Raises:
        InvalidMoney: `fen` is not an exact fraction.
    """

    fen: Fraction

    def __post_init__(self) -> None:
        if not isinstance(self.fen, Fraction):
            raise InvalidMoney(
                "money.amount",
                "计算中的金额必须是精确分数，请用整数、十进制数或分数计算",
                "An amount must be an exact fraction; calculate with whole numbers, decimals or fractions.",
            )

    def round_half_up(self) -> Money:
        """Round to whole fen, half a fen away from zero. This is the one rounding of a calculation.

        Raises:
            MoneyOutOfRange: the sum does not fit 64 bits of fen.
        """
        size = abs(self.fen)
        whole = (2 * size.numerator + size.denominator) // (2 * size.denominator)
        return Money(whole if self.fen >= 0 else -whole)

    def __add__(self, other: "Amount | Money") -> "Amount":
        if isinstance(other, Money):
            return Amount(self.fen + other.fen)
        return Amount(self.fen + other.fen) if isinstance(other, Amount) else NotImplemented

    __radd__ = __add__

    def __sub__(self, other: "Amount | Money") -> "Amount":
        if isinstance(other, Money):
            return Amount(self.fen - other.fen)
        return Amount(self.fen - other.fen) if isinstance(other, Amount) else NotImplemented

    def __rsub__(self, other: Money) -> "Amount":
        return Amount(other.fen - self.fen) if isinstance(other, Money) else NotImplemented

    def __neg__(self) -> "Amount":
        return Amount(-self.fen)

    def __mul__(self, factor: Factor) -> "Amount":
        return Amount(self.fen * _fraction(factor)) if _is_factor(factor) else NotImplemented

    __rmul__ = __mul__

    def __truediv__(self, divisor: Factor) -> "Amount":
        if not _is_factor(divisor):
            return NotImplemented
        exact = _fraction(divisor)
        if exact == 0:
            raise InvalidMoney(
                "money.division",
                "金额不能除以零，请检查人数、月数等除数",
                "Money cannot be divided by zero; check the divisor, such as the number of people or months.",
            )
        return Amount(self.fen / exact)


def _is_factor(value: object) -> bool:
    return isinstance(value, int | Decimal | Fraction) and not isinstance(value, bool)


def _fraction(value: Factor) -> Fraction:
    if isinstance(value, Decimal) and (not value.is_finite() or abs(value.adjusted()) > _MAX_FACTOR_EXPONENT):
        raise InvalidMoney(
            "money.factor",
            "不能用非数值、无穷大或过大过小的数计算金额，请检查参数",
            "Money cannot be multiplied or divided by NaN, infinity or a number of absurd size; check it.",
        )
    return Fraction(value)


def _whole_fen(yuan: Decimal) -> int:
    if not yuan.is_finite():
        raise InvalidMoney(
            "money.number",
            "金额必须是确定的数值，请重新填写",
            "A sum of money must be a finite number; enter it again.",
        )
    if not yuan:
        return 0
    if yuan.adjusted() >= _MAX_YUAN_DIGITS:
        raise _out_of_range()
    sign, digits, exponent = yuan.as_tuple()
    surplus = -2 - int(exponent)
    if surplus > 0:
        if any(digits[-surplus:]):
            raise InvalidMoney(
                "money.decimals",
                "金额最多两位小数（精确到分），请按分填写",
                "A sum of money has at most two decimals; give it to the fen.",
            )
        fen = int("".join(map(str, digits[:-surplus])))
    else:
        fen = int("".join(map(str, digits)) + "0" * -surplus)
    return -fen if sign else fen


def _out_of_range() -> MoneyOutOfRange:
    return MoneyOutOfRange(
        "money.range",
        "金额超出系统可处理的范围，请核对是否多输了数字",
        "The sum is larger than the system can hold; check whether too many digits were entered.",
    )


def _upper_integer(number: int) -> str:
    if number >= 10**8:
        high, low = divmod(number, 10**8)
        return _joined(_upper_integer(high) + "亿", low, 10**7)
    if number >= 10**4:
        high, low = divmod(number, 10**4)
        return _joined(_upper_integer(high) + "万", low, 10**3)
    parts: list[str] = []
    gap = False
    for place in range(3, -1, -1):
        digit = number // 10**place % 10
        if digit:
            parts.append(("零" if gap and parts else "") + _DIGITS[digit] + _PLACES[place])
        gap = digit == 0
    return "".join(parts)


def _joined(high: str, low: int, full: int) -> str:
    if not low:
        return high
    return high + ("零" if low < full else "") + _upper_integer(low)
