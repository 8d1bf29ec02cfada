"""住房公积金：accounts."""

from dataclasses import dataclass

import numpy as np

from jiuzhu.demo.city import parameters as p
from jiuzhu.demo.city.arrays import Ints, stream
from jiuzhu.demo.city.chunk import CityChunk
from jiuzhu.demo.city.livelihood import Work
from jiuzhu.demo.city.registers.holders import Holders, write


@dataclass(frozen=True, slots=True)
class HousingFundRegister:
    """Open accounts: monthly base and balance."""

    holder: Holders
    base_fen_month: Ints
    balance_fen: Ints


def housing_fund(chunk: CityChunk) -> HousingFundRegister:
    """Accounts of public employees and of some other employees."""
    rng = stream(chunk.seed, chunk.index, "registers.housing_fund")
    work = chunk.livelihood.work
    chance = np.select([work == Work.PUBLIC_PAYROLL, work == Work.EMPLOYEE], p.HAS_HOUSING_FUND, 0.0)
    rows = np.flatnonzero(rng.random(len(work)) < chance)
    base = chunk.livelihood.wage_fen_month[rows]
    months = rng.integers(1, 120, len(rows)) * rng.uniform(0.2, 1.0, len(rows))
    return HousingFundRegister(
        holder=write(rng, chunk.people, rows),
        base_fen_month=base,
        balance_fen=np.rint(base * 0.16 * months).astype(np.int64),
    )
