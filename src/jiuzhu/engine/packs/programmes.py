"""A programme as values: what it is, how it is decided, what must be handed in, and the letters that it sends.

Everything that a lower layer or a later day can change stands in a `Version`: one for each division that has files of
its own, and for each stretch of days in which nothing changes. `Programme.version` finds the one in force.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeAlias

from jiuzhu.core.citations import Citation
from jiuzhu.core.periods import Period
from jiuzhu.engine.packs.pieces import Formula, Label
from jiuzhu.engine.problems import Place

Key: TypeAlias = tuple[str, str]  # entity and name of a variable


class Category(StrEnum):
    """The classes of programmes (社会救助法 art. 15), and those that other laws add."""

    BASIC = "basic"
    SPECIAL = "special"
    EMERGENCY = "emergency"
    CHILDREN = "children"
    DISABILITY = "disability"
    OTHER = "other"
    SOCIETY = "society"


class Receiver(StrEnum):
    """Whom a programme's outcome is about, or whom an exclusion concerns."""

    HOUSEHOLD = "household"
    PERSON = "person"


class Rhythm(StrEnum):
    """When an amount is paid; `settled` with a hospital, school or provider, `in_kind` never in money."""

    MONTHLY = "monthly"
    YEARLY = "yearly"
    ONCE = "once"
    SETTLED = "settled"
    IN_KIND = "in_kind"


class Relation(StrEnum):
    """What holds between a programme and another that it cannot be combined with."""

    GIVES_WAY = "gives_way"  # not granted beside the other
    PREVAILS = "prevails"  # the other is not granted beside it
    HIGHER = "higher"  # the one with the higher amount
    CHOICE = "choice"  # the applicant chooses
    TOP_UP = "top_up"  # only what the other lacks


class Effect(StrEnum):
    """From when a decision pays."""

    MONTH_AFTER_DECISION = "month_after_decision"
    MONTH_OF_APPLICATION = "month_of_application"
    AT_ONCE = "at_once"


class TermUnit(StrEnum):
    """The unit of a term: working days, natural days, hours or months."""

    WORKING_DAYS = "wd"
    NATURAL_DAYS = "nd"
    HOURS = "h"
    MONTHS = "months"


class NoticeKind(StrEnum):
    """What a letter says."""

    ACCEPTED = "accepted"
    MISSING_MATERIALS = "missing_materials"
    GRANTED = "granted"
    REFUSED = "refused"
    CHANGED = "changed"
    ENDED = "ended"
    HEARING = "hearing"
    NOT_ACCEPTED = "not_accepted"
    REFERRED = "referred"


@dataclass(frozen=True, slots=True)
class Amount:
    """A figure that the programme pays: its variable, how often and to whom."""

    variable: Key
    rhythm: Rhythm
    to: str
    place: Place


@dataclass(frozen=True, slots=True)
class Exclusion:
    """What holds towards another programme; `counts` is the figure by which a top-up is reduced, if not its amounts."""

    programme: str
    who: Receiver
    how: Relation
    counts: Key | None
    basis: tuple[Citation, ...]
    demo: bool
    place: Place


@dataclass(frozen=True, slots=True)
class Alias:
    """An older or shorter name, during its period."""

    name: str
    period: Period


@dataclass(frozen=True, slots=True)
class Term:
    """A length of time, counted from a step or an event: a number, or the name of a dated parameter."""

    number: int | None
    parameter: str
    unit: TermUnit
    after: str
    place: Place


