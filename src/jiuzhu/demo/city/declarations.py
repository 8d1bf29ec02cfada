"""What people would write on the form: mostly the truth, sometimes less.

The departments' registers err in their own ways (`registers/`); between the two lies what verification has to find.
"""

from dataclasses import dataclass

import numpy as np

from jiuzhu.demo.city import parameters as p
from jiuzhu.demo.city.arrays import Bools, Bytes8, Ints
from jiuzhu.demo.city.livelihood import Livelihood


@dataclass(frozen=True, slots=True)
class Declared:
    """Per person, in fen. `understated` is the truth marker: some figure here is less than the true one."""

    income_fen_month: Ints
    pension_fen_month: Ints
    savings_fen: Ints
    vehicles: Bytes8
    homes: Bytes8
    company: Bools
    understated: Bools


def declare(rng: np.random.Generator, *, households: int, household: Ints, livelihood: Livelihood) -> Declared:
    """Declare the economy of each household; a household that conceals something does so for all its members."""
    size = len(household)
    conceals_income, conceals_savings, conceals_vehicle, conceals_home, conceals_company = (
        (rng.random(households) < share)[household]
        for share in (
            p.UNDECLARED_INCOME,
            p.UNDECLARED_SAVINGS,
            p.UNDECLARED_VEHICLE,
            p.UNDECLARED_HOME,
            p.UNDECLARED_COMPANY,
        )
    )
    part = rng.uniform(0.2, 0.8, size)
    other = livelihood.income_fen_month - livelihood.pension_fen_month
    told = np.where(conceals_income, np.rint(other * part).astype(np.int64), other)
    pension = np.where(
        rng.random(size) < p.PENSION_MISTAKEN,
        livelihood.pension_fen_month // 1000 * 1000,
        livelihood.pension_fen_month,
    )
    savings = np.where(
        conceals_savings, np.rint(livelihood.savings_fen * part * part).astype(np.int64), livelihood.savings_fen
    )
    vehicles = np.where(conceals_vehicle, 0, livelihood.vehicles).astype(np.uint8)
    homes = np.where(conceals_home, np.minimum(livelihood.homes, 1), livelihood.homes).astype(np.uint8)
    company = livelihood.company & ~conceals_company
    return Declared(
        income_fen_month=told + pension,
        pension_fen_month=pension,
        savings_fen=savings,
        vehicles=vehicles,
        homes=homes,
        company=company,
        understated=(told + pension < livelihood.income_fen_month)
        | (savings < livelihood.savings_fen)
        | (vehicles < livelihood.vehicles)
        | (homes < livelihood.homes)
        | (company != livelihood.company),
    )
