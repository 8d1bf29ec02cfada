"""How a simulator tells a register of the synthetic city in a provider's own words.

A register is rows of columns as the demonstration writes them (`citizen_id`, `name`, then its own). Nothing here is
used outside the demonstration and tests.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from jiuzhu.connectors.reading.columns import ItemMapping
from jiuzhu.rooms.verification.ports import Value

RegisterRow = Mapping[str, object]
Told = Callable[[RegisterRow], Value | None]


@dataclass(frozen=True, slots=True)
class Play:
    """An item as told from a register: each field from a row; `number` and `holder` are the register's columns."""

    register: str
    fields: Mapping[str, Told]
    keeps: Callable[[RegisterRow], bool] = lambda _row: True
    number: str = "citizen_id"
    holder: str = "name"


def same(column: str) -> Told:
    """Text as it stands."""
    return lambda row: str(row[column])


def whole(column: str) -> Told:
    """A whole number."""
    return lambda row: int(str(row[column]))


def tenths(column: str) -> Told:
    """A number kept in tenths."""
    return lambda row: Decimal(int(str(row[column]))) / 10


def exact(column: str) -> Told:
    """A number as a decimal."""
    return lambda row: Decimal(str(row[column]))


def choice(column: str, *words: str) -> Told:
    """A code from the register's index."""
    return lambda row: words[int(str(row[column]))]


def on(column: str) -> Told:
    """A day, nothing when the register has none."""
    return lambda row: date.fromisoformat(str(row[column])) if row[column] else None


def flag(column: str) -> Told:
    """Yes or no."""
    return lambda row: str(row[column]) in ("1", "True")


def filled(column: str) -> Callable[[RegisterRow], bool]:
    """Only rows that have something there."""
    return lambda row: bool(row[column])


def cells_of(play: Play, mapping: ItemMapping, row: RegisterRow, reference: str) -> dict[str, str]:
    """One row as the provider sends it."""
    cells = {
        mapping.number: str(row[play.number]),
        mapping.holder: str(row[play.holder]),
        mapping.reference: reference,
    }
    for name, tell in play.fields.items():
        value = tell(row)
        column = mapping.columns[name]
        cells[column.name] = "" if value is None else column.write(value)
    return cells
