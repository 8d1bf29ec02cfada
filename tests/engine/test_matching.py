"""Whose record is it? Rules as Python and as SQL say the same; more agreement never weighs less; weights are found."""

import random
from dataclasses import replace
from datetime import date
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jiuzhu.core.identity import CitizenId
from jiuzhu.engine.backends.duck import connect
from jiuzhu.engine.matching.comparing import (
    BIRTH,
    DIVISION,
    MISSING,
    NAME,
    PARTS,
    SEX,
    Levels,
    Traits,
    compare,
    levels_sql,
)
from jiuzhu.engine.matching.estimating import estimate, maximise
from jiuzhu.engine.matching.findings import MEANINGS, Effect, Finding, bits_of, findings_of
from jiuzhu.engine.matching.judging import Entry, Subject, judge, judge_all
from jiuzhu.engine.matching.linking import count_names, link, links, with_plain
from jiuzhu.engine.matching.numbers import MACROS, NumberForm, forms_of, old_form, read_number
from jiuzhu.engine.matching.weights import GIVEN, Verdict, Weights, probability

NAMES = st.sampled_from(["", "张伟", "張偉", "张炜", "张", "李四", "欧阳兰", "欧阳蘭", "Anna", "anna", "𠮷田"])
DAYS = (
    st.none() | st.dates(date(1958, 1, 1), date(1962, 12, 31)) | st.sampled_from([date(1960, 2, 1), date(1960, 1, 2)])
)
TRAITS = st.builds(
    Traits,
    NAMES,
    DAYS,
    st.sampled_from(["", "1", "2", "9"]),
    st.sampled_from(["", "3709", "370902", "370902001001", "370911", "110101"]),
)
LEVELS = st.builds(Levels, *(st.integers(MISSING, PARTS[part]) for part in (NAME, BIRTH, SEX, DIVISION)))
OWN = CitizenId.make("370902", date(1960, 1, 2), 1).value
HIM = Subject("张伟", OWN, CitizenId.make("370911", date(1960, 1, 2), 3).value, date(1960, 1, 2), "1", "370902")


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    """A database with the macros."""
    con = connect()
    for macro in MACROS:
        con.execute(macro)
    return con


@settings(max_examples=30)
@given(st.lists(st.tuples(TRAITS, TRAITS), min_size=1, max_size=20))
def test_levels_as_sql_are_those_of_python(con: duckdb.DuckDBPyConnection, pairs: list[tuple[Traits, Traits]]) -> None:
    def row(one: Traits) -> list[object]:
        return [one.name, one.birth, one.sex, one.division]

    con.execute(
        "CREATE OR REPLACE TEMP TABLE given (id BIGINT, side BIGINT, name TEXT, birth DATE, sex TEXT, division TEXT)"
    )
    con.executemany(
        "INSERT INTO given VALUES (?, ?, ?, ?, ?, ?)",
        [[at, side, *row(one)] for at, pair in enumerate(pairs) for side, one in enumerate(pair)],
    )
    with_plain(con, "sides", "given")
    listed = ", ".join(levels_sql("l", "r").values())
    found = con.execute(
        f"SELECT {listed} FROM sides l JOIN sides r USING (id) WHERE l.side = 0 AND r.side = 1 ORDER BY id"
    )
    expected = [compare(*pair) for pair in pairs]
    assert [Levels(*levels) for levels in found.fetchall()] == expected


@given(TRAITS, TRAITS)
def test_comparing_is_symmetric(one: Traits, other: Traits) -> None:
    assert compare(one, other) == compare(other, one)


@given(LEVELS, st.sampled_from([NAME, BIRTH, SEX, DIVISION]), st.none() | st.floats(1e-7, 1.0))
def test_more_agreement_never_weighs_less(levels: Levels, part: str, frequency: float | None) -> None:
    level = getattr(levels, part)
    if level in (MISSING, PARTS[part]):
        return
    raised = replace(levels, **{part: level + 1})
    assert GIVEN.weigh(raised, frequency) >= GIVEN.weigh(levels, frequency)


@given(st.floats(1e-7, 1.0), st.floats(1e-7, 1.0))
def test_a_rarer_name_never_weighs_less(one: float, other: float) -> None:
    whole = Levels(2, 3, MISSING, MISSING)
    if one <= other:
        assert GIVEN.weigh(whole, one) >= GIVEN.weigh(whole, other)


@settings(max_examples=30)
@given(st.lists(st.tuples(LEVELS, st.none() | st.floats(1e-7, 1.0)), min_size=1, max_size=20))
def test_weights_as_sql_are_those_of_python(
    con: duckdb.DuckDBPyConnection, given_levels: list[tuple[Levels, float | None]]
) -> None:
    rows = [[at, one.name, one.birth, one.sex, one.division, often] for at, (one, often) in enumerate(given_levels)]
    con.execute(
        "CREATE OR REPLACE TEMP TABLE levels (id INT, name_level INT, birth_level INT, sex_level INT,"
        " division_level INT, frequency DOUBLE)"
    )
    con.executemany("INSERT INTO levels VALUES (?, ?, ?, ?, ?, ?)", rows)
    found = con.execute(f"SELECT {GIVEN.weight_sql('frequency')} FROM levels ORDER BY id").fetchall()
    assert [one for (one,) in found] == pytest.approx([GIVEN.weigh(one, often) for one, often in given_levels])


