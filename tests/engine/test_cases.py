"""Worked cases in files: read strictly, varied at their limits, and compared to the fen (X3 S01)."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from tests.engine.packs import write_packs

from jiuzhu.engine.authoring.case_files import case_files, read_cases
from jiuzhu.engine.authoring.cases import Result, Scenario, run_case
from jiuzhu.engine.documents import MOST_BYTES
from jiuzhu.engine.household.months import Programs
from jiuzhu.engine.packs.loading import load
from jiuzhu.engine.packs.model import PackSet
from jiuzhu.engine.problems import PackError

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "reference" / "case-files.md"
NAME = "packs/000000-national/dibao/cases/households.yaml"
CASE = """
cases:
  one:
    title: 一人
    source: 手工计算
    on: 2026-09-01
    division: '370902001001'
    household: {urban: yes, cars: 0}
    person:
      - {birth_date: 1980-01-01, wage_yuan_year: 6000, pension_yuan_month: 0, student: no}
    expect: {entitled: yes, amount_yuan_month: 466.50}
"""
Read = Callable[[str], tuple[Scenario, ...]]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample packs in files."""
    return write_packs(tmp_path_factory.mktemp("cases"))


@pytest.fixture(scope="module")
def packs(root: Path) -> PackSet:
    """The sample packs."""
    return load([root])


@pytest.fixture
def read(root: Path, packs: PackSet) -> Read:
    """Put a text into the case file of the programme, and read it."""
    folder = root / "000000-national" / "dibao" / "cases"
    folder.mkdir(exist_ok=True)

    def write_and_read(text: str) -> tuple[Scenario, ...]:
        (folder / "households.yaml").write_text(text, encoding="utf-8")
        return read_cases(case_files([root]), packs)

    return write_and_read


def _problems(read: Read, text: str, language: str = "en") -> list[str]:
    with pytest.raises(PackError) as refusal:
        read(text)
    return [one.message(language).removeprefix(f"{NAME}:") for one in refusal.value.problems]


def _run(packs: PackSet, scenarios: tuple[Scenario, ...]) -> list[Result]:
    programs = Programs(packs)
    return [run_case(programs, one) for one in scenarios]


def test_the_example_of_the_documentation_holds(read: Read, packs: PackSet) -> None:
    example = DOCUMENT.read_text(encoding="utf-8").split("```yaml\n")[1].split("```")[0]
    results = _run(packs, read(example))
    assert [one.scenario.full_name for one in results] == [
        "three-people-one-wage",
        "three-people-one-wage / 1 below",
        "three-people-one-wage / 1 exactly",
        "three-people-one-wage / 1 above",
        "three-people-one-wage / 2",
    ]
    assert [one.messages("en") for one in results] == [()] * 5
    first = results[0].scenario
    assert (first.title.en, first.source) == ("three people, one wage", "《示例法》释义第十八条例二")
    assert [one.short_zh for one in first.basis] == ["《示例法》第十八条"]


def test_a_case_that_comes_out_otherwise_says_what_was_found(read: Read, packs: PackSet) -> None:
    (result,) = _run(packs, read(CASE.replace("466.50", "466.51").replace("{entitled: yes", "{entitled: disc")))
    assert not result.passed
    assert result.messages("en") == (
        f"{NAME}:11:14: household.entitled should be disc, found yes.",
        f"{NAME}:11:30: household.amount_yuan_month should be 466.51, found 466.50.",
    )
    assert result.messages("zh-hans")[1] == f"{NAME}:11:30: household.amount_yuan_month 应为 466.51，结果是 466.50。"


def test_a_figure_that_should_be_known_and_is_not_is_told_with_its_bounds(read: Read, packs: PackSet) -> None:
    (result,) = _run(packs, read(CASE.replace("wage_yuan_year: 6000", "wage_yuan_year: unknown")))
    assert result.messages("en") == (
        f"{NAME}:11:14: household.entitled should be yes, found unknown.",
        f"{NAME}:11:29: household.amount_yuan_month should be 466.50, found unknown (0.00 … 966.50).",
    )


