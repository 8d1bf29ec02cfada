"""The files that make the sample pack of `packs.py` a whole programme, and a way to lay other layers over it."""

from datetime import date
from pathlib import Path

import pytest
from tests.engine.packs import write_packs

from jiuzhu.engine.packs.loading import load
from jiuzhu.engine.packs.programmes import Programme, Version
from jiuzhu.engine.problems import PackError, Problem

TAISHAN, NINGYANG, JINAN = "370902001001", "370921100201", "370102001001"
BEFORE, AFTER = date(2026, 6, 30), date(2026, 7, 1)
PROGRAMME = """
name: 最低生活保障
name_en: minimum living allowance
short: 低保
short_en: dibao
class: basic
lead: civil_affairs
groups: [dibao]
unit: household
venue: [registration, residence]
outcome: entitled
amounts:
  - {variable: household.amount_yuan_month, paid: monthly, to: household}
decided_by:
  - {value: county, to: 2026-07-01, basis: sample_law 18}
  - {value: township, from: 2026-07-01, basis: sample_law 44}
aliases:
  - {name: 五保, to: 2014-05-01}
from: 2025-01-01
basis: sample_law 18
"""
PROCESS = """
steps:
  - {key: apply, actor: applicant, label: 申请, label_en: application, basis: sample_law 37}
  - key: investigate
    actor: township
    label: 调查
    label_en: investigation
    deadline: {limit: 3, unit: wd, after: acceptance}
    basis: sample_law 43
  - key: post
    actor: township
    label: 公示
    label_en: posting
    deadline: {limit: support_days, unit: nd, after: investigate}
    publishes: {fields: [applicant_name, result], board: opinion, where: village, days_nd: 7}
    basis: sample_law 45
  - key: hear
    actor: county
    label: 听取意见
    label_en: hearing
    from: 2026-07-01
    basis: sample_law 48
limits:
  normal: {limit: 30, unit: wd, after: acceptance, basis: sample_law 43}
  delegated: {limit: 20, unit: wd, basis: sample_law 43}
reviews:
  - {class: A, label: 稳定, label_en: stable, every: 12, when: cars = 0, basis: sample_law 46}
  - {class: B, label: 其他, label_en: others, every: 6, basis: sample_law 46}
refusal: {deadline: {limit: 3, unit: wd, after: decision}, basis: sample_law 45}
remedies:
  - kind: reconsideration
    label: 行政复议
    label_en: reconsideration
    limit: 60
    unit: nd
    first: true
    basis: sample_law 76
effective_from: month_after_decision
"""
MATERIALS = """
materials:
  - key: bill
    label: 医疗费用票据
    label_en: medical bills
    needed_when: any(person.illness = 'severe')
    from_whom: hospital
    accepts: [original, photo]
    why_not_fetched: 外地医院票据未联网
    why_not_fetched_en: bills of hospitals elsewhere are in no register
    basis: sample_law 62
"""
GRANTED = """
kind: granted
title: 确认通知书
title_en: Notice of approval
paragraphs:
  - zh: "{applicant_name}：自{effective_month}起每月{amount_yuan_month}元。"
    en: "{applicant_name}: {amount_yuan_month} yuan a month from {effective_month}."
"""
REFUSED = """
kind: refused
title: 不予确认通知书
title_en: Notice of refusal
paragraphs:
  - {zh: "理由：{reasons}。救济：{remedies}。", en: "Reasons: {reasons}. Remedies: {remedies}."}
"""
README = """# 低保

《示例法》第二条、第三条说明谁是未成年人和老年人。收入见《示例法》第二十条，赡养费见《示例法》第二十一条。
人均收入低于标准的家庭，按月领取差额（《示例法》第十八条）。
"""
DAYS = """
support_days:
  type: days
  label: 公示起算
  label_en: days until it is posted
  values: [{value: 5, basis: sample_law 45}]
"""
FILES = {
    "programme.yaml": PROGRAMME,
    "process.yaml": PROCESS,
    "materials.yaml": MATERIALS,
    "notices/granted.yaml": GRANTED,
    "notices/refused.yaml": REFUSED,
    "README.md": README,
}


def write_programme(folder: Path, **changed: str) -> Path:
    """Write the sample pack with the files of a programme; `programme`, `process` … replace one; returns its root."""
    root = write_packs(folder)
    parameters = root / "000000-national" / "dibao" / "parameters.yaml"
    parameters.write_text(parameters.read_text(encoding="utf-8") + DAYS, encoding="utf-8")
    for name, text in FILES.items():
        write(root, f"000000-national/dibao/{name}", changed.get(Path(name).stem, text))
    return root


def write(root: Path, name: str, text: str) -> None:
    """Write a file of the packs, and the folders above it."""
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def loaded(root: Path) -> Programme:
    """The programme of a root."""
    return load([root]).programmes["dibao"]


def version(programme: Programme, division: str = TAISHAN, on: date = AFTER) -> Version:
    """The version of a division on a day."""
    found = programme.version(division, on)
    assert found is not None
    return found


def problems(root: Path) -> list[Problem]:
    """What is wrong with a root."""
    with pytest.raises(PackError) as caught:
        load([root])
    return list(caught.value.problems)
