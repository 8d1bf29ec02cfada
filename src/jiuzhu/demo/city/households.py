"""Who lives together: kinds of household, ages that fit each other, headship, village and dwelling.

Every household has seven places: 0 and 1 the couple (or the one adult), 2–4 children or grandchildren, 5 and 6 the old
parents. Ages are drawn from the youngest generation upwards, so that a mother is at least 20 years older than her
child.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from jiuzhu.demo.city import parameters as p
from jiuzhu.demo.city.arrays import Bools, Bytes8, Floats, Ints, bell, between, pick

PLACES = 7
HUSBAND, WIFE, FIRST_CHILD, OLD_FATHER, OLD_MOTHER = 0, 1, 2, 5, 6


class Kind(IntEnum):
    """Kinds of household."""

    ONE_ADULT = 0
    ONE_ELDER = 1
    COUPLE = 2
    ELDERLY_COUPLE = 3
    NUCLEAR = 4
    COUPLE_ADULT_CHILD = 5
    SINGLE_PARENT = 6
    THREE_GENERATIONS = 7
    GRANDPARENTS_AND_GRANDCHILDREN = 8
    GUARDIAN_AND_WARDS = 9
    OLD_PARENTS_ADULT_CHILD = 10
    COUPLE_WITH_OLD_PARENTS = 11


class Young(IntEnum):
    """What the people in places 2–4 are to the adults in places 0 and 1."""

    CHILDREN = 0
    GRANDCHILDREN = 1
    WARDS = 2


class Unsupported(IntEnum):
    """Why children live with a guardian."""

    NO = 0
    ORPHAN = 1
    FACTUALLY_UNSUPPORTED = 2


@dataclass(frozen=True, slots=True)
class Composition:
    """Who fills the places. Tables are (households, 7); an empty place has age NaN."""

    kind: Bytes8
    age: Floats
    male: Bools
    paternal: Bools
    young: Bytes8
    unsupported: Bytes8


class _Drawing:
    """Tables under construction, with the few moves that the kinds of household share."""

    def __init__(self, rng: np.random.Generator, size: int) -> None:
        self.rng = rng
        self.age = np.full((size, PLACES), np.nan)
        self.male = np.zeros((size, PLACES), dtype=np.bool_)
        self.male[:, [HUSBAND, OLD_FATHER]] = True
        self.paternal = rng.random(size) < p.PATERNAL_SHARE
        self.male[:, 2:5] = rng.random((size, 3)) < p.MALE_AT_BIRTH
        self.young = np.zeros(size, dtype=np.uint8)
        self.unsupported = np.zeros(size, dtype=np.uint8)

    def chance(self, rows: Ints, share: float) -> Bools:
        return self.rng.random(len(rows)) < share

    def from_bands(self, rows: Ints, bands: p.AgeBands) -> Floats:
        """Ages drawn from bands of (from, to, weight)."""
        band = pick(self.rng, [weight for _, _, weight in bands], len(rows))
        low = np.array([low for low, _, _ in bands], dtype=np.float64)[band]
        high = np.array([high for _, high, _ in bands], dtype=np.float64)[band]
        return between(self.rng, low, high, len(rows))

    def generation(self, size: int) -> Floats:
        """Age of a mother at a birth."""
        return bell(self.rng, *p.MOTHER_AT_BIRTH, size)

    def couple_over(self, rows: Ints, child: Floats) -> None:
        """Parents in places 0 and 1 for the eldest child's age."""
        mother = child + self.generation(len(rows))
        gap = bell(self.rng, *p.HUSBAND_OLDER_BY, len(rows))
        self.age[rows, WIFE] = mother
        self.age[rows, HUSBAND] = np.maximum(np.maximum(mother + gap, child + p.FATHER_AT_BIRTH_LEAST), p.HUSBAND_LEAST)

    def couple(self, rows: Ints, husband: Floats, low: float, high: float) -> None:
        gap = bell(self.rng, *p.HUSBAND_OLDER_BY, len(rows))
        self.age[rows, HUSBAND] = husband
        self.age[rows, WIFE] = np.clip(husband - gap, low, high)

    def one_of_couple(self, rows: Ints, both: float, man: float) -> None:
        """Empty place 0 or 1 where the couple is not complete: `both` stay, else a man stays with the share `man`."""
        alone = ~self.chance(rows, both)
        keep_man = self.chance(rows, man)
        self.age[rows[alone & keep_man], WIFE] = np.nan
        self.age[rows[alone & ~keep_man], HUSBAND] = np.nan

    def younger_siblings(self, rows: Ints, eldest: Floats, second: float, third: float) -> None:
        """A second and a third child, unless not yet born or the mother (where there is one) was too old by then."""
        spacing = between(self.rng, *p.SPACING_YEARS, len(rows))
        most = p.MOTHER_MOST - (self.age[rows, WIFE] - eldest)
        two = self.chance(rows, second) & (eldest >= spacing) & ~(spacing > most)
        self.age[rows[two], 3] = (eldest - spacing)[two]
        further = spacing + between(self.rng, *p.SPACING_YEARS, len(rows))
        three = two & self.chance(rows, third) & (eldest >= further) & ~(further > most)
        self.age[rows[three], 4] = (eldest - further)[three]

    def old_parents(self, rows: Ints, both: float, mother_alone: float) -> None:
        """Old parents in places 5 and 6, of the husband (paternal) or of the wife."""
        child = np.where(self.paternal[rows], self.age[rows, HUSBAND], self.age[rows, WIFE])
        mother = child + bell(self.rng, *p.OLD_MOTHER_AT_BIRTH, len(rows))
        father = np.maximum(mother + bell(self.rng, *p.HUSBAND_OLDER_BY, len(rows)), child + p.FATHER_AT_BIRTH_LEAST)
        draw = self.rng.random(len(rows))
        # Beyond a hundred and four nobody is drawn: the parent is taken to have died long ago.
        has_mother = (draw < both + mother_alone) & (mother < p.OLDEST)
        has_father = ((draw < both) | (draw >= both + mother_alone)) & (father < p.OLDEST)
        self.age[rows[has_mother], OLD_MOTHER] = mother[has_mother]
        self.age[rows[has_father], OLD_FATHER] = father[has_father]


