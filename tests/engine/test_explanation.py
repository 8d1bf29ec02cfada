"""Why a figure is what it is: what decided is shown, with its source and law, and nothing that may not be seen (X2)."""

import json
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import dropwhile, product
from pathlib import Path
from typing import Any

import pytest
from tests.engine.households import household, person, program_of, sample, verified
from tests.engine.packs import write_packs
from tests.engine.test_assessment import random_case

from jiuzhu.engine.explaining.explanation import explain
from jiuzhu.engine.explaining.rendering import drawn, lines
from jiuzhu.engine.explaining.steps import APPLICANT, OFFICER, PUBLIC, Audience, Role, Sort, State, Step
from jiuzhu.engine.household.assessment import Assessment, assess
from jiuzhu.engine.household.facts import At, Case, Fact, Origin, Plain
from jiuzhu.engine.packs.loading import load
from jiuzhu.engine.packs.model import Label
from jiuzhu.engine.program.compiling import Program, compile_program

SICK_AND_OLD: dict[str, Fact | Plain] = {"illness": verified("severe"), "birth_date": date(1950, 1, 1)}


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Program:
    """The program of the sample packs."""
    folder: Path = tmp_path_factory.mktemp("packs")
    return program_of(sample(folder))


def _all(step: Step) -> Iterator[Step]:
    yield step
    for part in step.parts:
        yield from _all(part)


def _told(program: Program, case: Case, name: str = "entitled", language: str = "zh-hans", **how: Any) -> list[str]:
    return [line.strip() for line in lines(explain(assess(program, case), "household", name, **how), language)]


def test_a_refusal_shows_the_test_that_failed_with_both_sides(program: Program) -> None:
    told = _told(program, household(person(wage_yuan_year=verified(Decimal(12000))), cars=verified(0)))
    assert told[0] == "低保：不符合条件（《示例法》（示例〔2026〕1号）第十八条；《示例法》（示例〔2026〕1号）第十九条）"
    assert "【适用】月人均收入（1,000.00 元/月） ≥ 标准（966.50 元/月）：成立" in told
    assert (
        "标准：966.50 元/月（区划 370902；2025-07-01 起，2027-01-01 前；"
        "《示例法》（示例〔2026〕1号）第十八条；《示例法》（示例〔2026〕1号）第十九条第一款）"
    ) in told
    assert "工资：12,000.00 元/年（核对，tax，2026-08-20）" in told
    # what came after the case that applied did not decide
    assert not any("车辆" in line and "= 1" in line for line in told)


def test_the_same_is_said_in_english(program: Program) -> None:
    case = household(person(wage_yuan_year=Fact(Decimal(12_000), Origin.DECLARED, date(2026, 8, 1))))
    told = _told(program, case, language="en")
    assert told[0] == "minimum living allowance: not entitled (《示例法》, art. 18; 《示例法》, art. 19)"
    assert "[applies] income per head and month (1,000.00 yuan a month) ≥ standard (966.50 yuan a month): holds" in told
    assert "wage: 12,000.00 yuan a year (declared, 2026-08-01)" in told
    assert "limit of deposits per head: 20,000.00 yuan (from 2025-01-01; demonstration value)" in told


def test_only_the_failed_part_of_an_and_is_shown(program: Program) -> None:
    told = _told(program, household(person(), cars=0, deposits_yuan=30_000))
    assert "存款（30,000.00 元） ≤ 人均存款限额 × 人数（20,000.00 元）：不成立" in told
    assert not any("≤ 1" in line for line in told)
    assert any("≤ 1" in line for line in _told(program, household(person(), cars=2)))


def test_all_parts_of_an_and_that_holds_are_shown_and_the_cases_that_do_not_apply(program: Program) -> None:
    step = explain(assess(program, household(person())), "household", "entitled")
    assert [part.role for part in step.parts] == [Role.PASSED, Role.PASSED, Role.PASSED]
    tests = [one for one in _all(step) if one.sort is Sort.TEST and one.label.zh.startswith(("车辆 ≤", "存款 ≤"))]
    assert [one.state for one in tests] == [State.MET, State.MET]


def test_any_shows_the_members_for_whom_it_holds(program: Program) -> None:
    told = _told(program, household(person(), person(**SICK_AND_OLD)), "weak")
    assert "成员2：以下成立，有一项即可" in told
    assert not any(line.startswith("成员1") for line in told)


