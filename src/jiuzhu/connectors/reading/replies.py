"""A reply is judged as a whole: it answers this question about this person, it is complete, and each cell can be read.

Every transport brings what came into the form of `Reply`; `judge` turns it into an `Answer` or says why it is none.
One line that cannot be read makes the whole reply unavailable: the rest of it would be a half truth.
"""

import fnmatch
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from jiuzhu.connectors.reading.columns import Column, ItemMapping, Unreadable, day, day8
from jiuzhu.rooms.verification.ports import (
    CAUSES,
    Answer,
    Cause,
    Field,
    FieldType,
    Finding,
    Item,
    Outcome,
    Question,
    Record,
    Subject,
    Unavailable,
    Value,
)

RECORDS_MOST = 2_000
_FOUND = {"1": Finding.FOUND, "0": Finding.NONE_FOUND}
RETRIED = frozenset({Cause.TIMEOUT, Cause.DOWN, Cause.TRUNCATED})
_ONLY_THE_NAME = ("有记录无证件号码，仅姓名相符，需人工判断", "A record has only the name: a person decides")
_ANOTHER_NAME = ("登记姓名与申报姓名不一致，需人工判断", "The name on file differs: a person decides")
_DOUBTS = frozenset({_ONLY_THE_NAME, _ANOTHER_NAME})
_NUMBERS = frozenset({FieldType.FEN, FieldType.COUNT, FieldType.MEASURE, FieldType.PERCENT})


@dataclass(frozen=True, slots=True)
class Row:
    """One line as it came, with the words that lead a person to it."""

    where_zh: str
    where_en: str
    cells: Mapping[str, object] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Reply:
    """What came, taken apart but not yet believed. `total` is the number of lines the provider says it sent."""

    attempt_key: object
    number: object = field(repr=False)
    finding: object
    data_as_of: object
    reference: object
    total: object
    rows: Sequence[Row]
    sha256: str
    origin: str


class Unusable(Exception):  # noqa: N818 (the reply is unusable)
    """The reply is no answer; carries the reason to the border of this module."""

    def __init__(self, cause: Cause, zh: str = "", en: str = "", where: str = "") -> None:
        super().__init__(cause.value)
        self.cause, self.zh, self.en, self.where = cause, zh, en, where

    def outcome(self, sha256: str = "") -> Unavailable:
        """The reason as the port gives it."""
        return unavailable(self.cause, self.zh, self.en, where=self.where, sha256=sha256)


def unavailable(cause: Cause, zh: str = "", en: str = "", *, where: str = "", sha256: str = "") -> Unavailable:
    """An `Unavailable` in the words of its cause, with what more there is to say."""
    base_zh, base_en = CAUSES[cause]
    return Unavailable(
        cause=cause,
        message_zh=f"{base_zh}：{zh}" if zh else base_zh,
        message_en=f"{base_en}: {en}" if en else base_en,
        where=where,
        sha256=sha256,
        retry=cause in RETRIED,
    )


def judge(item: Item, mapping: ItemMapping, question: Question, reply: Reply, *, at: datetime) -> Outcome:
    """Turn a reply into an answer, or into the reason why it is none. Nothing is raised for what a source sent."""
    try:
        return _answer(item, mapping, question, reply, at)
    except Unusable as reason:
        return reason.outcome(reply.sha256)


def _answer(item: Item, mapping: ItemMapping, question: Question, reply: Reply, at: datetime) -> Answer:
    if question.due is not None and at > question.due:
        raise Unusable(Cause.TOO_LATE, where=reply.origin)
    if cell_text(reply.attempt_key) != question.attempt_key:
        raise Unusable(Cause.CONTRADICTORY, "查询编号不符", "it answers another question", reply.origin)
    if not is_about(cell_text(reply.number), question.subject):
        raise Unusable(Cause.WRONG_PERSON, where=reply.origin)
    finding = _FOUND.get(cell_text(reply.finding))
    if finding is None:
        raise Unusable(Cause.MALFORMED, "结果标志应为1或0", "the result must be 1 or 0", reply.origin)
    _check_total(reply)
    if (finding is Finding.FOUND) != bool(reply.rows):
        raise Unusable(Cause.CONTRADICTORY, "结果标志与记录数不符", "result and records disagree", reply.origin)
    as_of = data_day(cell_text(reply.data_as_of), at, reply.origin)
    reference = cell_text(reply.reference)
    if not reference or len(reference) > 100:
        raise Unusable(Cause.MALFORMED, "没有来源单位的业务流水号", "the provider's reference is missing", reply.origin)
    warnings: list[tuple[str, str]] = []
    records = _records(item, mapping, question, reply, as_of, warnings)
    certain = not any(one in _DOUBTS for one in warnings)
    return Answer(finding, records, as_of, reference, reply.sha256, tuple(dict.fromkeys(warnings)), certain)


