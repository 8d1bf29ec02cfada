"""Money is exact, is rounded once, and refuses what is no sum."""

import operator
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiuzhu.core.money import Amount, InvalidMoney, Money, MoneyOutOfRange

LARGEST = 2**63 - 1
FEN = st.integers(-(10**15), 10**15)
ANY_FEN = st.integers(-(2**63), LARGEST)
FACTORS = st.one_of(
    st.integers(-1000, 1000),
    st.decimals(-100, 100, places=4, allow_nan=False, allow_infinity=False),
    st.fractions(-100, 100, max_denominator=999),
)


@given(ANY_FEN)
def test_yuan_and_text_lead_back_to_the_same_fen(fen: int) -> None:
    money = Money.from_fen(fen)
    assert Money.from_yuan(money.yuan) == money
    assert Money.from_yuan(money.plain) == money
    assert Money.from_yuan(str(money).removesuffix("元")) == money


@given(ANY_FEN)
def test_yuan_does_not_depend_on_the_decimal_context(fen: int) -> None:
    with localcontext() as context:
        context.prec = 3
        assert Money(fen).yuan.as_tuple() == Decimal(f"{Decimal(fen)}E-2").as_tuple()


@given(FEN, FEN, FEN)
def test_sums_of_money_are_a_group_and_keep_order(first: int, second: int, third: int) -> None:
    a, b, c = Money(first), Money(second), Money(third)
    assert (a + b) + c == a + (b + c) == Money.total([a, b, c])
    assert a + b == b + a
    assert a - b == -(b - a)
    assert a + Money.zero() == a
    assert (a < b) == (first < second)
    assert abs(a).fen == abs(first)


@given(FEN, FACTORS)
def test_rounding_agrees_with_decimal_half_up(fen: int, factor: Any) -> None:
    amount = Money(fen) * factor
    exact = fen * Fraction(factor)
    with localcontext() as context:
        context.prec = 80
        near = (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(Decimal(1), ROUND_HALF_UP)
    assert amount.fen == exact
    assert amount.round_half_up().fen == int(near)
    assert (factor * Money(fen)).round_half_up() == amount.round_half_up()


@given(FEN, st.integers(1, 10_000))
def test_dividing_loses_nothing_before_the_rounding(fen: int, people: int) -> None:
    assert (Money(fen) / people * people).round_half_up() == Money(fen)


@given(st.fractions())
def test_rounding_is_symmetric_and_at_most_half_a_fen_off(exact: Fraction) -> None:
    rounded = Amount(exact).round_half_up().fen if abs(exact) < LARGEST else None
    if rounded is not None:
        assert abs(rounded - exact) <= Fraction(1, 2)
        assert Amount(-exact).round_half_up().fen == -rounded


def test_half_a_fen_goes_away_from_zero() -> None:
    assert (Money(201) / 2).round_half_up() == Money(101)
    assert (Money(-201) / 2).round_half_up() == Money(-101)
    assert (Money(1) * Decimal("0.4999")).round_half_up() == Money.zero()


def test_amounts_and_money_add_up_without_rounding() -> None:
    third = Money(100) / 3
    assert (third + third + third).round_half_up() == Money(100)
    assert (Money(100) - third).fen == Fraction(200, 3)
    assert (third - Money(100)).fen == Fraction(-200, 3)
    assert (Money(100) + third - Amount(Fraction(1, 3))).round_half_up() == Money(133)
    assert (-third) * 3 == Money(-100).exact
    assert third < Money(100).exact


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (1.5, "money.type"),
        (True, "money.type"),
        (None, "money.type"),
        ("1.234", "money.decimals"),
        (Decimal("0.001"), "money.decimals"),
        (Decimal("1E-999999999"), "money.decimals"),
        (Decimal("NaN"), "money.number"),
        (Decimal("sNaN"), "money.number"),
        (Decimal("-Infinity"), "money.number"),
        ("", "money.text"),
        ("1e5", "money.text"),
        ("NaN", "money.text"),
        ("1,23.00", "money.text"),
        ("１２", "money.text"),
        ("=1+1", "money.text"),
        (Decimal("1E+999999999"), "money.range"),
        ("92233720368547758.08", "money.range"),
        (10**20, "money.range"),
    ],
)
def test_what_is_no_sum_of_money_is_refused(value: Any, code: str) -> None:
    with pytest.raises(InvalidMoney) as caught:
        Money.from_yuan(value)
    assert caught.value.code == code
    assert caught.value.message_zh
    assert caught.value.message_en


