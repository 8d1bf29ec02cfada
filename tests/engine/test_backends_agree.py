"""Every backend says the same of every household, and what it says is right (X1 X2)."""

from collections.abc import Callable, Iterator
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
from jiuzhu.engine.program.compiling import Cell, Program
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


def resting_on(program: Program, matters: Callable[[Cell], bool]) -> set[Key]:
    """Variables for which something matters, and those that need them."""
    found: set[Key] = set()
    for cell in program.cells:
        if cell.node and (matters(cell) or any(figure(key) in found for key in nodes.keys_of(cell.node))):
            found.add(figure(cell.key))
    return found


def assumes(cell: Cell) -> bool:
    """It needs an assumption of the pack: more knowledge can take it anywhere."""
    return cell.node is not None and any(one.op is Op.ASSUME for one in nodes.within(cell.node))


def without_loose_fractions(program: Program, found: dict[Place, Pair]) -> dict[Place, Pair]:
    """Without what rests on an exact number whose divisor CASE chooses among several: its bounds may be wider."""
    divisors = {one.divisor for one in program.readings.values() if one.divisor and not one.is_joint}
    loose = resting_on(program, lambda cell: cell.key in divisors and cell.node is not None and cell.node.op is Op.CASE)
    return {place: value for place, value in found.items() if place[1:3] not in loose}


def exactly(found: dict[Place, Fraction | None]) -> dict[Place, Pair]:
    return {place: (value, value) for place, value in found.items() if value is not None}


@searched
@given(data=st.data())
def test_what_is_known_is_the_same_everywhere(
    bases: list[Made], database: DuckDBPyConnection, data: st.DataObject
) -> None:
    made = data.draw(with_formulas(data.draw(st.sampled_from(bases))))
    some = data.draw(homes(made, unknown=0))
    right = without_loose_fractions(made.program, exactly(by_reference(made, some)))
    for found in (by_python(made, some), *in_bulk(made, some, database)):
        assert {place: found[place] for place in right} == right
    if in_force_everywhere(made.program):
        right, plain = exactly(by_reference(made, some)), by_plain_python(made, some)
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
    known = exactly(by_reference(made, some))
    assert all(bounds[place][0] <= value <= bounds[place][1] for place, (value, _) in known.items())
    right = without_loose_fractions(made.program, known)
    assert {place: bounds[place] for place in right} == right
    guesses = resting_on(made.program, assumes)
    for _ in range(2):
        complete = by_reference(made, data.draw(completed(made, some)))
        for place, value in complete.items():
            if value is not None and place[1:3] not in guesses:
                assert bounds[place][0] <= value <= bounds[place][1], place
