"""From the records of answers to values of facts, with doubts kept as doubts.

A fact of a household is known only when the source has answered for every member; one that was not answered stays
unknown. A record that several members hold together (one reference) counts once. A trap that may change the amount (a
joint account, a name that differs) leaves the fact unknown: the report shows what was found, and a person decides.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from jiuzhu.engine.matching.findings import MEANINGS, Effect, Finding
from jiuzhu.rooms.verification.ports import (
    Comparison,
    FactReading,
    Item,
    Reading,
    Record,
    Value,
)
from jiuzhu.rooms.verification.states import ItemState

Stored = int | bool | str
"""A value as the registry keeps it."""

_SHARE = "share_percent"
_ALL = Decimal(100)
_OLD_DAYS = 180
BELIEVED = frozenset({ItemState.FOUND, ItemState.NONE_FOUND, ItemState.CORRECTED, ItemState.UPHELD})


@dataclass(frozen=True, slots=True)
class Answered:
    """What is believed of one item of one person: an answer, or None in `records` when it is unknown."""

    person_id: int
    source: str
    item: Item
    state: ItemState
    records: tuple[Record, ...] | None = field(repr=False)
    certain: bool = True
    data_as_of: date | None = None


@dataclass(frozen=True, slots=True)
class FactFound:
    """A fact as found. `value` None is unknown; `seen` is what the records add up to all the same, `complete` whether
    all who matter were answered for.

    `person_id` None speaks of the household. Money is in fen, days are ISO text, numbers are whole numbers of their
    last decimal place.
    """

    scope: str
    fact: str
    person_id: int | None
    source: str
    comparison: Comparison
    value: Stored | None
    seen: Stored | None
    doubts: tuple[Finding, ...]
    data_as_of: date | None
    complete: bool


def remarks_on(item: Item, record: Record) -> tuple[Finding, ...]:
    """The traps that a record shows, as the source's manifest states them."""
    return tuple(dict.fromkeys(Finding(one.finding) for one in item.remarks if one.fits(record)))


def age_of_data(data_as_of: date, applied_on: date) -> tuple[Finding, ...]:
    """Whether the data are much older than the application, or later."""
    if data_as_of > applied_on:
        return (Finding.LATER_DATA,)
    return (Finding.OLD_DATA,) if (applied_on - data_as_of).days > _OLD_DAYS else ()


def facts_found(
    answers: Iterable[Answered], *, members: Sequence[int], places: Mapping[str, int]
) -> tuple[FactFound, ...]:
    """Every fact that the items answer. `places` are the decimals of facts that are numbers with some."""
    found: list[FactFound] = []
    by_item: dict[tuple[str, str], list[Answered]] = {}
    for one in answers:
        by_item.setdefault((one.source, one.item.name), []).append(one)
    for (source, _), group in by_item.items():
        for reading in group[0].item.facts:
            if reading.scope == "household":
                found.append(_of_household(reading, source, group, members, places))
            else:
                found.extend(_of_person(reading, source, one, places) for one in group)
    return tuple(found)


def _of_person(reading: FactReading, source: str, one: Answered, places: Mapping[str, int]) -> FactFound:
    seen, doubts = _read(reading, one.item, one.records or (), places)
    known = one.records is not None and one.certain and not _undecided(doubts)
    if one.records is not None and not one.certain:
        doubts = tuple(dict.fromkeys((*doubts, Finding.NAME_DIFFERS)))
    return FactFound(
        scope=reading.scope,
        fact=reading.fact,
        person_id=one.person_id,
        source=source,
        comparison=reading.comparison,
        value=seen if known else None,
        seen=seen if one.records is not None else None,
        doubts=doubts,
        data_as_of=one.data_as_of,
        complete=one.records is not None,
    )


