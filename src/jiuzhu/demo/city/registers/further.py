"""Registers that follow from a person's circumstances: benefits paid, holdings of money, vehicles for hire, meters.

How often and how much is an assumption of the demonstration; each register draws from its own stream.
"""

from dataclasses import dataclass

import numpy as np

from jiuzhu.demo.city import parameters as p
from jiuzhu.demo.city.arrays import Bytes8, Days, Ints, Texts, pick, stream
from jiuzhu.demo.city.chunk import CityChunk
from jiuzhu.demo.city.livelihood import Work
from jiuzhu.demo.city.registers.holders import Holders, days_before, write


@dataclass(frozen=True, slots=True)
class BenefitRegister:
    """Money paid every month."""

    holder: Holders
    kind: Bytes8
    fen_month: Ints


@dataclass(frozen=True, slots=True)
class SubsidyRegister:
    """Money paid by card in the last year: for farmland (0), a machine (1), something else (2)."""

    holder: Holders
    kind: Bytes8
    paid_fen: Ints
    paid_on: Days


@dataclass(frozen=True, slots=True)
class PayrollRegister:
    """People whom the public purse pays."""

    holder: Holders
    since: Days


@dataclass(frozen=True, slots=True)
class IllnessRegister:
    """Illness on a register: lasting (0), serious (1), of the mind (2); `category` of ICD-10."""

    holder: Holders
    kind: Bytes8
    category: Texts


@dataclass(frozen=True, slots=True)
class JudgmentRegister:
    """Judgment debtors; dishonest ones are 1."""

    holder: Holders
    kind: Bytes8
    amount_fen: Ints
    listed_on: Days


@dataclass(frozen=True, slots=True)
class TenancyRegister:
    """Public rental housing in the name of the head of the household."""

    holder: Holders
    kind: Bytes8
    rent_fen_month: Ints


@dataclass(frozen=True, slots=True)
class HireRegister:
    """Vehicles licensed for hire."""

    holder: Holders
    plate: Texts
    licensed_on: Days


@dataclass(frozen=True, slots=True)
class VesselRegister:
    """Vessels."""

    holder: Holders
    vessel: Texts
    gross_tonnage: Ints
    registered_on: Days


@dataclass(frozen=True, slots=True)
class HoldingRegister:
    """Securities: shares (0), funds (1), bonds (2)."""

    holder: Holders
    kind: Bytes8
    value_fen: Ints


@dataclass(frozen=True, slots=True)
class PolicyRegister:
    """Insurance with a cash value: life (0), annuity (1), participating (2)."""

    holder: Holders
    kind: Bytes8
    cash_value_fen: Ints
    effective_on: Days


@dataclass(frozen=True, slots=True)
class WalletRegister:
    """Payment accounts at one of three invented institutions."""

    holder: Holders
    institution: Bytes8
    balance_fen: Ints


@dataclass(frozen=True, slots=True)
class MeterRegister:
    """Water (0), power (1) and gas (2), in the name of the head of the household."""

    holder: Holders
    kind: Bytes8
    spent_fen_year: Ints


def disability_subsidies(chunk: CityChunk) -> BenefitRegister:
    """Care subsidies of the severely disabled."""
    rng = stream(chunk.seed, chunk.index, "registers.disability_subsidies")
    hardship = chunk.hardship
    rows = np.flatnonzero((hardship.disability > 0) & (hardship.grade <= 2) & chunk.people.living)
    rows = rows[rng.random(len(rows)) < p.DISABILITY_SUBSIDY]
    kind = (rng.random(len(rows)) < p.CARE_SUBSIDY).astype(np.uint8)
    return BenefitRegister(
        write(rng, chunk.people, rows), kind, np.where(kind == 1, *p.DISABILITY_SUBSIDY_FEN).astype(np.int64)
    )


def unemployment(chunk: CityChunk) -> BenefitRegister:
    """Benefit of those who lost a job in which they were insured."""
    rng = stream(chunk.seed, chunk.index, "registers.unemployment")
    rows = np.flatnonzero(chunk.livelihood.work == Work.UNEMPLOYED)
    rows = rows[rng.random(len(rows)) < p.UNEMPLOYMENT_BENEFIT]
    return _paid(chunk, rng, rows, p.UNEMPLOYMENT_BENEFIT_YUAN)