def test_a_figure_that_should_not_be_known_and_is_is_told(read: Read, packs: PackSet) -> None:
    (result,) = _run(packs, read(CASE.replace("amount_yuan_month: 466.50", "amount_yuan_month: unknown")))
    assert result.messages("en") == (f"{NAME}:11:29: household.amount_yuan_month should be unknown, found 466.50.",)


def test_a_case_lays_its_facts_over_those_of_the_file(read: Read, packs: PackSet) -> None:
    text = """
defaults:
  on: 2026-09-01
  division: '370902001001'
  household: {urban: yes, cars: 2}
  person: {birth_date: 1980-01-01, wage_yuan_year: 6000, pension_yuan_month: 0, student: no}
cases:
  usual: {title: a, source: s, person: [{}], expect: {entitled: no}}
  other:
    title: b
    source: s
    division: '371002001001'
    household: {cars: 0}
    person: [{wage_yuan_year: unknown}, {student: yes}]
    expect: {entitled: unknown, person.2.income_yuan_year: 0, person.1.income_yuan_year: unknown}
"""
    usual, other = read(text)
    assert usual.case.facts == {"urban": True, "cars": 2}
    assert usual.case.members["person"][0]["wage_yuan_year"] == Decimal(6000)
    assert usual.case.members["supporter"] == ()
    assert other.case.division == "371002001001"
    assert other.case.members["person"][0]["wage_yuan_year"] is None
    programs = Programs(packs)
    assert run_case(programs, usual).passed
    assert run_case(programs, other).messages("en") == ()


def test_a_limit_is_tried_one_step_below_at_and_above_it(read: Read, packs: PackSet) -> None:
    text = (
        CASE
        + """    vary:
      - fact: person.1.wage_yuan_year
        at: 11598
        below: {entitled: yes}
        exactly: {entitled: no}
        above: {entitled: no}
      - {fact: person.1.birth_date, at: 2008-09-01, below: {person.1.minor: no}, above: {person.1.minor: yes}}
      - {fact: cars, at: 1, below: {entitled: yes}, exactly: {entitled: disc}, above: {entitled: no}}
      - {fact: person.1.wage_yuan_year, at: 11598, step: 12, below: {amount_yuan_month: 1}}
"""
    )
    found = read(text)
    assert [one.variation for one in found] == [
        "", "1 below", "1 exactly", "1 above", "2 below", "2 above", "3 below", "3 exactly", "3 above", "4 below",
    ]  # fmt: skip
    assert [one.case.members["person"][0]["wage_yuan_year"] for one in found[1:4]] == [
        Decimal("11597.99"),
        Decimal("11598.00"),
        Decimal("11598.01"),
    ]
    assert [one.case.members["person"][0]["birth_date"] for one in found[4:6]] == [date(2008, 8, 31), date(2008, 9, 2)]
    assert [one.case.facts["cars"] for one in found[6:9]] == [0, 1, 2]
    assert [message for one in _run(packs, found) for message in one.messages("en")] == []


def test_a_variation_changes_facts_day_and_division_and_keeps_no_expectation(read: Read, packs: PackSet) -> None:
    text = (
        CASE
        + """    vary:
      - {set: {cars: 1, person.1.wage_yuan_year: unknown}, expect: {entitled: unknown}}
      - {on: 2027-01-01, source: 另一文件, expect: {amount_yuan_month: 500}}
      - {division: '370911100201', expect: {amount_yuan_month: 300}}
"""
    )
    found = read(text)
    assert [len(one.expected) for one in found] == [2, 1, 1, 1]
    assert (found[1].case.facts["cars"], found[2].on, found[2].source) == (1, date(2027, 1, 1), "另一文件")
    assert found[0].case.facts["cars"] == 0
    assert [message for one in _run(packs, found) for message in one.messages("en")] == []


