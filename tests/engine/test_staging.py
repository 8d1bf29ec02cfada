"""A statement in parts, as databases that stage them take it: each part once, no column twice (X2)."""

import re
from collections import Counter
from pathlib import Path

from tests.engine.test_population_backends import TRAPS, city, loaded

from jiuzhu.engine.backends.dialects import SPARK
from jiuzhu.engine.backends.sql import statement
from jiuzhu.engine.population.planning import plan_for

FORMULAS = f"""{TRAPS}
  counted_yuan_year:
    {{type: yuan_year, label: 例, label_en: example, basis: sample_law 2,
      formula: CASE WHEN household.urban THEN wage_yuan_year ELSE 0 END}}
  share: {{type: count, label: 例, label_en: example, basis: sample_law 2,
      formula: CASE WHEN household.total_yuan_year > 0 AND household.urban THEN 1 ELSE 0 END}}
"""
MORE = """
household:
  total_yuan_year:
    {type: yuan_year, label: 例, label_en: example, basis: sample_law 2, formula: sum(person.counted_yuan_year)}
  shares: {type: count, label: 例, label_en: example, basis: sample_law 2, formula: sum(person.share)}
"""


def test_what_members_know_of_their_household_is_carried_once(tmp_path: Path) -> None:
    """A later turn needs again what an earlier one has brought; twice, databases would call it ambiguous."""
    text = FORMULAS.replace("household:\n", MORE.lstrip(), 1)
    packs, program = loaded(tmp_path, text)
    plan = plan_for(program, city(packs))
    for entity in plan.program.entities:
        outputs = plan.outputs_of(entity)
        if not outputs:
            continue
        writing = statement(plan, entity, SPARK)
        writing.written(entity, outputs)
        names = Counter(name for name, _ in writing.ctes)
        assert max(names.values(), default=1) == 1
        carried = Counter(found for _, part in writing.ctes for found in re.findall(r"AS (`household [^`]+`)", part))
        assert max(carried.values(), default=1) == 1, carried