def veterans(chunk: CityChunk) -> BenefitRegister:
    """Preferential treatment of old soldiers."""
    rng = stream(chunk.seed, chunk.index, "registers.veterans")
    people = chunk.people
    old = people.living & (people.age >= 62) & (people.sex.astype(np.int64) == 1)
    rows = np.flatnonzero(old & (rng.random(len(people)) < p.VETERAN))
    paid = _paid(chunk, rng, rows, p.VETERAN_YUAN)
    return BenefitRegister(paid.holder, pick(rng, (0.1, 0.5, 0.4), len(rows)).astype(np.uint8), paid.fen_month)


def subsidies(chunk: CityChunk) -> SubsidyRegister:
    """Farmland subsidies by the area of contracted land, paid to the head."""
    rng = stream(chunk.seed, chunk.index, "registers.subsidies")
    land = np.flatnonzero(chunk.dwellings.land_mu_tenths > 0)
    return SubsidyRegister(
        holder=write(rng, chunk.people, chunk.households.head[land]),
        kind=np.zeros(len(land), dtype=np.uint8),
        paid_fen=chunk.dwellings.land_mu_tenths[land].astype(np.int64) * p.FARMLAND_SUBSIDY_FEN_MU // 10,
        paid_on=days_before(rng, chunk.as_of, 30, 300, len(land)),
    )


def payroll(chunk: CityChunk) -> PayrollRegister:
    """The public payroll is complete."""
    rng = stream(chunk.seed, chunk.index, "registers.payroll")
    rows = np.flatnonzero(chunk.livelihood.work == Work.PUBLIC_PAYROLL)
    holder = write(rng, chunk.people, rows, name_variant=0.0)
    return PayrollRegister(holder, days_before(rng, chunk.as_of, 100, 365 * 25, len(rows)))


def illnesses(chunk: CityChunk) -> IllnessRegister:
    """Illness on a register."""
    rng = stream(chunk.seed, chunk.index, "registers.illnesses")
    hardship = chunk.hardship
    rows = np.flatnonzero((hardship.illness != "") & chunk.people.living)
    mind = np.strings.startswith(hardship.illness[rows], "F")
    kind = np.where(mind, 2, np.where(hardship.serious[rows], 1, 0)).astype(np.uint8)
    return IllnessRegister(write(rng, chunk.people, rows), kind, hardship.illness[rows])


def judgments(chunk: CityChunk) -> JudgmentRegister:
    """Judgment debtors."""
    rng = stream(chunk.seed, chunk.index, "registers.judgments")
    rows = _some(chunk, rng, p.JUDGMENT_DEBTOR)
    return JudgmentRegister(
        holder=write(rng, chunk.people, rows),
        kind=(rng.random(len(rows)) < 0.4).astype(np.uint8),
        amount_fen=_sums(rng, p.JUDGMENT_YUAN, len(rows)),
        listed_on=days_before(rng, chunk.as_of, 30, 365 * 4, len(rows)),
    )


def public_housing(chunk: CityChunk) -> TenancyRegister:
    """Public rental housing, among households without a home of their own in town."""
    rng = stream(chunk.seed, chunk.index, "registers.public_housing")
    households = chunk.households
    owned = np.bincount(chunk.people.household, weights=chunk.livelihood.homes, minlength=len(households.number))
    without = np.flatnonzero(households.urban & ~households.extinct & (owned == 0))
    rows = households.head[without[rng.random(len(without)) < p.PUBLIC_RENTAL]]
    return TenancyRegister(
        holder=write(rng, chunk.people, rows),
        kind=np.zeros(len(rows), dtype=np.uint8),
        rent_fen_month=_sums(rng, p.PUBLIC_RENT_YUAN, len(rows)),
    )


