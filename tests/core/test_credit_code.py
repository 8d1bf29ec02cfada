"""Unified social credit codes: both checks hold, and every single slip is found."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from jiuzhu.core.credit_code import InvalidCreditCode, UnifiedCreditCode

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
codes = st.builds(
    UnifiedCreditCode.make,
    st.sampled_from("159"),
    st.sampled_from("1239"),
    st.from_regex(r"[1-6][0-9]{5}", fullmatch=True),
    st.text(ALPHABET, min_size=8, max_size=8),
)


@pytest.mark.parametrize(
    "code", ["91350100M000100Y43", "9144030071526726XG", "91330100799655058B", "11100000000013127D"]
)
def test_known_codes_are_valid(code: str) -> None:
    assert UnifiedCreditCode(code).value == code
    assert str(UnifiedCreditCode.parse(f" {code.lower()} ")) == code


def test_parts() -> None:
    code = UnifiedCreditCode("91350100M000100Y43")
    assert (code.authority, code.kind, code.division, code.organization_code) == ("9", "1", "350100", "M000100Y4")


@given(codes)
def test_a_made_code_reads_back(code: UnifiedCreditCode) -> None:
    assert UnifiedCreditCode.parse(code.value) == code


@given(codes, st.integers(0, 17), st.sampled_from(ALPHABET))
def test_any_one_wrong_character_is_found(code: UnifiedCreditCode, place: int, char: str) -> None:
    assume(code.value[place] != char)
    with pytest.raises(InvalidCreditCode):
        UnifiedCreditCode(code.value[:place] + char + code.value[place + 1 :])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "credit.length"),
        ("91350100M000100Y4", "credit.length"),
        ("9135010OM000100Y43", "credit.characters"),
        ("9135A100M000100Y43", "credit.division"),
        ("91350100M000100Y53", "credit.organization"),
        ("91350100M000100Y44", "credit.checksum"),
    ],
)
def test_each_kind_of_error_is_told_apart(text: str, code: str) -> None:
    with pytest.raises(InvalidCreditCode) as caught:
        UnifiedCreditCode.parse(text)
    assert caught.value.code == code


def test_a_code_is_not_made_of_wrong_parts() -> None:
    for organization in ("1234567", "123456789", "1234567I"):
        with pytest.raises(InvalidCreditCode):
            UnifiedCreditCode.make("5", "2", "370900", organization)