def test_what_is_not_known_is_marked_and_what_is_settled_is_left_out(program: Program) -> None:
    step = explain(assess(program, household(person(wage_yuan_year=None), person())), "household", "entitled")
    assert step.is_unknown
    open_facts = {str(one.at) for one in _all(step) if one.sort is Sort.FACT and one.is_unknown}
    assert open_facts == {"person.1.wage_yuan_year"}
    roles = {one.label.zh: one.role for one in step.parts if one.sort is Sort.TEST}
    assert roles["月人均收入 ≥ 标准"] is Role.POSSIBLE
    told = lines(step, "zh")
    assert told[0].startswith("低保：尚待查明")
    assert any("尚不清楚（0.00 至 83,333.33 元/月）" in line or "至 41,666.67" in line for line in told)


def test_an_unknown_fact_that_did_not_matter_is_not_shown(program: Program) -> None:
    step = explain(assess(program, household(person(wage_yuan_year=None), cars=2)), "household", "entitled")
    assert not any(one.sort is Sort.FACT and one.is_unknown for one in _all(step))


def test_a_figure_is_told_with_its_arithmetic_and_a_fraction_as_about(program: Program) -> None:
    told = _told(
        program, household(person(wage_yuan_year=Decimal(10_000)), person(), person()), "income_per_head_yuan_month"
    )
    assert told[0] == "月人均收入：约 277.78 元/月（《示例法》（示例〔2026〕1号）第二十条）"
    assert "【结果】（各成员的年收入之和（折算到月） + 各赡养人的赡养费之和） ÷ 人数：约 277.78 元/月" in told
    supplement = _told(program, household(person(**SICK_AND_OLD)), "supplement_yuan_month")
    assert supplement[0].startswith("分类施保：200.00 元/月 = 成员中“重病或老年”的数目 × 分类施保金（")


def test_an_age_is_told_in_years_of_age(program: Program) -> None:
    step = explain(assess(program, household(person())), "person", "old", 0)
    assert lines(step, "zh")[1].strip() == "按出生日期计算的年龄（46 周岁） ≥ 60 周岁：不成立"
    assert lines(step, "en")[1].strip() == "age by date of birth (46 years of age) ≥ 60 years of age: does not hold"


def test_what_was_told_before_is_not_told_again(program: Program) -> None:
    step = explain(assess(program, household(person())), "household", "amount_yuan_month")
    incomes = [one for one in _all(step) if one.at == At("household", "income_per_head_yuan_month")]
    assert [one.repeated for one in incomes] == [False, True]
    assert incomes[1].parts == ()


def test_a_long_sum_is_told_term_by_term(tmp_path: Path) -> None:
    formulas = """
household:
  total: {type: count, label: 合计, label_en: total, formula: cars + 2 * cars - cars + 1 + cars, basis: sample_law 1}
"""
    program = compile_program(load([write_packs(tmp_path, formulas=formulas)]), on=date(2026, 9, 1))
    step = explain(assess(program, Case("370902001001", {"urban": True, "cars": 3})), "household", "total")
    assert lines(step, "zh")[0] == "合计：10 = 车辆 + 2 × 车辆 − 车辆 + 1 + 车辆（《示例法》（示例〔2026〕1号）第一条）"
    assert [one.label.zh for one in step.parts] == ["车辆", "2 × 车辆", "车辆", "车辆"]


def test_a_fact_that_is_only_supposed_has_no_source(program: Program) -> None:
    found = assess(program, household(person(wage_yuan_year=verified(Decimal(12_000)))))
    supposed = found.with_facts({At("person", "wage_yuan_year", 0): 1_300_000})
    told = [line.strip() for line in lines(explain(supposed, "household", "entitled"), "zh")]
    assert "工资：13,000.00 元/年" in told


def test_registers_are_named_as_they_are_given(program: Program) -> None:
    case = household(person(wage_yuan_year=verified(Decimal(12_000))))
    told = _told(program, case, registers={"tax": Label("税务部门", "tax office")})
    assert "工资：12,000.00 元/年（核对，税务部门，2026-08-20）" in told


def test_a_register_that_did_not_answer_is_told(program: Program) -> None:
    told = _told(program, household(person(wage_yuan_year=verified(None))))
    assert "工资：尚不清楚（核对，tax，2026-08-20）" in told


