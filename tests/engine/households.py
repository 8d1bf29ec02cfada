"""A pack of invented law with personal data in it, and invented households, for the tests of single cases."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

from tests.engine.packs import write_packs

from jiuzhu.engine.household.facts import Case, Fact, Origin, Plain
from jiuzhu.engine.packs.loading import load
from jiuzhu.engine.packs.model import PackSet
from jiuzhu.engine.program.compiling import Program, compile_program

ON = date(2026, 9, 1)
TAISHAN = "370902001001"
FACTS = """
household:
  urban: {type: truth, label: 城镇, label_en: urban, required: true}
  cars: {type: count, label: 车辆, label_en: cars, highest: 9, register: public_security, personal_data: finance}
  deposits_yuan:
    {type: yuan, label: 存款, label_en: deposits, lowest: 0, highest: 10000000, register: banks, personal_data: finance}
person:
  birth_date: {type: day, label: 出生日期, label_en: date of birth, required: true, personal_data: identity}
  wage_yuan_year:
    {type: yuan_year, label: 工资, label_en: wage, lowest: 0, highest: 1000000, register: tax, personal_data: finance}
  pension_yuan_month:
    {type: yuan_month, label: 养老金, label_en: pension, lowest: 0, highest: 50000, personal_data: finance}
  illness:
    type: code
    options: {none: [无, none], chronic: [慢性病, chronic], severe: [重病, severe]}
    label: 病情
    label_en: illness
    material: 诊断证明
    personal_data: health
  student: {type: truth, label: 在校, label_en: student, question: 是否在校？, question_en: At school?}
supporter:
  income_yuan_year:
    {type: yuan_year, label: 收入, label_en: income, lowest: -10000, highest: 1000000, personal_data: finance}
"""
PARAMETERS = """
standard_yuan_month:
  type: yuan_month
  label: 标准
  label_en: standard
  highest: 5000
  lowest: 0
  values:
    - {value: 800, from: 2025-07-01, basis: sample_law 18}
    - {division: '370902', value: 966.50, from: 2025-07-01, to: 2027-01-01, basis: [sample_law 18, sample_law 19.1]}
    - {division: '370902', value: 1000, from: 2027-01-01, basis: sample_law 18}
deposits_yuan_head:
  type: yuan
  label: 人均存款限额
  label_en: limit of deposits per head
  lowest: 0
  highest: 100000
  values: [{value: 20000, from: 2025-01-01, demo: true}]
supplement_yuan_month:
  type: yuan_month
  label: 分类施保金
  label_en: supplement
  lowest: 0
  highest: 1000
  values: [{value: 200, from: 2025-01-01, basis: sample_law 20}]
"""
FORMULAS = """
person:
  minor: {type: truth, label: 未成年, label_en: minor, formula: age(birth_date) < 18, basis: sample_law 2}
  old: {type: truth, label: 老年, label_en: old, formula: age(birth_date) >= 60, basis: sample_law 3}
  severely_ill: {type: truth, label: 重病, label_en: severely ill, formula: illness = 'severe', basis: sample_law 4}
  income_yuan_year:
    type: yuan_year
    label: 年收入
    label_en: income a year
    basis: sample_law 20
    formula: |
      CASE WHEN minor OR student THEN 0
           ELSE wage_yuan_year + per_year(pension_yuan_month) END
supporter:
  support_yuan_month:
    type: yuan_month
    label: 赡养费
    label_en: support
    basis: sample_law 21
    formula: per_month(greatest(income_yuan_year, 0)) / 10
household:
  members:
    {type: count, label: 人数, label_en: members, formula: count_if(person.old OR NOT person.old), basis: sample_law 2}
  income_per_head_yuan_month:
    type: yuan_month
    exact: true
    label: 月人均收入
    label_en: income per head and month
    basis: sample_law 20
    formula: |
      CASE WHEN members > 0
           THEN (per_month(sum(person.income_yuan_year)) + sum(supporter.support_yuan_month)) / members
           ELSE 0 END
  property_fits:
    type: truth
    label: 财产符合规定
    label_en: property within limits
    basis: sample_law 22
    formula: cars <= 1 AND deposits_yuan <= p.deposits_yuan_head * members
  weak:
    type: truth
    label: 有老年或重病成员
    label_en: old or severely ill member
    basis: sample_law 23
    formula: any(person.old OR person.severely_ill)
  entitled:
    type: outcome
    label: 低保
    label_en: minimum living allowance
    basis: [sample_law 18, sample_law 19]
    formula: |
      CASE WHEN NOT property_fits THEN no
           WHEN income_per_head_yuan_month >= p.standard_yuan_month THEN no
           WHEN cars = 1 AND NOT weak THEN disc
           ELSE yes END
    reasons:
      {yes: 符合条件, yes_en: entitled, no: 不符合条件, no_en: not entitled, unknown: 尚待查明, unknown_en: not known}
  supplement_yuan_month:
    type: yuan_month
    label: 分类施保
    label_en: supplements
    basis: sample_law 20
    formula: count_if(person.severely_ill OR person.old) * p.supplement_yuan_month
  amount_yuan_month:
    type: yuan_month
    label: 月救助金
    label_en: amount a month
    basis: sample_law 18
    formula: |
      CASE WHEN entitled = yes
           THEN greatest((p.standard_yuan_month - income_per_head_yuan_month) * members, 0) + supplement_yuan_month
           ELSE 0 END
"""


def sample(folder: Path) -> PackSet:
    """The packs, loaded."""
    return load([write_packs(folder, facts=FACTS, parameters=PARAMETERS, formulas=FORMULAS)])


def program_of(packs: PackSet, on: date = ON) -> Program:
    """Their program of a day for the city."""
    return compile_program(packs, on=on, root="3709")


def person(**facts: Fact | Plain) -> dict[str, Fact | Plain]:
    """An adult without income of whom everything is known, but for what is said otherwise."""
    known: dict[str, Fact | Plain] = {
        "birth_date": date(1980, 1, 1),
        "wage_yuan_year": Decimal(0),
        "pension_yuan_month": 0,
        "illness": "none",
        "student": False,
    }
    return known | facts


def verified(value: Plain) -> Fact:
    """A fact that a register has answered."""
    return Fact(value, Origin.VERIFIED, date(2026, 8, 20))


def household(
    *people: Mapping[str, Fact | Plain],
    supporters: Sequence[Mapping[str, Fact | Plain]] = (),
    division: str = TAISHAN,
    **facts: Fact | Plain,
) -> Case:
    """A household without property, but for what is said otherwise."""
    known: dict[str, Fact | Plain] = {"urban": True, "cars": 0, "deposits_yuan": 0}
    return Case(division, known | facts, {"person": people, "supporter": supporters})
