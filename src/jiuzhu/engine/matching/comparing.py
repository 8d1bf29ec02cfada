"""How far two records agree, part by part, in levels; the same levels as Python and as SQL.

Levels count from 0 (they differ); `MISSING` says that one of them is silent, which speaks neither for nor against.
"""

from dataclasses import dataclass
from datetime import date

from jiuzhu.core.variants import VARIANT_FROM, VARIANT_TO, plain_name

MISSING = -1
NAME, BIRTH, SEX, DIVISION = "name", "birth", "sex", "division"
# the highest level of each part
PARTS = {NAME: 2, BIRTH: 3, SEX: 1, DIVISION: 2}
_SEXES = ("1", "2")


@dataclass(frozen=True, slots=True)
class Traits:
    """What is compared when there is no number: empty or None where a record is silent."""

    name: str
    birth: date | None = None
    sex: str = ""
    division: str = ""


@dataclass(frozen=True, slots=True)
class Levels:
    """The levels of a pair."""

    name: int
    birth: int
    sex: int
    division: int


def compare(one: Traits, other: Traits) -> Levels:
    """The levels at which two records agree; symmetric."""
    return Levels(
        _name(plain_name(one.name), plain_name(other.name)),
        _birth(one.birth, other.birth),
        _sex(one.sex, other.sex),
        _division(one.division, other.division),
    )


def _name(one: str, other: str) -> int:
    if not one or not other:
        return MISSING
    if one == other:
        return 2
    return 1 if len(one) == len(other) >= 2 and _differing(one, other) == 1 else 0


def _birth(one: date | None, other: date | None) -> int:
    if one is None or other is None:
        return MISSING
    if one == other:
        return 3
    left, right = f"{one.year:04}{one:%m%d}", f"{other.year:04}{other:%m%d}"
    if _differing(left, right) == 1 or (left[:4] == right[:4] and left[4:6] == right[6:] and left[6:] == right[4:6]):
        return 2
    return 1 if one.year == other.year else 0


def _sex(one: str, other: str) -> int:
    if one not in _SEXES or other not in _SEXES:
        return MISSING
    return int(one == other)


def _division(one: str, other: str) -> int:
    if len(one) < 6 or len(other) < 6:
        return MISSING
    return 2 if one[:6] == other[:6] else 1 if one[:4] == other[:4] else 0


def _differing(one: str, other: str) -> int:
    return sum(left != right for left, right in zip(one, other, strict=True))


def in_a_block(person: Traits, record: Traits, person_plain: str, record_plain: str) -> bool:
    """Whether a pair is compared at all: what the blocks of `linking` say, of one pair."""
    if person.birth is None or record.birth is None or not person_plain or not record_plain:
        return False
    same_name = person_plain == record_plain
    return (
        (same_name and person.birth.year == record.birth.year)
        or (person.birth == record.birth and person_plain[0] == record_plain[0])
        or (same_name and (person.birth.month, person.birth.day) == (record.birth.month, record.birth.day))
    )


def plain_sql(name: str) -> str:
    """SQL for the plain form of a name; only the few names that hold a variant are rewritten, which is slow."""
    plain = f"translate(lower({name}), '{VARIANT_FROM}', '{VARIANT_TO}')"
    return f"CASE WHEN regexp_matches({name}, '[{VARIANT_FROM}]') THEN {plain} ELSE lower({name}) END"


def levels_sql(one: str, other: str) -> dict[str, str]:
    """SQL for each part's level, of two rows that have `plain`, `birth`, `sex` and `division`."""
    a, b = one, other
    left, right = f"strftime({a}.birth, '%Y%m%d')", f"strftime({b}.birth, '%Y%m%d')"
    turned = (
        f"{a}.birth = try_strptime(substr({right}, 1, 4) || substr({right}, 7, 2) || substr({right}, 5, 2), '%Y%m%d')"
    )
    return {
        NAME: (
            f"CASE WHEN coalesce({a}.plain, '') = '' OR coalesce({b}.plain, '') = '' THEN {MISSING}"
            f" WHEN {a}.plain = {b}.plain THEN 2 WHEN length({a}.plain) = length({b}.plain) AND length({a}.plain) >= 2"
            f" AND {_one_differs(f'{a}.plain', f'{b}.plain')}"
            " THEN 1 ELSE 0 END"
        ),
        BIRTH: (
            f"CASE WHEN {a}.birth IS NULL OR {b}.birth IS NULL THEN {MISSING} WHEN {a}.birth = {b}.birth THEN 3"
            f" WHEN hamming({left}, {right}) = 1 OR coalesce({turned}, false) THEN 2"
            f" WHEN year({a}.birth) = year({b}.birth) THEN 1 ELSE 0 END"
        ),
        SEX: (
            f"CASE WHEN coalesce({a}.sex, '') NOT IN ('1', '2') OR coalesce({b}.sex, '') NOT IN ('1', '2')"
            f" THEN {MISSING} WHEN {a}.sex = {b}.sex THEN 1 ELSE 0 END"
        ),
        DIVISION: (
            f"CASE WHEN length(coalesce({a}.division, '')) < 6 OR length(coalesce({b}.division, '')) < 6 THEN {MISSING}"
            f" WHEN substr({a}.division, 1, 6) = substr({b}.division, 1, 6) THEN 2"
            f" WHEN substr({a}.division, 1, 4) = substr({b}.division, 1, 4) THEN 1 ELSE 0 END"
        ),
    }


def _one_differs(one: str, other: str) -> str:
    """Whether exactly one place of two texts of one length differs; by characters, not by bytes."""
    return f"len(list_filter(range(1, length({one}) + 1), lambda n: {one}[n] <> {other}[n])) = 1"
