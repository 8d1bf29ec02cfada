"""Departments that answer by files: they read what lies in `out` and put their reply into `in`."""

import csv
import hashlib
import io
import json
from collections.abc import Sequence
from pathlib import Path

from jiuzhu.connectors.reading.columns import Column, Unreadable
from jiuzhu.connectors.transports.files.batches import HOLDER, KEY, NUMBER, RECORD, RESULT, put
from jiuzhu.demo.departments.department import Department
from jiuzhu.demo.departments.faults import Fault
from jiuzhu.rooms.verification.ports import FieldType, Item

_SILENT = frozenset({Fault.DOWN, Fault.SLOW})


def answer_files(department: Department, folder: Path) -> int:
    """Answer every batch that has no reply yet; returns how many were answered."""
    if department.fault in _SILENT:
        return 0
    answered = 0
    for manifest in sorted((folder / "out").glob("*.json")):
        if not (folder / "in" / manifest.name).exists():
            _answer(department, manifest, folder / "in")
            answered += 1
    return answered


def _answer(department: Department, manifest: Path, into: Path) -> None:
    said = json.loads(manifest.read_text(encoding="utf-8"))
    item = department.source.item(said["item"])
    asked = csv.DictReader(io.StringIO(manifest.with_suffix(".csv").read_text(encoding="utf-8-sig"), newline=""))
    rows, totals = _rows(department, item, asked)
    stated = len(rows) - 1
    if department.fault is Fault.TRUNCATED:
        stated += 1
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    # offices in China save tables as GBK; everything the connector reads must survive that
    content = text.getvalue().encode("gb18030")
    reply = {
        "batch": said["batch"],
        "file": f"{said['batch']}.csv",
        "rows": stated,
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "data_as_of": _as_of(department, item),
        "reference": f"{department.source.name}-{said['batch']}",
        "totals_fen": totals,
    }
    if department.fault is Fault.CUT:
        content = content[: len(content) // 2]
    into.mkdir(parents=True, exist_ok=True)
    put(into / str(reply["file"]), b"\x00\xff\x00" if department.fault is Fault.MALFORMED else content)
    put(into / manifest.name, json.dumps(reply, ensure_ascii=False).encode())


def _as_of(department: Department, item: Item) -> object:
    return department.reply(item, "", [""], "")["sjrq"]


def _rows(
    department: Department, item: Item, asked: "csv.DictReader[str]"
) -> tuple[list[Sequence[str]], dict[str, int]]:
    mapping = department.mapping[item.name]
    columns = [mapping.columns[one.name].name for one in item.fields]
    rows: list[Sequence[str]] = [[KEY, RESULT, NUMBER, HOLDER, RECORD, *columns]]
    money = {mapping.columns[one.name].name: one.name for one in item.fields if one.type is FieldType.FEN}
    totals = dict.fromkeys(money, 0)
    for question in asked:
        key, number, name = question[KEY], question[NUMBER], question[HOLDER]
        reply = department.reply(item, key, [number], name, question["异议流水号"])
        lines = reply["jl"]
        result, said_number = str(reply["jg"]), str(reply["sfzh"])
        if department.fault is Fault.REFUSED:
            continue
        for line in lines if isinstance(lines, list) else ():
            shown = said_number if department.fault is Fault.WRONG_PERSON else line[mapping.number]
            rows.append([key, result, shown, line[mapping.holder], line[mapping.reference], *map(line.get, columns)])
            for column, field in money.items():
                totals[column] += _fen(mapping.columns[field], line[column])
        if not lines:
            rows.append([key, result, said_number, name, "", *("" for _ in columns)])
    return rows, totals


def _fen(column: Column, cell: str) -> int:
    try:
        return int(str(column.read(cell)))
    except Unreadable:
        return 0