def test_verdicts_rise_with_the_weight_and_stop_at_the_thresholds() -> None:
    order = [Verdict.NO, Verdict.REVIEW, Verdict.MATCH]
    found = [order.index(GIVEN.verdict(weight / 10)) for weight in range(-700, 700)]
    assert found == sorted(found)
    assert set(found) == {0, 1, 2}
    assert GIVEN.verdict(GIVEN.threshold(GIVEN.upper) + 1e-9) is Verdict.MATCH
    assert GIVEN.verdict(GIVEN.threshold(GIVEN.lower) - 1e-9) is Verdict.NO
    assert probability(0) == 0.5
    assert probability(1000) == 1.0
    assert probability(-1000) == 0.0


@pytest.mark.parametrize(
    "wrong",
    [
        {"upper": 0.4, "lower": 0.5},
        {"upper": 1.0},
        {"population": 1},
        {"m": {**GIVEN.m, SEX: (0.5,)}},
        {"u": {**GIVEN.u, SEX: (0.0, 1.0)}},
    ],
)
def test_weights_that_cannot_be_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        replace(GIVEN, **wrong)


WRITTEN = st.one_of(
    st.sampled_from(
        [OWN, OWN.lower(), old_form(OWN), "", " ", "无", "G1234567", OWN[:17] + "Z", OWN[:-1], "３" + OWN[1:]]
    ),
    st.dates(date(1900, 1, 1), date(2025, 1, 1)).map(lambda day: CitizenId.make("370902", day, 12).value),
    st.from_regex(r"[0-9]{17}[0-9Xx]", fullmatch=True),
    st.from_regex(r"[0-9]{15}", fullmatch=True),
    st.text("0123456789Xx ０Ｘ　\tA", max_size=20),
)


@settings(max_examples=30)
@given(st.lists(WRITTEN, min_size=1, max_size=30))
def test_numbers_as_sql_are_read_as_in_python(con: duckdb.DuckDBPyConnection, texts: list[str]) -> None:
    rows = con.execute(
        "SELECT number_in(c) FROM (SELECT compacted(t) AS c FROM (SELECT unnest(?) AS t))", [texts]
    ).fetchall()
    assert [one or "" for (one,) in rows] == [read_number(text).value for text in texts]


@given(st.dates(date(1900, 1, 1), date(2025, 1, 1)), st.integers(0, 999))
def test_every_form_of_a_number_is_that_number(day: date, sequence: int) -> None:
    value = CitizenId.make("370902", day, sequence).value
    assert {read_number(form).value for form in forms_of(value)} == {value}
    assert (read_number(old_form(value)).form is NumberForm.OLD) == (day.year < 2000)


@pytest.mark.parametrize(
    ("entry", "verdict", "findings"),
    [
        (Entry(OWN, "张伟"), Verdict.MATCH, ()),
        (Entry(OWN, ""), Verdict.MATCH, ()),
        (Entry(old_form(OWN), "張偉"), Verdict.MATCH, (Finding.OLD_FORM_NUMBER, Finding.VARIANT_NAME)),
        (Entry(HIM.former, "张伟"), Verdict.MATCH, (Finding.FORMER_NUMBER,)),
        (Entry(OWN, "李四"), Verdict.REVIEW, (Finding.NAME_DIFFERS,)),
        (Entry(CitizenId.make("370902", date(1960, 1, 2), 9).value, "张伟"), Verdict.REVIEW, (Finding.CHANGED_NUMBER,)),
        (Entry(CitizenId.make("370902", date(1960, 1, 3), 9).value, "张伟"), Verdict.NO, ()),
        (Entry(OWN[:17] + "3", "张伟"), Verdict.REVIEW, (Finding.BROKEN_NUMBER,)),
        (Entry("", "张伟", date(1960, 1, 2), "1", "370902"), Verdict.MATCH, (Finding.BY_NAME,)),
        (Entry("", "张伟", date(1960, 1, 2)), Verdict.REVIEW, (Finding.BY_NAME,)),
        (Entry("", "张伟", date(1960, 1, 2), "2", "370902"), Verdict.REVIEW, (Finding.BY_NAME,)),
        (Entry("", "张伟"), Verdict.NO, ()),
        (Entry("", "李四", date(1960, 1, 2), "1", "370902"), Verdict.NO, ()),
        (Entry("370902609999001", "张伟", date(1960, 1, 2), "1", "370902"), Verdict.REVIEW, None),
    ],
)
def test_one_record_beside_one_person(entry: Entry, verdict: Verdict, findings: tuple[Finding, ...] | None) -> None:
    judged = judge(HIM, entry, GIVEN)
    assert judged.verdict is verdict
    if findings is not None:
        assert judged.findings == findings


