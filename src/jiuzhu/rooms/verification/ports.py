"""What the room asks of the departments' connectors, and what it may be told.

A connector answers with an `Answer` (found, or none found) or with `Unavailable`. There is no third way: what a source
did not say, said too late, or said in a way nobody can read is unavailable, and unavailable stays unknown.
Which of three ways a source is asked by, its `transport` says:

- `HTTP`: `Connector.ask` answers at once.
- `FILE`: `BatchConnector.send_batch` puts a file out, `collect` reads what came back, perhaps days later.
- `MANUAL`: a department's officer reads the question on a page; `ManualConnector.read_reply` judges what was entered.

Connectors are found and registered when the program starts (`register_connectors`); the room never imports one.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Protocol, runtime_checkable

from jiuzhu.core.errors import InvalidValue, NotFound

Value = str | int | bool | date | Decimal
"""Text or a code, a whole number (money in fen), yes or no, a day, a measure with decimals."""

_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{7,99}")


class Transport(StrEnum):
    """How a source is asked."""

    HTTP = "http"
    FILE = "file"
    MANUAL = "manual"


class FieldType(StrEnum):
    """What a field of a record holds; the type in Python stands behind it."""

    TEXT = "text"  # str
    CODE = "code"  # str, one of the field's codes
    FEN = "fen"  # int, money in whole fen
    COUNT = "count"  # int
    MEASURE = "measure"  # Decimal
    PERCENT = "percent"  # Decimal, 0 to 100
    DAY = "day"  # date
    TRUTH = "truth"  # bool


class Reading(StrEnum):
    """How the records of an item make one value of a fact."""

    COUNT = "count"  # how many records
    ANY = "any"  # yes when there is a record
    SUM = "sum"  # the field's values added up
    SHARED_SUM = "shared_sum"  # added up, each by the subject's share of it (`share_percent` of the record)
    LATEST = "latest"  # the field's latest day
    VALUE = "value"  # the field's value on the record with the latest data day


class Comparison(StrEnum):
    """When a declared value and what was found count as different."""

    EQUAL = "equal"  # any difference counts
    MORE_THAN_DECLARED = "more_than_declared"  # only what was found beyond what was declared counts
    NOT_COMPARED = "not_compared"  # shown side by side, never a difference (auxiliary)


class Cause(StrEnum):
    """Why a source gave no answer that can be used."""

    TIMEOUT = "timeout"
    DOWN = "down"
    REFUSED = "refused"
    MALFORMED = "malformed"
    WRONG_PERSON = "wrong_person"
    TRUNCATED = "truncated"
    TOO_LARGE = "too_large"
    TOO_LATE = "too_late"
    DUPLICATE = "duplicate"
    BAD_SIGNATURE = "bad_signature"
    CONTRADICTORY = "contradictory"
    NO_ANSWER = "no_answer"
    NOT_CONNECTED = "not_connected"
    WITHDRAWN = "withdrawn"
    OTHER = "other"


CAUSES: Mapping[Cause, tuple[str, str]] = MappingProxyType(
    {
        Cause.TIMEOUT: ("来源单位未在时限内响应", "The source did not answer in time"),
        Cause.DOWN: ("无法连接来源单位", "The source cannot be reached"),
        Cause.REFUSED: ("来源单位拒绝查询", "The source refused the query"),
        Cause.MALFORMED: ("回复内容无法识别", "The reply cannot be read"),
        Cause.WRONG_PERSON: ("回复的不是被查询人", "The reply is about another person"),
        Cause.TRUNCATED: ("回复不完整", "The reply is not complete"),
        Cause.TOO_LARGE: ("回复超过大小限制", "The reply is too large"),
        Cause.TOO_LATE: ("回复超过期限", "The reply came after its deadline"),
        Cause.DUPLICATE: ("回复重复", "The reply came twice"),
        Cause.BAD_SIGNATURE: ("回复签名无效", "The reply's signature is not valid"),
        Cause.CONTRADICTORY: ("回复自相矛盾", "The reply contradicts itself"),
        Cause.NO_ANSWER: ("没有收到该查询的回复", "No reply to this question came"),
        Cause.NOT_CONNECTED: ("该来源单位尚未接入", "The source is not connected"),
        Cause.WITHDRAWN: (
            "授权已撤回或已到期，不再查询",
            "The mandate was withdrawn or is over; nothing more is asked",
        ),
        Cause.OTHER: ("其他原因", "Another reason"),
    }
)


@dataclass(frozen=True, slots=True)
class Subject:
    """Who is asked about. The representation shows nobody, so that logs cannot."""

    id_number: str = field(repr=False)
    name: str = field(repr=False)
    birth_date: date | None = field(default=None, repr=False)
    former_numbers: tuple[str, ...] = field(default=(), repr=False)

    @property
    def numbers(self) -> tuple[str, ...]:
        """The number of today and those it replaced, the 15-digit form of each included."""
        known = (self.id_number, *self.former_numbers)
        old = tuple(number[:6] + number[8:17] for number in known if len(number) == 18)
        return tuple(dict.fromkeys((*known, *old)))


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a person filed against a reply: the file by its hash, never the file."""

    kind: str
    sha256: str
    note: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Question:
    """One question to one source about one person. Without a purpose and an authorisation it cannot be made.

    `attempt_key` names this attempt for ever: asked twice with one key, a source is troubled once. A question that
    disputes an earlier answer names the provider's reference of that answer and the evidence.
    """

    attempt_key: str
    item: str
    subject: Subject
    purpose: str
    authorisation_number: str
    asking_office: str
    day: date
    period_from: date | None = None
    period_to: date | None = None
    disputed_reference: str | None = None
    evidence: tuple[Evidence, ...] = ()
    due: datetime | None = None

    def __post_init__(self) -> None:
        if not _KEY.fullmatch(self.attempt_key):
            raise InvalidValue(
                "verification.question.attempt_key",
                "查询编号应为8至100位字母、数字或 . _ : -，请由系统生成",
                "An attempt key has 8 to 100 letters, digits or . _ : -; let the system make it.",
                field="attempt_key",
            )
        for name, value, zh, en in (
            ("purpose", self.purpose, "没有写明查询目的，不得查询", "No purpose is stated: nothing may be asked."),
            (
                "authorisation_number",
                self.authorisation_number,
                "没有授权书编号，不得查询",
                "No authorisation is named: nothing may be asked.",
            ),
            ("asking_office", self.asking_office, "没有写明查询单位，不得查询", "No asking office is named."),
            ("item", self.item, "没有写明查询事项，不得查询", "No item is named."),
            ("subject", self.subject.id_number, "没有被查询人的证件号码，不得查询", "The subject has no number."),
        ):
            if not value.strip():
                raise InvalidValue(f"verification.question.{name}", zh, en, field=name)
        if self.period_from and self.period_to and self.period_from > self.period_to:
            raise InvalidValue(
                "verification.question.period",
                "查询期间的开始日期晚于结束日期，请核对",
                "The period begins after it ends; check both days.",
                field="period_from",
            )
        if bool(self.evidence) and self.disputed_reference is None:
            raise InvalidValue(
                "verification.question.dispute",
                "提交异议证据时应写明原回复编号",
                "Evidence needs the reference of the reply that it disputes.",
                field="disputed_reference",
            )


