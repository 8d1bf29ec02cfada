"""What weighs on people: disability (GB/T 26341-2010), serious illness (ICD-10), the medical bill, school."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from jiuzhu.demo.city import parameters as p
from jiuzhu.demo.city.arrays import Bools, Bytes8, Floats, Ints, Texts, by_age, fen, pick, pick_by_row


class DisabilityType(IntEnum):
    """GB/T 26341-2010; 0 is none."""

    NONE = 0
    VISION = 1
    HEARING = 2
    SPEECH = 3
    LIMB = 4
    INTELLECTUAL = 5
    MENTAL = 6
    MULTIPLE = 7


class Stage(IntEnum):
    """Stage of schooling in which a person is enrolled."""

    NONE = 0
    KINDERGARTEN = 1
    PRIMARY = 2
    JUNIOR = 3
    SENIOR = 4
    VOCATIONAL = 5
    COLLEGE = 6
    UNIVERSITY = 7
    GRADUATE = 8


@dataclass(frozen=True, slots=True)
class Hardship:
    """Per person. `grade` runs from 1 (heaviest) to 4, 0 without disability; `illness` is an ICD-10 category or
    empty.
    """

    disability: Bytes8
    grade: Bytes8
    illness: Texts
    serious: Bools
    self_paid_fen_year: Ints
    stage: Bytes8
    labour_lost: Bools


def strike(rng: np.random.Generator, *, age: Ints, sex: Bytes8, living: Bools, urban: Bools) -> Hardship:
    """Draw disability, illness, cost and school. The dead carry none, for they need none today."""
    size = len(age)
    illness = _illness(rng, age, sex, living)
    disability, grade = _disability(rng, age, living, illness)
    serious = illness != ""
    severe = ((grade > 0) & (grade <= 2)) | (np.isin(disability, [5, 6]) & (grade == 3))
    return Hardship(
        disability=disability,
        grade=grade,
        illness=illness,
        serious=serious,
        self_paid_fen_year=_medical_bill(rng, age, living, serious),
        stage=_stages(rng, age, living, urban, severe),
        labour_lost=living & (age >= 16) & (severe | (serious & (rng.random(size) < p.ILL_UNABLE_TO_WORK))),
    )


def _disability(rng: np.random.Generator, age: Ints, living: Bools, illness: Texts) -> tuple[Bytes8, Bytes8]:
    size = len(age)
    mental, palsy = illness == "F20", illness == "G80"
    has = living & ((rng.random(size) < by_age(p.DISABILITY_AGES, age)) | palsy | (mental & (rng.random(size) < 0.8)))
    band = (np.searchsorted([18, 60], age, side="right")).astype(np.int64)
    kind = 1 + pick_by_row(rng, np.array(p.DISABILITY_TYPES), band)
    kind = np.select([mental, palsy], [int(DisabilityType.MENTAL), int(DisabilityType.LIMB)], kind)
    grade = 1 + pick(rng, p.DISABILITY_GRADES, size)
    return np.where(has, kind, 0).astype(np.uint8), np.where(has, grade, 0).astype(np.uint8)


def _illness(rng: np.random.Generator, age: Ints, sex: Bytes8, living: Bools) -> Texts:
    illness = np.zeros(len(age), dtype="<U3")
    for code, low, high, of_sex, chance in p.ILLNESSES:
        rows = np.flatnonzero(
            living & (age >= low) & (age < high) & ((sex == of_sex) | (of_sex == 0)) & (illness == "")
        )
        illness[rows[rng.random(len(rows)) < chance]] = code
    return illness


def _medical_bill(rng: np.random.Generator, age: Ints, living: Bools, serious: Bools) -> Ints:
    size = len(age)
    sees_doctor = rng.random(size) < 0.75
    usual = np.exp(rng.normal(np.log(by_age(p.MEDICAL_USUAL_YUAN, age)), p.MEDICAL_USUAL_SPREAD))
    heavy = np.exp(rng.normal(np.log(p.MEDICAL_SERIOUS_YUAN), p.MEDICAL_SERIOUS_SPREAD, size))
    bill: Floats = np.where(serious, heavy, usual * sees_doctor) * living
    return fen(np.minimum(bill, p.MEDICAL_MOST_YUAN))


def _stages(rng: np.random.Generator, age: Ints, living: Bools, urban: Bools, severe: Bools) -> Bytes8:
    draw = rng.random(len(age))
    college = np.where(urban, p.COLLEGE_SHARE[1], p.COLLEGE_SHARE[0])
    stage = np.select(
        [
            (age >= 3) & (age <= 5) & (draw < 0.92),
            (age >= 6) & (age <= 11),
            (age >= 12) & (age <= 14),
            (age >= 15) & (age <= 17) & (draw < 0.60),
            (age >= 15) & (age <= 17) & (draw < 0.96),
            (age >= 18) & (age <= 21) & (draw < college / 2),
            (age >= 18) & (age <= 21) & (draw < college),
            (age >= 22) & (age <= 24) & (draw < 0.10),
        ],
        [
            Stage.KINDERGARTEN,
            Stage.PRIMARY,
            Stage.JUNIOR,
            Stage.SENIOR,
            Stage.VOCATIONAL,
            Stage.COLLEGE,
            Stage.UNIVERSITY,
            Stage.GRADUATE,
        ],
        Stage.NONE,
    )
    kept_home = severe & (rng.random(len(age)) < np.where(age < 15, 0.25, 0.7))
    return np.where(living & ~kept_home, stage, Stage.NONE).astype(np.uint8)
