"""税务：income tax records."""

from dataclasses import dataclass

import numpy as np

from jiuzhu.demo.city import parameters as p
from jiuzhu.demo.city.arrays import Ints, stream
from jiuzhu.demo.city.chunk import CityChunk
from jiuzhu.demo.city.livelihood import Work
from jiuzhu.demo.city.registers.holders import Flaw, Holders, mark, write


@dataclass(frozen=True, slots=True)
class IncomeTaxRegister:
    """Wage income reported by payers over the last twelve months, and the tax withheld."""

    holder: Holders
    income_fen_year: Ints
    tax_fen_year: Ints


def income_tax(chunk: CityChunk) -> IncomeTaxRegister:
    """What employers reported: most wages of employees, few of casual work."""
    rng = stream(chunk.seed, chunk.index, "registers.income_tax")
    work, wage = chunk.livelihood.work, chunk.livelihood.wage_fen_month
    formal = np.isin(work, [Work.EMPLOYEE, Work.PUBLIC_PAYROLL])
    rows = np.flatnonzero((wage > 0) & (rng.random(len(work)) < np.where(formal, *p.WAGE_REPORTED)))
    income = np.rint(wage[rows] * rng.uniform(11.4, 12.2, len(rows))).astype(np.int64)
    undeclared = chunk.declared.income_fen_month < chunk.livelihood.income_fen_month
    return IncomeTaxRegister(
        holder=write(rng, chunk.people, rows, flags=mark(undeclared[rows], Flaw.UNDECLARED)),
        income_fen_year=income,
        # 3 % above the yearly allowance of 60,000 yuan (个人所得税法 Art. 6), further steps left out.
        tax_fen_year=np.maximum(income - p.TAX_ALLOWANCE_FEN_YEAR, 0) * 3 // 100,
    )
