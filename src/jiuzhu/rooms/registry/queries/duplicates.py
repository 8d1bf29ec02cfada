"""Persons who may stand twice in the registry: candidates by set-based joins in one county, then a pure comparison."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import connection

from jiuzhu.core.actors import Actor, OutOfScope
from jiuzhu.core.divisions import DivisionCode, DivisionLevel
from jiuzhu.core.errors import RuleRefused
from jiuzhu.core.variants import VARIANT_FROM, VARIANT_TO
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.rooms.registry.models import Membership, Person
from jiuzhu.rooms.registry.permissions import Permission
from jiuzhu.rooms.registry.rules.masking import masked_document
from jiuzhu.rooms.registry.rules.matching import Likeness, Match, compare

_MOST_CANDIDATES = 5000

# Each join is on equal values, so that it is one pass over the county whatever its size.
_CANDIDATES = """
WITH here AS MATERIALIZED (
    SELECT id, birth_date, division_code, phone_index, translate(lower(name), %(from)s, %(to)s) AS plain
    FROM registry_person
    WHERE merged_into_id IS NULL AND division_code >= %(lo)s AND division_code < %(hi)s
), pair AS (
    SELECT a.id AS first, b.id AS second FROM here a JOIN here b USING (plain, birth_date) WHERE a.id < b.id
    UNION
    SELECT a.id, b.id FROM here a JOIN here b USING (phone_index)
    WHERE a.id < b.id AND (a.plain = b.plain OR a.birth_date = b.birth_date)
    UNION
    SELECT a.id, b.id FROM here a JOIN here b USING (birth_date, division_code)
    WHERE a.id < b.id AND left(a.plain, 1) = left(b.plain, 1)
    UNION
    SELECT a.id, b.id FROM here a JOIN here b
        ON a.plain = b.plain AND to_char(a.birth_date, 'MMDD') = to_char(b.birth_date, 'MMDD') WHERE a.id < b.id
    UNION
    SELECT a.id, b.id FROM here a JOIN here b
        ON a.plain = b.plain AND to_char(a.birth_date, 'YYYYMM') = to_char(b.birth_date, 'YYYYMM') WHERE a.id < b.id
    UNION
    SELECT a.id, b.id FROM here a JOIN here b
        ON a.plain = b.plain AND to_char(a.birth_date, 'YYYYDD') = to_char(b.birth_date, 'YYYYDD') WHERE a.id < b.id
)
SELECT first, second FROM pair
WHERE NOT EXISTS (SELECT 1 FROM registry_duplicate_dismissal d WHERE d.first_id = first AND d.second_id = second)
ORDER BY first, second LIMIT %(most)s
"""


@dataclass(frozen=True, slots=True)
class DuplicatePerson:
    """One record of a pair, its number masked."""

    person_id: int
    name: str
    sex: str
    birth_date: date
    document_number: str
    division_code: str
    household_id: int | None
    household_number: str
    died_on: date | None


@dataclass(frozen=True, slots=True)
class DuplicatePair:
    """Two records that may be one person: how likely, and why."""

    first: DuplicatePerson
    second: DuplicatePerson
    score: int
    reasons_zh: tuple[str, ...]
    reasons_en: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Duplicates:
    """The likeliest pairs first. `is_complete` is false when there were more candidates than were compared."""

    pairs: tuple[DuplicatePair, ...]
    is_complete: bool


def find_duplicates(*, actor: Actor, division: DivisionCode | None = None, limit: int = 200) -> Duplicates:
    """Pairs of records in a county, township or village that may be one person and were not dismissed.

    Raises:
        PermissionRefused: the actor may not merge persons.
        OutOfScope: the division lies outside the actor's area.
        RuleRefused: the division is larger than a county.
    """
    actor.require(Permission.PERSON_MERGE)
    area = division or actor.scope.division
    if area is None:
        raise OutOfScope
    actor.require_scope(area)
    if area.level < DivisionLevel.COUNTY:
        raise RuleRefused(
            "registry.duplicates.area",
            "查重范围最大为一个县（市、区），请选择县或更小的区划",
            "Duplicates are looked for inside one county; choose a county or a smaller division.",
            field="division",
        )
    lo, hi = area.range
    with acting(actor):
        with connection.cursor() as cursor:
            cursor.execute(
                _CANDIDATES,
                {"lo": lo, "hi": hi, "from": VARIANT_FROM, "to": VARIANT_TO, "most": _MOST_CANDIDATES + 1},
            )
            candidates: list[tuple[int, int]] = cursor.fetchall()
        is_complete = len(candidates) <= _MOST_CANDIDATES
        candidates = candidates[:_MOST_CANDIDATES]
        records = _records({person_id for pair in candidates for person_id in pair})
    compared = (
        (compare(records[one][0], records[other][0]), one, other)
        for one, other in candidates
        if one in records and other in records
    )
    likely = sorted(
        (found for found in compared if found[0].is_likely), key=lambda found: (-found[0].score, found[1], found[2])
    )
    pairs = tuple(_pair(match, records[one][1], records[other][1]) for match, one, other in likely[:limit])
    return Duplicates(pairs, is_complete and len(likely) <= limit)


def _records(person_ids: Iterable[int]) -> dict[int, tuple[Likeness, DuplicatePerson]]:
    wanted = list(person_ids)
    homes = {
        one.person_id: one.household
        for one in Membership.objects.select_related("household").filter(person_id__in=wanted, end_on=None)
    }
    records = {}
    # the telephone is compared by its index, so it stays sealed
    for person in Person.objects.filter(id__in=wanted).defer("phone"):
        home = homes.get(person.pk)
        household_id = None if home is None else home.pk
        likeness = Likeness(
            person_id=person.pk,
            name=person.name,
            sex=person.sex,
            birth_date=person.birth_date,
            number=person.document_number or None,
            phone=person.phone_index.hex() if person.phone_index else None,
            division_code=person.division_code,
            household_id=household_id,
        )
        shown = DuplicatePerson(
            person_id=person.pk,
            name=person.name,
            sex=person.sex,
            birth_date=person.birth_date,
            document_number=masked_document(person.document_number),
            division_code=person.division_code,
            household_id=household_id,
            household_number="" if home is None else home.number,
            died_on=person.died_on,
        )
        records[person.pk] = likeness, shown
    return records


def _pair(match: Match, first: DuplicatePerson, second: DuplicatePerson) -> DuplicatePair:
    return DuplicatePair(first, second, match.score, match.reasons_zh, match.reasons_en)
