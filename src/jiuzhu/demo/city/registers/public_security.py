"""公安：population, vehicles, custody."""

from dataclasses import dataclass

import numpy as np

from jiuzhu.demo.city import parameters as p
from jiuzhu.demo.city.arrays import NOT_A_DAY, Bools, Bytes8, Days, Ints, Texts, pick, stream
from jiuzhu.demo.city.chunk import CityChunk
from jiuzhu.demo.city.identifiers import text
from jiuzhu.demo.city.registers.holders import Flaw, Holders, days_before, mark, write

VEHICLE_KINDS = ("小型轿车", "小型普通客车", "微型货车", "轻型货车", "普通二轮摩托车", "残疾人机动轮椅车")
VEHICLE_STATES = ("正常", "逾期未检验", "查封")
_PLATE_SIGNS = np.array([ord(sign) for sign in "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"], dtype=np.int64)


@dataclass(frozen=True, slots=True)
class PopulationRegister:
    """Everybody with a registration, `cancelled_on` when the police know of the death (else NaT)."""

    holder: Holders
    household_number: Ints
    division_code: Texts
    relation: Bytes8
    urban: Bools
    cancelled_on: Days


@dataclass(frozen=True, slots=True)
class VehicleRegister:
    """Vehicles by registered owner; `kind` and `state` index `VEHICLE_KINDS` and `VEHICLE_STATES`."""

    holder: Holders
    plate: Texts
    kind: Bytes8
    state: Bytes8
    registered_on: Days


@dataclass(frozen=True, slots=True)
class CustodyRegister:
    """People in prison (1) or compulsory treatment (2)."""

    holder: Holders
    kind: Bytes8
    since: Days


def population(chunk: CityChunk) -> PopulationRegister:
    """The population register; some deaths are not cancelled."""
    rng = stream(chunk.seed, chunk.index, "registers.population")
    people = chunk.people
    rows = np.arange(len(people))
    dead = ~people.living
    missed = dead & (rng.random(len(people)) < p.DEATH_NOT_CANCELLED)
    reported = np.minimum(people.died + rng.integers(0, 60, len(people)).astype("timedelta64[D]"), chunk.as_of)
    return PopulationRegister(
        holder=write(rng, people, rows, flags=mark(missed, Flaw.DEATH_NOT_CANCELLED), name_variant=0.0),
        household_number=chunk.households.number[people.household],
        division_code=chunk.households.division_code[people.household],
        relation=people.relation,
        urban=people.urban_hukou,
        cancelled_on=np.where(dead & ~missed, reported, NOT_A_DAY),
    )


def vehicles(chunk: CityChunk) -> VehicleRegister:
    """The vehicle register: what people own, and what they have sold but still stands in their name."""
    rng = stream(chunk.seed, chunk.index, "registers.vehicles")
    people, owned = chunk.people, chunk.livelihood.vehicles.astype(np.int64)
    adult = people.living & (people.age >= 22) & (people.age < 75)
    sold = adult & (rng.random(len(people)) < p.SOLD_NOT_TRANSFERRED)
    owners = np.repeat(np.arange(len(people)), owned)
    person = np.concatenate([owners, np.flatnonzero(sold)])
    undeclared = np.concatenate([(chunk.declared.vehicles < owned)[owners], np.zeros(int(sold.sum()), dtype=np.bool_)])
    still = np.arange(len(person)) >= len(owners)
    flags = mark(undeclared, Flaw.UNDECLARED) | mark(still, Flaw.SOLD_NOT_TRANSFERRED)
    kind = pick(rng, p.VEHICLE_KINDS, len(person))
    wheelchair = (chunk.hardship.disability[person] == 4) & (rng.random(len(person)) < 0.4)
    number = chunk.index * p.CHUNK_NUMBERS + np.arange(len(person))
    signs = _PLATE_SIGNS[number[:, None] // 34 ** np.arange(4, -1, -1) % 34]
    return VehicleRegister(
        holder=write(rng, people, person, flags=flags),
        plate=np.strings.add(p.PLATE_PREFIX, text(signs)),
        kind=np.where(wheelchair, VEHICLE_KINDS.index("残疾人机动轮椅车"), kind).astype(np.uint8),
        state=pick(rng, (0.93, 0.06, 0.01), len(person)).astype(np.uint8),
        registered_on=days_before(rng, chunk.as_of, 30, 365 * 13, len(person)),
    )


def custody(chunk: CityChunk) -> CustodyRegister:
    """The custody register is complete."""
    rng = stream(chunk.seed, chunk.index, "registers.custody")
    rows = np.flatnonzero(~np.isnat(chunk.events.custody_from))
    return CustodyRegister(
        holder=write(rng, chunk.people, rows, name_variant=0.0),
        kind=chunk.events.custody_kind[rows].astype(np.uint8),
        since=chunk.events.custody_from[rows],
    )
