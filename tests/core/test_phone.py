"""Telephone numbers come in many writings and leave in one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiuzhu.core.phone import InvalidPhone, PhoneKind, PhoneNumber


@pytest.mark.parametrize(
    ("text", "value", "kind"),
    [
        ("13800001111", "13800001111", PhoneKind.MOBILE),
        ("+86 138-0000-1111", "13800001111", PhoneKind.MOBILE),
        ("008613800001111", "13800001111", PhoneKind.MOBILE),
        ("１３８００００１１１１", "13800001111", PhoneKind.MOBILE),
        ("0538-8221234", "0538-8221234", PhoneKind.LANDLINE),
        ("（0538）8221234", "0538-8221234", PhoneKind.LANDLINE),
        ("05388221234", "0538-8221234", PhoneKind.LANDLINE),
        ("+86-538-8221234", "0538-8221234", PhoneKind.LANDLINE),
        ("010 6505 1234", "010-65051234", PhoneKind.LANDLINE),
        ("+86 10 65051234", "010-65051234", PhoneKind.LANDLINE),
        ("0538-8221234-801", "0538-8221234-801", PhoneKind.LANDLINE),
        ("0538-8221234转801", "0538-8221234-801", PhoneKind.LANDLINE),
    ],
)
def test_numbers_are_read_as_people_write_them(text: str, value: str, kind: PhoneKind) -> None:
    number = PhoneNumber.parse(text)
    assert number.value == value
    assert number.kind is kind


@pytest.mark.parametrize(
    "text", ["", "12345678901", "1380000111", "138000011112", "8221234", "010-8221234", "053812", "0538-1221234", "abc"]
)
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(InvalidPhone) as caught:
        PhoneNumber.parse(text)
    assert "0538-8221234" in caught.value.message_zh


def test_the_constructor_takes_the_normal_form_only() -> None:
    with pytest.raises(InvalidPhone):
        PhoneNumber("05388221234")


@pytest.mark.parametrize(
    ("value", "masked"),
    [
        ("13800001111", "138****1111"),
        ("0538-8221234", "0538-****234"),
        ("010-65051234", "010-*****234"),
        ("0538-8221234-801", "0538-****234"),
    ],
)
def test_masks(value: str, masked: str) -> None:
    number = PhoneNumber(value)
    assert number.masked == masked
    assert value not in repr(number)


@given(st.text(max_size=24))
def test_any_text_is_read_or_refused_and_reading_again_changes_nothing(text: str) -> None:
    try:
        number = PhoneNumber.parse(text)
    except InvalidPhone:
        return
    assert PhoneNumber.parse(number.value) == number
