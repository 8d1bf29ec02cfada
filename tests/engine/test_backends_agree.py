"""Every backend says the same of every household, and what it says is right (X1 X2)."""

from collections.abc import Iterator
from fractions import Fraction

import pytest
from duckdb import DuckDBPyConnection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.engine.agreeing import Pair, Place, by_figures, by_plain_python, by_python, by_reference, population
from tests.engine.drawing import DAYS, MORE_FACTS, MORE_PARAMETERS, Home, Made, bare, completed, homes, with_formulas
from tests.engine.packs import write_packs

from jiuzhu.engine.backends import arrays, duck
from jiuzhu.engine.packs.loading import load
from jiuzhu.engine.population.planning import plan_for
from jiuzhu.engine.program import nodes
from jiuzhu.engine.program.bounds import figure
from jiuzhu.engine.program.compiling import Program
from jiuzhu.engine.program.nodes import Key, Op

# Some hundred formula sets, the same on every run; the thorough profile searches further, and elsewhere each time.
thorough = settings().max_examples > 250
searched = settings(
    deadline=None,
    derandomize=not thorough,
    max_examples=settings().max_examples if thorough else 250,
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def bases(tmp_path_factory: pytest.TempPathFactory) -> list[Made]:
    """Facts and parameters, on several days; the formulas are drawn."""
    root = write_packs(tmp_path_factory.mktemp("packs"), facts=MORE_FACTS, parameters=MORE_PARAMETERS)
    packs = load([root])
    return [bare(packs, on) for on in DAYS]


@pytest.fixture(scope="module")
def database() -> Iterator[DuckDBPyConnection]:
    """One database for all examples: it takes longer to start than an example."""
    with duck.connect() as con:
        yield con


def in_bulk(made: Made, some: list[Home], database: DuckDBPyConnection) -> list[dict[Place, Pair]]:
    """What arrays and DuckDB find for the households as a population."""
    people = population(made, some)
    plan = plan_for(made.program, people)
    found = arrays.run(plan, people, piece=3), duck.load(database, people, made.program).run(plan)
    return [by_figures(made, some, figures) for figures in found]


def in_force_everywhere(program: Program) -> bool:
    """Whether every variable has a formula in every division."""
    facts = {cell.key for cell in program.cells if cell.node is None}
    return all(program.readings[key].variable.source for key in facts if key in program.readings) and not any(
        one.op is Op.UNKNOWN for cell in program.cells if cell.node for one in nodes.within(cell.node)
    )


def resting_on_assumptions(program: Program) -> set[Key]:
    """Variables that need an assumption of the pack: more knowledge can take them anywhere."""
    found: set[Key] = set()
    for cell in program.cells:
        if cell.node and any(
            one.op is Op.ASSUME or (one.op is Op.CELL and figure(nodes.key_of(one)) in found)
            for one in nodes.within(cell.node)
        ):
            found.add(figure(cell.key))
    return found


def exactly(found: dict[Place, Fraction | None]) -> dict[Place, Pair]:
    return {place: (value, value) for place, value in found.items() if value is not None}


@searched
@given(data=st.data())
def test_what_is_known_is_the_same_everywhere(
    bases: list[Made], database: DuckDBPyConnection, data: st.DataObject
) -> None:
    made = data.draw(with_formulas(data.draw(st.sampled_from(bases))))
    some = data.draw(homes(made, unknown=0))
    right = exactly(by_reference(made, some))
    for found in (by_python(made, some), *in_bulk(made, some, database)):
        assert {place: found[place] for place in right} == right
    if in_force_everywhere(made.program):
        plain = by_plain_python(made, some)
        assert plain == {place: right[place] for place in plain}


@searched
@given(data=st.data())
def test_what_is_unknown_has_the_same_sound_bounds_everywhere(
    bases: list[Made], database: DuckDBPyConnection, data: st.DataObject
) -> None:
    made = data.draw(with_formulas(data.draw(st.sampled_from(bases))))
    some = data.draw(homes(made, unknown=25))
    bounds = by_python(made, some)
    assert in_bulk(made, some, database) == [bounds, bounds]
    right = exactly(by_reference(made, some))
    assert {place: bounds[place] for place in right} == right
    guesses = resting_on_assumptions(made.program)
    for _ in range(2):
        complete = by_reference(made, data.draw(completed(made, some)))
        for place, value in complete.items():
            if value is not None and place[1:3] not in guesses:
                assert bounds[place][0] <= value <= bounds[place][1], place