def commercial_vehicles(chunk: CityChunk) -> HireRegister:
    """Licences of carriers."""
    rng = stream(chunk.seed, chunk.index, "registers.commercial_vehicles")
    business = np.isin(chunk.livelihood.work, [Work.BUSINESS, Work.FLEXIBLE])
    rows = np.flatnonzero(business & (rng.random(len(business)) < p.CARRIER))
    number = chunk.index * p.CHUNK_NUMBERS + np.arange(len(rows))
    return HireRegister(
        holder=write(rng, chunk.people, rows),
        plate=np.array([f"{p.PLATE_PREFIX}Z{each:06d}" for each in number.tolist()], dtype="<U16"),
        licensed_on=days_before(rng, chunk.as_of, 30, 365 * 8, len(rows)),
    )


def vessels(chunk: CityChunk) -> VesselRegister:
    """Few: there is one lake."""
    rng = stream(chunk.seed, chunk.index, "registers.vessels")
    rows = _some(chunk, rng, p.VESSEL)
    number = chunk.index * p.CHUNK_NUMBERS + np.arange(len(rows))
    return VesselRegister(
        holder=write(rng, chunk.people, rows),
        vessel=np.array([f"示例货{each:08d}" for each in number.tolist()], dtype="<U16"),
        gross_tonnage=rng.integers(5, 400, len(rows)),
        registered_on=days_before(rng, chunk.as_of, 100, 365 * 20, len(rows)),
    )


def securities(chunk: CityChunk) -> HoldingRegister:
    """Holdings beside the savings."""
    rng = stream(chunk.seed, chunk.index, "registers.securities")
    rows = _some(chunk, rng, p.HOLDS_SECURITIES)
    kind = pick(rng, (0.5, 0.4, 0.1), len(rows)).astype(np.uint8)
    return HoldingRegister(write(rng, chunk.people, rows), kind, _sums(rng, p.SECURITIES_YUAN, len(rows)))


def policies(chunk: CityChunk) -> PolicyRegister:
    """Insurance with a cash value."""
    rng = stream(chunk.seed, chunk.index, "registers.policies")
    rows = _some(chunk, rng, p.HOLDS_POLICY)
    return PolicyRegister(
        holder=write(rng, chunk.people, rows),
        kind=pick(rng, (0.5, 0.2, 0.3), len(rows)).astype(np.uint8),
        cash_value_fen=_sums(rng, p.POLICY_YUAN, len(rows)),
        effective_on=days_before(rng, chunk.as_of, 60, 365 * 15, len(rows)),
    )


def wallets(chunk: CityChunk) -> WalletRegister:
    """Payment accounts."""
    rng = stream(chunk.seed, chunk.index, "registers.wallets")
    rows = _some(chunk, rng, p.HOLDS_WALLET)
    institution = rng.integers(1, 4, len(rows)).astype(np.uint8)
    return WalletRegister(write(rng, chunk.people, rows), institution, _sums(rng, p.WALLET_YUAN, len(rows)))


def meters(chunk: CityChunk) -> MeterRegister:
    """Power everywhere, water and gas in town."""
    rng = stream(chunk.seed, chunk.index, "registers.meters")
    households = chunk.households
    lived = np.flatnonzero(~households.extinct)
    town = lived[households.urban[lived]]
    homes = np.concatenate([lived, town, town])
    kind = np.repeat(np.array([1, 0, 2], dtype=np.uint8), [len(lived), len(town), len(town)])
    return MeterRegister(
        holder=write(rng, chunk.people, households.head[homes]),
        kind=kind,
        spent_fen_year=_sums(rng, p.METER_YUAN_YEAR, len(homes)),
    )


def _some(chunk: CityChunk, rng: np.random.Generator, share: float) -> Ints:
    adult = chunk.people.living & (chunk.people.age >= 22) & (chunk.people.age < 75)
    return np.flatnonzero(adult & (rng.random(len(adult)) < share))


def _sums(rng: np.random.Generator, middle_yuan: float, size: int) -> Ints:
    return np.rint(np.exp(rng.normal(np.log(middle_yuan * 100), 0.6, size))).astype(np.int64)


def _paid(chunk: CityChunk, rng: np.random.Generator, rows: Ints, middle_yuan: float) -> BenefitRegister:
    fen = _sums(rng, middle_yuan, len(rows))
    return BenefitRegister(write(rng, chunk.people, rows), np.zeros(len(rows), dtype=np.uint8), fen)