def _of_household(
    reading: FactReading, source: str, group: Sequence[Answered], members: Sequence[int], places: Mapping[str, int]
) -> FactFound:
    inside = [one for one in group if one.person_id in set(members)]
    answered = {one.person_id for one in inside if one.records is not None}
    together: dict[str, Record] = {}
    for one in inside:
        for record in one.records or ():
            together.setdefault(record.provider_reference, record)
    item = group[0].item
    seen, doubts = _read(reading, item, tuple(together.values()), places)
    certain = all(one.certain for one in inside)
    if not certain:
        doubts = tuple(dict.fromkeys((*doubts, Finding.NAME_DIFFERS)))
    complete = set(members) <= answered
    known = complete and certain and not _undecided(doubts)
    days = [one.data_as_of for one in inside if one.data_as_of is not None]
    return FactFound(
        scope=reading.scope,
        fact=reading.fact,
        person_id=None,
        source=source,
        comparison=reading.comparison,
        value=seen if known else None,
        seen=seen if answered else None,
        doubts=doubts,
        data_as_of=min(days, default=None),
        complete=complete,
    )


def _undecided(doubts: Iterable[Finding]) -> bool:
    return any(MEANINGS[one].effect is not Effect.TOLD for one in doubts)


def _read(
    reading: FactReading, item: Item, records: Sequence[Record], places: Mapping[str, int]
) -> tuple[Stored | None, tuple[Finding, ...]]:
    """The value of the fact in these records, and the traps in those that count."""
    counted = [
        record
        for record in records
        if all(str(record.values.get(name)) in values for name, values in reading.only.items())
    ]
    doubts = tuple(dict.fromkeys(finding for record in counted for finding in remarks_on(item, record)))
    if not counted:
        return _stored(reading.when_none, places.get(reading.fact, 0)), ()
    if reading.reading is Reading.COUNT:
        return len(counted), doubts
    if reading.reading is Reading.ANY:
        return True, doubts
    name = reading.of or ""
    values = [(record, record.values[name]) for record in counted if name in record.values]
    if len(values) < len(counted) and reading.reading in (Reading.SUM, Reading.SHARED_SUM):
        doubts = (*doubts, Finding.VALUE_MISSING)
    if not values:
        return None, (*doubts, Finding.VALUE_MISSING)
    if reading.reading is Reading.SHARED_SUM and any(_SHARE not in record.values for record, _ in values):
        doubts = (*doubts, Finding.SHARE_UNKNOWN)
    return _stored(_worked_out(reading, values), places.get(reading.fact, 0)), tuple(dict.fromkeys(doubts))


def _worked_out(reading: FactReading, values: Sequence[tuple[Record, Value]]) -> Value:
    if reading.reading is Reading.SUM:
        return sum((_number(value) for _, value in values), Decimal())
    if reading.reading is Reading.SHARED_SUM:
        return sum(
            (_number(value) * _number(record.values.get(_SHARE, _ALL)) / _ALL for record, value in values), Decimal()
        )
    if reading.reading is Reading.LATEST:
        return max(value for _, value in values if isinstance(value, date))
    return max(values, key=lambda each: each[0].data_day)[1]


def _number(value: Value) -> Decimal:
    return Decimal(value) if isinstance(value, int | Decimal) else Decimal(0)


def _stored(value: Value | None, places: int) -> Stored | None:
    """As the registry keeps it: rounded once, here."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | Decimal):
        return int((Decimal(value).scaleb(places)).quantize(Decimal(1), ROUND_HALF_UP))
    return value.isoformat() if isinstance(value, date) else value


def differs(found: Stored | None, declared: Stored | None, comparison: Comparison) -> bool | None:
    """Whether what was found differs from what was declared, by the item's own measure; None when either is unknown."""
    if comparison is Comparison.NOT_COMPARED:
        return False
    if found is None or declared is None:
        return None
    if comparison is Comparison.MORE_THAN_DECLARED and isinstance(found, int) and isinstance(declared, int):
        return found > declared
    return found != declared
