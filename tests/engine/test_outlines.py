"""Rules in words: every rule that ships reads as an outline without gaps, in both languages (X1 X3)."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from tests.engine.packs import write_packs

from jiuzhu.config.environment import ROOT
from jiuzhu.engine.explaining.outlines import Line, rules_of
from jiuzhu.engine.household.months import Programs
from jiuzhu.engine.packs.loading import load

ON, TAISHAN = date(2026, 9, 1), "370902001001"


def texts(line: Line, language: str) -> Iterator[str]:
    """All that is said in an outline."""
    for label in (line.lead, line.text):
        if label is not None:
            yield label.said(language)
    for one in line.lines:
        yield from texts(one, language)


def shown(line: Line, depth: int = 0) -> list[str]:
    """An outline as lines."""
    own = " ".join(label.en for label in (line.lead, line.text) if label is not None)
    return [*(["  " * depth + own] if own else []), *(found for one in line.lines for found in shown(one, depth + 1))]


def test_cases_and_conditions_become_an_outline(tmp_path: Path) -> None:
    formulas = """
household:
  amount_yuan_month:
    type: yuan_month
    label: 金额
    label_en: amount
    basis: sample_law 18
    formula: |
      CASE WHEN urban AND cars = 0
           THEN greatest(p.standard_yuan_month, CASE WHEN cars > 1 THEN p.standard_yuan_month ELSE 0 END)
           WHEN NOT urban THEN p.standard_yuan_month * 2
           ELSE 0 END
"""
    packs = load([write_packs(tmp_path, formulas=formulas)])
    (rule,) = rules_of(Programs(packs).at(ON, "3709"), "dibao", TAISHAN, ON)
    assert shown(rule.line) == [
        "  if all of these hold",
        "    urban",
        "    cars = 0",
        "    then the greatest of",
        "      standard",
        "        if cars > 1",
        "          then standard",
        "        otherwise 0",
        "  if not “urban”",
        "    then standard × 2",
        "  otherwise 0",
    ]
    assert rule.parameters == ("standard_yuan_month",)
    assert [one.short_en for one in rule.basis] == ["《示例法》, art. 18"]


def test_every_rule_that_ships_reads_in_both_languages() -> None:
    packs = load([ROOT / "policies"])
    program = Programs(packs).at(ON, "3709")
    count = 0
    for name in packs.programmes:
        for rule in rules_of(program, name, TAISHAN, ON):
            for language in ("zh", "en"):
                said = list(texts(rule.line, language))
                assert said, rule.variable.full_name
                assert all(said), rule.variable.full_name
            count += 1
    assert count >= 150
