"""What every source must hold, whatever its department and transport (S13); runs against each folder found."""

import json
import logging
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from tests.connectors.conftest import AT, NOBODY, Stage, found_sources, of_transport, question

from jiuzhu.config.environment import ROOT
from jiuzhu.connectors.reading.replies import judge
from jiuzhu.connectors.scanning import Found
from jiuzhu.connectors.transports.files.batches import FileConnector
from jiuzhu.connectors.transports.http.client import HttpConnector, reply_of
from jiuzhu.connectors.transports.manual.entry import EntryConnector
from jiuzhu.connectors.wiring import Wiring
from jiuzhu.core.errors import InvalidValue, NotFound
from jiuzhu.demo.departments.by_files import answer_files
from jiuzhu.demo.departments.faults import Fault
from jiuzhu.engine.documents import Table, read
from jiuzhu.rooms.verification.ports import (
    Answer,
    Cause,
    Evidence,
    FieldType,
    Finding,
    Item,
    Outcome,
    Question,
    Subject,
    Transport,
    Unavailable,
)

_TYPES = {
    FieldType.TEXT: str,
    FieldType.CODE: str,
    FieldType.FEN: int,
    FieldType.COUNT: int,
    FieldType.MEASURE: Decimal,
    FieldType.PERCENT: Decimal,
    FieldType.DAY: date,
    FieldType.TRUTH: bool,
}
_ITEMS = [(found, item) for found in found_sources() for item in found.source.items]
_HTTP = of_transport(Transport.HTTP)
_FILES = of_transport(Transport.FILE)
_MANUAL = of_transport(Transport.MANUAL)

# What each fault must come to; a fault that is absent here needs records or numbers and has a test of its own.
_OVER_HTTP = {
    Fault.SLOW: Cause.TIMEOUT,
    Fault.DOWN: Cause.DOWN,
    Fault.CUT: Cause.TRUNCATED,
    Fault.TRUNCATED: Cause.TRUNCATED,
    Fault.WRONG_PERSON: Cause.WRONG_PERSON,
    Fault.WRONG_RECORD: Cause.WRONG_PERSON,
    Fault.LYING: Cause.CONTRADICTORY,
    Fault.REFUSED: Cause.REFUSED,
    Fault.MALFORMED: Cause.MALFORMED,
    Fault.GARBLED: Cause.MALFORMED,
    Fault.FUTURE: Cause.MALFORMED,
    Fault.UNSIGNED: Cause.BAD_SIGNATURE,
    Fault.REPLAYED: Cause.BAD_SIGNATURE,
    Fault.LARGE: Cause.TOO_LARGE,
}
_BY_FILES = {
    Fault.CUT: Cause.TRUNCATED,
    Fault.TRUNCATED: Cause.TRUNCATED,
    Fault.WRONG_PERSON: Cause.WRONG_PERSON,
    Fault.WRONG_RECORD: Cause.WRONG_PERSON,
    Fault.LYING: Cause.CONTRADICTORY,
    Fault.REFUSED: Cause.NO_ANSWER,
    Fault.MALFORMED: Cause.TRUNCATED,
    Fault.GARBLED: Cause.MALFORMED,
    Fault.FUTURE: Cause.MALFORMED,
}


def _name(value: object) -> str:
    if isinstance(value, Found):
        return value.source.name
    return value.name if isinstance(value, Item) else str(value)


def _send(found: Found, wiring: Wiring, asked: Question) -> None:
    connector = found.connect(wiring)
    if isinstance(connector, HttpConnector):
        connector.ask(asked, at=AT)
    elif isinstance(connector, FileConnector):
        connector.send_batch([asked], batch_key="batch-1", at=AT)
    elif isinstance(connector, EntryConnector):
        connector.read_reply(asked, [], data_as_of=AT.date(), reference="R", at=AT)


def _ask(stage: Stage, found: Found, asked: Question, folder: Path, **changed: int) -> Outcome | None:
    """Ask by the source's transport; None when its file has not come."""
    connector = found.connect(stage.wiring(found, folder, **changed))
    if isinstance(connector, HttpConnector):
        return connector.ask(asked, at=AT)
    assert isinstance(connector, FileConnector)
    connector.send_batch([asked], batch_key="batch-1", at=AT)
    answer_files(stage.departments[found.source.name], folder)
    got = connector.collect([asked], batch_key="batch-1", at=AT)
    return None if got is None else got[asked.attempt_key]


def _first_known(stage: Stage, found: Found) -> tuple[Item, Subject]:
    item = found.source.items[0]
    return item, stage.somebody(found, item)