@dataclass(frozen=True, slots=True)
class Publication:
    """What is posted: which fields, on which board, where, for how many natural days (None: as long as it holds)."""

    fields: tuple[str, ...]
    board: str
    where: tuple[str, ...]
    days_nd: int | None
    parameter: str
    place: Place


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the procedure, in the order of the file."""

    key: str
    label: Label
    actor: str
    deadline: Term | None
    publishes: Publication | None
    basis: tuple[Citation, ...]
    demo: bool
    place: Place


@dataclass(frozen=True, slots=True)
class Limit:
    """How long the whole procedure may take in a sort of cases: normal, delegated, special."""

    case: str
    term: Term
    basis: tuple[Citation, ...]
    demo: bool


@dataclass(frozen=True, slots=True)
class Review:
    """How often a class of recipients is looked at again; `when` says who belongs to the class (None: the rest)."""

    name: str
    label: Label
    every: Term
    when: Formula | None
    basis: tuple[Citation, ...]
    demo: bool
    place: Place


@dataclass(frozen=True, slots=True)
class Refusal:
    """How a refusal is made known: in writing, with reasons, within a term."""

    deadline: Term | None
    basis: tuple[Citation, ...]
    demo: bool


@dataclass(frozen=True, slots=True)
class Remedy:
    """What a person can do against a decision; `first` when it must be used before the others."""

    kind: str
    label: Label
    term: Term
    first: bool
    basis: tuple[Citation, ...]
    demo: bool


@dataclass(frozen=True, slots=True)
class Process:
    """How a programme is applied for, decided, published and looked at again."""

    steps: tuple[Step, ...]
    limits: tuple[Limit, ...]
    reviews: tuple[Review, ...]
    refusal: Refusal | None
    remedies: tuple[Remedy, ...]
    effect: Effect

    def limit(self, case: str) -> Limit | None:
        """The limit of a sort of cases, that of normal cases when it has none of its own."""
        by_case = {one.case: one for one in self.limits}
        return by_case.get(case) or by_case.get("normal")


@dataclass(frozen=True, slots=True)
class Material:
    """A paper that no register holds; `when` says who must hand it in (None: everyone)."""

    key: str
    label: Label
    when: Formula | None
    from_whom: str
    accepts: tuple[str, ...]
    why_not_fetched: Label
    basis: tuple[Citation, ...]
    demo: bool
    place: Place


@dataclass(frozen=True, slots=True)
class Notice:
    """A letter; its paragraphs hold `{placeholders}` and `{variables}`, the same in both languages."""

    kind: NoticeKind
    title: Label
    paragraphs: tuple[Label, ...]
    names: frozenset[str]
    place: Place


@dataclass(frozen=True, slots=True)
class Change:
    """What a lower layer has overridden, and on what basis."""

    path: str
    layer: str
    basis: tuple[Citation, ...]
    demo: bool
    place: Place


@dataclass(frozen=True, slots=True)
class Version:
    """A programme as it is for the divisions under `prefix` during a period."""

    prefix: str
    period: Period
    name: Label
    short: Label
    category: Category
    lead: str
    groups: tuple[str, ...]
    unit: Receiver
    venues: tuple[str, ...]
    outcome: Key
    amounts: tuple[Amount, ...]
    decided_by: str
    excludes: tuple[Exclusion, ...]
    aliases: tuple[Alias, ...]
    basis: tuple[Citation, ...]
    process: Process | None
    materials: tuple[Material, ...] | None
    notices: tuple[Notice, ...]
    changes: tuple[Change, ...]
    place: Place

    def notice(self, kind: NoticeKind) -> Notice | None:
        """The letter of a kind."""
        return next((one for one in self.notices if one.kind is kind), None)


@dataclass(frozen=True, slots=True)
class Readme:
    """What a layer says of a programme in plain words."""

    layer: str
    prefix: str
    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Programme:
    """A programme, by the name of its folder, with all its versions and what is said of it in plain words."""

    name: str
    versions: tuple[Version, ...]
    readmes: tuple[Readme, ...] = ()

    def version(self, division: str, on: date) -> Version | None:
        """The version for a division on a day: that of the longest prefix; None when it does not exist there then."""
        alive = [one for one in self.versions if division.startswith(one.prefix) and one.period.contains(on)]
        return max(alive, key=lambda one: len(one.prefix), default=None)
