"""The three-valued connectives are Kleene's; unknown always says why."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiuzhu.core.ternary import Reason, Result, Ternary, UnknownValue, all_of, any_of, joined, known, unknown

YES, NO, UNKNOWN = Ternary.YES, Ternary.NO, Ternary.UNKNOWN
MANY = st.lists(st.sampled_from(Ternary), max_size=6)
NO_REPLY = Reason("bank.no_reply", "银行尚未反馈", "The bank has not replied.", field="deposits")
NO_CARD = Reason("card.missing", "证件缺失", "A document is missing.")


def _worlds(values: list[Ternary]) -> list[tuple[bool, ...]]:
    """Every way in which the unknown ones could turn out."""
    return list(product(*([True, False] if value is UNKNOWN else [value is YES] for value in values)))


def _agreed(outcomes: set[bool]) -> Ternary:
    return Ternary.of(outcomes.pop()) if len(outcomes) == 1 else UNKNOWN


@given(MANY)
def test_and_and_or_are_known_exactly_when_every_way_it_could_turn_out_agrees(values: list[Ternary]) -> None:
    worlds = _worlds(values)
    assert all_of(values) is _agreed({all(world) for world in worlds})
    assert any_of(values) is _agreed({any(world) for world in worlds})


@pytest.mark.parametrize(("a", "b"), list(product(Ternary, Ternary)))
def test_the_operators_follow_the_truth_tables_and_de_morgan(a: Ternary, b: Ternary) -> None:
    order = [NO, UNKNOWN, YES]
    assert (a & b) is order[min(order.index(a), order.index(b))]
    assert (a | b) is order[max(order.index(a), order.index(b))]
    assert ~(a & b) is (~a | ~b)
    assert ~~a is a


def test_conversion_from_and_to_booleans() -> None:
    for value in (True, False, None):
        assert Ternary.of(value).as_bool is value
        assert Ternary.of(value).is_known is (value is not None)


def test_a_ternary_value_has_no_plain_truth() -> None:
    for value in Ternary:
        with pytest.raises(TypeError):
            bool(value)


def test_an_unknown_result_tells_its_reasons_and_gives_no_value() -> None:
    result: Result[int] = unknown(NO_REPLY, NO_CARD)
    assert not result.is_known
    with pytest.raises(UnknownValue) as caught:
        _ = result.value
    assert "银行尚未反馈；证件缺失" in caught.value.message_zh
    assert caught.value.field == "deposits"


def test_unknown_needs_a_reason() -> None:
    with pytest.raises(ValueError, match="reason"):
        unknown()


def test_none_can_be_a_known_value() -> None:
    assert known(None).is_known
    assert known(None).value is None


@given(st.integers(), st.integers())
def test_known_values_are_mapped_and_combined(a: int, b: int) -> None:
    assert known(a).map(str).value == str(a)
    assert known(a, NO_CARD).combine(known(b, NO_REPLY), lambda x, y: x + y) == known(a + b, NO_CARD, NO_REPLY)


def test_combining_keeps_the_reasons_of_all_that_are_unknown() -> None:
    missing: Result[int] = unknown(NO_REPLY)
    other: Result[int] = unknown(NO_CARD, NO_REPLY)
    assert missing.map(lambda number: number + 1).reasons == (NO_REPLY,)
    assert missing.combine(known(1, NO_CARD), lambda a, b: a + b).reasons == (NO_REPLY,)
    assert known(1).combine(missing, lambda a, b: a + b).reasons == (NO_REPLY,)
    assert missing.combine(other, lambda a, b: a + b).reasons == (NO_REPLY, NO_CARD)
    assert joined() == ()
