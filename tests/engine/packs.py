"""A small pack set of invented law, and a way to write others, for the engine's tests."""

from pathlib import Path

INSTRUMENTS = """
sample_law: {title: 示例法, number: 示例〔2026〕1号, level: law, from: 2020-01-01}
old_law: {title: 旧示例法, level: law, from: 2010-01-01, to: 2020-01-01}
"""
ENTITIES = """
household: {label: 家庭, label_en: household}
person: {label: 成员, label_en: member, parent: household, most: 20}
supporter: {label: 赡养人, label_en: supporter, parent: household, most: 10}
"""
FACTS = """
household:
  urban: {type: truth, label: 城镇, label_en: urban, required: true}
  cars: {type: count, label: 车辆, label_en: cars, highest: 9, register: public_security}
person:
  birth_date: {type: day, label: 出生日期, label_en: date of birth, required: true}
  wage_yuan_year: {type: yuan_year, label: 工资, label_en: wage, lowest: 0, highest: 1000000, register: tax}
  pension_yuan_month: {type: yuan_month, label: 养老金, label_en: pension, lowest: 0, highest: 50000}
  illness:
    {type: code, label: 病情, label_en: illness,
     options: {none: [无, none], chronic: [慢性病, chronic], severe: [重病, severe]}}
  student: {type: truth, label: 在校, label_en: student}
supporter:
  income_yuan_year: {type: yuan_year, label: 收入, label_en: income, lowest: -10000, highest: 1000000}
"""
PARAMETERS = """
standard_yuan_month:
  type: yuan_month
  label: 标准
  label_en: standard
  lowest: 0
  highest: 5000
  values:
    - {value: 800, from: 2025-07-01, basis: sample_law 18}
    - {division: '370902', value: 966.50, from: 2025-07-01, to: 2027-01-01, basis: [sample_law 18, sample_law 19.1]}
    - {division: '370902', value: 1000, from: 2027-01-01, basis: sample_law 18}
support_rate:
  type: rate
  label: 赡养比例
  label_en: support rate
  highest: 1
  values: [{value: 0.35, from: 2025-01-01, demo: true}]
retired_from:
  type: years
  label: 老年起点
  label_en: age from which a person is old
  values: [{value: 60, basis: sample_law 3}]
"""
FORMULAS = """
person:
  minor: {type: truth, label: 未成年, label_en: minor, formula: age(birth_date) < 18, basis: sample_law 2}
  old: {type: truth, label: 老年, label_en: old, formula: age(birth_date) >= p.retired_from, basis: sample_law 3}
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
    formula: per_month(greatest(income_yuan_year, 0)) * p.support_rate / 3
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
  entitled:
    type: outcome
    label: 低保
    label_en: minimum living allowance
    basis: sample_law 18
    formula: |
      CASE WHEN members = 0 OR income_per_head_yuan_month >= p.standard_yuan_month THEN no
           WHEN cars > 1 THEN no
           WHEN cars = 1 THEN disc
           ELSE yes END
    reasons: {yes: 符合, yes_en: entitled, no: 不符合, no_en: not entitled, unknown: 尚不清楚, unknown_en: not known}
  amount_yuan_month:
    type: yuan_month
    label: 月救助金
    label_en: amount a month
    basis: sample_law 18
    formula: |
      CASE WHEN entitled = yes
           THEN greatest((p.standard_yuan_month - income_per_head_yuan_month) * members, 0)
           ELSE 0 END
"""


def write_packs(
    folder: Path,
    *,
    facts: str = FACTS,
    parameters: str = PARAMETERS,
    formulas: str = FORMULAS,
    instruments: str = INSTRUMENTS,
    entities: str = ENTITIES,
) -> Path:
    """Write a pack set of one layer and one programme; returns its root."""
    layer = folder / "packs" / "000000-national"
    (layer / "dibao").mkdir(parents=True, exist_ok=True)
    for name, text in (
        ("instruments.yaml", instruments),
        ("entities.yaml", entities),
        ("facts.yaml", facts),
        ("dibao/parameters.yaml", parameters),
        ("dibao/formulas.yaml", formulas),
    ):
        (layer / name).write_text(text, encoding="utf-8")
    return folder / "packs"