def test_that_two_fit_makes_each_a_question_but_one_person_listed_twice_is_one() -> None:
    entry = Entry("", "张伟", date(1960, 1, 2), "1", "370902")
    twin = replace(HIM, number=CitizenId.make("370902", date(1960, 1, 2), 5).value)
    often = [GIVEN.u[NAME][2]] * 2
    both = judge_all([HIM, twin], entry, GIVEN, often)
    assert {one.verdict for one in both} == {Verdict.REVIEW}
    assert all(Finding.SAME_NAME in one.findings for one in both)
    assert {one.verdict for one in judge_all([HIM, HIM], entry, GIVEN, often)} == {Verdict.MATCH}


def test_every_finding_has_words_and_an_effect() -> None:
    assert set(MEANINGS) == set(Finding)
    for finding, meaning in MEANINGS.items():
        assert all(
            (meaning.zh, meaning.en, meaning.unknown_zh, meaning.unknown_en, meaning.look_zh, meaning.look_en)
        ), finding
        assert isinstance(meaning.effect, Effect)
        assert meaning.effect is Effect.TOLD or meaning.unknown_en != "nothing"


@given(st.frozensets(st.sampled_from(list(Finding))))
def test_findings_and_their_bits_are_one(findings: frozenset[Finding]) -> None:
    assert set(findings_of(bits_of(findings))) == findings


def _drawn(people: int) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    draw = random.Random(3)  # noqa: S311 (a drawn case, not a secret)
    persons: list[tuple[object, ...]] = []
    records: list[tuple[object, ...]] = []
    for at in range(2 * people):
        name = (
            draw.choice("王李张刘陈杨赵黄周吴")
            + draw.choice("伟芳娜敏静丽强磊军洋")
            + draw.choice("艳杰娟涛明超霞平刚桂")
        )
        birth = date(1940, 1, 1).toordinal() + draw.randrange(25_000)
        sex, county = draw.choice("12"), draw.choice(["370902", "370911", "370921", "370982"])
        if at < people:
            persons.append((at, name, date.fromordinal(birth), sex, county))
        name = name[:2] + "某" if draw.random() < 0.05 else name
        county = "110101" if draw.random() < 0.1 else county
        records.append((at, name, date.fromordinal(birth), sex if draw.random() < 0.9 else None, county))
    return persons, records


def test_weights_are_estimated_and_find_the_pairs_without_labels(con: duckdb.DuckDBPyConnection) -> None:
    persons, records = _drawn(1500)
    for table, rows in (("one", persons), ("other", records)):
        con.execute("CREATE OR REPLACE TEMP TABLE drawn (id BIGINT, name TEXT, birth DATE, sex TEXT, division TEXT)")
        con.executemany("INSERT INTO drawn VALUES (?, ?, ?, ?, ?)", rows)
        with_plain(con, table, "drawn")
    weights = estimate(con, "one", "other", replace(GIVEN, population=3000))
    assert weights.m[NAME][2] == pytest.approx(0.95, abs=0.03)
    assert weights.m[DIVISION][2] == pytest.approx(0.9, abs=0.04)
    count_names(con, "one", weights, into="names")
    link(con, "one", "other", weights, names="names", into="pairs")
    found = links(con, "pairs")
    matched = {(one.person, one.record) for one in found if one.verdict is Verdict.MATCH}
    right = sum(person == record for person, record in matched)
    assert right / len(matched) > 0.99
    assert right / 1500 > 0.93
    # what is not sure enough is shown to a person, not lost
    assert sum(one.person == one.record for one in found) / 1500 > 0.98
    # the same again gives the same
    link(con, "one", "other", weights, names="names", into="pairs")
    assert links(con, "pairs") == found


def test_maximisation_finds_the_share_and_the_agreement_that_made_the_counts() -> None:
    m, u, share = {SEX: (0.05, 0.95), DIVISION: (0.1, 0.2, 0.7)}, {SEX: (0.5, 0.5), DIVISION: (0.6, 0.3, 0.1)}, 0.3
    counts: dict[tuple[int, ...], int] = {
        (sex, division): round(
            1e7 * (share * m[SEX][sex] * m[DIVISION][division] + (1 - share) * u[SEX][sex] * u[DIVISION][division])
        )
        for sex in range(2)
        for division in range(3)
    }
    start = {SEX: (0.2, 0.8), DIVISION: (0.2, 0.2, 0.6)}
    found = maximise(counts, (SEX, DIVISION), start, u)
    assert found.share == pytest.approx(share, abs=0.02)
    assert found.m[SEX] == pytest.approx(m[SEX], abs=0.03)


def test_given_weights_are_a_whole_model() -> None:
    assert isinstance(GIVEN, Weights)
    for given_part in (GIVEN.m, GIVEN.u):
        assert {part: round(sum(shares), 3) for part, shares in given_part.items()} == dict.fromkeys(PARTS, 1.0)
