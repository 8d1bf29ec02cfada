"""One household after the other through every backend; what each says of a variable, in plain fractions."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any, TypeAlias

import numpy as np
from tests.engine.drawing import Home, Made
from tests.engine.generating import Key

from jiuzhu.engine.backends.python import generate
from jiuzhu.engine.kinds import Base
from jiuzhu.engine.packs.model import ROOT, PackSet
from jiuzhu.engine.population.figures import Figures
from jiuzhu.engine.population.gathering import gather
from jiuzhu.engine.population.model import Population
from jiuzhu.engine.program.bounds import bounded, high, low
from jiuzhu.engine.program.compiling import Reading
from jiuzhu.engine.reference import Household, Plain, Reference, plain

# household, entity, name, row of the household's members
Place: TypeAlias = tuple[int, str, str, int]
Pair: TypeAlias = tuple[Fraction, Fraction]


def by_reference(made: Made, homes: list[Home]) -> dict[Place, Fraction | None]:
    """What the reference says; None where it does not know."""
    found: dict[Place, Fraction | None] = {}
    for at, home in enumerate(homes):
        reference = Reference(made.packs, _household(made.packs, home), made.on)
        for place, key in _places(made.packs, at, home):
            found[place] = _number(made.packs, key, reference.value(*key, place[3]))
    return found


def by_python(made: Made, homes: list[Home]) -> dict[Place, Pair]:
    """What the generated function for one household says of bounds."""
    run = generate(bounded(made.program))
    found: dict[Place, Pair] = {}
    for at, home in enumerate(homes):
        cells = run(*_inputs(made, home))
        for place, key in _places(made.packs, at, home):
            found[place] = _bounds(made.program.readings[key], cells, place[3] if key[0] != ROOT else None)
    return found


def by_plain_python(made: Made, homes: list[Home]) -> dict[Place, Pair]:
    """The same without bounds, where nothing at all is unknown."""
    run = generate(made.program)
    found: dict[Place, Pair] = {}
    for at, home in enumerate(homes):
        inputs = _inputs(made, home)
        if None in inputs[3].values():
            continue
        cells = run(*inputs)
        for place, key in _places(made.packs, at, home):
            found[place] = _bounds(made.program.readings[key], cells, place[3] if key[0] != ROOT else None)
    return found


def population(made: Made, homes: list[Home]) -> Population:
    """Households as a population; the members' rows come last first, so that they must be put in order."""
    facts = [one for one in made.packs.variables.values() if one.source is not None]
    rows = {
        entity: [(at + 1, row) for at, home in reversed(list(enumerate(homes))) for row in home.members.get(entity, [])]
        for entity in made.packs.entities
        if entity != ROOT
    }
    own = {entity: [row for _, row in found] for entity, found in rows.items()} | {ROOT: [home.facts for home in homes]}
    return gather(
        made.packs,
        taken_on=made.on,
        households=np.arange(len(homes)) + 1,
        divisions=[int(home.division) for home in homes],
        owners={entity: [owner for owner, _ in found] for entity, found in rows.items()},
        facts={
            one.key: [
                None if (value := row[one.name]) is None else (bool(value) if one.kind.base is Base.TRUTH else value)
                for row in own[one.entity]
            ]
            for one in facts
        },
    )


def by_figures(made: Made, homes: list[Home], figures: Figures) -> dict[Place, Pair]:
    """What was worked out for the population."""
    starts = dict.fromkeys(made.packs.entities, 0)
    found: dict[Place, Pair] = {}
    for at, home in enumerate(homes):
        for place, key in _places(made.packs, at, home):
            row = at if key[0] == ROOT else starts[key[0]] + place[3]
            found[place] = _bounds(made.program.readings[key], figures.cells, row)
        for entity, rows in home.members.items():
            starts[entity] += len(rows)
    return found


def _places(packs: PackSet, at: int, home: Home) -> list[tuple[Place, Key]]:
    return [
        ((at, *key, row), key)
        for key, one in packs.variables.items()
        if one.source is None
        for row in range(1 if key[0] == ROOT else len(home.members[key[0]]))
    ]


def _inputs(made: Made, home: Home) -> tuple[Any, Any, Any, dict[str, int | None]]:
    missing = [cell.key for cell in made.program.cells if cell.node is None and made.program.readings.get(cell.key)]
    derived = [key for key in missing if made.program.readings[key].variable.source is None]
    facts = {"division": int(home.division), **home.facts, **{name: None for entity, name in derived if entity == ROOT}}
    members = {}
    for entity, rows in home.members.items():
        names = [name for one, name in made.program.readings if one == entity]
        members[entity] = {name: [row.get(name) for row in rows] for name in names}
    parameters = {
        name: None if (entry := one.entry(home.division, made.on)) is None else entry.value
        for name, one in made.program.parameters.items()
    }
    return facts, members, {entity: len(rows) for entity, rows in home.members.items()}, parameters


def _bounds(reading: Reading, cells: Mapping[Key, Any], row: int | None) -> Pair:
    def both(key: Key) -> tuple[int, int]:
        keys = (low(key), high(key)) if low(key) in cells else (key, key)
        lowest, highest = (cells[one] if row is None else cells[one][row] for one in keys)
        return int(lowest), int(highest)

    least, most = both(reading.number)
    assert least <= most, reading
    if reading.variable.kind.base is not Base.NUMBER:
        return Fraction(least), Fraction(most)
    small, large = both(reading.divisor) if reading.divisor else (1, 1)
    assert 0 < small <= large, reading
    ends = [Fraction(number, divisor * reading.scale) for number in (least, most) for divisor in (small, large)]
    return min(ends), max(ends)


def _household(packs: PackSet, home: Home) -> Household:
    def facts(entity: str, row: Mapping[str, int | None]) -> dict[str, Plain]:
        return {
            name: None if value is None else plain(packs.variables[entity, name].kind, value)
            for name, value in row.items()
        }

    return Household(
        home.division,
        facts(ROOT, home.facts),
        {entity: [facts(entity, row) for row in rows] for entity, rows in home.members.items()},
    )


def _number(packs: PackSet, key: Key, value: Plain) -> Fraction | None:
    kind = packs.variables[key].kind
    if value is None or isinstance(value, Fraction):
        return value
    if isinstance(value, str):
        return Fraction(kind.options.index(value))
    if isinstance(value, date):
        return Fraction(value.year * 10000 + value.month * 100 + value.day)
    return Fraction(int(value))
