"""Files as offices send them, sources that drip or hang up, cells nobody agreed on: nothing is believed wrongly."""

import hashlib
import io
import json
import socket
import threading
import zipfile
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from tests.connectors.conftest import AT, found_sources, key_of, question

from jiuzhu.connectors.reading import columns
from jiuzhu.connectors.reading.columns import Column, Unreadable
from jiuzhu.connectors.reading.replies import is_about
from jiuzhu.connectors.transports.files.batches import FileConnector
from jiuzhu.connectors.transports.http import signing
from jiuzhu.connectors.transports.http.client import HttpConnector, reply_of
from jiuzhu.connectors.wiring import Wiring
from jiuzhu.core.errors import Conflict, InvalidValue
from jiuzhu.rooms.verification.ports import Answer, Cause, Outcome, Question, Subject, Unavailable, Value

_SOMEBODY = Subject("370902199003075211", "张样")
_HEADER = ["查询编号", "结果", "证件号码", "姓名", "流水号", "品种", "市值"]
_SECURITIES = next(one for one in found_sources() if one.source.name == "securities")
_BANKS = next(one for one in found_sources() if one.source.name == "banks")


def _question() -> Question:
    return question(_SECURITIES.source.item("holdings"), _SOMEBODY, attempt_key="attempt-file-1")


def _line(*, kind: str = "基金", value: str = "100.00", reference: str = "R1") -> list[str]:
    return ["attempt-file-1", "1", _SOMEBODY.id_number, _SOMEBODY.name, reference, kind, value]


def _csv(*lines: list[str], encoding: str = "utf-8") -> bytes:
    return "".join(",".join(line) + "\r\n" for line in lines).encode(encoding)


def _workbook(*lines: list[object]) -> bytes:
    held = io.BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, line in enumerate(lines):
            sheet.write_row(number, 0, line)
    return held.getvalue()


