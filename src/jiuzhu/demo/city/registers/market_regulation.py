"""市场监管：companies and sole traders."""

from dataclasses import dataclass

import numpy as np

from jiuzhu.demo.city import parameters as p
from jiuzhu.demo.city.arrays import Bytes8, Days, Ints, Texts, stream
from jiuzhu.demo.city.chunk import CityChunk
from jiuzhu.demo.city.identifiers import credit_codes
from jiuzhu.demo.city.livelihood import Work
from jiuzhu.demo.city.registers.holders import Flaw, Holders, days_before, mark, write

BUSINESS_KINDS = ("有限责任公司", "个体工商户")
BUSINESS_ROLES = ("法定代表人", "经营者")


@dataclass(frozen=True, slots=True)
class BusinessRegister:
    """Businesses by the person behind them; `kind` indexes `BUSINESS_KINDS` and `BUSINESS_ROLES`."""

    holder: Holders
    credit_code: Texts
    kind: Bytes8
    capital_fen: Ints
    established_on: Days


def businesses(chunk: CityChunk) -> BusinessRegister:
    """Businesses that run, and dormant ones that nobody struck off."""
    rng = stream(chunk.seed, chunk.index, "registers.businesses")
    people, livelihood = chunk.people, chunk.livelihood
    runs = livelihood.company | ((livelihood.work == Work.BUSINESS) & (rng.random(len(people)) < p.TRADER_REGISTERED))
    dormant = people.living & ~runs & (people.age >= 22) & (rng.random(len(people)) < p.DORMANT_BUSINESS)
    rows = np.flatnonzero(runs | dormant)
    company = livelihood.company[rows] | (dormant[rows] & (rng.random(len(rows)) < 0.5))
    undeclared = (livelihood.company & ~chunk.declared.company)[rows]
    area = np.strings.slice(chunk.households.division_code[people.household[rows]], 0, 6).astype(np.int64)
    capital = np.exp(rng.normal(np.log(300_000), 1.0, len(rows)))
    # Organisation codes have seven digits of number: a tenth of the numbers of a chunk is enough for its businesses.
    number = chunk.index * p.BUSINESS_NUMBERS + np.arange(len(rows))
    return BusinessRegister(
        holder=write(rng, people, rows, flags=mark(dormant[rows], Flaw.DORMANT) | mark(undeclared, Flaw.UNDECLARED)),
        credit_code=np.where(company, credit_codes("91", area, number), credit_codes("92", area, number)),
        kind=np.where(company, 0, 1).astype(np.uint8),
        capital_fen=np.where(company, np.rint(capital) * 100, 0).astype(np.int64),
        established_on=days_before(rng, chunk.as_of, 60, 365 * 15, len(rows)),
    )
