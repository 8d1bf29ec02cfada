"""The board of standards: each figure that cities and counties set, place by place, as it is in force on a day.

Nothing here names anybody: standards are public (政府信息公开条例 art. 20), and where none is on file that is said.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from jiuzhu.core.citations import Citation
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.engine.explaining.wording import value_words
from jiuzhu.engine.kinds import Base
from jiuzhu.engine.packs.fields import SINCE_EVER
from jiuzhu.engine.packs.model import PackSet, Parameter
from jiuzhu.engine.packs.pieces import Label
from jiuzhu.rooms.catalogue.queries.in_force import public_packs
from jiuzhu.rooms.catalogue.rules.standards import Floor, floors_of

_OF_A_CITY = 4  # so many digits at least has the prefix of a figure that a city or county sets
_PUBLISHED = "catalogue.standard:"


@dataclass(frozen=True, slots=True)
class BoardCell:
    """A figure as it holds in a place: its own, or that of a wider place; `value` is None when none is on file.

    `standard_id` is that of the published standard, None for a value of the packs; `demo` is no published figure.
    """

    division: DivisionCode
    value: Label | None
    is_own: bool = False
    demo: bool = False
    since: date | None = None
    until: date | None = None
    basis: tuple[Citation, ...] = ()
    standard_id: int | None = None
    floors: tuple[Floor, ...] = ()

    @property
    def is_below_a_floor(self) -> bool:
        """Whether it lies below a floor that is known."""
        return any(one.is_met is False for one in self.floors)


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A figure with a cell for each place asked for, in their order; `programme` is the folder that brings it."""

    name: str
    label: Label
    programme: str
    programme_label: Label | None
    cells: tuple[BoardCell, ...]


@dataclass(frozen=True, slots=True)
class Settable:
    """A figure for which a standard can be proposed."""

    name: str
    label: Label
    unit: str


def public_board(*, divisions: Sequence[DivisionCode], on: date, text: str = "") -> tuple[BoardRow, ...]:
    """The figures that cities and counties set, for some places on a day; narrowed by words of their names."""
    packs = public_packs(on)
    rows = []
    for parameter in packs.parameters.values():
        if _is_set_locally(parameter) and _is_meant(parameter, text):
            programme = _programme(parameter, packs)
            cells = tuple(_cell(packs, parameter, division, on) for division in divisions)
            version = packs.programmes[programme].versions[-1] if programme else None
            rows.append(
                BoardRow(parameter.name, parameter.label, programme, None if version is None else version.short, cells)
            )
    return tuple(sorted(rows, key=lambda one: (one.programme, one.name)))


def public_settable(*, on: date, text: str = "") -> tuple[Settable, ...]:
    """The figures for which a standard can be proposed, by their Chinese names."""
    found = [
        Settable(one.name, one.label, one.kind.unit.value)
        for one in public_packs(on).parameters.values()
        if one.kind.base is Base.NUMBER and _is_meant(one, text)
    ]
    return tuple(sorted(found, key=lambda one: (one.label.zh, one.name)))


def public_floors(*, parameter: str, value: int, division: DivisionCode, on: date) -> tuple[Floor, ...]:
    """The floors that packs in force state for a figure in a place; empty when they state none, or do not have it."""
    packs = public_packs(on)
    found = packs.parameters.get(parameter)
    return () if found is None else floors_of(packs, found, value, division, on)


def _is_set_locally(parameter: Parameter) -> bool:
    return parameter.kind.base is Base.NUMBER and any(len(one.prefix) >= _OF_A_CITY for one in parameter.entries)


def _is_meant(parameter: Parameter, text: str) -> bool:
    told = (parameter.name, parameter.label.zh, parameter.label.en.lower())
    return all(any(word.lower() in part for part in told) for word in text.split())


def _programme(parameter: Parameter, packs: PackSet) -> str:
    folders = parameter.place.file.split("/")
    return next((one for one in folders if one in packs.programmes), "")


def _cell(packs: PackSet, parameter: Parameter, division: DivisionCode, on: date) -> BoardCell:
    entry = parameter.entry(division.value, on)
    if entry is None:
        return BoardCell(division, None)
    number = entry.place.file.removeprefix(_PUBLISHED)
    return BoardCell(
        division,
        value_words(parameter.kind, Fraction(entry.value, 10**parameter.kind.places)),
        is_own=entry.prefix == division.prefix,
        demo=entry.demo,
        since=entry.period.start if entry.period.start > SINCE_EVER else None,
        until=entry.period.end,
        basis=entry.basis,
        standard_id=int(number) if number != entry.place.file else None,
        floors=floors_of(packs, parameter, entry.value, division, on),
    )
