"""All worked cases of all packs through every evaluator: the same figures from each, variable by variable (X2 X3)."""

import os
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Any, TypeAlias

import pytest
from tests.engine.test_runs import households
from tests.policies.test_shipped_packs import packs, programs, scenarios

from jiuzhu.engine.authoring.cases import Scenario
from jiuzhu.engine.backends import arrays, duck
from jiuzhu.engine.household.assessment import Assessment
from jiuzhu.engine.household.facts import At
from jiuzhu.engine.kinds import Base, Kind, encode_day
from jiuzhu.engine.packs.model import ROOT
from jiuzhu.engine.population.figures import Figures
from jiuzhu.engine.population.planning import plan_for
from jiuzhu.engine.program.compiling import Reading
from jiuzhu.engine.program.nodes import Key
from jiuzhu.engine.reference import Household, Plain, Reference, plain

# SQL for one case alone costs more than all others; `JIUZHU_THOROUGH=1` runs these too
THOROUGH = bool(os.environ.get("JIUZHU_THOROUGH"))
Group: TypeAlias = tuple[date, str]
Bounds: TypeAlias = tuple["int | Fraction", "int | Fraction"]
Known: TypeAlias = Mapping[At, Bounds]
fraction = lru_cache(maxsize=100_000)(Fraction)


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


def of_function(assessment: Assessment) -> dict[At, Bounds]:
    """What the generated function for one household says, which all others are compared with."""
    return {place: assessment.bounds(place) for place in places(assessment)}


def columns_of(reading: Reading, figures: Figures) -> tuple[list[int], ...]:
    """The bounds of a variable's number and, where it has one, of its divisor: a list for each."""
    keys = [reading.number, *([] if reading.divisor is None else [reading.divisor])]
    return tuple([int(value) for value in values.tolist()] for key in keys for values in figures.bounds(key))


def bounds_of(reading: Reading, columns: Sequence[list[int]], row: int) -> Bounds:
    """What was worked out for the population, in the unit of the variable."""
    least, most = columns[0][row], columns[1][row]
    if reading.variable.kind.base is not Base.NUMBER or (reading.scale == 1 and reading.divisor is None):
        return least, most
    small, large = (columns[2][row], columns[3][row]) if reading.divisor is not None else (1, 1)
    small, large = small * reading.scale, large * reading.scale
    return fraction(least, large if least >= 0 else small), fraction(most, small if most >= 0 else large)


def compared(
    name: str, cases: Sequence[Scenario], assessments: Sequence[Assessment], right: Sequence[Known], figures: Figures
) -> int:
    """Compare a backend with the generated function for one household; returns how many figures were compared."""
    starts: dict[str, int] = defaultdict(int)
    readings = assessments[0].program.readings
    columns: dict[Key, tuple[list[int], ...]] = {}
    number = 0
    for at, (case, assessment, bounds) in enumerate(zip(cases, assessments, right, strict=True)):
        assert assessment.program.readings is readings
        for place, expected in bounds.items():
            key = place.key
            if key not in columns:
                columns[key] = columns_of(readings[key], figures)
            row = at if place.entity == ROOT else starts[place.entity] + place.row
            found = bounds_of(readings[key], columns[key], row)
            assert found == expected, f"{case.place.file} {case.full_name}, {place}: {name} {found}, {expected}"
            number += 1
        for entity, count in assessment.held.counts.items():
            starts[entity] += count
    return number


def by_reference(case: Scenario, assessment: Assessment, right: Known) -> None:
    """Compare the reference, which knows or does not know, with the bounds."""
    reference = Reference(packs(), household(assessment), case.on)
    for place, (low, high) in right.items():
        value = numbered(assessment.program.readings[place.key].variable.kind, reference.value(*place.key, place.row))
        where = f"{case.place.file} {case.full_name}, {place}: reference {value}, {low} … {high}"
        # bounds can know what three values do not, never the other way round
        assert value is None or low == high == value, where


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


def numbered(kind: Kind, value: Plain) -> "int | Fraction | None":
    """A value of the reference as a number."""
    if value is None or isinstance(value, Fraction):
        return value
    if isinstance(value, str):
        return kind.options.index(value)
    if isinstance(value, date):
        return encode_day(value)
    return int(value)


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
        right = [of_function(one) for one in assessments]
        assert compared("arrays", cases, assessments, right, arrays.run(plan, population)) > 100 * len(cases)
        if len(cases) > 1 or THOROUGH:
            with duck.tables_of(population, program) as tables:
                compared("DuckDB", cases, assessments, right, tables.run(plan))
        for case, assessment, bounds in zip(cases, assessments, right, strict=True):
            by_reference(case, assessment, bounds)


def test_every_case_is_in_a_group() -> None:
    assert sum(map(len, groups().values())) == len(scenarios())
    assert len(groups()) >= 30
