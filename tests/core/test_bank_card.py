"""Bank account numbers are never refused for their check digit, only for their shape."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiuzhu.core.bank_card import BankAccountNumber, InvalidBankAccount


@given(st.text("0123456789", min_size=7, max_size=18))
def test_exactly_one_last_digit_passes_the_check_and_all_are_taken(body: str) -> None:
    passing = [digit for digit in "0123456789" if BankAccountNumber(body + digit).luhn_ok]
    assert len(passing) == 1


def test_known_numbers() -> None:
    assert BankAccountNumber("79927398713").luhn_ok
    assert not BankAccountNumber("79927398710").luhn_ok


def test_numbers_are_cleaned_and_masked() -> None:
    number = BankAccountNumber.parse(" 6222 0212-3456 7890 12８ ")
    assert number.digits == "6222021234567890128"
    assert number.masked == "***************0128"
    assert "62220" not in repr(number)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "bank.characters"),
        ("6222O21234", "bank.characters"),
        ("6222021", "bank.length"),
        ("62220212345678901281", "bank.length"),
        ("六二二二〇二一二", "bank.characters"),
    ],
)
def test_what_is_no_account_number_is_refused(text: str, code: str) -> None:
    with pytest.raises(InvalidBankAccount) as caught:
        BankAccountNumber.parse(text)
    assert caught.value.code == code
    assert not text or text not in caught.value.message_zh
