"""Invented households for trials of packs: every fact drawn from its range, some unknown. Nobody's data, and no city's.

Figures that come of them say whether packs run and how fast, never what a policy would cost.
"""

from collections.abc import Iterator, Sequence
from datetime import date

import numpy as np

from jiuzhu.engine.kinds import Base, Kind, Unit, encode_day
from jiuzhu.engine.packs.model import ROOT, PackSet, Variable
from jiuzhu.engine.packs.programmes import Receiver
from jiuzhu.engine.population.digests import PIECE
from jiuzhu.engine.population.gathering import births, gather
from jiuzhu.engine.population.model import Population, Values
from jiuzhu.engine.program.nodes import Key

_YES, _UNKNOWN = 0.08, 0.1
_MEMBERS = ((1, 2, 3, 4, 5, 6), (0.28, 0.27, 0.2, 0.15, 0.07, 0.03))
# the largest numbers that are drawn, as they are held: wages, not fortunes
_LARGE = {Unit.YUAN: 20_000_000, Unit.YUAN_MONTH: 400_000, Unit.YUAN_YEAR: 5_000_000, Unit.SQUARE_METRES: 20_000}
_MANY = 6


def invented(
    packs: PackSet, *, households: int, divisions: Sequence[int], on: date, seed: int = 1, unknown: float = _UNKNOWN
) -> Iterator[Population]:
    """So many households in some divisions, in pieces; the same seed gives the same households.

    `unknown` is the share of facts that nobody has answered.
    """
    births_asked = births(packs)
    for first in range(0, households, PIECE):
        random = np.random.default_rng([seed, first])
        size = min(PIECE, households - first)
        numbers = np.arange(first, first + size, dtype=np.int64) + 1
        owners = {}
        for entity in packs.entities:
            if entity != ROOT:
                counts = _counts(random, entity, size)
                owners[entity] = np.repeat(numbers, counts)
        facts: dict[Key, Values] = {}
        for key, one in packs.variables.items():
            if one.source is not None:
                rows = size if key[0] == ROOT else len(owners[key[0]])
                facts[key] = _drawn(random, one, rows, on if key in births_asked else None, unknown)
        yield gather(
            packs,
            taken_on=on,
            households=numbers,
            divisions=random.choice(np.array(divisions, dtype=np.int64), size=size),
            owners=owners,
            facts=facts,
        )


def _counts(random: np.random.Generator, entity: str, households: int) -> Values:
    if entity == Receiver.PERSON:
        return random.choice(_MEMBERS[0], p=_MEMBERS[1], size=households)
    return random.integers(0, 2, households)


def _drawn(random: np.random.Generator, one: Variable, rows: int, born_until: date | None, unknown: float) -> Values:
    kind = one.kind
    values: Values
    match kind.base:
        case Base.TRUTH:
            values = random.random(rows) < _YES
        case Base.DAY:
            values = _days(random, kind, rows, born_until)
        case Base.NUMBER:
            values = _numbers(random, kind, rows)
        case _:
            values = random.integers(0, kind.highest + 1, rows)
    if one.required or not unknown:
        return values
    mask = random.random(rows) < unknown
    return np.ma.MaskedArray(values, mask=mask) if mask.any() else values


def _days(random: np.random.Generator, kind: Kind, rows: int, born_until: date | None) -> Values:
    last = encode_day(born_until) // 10000 if born_until else 2026
    years = random.integers(last - 90, last, rows)
    days = years * 10000 + random.integers(1, 13, rows) * 100 + random.integers(1, 29, rows)
    return np.asarray(np.clip(days, kind.lowest, kind.highest))


def _numbers(random: np.random.Generator, kind: Kind, rows: int) -> Values:
    """Half of them nothing, the rest small."""
    most = _LARGE.get(kind.unit, _MANY * 10**kind.places)
    values = random.integers(0, most + 1, rows) * (random.random(rows) < 0.5)
    return np.asarray(np.clip(values, kind.lowest, kind.highest))
