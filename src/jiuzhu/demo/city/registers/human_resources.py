"""人社：pensions paid, employment registrations, contributions."""

from dataclasses import dataclass

import numpy as np

from jiuzhu.demo.city import parameters as p
from jiuzhu.demo.city.arrays import Bytes8, Days, Ints, stream
from jiuzhu.demo.city.chunk import CityChunk
from jiuzhu.demo.city.livelihood import PensionKind, Work
from jiuzhu.demo.city.registers.holders import Flaw, Holders, days_before, mark, write


@dataclass(frozen=True, slots=True)
class PensionRegister:
    """Pensions paid this month; `kind` as `PensionKind`."""

    holder: Holders
    kind: Bytes8
    fen_month: Ints


@dataclass(frozen=True, slots=True)
class EmploymentRegister:
    """Registered employed (1), unemployed (2) or flexible (3)."""

    holder: Holders
    kind: Bytes8
    since: Days


@dataclass(frozen=True, slots=True)
class ContributionRegister:
    """Contributions as an employee: base and months paid in the last twelve."""

    holder: Holders
    base_fen_month: Ints
    months: Bytes8


def pensions(chunk: CityChunk) -> PensionRegister:
    """Pensions of the living, and of some dead whose death has not come through."""
    rng = stream(chunk.seed, chunk.index, "registers.pensions")
    people, livelihood = chunk.people, chunk.livelihood
    recent = (chunk.as_of - people.died) < np.timedelta64(p.PAID_AFTER_DEATH_DAYS, "D")
    after_death = ~people.living & recent & (people.age >= 60) & (rng.random(len(people)) < p.PAID_AFTER_DEATH)
    rows = np.flatnonzero((livelihood.pension_fen_month > 0) | after_death)
    fen_month = livelihood.pension_fen_month[rows]
    residents = np.rint(np.exp(rng.normal(np.log(p.PENSION_YUAN[PensionKind.RESIDENTS] * 100), 0.2, len(rows)))).astype(
        np.int64
    )
    undeclared = (chunk.declared.pension_fen_month < livelihood.pension_fen_month)[rows]
    return PensionRegister(
        holder=write(
            rng, people, rows, flags=mark(after_death[rows], Flaw.PAID_AFTER_DEATH) | mark(undeclared, Flaw.UNDECLARED)
        ),
        kind=np.where(after_death[rows], int(PensionKind.RESIDENTS), livelihood.pension_kind[rows]).astype(np.uint8),
        fen_month=np.where(after_death[rows], residents, fen_month),
    )


def employment(chunk: CityChunk) -> EmploymentRegister:
    """Who has registered; many flexible workers never did."""
    rng = stream(chunk.seed, chunk.index, "registers.employment")
    work = chunk.livelihood.work
    kind = np.select(
        [np.isin(work, [Work.EMPLOYEE, Work.PUBLIC_PAYROLL]), work == Work.UNEMPLOYED, work == Work.FLEXIBLE],
        [1, 2, 3],
        0,
    )
    chance = np.array(p.EMPLOYMENT_REGISTERED)[kind]
    rows = np.flatnonzero(rng.random(len(work)) < chance)
    return EmploymentRegister(
        holder=write(rng, chunk.people, rows),
        kind=kind[rows].astype(np.uint8),
        since=days_before(rng, chunk.as_of, 10, 365 * 12, len(rows)),
    )


def contributions(chunk: CityChunk) -> ContributionRegister:
    """Contributions of employees, and of some whom another firm carries on its books without paying them."""
    rng = stream(chunk.seed, chunk.index, "registers.contributions")
    work, wage = chunk.livelihood.work, chunk.livelihood.wage_fen_month
    formal = np.isin(work, [Work.EMPLOYEE, Work.PUBLIC_PAYROLL]) & (rng.random(len(work)) < p.CONTRIBUTES)
    idle = np.isin(work, [Work.UNEMPLOYED, Work.HOMEMAKER, Work.FLEXIBLE]) & (chunk.people.age < 60)
    carried = idle & (rng.random(len(work)) < p.PAID_BY_OTHERS)
    rows = np.flatnonzero(formal | carried)
    base = np.clip(np.where(formal, wage, 0), p.CONTRIBUTION_BASE_FEN[0], p.CONTRIBUTION_BASE_FEN[1])[rows]
    undeclared = formal & (chunk.declared.income_fen_month < chunk.livelihood.income_fen_month)
    flags = mark(carried[rows], Flaw.PAID_BY_OTHERS) | mark(undeclared[rows], Flaw.UNDECLARED)
    return ContributionRegister(
        holder=write(rng, chunk.people, rows, flags=flags),
        base_fen_month=base,
        months=(12 - rng.integers(0, 12, len(rows)) * (rng.random(len(rows)) < 0.15)).astype(np.uint8),
    )
