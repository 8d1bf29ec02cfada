"""农业农村、农机：machines and contracted land."""

from dataclasses import dataclass

import numpy as np

from jiuzhu.demo.city import parameters as p
from jiuzhu.demo.city.arrays import Bytes8, Days, Ints, pick, stream
from jiuzhu.demo.city.chunk import CityChunk
from jiuzhu.demo.city.registers.holders import Flaw, Holders, days_before, mark, write

MACHINE_KINDS = ("轮式拖拉机", "手扶拖拉机", "联合收割机", "农用三轮车")


@dataclass(frozen=True, slots=True)
class MachineRegister:
    """Farm machines; `kind` indexes `MACHINE_KINDS`; `subsidy_fen` was paid towards the price."""

    holder: Holders
    kind: Bytes8
    subsidy_fen: Ints
    registered_on: Days


@dataclass(frozen=True, slots=True)
class LandRegister:
    """Contracted land of a household, in tenths of a mu, in the name of its head."""

    holder: Holders
    household_number: Ints
    mu_tenths: Ints


def machines(chunk: CityChunk) -> MachineRegister:
    """Machines people own, and a few sold to a neighbour without a word to the office."""
    rng = stream(chunk.seed, chunk.index, "registers.machines")
    people, owned = chunk.people, chunk.livelihood.machines.astype(np.int64)
    rural = ~chunk.households.urban[people.household]
    sold = (owned == 0) & people.living & rural & (people.age >= 30) & (rng.random(len(people)) < p.MACHINE_SOLD)
    rows = np.flatnonzero((owned > 0) | sold)
    subsidy = np.rint(np.exp(rng.normal(np.log(6_000), 0.8, len(rows)))).astype(np.int64) * 100
    return MachineRegister(
        holder=write(rng, people, rows, flags=mark(sold[rows], Flaw.SOLD_NOT_TRANSFERRED)),
        kind=pick(rng, (0.3, 0.25, 0.08, 0.37), len(rows)).astype(np.uint8),
        subsidy_fen=np.where(rng.random(len(rows)) < 0.5, subsidy, 0),
        registered_on=days_before(rng, chunk.as_of, 60, 365 * 14, len(rows)),
    )


def land(chunk: CityChunk) -> LandRegister:
    """Contracted land."""
    rng = stream(chunk.seed, chunk.index, "registers.land")
    with_land = np.flatnonzero(chunk.dwellings.land_mu_tenths > 0)
    return LandRegister(
        holder=write(rng, chunk.people, chunk.households.head[with_land], name_variant=p.DEED_NAME_VARIANT),
        household_number=chunk.households.number[with_land],
        mu_tenths=chunk.dwellings.land_mu_tenths[with_land],
    )