def _check_total(reply: Reply) -> None:
    stated = cell_text(reply.total)
    if not (stated.isascii() and stated.isdigit()):
        raise Unusable(Cause.MALFORMED, "没有记录总数", "the number of records is missing", reply.origin)
    if len(reply.rows) > RECORDS_MOST:
        raise Unusable(Cause.TOO_LARGE, f"超过{RECORDS_MOST}条记录", f"more than {RECORDS_MOST} records", reply.origin)
    if int(stated) > len(reply.rows):
        raise Unusable(
            Cause.TRUNCATED,
            f"应有{stated}条，只收到{len(reply.rows)}条",
            f"{stated} records stated, {len(reply.rows)} received",
            reply.origin,
        )
    if int(stated) < len(reply.rows):
        raise Unusable(Cause.CONTRADICTORY, "记录多于总数", "more records than stated", reply.origin)


def data_day(text: str, at: datetime, where: str) -> date:
    """The day the data are of; never one to come.

    Raises:
        Unusable: it is no day, or lies after `at`.
    """
    try:
        read = (day8("") if text.isdigit() else day("")).read(text)
    except Unreadable as reason:
        raise Unusable(Cause.MALFORMED, f"数据日期{reason.zh}", f"data day: {reason.en}", where) from None
    if not isinstance(read, date) or read > at.date():
        raise Unusable(Cause.MALFORMED, "数据日期晚于回复当日", "the data day lies in the future", where)
    return read


def _records(
    item: Item,
    mapping: ItemMapping,
    question: Question,
    reply: Reply,
    as_of: date,
    warnings: list[tuple[str, str]],
) -> tuple[Record, ...]:
    found: dict[str, Record] = {}
    for row in reply.rows:
        warning = _check_holder(mapping, question.subject, row)
        if warning:
            warnings.append(warning)
        reference = cell_text(row.cells.get(mapping.reference))
        if not reference:
            raise _at(row, mapping.reference, Cause.MALFORMED, "不能为空", "must not be empty")
        values = {one.name: value for one in item.fields if (value := _value(one, mapping, row)) is not None}
        known = found.get(reference)
        if known is None:
            found[reference] = Record(values, as_of, reference)
        elif known.values == values:
            warnings.append(("有重复记录，只计一次", "A record came twice and counts once"))
        else:
            raise _at(row, mapping.reference, Cause.CONTRADICTORY, "同一流水号内容不同", "one reference, two contents")
    return tuple(found.values())


def _check_holder(mapping: ItemMapping, subject: Subject, row: Row) -> tuple[str, str] | None:
    number, name = cell_text(row.cells.get(mapping.number)), cell_text(row.cells.get(mapping.holder))
    if not number:
        if mapping.number_optional and name and name == subject.name:
            return _ONLY_THE_NAME
        if mapping.number_optional and name:
            raise _at(row, mapping.holder, Cause.WRONG_PERSON, "姓名不符", "another name")
        raise _at(row, mapping.number, Cause.MALFORMED, "没有证件号码", "the number is missing")
    if not is_about(number, subject):
        raise _at(row, mapping.number, Cause.WRONG_PERSON, "证件号码不符", "another number")
    if name and not _fits(name, subject.name):
        return _ANOTHER_NAME
    return None


def is_about(number: str, subject: Subject) -> bool:
    """Whether a number, perhaps masked by the provider, is one of the person's."""
    wanted = number.upper()
    if wanted.count("*") > 8:
        return False
    return any(_fits(wanted, known.upper()) for known in subject.numbers)


def _fits(shown: str, full: str) -> bool:
    """Whether `shown`, in which a star hides one character, can be `full`."""
    if "*" not in shown:
        return shown == full
    return len(shown) == len(full) and fnmatch.fnmatchcase(full, shown.replace("*", "?"))


def _value(one: Field, mapping: ItemMapping, row: Row) -> Value | None:
    column = mapping.columns[one.name]
    if column.name not in row.cells:
        raise _at(row, column.name, Cause.MALFORMED, "没有该列", "the column is missing")
    cell = cell_text(row.cells[column.name], row, column)
    if not cell:
        if one.required:
            raise _at(row, column.name, Cause.MALFORMED, "不能为空", "must not be empty")
        return None
    try:
        value = column.read(cell)
    except Unreadable as reason:
        raise _at(row, column.name, Cause.MALFORMED, reason.zh, reason.en) from None
    if one.type in _NUMBERS and one.lowest is not None and isinstance(value, int | Decimal) and value < one.lowest:
        raise _at(row, column.name, Cause.MALFORMED, f"不得小于{one.lowest}", f"must not be below {one.lowest}")
    return value


def cell_text(cell: object, row: Row | None = None, column: Column | None = None) -> str:
    """The trimmed text of a cell: of text and exact numbers; nothing else is a cell.

    Raises:
        Unusable: it is a list, an object, a truth value or a binary fraction.
    """
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, int | Decimal) and not isinstance(cell, bool):
        return str(cell)
    if row is not None and column is not None:
        raise _at(row, column.name, Cause.MALFORMED, "应为文字或数字", "must be text or a number")
    raise Unusable(Cause.MALFORMED, "应为文字或数字", "must be text or a number", row.where_en if row else "")


def _at(row: Row, column: str, cause: Cause, zh: str, en: str) -> Unusable:
    return Unusable(
        cause,
        f"{row.where_zh}“{column}”列{zh}",
        f"{row.where_en}, column {column}: {en}",
        f"{row.where_en}, column {column}",
    )
