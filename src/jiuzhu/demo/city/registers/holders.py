"""How a register writes down a person, and which of its lines are wrong.

`person` (row in the chunk) and `flags` are the truth behind the line. A department knows neither: show it the other
columns only.
"""

from dataclasses import dataclass
from enum import IntFlag

import numpy as np

from jiuzhu.demo.city import parameters as p
from jiuzhu.demo.city.arrays import Bools, Days, Ints, Texts
from jiuzhu.demo.city.people import People


class Flaw(IntFlag):
    """What is wrong with a line, or what it brings to light."""

    NAME_VARIANT = 1 << 0
    ID_MISSING = 1 << 1
    ID_OLD_FORM = 1 << 2
    DEATH_NOT_CANCELLED = 1 << 3
    PAID_AFTER_DEATH = 1 << 4
    UNDECLARED = 1 << 5
    SOLD_NOT_TRANSFERRED = 1 << 6
    JOINT_ACCOUNT = 1 << 7
    DORMANT = 1 << 8
    LAPSED = 1 << 9
    CO_OWNED = 1 << 10
    PAID_BY_OTHERS = 1 << 11


@dataclass(frozen=True, slots=True)
class Holders:
    """The person named on each line, as written there."""

    person: Ints
    citizen_id: Texts
    name: Texts
    flags: Ints

    def __len__(self) -> int:
        return len(self.person)

    def flagged(self, flaw: Flaw) -> Bools:
        """Lines with the flaw."""
        return (self.flags & int(flaw)) > 0


# Characters that clerks take for each other, and rare ones that an old system cannot hold.
_VARIANTS = str.maketrans(
    "𠮷㙓䶮·英华芳军玉丽红杰平明兰梅淑伟强静霞建志国云春涵宇泽博",
    "吉＊龚.瑛花方君钰莉洪洁萍鸣蓝玫叔炜墙婧侠健智囯芸椿含雨择搏",
)


def variant_of(name: str) -> str:
    """The name as a careless register has it; a name without a look-alike gets the full-width space of old forms."""
    changed = name.translate(_VARIANTS)
    return changed if changed != name else f"{name[:1]}　{name[1:]}"


def write(
    rng: np.random.Generator,
    people: People,
    person: Ints,
    *,
    flags: Ints | None = None,
    name_variant: float = p.NAME_VARIANT,
    id_missing: Bools | None = None,
    id_old_form: Bools | None = None,
) -> Holders:
    """Write people down, one line for each entry of `person`, with the errors of this register."""
    name = people.name[person].astype("<U12")
    citizen_id = people.citizen_id[person]
    marks = np.zeros(len(person), dtype=np.int64) if flags is None else flags.astype(np.int64)
    # A character that an old system cannot hold is more often wrong than right; a register without errors has it right.
    rare = _has_rare(name)
    of_rare = p.RARE_NAME_VARIANT if name_variant > 0 else 0.0
    wrong = np.flatnonzero(rng.random(len(person)) < np.where(rare, of_rare, name_variant))
    name[wrong] = [variant_of(each) for each in name[wrong].tolist()]
    marks[wrong] |= int(Flaw.NAME_VARIANT)
    if id_old_form is not None:
        # The 15-digit form leaves out the century and the check character; it was given to people born before 2000.
        old = np.flatnonzero(id_old_form & (people.born[person] < np.datetime64("2000-01-01")))
        old = old[people.born[person[old]] >= np.datetime64("1930-01-01")]
        ids = citizen_id[old]
        head, tail = np.strings.slice(ids, 0, 6), np.strings.slice(ids, 8, 17)
        citizen_id[old] = np.strings.add(head, tail)
        marks[old] |= int(Flaw.ID_OLD_FORM)
    if id_missing is not None:
        citizen_id[id_missing] = ""
        marks = np.where(id_missing, marks & ~int(Flaw.ID_OLD_FORM) | int(Flaw.ID_MISSING), marks)
    return Holders(person=person.astype(np.int64), citizen_id=citizen_id, name=name, flags=marks)


def mark(condition: Bools, flaw: Flaw) -> Ints:
    """Flags with `flaw` where the condition holds."""
    return np.where(condition, int(flaw), 0).astype(np.int64)


def days_before(rng: np.random.Generator, as_of: np.datetime64, least: int, most: int, size: int) -> Days:
    """Days drawn from `least` to `most` days before the city's day."""
    return as_of - rng.integers(least, most, size).astype("timedelta64[D]")


def _has_rare(name: Texts) -> Bools:
    return np.asarray(
        (np.strings.find(name, "𠮷") >= 0)
        | (np.strings.find(name, "㙓") >= 0)
        | (np.strings.find(name, "䶮") >= 0)
        | (np.strings.find(name, "·") >= 0)
    )
