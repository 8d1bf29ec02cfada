"""Names keep what belongs to them, are written one way, and refuse what cannot be seen."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiuzhu.core.names import InvalidName, NameMask, PersonName, is_han

# every plane of Han characters, those that normalisation changes included
HAN = st.one_of(
    st.sampled_from("\u3007"),
    *(
        st.integers(low, high).map(chr)
        for low, high in ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x2FFFD), (0x30000, 0x3FFFD))
    ),
)


@pytest.mark.parametrize(
    "name", ["张三", "𠮷田", "李㙓", "王䶮", "𰻝伟", "买买提·艾力", "〇一", "John O'Neil", "Zoë", "Mary-Ann"]
)
def test_true_names_are_kept_as_they_are(name: str) -> None:
    assert PersonName.parse(name).value == str(PersonName(name)) == name


@given(st.text(HAN, min_size=1, max_size=12))
def test_han_characters_alone_are_kept_in_their_normal_form(name: str) -> None:
    assert PersonName.parse(name).value == unicodedata.normalize("NFC", name)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (" 张 三 ", "张三"),
        ("张\u3000三", "张三"),
        ("张\u00a0三\t", "张三"),
        ("买买提\u2027艾力", "买买提·艾力"),
        ("买买提•艾力", "买买提·艾力"),
        ("买买提・艾力", "买买提·艾力"),
        ("买买提.艾力", "买买提·艾力"),
        ("买买提．艾力", "买买提·艾力"),
        ("买买提 · 艾力", "买买提·艾力"),
        ("Ｊｏｈｎ  Smith", "John Smith"),
        ("J. Smith", "J. Smith"),
        ("Zoe\u0308", "Zoë"),
        ("\uf9dc", "隆"),
    ],
)
def test_writings_of_the_same_name_become_one(text: str, name: str) -> None:
    assert PersonName.parse(text).value == name


@pytest.mark.parametrize(
    ("text", "code_point", "position"),
    [
        ("张\u200b三", 0x200B, 2),
        ("张三\u200d", 0x200D, 3),
        ("\ufeff张三", 0xFEFF, 1),
        ("张\u202e三", 0x202E, 2),
        ("张\u2066三", 0x2066, 2),
        ("张\u0000三", 0x0000, 2),
        ("张\n三", 0x000A, 2),
        ("张3", 0x33, 2),
        ("张３", 0xFF13, 2),
        ("张\ue000", 0xE000, 2),
        ("张\U000f0000", 0xF0000, 2),
        ("张\ud800", 0xD800, 2),
        ("张\ufe00", 0xFE00, 2),
        ("张\U000e0100", 0xE0100, 2),
        ("张\u0301", 0x301, 2),
        ("张?", 0x3F, 2),
        ("张*三", 0x2A, 2),
        ("=张三", 0x3D, 1),
        ("Иван", 0x418, 1),
        ("张😀", 0x1F600, 2),
    ],
)
def test_what_is_no_part_of_a_name_is_refused_at_its_place(text: str, code_point: int, position: int) -> None:
    with pytest.raises(InvalidName) as caught:
        PersonName.parse(text)
    assert (caught.value.code_point, caught.value.position) == (code_point, position)
    assert f"U+{code_point:04X}" in caught.value.message_zh
    assert f"第{position}个" in caught.value.message_zh
    caught.value.message_zh.encode()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "name.empty"),
        (" \u3000", "name.empty"),
        ("·张", "name.dot"),
        ("张·", "name.dot"),
        ("买买提··艾力", "name.dot"),
        ("--", "name.letters"),
        ("张" * 101, "name.length"),
    ],
)
def test_what_is_no_name_is_refused(text: str, code: str) -> None:
    with pytest.raises(InvalidName) as caught:
        PersonName.parse(text)
    assert caught.value.code == code


def test_the_constructor_takes_the_normal_form_only() -> None:
    with pytest.raises(InvalidName) as caught:
        PersonName("张 三")
    assert caught.value.code == "name.form"


@given(st.text(st.sampled_from("张𠮷㙓·•. '-－．aÉＡé\u0301\u0308 \u3000\u200b3"), max_size=12))
def test_any_text_is_read_or_refused_and_reading_again_changes_nothing(text: str) -> None:
    try:
        name = PersonName.parse(text)
    except InvalidName:
        return
    assert PersonName.parse(name.value) == name == PersonName(name.value)
    assert unicodedata.is_normalized("NFC", name.value)
    assert "\u200b" not in name.value


@given(st.text(max_size=12))
def test_no_text_breaks_the_reader(text: str) -> None:
    try:
        name = PersonName.parse(text)
    except InvalidName:
        return
    assert all(is_han(char) or char.isalpha() or char in " .'’-·" for char in name.value)


@pytest.mark.parametrize(
    ("name", "ends", "first"),
    [
        ("张三", "张*", "张*"),
        ("张小三", "张*三", "张**"),
        ("欧阳小三", "欧**三", "欧***"),
        ("𠮷小三", "𠮷*三", "𠮷**"),
        ("买买提·艾力", "买**·*力", "买**·**"),
        ("张", "*", "*"),
        ("John Smith", "J*** S***", "J*** S***"),
    ],
)
def test_masks_show_as_much_as_asked(name: str, ends: str, first: str) -> None:
    assert PersonName(name).masked() == ends
    assert PersonName(name).masked(NameMask.FIRST) == first
