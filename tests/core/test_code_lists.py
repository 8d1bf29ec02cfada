"""Code lists hold what the standards list; questions by meaning keep blood and marriage apart."""

import pytest

from jiuzhu.core.code_lists.gbt_2261_1_sex import FEMALE, MALE, SEX
from jiuzhu.core.code_lists.gbt_2261_2_marital_status import MARITAL_STATUS
from jiuzhu.core.code_lists.gbt_3304_ethnic_group import ETHNIC_GROUP
from jiuzhu.core.code_lists.gbt_4761_family_relation import RELATION, relation_label
from jiuzhu.core.code_lists.gbt_26341_disability import DISABILITY_GRADE, DISABILITY_TYPE, is_severe
from jiuzhu.core.code_lists.table import CodeList, UnknownCode
from jiuzhu.core.identity import Sex

LISTS = [SEX, MARITAL_STATUS, ETHNIC_GROUP, RELATION, DISABILITY_TYPE, DISABILITY_GRADE]


@pytest.mark.parametrize("table", LISTS, ids=lambda table: table.name_zh)
def test_every_code_has_both_names_and_is_found_by_code_and_by_name(table: CodeList) -> None:
    assert len(table.items()) == len(table) == len(list(table))
    for code, zh, en in table.items():
        assert code in table
        assert zh
        assert en.isascii()
        assert table.names(code) == (zh, en) == (table.zh(code), table.en(code))
        assert table.code_of(f" {zh} ") == table.code_of(code) == table.require(code) == code


@pytest.mark.parametrize("table", LISTS, ids=lambda table: table.name_zh)
def test_a_code_not_in_the_list_is_refused_with_the_standards_number(table: CodeList) -> None:
    for question in (table.zh, table.en, table.require, table.code_of):
        with pytest.raises(UnknownCode) as caught:
            question("无此代码" * 50)
        assert table.standard in caught.value.message_zh
        assert len(caught.value.message_zh) < 100


def test_lists_have_the_sizes_of_their_standards() -> None:
    assert len([code for code in ETHNIC_GROUP if code <= "56"]) == 56
    assert list(ETHNIC_GROUP)[-2:] == ["97", "98"]
    assert len(DISABILITY_TYPE) == 7
    assert len(DISABILITY_GRADE) == 4
    assert len(MARITAL_STATUS) == 8
    assert list(SEX) == ["0", "1", "2", "9"]


def test_words_that_sheets_use_are_found() -> None:
    assert ETHNIC_GROUP.code_of("汉") == "01"
    assert ETHNIC_GROUP.code_of("汉族") == "01"
    assert RELATION.code_of("妻子") == "12"
    assert DISABILITY_TYPE.code_of("精神") == "6"
    assert MARITAL_STATUS.code_of("离异") == "40"


def test_the_sex_of_an_identity_number_is_a_code_of_the_list() -> None:
    assert (Sex.MALE, Sex.FEMALE) == (MALE, FEMALE)


def test_a_list_with_a_name_twice_or_an_alias_for_no_row_is_refused() -> None:
    rows = {"1": ("一", "one"), "2": ("二", "two")}
    for aliases in ({"一": "2"}, {"三": "3"}):
        with pytest.raises(ValueError, match="alias"):
            CodeList("test", "测试", rows, aliases=aliases)


def test_relations_by_meaning() -> None:
    questions = {
        RELATION.is_self: {"01", "02"},
        RELATION.is_spouse: {"10", "11", "12"},
        RELATION.is_child: {*(f"{n}" for n in range(20, 28)), "29", *(f"{n}" for n in range(30, 38)), "39"},
        RELATION.is_step_or_adopted_child: {"27", "37"},
        RELATION.is_child_in_law: {"28", "38"},
        RELATION.is_grandchild: {"40", "41", "42", "43", "44", "49"},
        RELATION.is_parent: {"50", "51", "52", "57", "58", "59"},
        RELATION.is_parent_in_law: {"53", "54", "55", "56"},
        RELATION.is_grandparent: {"60", "61", "62", "63", "64", "69"},
        RELATION.is_sibling: {"70", "71", "73", "75", "77", "79"},
    }
    for question, codes in questions.items():
        assert {code for code in RELATION if question(code)} == codes
        with pytest.raises(UnknownCode):
            question("98")
    assert {code for code in RELATION if not RELATION.is_relative(code)} == {"01", "02", "99"}
    assert relation_label("28") == "女婿"


def test_marriage_and_severity() -> None:
    assert {code for code in MARITAL_STATUS if MARITAL_STATUS.is_married(code)} == {"20", "21", "22", "23"}
    assert not MARITAL_STATUS.is_known("90")
    assert MARITAL_STATUS.is_known("30")
    assert {grade for grade in DISABILITY_GRADE if is_severe(grade)} == {"1", "2"}
    with pytest.raises(UnknownCode):
        is_severe("5")
