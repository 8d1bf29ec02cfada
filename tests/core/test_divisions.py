"""Division codes nest, and their range holds exactly the codes inside."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiuzhu.core.divisions import (
    COUNTRY,
    TOWNSHIP_KIND_NAMES,
    VILLAGE_KIND_NAMES,
    DivisionCode,
    DivisionLevel,
    InvalidDivisionCode,
    TownshipKind,
    VillageKind,
)

VILLAGE = DivisionCode("370902001201")
DIGITS = st.text("0123456789", min_size=10, max_size=10)


@st.composite
def codes(draw: st.DrawFn) -> DivisionCode:
    province = draw(st.sampled_from(["11", "37", "99"]))
    length = draw(st.sampled_from([0, 2, 4, 7, 10]))
    return DivisionCode(province + draw(DIGITS)[:length].ljust(10, "0"))


def test_a_village_lies_in_township_county_city_province_and_country() -> None:
    assert [str(one) for one in VILLAGE.ancestors] == [
        "000000000000",
        "370000000000",
        "370900000000",
        "370902000000",
        "370902001000",
    ]
    assert [one.level for one in (*VILLAGE.ancestors, VILLAGE)] == list(DivisionLevel)
    assert [one.prefix for one in (*VILLAGE.ancestors, VILLAGE)] == [
        "",
        "37",
        "3709",
        "370902",
        "370902001",
        "370902001201",
    ]
    assert COUNTRY.parent is None
    assert VILLAGE.at(DivisionLevel.COUNTY) == DivisionCode("370902000000")
    assert DivisionCode("370900000000").at(DivisionLevel.COUNTY) is None


def test_a_township_right_under_a_city_has_the_city_for_parent() -> None:
    township = DivisionCode("441900003000")
    assert township.level is DivisionLevel.TOWNSHIP
    assert DivisionCode("441900000000").contains(township)
    assert [one.value for one in township.ancestors] == ["000000000000", "440000000000", "441900000000"]
    assert township.at(DivisionLevel.COUNTY) is None


@given(codes(), codes())
def test_the_range_holds_exactly_what_the_division_contains(a: DivisionCode, b: DivisionCode) -> None:
    lo, hi = a.range
    inside = lo.encode() <= b.value.encode() < hi.encode()
    assert inside == a.contains(b)
    assert a.contains(a)
    assert COUNTRY.contains(a)


@given(codes())
def test_every_parent_contains_its_child_and_is_of_a_higher_level(code: DivisionCode) -> None:
    for outer, inner in zip(code.ancestors, (*code.ancestors[1:], code), strict=True):
        assert outer.contains(inner)
        assert not inner.contains(outer)
        assert outer.level < inner.level


def test_neighbours_and_parts_are_not_inside() -> None:
    taishan = DivisionCode("370902000000")
    assert not taishan.contains(DivisionCode("370911000000"))
    assert not taishan.contains(DivisionCode("370900000000"))
    assert not taishan.contains(COUNTRY)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("370902", "370902000000"),
        ("370902001", "370902001000"),
        ("370902001201", "370902001201"),
        (" 3709 02 ", "370902000000"),
        ("３７０９０２", "370902000000"),
    ],
)
def test_codes_are_read_as_documents_write_them(text: str, value: str) -> None:
    assert DivisionCode.parse(text).value == value


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "division.length"),
        ("3709", "division.length"),
        ("3709020012011", "division.length"),
        ("37090a", "division.characters"),
        ("٣٧٠٩٠٢", "division.characters"),
        ("009900", "division.province"),
    ],
)
def test_what_is_no_code_is_refused(text: str, code: str) -> None:
    with pytest.raises(InvalidDivisionCode) as caught:
        DivisionCode.parse(text)
    assert caught.value.code == code


def test_the_constructor_takes_twelve_digits_only() -> None:
    with pytest.raises(InvalidDivisionCode):
        DivisionCode("370902")


@pytest.mark.parametrize(
    ("code", "township", "village"),
    [
        ("370902000000", None, None),
        ("370902001000", TownshipKind.STREET, None),
        ("370921100000", TownshipKind.TOWN, None),
        ("370921201000", TownshipKind.TOWNSHIP, None),
        ("370921400000", TownshipKind.OTHER, None),
        ("370902001001", TownshipKind.STREET, VillageKind.COMMUNITY),
        ("370902001201", TownshipKind.STREET, VillageKind.VILLAGE),
        ("370902001498", TownshipKind.STREET, VillageKind.OTHER),
    ],
)
def test_kinds_follow_the_digits(code: str, township: TownshipKind | None, village: VillageKind | None) -> None:
    division = DivisionCode(code)
    assert division.township_kind is township
    assert division.village_kind is village


def test_every_kind_has_a_name() -> None:
    assert set(TOWNSHIP_KIND_NAMES) == set(TownshipKind)
    assert set(VILLAGE_KIND_NAMES) == set(VillageKind)