def test_a_figure_without_a_rule_of_the_day_says_so(tmp_path: Path) -> None:
    formulas = """
household:
  later: {type: truth, label: 新规, label_en: new rule, formula: urban, basis: sample_law 1, from: 2027-01-01}
  asks: {type: truth, label: 结论, label_en: result, formula: later OR NOT urban, basis: sample_law 1}
"""
    program = compile_program(load([write_packs(tmp_path, formulas=formulas)]), on=date(2026, 9, 1))
    case = Case("370902001001", {"urban": True})
    told = lines(explain(assess(program, case), "household", "asks"), "zh")
    assert [line.strip() for line in told][-1] == "新规：当日没有现行规定"


def test_an_assumption_is_told_as_one(tmp_path: Path) -> None:
    formulas = """
household:
  few: {type: truth, label: 车少, label_en: few cars, formula: 'coalesce(cars, 0) < 2', basis: sample_law 1}
"""
    program = compile_program(load([write_packs(tmp_path, formulas=formulas)]), on=date(2026, 9, 1))
    unknown = explain(assess(program, Case("370902001001", {"urban": True})), "household", "few")
    assert [one.sort for one in unknown.parts[0].parts] == [Sort.ASSUMED, Sort.LITERAL]
    known = explain(assess(program, Case("370902001001", {"urban": True, "cars": 3})), "household", "few")
    assert [one.sort for one in known.parts[0].parts] == [Sort.FACT, Sort.LITERAL]


def test_codes_lists_and_ranges_read_as_tests(tmp_path: Path) -> None:
    formulas = """
person:
  sick: {type: truth, label: 患病, label_en: ill, formula: "illness IN ('chronic', 'severe')", basis: sample_law 1}
  working: {type: truth, label: 劳动年龄, label_en: working age, formula: age(birth_date) BETWEEN 16 AND 59,
            basis: sample_law 1}
"""
    program = compile_program(load([write_packs(tmp_path, formulas=formulas)]), on=date(2026, 9, 1))
    people: list[dict[str, Plain]] = [{"birth_date": date(1980, 1, 1), "illness": "chronic"}]
    found = assess(program, Case("370902001001", {"urban": True}, {"person": people}))
    assert lines(explain(found, "person", "sick"), "zh")[1].strip() == "病情（慢性病） 属于 慢性病、重病：成立"
    assert lines(explain(found, "person", "sick"), "en")[1].strip() == (
        "illness (chronic) is one of chronic, severe: holds"
    )
    assert (
        "16 周岁 ≤ 按出生日期计算的年龄（46 周岁） ≤ 59 周岁：成立"
        in lines(explain(found, "person", "working"), "zh")[1]
    )


def test_an_unknown_variable_is_refused(program: Program) -> None:
    with pytest.raises(KeyError):
        explain(assess(program, household(person())), "household", "entiteld")


# personal data


def test_every_step_carries_the_classes_of_the_facts_below(program: Program) -> None:
    step = explain(assess(program, household(person())), "household", "amount_yuan_month")
    assert step.personal_data == {"household.finance", "person.identity", "person.finance", "person.health"} | {
        "supporter.finance"
    }
    weak = explain(assess(program, household(person(illness="severe"))), "household", "weak")
    assert {one for step in _all(weak) for one in step.personal_data} == {"person.identity", "person.health"}


def test_health_is_not_in_a_letter_to_the_applicant(program: Program) -> None:
    case = household(person(**SICK_AND_OLD), cars=1)
    seen = "\n".join(_told(program, case, audience=OFFICER))
    letter = _told(program, case, audience=APPLICANT)
    assert "病情：重病" in seen
    assert not any("病情" in line or "重病：是" in line for line in letter)
    assert "车辆 = 1且“有老年或重病成员”不成立：已核实" in letter
    assert letter[0].startswith("低保：符合条件")
    assert "存款（0.00 元） ≤ 人均存款限额 × 人数（20,000.00 元）：成立" in letter


def test_a_supporters_income_is_not_in_a_letter_to_the_applicant(program: Program) -> None:
    case = household(person(), supporters=[{"income_yuan_year": Decimal("77777.77")}])
    assert any("77,777.77" in line for line in _told(program, case))
    letter = _told(program, case, audience=APPLICANT)
    assert not any("77,777.77" in line or ("赡养费" in line and "648" in line) for line in letter)
    # the income per head rests on it and is hidden too, unless the law has it told
    assert any(line.startswith("月人均收入 ≥ 标准：已核实") or "月人均收入（已核实）" in line for line in letter)
    told = _told(program, case, audience=APPLICANT.showing("household.income_per_head_yuan_month"))
    assert any("月人均收入（648.15 元/月） ≥ 标准（966.50 元/月）：不成立" in line for line in told)
    assert not any("77,777.77" in line for line in told)


