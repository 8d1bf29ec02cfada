"""A batch goes out as a table with a manifest; a reply comes back as a table with one. Nothing is read that the
manifest does not vouch for: size, hash, number of lines, and the sum of every column of money.

Files stand in two folders of the source: `out` (ours) and `in` (theirs). A file is written whole or not at all: the
manifest comes last, and what has no manifest yet has not come.
"""

import csv
import hashlib
import io
import json
import logging
import os
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from jiuzhu.connectors.reading.columns import Column, ItemMapping, Unreadable
from jiuzhu.connectors.reading.replies import Reply, Row, Unusable, cell_text, judge, unavailable
from jiuzhu.connectors.transports.files.tables import content_of, rows_of
from jiuzhu.connectors.wiring import Wiring
from jiuzhu.core.errors import Conflict, InvalidValue
from jiuzhu.rooms.verification.ports import Cause, FieldType, Item, Outcome, Question, Source

logger = logging.getLogger(__name__)

ASKED = (
    "查询编号",
    "证件号码",
    "姓名",
    "查询目的",
    "授权书编号",
    "查询单位",
    "查询日期",
    "期间起",
    "期间止",
    "异议流水号",
    "证据",
)
KEY, RESULT, NUMBER, HOLDER, RECORD = "查询编号", "结果", "证件号码", "姓名", "流水号"
_MANIFEST_BYTES = 64 * 1024


class FileConnector:
    """A source that exchanges files."""

    def __init__(self, source: Source, mapping: Mapping[str, ItemMapping], wiring: Wiring) -> None:
        self.source = source
        self._mapping = mapping
        self._wiring = wiring

    def send_batch(self, questions: Sequence[Question], *, batch_key: str, at: datetime) -> str:
        """Put a batch out; the same key with the same questions again changes nothing. Returns the table's SHA-256.

        Raises:
            InvalidValue: no questions, several items, or a key twice.
            Conflict: the key was used for other questions.
        """
        item = self._item(questions)
        name = _file_name(batch_key)
        lines = [ASKED, *(_line(each) for each in questions)]
        content = table(lines)
        digest = hashlib.sha256(content).hexdigest()
        out = self._wiring.folder / "out"
        manifest = out / f"{name}.json"
        if manifest.exists():
            if json.loads(manifest.read_text(encoding="utf-8"))["sha256"] != digest:
                raise Conflict(
                    "connector.batch.key",
                    "该批次编号已用于其他查询，请换一个批次编号",
                    "This batch key was used for other questions; take another.",
                    field="batch_key",
                )
            return digest
        out.mkdir(parents=True, exist_ok=True)
        said = {"batch": batch_key, "item": item.name, "rows": len(questions), "bytes": len(content), "sha256": digest}
        put(out / f"{name}.csv", content)
        put(manifest, json.dumps(said | {"sent_at": at.isoformat()}, ensure_ascii=False).encode())
        logger.info("batch sent", extra={"source": self.source.name, "batch": batch_key, "questions": len(questions)})
        return digest

    def collect(self, questions: Sequence[Question], *, batch_key: str, at: datetime) -> Mapping[str, Outcome] | None:
        """What came back, by attempt key; every question has an outcome. None while no manifest has come.

        Raises:
            InvalidValue: as `send_batch` does.
        """
        item = self._item(questions)
        manifest = self._wiring.folder / "in" / f"{_file_name(batch_key)}.json"
        if not manifest.exists():
            return None
        digest = ""
        try:
            said = _manifest(manifest, batch_key)
            path = _beside(manifest, said)
            content = content_of(path, self._wiring)
            digest = hashlib.sha256(content).hexdigest()
            _check_content(path, content, digest, said)
            rows = rows_of(content, path.name, self._wiring)
            found = self._outcomes(item, questions, rows, said, path.name, digest, at)
        except Unusable as reason:
            found = {each.attempt_key: reason.outcome(digest) for each in questions}
        logger.info("batch read", extra={"source": self.source.name, "batch": batch_key, "questions": len(found)})
        return found

    def _item(self, questions: Sequence[Question]) -> Item:
        keys = [each.attempt_key for each in questions]
        if len({each.item for each in questions}) != 1 or len(set(keys)) != len(keys):
            raise InvalidValue(
                "connector.batch",
                "一个批次应只含一个事项，且查询编号不重复",
                "A batch holds questions of one item, each key once.",
                field="questions",
            )
        return self.source.item(questions[0].item)

    def _outcomes(
        self,
        item: Item,
        questions: Sequence[Question],
        rows: list[list[str]],
        said: Mapping[str, object],
        name: str,
        digest: str,
        at: datetime,
    ) -> dict[str, Outcome]:
        mapping = self._mapping[item.name]
        lines = _lines(item, mapping, rows, name)
        _check_totals(item, mapping, lines, said, name)
        by_key: dict[str, list[Row]] = defaultdict(list)
        for line in lines:
            by_key[cell_text(line.cells[KEY])].append(line)
        return {
            each.attempt_key: self._outcome(item, mapping, each, by_key.get(each.attempt_key), said, name, digest, at)
            for each in questions
        }

    def _outcome(
        self,
        item: Item,
        mapping: ItemMapping,
        question: Question,
        lines: list[Row] | None,
        said: Mapping[str, object],
        name: str,
        digest: str,
        at: datetime,
    ) -> Outcome:
        if not lines:
            return unavailable(Cause.NO_ANSWER, where=name, sha256=digest)
        results = {cell_text(line.cells[RESULT]) for line in lines}
        if len(results) > 1:
            place = f"{name}, {lines[-1].where_en}"
            return unavailable(Cause.CONTRADICTORY, lines[-1].where_zh, lines[-1].where_en, where=place, sha256=digest)
        # a line that carries anything is a record, whatever its result says: "none" beside a record is no answer
        carried = [RECORD, *(mapping.columns[one.name].name for one in item.fields)]
        records = tuple(line for line in lines if any(cell_text(line.cells[column]) for column in carried))
        reply = Reply(
            attempt_key=question.attempt_key,
            number=lines[0].cells[NUMBER] or (question.subject.id_number if mapping.number_optional else ""),
            finding=next(iter(results)),
            data_as_of=said.get("data_as_of"),
            reference=said.get("reference"),
            total=len(records),
            rows=records,
            sha256=digest,
            origin=name,
        )
        return judge(item, mapping, question, reply, at=at)