def compose(rng: np.random.Generator, size: int) -> Composition:
    """Draw the composition of `size` households."""
    kind = pick(rng, [p.KIND_WEIGHTS[kind.name] for kind in Kind], size)
    drawing = _Drawing(rng, size)
    for each in Kind:
        rows = np.flatnonzero(kind == each)
        _COMPOSERS[each](drawing, rows)
    return Composition(
        kind=kind.astype(np.uint8),
        age=drawing.age,
        male=drawing.male,
        paternal=drawing.paternal,
        young=drawing.young,
        unsupported=drawing.unsupported,
    )


def _alone(d: _Drawing, rows: Ints, age: Floats, male: float) -> None:
    man = d.chance(rows, male)
    d.age[rows[man], HUSBAND] = age[man]
    d.age[rows[~man], WIFE] = age[~man]


def _one_adult(d: _Drawing, rows: Ints) -> None:
    _alone(d, rows, d.from_bands(rows, p.ONE_ADULT_AGES), p.ONE_ADULT_MALE)


def _one_elder(d: _Drawing, rows: Ints) -> None:
    _alone(d, rows, d.from_bands(rows, p.ELDER_AGES), p.ONE_ELDER_MALE)


def _couple(d: _Drawing, rows: Ints) -> None:
    d.couple(rows, d.from_bands(rows, p.COUPLE_AGES), p.WIFE_LEAST, 60.0)


def _elderly_couple(d: _Drawing, rows: Ints) -> None:
    d.couple(rows, d.from_bands(rows, p.ELDERLY_COUPLE_AGES), 52.0, p.OLDEST)


def _nuclear(d: _Drawing, rows: Ints) -> None:
    eldest = between(d.rng, 0.0, 18.0, len(rows))
    d.age[rows, FIRST_CHILD] = eldest
    d.couple_over(rows, eldest)
    d.younger_siblings(rows, eldest, *p.NUCLEAR_SIBLINGS)


def _couple_adult_child(d: _Drawing, rows: Ints) -> None:
    eldest = between(d.rng, *p.ADULT_CHILD_AGES, len(rows))
    d.age[rows, FIRST_CHILD] = eldest
    d.couple_over(rows, eldest)
    d.younger_siblings(rows, eldest, *p.ADULT_CHILD_SIBLINGS)