def _collect(folder: Path, content: bytes, said: dict[str, object] | None = None, *, name: str = "b1.csv") -> Outcome:
    into = folder / "in"
    into.mkdir(parents=True, exist_ok=True)
    (into / name).write_bytes(content)
    manifest = {
        "batch": "b1",
        "file": name,
        "rows": 1,
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "data_as_of": "2026-11-20",
        "reference": "S1",
        "totals_fen": {"市值": 10_000},
    }
    (into / "b1.json").write_text(json.dumps(manifest | (said or {})), encoding="utf-8")
    wiring = Wiring(folder=folder, largest_file_bytes=1024 * 1024)
    found = FileConnector(_SECURITIES.source, _SECURITIES.mapping, wiring).collect([_question()], batch_key="b1", at=AT)
    assert found is not None
    return found["attempt-file-1"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk"])
def test_tables_are_read_in_the_encodings_of_offices(tmp_path: Path, encoding: str) -> None:
    outcome = _collect(tmp_path, _csv(_HEADER, _line(), encoding=encoding))
    assert isinstance(outcome, Answer), outcome
    assert dict(outcome.records[0].values) == {"kind": "funds", "value_fen": 10_000}


def test_workbooks_are_read(tmp_path: Path) -> None:
    content = _workbook([*_HEADER], [*_line()[:-1], 100.0])
    outcome = _collect(tmp_path, content, name="b1.xlsx")
    assert isinstance(outcome, Answer), outcome
    assert outcome.records[0].values["value_fen"] == 10_000


def test_columns_may_stand_in_another_order_with_their_headings(tmp_path: Path) -> None:
    outcome = _collect(tmp_path, _csv(_HEADER[::-1], _line()[::-1]))
    assert isinstance(outcome, Answer), outcome


def _bomb() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
        archive.writestr("xl/workbook.xml", b" " * 50_000_000)
    return held.getvalue()


_LONG_NUMBER = [*_line()[:2], 370902199003075211.0, *_line()[3:]]
_BAD_FILES = [
    (
        "values under the wrong headings",
        _csv(_HEADER, [*_line()[:5], "100.00", "基金"]),
        {},
        Cause.MALFORMED,
        "row 2, column 品种",
    ),
    ("a heading is missing", _csv(_HEADER[:-1], _line()[:-1]), {}, Cause.MALFORMED, "b1.csv:1"),
    ("a heading comes twice", _csv([*_HEADER, "市值"], [*_line(), "1"]), {}, Cause.MALFORMED, "b1.csv:1"),
    ("a row is short", _csv(_HEADER, _line()[:-1]), {}, Cause.MALFORMED, "b1.csv:2"),
    ("money is no money", _csv(_HEADER, _line(value="100.005")), {}, Cause.MALFORMED, "row 2, column 市值"),
    (
        "money is below zero",
        _csv(_HEADER, _line(value="-100.00")),
        {"totals_fen": {"市值": -10_000}},
        Cause.MALFORMED,
        "市值",
    ),
    ("a code nobody agreed on", _csv(_HEADER, _line(kind="期货")), {}, Cause.MALFORMED, "品种"),
    ("fewer rows than stated", _csv(_HEADER, _line()), {"rows": 2}, Cause.TRUNCATED, "b1.csv"),
    ("more rows than stated", _csv(_HEADER, _line(), _line(reference="R2")), {}, Cause.CONTRADICTORY, "b1.csv"),
    ("the sum differs", _csv(_HEADER, _line()), {"totals_fen": {"市值": 9_999}}, Cause.CONTRADICTORY, "市值"),
    ("no sum is stated", _csv(_HEADER, _line()), {"totals_fen": None}, Cause.CONTRADICTORY, "市值"),
    ("the file is cut", _csv(_HEADER, _line()), {"bytes": 100_000}, Cause.TRUNCATED, "b1.csv"),
    ("another file", _csv(_HEADER, _line()), {"sha256": "0" * 64}, Cause.MALFORMED, "b1.csv"),
    ("no table", b"\x00\xff\xfe\x00", {}, Cause.MALFORMED, "b1.csv"),
    ("an empty file", b"", {}, Cause.MALFORMED, "b1.csv"),
    ("too large", b"1" * (1024 * 1024 + 1), {}, Cause.TOO_LARGE, "b1.csv"),
    ("a bomb", _bomb(), {}, Cause.TOO_LARGE, "b1.csv"),
    ("a number that Excel has rounded", _workbook([*_HEADER], _LONG_NUMBER), {}, Cause.MALFORMED, "b1.csv:2:3"),
    ("a file outside the folder", _csv(_HEADER, _line()), {"file": "../b1.csv"}, Cause.MALFORMED, "b1.json"),
    ("a day to come", _csv(_HEADER, _line()), {"data_as_of": "2027-01-01"}, Cause.MALFORMED, "b1.csv"),
    ("another batch", _csv(_HEADER, _line()), {"batch": "b2"}, Cause.MALFORMED, "b1.json"),
]


@pytest.mark.parametrize(
    ("content", "said", "cause", "where"), [case[1:] for case in _BAD_FILES], ids=[c[0] for c in _BAD_FILES]
)
def test_a_bad_file_is_refused_with_file_row_and_column(
    tmp_path: Path, content: bytes, said: dict[str, object], cause: Cause, where: str
) -> None:
    outcome = _collect(tmp_path, content, said)
    assert isinstance(outcome, Unavailable), outcome
    assert outcome.cause is cause
    assert where in outcome.where


def test_a_huge_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    with (tmp_path / "in" / "b1.csv").open("wb") as file:
        file.truncate(300 * 1024 * 1024)
    (tmp_path / "in" / "b1.json").write_text('{"batch": "b1", "file": "b1.csv"}', encoding="utf-8")
    connector = FileConnector(_SECURITIES.source, _SECURITIES.mapping, Wiring(folder=tmp_path))
    outcome = (connector.collect([_question()], batch_key="b1", at=AT) or {})["attempt-file-1"]
    assert isinstance(outcome, Unavailable)
    assert outcome.cause is Cause.TOO_LARGE
    assert "314572800" in outcome.message_en


def test_a_batch_key_is_not_used_for_other_questions(tmp_path: Path) -> None:
    connector = FileConnector(_SECURITIES.source, _SECURITIES.mapping, Wiring(folder=tmp_path))
    connector.send_batch([_question()], batch_key="b1", at=AT)
    other = question(_SECURITIES.source.item("holdings"), _SOMEBODY)
    with pytest.raises(Conflict):
        connector.send_batch([other], batch_key="b1", at=AT)
    with pytest.raises(InvalidValue):
        connector.send_batch([other], batch_key="../b2", at=AT)
    with pytest.raises(InvalidValue):
        connector.send_batch([other, other], batch_key="b2", at=AT)


def test_an_address_in_the_clear_is_refused() -> None:
    for address in ("http://exchange.example/banks", "ftp://127.0.0.1/banks", ""):
        with pytest.raises(InvalidValue):
            HttpConnector(_BANKS.source, _BANKS.mapping, Wiring(address, key_of("banks")))


def test_a_source_that_drips_does_not_outlast_the_patience() -> None:
    stopped = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def drip() -> None:
            talking, _ = listening.accept()
            with talking:
                talking.recv(65_536)
                talking.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
                while not stopped.wait(0.01):
                    try:
                        talking.sendall(b" ")
                    except OSError:
                        return

        thread = threading.Thread(target=drip, daemon=True)
        thread.start()
        address = f"http://127.0.0.1:{listening.getsockname()[1]}/banks"
        connector = HttpConnector(_BANKS.source, _BANKS.mapping, Wiring(address, key_of("banks"), patience_ms=80))
        outcome = connector.ask(question(_BANKS.source.item("accounts"), _SOMEBODY), at=AT)
        stopped.set()
        thread.join()
    assert isinstance(outcome, Unavailable)
    assert outcome.cause is Cause.TIMEOUT


def test_nobody_at_the_address_is_down() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    connector = HttpConnector(_BANKS.source, _BANKS.mapping, Wiring(f"http://127.0.0.1:{port}/banks", key_of("banks")))
    outcome = connector.ask(question(_BANKS.source.item("accounts"), _SOMEBODY), at=AT)
    assert isinstance(outcome, Unavailable)
    assert outcome.cause is Cause.DOWN
    assert outcome.retry


def test_a_signature_is_for_one_question_and_its_time() -> None:
    key, other = b"k" * 32, b"o" * 32
    first = signing.sign_reply(key, status=200, attempt_key="a", body=b"x")
    assert first != signing.sign_reply(key, status=200, attempt_key="b", body=b"x")
    assert first != signing.sign_reply(other, status=200, attempt_key="a", body=b"x")
    assert first != signing.sign_reply(key, status=200, attempt_key="ax", body=b"")
    assert signing.within_window((AT - timedelta(minutes=4)).isoformat(), AT)
    assert not signing.within_window((AT - timedelta(minutes=6)).isoformat(), AT)
    assert not signing.within_window("yesterday", AT)
    assert not signing.within_window("2026-11-23T09:30:00", AT)
    with pytest.raises(ValueError, match="32 bytes"):
        signing.sign_reply(b"short", status=200, attempt_key="a", body=b"")


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_no_bytes_make_the_reader_fall(content: bytes) -> None:
    from jiuzhu.connectors.reading.replies import Unusable, judge

    item = _BANKS.source.item("accounts")
    asked = question(item, _SOMEBODY)
    for body in (content, b'{"jl": [' + content + b"]}"):
        try:
            outcome = judge(item, _BANKS.mapping["accounts"], asked, reply_of(body, origin="x"), at=AT)
        except Unusable as reason:
            outcome = reason.outcome()
        assert isinstance(outcome, Unavailable)


_CODE = columns.code("x", {"1": "a", "2": "b"})
_ROUND_TRIPS: list[tuple[Column, st.SearchStrategy[Value]]] = [
    (columns.yuan("x"), st.integers(-(10**13), 10**13)),
    (columns.wan_yuan("x"), st.integers(-(10**13), 10**13)),
    (columns.fen("x"), st.integers(-(10**14), 10**14)),
    (columns.day("x"), st.dates(date(1900, 1, 1))),
    (columns.day8("x"), st.dates(date(1900, 1, 1))),
    (columns.truth("x", "是", "否"), st.booleans()),
    (_CODE, st.sampled_from(["a", "b"])),
    (columns.percent("x"), st.decimals(0, 100, places=2)),
]


@given(st.sampled_from(_ROUND_TRIPS).flatmap(lambda pair: st.tuples(st.just(pair[0]), pair[1])))
def test_what_a_column_writes_it_reads(pair: tuple[Column, Value]) -> None:
    column, value = pair
    assert column.read(column.write(value)) == value


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        (columns.yuan("x"), "1e3"),
        (columns.yuan("x"), "NaN"),
        (columns.yuan("x"), "１００"),
        (columns.wan_yuan("x"), "0.0000001"),
        (columns.count("x"), "1.0"),
        (columns.count("x"), "٣"),
        (columns.day8("x"), "20260230"),
        (columns.day8("x"), "2026-02-03"),
        (columns.day("x"), "20260203"),
        (columns.truth("x"), "是"),
        (columns.percent("x"), "101%"),
        (columns.fraction("x"), "3/2"),
        (columns.fraction("x"), "1/0"),
        (columns.text("x"), "a\x07"),
        (_CODE, "3"),
    ],
)
def test_what_was_not_agreed_is_unreadable(column: Column, cell: str) -> None:
    with pytest.raises(Unreadable) as refused:
        column.read(cell)
    assert cell not in refused.value.zh or cell in "123"


def test_fractions_are_shares() -> None:
    assert columns.fraction("x").read("1/3") == Decimal("33.333333")


@pytest.mark.parametrize(
    ("number", "is_theirs"),
    [
        ("370902199003075211", True),
        ("370902900307521", True),  # the form of fifteen digits
        ("370902199812120022", True),  # the number they had before
        ("370902********5211", True),
        ("3709**********5211", False),  # hides too much to be sure
        ("370902199003075212", False),
        ("", False),
        ("*", False),
    ],
)
def test_whose_record_it_is(number: str, *, is_theirs: bool) -> None:
    subject = Subject("370902199003075211", "张样", former_numbers=("370902199812120022",))
    assert is_about(number, subject) is is_theirs