def test_facts_that_the_packs_refuse_are_named_at_their_place(read: Read, packs: PackSet) -> None:
    text = CASE.replace("cars: 0}", "cars: 10}").replace("birth_date: 1980-01-01, ", "")
    (result,) = _run(packs, read(text))
    assert not result.passed
    assert result.assessment is None
    assert result.messages("en") == (
        f"{NAME}:8:35: household.cars: 10 lies outside 0 to 9.",
        f"{NAME}:3:3: person.1.birth_date: it is required.",
    )
    (future,) = _run(packs, read(CASE.replace("1980-01-01", "2026-09-02")))
    assert future.messages("zh") == (f"{NAME}:10:22: person.1.birth_date：2026-09-02 晚于评估日 2026-09-01。",)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("cars: 0}", "carz: 0}", "8:29: household has no fact 'carz'. Did you mean cars?"),
        ("cars: 0}", "members: 1}", "8:29: 'members' is worked out by a formula"),
        ("cars: 0}", "cars: 1.5}", "8:35: household.cars: expected a whole number."),
        ("cars: 0}", "cars: ０}", "8:35: household.cars: expected a whole number."),
        ("urban: yes", "urban: true", "8:24: household.urban: expected one of no, yes."),
        ("1980-01-01", "1980-02-30", "10:22: person.birth_date: expected a day such as"),
        ("1980-01-01", "19800101", "10:22: person.birth_date: expected a day such as"),
        ("wage_yuan_year: 6000", "wage_yuan_year: 6000.001", "10:50: person.wage_yuan_year: expected a number with"),
        ("wage_yuan_year: 6000", "wage_yuan_year: 1e9", "10:50: person.wage_yuan_year: expected a number with"),
        ("    person:", "    persons:", "9:5: 'persons' is no key of this table. Did you mean person?"),
        ("    source: 手工计算\n", "", "4:5: 'source' is missing. Add source: …"),
        ("    title: 一人\n", "", "4:5: 'title' is missing. Add title: …"),
        ("    on: 2026-09-01\n", "", "4:5: 'on' is missing. Add on: …"),
        ("    division: '370902001001'\n", "", "4:5: 'division' is missing. Add division: …"),
        ("{entitled: yes, amount_yuan_month: 466.50}", "{}", "4:5: 'expect' is missing. Add expect: …"),
        ("{entitled: yes", "{entiteld: yes", "11:14: household has no variable 'entiteld'. Did you mean entitled?"),
        ("{entitled: yes", "{entitled: maybe", "11:24: household.entitled: expected one of no, refer, disc, yes."),
        ("{entitled: yes", "{person.2.minor: yes", "11:14: there is no person number 2."),
        ("{entitled: yes", "{person.0.minor: yes", "11:14: there is no person number 0."),
        ("{entitled: yes", "{person.minor: yes", "11:14: 'person.minor' is no way"),
        ("{entitled: yes", "{a.b.c.d: yes", "11:14: 'a.b.c.d' is no way"),
        ("household: {urban: yes, cars: 0}", "household: [urban]", "8:16: expected a table, found a list."),
        ("source: 手工计算", "source: 手工计算\n    basis: samplelaw 18", "6:12: no instrument is called 'samplelaw'."),
        ("cases:\n", "case:\n", "2:1: 'case' is no key of this table. Did you mean cases?"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_file_is_named_with_its_place(read: Read, old: str, new: str, problem: str) -> None:
    assert old in CASE
    found = _problems(read, CASE.replace(old, new))
    assert any(one.startswith(problem) for one in found), found


@pytest.mark.parametrize(
    ("variation", "problem"),
    [
        ("{fact: entitled, at: 1, below: {}}", "13:16: only a fact that is a number or a day has a limit."),
        ("{fact: urban, at: yes, below: {}}", "13:16: only a fact that is a number or a day has a limit."),
        ("{fact: cars, at: 10, below: {}}", "13:26: the limit lies outside 0 to 9."),
        ("{fact: person.1.birth_date, at: 9999-12-31, above: {}}", "13:41: the limit lies outside 1800-01-01 to"),
        ("{fact: cars, below: {}}", "13:9: 'at' is missing. Add at: …"),
        ("{fact: cars, at: 1}", "13:9: 'exactly' is missing. Add exactly: …"),
        ("{fact: cars, at: 1, beneath: {}}", "13:29: 'beneath' is no key of this table."),
        ("{set: {carz: 1}, expect: {entitled: no}}", "13:16: household has no variable 'carz'. Did you mean cars?"),
        ("{set: {entitled: no}, expect: {entitled: no}}", "13:16: 'entitled' is worked out by a formula"),
        ("{set: {cars: 1}}", "13:9: 'expect' is missing. Add expect: …"),
        ("{set: [cars], expect: {entitled: no}}", "13:15: expected a table, found a list."),
        ("text", "13:9: expected a table, found 'text'."),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_variation_is_named_with_its_place(read: Read, variation: str, problem: str) -> None:
    found = _problems(read, f"{CASE}    vary:\n      - {variation}\n")
    assert any(one.startswith(problem) for one in found), found


def test_problems_are_told_in_chinese_without_a_word_of_english(read: Read) -> None:
    (problem,) = _problems(read, CASE.replace("wage_yuan_year: 6000", "wage_yuan_year: viel"), "zh")
    assert problem == "10:50: “工资”的值不对，应当是最多 2 位小数的数。不清楚时写 unknown。"


def test_what_packs_refuse_is_refused_here_as_well(read: Read) -> None:
    assert _problems(read, CASE + "  one: {}\n") == ["12:3: 'one' is already written in line 3. Remove one of them."]
    assert "anchors" in _problems(read, CASE.replace("household: {", "household: &h {"))[0]
    assert "bytes" in _problems(read, CASE + "#" * MOST_BYTES)[0]
    assert _problems(read, "- a\n") == ["1:1: the file must be a mapping of keys to values."]


def test_problems_of_all_files_are_named_at_once(root: Path, packs: PackSet, read: Read) -> None:
    read(CASE)
    second = root / "000000-national" / "dibao" / "cases" / "more.yaml"
    second.write_text("cases: {a: {title: a}}", encoding="utf-8")
    first = second.with_name("households.yaml")
    first.write_text(CASE.replace("cars: 0}", "carz: 0}"), encoding="utf-8")
    try:
        with pytest.raises(PackError) as refusal:
            read_cases(case_files([root]), packs)
    finally:
        second.unlink()
    assert {one.place.file.rpartition("/")[2] for one in refusal.value.problems} == {"households.yaml", "more.yaml"}


def test_an_option_called_unknown_is_a_code_and_not_a_lack(tmp_path: Path) -> None:
    options = "{known: [已知, known], unknown: [未知, unknown]}"
    facts = f"household:\n  state: {{type: code, options: {options}, label: x, label_en: x}}\n"
    formulas = """
household:
  asks: {type: truth, label: x, label_en: x, formula: "state = 'unknown'", basis: sample_law 1}
"""
    root = write_packs(tmp_path, facts=facts, formulas=formulas)
    packs = load([root])
    folder = root / "000000-national" / "dibao" / "cases"
    folder.mkdir()
    (folder / "a.yaml").write_text(
        "defaults: {on: 2026-09-01, division: '370902001001'}\n"
        "cases:\n"
        "  a: {title: a, source: s, household: {state: unknown}, expect: {asks: yes}}\n"
        "  b: {title: b, source: s, expect: {asks: unknown}}\n",
        encoding="utf-8",
    )
    assert [one.passed for one in _run(packs, read_cases(case_files([root]), packs))] == [True, True]