def _single_parent(d: _Drawing, rows: Ints) -> None:
    eldest = between(d.rng, 0.5, 21.0, len(rows))
    d.age[rows, FIRST_CHILD] = eldest
    d.couple_over(rows, eldest)
    d.younger_siblings(rows, eldest, *p.SINGLE_PARENT_SIBLINGS)
    d.one_of_couple(rows, 0.0, p.SINGLE_PARENT_MALE)


def _three_generations(d: _Drawing, rows: Ints) -> None:
    eldest = between(d.rng, 0.0, 19.0, len(rows))
    d.age[rows, FIRST_CHILD] = eldest
    d.couple_over(rows, eldest)
    d.younger_siblings(rows, eldest, *p.THREE_GENERATION_SIBLINGS)
    d.old_parents(rows, *p.THREE_GENERATION_OLD)


def _grandparents_over(d: _Drawing, rows: Ints, eldest: Floats) -> None:
    """Grandparents in places 0 and 1: two generations above the eldest grandchild."""
    parent = eldest + d.generation(len(rows))
    d.couple_over(rows, parent)
    d.one_of_couple(rows, *p.GRANDPARENTS_BOTH_MALE)


def _grandparents(d: _Drawing, rows: Ints) -> None:
    eldest = between(d.rng, 1.0, 16.0, len(rows))
    d.age[rows, FIRST_CHILD] = eldest
    d.young[rows] = Young.GRANDCHILDREN
    d.younger_siblings(rows, eldest, *p.SKIP_SIBLINGS)
    _grandparents_over(d, rows, eldest)


def _guardian(d: _Drawing, rows: Ints) -> None:
    eldest = between(d.rng, 3.0, 17.9, len(rows))
    d.age[rows, FIRST_CHILD] = eldest
    d.younger_siblings(rows, eldest, *p.SKIP_SIBLINGS)
    by_grandparents = d.chance(rows, p.GUARDIAN_GRANDPARENTS)
    old, kin = rows[by_grandparents], rows[~by_grandparents]
    d.young[old], d.young[kin] = Young.GRANDCHILDREN, Young.WARDS
    _grandparents_over(d, old, eldest[by_grandparents])
    d.couple_over(kin, eldest[~by_grandparents])
    d.unsupported[rows] = np.where(
        d.chance(rows, p.ORPHAN_SHARE), Unsupported.ORPHAN, Unsupported.FACTUALLY_UNSUPPORTED
    )


def _old_parents_adult_child(d: _Drawing, rows: Ints) -> None:
    child = between(d.rng, *p.STAYING_CHILD_AGES, len(rows))
    d.age[rows, FIRST_CHILD] = child
    d.male[rows, FIRST_CHILD] = d.chance(rows, p.STAYING_CHILD_MALE)
    d.couple_over(rows, child)
    d.one_of_couple(rows, p.STAYING_CHILD_BOTH, p.STAYING_CHILD_FATHER)


def _couple_with_old_parents(d: _Drawing, rows: Ints) -> None:
    husband = between(d.rng, *p.COUPLE_WITH_OLD_AGES, len(rows))
    d.couple(rows, husband, p.WIFE_LEAST, p.OLDEST)
    d.old_parents(rows, *p.THREE_GENERATION_OLD)


_COMPOSERS = {
    Kind.ONE_ADULT: _one_adult,
    Kind.ONE_ELDER: _one_elder,
    Kind.COUPLE: _couple,
    Kind.ELDERLY_COUPLE: _elderly_couple,
    Kind.NUCLEAR: _nuclear,
    Kind.COUPLE_ADULT_CHILD: _couple_adult_child,
    Kind.SINGLE_PARENT: _single_parent,
    Kind.THREE_GENERATIONS: _three_generations,
    Kind.GRANDPARENTS_AND_GRANDCHILDREN: _grandparents,
    Kind.GUARDIAN_AND_WARDS: _guardian,
    Kind.OLD_PARENTS_ADULT_CHILD: _old_parents_adult_child,
    Kind.COUPLE_WITH_OLD_PARENTS: _couple_with_old_parents,
}


def lean_to_communities(kind: Bytes8) -> Floats:
    """Odds of living in a community rather than a village, by kind of household (1 = as the county)."""
    return np.array([p.KIND_URBAN_ODDS.get(each.name, 1.0) for each in Kind])[kind]