def test_a_figure_gives_away_what_its_pack_says(tmp_path: Path) -> None:
    sample(tmp_path)
    (file,) = tmp_path.rglob("formulas.yaml")
    name = "  income_per_head_yuan_month:\n"
    file.write_text(file.read_text("utf-8").replace(name, f"{name}    personal_data: finance\n"), "utf-8")
    program = program_of(load([file.parents[2]]))
    case = household(person(), supporters=[{"income_yuan_year": Decimal("77777.77")}])
    letter = _told(program, case, audience=APPLICANT)
    assert any("月人均收入（648.15 元/月） ≥ 标准（966.50 元/月）：不成立" in line for line in letter)
    assert not any("77,777.77" in line or ("赡养费" in line and "648" in line) for line in letter)


def test_a_public_notice_holds_the_result_and_no_figure(program: Program) -> None:
    case = household(person(wage_yuan_year=Decimal("4321.00")), deposits_yuan=Decimal("1234.56"))
    step = explain(assess(program, case), "household", "entitled", audience=PUBLIC)
    assert step.value == Label("符合条件", "entitled")
    text = json.dumps(drawn(step, "zh"), ensure_ascii=False) + "\n".join(lines(step, "en"))
    assert "4,321" not in text
    assert "1,234.56" not in text
    assert all(part.state is State.HIDDEN for part in step.parts)


def test_what_is_hidden_and_still_missing_says_so_and_no_more(program: Program) -> None:
    letter = _told(program, household(person(illness=None), cars=1), audience=APPLICANT)
    assert "车辆 = 1且“有老年或重病成员”不成立：尚待核实" in letter
    english = _told(program, household(person(illness=None), cars=1), language="en", audience=APPLICANT)
    assert "cars = 1 and not “old or severely ill member”: still to be verified" in english


def _without_values(step: Step, audience: Audience) -> list[Step]:
    return [
        one
        for one in _all(step)
        if audience.hides(one.personal_data) and one.state is not State.HIDDEN and one.sort is Sort.FACT
    ]


@pytest.mark.parametrize("audience", [APPLICANT, PUBLIC, APPLICANT.showing("household.income_per_head_yuan_month")])
@pytest.mark.parametrize("name", ["entitled", "amount_yuan_month", "supplement_yuan_month", "weak"])
def test_nothing_that_is_shown_depends_on_what_is_hidden(program: Program, audience: Audience, name: str) -> None:
    """Households that differ only in hidden facts, and come to the same result, are explained in the same words."""
    chance = random.Random(f"{audience.name}{name}{len(audience.shown)}")  # noqa: S311 (invented households)
    hidden_income = "supporter.finance" in audience.hidden or "supporter" in audience.hidden
    compared = 0
    for _ in range(15):
        case = random_case(chance, unknown=0.1)
        told: dict[Any, set[str]] = defaultdict(set)
        for _ in range(8):
            found = assess(program, _other_hidden(case, chance, audience, supporters=hidden_income))
            step = explain(found, "household", name, audience=audience)
            assert _without_values(step, audience) == []
            shown = tuple(found.bounds(At("household", one[10:])) for one in sorted(audience.shown))
            text = "\n".join((*lines(step, "zh"), *lines(step, "en"), json.dumps(drawn(step, "en"))))
            told[found.bounds(At("household", name)), shown].add(text)
        assert all(len(texts) == 1 for texts in told.values())
        compared += 8 - len(told)
    assert compared > 30


SHAPES = {
    "truth": [
        "a AND b",
        "a OR b OR n > 2",
        "NOT (a AND b)",
        "h > n",
        "h IN (0, 2)",
        "CASE WHEN b THEN a WHEN n > 1 THEN TRUE ELSE h > 2 END",
        "b",
        "inner AND a",
    ],
    "count": [
        "n + h",
        "greatest(n, h)",
        "coalesce(h, n) + n",
        "CASE WHEN b THEN n WHEN n > 1 THEN h ELSE n + 1 END",
        "CASE WHEN a THEN h ELSE n END",
    ],
    "outcome": [
        "CASE WHEN h > n THEN yes WHEN a THEN no WHEN b THEN disc ELSE refer END",
        "CASE WHEN n > 2 THEN no WHEN b AND a THEN yes WHEN n = 2 THEN refer ELSE no END",
        "CASE WHEN inner THEN yes WHEN n = 0 AND NOT a THEN no ELSE disc END",
    ],
}


