"""Groups of people in need: the 15 of the founding document, and the two that the Law added.

The rules below only make a city in which each group exists in a plausible size. They are no policy, decide nothing, and
leave out some who are in need and keep in some who are not, as registers do.
"""

from dataclasses import dataclass
from enum import IntFlag

import numpy as np

from jiuzhu.demo.city import parameters as p
from jiuzhu.demo.city.arrays import Bools, Bytes8, Floats, Ints
from jiuzhu.demo.city.hardship import DisabilityType, Hardship
from jiuzhu.demo.city.households import Composition, Kind, Unsupported
from jiuzhu.demo.city.livelihood import Dwellings, Livelihood, Work
from jiuzhu.demo.city.people import Marital, People


class TargetGroup(IntFlag):
    """Bits of the groups, in the order of the founding document, then the Law's new kinds."""

    DIBAO = 1 << 0
    TEKUN = 1 << 1
    RETURN_TO_POVERTY_WATCHED = 1 << 2
    DISASTER = 1 << 3
    WITHOUT_SHELTER = 1 << 4
    ORPHANS_AND_CHILDREN_IN_NEED = 1 << 5
    CLEFT_LIP_AND_PALSY_CHILDREN = 1 << 6
    SEVERE_MENTAL_ILLNESS = 1 << 7
    DISABLED_IN_NEED = 1 << 8
    TWO_CANCERS = 1 << 9
    WORKERS_IN_NEED = 1 << 10
    EMERGENCY_UNABLE_TO_PAY = 1 << 11
    DISABLED_BY_BRAVERY = 1 << 12
    FAMILY_OF_BRAVE_DEAD = 1 << 13
    HEALTH_EMERGENCY = 1 << 14
    DIBAO_BIANYUAN = 1 << 15
    GANGXING_ZHICHU = 1 << 16


@dataclass(frozen=True, slots=True)
class Groups:
    """`tags` is a set of `TargetGroup` bits per person; the rest is per household: what the tags were drawn from."""

    tags: Ints
    unsupported: Ints
    income_fen_month_per_head: Ints
    expense_fen_month: Ints


@dataclass(frozen=True, slots=True)
class _Means:
    """Per household: means, and what they lead to."""

    income: Floats
    expense: Floats
    tekun: Bools
    dibao: Bools
    edge: Bools
    rigid: Bools
    watched: Bools


def tag(
    rng: np.random.Generator,
    *,
    composition: Composition,
    people: People,
    dwellings: Dwellings,
    hardship: Hardship,
    livelihood: Livelihood,
) -> Groups:
    """Draw the groups. A group that nobody falls into gets one person who comes near, if there is one in the chunk."""
    households, household, living = len(composition.kind), people.household, people.living
    modest = _modest(people, dwellings, livelihood, households)
    tekun = _tekun(rng, people, composition, livelihood, hardship, modest)
    means = _means(rng, people, hardship, livelihood, modest=modest, tekun=tekun, households=households)
    low = (means.tekun | means.dibao | means.edge | means.rigid)[household] & living
    struck, chance = rng.random(households)[household], rng.random(len(people))
    adult, minor = living & (people.age >= 18), living & (people.age < 18)
    severe = (hardship.grade > 0) & (hardship.grade <= 2)
    limb = (hardship.disability == DisabilityType.LIMB) & adult
    hurt = _sum(limb & (chance < p.HURT_BY_BRAVERY), household, households)[household] > 0
    two_cancers = np.isin(hardship.illness, ["C50", "C53"]) & (people.sex == 2)
    worker = np.isin(livelihood.work, [Work.EMPLOYEE, Work.UNEMPLOYED]) & (people.age < 60)
    unsupported = composition.unsupported[household] != Unsupported.NO
    graduate = (livelihood.work == Work.STUDENT) & (people.age > 22)
    nobody = np.zeros(len(people), dtype=np.bool_)
    # Each group: who is in it, and who comes near enough to stand in for an empty group.
    rules: dict[TargetGroup, tuple[Bools, Bools]] = {
        TargetGroup.DIBAO: (means.dibao[household] & ~graduate, nobody),
        TargetGroup.TEKUN: (tekun, nobody),
        TargetGroup.RETURN_TO_POVERTY_WATCHED: (means.watched[household], low),
        TargetGroup.DISASTER: (struck < p.DISASTER, adult),
        TargetGroup.WITHOUT_SHELTER: (low & adult & (chance < p.WITHOUT_SHELTER), low & adult),
        TargetGroup.ORPHANS_AND_CHILDREN_IN_NEED: (
            minor & (unsupported | (low & (severe | hardship.serious))),
            minor & severe,
        ),
        TargetGroup.CLEFT_LIP_AND_PALSY_CHILDREN: (minor & np.isin(hardship.illness, ["Q35", "G80"]), nobody),
        TargetGroup.SEVERE_MENTAL_ILLNESS: (hardship.illness == "F20", nobody),
        TargetGroup.DISABLED_IN_NEED: (low & (hardship.disability > 0), nobody),
        TargetGroup.TWO_CANCERS: (two_cancers & (low | (chance < p.TWO_CANCERS_KNOWN)), two_cancers),
        TargetGroup.WORKERS_IN_NEED: (low & worker & (chance < p.WORKERS_KNOWN), low & worker),
        TargetGroup.EMERGENCY_UNABLE_TO_PAY: (hardship.serious & low & (chance > 1 - p.EMERGENCY), hardship.serious),
        TargetGroup.DISABLED_BY_BRAVERY: (hurt, limb),
        TargetGroup.FAMILY_OF_BRAVE_DEAD: (struck > 1 - p.BRAVE_FAMILY, people.marital == Marital.WIDOWED),
        TargetGroup.HEALTH_EMERGENCY: ((struck > 0.5) & (struck < 0.5 + p.HEALTH_EMERGENCY), adult),
        TargetGroup.DIBAO_BIANYUAN: (means.edge[household], nobody),
        TargetGroup.GANGXING_ZHICHU: (means.rigid[household], nobody),
    }
    tags = np.zeros(len(people), dtype=np.int64)
    for group, (members, near) in rules.items():
        rows = np.flatnonzero(members & living)
        tags[rows if len(rows) else np.flatnonzero(near & living)[:1]] |= int(group)
    return Groups(
        tags=tags,
        unsupported=composition.unsupported.astype(np.int64),
        income_fen_month_per_head=np.rint(means.income).astype(np.int64),
        expense_fen_month=np.rint(means.expense).astype(np.int64),
    )


