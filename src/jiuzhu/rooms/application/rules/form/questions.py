"""Questions and papers that packs ask for, as values; `deriving` makes them, `answers` reads them back."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TypeAlias

from jiuzhu.engine.household.facts import Origin
from jiuzhu.engine.kinds import Base, Kind
from jiuzhu.engine.packs.model import ROOT
from jiuzhu.engine.packs.pieces import Label
from jiuzhu.engine.packs.programmes import Receiver
from jiuzhu.engine.program.nodes import Key

UNKNOWN = "?"  # no value of any kind looks like this
AnswerKey: TypeAlias = "tuple[int | None, str]"
"""How an answer is kept: whom it is about (None: the household), and the fact."""


def field_of(person_id: int | None, fact: str) -> str:
    """The name of the field of a kept answer; facts of further entities are kept by their whole name."""
    if "." in fact:
        return fact
    return f"{ROOT}.{fact}" if person_id is None else f"{Receiver.PERSON}.{person_id}.{fact}"


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a question is about: the household (`row` 0, no person) or a row of an entity; persons by their id."""

    entity: str
    row: int
    person_id: int | None
    name: str

    def field(self, fact: str) -> str:
        """The name of a field: `household.rent`, `person.12.can_eat` (the person's id), `supporter.1.is_dibao`."""
        if self.entity == ROOT:
            return f"{ROOT}.{fact}"
        return f"{self.entity}.{self.person_id if self.person_id is not None else self.row + 1}.{fact}"


@dataclass(frozen=True, slots=True)
class Option:
    """A code that can be chosen, and its name."""

    code: str
    label: Label


@dataclass(frozen=True, slots=True)
class Prefilled:
    """What is known already, as a form writes it, where it comes from and since when."""

    value: str
    origin: Origin | None
    found_on: date | None


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `asked_by` are the programmes that rest on the answer: why it is asked.

    `is_needed`: without it a programme stays open. To say that it is not known is an answer to that as well. `lowest`
    and `highest` bound numbers and days, as they are held in memory.
    """

    subject: Subject
    fact: Key
    kind: Kind
    label: Label
    text: Label
    unit: Label
    lowest: int
    highest: int
    asked_by: tuple[str, ...]
    why: tuple[Label, ...]
    is_needed: bool
    personal_data: str
    prefilled: Prefilled | None = None

    @property
    def field(self) -> str:
        """The name of the field."""
        return self.subject.field(self.fact[1])

    @property
    def key(self) -> AnswerKey:
        """How its answer is kept."""
        is_kept_by_name = self.subject.entity in (ROOT, Receiver.PERSON)
        return self.subject.person_id, self.fact[1] if is_kept_by_name else self.field

    @property
    def options(self) -> tuple[Option, ...]:
        """The codes to choose from; none for other kinds."""
        if self.kind.base is not Base.CODE:
            return ()
        return tuple(
            Option(code, Label(*names)) for code, names in zip(self.kind.options, self.kind.names, strict=True)
        )


@dataclass(frozen=True, slots=True)
class Section:
    """The questions about one subject."""

    subject: Subject
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper that no register holds. `is_needed` None: that turns out with the answers."""

    programme: str
    programme_label: Label
    key: str
    person_id: int | None
    label: Label
    why_not_fetched: Label
    from_whom: str
    accepts: tuple[str, ...]
    is_needed: bool | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is applied for: a programme, for the household or for one person."""

    programme: str
    person_id: int | None = None


@dataclass(frozen=True)
class Form:
    """The form of an application under the packs of a digest, as of a day."""

    pack_digest: str
    on: date
    wanted: tuple[Wanted, ...]
    sections: tuple[Section, ...]
    papers: tuple[Paper, ...]

    @cached_property
    def questions(self) -> dict[str, Question]:
        """All questions by the names of their fields, in order."""
        return {one.field: one for section in self.sections for one in section.questions}