@pytest.mark.parametrize("shown", [(), ("household.inner",)])
def test_no_shape_of_a_formula_lets_what_is_hidden_through(tmp_path: Path, shown: tuple[str, ...]) -> None:
    facts = "household:\n" + "".join(
        f"  {name}: {{type: {kind}, highest: {highest}, label: {name}, label_en: {name}, personal_data: {personal}}}\n"
        for name, kind, highest, personal in (
            ("a", "truth", "yes", "none"),
            ("b", "truth", "yes", "health"),
            ("n", "count", "4", "none"),
            ("h", "count", "4", "health"),
        )
    )
    names: list[str] = []
    formulas = "household:\n  inner: {type: truth, label: i, label_en: i, formula: b OR n > h, basis: sample_law 1}\n"
    for kind, texts in SHAPES.items():
        for text in texts:
            names.append(f"x{len(names)}")
            formulas += (
                f"  {names[-1]}:\n    {{type: {kind}, label: x, label_en: x, basis: sample_law 1, formula: '{text}'}}\n"
            )
    program = compile_program(load([write_packs(tmp_path, facts=facts, formulas=formulas)]), on=date(2026, 9, 1))
    audience = APPLICANT.showing(*shown)
    told: dict[Any, set[str]] = defaultdict(set)
    for a, b, n, h in product((True, False, None), (True, False, None), (0, 3, None), (0, 2, None)):
        found = assess(program, Case("370902001001", {"a": a, "b": b, "n": n, "h": h}))
        for name in names:
            step = explain(found, "household", name, audience=audience)
            results = tuple(found.bounds(At("household", one)) for one in (name, *(one[10:] for one in shown)))
            told[name, a, n, b is None, h is None, results].add(json.dumps(drawn(step, "en")))
            after = list(dropwhile(lambda part: part.state is not State.HIDDEN, step.parts))
            assert not {part.role for part in after} & {Role.TAKEN, Role.PASSED}, "says which case applied"
    assert [asked for asked, texts in told.items() if len(texts) > 1] == []


def _other_hidden(case: Case, chance: random.Random, audience: Audience, *, supporters: bool) -> Case:
    """The household with other values for what is hidden; what is unknown stays unknown."""

    def other(facts: dict[str, Any], name: str, values: tuple[Any, ...]) -> None:
        if facts.get(name) is not None:
            facts[name] = chance.choice(values)

    people = [dict(one) for one in case.members["person"]]
    others = [dict(one) for one in case.members["supporter"]]
    facts = dict(case.facts)
    for one in people:
        other(one, "illness", ("none", "chronic", "severe"))
        if "person" in audience.hidden:
            other(one, "wage_yuan_year", (Decimal(0), Decimal(40_000), Decimal(5)))
            other(one, "birth_date", (date(1940, 1, 1), date(2000, 1, 1), date(2020, 1, 1)))
    for one in others if supporters else ():
        other(one, "income_yuan_year", (-300, 0, 88_000))
    if "finance" in audience.hidden:
        other(facts, "cars", (0, 1, 2))
        other(facts, "deposits_yuan", (0, 50_000))
    return replace(case, facts=facts, members={"person": people, "supporter": others})


# what templates draw


def test_the_structure_holds_all_that_a_template_draws(program: Program) -> None:
    case = household(person(wage_yuan_year=verified(Decimal(12_000))))
    found = drawn(explain(assess(program, case), "household", "entitled"), "zh")
    assert json.loads(json.dumps(found)) == found
    test = next(part for part in found["parts"] if part["sort"] == "test")
    assert (test["operator"], test["state"], test["role"]) == ("≥", "met", "taken")
    income, standard = test["parts"]
    assert (income["label"], income["value"]) == ("月人均收入", "1,000.00 元/月")
    assert (standard["division"], standard["from"], standard["to"]) == ("370902", "2025-07-01", "2027-01-01")
    assert standard["demo"] is False
    assert len(standard["basis"]) == 2


def _deepest(assessment: Assessment) -> int:
    def depth(step: Step) -> int:
        return 1 + max((depth(part) for part in step.parts), default=0)

    return depth(explain(assessment, "household", "amount_yuan_month"))


def test_an_explanation_grows_with_the_members_and_not_with_their_square(program: Program) -> None:
    small, large = (assess(program, household(*(person() for _ in range(count)))) for count in (2, 20))
    assert _deepest(small) == _deepest(large)
    sizes = [len(lines(explain(one, "household", "amount_yuan_month"), "zh")) for one in (small, large)]
    assert sizes[1] < sizes[0] * 10