@dataclass(frozen=True, slots=True)
class Record:
    """One line of a register: the item's fields by name (a field that the register left empty is absent)."""

    values: Mapping[str, Value] = field(repr=False)
    data_day: date
    provider_reference: str


class Finding(StrEnum):
    """What an answer says."""

    FOUND = "found"
    NONE_FOUND = "none_found"


@dataclass(frozen=True, slots=True)
class Answer:
    """A source's answer: what it found, as of which day, and the hash of the bytes that came.

    `certain` is False when a record may be somebody else's (only the name fits, or the name differs): a person decides.
    """

    finding: Finding
    records: tuple[Record, ...]
    data_as_of: date
    provider_reference: str
    sha256: str
    warnings: tuple[tuple[str, str], ...] = ()
    certain: bool = True

    def __post_init__(self) -> None:
        if (self.finding is Finding.FOUND) != bool(self.records):
            raise InvalidValue(
                "verification.answer.finding",
                "“查有信息”必须有记录，“查无信息”不得有记录",
                "Found needs records, and none found has none.",
            )


@dataclass(frozen=True, slots=True)
class Unavailable:
    """No usable answer: why, in words for people without personal data, and where in what came (file, row, column)."""

    cause: Cause
    message_zh: str
    message_en: str
    where: str = ""
    sha256: str = ""
    retry: bool = False


Outcome = Answer | Unavailable


@dataclass(frozen=True, slots=True)
class Field:
    """A field of an item's records. `codes` (of a code) are value → (中文, English)."""

    name: str
    zh: str
    en: str
    type: FieldType
    personal_data: str
    unit: str = ""
    required: bool = True
    codes: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    lowest: int | None = 0


