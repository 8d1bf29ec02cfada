"""Households, persons, memberships, search pieces, guardianships and life events of a chunk as rows."""

from functools import lru_cache

import numpy as np
from django.db.backends.utils import CursorWrapper

from jiuzhu.demo.city.arrays import DAY, NOT_A_DAY, Bools
from jiuzhu.demo.city.households import FIRST_CHILD, OLD_FATHER, Kind
from jiuzhu.demo.city.people import Relation
from jiuzhu.demo.loading.copying import NULL, copy_rows, dates
from jiuzhu.demo.loading.numbered import Numbered
from jiuzhu.demo.loading.sealing import index_column, sealed_column
from jiuzhu.rooms.registry.rules.grams import name_grams
from jiuzhu.rooms.registry.states import CustodyState, DocumentKind, GuardianshipKind, LifeEventKind, RegisteredKind

_FULL_AGE = 18
_grams = lru_cache(maxsize=400_000)(lambda name: sorted(name_grams(name)))


def copy_people(cursor: CursorWrapper, numbered: Numbered, village_names: list[str]) -> None:
    """Write everything of a chunk that says who there is and who lives with whom."""
    _households(cursor, numbered, village_names)
    _persons(cursor, numbered)
    _pieces(cursor, numbered)
    _memberships(cursor, numbered)
    _guardianships(cursor, numbered)
    _events(cursor, numbered)


def _households(cursor: CursorWrapper, numbered: Numbered, village_names: list[str]) -> None:
    homes, people = numbered.chunk.households, numbered.chunk.people
    count = len(homes.number)
    ids, codes = numbered.household_id.tolist(), homes.division_code.tolist()
    last_death = np.full(count, np.datetime64("0001-01-01", "D"))
    dead = ~people.living
    np.maximum.at(last_death, people.household[dead], people.died[dead])
    addresses = [
        f"{village_names[village]}{house}号"
        for village, house in zip(homes.village.tolist(), (homes.number % 900 + 1).tolist(), strict=True)
    ]
    urban = people.urban_hukou[homes.head]
    copy_rows(
        cursor,
        "registry_household",
        count,
        {
            "id": list(map(str, ids)),
            "number": [f"{code[:6]}-{one:08d}" for code, one in zip(codes, ids, strict=True)],
            "division_code": codes,
            "registered_kind": np.where(urban, RegisteredKind.URBAN.value, RegisteredKind.RURAL.value).tolist(),
            "address": sealed_column("Household", "address", addresses),
            "place": "",
            "opened_on": dates(numbered.opened),
            "closed_on": dates(np.where(homes.extinct, last_death, NOT_A_DAY).astype(DAY)),
            "successor_id": NULL,
            "flag": "",
            "registered_at": numbered.at.isoformat(),
        },
    )


def _persons(cursor: CursorWrapper, numbered: Numbered) -> None:
    people, events = numbered.chunk.people, numbered.chunk.events
    numbers, phones = people.citizen_id.tolist(), people.phone.tolist()
    imprisoned = ~np.isnat(events.custody_from)
    copy_rows(
        cursor,
        "registry_person",
        len(people),
        {
            "id": list(map(str, numbered.person_id.tolist())),
            "name": people.name.tolist(),
            "name_note": "",
            "sex": list(map(str, people.sex.tolist())),
            "birth_date": dates(people.born),
            "ethnicity": [f"{code:02d}" for code in people.ethnicity.tolist()],
            "marital": list(map(str, people.marital.tolist())),
            "document_kind": DocumentKind.CITIZEN_ID.value,
            "document_number": sealed_column("Person", "document_number", numbers),
            "document_index": index_column("Person", "document_index", numbers),
            "phone": sealed_column("Person", "phone", phones),
            "phone_index": index_column("Person", "phone_index", phones),
            "phone_last4": [phone[-4:] for phone in phones],
            "division_code": numbered.division,
            "died_on": dates(people.died),
            "custody": np.where(imprisoned, CustodyState.IMPRISONED.value, CustodyState.FREE.value).tolist(),
            "protection": "",
            "merged_into_id": NULL,
            "registered_at": numbered.at.isoformat(),
        },
    )


def _pieces(cursor: CursorWrapper, numbered: Numbered) -> None:
    pieces = [_grams(name) for name in numbered.chunk.people.name.tolist()]
    counts = np.array([len(found) for found in pieces], dtype=np.int64)
    persons, codes = numbered.person_id, np.array(numbered.division)
    copy_rows(
        cursor,
        "registry_person_gram",
        int(counts.sum()),
        {
            "gram": [gram for found in pieces for gram in found],
            "division_code": np.repeat(codes, counts).tolist(),
            "person_id": list(map(str, np.repeat(persons, counts).tolist())),
        },
    )


