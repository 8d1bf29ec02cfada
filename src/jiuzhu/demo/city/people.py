"""Who the people are: name, citizen id, birth, sex, relation to the head, marital status, registration, numbers."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from jiuzhu.demo.city import parameters as p
from jiuzhu.demo.city.arrays import (
    DAY,
    Bools,
    Bytes8,
    Days,
    Floats,
    Ints,
    Texts,
    age_on,
    by_age,
    pick,
    rank_within,
)
from jiuzhu.demo.city.divisions import Divisions
from jiuzhu.demo.city.events import Deaths
from jiuzhu.demo.city.households import FIRST_CHILD, HUSBAND, OLD_FATHER, OLD_MOTHER, WIFE, Composition, Kind, Young
from jiuzhu.demo.city.identifiers import card_numbers, citizen_ids, digits, sequence_numbers, text
from jiuzhu.demo.city.names import full_names, surnames

_DAYS_A_YEAR = 365.2425


class Marital(IntEnum):
    """GB/T 2261.2-2003."""

    NEVER_MARRIED = 10
    FIRST_MARRIAGE = 21
    REMARRIED = 22
    WIDOWED = 30
    DIVORCED = 40


class Relation(IntEnum):
    """GB/T 4761-2008, relation to the head of household (those that occur here)."""

    HEAD = 2
    HUSBAND = 11
    WIFE = 12
    SON = 20
    SON_IN_LAW = 28
    DAUGHTER = 30
    DAUGHTER_IN_LAW = 38
    GRANDSON = 41
    GRANDDAUGHTER = 42
    DAUGHTERS_SON = 43
    DAUGHTERS_DAUGHTER = 44
    FATHER = 51
    MOTHER = 52
    HUSBANDS_FATHER = 53
    HUSBANDS_MOTHER = 54
    WIFES_FATHER = 55
    WIFES_MOTHER = 56
    OTHER_RELATIVE = 97


@dataclass(frozen=True, slots=True)
class People:
    """One entry per person, the members of a household together. `household` is the row of the household in the
    chunk.
    """

    household: Ints
    place: Bytes8
    citizen_id: Texts
    name: Texts
    sex: Bytes8
    born: Days
    age: Ints
    died: Days
    ethnicity: Bytes8
    marital: Bytes8
    relation: Bytes8
    urban_hukou: Bools
    phone: Texts
    bank_account: Texts

    @property
    def living(self) -> Bools:
        return np.isnat(self.died)

    def __len__(self) -> int:
        return len(self.household)


def choose_heads(rng: np.random.Generator, composition: Composition, died: Days) -> Ints:
    """The place of the head in each household: a living adult, unless the only member has died."""
    size = len(composition.kind)
    wife, old, old_mother = (rng.random(size) < share for share in (p.WIFE_HEADS, p.OLD_PARENT_HEADS, 0.15))
    wish = np.where(wife, WIFE, HUSBAND)
    here = ~np.isnan(composition.age) & np.isnat(died)
    wish = np.where(old & here[:, OLD_FATHER], np.where(old_mother, OLD_MOTHER, OLD_FATHER), wish)
    head = np.full(size, -1, dtype=np.int64)
    rows = np.arange(size)
    for choice in (wish, HUSBAND, WIFE, OLD_FATHER, OLD_MOTHER):
        place = np.broadcast_to(np.asarray(choice, dtype=np.int64), (size,))
        head = np.where((head < 0) & here[rows, place], place, head)
    extinct = head < 0
    head[extinct] = np.argmax(~np.isnan(composition.age[extinct]), axis=1)
    return head


def describe(
    rng: np.random.Generator,
    *,
    index: int,
    composition: Composition,
    deaths: Deaths,
    head: Ints,
    village: Ints,
    divisions: Divisions,
    as_of: np.datetime64,
) -> People:
    """Turn the filled places into people with identities; `index` is the chunk, which keeps the numbers of chunks
    apart.
    """
    household, place = np.nonzero(~np.isnan(composition.age))
    age_then = composition.age[household, place]
    born = as_of - np.floor(age_then * _DAYS_A_YEAR).astype("timedelta64[D]")
    male = composition.male[household, place]
    sex = np.where(male, 1, 2).astype(np.uint8)
    died = deaths.died[household, place]
    area = _id_areas(rng, divisions, divisions.village_county[village][household], age_then)
    born, rank = _fit_into_cells(area, born.astype(DAY), sex)
    ethnicity = _ethnicities(rng, len(composition.kind), household, place)
    birth_year = born.astype("datetime64[Y]").astype(np.int64) + 1970
    age = age_on(born, as_of)
    number = index * p.CHUNK_NUMBERS + np.arange(len(household))
    return People(
        household=household.astype(np.int64),
        place=place.astype(np.uint8),
        citizen_id=citizen_ids(area, born, sequence_numbers(index, rank, area, born, sex.astype(np.int64))),
        name=full_names(rng, _surname(rng, composition, household, place), male, birth_year, ethnicity),
        sex=sex,
        born=born,
        age=age,
        died=died,
        ethnicity=ethnicity,
        marital=_marital(rng, composition, deaths, household, place, age),
        relation=_relations(composition, head, household, place, male),
        urban_hukou=rng.random(len(household))
        < np.where(divisions.village_urban[village][household], p.HUKOU_URBAN[1], p.HUKOU_URBAN[0]),
        phone=_phones(number, age),
        bank_account=np.where(age >= p.CARD_FROM_AGE, card_numbers(number), ""),
    )


def _id_areas(rng: np.random.Generator, divisions: Divisions, county: Ints, age: Floats) -> Ints:
    # Few minors have lived anywhere else, so most of their draws fall within the share of the own county.
    draw = rng.random(len(county)) * np.where(age < 18, p.ID_MINORS_DRAW, 1.0)
    other = divisions.county_code[rng.integers(0, len(divisions.county_code), len(county))]
    elsewhere = np.array(p.ID_ELSEWHERE)[rng.integers(0, len(p.ID_ELSEWHERE), len(county))]
    within = draw < p.ID_OWN_COUNTY + p.ID_OTHER_COUNTY
    own = divisions.county_code[county]
    return np.asarray(np.where(draw < p.ID_OWN_COUNTY, own, np.where(within, other, elsewhere)), dtype=np.int64)


def _fit_into_cells(area: Ints, born: Days, sex: Bytes8) -> tuple[Days, Ints]:
    """Rank of each person in the cell (area, birth date, sex); a full cell moves the late-comers to the day before."""
    while True:
        key = (area * 2 + sex % 2) * 100_000 + (born.astype(np.int64) + 60_000)
        rank = rank_within(key)
        late = rank >= p.NUMBERS_PER_LANE
        if not late.any():
            return born, rank
        born = np.where(late, born - np.timedelta64(1, "D"), born).astype(DAY)


def _ethnicities(rng: np.random.Generator, households: int, household: Ints, place: Ints) -> Bytes8:
    codes = np.array(list(p.ETHNICITIES), dtype=np.uint8)
    weights = list(p.ETHNICITIES.values())
    of_house, of_wife = (codes[pick(rng, weights, households)] for _ in range(2))
    return np.where(place == WIFE, of_wife[household], of_house[household]).astype(np.uint8)


def _surname(rng: np.random.Generator, composition: Composition, household: Ints, place: Ints) -> Ints:
    """Children carry the husband's surname, old parents that of the child they live with; wives keep their own."""
    size = len(composition.kind)
    line, wife, third = (surnames(rng, size)[household] for _ in range(3))
    paternal, young = composition.paternal[household], composition.young[household]
    child = np.where((young == Young.GRANDCHILDREN) & ~paternal, third, line)
    old_father = np.where(paternal, line, wife)
    chosen = np.select(
        [place == WIFE, place == OLD_FATHER, place == OLD_MOTHER, place >= FIRST_CHILD],
        [wife, old_father, third, child],
        line,
    )
    return np.asarray(chosen, dtype=np.int64)


