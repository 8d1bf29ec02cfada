"""All worked cases of all packs through every evaluator: the same figures from each, variable by variable (X2 X3)."""

import os
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any, TypeAlias

import pytest
from tests.engine.test_runs import households
from tests.policies.test_shipped_packs import packs, programs, scenarios

from jiuzhu.engine.authoring.cases import Scenario
from jiuzhu.engine.backends import arrays, duck
from jiuzhu.engine.household.assessment import Assessment
from jiuzhu.engine.household.facts import At
from jiuzhu.engine.kinds import Base, Kind
from jiuzhu.engine.packs.model import ROOT
from jiuzhu.engine.population.figures import Figures
from jiuzhu.engine.population.planning import plan_for
from jiuzhu.engine.program.compiling import Reading
from jiuzhu.engine.reference import Household, Plain, Reference, plain

# SQL for one case alone costs more than all others; `JIUZHU_THOROUGH=1` runs these too
THOROUGH = bool(os.environ.get("JIUZHU_THOROUGH"))
Group: TypeAlias = tuple[date, str]
Bounds: TypeAlias = tuple[Fraction, Fraction]


def groups() -> dict[Group, list[Scenario]]:
    """The cases by day and city; those of a group are worked out together."""
    found: dict[Group, list[Scenario]] = defaultdict(list)
    for one in scenarios():
        found[one.on, one.case.division[:4]].append(one)
    return dict(sorted(found.items(), key=lambda pair: -len(pair[1])))


def places(assessment: Assessment) -> Iterator[At]:
    """Every derived variable of a household and of each member."""
    for (entity, name), reading in assessment.program.readings.items():
        if reading.variable.source is None and reading.variable.formulas:
            for row in range(1 if entity == ROOT else assessment.held.counts[entity]):
                yield At(entity, name, row)


def bounds_of(reading: Reading, figures: Figures, row: int) -> Bounds:
    """What was worked out for the population, in the unit of the variable."""
    least, most = (int(values[row]) for values in figures.bounds(reading.number))
    if reading.variable.kind.base is not Base.NUMBER:
        return Fraction(least), Fraction(most)
    small, large = (1, 1)
    if reading.divisor is not None:
        small, large = (int(values[row]) for values in figures.bounds(reading.divisor))
    small, large = small * reading.scale, large * reading.scale
    return Fraction(least, large if least >= 0 else small), Fraction(most, small if most >= 0 else large)


def compared(name: str, cases: Sequence[Scenario], assessments: Sequence[Assessment], figures: Figures) -> int:
    """Compare a backend with the generated function for one household; returns how many figures were compared."""
    starts: dict[str, int] = defaultdict(int)
    number = 0
    for at, (case, assessment) in enumerate(zip(cases, assessments, strict=True)):
        for place in places(assessment):
            row = at if place.entity == ROOT else starts[place.entity] + place.row
            found = bounds_of(assessment.program.readings[place.key], figures, row)
            expected = tuple(map(Fraction, assessment.bounds(place)))
            assert found == expected, f"{case.place.file} {case.full_name}, {place}: {name} {found}, {expected}"
            number += 1
        for entity, count in assessment.held.counts.items():
            starts[entity] += count
    return number


def by_reference(case: Scenario, assessment: Assessment) -> int:
    """Compare the reference, which knows or does not know, with the bounds."""
    reference = Reference(packs(), household(assessment), case.on)
    for place in places(assessment):
        value = numbered(assessment.program.readings[place.key].variable.kind, reference.value(*place.key, place.row))
        low, high = map(Fraction, assessment.bounds(place))
        where = f"{case.place.file} {case.full_name}, {place}: reference {value}, {low} … {high}"
        # bounds can know what three values do not, never the other way round
        assert value is None or low == high == value, where
    return 1


def household(assessment: Assessment) -> Household:
    """The facts as they are written, for the reference."""

    def facts(entity: str, row: Mapping[str, Any]) -> dict[str, Plain]:
        return {
            name: None if value is None else plain(packs().variables[entity, name].kind, value)
            for name, value in row.items()
            if (entity, name) in packs().variables
        }

    held = assessment.held
    members = {
        entity: [
            facts(entity, {name: values[at] for name, values in columns.items()}) for at in range(held.counts[entity])
        ]
        for entity, columns in held.members.items()
    }
    return Household(assessment.case.division, facts(ROOT, held.facts), members)


def numbered(kind: Kind, value: Plain) -> Fraction | None:
    """A value of the reference as a number."""
    if value is None or isinstance(value, Fraction):
        return value
    if isinstance(value, str):
        return Fraction(kind.options.index(value))
    if isinstance(value, date):
        return Fraction(value.year * 10000 + value.month * 100 + value.day)
    return Fraction(int(value))


@pytest.mark.slow
@pytest.mark.parametrize("at", range(8))
def test_the_cases_come_to_the_same_in_arrays_in_sql_and_by_the_reference(at: int) -> None:
    compare_groups(list(groups().items())[at::8])


def compare_groups(some: Sequence[tuple[Group, list[Scenario]]]) -> None:
    """Every group of cases through every backend."""
    for (on, root), cases in some:
        program = programs().at(on, root)
        assessments = [programs().assess(one.case, on, root=root) for one in cases]
        population = households(packs(), assessments)
        plan = plan_for(program, population, on=on)
        assert compared("arrays", cases, assessments, arrays.run(plan, population)) > 100 * len(cases)
        if len(cases) > 1 or THOROUGH:
            with duck.tables_of(population, program) as tables:
                compared("DuckDB", cases, assessments, tables.run(plan))
        for case, assessment in zip(cases, assessments, strict=True):
            by_reference(case, assessment)


def test_every_case_is_in_a_group() -> None:
    assert sum(map(len, groups().values())) == len(scenarios())
    assert len(groups()) >= 30