def test_zeros_after_the_second_decimal_are_exact_and_taken() -> None:
    assert Money.from_yuan(Decimal("12.3400")) == Money(1234)
    assert Money.from_yuan(Decimal("-1E+3")) == Money(-100_000)
    assert Money.from_yuan(" 1,234,567.5 ") == Money(123_456_750)
    assert Money.from_yuan(Decimal("-0.00")) == Money.zero()


def test_fen_must_be_whole_and_fit_64_bits() -> None:
    assert Money(LARGEST).fen == LARGEST
    for fen in (LARGEST + 1, -(2**63) - 1):
        with pytest.raises(MoneyOutOfRange):
            Money(fen)
    with pytest.raises(MoneyOutOfRange):
        Money(LARGEST) + Money(1)
    with pytest.raises(MoneyOutOfRange):
        (Money(LARGEST) * 2).round_half_up()
    for wrong in (1.0, True, "1"):
        with pytest.raises(InvalidMoney):
            Money.from_fen(wrong)  # type: ignore[arg-type]
    with pytest.raises(InvalidMoney):
        Amount(1.5)  # type: ignore[arg-type]


@pytest.mark.parametrize("operation", [operator.add, operator.sub, operator.lt, operator.ge])
@pytest.mark.parametrize("other", [1, Decimal(1), 1.0, "1"])
def test_money_meets_only_money(operation: Callable[[Any, Any], Any], other: object) -> None:
    with pytest.raises(TypeError):
        operation(Money(1), other)


def test_floats_never_multiply_or_divide_money() -> None:
    with pytest.raises(TypeError):
        Money(1) * 1.5  # type: ignore[operator]
    with pytest.raises(TypeError):
        Money(1) / 1.5  # type: ignore[operator]
    with pytest.raises(TypeError):
        Money(1).exact / 1.5  # type: ignore[operator]
    with pytest.raises(TypeError):
        Money(1) * Money(2)  # type: ignore[operator]


def test_absurd_factors_and_division_by_zero_are_refused() -> None:
    for factor in (Decimal("NaN"), Decimal("Infinity"), Decimal("1E+999999")):
        with pytest.raises(InvalidMoney):
            Money(1) * factor
    for zero in (0, Decimal(0), Fraction(0)):
        with pytest.raises(InvalidMoney) as caught:
            Money(1) / zero
        assert caught.value.code == "money.division"


@pytest.mark.parametrize(
    ("yuan", "shown", "upper"),
    [
        ("0", "0.00元", "零元整"),
        ("0.05", "0.05元", "伍分"),
        ("0.50", "0.50元", "伍角整"),
        ("10", "10.00元", "壹拾元整"),
        ("1234.50", "1,234.50元", "壹仟贰佰叁拾肆元伍角整"),
        ("1409.50", "1,409.50元", "壹仟肆佰零玖元伍角整"),
        ("6007.14", "6,007.14元", "陆仟零柒元壹角肆分"),
        ("1680.32", "1,680.32元", "壹仟陆佰捌拾元叁角贰分"),
        ("107000.53", "107,000.53元", "壹拾万柒仟元伍角叁分"),
        ("16409.02", "16,409.02元", "壹万陆仟肆佰零玖元零贰分"),
        ("20000", "20,000.00元", "贰万元整"),
        ("300000000", "300,000,000.00元", "叁亿元整"),
        ("100000001", "100,000,001.00元", "壹亿零壹元整"),
        ("-3.1", "-3.10元", "负叁元壹角整"),
        ("-0.01", "-0.01元", "负壹分"),
    ],
)
def test_money_is_shown_and_written_as_on_vouchers(yuan: str, shown: str, upper: str) -> None:
    money = Money.from_yuan(yuan)
    assert str(money) == shown
    assert money.upper_case == upper


def _read_integer(text: str) -> int:
    if "亿" in text:
        high, low = text.rsplit("亿", 1)
        return _read_integer(high) * 10**8 + _read_integer(low)
    if "万" in text:
        high, low = text.split("万")
        return _read_integer(high) * 10**4 + _read_integer(low)
    total = digit = 0
    for char in text:
        if char in "拾佰仟":
            total += digit * {"拾": 10, "佰": 100, "仟": 1000}[char]
            digit = 0
        else:
            digit = "零壹贰叁肆伍陆柒捌玖".index(char)
    return total + digit


@given(st.integers(0, LARGEST))
def test_capital_numerals_read_back_as_the_same_sum(fen: int) -> None:
    text = Money(fen).upper_case
    yuan, _, rest = text.rpartition("元")
    jiao, _, tail = rest.rpartition("角")
    cents = tail.removesuffix("分").removesuffix("整")
    assert _read_integer(yuan) * 100 + _read_integer(jiao) * 10 + _read_integer(cents) == fen
    assert "零零" not in text


def test_only_no_money_is_falsy() -> None:
    assert not Money.zero()
    assert Money(-1)
