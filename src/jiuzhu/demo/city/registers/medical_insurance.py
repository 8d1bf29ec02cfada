"""医保：enrolment and what people paid themselves."""

from dataclasses import dataclass

import numpy as np

from jiuzhu.demo.city import parameters as p
from jiuzhu.demo.city.arrays import Bools, Bytes8, Ints, stream
from jiuzhu.demo.city.chunk import CityChunk
from jiuzhu.demo.city.livelihood import PensionKind, Work
from jiuzhu.demo.city.registers.holders import Holders, write


@dataclass(frozen=True, slots=True)
class EnrolmentRegister:
    """Enrolled as employee (1) or resident (2); `paid_by_aid`: the premium was paid or part-paid by medical aid."""

    holder: Holders
    kind: Bytes8
    paid_by_aid: Bools


@dataclass(frozen=True, slots=True)
class SettlementRegister:
    """Settled in the last twelve months: total cost, and the part within policy that the insured paid."""

    holder: Holders
    total_fen_year: Ints
    self_paid_fen_year: Ints


def enrolment(chunk: CityChunk) -> EnrolmentRegister:
    """Nearly everybody; the dead are struck off."""
    rng = stream(chunk.seed, chunk.index, "registers.enrolment")
    people, livelihood = chunk.people, chunk.livelihood
    rows = np.flatnonzero(people.living & (rng.random(len(people)) < p.INSURED))
    formal = np.isin(livelihood.work, [Work.EMPLOYEE, Work.PUBLIC_PAYROLL])
    formal |= np.isin(livelihood.pension_kind, [PensionKind.EMPLOYEES, PensionKind.PUBLIC_BODIES])
    return EnrolmentRegister(
        holder=write(rng, people, rows),
        kind=np.where(formal[rows], 1, 2).astype(np.uint8),
        paid_by_aid=(chunk.groups.tags[rows] & 3) > 0,
    )


def settlements(chunk: CityChunk) -> SettlementRegister:
    """The settled part of the medical bill; the rest was paid at pharmacies and outside the catalogue."""
    rng = stream(chunk.seed, chunk.index, "registers.settlements")
    bill = chunk.hardship.self_paid_fen_year
    rows = np.flatnonzero((bill > 10_000) & (rng.random(len(bill)) < p.SETTLED))
    own = np.rint(bill[rows] * rng.uniform(0.75, 1.0, len(rows))).astype(np.int64)
    return SettlementRegister(
        holder=write(rng, chunk.people, rows),
        total_fen_year=np.rint(own / rng.uniform(0.25, 0.6, len(rows))).astype(np.int64),
        self_paid_fen_year=own,
    )