def _relations(composition: Composition, head: Ints, household: Ints, place: Ints, male: Bools) -> Bytes8:
    head_place, paternal = head[household], composition.paternal[household]
    young = composition.young[household]
    by_old = head_place >= OLD_FATHER
    child = np.where(male, Relation.SON, Relation.DAUGHTER)
    sons_child = np.where(male, Relation.GRANDSON, Relation.GRANDDAUGHTER)
    daughters_child = np.where(male, Relation.DAUGHTERS_SON, Relation.DAUGHTERS_DAUGHTER)
    grandchild = np.where(paternal, sons_child, daughters_child)
    own = (head_place == HUSBAND) == paternal
    old_parent = np.where(
        own,
        np.where(male, Relation.FATHER, Relation.MOTHER),
        np.where(
            head_place == HUSBAND,
            np.where(male, Relation.WIFES_FATHER, Relation.WIFES_MOTHER),
            np.where(male, Relation.HUSBANDS_FATHER, Relation.HUSBANDS_MOTHER),
        ),
    )
    spouse = np.where(male, Relation.HUSBAND, Relation.WIFE)
    husband_of_old = np.where(paternal, Relation.SON, Relation.SON_IN_LAW)
    wife_of_old = np.where(paternal, Relation.DAUGHTER_IN_LAW, Relation.DAUGHTER)
    is_young = (place >= FIRST_CHILD) & (place < OLD_FATHER)
    # `by_old`: the head is an old parent, so the couple are children and the young are grandchildren.
    relation = np.select(
        [
            place == head_place,
            is_young & (by_old | (young == Young.GRANDCHILDREN)),
            is_young & (young == Young.WARDS),
            is_young,
            by_old & (place == HUSBAND),
            by_old & (place == WIFE),
            (place < FIRST_CHILD) | by_old,
        ],
        [
            np.full(len(place), int(Relation.HEAD)),
            grandchild,
            np.full(len(place), int(Relation.OTHER_RELATIVE)),
            child,
            husband_of_old,
            wife_of_old,
            spouse,
        ],
        old_parent,
    )
    return relation.astype(np.uint8)