@dataclass(frozen=True, slots=True)
class FactReading:
    """A fact of the policy packs that an item answers. Money is read in fen here, whatever the pack's unit.

    `of` names the field that is read. `when_none` is the value when the source found nothing; None when nothing found
    says nothing about the fact. `only` takes the records whose fields have one of the values
    (`{"state": ("normal",)}`).
    """

    scope: str
    fact: str
    reading: Reading
    comparison: Comparison
    of: str | None = None
    when_none: Value | None = None
    only: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Remark:
    """A trap in a record (`domain`: shares, joint accounts …): when `field` has one of the `values`, or lies `below`.

    `finding` is a finding of the engine's matching (`joint_account`), whose meaning says what stays unknown and what to
    look at.
    """

    finding: str
    field: str
    values: tuple[Value, ...] = ()
    below: int | None = None

    def fits(self, record: Record) -> bool:
        """Whether the remark is true of a record."""
        value = record.values.get(self.field)
        if self.below is not None:
            return isinstance(value, int | Decimal) and not isinstance(value, bool) and value < self.below
        return value in self.values


@dataclass(frozen=True, slots=True)
class Item:
    """Something that a source can be asked for."""

    name: str
    zh: str
    en: str
    basis: str
    fields: tuple[Field, ...]
    facts: tuple[FactReading, ...] = ()
    remarks: tuple[Remark, ...] = ()
    update_frequency: str = "day"

    def field(self, name: str) -> "Field":
        """The field of this name.

        Raises:
            NotFound: there is none.
        """
        for one in self.fields:
            if one.name == name:
                return one
        raise NotFound("verification.item.field", f"没有字段{name}", f"There is no field {name}.")


@dataclass(frozen=True, slots=True)
class Source:
    """A department or platform that is asked. `deadline` is a key of the packs' terms, in working days."""

    name: str
    zh: str
    en: str
    department: str
    transport: Transport
    items: tuple[Item, ...]
    deadline: str = "source_answer_wd"
    auxiliary: bool = False

    def item(self, name: str) -> Item:
        """The item of this name.

        Raises:
            NotFound: this source has none of that name.
        """
        for one in self.items:
            if one.name == name:
                return one
        raise NotFound(
            "verification.source.item", f"{self.zh}没有查询事项{name}", f"{self.en} cannot be asked for {name}."
        )


@runtime_checkable
class HasSource(Protocol):
    """Every connector, whatever its transport."""

    @property
    def source(self) -> Source:
        """What the source is and can be asked for."""
        ...


@runtime_checkable
class Connector(HasSource, Protocol):
    """A source that answers at once (`Transport.HTTP`)."""

    def ask(self, question: Question, *, at: datetime) -> Outcome:
        """Ask, and wait no longer than the connector's patience. Never raises for what the source does."""
        ...


@runtime_checkable
class BatchConnector(HasSource, Protocol):
    """A source that takes files and gives files (`Transport.FILE`)."""

    def send_batch(self, questions: Sequence[Question], *, batch_key: str, at: datetime) -> str:
        """Put a batch out, whole or not at all; the same key again puts nothing out. Returns the file's SHA-256."""
        ...

    def collect(self, questions: Sequence[Question], *, batch_key: str, at: datetime) -> Mapping[str, Outcome] | None:
        """What came back by attempt key, every question included; None while nothing has come back."""
        ...


@runtime_checkable
class ManualConnector(HasSource, Protocol):
    """A source whose officer answers on a page (`Transport.MANUAL`)."""

    def read_reply(
        self,
        question: Question,
        rows: Sequence[Mapping[str, str]],
        *,
        data_as_of: date,
        reference: str,
        at: datetime,
    ) -> Outcome:
        """Judge what was entered: one mapping of field name to text for each record; no rows is “none found”."""
        ...


AnyConnector = Connector | BatchConnector | ManualConnector

_connectors: dict[str, AnyConnector] = {}


def register_connectors(found: Iterable[AnyConnector]) -> None:
    """Make these the connectors of the process, in the order of their names.

    Raises:
        InvalidValue: two have one name.
    """
    by_name: dict[str, AnyConnector] = {}
    for one in found:
        if one.source.name in by_name:
            raise InvalidValue(
                "verification.source.twice",
                f"数据来源{one.source.name}重复，请检查连接器目录",
                f"There are two sources named {one.source.name}; check the folders of connectors.",
            )
        by_name[one.source.name] = one
    _connectors.clear()
    _connectors.update(sorted(by_name.items()))


def connectors() -> Mapping[str, AnyConnector]:
    """The connectors of the process by the name of their source."""
    return MappingProxyType(_connectors)


def connector(name: str) -> AnyConnector:
    """The connector of a source.

    Raises:
        NotFound: no source of this name is connected.
    """
    found = _connectors.get(name)
    if found is None:
        raise NotFound(
            "verification.source", f"没有接入数据来源{name}", f"No source {name} is connected.", field="source"
        )
    return found


def sources() -> tuple[Source, ...]:
    """Every source that is connected."""
    return tuple(one.source for one in _connectors.values())
