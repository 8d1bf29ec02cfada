"""What a report says, frozen: as dataclasses for pages and documents, as JSON for the database."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class ReportPerson:
    """Somebody who was asked about; `number` is masked."""

    id: int
    name: str = field(repr=False)
    number: str = field(repr=False)
    role: str


@dataclass(frozen=True, slots=True)
class ReportRecord:
    """One line of a register in words: (field, value) in both languages, and the traps it shows (keys of findings)."""

    reference: str
    cells: tuple[tuple[str, str, str, str], ...] = field(repr=False)
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportAnswer:
    """What a source said of a person, or why it is unknown. `state` is that of the item."""

    item_id: int
    person_id: int
    source: str
    source_zh: str
    source_en: str
    item: str
    item_zh: str
    item_en: str
    state: str
    cause_zh: str
    cause_en: str
    data_as_of: str
    reference: str
    records: tuple[ReportRecord, ...]
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReportFact:
    """Declared against found. Values are words for people in both languages, empty when there is none.

    `outcome` is `same`, `different`, `not_declared`, `unknown` or `undecided` (found, but a trap stands open). `tests`
    are the names of the tests that read the fact, by programme.
    """

    person_id: int | None
    key: str
    zh: str
    en: str
    declared: tuple[str, str]
    declared_on: str
    found: tuple[str, str]
    outcome: str
    source: str
    data_as_of: str
    doubts: tuple[str, ...]
    tests: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ReportContent:
    """Everything a version of a report says."""

    persons: tuple[ReportPerson, ...]
    answers: tuple[ReportAnswer, ...]
    facts: tuple[ReportFact, ...]

    @property
    def unknown(self) -> tuple[ReportAnswer, ...]:
        """The items that stay unknown."""
        return tuple(one for one in self.answers if one.cause_zh)

    @property
    def differences(self) -> tuple[ReportFact, ...]:
        """The facts that differ from what was declared."""
        return tuple(one for one in self.facts if one.outcome == "different")

    def of_persons(self, ids: frozenset[int]) -> "ReportContent":
        """Only what concerns these persons; facts of the household stay."""
        return ReportContent(
            tuple(one for one in self.persons if one.id in ids),
            tuple(one for one in self.answers if one.person_id in ids),
            tuple(one for one in self.facts if one.person_id is None or one.person_id in ids),
        )

    def as_json(self) -> str:
        """The form kept, the same for the same content."""
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"), sort_keys=True)

    @property
    def sha256(self) -> str:
        """The hash of what is said."""
        return hashlib.sha256(self.as_json().encode()).hexdigest()


def content_from_json(text: str) -> ReportContent:
    """Read what `as_json` wrote."""
    said: Mapping[str, Any] = json.loads(text)
    return ReportContent(
        tuple(ReportPerson(**one) for one in said["persons"]),
        tuple(_answer(one) for one in said["answers"]),
        tuple(_fact(one) for one in said["facts"]),
    )


def _answer(said: Mapping[str, Any]) -> ReportAnswer:
    records = tuple(
        ReportRecord(
            one["reference"],
            tuple((cell[0], cell[1], cell[2], cell[3]) for cell in one["cells"]),
            tuple(one["remarks"]),
        )
        for one in said["records"]
    )
    return ReportAnswer(**{**said, "records": records, "remarks": tuple(said["remarks"])})


def _fact(said: Mapping[str, Any]) -> ReportFact:
    return ReportFact(
        **{
            **said,
            "declared": (said["declared"][0], said["declared"][1]),
            "found": (said["found"][0], said["found"][1]),
            "doubts": tuple(said["doubts"]),
            "tests": tuple((zh, en) for zh, en in said["tests"]),
        }
    )
