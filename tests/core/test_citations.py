"""Citations are written as Chinese officers write them, and the higher and later one prevails."""

from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiuzhu.core.citations import (
    Citation,
    InvalidCitation,
    InvalidNumeral,
    LegalLevel,
    article_number,
    by_precedence,
    from_chinese_numeral,
    to_chinese_numeral,
)

LAW = Citation("社会救助法", "", 18, LegalLevel.LAW, date(2026, 7, 1))
MEASURES = Citation("最低生活保障审核确认办法", "民发〔2021〕57号", 17, LegalLevel.MINISTRY_DOCUMENT, date(2021, 7, 1))


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "零"),
        (10, "十"),
        (18, "十八"),
        (20, "二十"),
        (100, "一百"),
        (101, "一百零一"),
        (110, "一百一十"),
        (118, "一百一十八"),
        (1005, "一千零五"),
        (1067, "一千零六十七"),
        (1260, "一千二百六十"),
    ],
)
def test_numerals_are_written_as_in_laws(number: int, text: str) -> None:
    assert to_chinese_numeral(number) == text


@given(st.integers(0, 9999))
def test_numerals_read_back(number: int) -> None:
    text = to_chinese_numeral(number)
    assert from_chinese_numeral(text) == number
    assert article_number(f"第{text}条") == number


@given(st.text("零〇一二两九十百千万8", max_size=6))
def test_any_text_is_a_numeral_or_refused(text: str) -> None:
    try:
        number = from_chinese_numeral(text)
    except InvalidNumeral:
        return
    plain = text.replace("〇", "零").replace("两", "二")
    assert to_chinese_numeral(number) in (plain, plain.removeprefix("一"))


@pytest.mark.parametrize("text", ["", "十十", "百", "一百一", "十百", "一零", "零十八", "18", "一万", "二三"])
def test_wrong_numerals_are_refused(text: str) -> None:
    if text == "一百一":
        # spoken shorthand for 110; laws write it out, and reading it as 101 would be a guess
        assert to_chinese_numeral(101) != text
    with pytest.raises(InvalidNumeral):
        from_chinese_numeral(text)


@pytest.mark.parametrize("number", [-1, 10_000])
def test_numbers_without_a_numeral_are_refused(number: int) -> None:
    with pytest.raises(InvalidNumeral):
        to_chinese_numeral(number)


def test_what_is_no_article_is_refused() -> None:
    assert article_number(" 第一十八条 ") == 18
    for text in ("第十八款", "十八", "第18条"):
        with pytest.raises(InvalidNumeral):
            article_number(text)


def test_citations_are_rendered() -> None:
    assert str(LAW) == LAW.short_zh == LAW.full_zh == "《社会救助法》第十八条"
    assert MEASURES.full_zh == "《最低生活保障审核确认办法》（民发〔2021〕57号）第十七条"
    assert MEASURES.short_zh == "《最低生活保障审核确认办法》第十七条"
    item = Citation("社会救助法", "", 18, LegalLevel.LAW, date(2026, 7, 1), paragraph=2, item=3)
    assert item.short_zh == "《社会救助法》第十八条第二款第三项"
    assert item.short_en == "《社会救助法》, art. 18, para. 2, item 3"
    whole = Citation("社会救助法", "", None, LegalLevel.LAW, date(2026, 7, 1))
    assert whole.short_zh == "《社会救助法》"


def test_a_citation_is_in_force_from_its_first_day_to_before_its_end() -> None:
    trial = Citation("办法", "", 1, LegalLevel.CITY_DOCUMENT, date(2022, 11, 1), date(2027, 11, 1))
    assert trial.in_force(date(2022, 11, 1))
    assert trial.in_force(date(2027, 10, 31))
    assert not trial.in_force(date(2027, 11, 1))
    assert not trial.in_force(date(2022, 10, 31))
    assert LAW.in_force(date(2100, 1, 1))


def test_the_higher_level_prevails_and_within_a_level_the_later() -> None:
    older_law = Citation("旧法", "", 1, LegalLevel.LAW, date(2000, 1, 1))
    city = Citation("市办法", "", 1, LegalLevel.CITY_DOCUMENT, date(2026, 10, 1))
    expired = Citation("失效法", "", 1, LegalLevel.LAW, date(1990, 1, 1), date(2010, 1, 1))
    assert older_law.prevails_over(city)
    assert LAW.prevails_over(older_law)
    assert not LAW.prevails_over(LAW)
    found = by_precedence([city, expired, MEASURES, older_law, LAW], on=date(2026, 11, 1))
    assert found == (LAW, older_law, MEASURES, city)


@pytest.mark.parametrize(("a", "b"), list(product(LegalLevel, LegalLevel)))
def test_of_two_citations_at_most_one_prevails(a: LegalLevel, b: LegalLevel) -> None:
    first = Citation("甲", "", 1, a, date(2020, 1, 1))
    second = Citation("乙", "", 1, b, date(2021, 1, 1))
    assert first.prevails_over(second) != second.prevails_over(first)


def test_levels_keep_the_order_of_the_legislation_law_and_have_names() -> None:
    ranked = [
        LegalLevel.LAW,
        LegalLevel.STATE_COUNCIL_REGULATION,
        LegalLevel.PROVINCIAL_REGULATION,
        LegalLevel.PROVINCIAL_RULE,
        LegalLevel.MINISTRY_DOCUMENT,
        LegalLevel.CITY_DOCUMENT,
    ]
    assert [level.rank for level in ranked] == sorted({level.rank for level in ranked})
    assert LegalLevel.PROVINCIAL_RULE.rank == LegalLevel.MINISTRY_RULE.rank
    assert all(level.name_zh and level.name_en for level in LegalLevel)


def test_contradictory_citations_are_refused() -> None:
    day = date(2026, 7, 1)
    for title, article, end, paragraph, code in (
        (" ", 1, None, None, "citation.place"),
        ("法", 0, None, None, "citation.place"),
        ("法", None, None, 2, "citation.article"),
        ("法", 1, day, None, "citation.effective"),
    ):
        with pytest.raises(InvalidCitation) as caught:
            Citation(title, "", article, LegalLevel.LAW, day, end, paragraph)
        assert caught.value.code == code
