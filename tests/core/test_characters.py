"""Codes and numbers are compared in one way of writing."""

from hypothesis import given
from hypothesis import strategies as st

from jiuzhu.core.characters import compact

_FULL_WIDTH = {code: code + 0xFEE0 for code in range(ord("!"), ord("~") + 1)}


@given(st.text(st.characters(min_codepoint=9, max_codepoint=126), max_size=30))
def test_full_width_and_half_width_are_the_same(text: str) -> None:
    assert compact(text.translate(_FULL_WIDTH)) == compact(text)


@given(st.text(max_size=30))
def test_what_is_compact_stays_so_and_holds_no_blanks(text: str) -> None:
    once = compact(text)
    assert compact(once) == once
    assert not any(char.isspace() for char in once)


def test_small_letters_and_blanks_do_not_matter() -> None:
    assert compact(" 3709 02\u300019900101 12３x\n") == "37090219900101123X"