def _line(question: Question) -> tuple[str, ...]:
    begin, end = question.period_from, question.period_to
    return (
        question.attempt_key,
        question.subject.id_number,
        question.subject.name,
        question.purpose,
        question.authorisation_number,
        question.asking_office,
        question.day.isoformat(),
        begin.isoformat() if begin else "",
        end.isoformat() if end else "",
        question.disputed_reference or "",
        " ".join(each.sha256 for each in question.evidence),
    )


def table(lines: Sequence[Sequence[str]]) -> bytes:
    """A table as CSV that Excel opens: UTF-8 with its mark, and nothing that Excel would run."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([[_harmless(cell) for cell in line] for line in lines])
    return text.getvalue().encode("utf-8-sig")


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(("=", "+", "@", "\t", "\r")) else cell


def put(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    with unfinished.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)


def _file_name(batch_key: str) -> str:
    if not batch_key or not all(sign.isalnum() or sign in "-_" for sign in batch_key) or not batch_key.isascii():
        raise InvalidValue(
            "connector.batch.name",
            "批次编号只能由字母、数字、- 和 _ 组成",
            "A batch key holds letters, digits, - and _ only.",
            field="batch_key",
        )
    return batch_key


def _manifest(path: Path, batch_key: str) -> Mapping[str, object]:
    try:
        if path.stat().st_size > _MANIFEST_BYTES:
            raise ValueError("too large")
        said = json.loads(path.read_text(encoding="utf-8-sig"))
        if not isinstance(said, dict) or said.get("batch") != batch_key:
            raise ValueError("of another batch")
    except (ValueError, RecursionError):
        raise Unusable(
            Cause.MALFORMED, f"清单{path.name}无法识别", f"manifest {path.name} cannot be read", path.name
        ) from None
    return said


def _beside(manifest: Path, said: Mapping[str, object]) -> Path:
    name = said.get("file")
    if not isinstance(name, str) or Path(name).name != name or not (manifest.parent / name).is_file():
        raise Unusable(Cause.MALFORMED, "清单所列文件不存在", "the manifest's file is not there", manifest.name)
    return manifest.parent / name


def _check_content(path: Path, content: bytes, digest: str, said: Mapping[str, object]) -> None:
    size = said.get("bytes")
    if isinstance(size, int) and len(content) < size:
        raise Unusable(
            Cause.TRUNCATED,
            f"文件{path.name}应有{size}字节，实有{len(content)}字节",
            f"file {path.name} has {len(content)} of {size} bytes",
            path.name,
        )
    if digest != said.get("sha256"):
        raise Unusable(
            Cause.MALFORMED,
            f"文件{path.name}与清单校验值不符",
            f"file {path.name} does not fit its checksum",
            path.name,
        )


def _lines(item: Item, mapping: ItemMapping, rows: list[list[str]], name: str) -> list[Row]:
    header = rows[0]
    needed = [KEY, RESULT, NUMBER, HOLDER, RECORD, *(mapping.columns[one.name].name for one in item.fields)]
    missing = [column for column in needed if column not in header]
    if missing or len(set(header)) != len(header):
        named = "、".join(missing) or "表头重复"
        raise Unusable(
            Cause.MALFORMED,
            f"文件{name}第1行缺少列或列重复：{named}",
            f"file {name}, row 1: columns missing or twice: {', '.join(missing) or 'twice'}",
            f"{name}:1",
        )
    lines = []
    for number, row in enumerate(rows[1:], 2):
        if len(row) != len(header):
            raise Unusable(
                Cause.MALFORMED,
                f"文件{name}第{number}行有{len(row)}列，应为{len(header)}列",
                f"file {name}, row {number} has {len(row)} columns instead of {len(header)}",
                f"{name}:{number}",
            )
        cells: dict[str, object] = dict(zip(header, row, strict=True))
        cells |= {mapping.number: cells[NUMBER], mapping.holder: cells[HOLDER], mapping.reference: cells[RECORD]}
        lines.append(Row(f"文件{name}第{number}行", f"file {name}, row {number}", cells))
    return lines


def _check_totals(item: Item, mapping: ItemMapping, lines: list[Row], said: Mapping[str, object], name: str) -> None:
    if said.get("rows") != len(lines):
        stated = said.get("rows")
        fewer = isinstance(stated, int) and len(lines) < stated
        raise Unusable(
            Cause.TRUNCATED if fewer else Cause.CONTRADICTORY,
            f"文件{name}有{len(lines)}行，清单为{stated}行",
            f"file {name} has {len(lines)} rows, its manifest says {stated}",
            name,
        )
    totals = said.get("totals_fen")
    for one in item.fields:
        if one.type is not FieldType.FEN:
            continue
        column = mapping.columns[one.name]
        stated = totals.get(column.name) if isinstance(totals, dict) else None
        total = _total(lines, column)
        if total is not None and stated != total:
            raise Unusable(
                Cause.CONTRADICTORY,
                f"文件{name}“{column.name}”列合计与清单不符",
                f"file {name}: the sum of column {column.name} differs from its manifest",
                f"{name}, {column.name}",
            )


def _total(lines: list[Row], column: Column) -> int | None:
    """The sum of a column in fen; None when a cell cannot be read: then its question is refused, with its row."""
    total = 0
    for line in lines:
        cell = cell_text(line.cells[column.name])
        try:
            value = column.read(cell) if cell else 0
        except Unreadable:
            return None
        total += value if isinstance(value, int) else 0
    return total