def _memberships(cursor: CursorWrapper, numbered: Numbered) -> None:
    people, events = numbered.chunk.people, numbered.chunk.events
    head = people.relation == Relation.HEAD
    counted = np.isnat(events.custody_from)
    start = np.maximum(numbered.opened[people.household], people.born)
    copy_rows(
        cursor,
        "registry_membership",
        len(people),
        {
            "household_id": list(map(str, numbered.household_id[people.household].tolist())),
            "person_id": list(map(str, numbered.person_id.tolist())),
            "division_code": numbered.division,
            "relation": [f"{code:02d}" for code in people.relation.tolist()],
            "is_head": _flags(head),
            "counts_as_member": _flags(counted),
            "start_on": dates(start),
            "end_on": dates(people.died),
            "end_reason": np.where(people.living, "", "死亡").tolist(),
        },
    )


def _guardianships(cursor: CursorWrapper, numbered: Numbered) -> None:
    """Children without parents, and children whom their parents leave with the grandparents by agreement."""
    people, homes, events = numbered.chunk.people, numbered.chunk.households, numbered.chunk.events
    kind = homes.kind[people.household]
    guardian = homes.head[people.household]
    fit = people.living[guardian] & np.isnat(events.custody_from[guardian]) & (people.age[guardian] >= _FULL_AGE)
    young = (people.place >= FIRST_CHILD) & (people.place < OLD_FATHER)
    minor = people.living & (people.age < _FULL_AGE) & young & fit
    unsupported = kind == Kind.GUARDIAN_AND_WARDS
    rows = np.flatnonzero(minor & (unsupported | (kind == Kind.GRANDPARENTS_AND_GRANDCHILDREN)))
    of_kin = people.relation != Relation.OTHER_RELATIVE
    ground = np.where(
        unsupported,
        np.where(of_kin, GuardianshipKind.STATUTORY.value, GuardianshipKind.APPOINTED.value),
        GuardianshipKind.AGREED.value,
    )
    codes = numbered.chunk.households.division_code[people.household]
    copy_rows(
        cursor,
        "registry_guardianship",
        len(rows),
        {
            "ward_id": list(map(str, numbered.person_id[rows].tolist())),
            "guardian_id": list(map(str, numbered.person_id[guardian[rows]].tolist())),
            "guardian_body": "",
            "kind": ground[rows].tolist(),
            "division_code": codes[rows].tolist(),
            "start_on": dates(np.maximum(numbered.opened[people.household], people.born)[rows]),
            "end_on": NULL,
            "evidence": np.where(unsupported, "监护情况说明（演示）", "委托照护协议（演示）")[rows].tolist(),
        },
    )


def _events(cursor: CursorWrapper, numbered: Numbered) -> None:
    people, events = numbered.chunk.people, numbered.chunk.events
    codes = numbered.chunk.households.division_code[people.household]
    moved = ~np.isnat(events.moved_on) & (events.moved_on >= people.born)
    for kind, happened, rows, evidence in (
        (LifeEventKind.DEATH, people.died, np.flatnonzero(~people.living), "死亡医学证明（演示）"),
        (LifeEventKind.MOVE, events.moved_on, np.flatnonzero(moved), "户口迁移证（演示）"),
        (
            LifeEventKind.IMPRISONMENT,
            events.custody_from,
            np.flatnonzero(~np.isnat(events.custody_from)),
            "刑事判决书（演示）",
        ),
    ):
        details = [f'{{"division_code": "{code}"}}' for code in codes[rows].tolist()]
        copy_rows(
            cursor,
            "registry_life_event",
            len(rows),
            {
                "person_id": list(map(str, numbered.person_id[rows].tolist())),
                "household_id": list(map(str, numbered.household_id[people.household[rows]].tolist())),
                "division_code": codes[rows].tolist(),
                "kind": kind.value,
                "happened_on": dates(happened[rows]),
                "recorded_at": numbered.at.isoformat(),
                "recorded_by": NULL,
                "evidence": evidence,
                "details": details if kind is LifeEventKind.MOVE else "{}",
            },
        )


def _flags(values: Bools) -> list[str]:
    flags: list[str] = np.where(values, "t", "f").tolist()
    return flags