def _marital(
    rng: np.random.Generator, composition: Composition, deaths: Deaths, household: Ints, place: Ints, age: Ints
) -> Bytes8:
    kind = composition.kind[household]
    present = ~np.isnan(composition.age)
    partner_place = np.select(
        [place == HUSBAND, place == WIFE, place == OLD_FATHER], [WIFE, HUSBAND, OLD_MOTHER], OLD_FATHER
    )
    couple_place = (place < FIRST_CHILD) | (place >= OLD_FATHER)
    with_partner = couple_place & present[household, partner_place]
    partner_died = (
        with_partner & ~np.isnat(deaths.died[household, partner_place]) & np.isnat(deaths.died[household, place])
    )
    size = len(household)
    draw = rng.random(size)
    never, divorced = by_age(p.ALONE_NEVER_MARRIED, age), by_age(p.ALONE_DIVORCED, age)
    alone = np.select(
        [draw < never, draw < never + divorced], [Marital.NEVER_MARRIED, Marital.DIVORCED], Marital.WIDOWED
    )
    single_parent = np.array([Marital.NEVER_MARRIED, Marital.DIVORCED, Marital.WIDOWED])[
        pick(rng, p.SINGLE_PARENT_MARITAL, size)
    ]
    staying = np.isin(kind, [Kind.ONE_ADULT, Kind.ONE_ELDER])
    once_married = np.where(rng.random(size) < 0.93, Marital.WIDOWED, Marital.DIVORCED)
    married = np.where(rng.random(size) < p.REMARRIED, Marital.REMARRIED, Marital.FIRST_MARRIAGE)
    # In the places of the young only the grown-up children can have been married; they live with their parents alone.
    young = np.where((age >= 31) & (draw < 0.12), Marital.DIVORCED, Marital.NEVER_MARRIED)
    chosen = np.select(
        [partner_died, with_partner, ~couple_place, staying, kind == Kind.SINGLE_PARENT],
        [np.full(size, int(Marital.WIDOWED)), married, young, alone, single_parent],
        once_married,
    )
    return chosen.astype(np.uint8)


def _phones(number: Ints, age: Ints) -> Texts:
    """Eleven digits from the unassigned range; a fixed permutation of eight digits keeps them distinct."""
    spread = number * 38_742_049 % 100_000_000
    lead = np.broadcast_to(np.array([int(sign) for sign in p.PHONE_PREFIX]), (len(number), len(p.PHONE_PREFIX)))
    phone = text(np.concatenate([lead, digits(spread, 8)], axis=1) + ord("0"))
    return np.where(age >= p.PHONE_FROM_AGE, phone, "")
