"""What people live on: work, income by class, pension, savings, vehicles, homes, land and machines.

One latent "fortune" is shared by a household, so that its incomes, savings, cars and homes go together.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from jiuzhu.demo.city import parameters as p
from jiuzhu.demo.city.arrays import Bools, Bytes8, Floats, Ints, by_age, fen, pick_by_row
from jiuzhu.demo.city.hardship import Hardship, Stage


class Work(IntEnum):
    """What a person does."""

    NONE = 0
    CHILD = 1
    STUDENT = 2
    EMPLOYEE = 3
    PUBLIC_PAYROLL = 4
    BUSINESS = 5
    FLEXIBLE = 6
    FARMER = 7
    UNEMPLOYED = 8
    HOMEMAKER = 9
    RETIRED = 10
    UNABLE = 11


class PensionKind(IntEnum):
    """Kinds of old-age pension."""

    NONE = 0
    EMPLOYEES = 1
    PUBLIC_BODIES = 2
    RESIDENTS = 3


class Tenure(IntEnum):
    """How a household holds its dwelling."""

    OWN = 1
    PRIVATE_RENT = 2
    PUBLIC_RENT = 3
    WITH_RELATIVES = 4
    EMPLOYER = 5


@dataclass(frozen=True, slots=True)
class Dwellings:
    """Per household. `unsafe_grade` is 0 (safe, A or B), 3 (C) or 4 (D)."""

    homes: Bytes8
    area_m2: Ints
    tenure: Bytes8
    unsafe_grade: Bytes8
    land_mu_tenths: Ints


@dataclass(frozen=True, slots=True)
class Livelihood:
    """Per person; amounts in fen. Pension is not part of `transfer_fen_month`."""

    work: Bytes8
    wage_fen_month: Ints
    business_fen_month: Ints
    property_fen_month: Ints
    transfer_fen_month: Ints
    pension_kind: Bytes8
    pension_fen_month: Ints
    savings_fen: Ints
    vehicles: Bytes8
    homes: Bytes8
    machines: Bytes8
    company: Bools

    @property
    def income_fen_month(self) -> Ints:
        return (
            self.wage_fen_month
            + self.business_fen_month
            + self.property_fen_month
            + self.transfer_fen_month
            + self.pension_fen_month
        )


def earn(
    rng: np.random.Generator,
    *,
    households: int,
    household: Ints,
    age: Ints,
    sex: Bytes8,
    living: Bools,
    in_custody: Bools,
    urban: Bools,
    owner: Ints,
    hardship: Hardship,
) -> tuple[Dwellings, Livelihood]:
    """Draw the economy of each household. `urban` and `owner` (row of the person in whose name things stand) are by
    household.
    """
    size = len(household)
    person_urban = urban[household]
    burden = np.bincount(household, weights=hardship.labour_lost | hardship.serious, minlength=households)
    fortune_house: Floats = rng.normal(0.0, 1.0, households) - p.BURDEN_FORTUNE * np.minimum(burden, 2)
    fortune = fortune_house[household]
    career = _career(rng, person_urban, age, fortune)
    work = _work(rng, age, sex, living, in_custody, career, hardship)
    pension_kind, pension = _pension(rng, age, sex, living, career, work)
    wage = np.isin(work, [Work.EMPLOYEE, Work.PUBLIC_PAYROLL, Work.FLEXIBLE])
    level = np.array(p.WORK_YUAN)[work] * np.where(person_urban, p.URBAN_WAGE, 1.0)
    earned = level * np.exp(rng.normal(0.0, p.INCOME_SPREAD, size) + p.FORTUNE_INCOME * fortune)
    earned = np.minimum(np.where(age >= 60, earned * 0.7, earned), p.INCOME_MOST_YUAN)
    business = np.isin(work, [Work.BUSINESS, Work.FARMER])
    savings = np.exp(rng.normal(np.log(by_age(p.SAVINGS_YUAN, age)), p.SAVINGS_SPREAD) + p.FORTUNE_SAVINGS * fortune)
    savings = np.minimum(savings, p.SAVINGS_MOST_YUAN) * (living & (age >= 18))
    lets = living & (age >= 30) & (rng.random(size) < p.LETS_PROPERTY)
    supported = living & (age >= 65) & (rng.random(size) < p.SUPPORTED_BY_CHILDREN)
    transfer = np.where(supported, np.exp(rng.normal(np.log(p.SUPPORT_YUAN), 0.6, size)), 0.0)
    members = np.asarray(np.bincount(household, weights=living, minlength=households), dtype=np.float64)
    dwellings = _dwellings(rng, urban, members, fortune_house)
    vehicles, homes, machines = _things(rng, age, urban, owner, fortune_house, dwellings, living)
    company = (work == Work.BUSINESS) & (rng.random(size) < p.COMPANY_SHARE)
    return dwellings, Livelihood(
        work=work,
        wage_fen_month=fen(np.where(wage, earned, 0.0)),
        business_fen_month=fen(np.where(business, earned, 0.0)),
        property_fen_month=fen(
            savings * p.INTEREST_YEAR / 12 + lets * np.exp(rng.normal(np.log(p.RENT_YUAN), 0.5, size))
        ),
        transfer_fen_month=fen(transfer),
        pension_kind=pension_kind,
        pension_fen_month=pension,
        savings_fen=fen(savings),
        vehicles=vehicles,
        homes=homes,
        machines=machines,
        company=company,
    )


_CAREERS = np.array([Work.EMPLOYEE, Work.PUBLIC_PAYROLL, Work.BUSINESS, Work.FLEXIBLE, Work.FARMER])


def _career(rng: np.random.Generator, urban: Bools, age: Ints, fortune: Floats) -> Ints:
    """What a person would do, or did before retiring."""
    old = age >= 50
    row = urban.astype(np.int64) * 2 + old
    career = _CAREERS[pick_by_row(rng, np.array(p.CAREERS), row)]
    # The least fortunate rarely hold a public post.
    poor = (career == Work.PUBLIC_PAYROLL) & (fortune < -1.0)
    return np.where(poor, int(Work.FLEXIBLE), career).astype(np.int64)


def _work(
    rng: np.random.Generator, age: Ints, sex: Bytes8, living: Bools, in_custody: Bools, career: Ints, hardship: Hardship
) -> Bytes8:
    draw = rng.random(len(age))
    retire = np.where(sex == 1, 60, np.where(career == Work.PUBLIC_PAYROLL, 55, 50))
    formal = np.isin(career, [Work.EMPLOYEE, Work.PUBLIC_PAYROLL])
    still_farming = (career == Work.FARMER) & (age < 75) & (draw < 0.55)
    still_busy = (career == Work.FLEXIBLE) & (age < 68) & (draw < 0.30)
    home = (sex == 2) & (age >= 22) & (draw < by_age(p.HOMEMAKER_AGES, age))
    idle = (draw > 1 - p.UNEMPLOYED_SHARE) & (career != Work.PUBLIC_PAYROLL)
    work = np.select(
        [
            ~living | in_custody,
            hardship.stage >= Stage.SENIOR,
            age < 16,
            hardship.labour_lost,
            formal & (age >= retire),
            (age >= 60) & (still_farming | still_busy),
            age >= 60,
            home & ~formal,
            idle,
        ],
        [
            Work.NONE,
            Work.STUDENT,
            Work.CHILD,
            Work.UNABLE,
            Work.RETIRED,
            career,
            Work.RETIRED,
            Work.HOMEMAKER,
            Work.UNEMPLOYED,
        ],
        career,
    )
    return np.asarray(np.where((work == Work.CHILD) & (hardship.stage > 0), Work.STUDENT, work), dtype=np.uint8)


def _pension(
    rng: np.random.Generator, age: Ints, sex: Bytes8, living: Bools, career: Ints, work: Bytes8
) -> tuple[Bytes8, Ints]:
    formal_age = np.where(sex == 1, 60, np.where(career == Work.PUBLIC_PAYROLL, 55, 50))
    kind = np.select(
        [
            ~living | (work == Work.NONE),
            (career == Work.PUBLIC_PAYROLL) & (age >= formal_age),
            (career == Work.EMPLOYEE) & (age >= formal_age),
            age >= 60,
        ],
        [PensionKind.NONE, PensionKind.PUBLIC_BODIES, PensionKind.EMPLOYEES, PensionKind.RESIDENTS],
        PensionKind.NONE,
    ).astype(np.uint8)
    spread = np.array(p.PENSION_SPREAD)[kind]
    yuan = np.array(p.PENSION_YUAN)[kind] * np.exp(rng.normal(0.0, 1.0, len(age)) * spread)
    return kind, fen(yuan)


def _dwellings(rng: np.random.Generator, urban: Bools, members: Floats, fortune: Floats) -> Dwellings:
    size = len(urban)
    tenure = 1 + pick_by_row(rng, np.array(p.TENURES), urban.astype(np.int64))
    # Public rent goes to the less fortunate half.
    tenure = np.where((tenure == Tenure.PUBLIC_RENT) & (fortune > 0), Tenure.OWN, tenure)
    own = tenure == Tenure.OWN
    draw = rng.random(size)
    second = own & (draw < p.SECOND_HOME * np.exp(0.8 * np.minimum(fortune, 3)) * np.where(urban, 1.0, 0.5))
    third = second & (rng.random(size) < p.THIRD_HOME)
    base = np.where(urban, p.AREA_M2[1], p.AREA_M2[0]) * np.where(own, 1.0, 0.62)
    area = base * np.exp(rng.normal(0.0, 0.28, size) + 0.12 * fortune) * (0.8 + 0.07 * np.minimum(members, 6))
    unsafe = ~urban & own & (rng.random(size) < p.UNSAFE_RURAL * np.exp(-0.9 * fortune))
    land = np.where(urban, 0.0, np.exp(rng.normal(np.log(p.LAND_MU), 0.5, size))) * (rng.random(size) < 0.85)
    return Dwellings(
        homes=(own.astype(np.uint8) + second + third).astype(np.uint8),
        area_m2=np.clip(np.rint(area), 12, 600).astype(np.int64),
        tenure=tenure.astype(np.uint8),
        unsafe_grade=np.where(unsafe, np.where(rng.random(size) < 0.7, 3, 4), 0).astype(np.uint8),
        land_mu_tenths=np.rint(land * 10).astype(np.int64),
    )


def _things(
    rng: np.random.Generator, age: Ints, urban: Bools, owner: Ints, fortune: Floats, dwellings: Dwellings, living: Bools
) -> tuple[Bytes8, Bytes8, Bytes8]:
    """Vehicles, homes and machines by person; they stand in the name of the household's owner."""
    alive = living[owner]
    odds = np.exp(by_age(p.VEHICLE_LOG_ODDS, age[owner]) + 1.1 * fortune + 0.25 * urban)
    has = alive & (rng.random(len(owner)) < odds / (1 + odds))
    second = has & (rng.random(len(owner)) < p.SECOND_VEHICLE * np.exp(0.6 * np.minimum(fortune, 3)))
    machine = alive & ~urban & (rng.random(len(owner)) < p.MACHINE_SHARE * np.exp(0.5 * np.minimum(fortune, 2)))
    vehicles, homes, machines = (np.zeros(len(age), dtype=np.uint8) for _ in range(3))
    vehicles[owner] = has.astype(np.uint8) + second
    homes[owner] = dwellings.homes
    machines[owner] = machine
    return vehicles, homes, machines