# The manifest


@pytest.mark.parametrize("found", found_sources(), ids=_name)
def test_a_manifest_is_complete_in_both_languages(found: Found) -> None:
    words = [(found.source.zh, found.source.en)]
    for item in found.source.items:
        words.append((item.zh, item.en))
        for field in item.fields:
            words += [(field.zh, field.en), *field.codes.values()]
    for zh, en in words:
        assert any("一" <= sign <= "鿿" for sign in zh), zh
        assert en, zh
        assert en.isascii(), en


@pytest.mark.parametrize("found", found_sources(), ids=_name)
def test_every_fact_named_exists_in_the_packs(found: Found) -> None:
    facts = read(ROOT / "policies" / "000000-national" / "facts.yaml")
    for item in found.source.items:
        for reading in item.facts:
            scope = facts.get(reading.scope)
            assert isinstance(scope, Table)
            assert reading.fact in scope.entries, f"{item.name}: {reading.scope}.{reading.fact}"


def test_auxiliary_sources_answer_no_fact() -> None:
    auxiliary = [found.source for found in found_sources() if found.source.auxiliary]
    assert auxiliary
    assert [item.facts for source in auxiliary for item in source.items if item.facts] == []


# Consent and purpose


@pytest.mark.parametrize("missing", ["purpose", "authorisation_number", "asking_office"])
def test_without_consent_or_purpose_there_is_no_question(missing: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        question(found_sources()[0].source.items[0], NOBODY, **{missing: " "})
    assert refused.value.field == missing


@pytest.mark.parametrize("found", found_sources(), ids=_name)
def test_nobody_is_asked_for_what_the_manifest_does_not_offer(stage: Stage, found: Found, tmp_path: Path) -> None:
    asked = question(found.source.items[0], NOBODY, item="what-nobody-offers")
    with pytest.raises(NotFound):
        _send(found, stage.wiring(found, tmp_path), asked)
    assert list(tmp_path.rglob("*.csv")) == []


# Samples


@pytest.mark.parametrize(("found", "item"), _ITEMS, ids=_name)
def test_samples_are_read_as_their_authors_meant(found: Found, item: Item, tmp_path: Path) -> None:
    sample = json.loads((found.folder / "samples" / f"{item.name}.json").read_text(encoding="utf-8"))
    told = sample["question"]
    asked = question(item, Subject(told["id_number"], told["name"]), attempt_key=told["attempt_key"])
    if found.source.transport is Transport.HTTP:
        reply = reply_of(json.dumps(sample["reply"]).encode(), origin="sample")
        outcome: Outcome = judge(item, found.mapping[item.name], asked, reply, at=AT)
    elif found.source.transport is Transport.FILE:
        into = tmp_path / "in"
        into.mkdir()
        (into / f"{item.name}.csv").write_bytes((found.folder / "samples" / f"{item.name}.csv").read_bytes())
        (into / "sample-batch.json").write_text(json.dumps(sample["manifest"]), encoding="utf-8")
        connector = FileConnector(found.source, found.mapping, Wiring(folder=tmp_path))
        outcome = (connector.collect([asked], batch_key="sample-batch", at=AT) or {})[asked.attempt_key]
    else:
        outcome = EntryConnector(found.source, found.mapping, Wiring()).read_reply(
            asked,
            sample["rows"],
            data_as_of=date.fromisoformat(sample["data_as_of"]),
            reference=sample["reference"],
            at=AT,
        )
    assert isinstance(outcome, Answer), outcome
    shown = [
        {name: value if isinstance(value, bool | int) else str(value) for name, value in record.values.items()}
        for record in outcome.records
    ]
    assert shown == sample["expected"]
    for record in outcome.records:
        for name, value in record.values.items():
            assert type(value) is _TYPES[item.field(name).type]


# Asking


@pytest.mark.parametrize("found", _HTTP + _FILES, ids=_name)
def test_found_and_none_found_are_told_apart(stage: Stage, found: Found, tmp_path: Path) -> None:
    item, somebody = _first_known(stage, found)
    known = _ask(stage, found, question(item, somebody), tmp_path / "1")
    none = _ask(stage, found, question(item, NOBODY), tmp_path / "2")
    assert isinstance(known, Answer), known
    assert known.finding is Finding.FOUND
    assert known.data_as_of == date(2026, 11, 20)
    assert len(known.sha256) == 64
    assert isinstance(none, Answer), none
    assert none.finding is Finding.NONE_FOUND


@pytest.mark.parametrize("fault", _OVER_HTTP)
@pytest.mark.parametrize("found", _HTTP, ids=_name)
def test_every_fault_over_http_is_unavailable_with_its_cause(stage: Stage, found: Found, fault: Fault) -> None:
    item, somebody = _first_known(stage, found)
    stage.departments[found.source.name].fault = fault
    patience = 40 if fault is Fault.SLOW else 2_000
    outcome = _ask(stage, found, question(item, somebody), Path(), patience_ms=patience, largest_bytes=500_000)
    assert isinstance(outcome, Unavailable), fault
    assert outcome.cause is _OVER_HTTP[fault]
    assert outcome.message_zh
    assert outcome.message_en.isascii()
    assert somebody.id_number not in f"{outcome}"
    assert somebody.name not in f"{outcome}"


@pytest.mark.parametrize("fault", _BY_FILES)
@pytest.mark.parametrize("found", _FILES, ids=_name)
def test_every_fault_by_files_is_unavailable_with_its_cause(
    stage: Stage, found: Found, fault: Fault, tmp_path: Path
) -> None:
    item, somebody = _first_known(stage, found)
    stage.departments[found.source.name].fault = fault
    outcome = _ask(stage, found, question(item, somebody), tmp_path)
    assert isinstance(outcome, Unavailable), fault
    assert outcome.cause is _BY_FILES[fault]
    assert somebody.id_number not in f"{outcome}"


@pytest.mark.parametrize("fault", [Fault.SLOW, Fault.DOWN])
@pytest.mark.parametrize("found", _FILES, ids=_name)
def test_a_file_that_has_not_come_is_waited_for(stage: Stage, found: Found, fault: Fault, tmp_path: Path) -> None:
    item, somebody = _first_known(stage, found)
    stage.departments[found.source.name].fault = fault
    assert _ask(stage, found, question(item, somebody), tmp_path) is None


@pytest.mark.parametrize("found", _HTTP + _FILES, ids=_name)
def test_a_record_that_comes_twice_counts_once(stage: Stage, found: Found, tmp_path: Path) -> None:
    item, somebody = _first_known(stage, found)
    once = _ask(stage, found, question(item, somebody), tmp_path / "1")
    stage.departments[found.source.name].fault = Fault.DUPLICATE
    twice = _ask(stage, found, question(item, somebody), tmp_path / "2")
    assert isinstance(once, Answer)
    assert isinstance(twice, Answer)
    assert twice.records == once.records
    assert len(twice.warnings) == len(once.warnings) + 1


@pytest.mark.parametrize(("found", "item"), [each for each in _ITEMS if each[0] not in _MANUAL], ids=_name)
def test_a_number_below_its_lowest_is_not_believed(stage: Stage, found: Found, item: Item, tmp_path: Path) -> None:
    if not any(field.type in {FieldType.FEN, FieldType.COUNT, FieldType.MEASURE} for field in item.fields):
        return
    department = stage.departments[found.source.name]
    if not department.on_file[item.name].by_number:
        return
    department.fault = Fault.NEGATIVE
    outcome = _ask(stage, found, question(item, stage.somebody(found, item)), tmp_path)
    assert isinstance(outcome, Unavailable)
    assert outcome.cause is Cause.MALFORMED
    assert "column" in outcome.where


@pytest.mark.parametrize("found", _HTTP, ids=_name)
def test_an_attempt_key_troubles_a_source_once(stage: Stage, found: Found) -> None:
    item, somebody = _first_known(stage, found)
    asked = question(item, somebody)
    department = stage.departments[found.source.name]
    before = department.troubled
    assert _ask(stage, found, asked, Path()) == _ask(stage, found, asked, Path())
    assert department.troubled == before + 1


@pytest.mark.parametrize("found", _FILES, ids=_name)
def test_a_batch_key_puts_one_file_out(stage: Stage, found: Found, tmp_path: Path) -> None:
    item, somebody = _first_known(stage, found)
    asked = question(item, somebody)
    connector = found.connect(stage.wiring(found, tmp_path))
    assert isinstance(connector, FileConnector)
    first = connector.send_batch([asked], batch_key="batch-1", at=AT)
    assert connector.send_batch([asked], batch_key="batch-1", at=AT + timedelta(hours=1)) == first
    assert len(list((tmp_path / "out").iterdir())) == 2


@pytest.mark.parametrize("found", _HTTP + _FILES, ids=_name)
def test_what_comes_after_the_deadline_is_not_an_answer(stage: Stage, found: Found, tmp_path: Path) -> None:
    item, somebody = _first_known(stage, found)
    outcome = _ask(stage, found, question(item, somebody, due=AT - timedelta(days=1)), tmp_path)
    assert isinstance(outcome, Unavailable)
    assert outcome.cause is Cause.TOO_LATE


@pytest.mark.parametrize("found", _HTTP + _FILES, ids=_name)
def test_a_disputed_answer_is_asked_again_with_the_evidence(stage: Stage, found: Found, tmp_path: Path) -> None:
    item, somebody = _first_known(stage, found)
    first = _ask(stage, found, question(item, somebody), tmp_path / "1")
    assert isinstance(first, Answer)
    evidence = (Evidence("sale_contract", "0" * 64),)
    again = question(item, somebody, disputed_reference=first.provider_reference, evidence=evidence)
    assert isinstance(_ask(stage, found, again, tmp_path / "2"), Answer)
    assert stage.departments[found.source.name].disputes[-1] == first.provider_reference


@pytest.mark.parametrize("fault", [Fault.NONE, Fault.WRONG_PERSON, Fault.GARBLED])
@pytest.mark.parametrize("found", _HTTP + _FILES, ids=_name)
def test_nobody_is_named_in_a_log(
    stage: Stage, found: Found, fault: Fault, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    item, somebody = _first_known(stage, found)
    stage.departments[found.source.name].fault = fault
    asked = question(item, somebody)
    with caplog.at_level(logging.DEBUG):
        outcome = _ask(stage, found, asked, tmp_path)
    logged = " ".join(str(vars(record)) for record in caplog.records) + repr(asked) + repr(outcome)
    assert caplog.records
    assert somebody.id_number not in logged
    assert somebody.name not in logged


# What an officer enters


@pytest.mark.parametrize("found", _MANUAL, ids=_name)
def test_an_entry_is_judged_like_every_other_reply(found: Found) -> None:
    item = found.source.items[0]
    sample = json.loads((found.folder / "samples" / f"{item.name}.json").read_text(encoding="utf-8"))
    connector = EntryConnector(found.source, found.mapping, Wiring())
    asked = question(item, Subject(sample["question"]["id_number"], sample["question"]["name"]))
    row: dict[str, str] = sample["rows"][0]

    def outcome(*rows: dict[str, str], day: date = date(2026, 11, 20)) -> Outcome:
        return connector.read_reply(asked, rows, data_as_of=day, reference="R-1", at=AT)

    none = outcome()
    assert isinstance(none, Answer)
    assert none.finding is Finding.NONE_FOUND
    code = next(field.name for field in item.fields if field.type is FieldType.CODE)
    for wrong, cause in (
        (outcome(row | {"id_number": NOBODY.id_number}), Cause.WRONG_PERSON),
        (outcome(row | {code: "谁也没有约定"}), Cause.MALFORMED),
        (outcome(row | {code: ""}), Cause.MALFORMED),
        (outcome(row, day=date(2027, 1, 1)), Cause.MALFORMED),
        (
            outcome(row | {"reference": "A"}, row | {"reference": "A", code: _other(item, found, row, code)}),
            Cause.CONTRADICTORY,
        ),
    ):
        assert isinstance(wrong, Unavailable)
        assert wrong.cause is cause


def _other(item: Item, found: Found, row: dict[str, str], name: str) -> str:
    column = found.mapping[item.name].columns[name]
    return next(written for code in item.field(name).codes if (written := column.write(code)) != row[name])


def test_a_car_that_was_sold_is_struck_off_when_somebody_proves_it(stage: Stage) -> None:
    (police,) = [one for one in found_sources() if one.source.name == "public_security"]
    item = police.source.item("vehicles")
    department = stage.departments["public_security"]
    filed = department.on_file["vehicles"]
    number, name = next(
        (number, line[police.mapping["vehicles"].holder])
        for number, lines in filed.by_number.items()
        for line in lines
        if len(number) == 18 and len(lines) == 1 and filed.strike_off(line)
    )
    seller = Subject(id_number=number, name=name)
    connector = police.connect(stage.wiring(police))
    first = connector.ask(question(item, seller), at=AT)  # type: ignore[union-attr]
    assert isinstance(first, Answer)
    assert first.finding is Finding.FOUND
    reference = first.provider_reference
    for evidence, expected in (((), Finding.FOUND), ((Evidence("image/png", "ab" * 32),), Finding.NONE_FOUND)):
        again = connector.ask(question(item, seller, disputed_reference=reference, evidence=evidence), at=AT)  # type: ignore[union-attr]
        assert isinstance(again, Answer)
        assert again.finding is expected
