"""What packs hold, as values: instruments, parameters, facts, formulas, programmes. Everything knows its place."""

from dataclasses import dataclass, field
from datetime import date

from jiuzhu.core.citations import Citation
from jiuzhu.core.periods import Period
from jiuzhu.engine.kinds import Kind
from jiuzhu.engine.packs.pieces import Formula, Label
from jiuzhu.engine.packs.programmes import Programme
from jiuzhu.engine.problems import Place

__all__ = [
    "ROOT",
    "Entity",
    "Entry",
    "Formula",
    "Label",
    "Layer",
    "PackSet",
    "Parameter",
    "Programme",
    "Source",
    "Variable",
]

ROOT = "household"


@dataclass(frozen=True, slots=True)
class Layer:
    """One level of government: its code prefix (empty for the State) and how its folder is called."""

    prefix: str
    name: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A value of a parameter for the divisions under `prefix` during a period.

    `demo` marks a demonstration value: the city has published none, and every page that uses it says so.
    """

    prefix: str
    period: Period
    value: int
    basis: tuple[Citation, ...]
    demo: bool
    place: Place


@dataclass(frozen=True, slots=True)
class Parameter:
    """A dated value of policy. Outside its periods or divisions it is unknown, never the nearest one."""

    name: str
    kind: Kind
    label: Label
    entries: tuple[Entry, ...]
    place: Place

    def entry(self, division: str, on: date) -> Entry | None:
        """The value for a 12-digit division on a day: that of the longest prefix; None when there is none."""
        known = [one for one in self.entries if division.startswith(one.prefix) and one.period.contains(on)]
        return max(known, key=lambda one: len(one.prefix), default=None)


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact comes from and how it is asked for when no source answers."""

    register: str
    question: Label | None
    material: str
    personal_data: str


@dataclass(frozen=True, slots=True)
class Variable:
    """A fact (with `source`) or a derived figure (with `formulas`) of an entity.

    A required fact is never unknown. An `exact` figure is carried as a fraction and not rounded; all other numbers
    are rounded once, half away from zero, to the places of their kind. `reasons` say yes, no and unknown in words.
    `personal_data` is what a figure gives away where a pack says so, in place of all that its facts would.
    """

    entity: str
    name: str
    kind: Kind
    label: Label
    place: Place
    programme: str = ""
    source: Source | None = None
    formulas: tuple[Formula, ...] = ()
    required: bool = False
    exact: bool = False
    reasons: tuple[tuple[str, Label], ...] = ()
    personal_data: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """Entity and name."""
        return self.entity, self.name

    @property
    def full_name(self) -> str:
        """`entity.name`."""
        return f"{self.entity}.{self.name}"


@dataclass(frozen=True, slots=True)
class Entity:
    """A sort of thing that has facts: the household, or one that belongs to a household."""

    name: str
    label: Label
    parent: str
    most: int


@dataclass(frozen=True, slots=True)
class PackSet:
    """All packs of the layers that were read together, with the digest of everything that was read."""

    layers: tuple[Layer, ...]
    instruments: dict[str, Citation]
    entities: dict[str, Entity]
    parameters: dict[str, Parameter]
    variables: dict[tuple[str, str], Variable]
    digest: str
    programmes: dict[str, Programme] = field(default_factory=dict)