def _modest(people: People, dwellings: Dwellings, livelihood: Livelihood, households: int) -> Bools:
    """Households without a vehicle or a second home, and with little saved for each member."""
    vehicles = _sum(livelihood.vehicles, people.household, households)
    savings = _sum(livelihood.savings_fen, people.household, households)
    members = np.maximum(_sum(people.living, people.household, households), 1)
    modest = (vehicles == 0) & (dwellings.homes <= 1) & (savings / members < p.MODEST_SAVINGS_FEN)
    return np.asarray(modest, dtype=np.bool_)


def _means(
    rng: np.random.Generator,
    people: People,
    hardship: Hardship,
    livelihood: Livelihood,
    *,
    modest: Bools,
    tekun: Bools,
    households: int,
) -> _Means:
    household = people.household
    members = np.maximum(_sum(people.living, household, households), 1)
    income = _sum(livelihood.income_fen_month, household, households) / members
    bill = _sum(hardship.self_paid_fen_year, household, households) / 12
    expense = bill * 0.8 + _sum(livelihood.work == Work.STUDENT, household, households) * p.SCHOOL_FEN_MONTH
    burdened = _sum(hardship.labour_lost | hardship.serious, household, households) > 0
    line = p.DIBAO_LINE_FEN * np.where(burdened, p.BURDENED_LINE, 1.0)
    draw, known = rng.random(households), rng.random(households)
    has_tekun = _sum(tekun, household, households) > 0
    helped = (income < line) & modest & (draw < p.HELPED)
    dibao = ~has_tekun & (helped | (draw > 1 - p.HELPED_WRONGLY))
    free = ~has_tekun & ~dibao
    edge = free & (income < line * p.EDGE_FACTOR) & modest & (draw < p.EDGE_KNOWN)
    left = income * members - expense
    rigid = free & ~edge & (left < p.RIGID_LEFT_FEN * members) & (income < p.RIGID_INCOME_FEN) & (draw < p.RIGID_KNOWN)
    return _Means(
        income=income,
        expense=expense,
        tekun=has_tekun,
        dibao=dibao,
        edge=edge,
        rigid=rigid,
        watched=(dibao | (income < line * 2)) & modest & (known < p.WATCHED),
    )


def _sum(values: Ints | Bytes8 | Bools, household: Ints, households: int) -> Floats:
    return np.asarray(np.bincount(household, weights=values, minlength=households), dtype=np.float64)


def _tekun(
    rng: np.random.Generator,
    people: People,
    composition: Composition,
    livelihood: Livelihood,
    hardship: Hardship,
    modest: Bools,
) -> Bools:
    """Old, disabled or minor people with nobody to support them: mostly old men who never married."""
    alone = np.isin(composition.kind, [Kind.ONE_ELDER, Kind.ONE_ADULT])[people.household]
    weak = (people.age >= 60) | hardship.labour_lost
    childless = (people.marital == Marital.NEVER_MARRIED) | (
        (rng.random(len(people)) < p.TEKUN_WITHOUT_FAMILY) & (people.age >= 60)
    )
    poor = livelihood.income_fen_month < p.TEKUN_INCOME_FEN
    return np.asarray(people.living & alone & weak & childless & poor & modest[people.household], dtype=np.bool_)
