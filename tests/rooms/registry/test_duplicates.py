"""Records that may be one person: the comparison by itself, the candidates found, and pairs that were dismissed."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.rooms.registry.conftest import (
    AT,
    CITY,
    TOWN_A,
    TOWN_B,
    VILLAGE_A1,
    VILLAGE_A2,
    VILLAGE_B1,
    Register,
    number,
    person,
    staff,
)

from jiuzhu.core.actors import Actor, OutOfScope, PermissionRefused
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.core.errors import InvalidValue, RuleRefused
from jiuzhu.core.identity import CitizenId
from jiuzhu.core.variants import VARIANT_FROM, VARIANT_TO, plain_name
from jiuzhu.rooms.registry import actions, queries
from jiuzhu.rooms.registry.permissions import Permission
from jiuzhu.rooms.registry.rules.matching import (
    Likeness,
    Match,
    Sign,
    compare,
    one_slip_corrections,
)
from jiuzhu.rooms.registry.rules.persons import NewMember, Particulars
from jiuzhu.rooms.registry.states import DocumentKind

BORN = date(1980, 5, 1)
COUNTY = DivisionCode("370902000000")


def record(name: str, born: date = BORN, **more: str | int | None) -> Likeness:
    """A record with nothing but name and birth date unless told more."""
    values: dict[str, object] = {
        "person_id": 1,
        "name": name,
        "sex": "1",
        "birth_date": born,
        "number": None,
        "phone": None,
        "division_code": VILLAGE_A1,
        "household_id": None,
    }
    return Likeness(**(values | more))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "other", "likely", "signs"),
    [
        (record("张三"), record("张三"), True, {Sign.SAME_NAME, Sign.SAME_BIRTH}),
        (record("张兰"), record("张蘭"), True, {Sign.VARIANT_NAME, Sign.SAME_BIRTH}),
        (record("𠮷田"), record("吉田"), True, {Sign.VARIANT_NAME}),
        (record("萧山"), record("肖山"), True, {Sign.VARIANT_NAME}),
        (record("张三丰"), record("张三峰"), True, {Sign.CLOSE_NAME}),
        (record("张三", number=number(101)), record("张三", number=number(777)), False, {Sign.OTHER_NUMBER}),
        (record("张三", number=number(101)), record("张三", number=None), True, {Sign.NO_NUMBER}),
        (
            record("张三", date(1980, 5, 1), phone="a"),
            record("张三", date(1980, 5, 7), phone="a"),
            True,
            {Sign.CLOSE_BIRTH, Sign.SAME_PHONE},
        ),
        (record("张三", phone="a", sex="1"), record("李四", phone="a", sex="2"), False, {Sign.SAME_PHONE}),
        (record("张三", date(1980, 5, 1)), record("张三", date(1955, 8, 9)), False, {Sign.SAME_NAME}),
    ],
)
def test_two_records_are_weighed_with_reasons(
    one: Likeness, other: Likeness, *, likely: bool, signs: set[Sign]
) -> None:
    match = compare(one, other)
    assert match.is_likely is likely, match
    assert signs <= set(match.signs)
    assert len(match.reasons_zh) == len(match.reasons_en) == len(match.signs)


def test_numbers_that_differ_by_one_slip_speak_for_one_person() -> None:
    slip = CitizenId.make("370902", BORN, 161).value
    match = compare(record("张三", number=number(101)), record("张三", number=slip))
    assert match.is_likely
    assert Sign.CLOSE_NUMBER in match.signs


_NAMES = st.text(alphabet="张章三叁兰蘭吉𠮷", min_size=1, max_size=3)
_LIKENESS = st.builds(
    record,
    _NAMES,
    st.sampled_from([BORN, date(1980, 5, 2), date(1980, 1, 5), date(1955, 8, 9)]),
    sex=st.sampled_from("12"),
    number=st.sampled_from([None, number(101), number(161), number(777)]),
    phone=st.sampled_from([None, "a", "b"]),
)


@given(_LIKENESS, _LIKENESS)
def test_the_comparison_does_not_ask_which_record_comes_first(one: Likeness, other: Likeness) -> None:
    found: Match = compare(one, other)
    assert found == compare(other, one)
    assert 0 <= found.score <= 100


@given(st.integers(0, 999), st.integers(0, 16), st.integers(0, 9))
def test_a_number_with_one_wrong_digit_is_found_among_its_corrections(sequence: int, place: int, digit: int) -> None:
    right = number(sequence)
    wrong = right[:place] + str(digit) + right[place + 1 :]
    assert wrong == right or right in one_slip_corrections(wrong)


@given(st.integers(0, 999), st.integers(0, 15))
def test_a_number_with_two_neighbours_exchanged_is_found_among_its_corrections(sequence: int, place: int) -> None:
    right = number(sequence)
    wrong = right[:place] + right[place + 1] + right[place] + right[place + 2 :]
    assert wrong == right or right in one_slip_corrections(wrong)


def test_variants_lead_to_one_form_in_one_step() -> None:
    assert len(VARIANT_FROM) == len(VARIANT_TO) == len(set(VARIANT_FROM))
    assert not set(VARIANT_FROM) & set(VARIANT_TO)
    assert plain_name("張蘭") == plain_name("张兰")


def alone(name: str, sequence: int | None, *, phone: str = "", born: date = BORN) -> list[NewMember]:
    """A household of one; without a sequence the person has no document."""
    if sequence is not None:
        return [NewMember("02", person(name, sequence, born, phone=phone))]
    without = Particulars(name=name, document_kind=DocumentKind.NONE, birth_date=born, sex="1", phone=phone)
    return [NewMember("02", without)]


def pairs(actor: Actor, division: DivisionCode | None = None) -> list[tuple[str, str]]:
    """The names of the pairs that are found."""
    found = queries.find_duplicates(actor=actor, division=division)
    assert found.is_complete
    return [(one.first.name, one.second.name) for one in found.pairs]


def test_duplicates_are_found_and_others_are_not(clerk: Actor, register: Register) -> None:
    register(alone("张兰", 101))
    register(alone("張蘭", None), division=VILLAGE_A2)
    register(alone("李四", 103, phone="13800001111"))
    register(alone("李四", None, phone="13800001111", born=date(1980, 5, 11)))
    register(alone("王五", 105))
    register(alone("王五", 872))
    register(alone("赵六", 109))
    assert sorted(pairs(clerk)) == [("张兰", "張蘭"), ("李四", "李四")]
    (first, *_) = queries.find_duplicates(actor=clerk).pairs
    assert first.score >= 60
    assert first.reasons_zh
    assert "1980" not in first.first.document_number


def test_a_dismissed_pair_is_not_proposed_again(clerk: Actor, register: Register) -> None:
    one = register(alone("张兰", 101)).person_ids[0]
    other = register(alone("张兰", None)).person_ids[0]
    assert pairs(clerk) == [("张兰", "张兰")]
    note = actions.dismiss_duplicate(actor=clerk, at=AT, person_ids=(other, one), reason="双胞胎姐妹，已核实")
    assert pairs(clerk) == []
    assert actions.dismiss_duplicate(actor=clerk, at=AT, person_ids=(one, other), reason="再次核实") == note


def test_a_merged_record_is_no_candidate(clerk: Actor, register: Register) -> None:
    one = register(alone("张兰", 101)).person_ids[0]
    other = register(alone("张兰", None)).person_ids[0]
    actions.merge_persons(actor=clerk, at=AT, kept_id=one, merged_id=other, reason="重复登记")
    assert pairs(clerk) == []


def test_duplicates_are_looked_for_inside_the_area_only(clerk: Actor, register: Register) -> None:
    one = register(alone("张兰", 101)).person_ids[0]
    other = register(alone("张兰", None), actor=staff(CITY), division=VILLAGE_B1).person_ids[0]
    assert pairs(clerk) == []
    assert pairs(staff(CITY), COUNTY) == [("张兰", "张兰")]
    with pytest.raises(OutOfScope):
        pairs(clerk, TOWN_B)
    with pytest.raises(OutOfScope):
        actions.dismiss_duplicate(actor=clerk, at=AT, person_ids=(one, other), reason="核实")
    with pytest.raises(RuleRefused, match="one county"):
        pairs(staff(CITY))


def test_dismissing_needs_a_permission_a_reason_and_two_records(clerk: Actor, register: Register) -> None:
    one = register(alone("张兰", 101)).person_ids[0]
    without = staff(TOWN_A, without=frozenset({Permission.PERSON_MERGE}))
    with pytest.raises(PermissionRefused):
        actions.dismiss_duplicate(actor=without, at=AT, person_ids=(one, one + 1), reason="核实")
    with pytest.raises(PermissionRefused):
        queries.find_duplicates(actor=without)
    with pytest.raises(InvalidValue):
        actions.dismiss_duplicate(actor=clerk, at=AT, person_ids=(one, one + 1), reason=" ")
    with pytest.raises(InvalidValue):
        actions.dismiss_duplicate(actor=clerk, at=AT, person_ids=(one, one), reason="核实")
