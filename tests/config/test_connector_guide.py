"""The guide for a new source, run as it stands (S13): its folder is found, wired, and reads the reply of the page."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from tests.connectors.conftest import AT, question

from jiuzhu.config.environment import ROOT, read
from jiuzhu.config.sources import connect_sources, wirings_of
from jiuzhu.connectors import sources
from jiuzhu.connectors.reading.replies import judge
from jiuzhu.connectors.scanning import find
from jiuzhu.connectors.transports.http.client import HttpConnector, reply_of
from jiuzhu.engine.problems import PackError
from jiuzhu.rooms.verification.ports import Answer, Subject, connector, register_connectors
from jiuzhu.rooms.verification.ports import connectors as registered

_BLOCK = re.compile(r"```\w+ title=(\S+)\n(.*?)```", re.DOTALL)


@pytest.fixture
def guide(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    text = (ROOT / "docs" / "guides" / "add-a-connector.md").read_text(encoding="utf-8")
    for name, content in _BLOCK.findall(text):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8")
    monkeypatch.setattr(sources, "__path__", list(sources.__path__))
    monkeypatch.setenv("JIUZHU_CONNECTORS", str(tmp_path / "our-sources"))
    monkeypatch.setenv("JIUZHU_SOURCES", str(tmp_path / "sources.yaml"))
    monkeypatch.setenv("JIUZHU_KEY_BEEKEEPERS", "ab" * 32)
    before = tuple(registered().values())
    yield tmp_path
    register_connectors(before)


def test_the_new_source_is_found_wired_and_reads_the_reply_of_the_page(guide: Path) -> None:
    connect_sources()
    assert sorted(registered()) == ["beekeepers", "courts"]
    made = connector("beekeepers")
    assert isinstance(made, HttpConnector)
    item = made.source.item("sales")
    found = next(one for one in find() if one.source.name == "beekeepers")
    reply = reply_of((guide / "reply.json").read_bytes(), origin="reply.json")
    asked = question(item, Subject("370902199003075211", "张样"), attempt_key="attempt-0001")
    outcome = judge(item, found.mapping["sales"], asked, reply, at=AT)
    assert isinstance(outcome, Answer), outcome
    assert dict(outcome.records[0].values) == {"hives": 12, "sold_fen_month": 83050}
    assert outcome.data_as_of == date(2026, 11, 20)


@pytest.mark.parametrize(
    ("change", "place", "said"),
    [
        (("type: count", "type: number"), "beekeepers/manifest.yaml:14:", "there is no 'number'"),
        (("of: sold_fen_month", "of: sold_fen"), "beekeepers/manifest.yaml:18:", "Did you mean sold_fen_month?"),
        (("name: beekeepers", "name: bees"), "beekeepers/manifest.yaml:1:7", "that of the folder"),
        (("deadline: source_answer_wd\n", ""), "beekeepers/manifest.yaml:1:1", "'deadline' is missing"),
        (("      hives:", "      boxes:"), "beekeepers/manifest.yaml:1:1", "sales.boxes, sales.hives"),
        (("zh: 养蜂协会", "zh: [养蜂协会"), "beekeepers/manifest.yaml:", "not YAML"),
    ],
)
def test_a_broken_manifest_is_refused_with_its_place(
    guide: Path, change: tuple[str, str], place: str, said: str
) -> None:
    manifest = guide / "our-sources" / "beekeepers" / "manifest.yaml"
    manifest.write_text(manifest.read_text(encoding="utf-8").replace(*change), encoding="utf-8")
    with pytest.raises(PackError) as refused:
        connect_sources()
    assert place in str(refused.value)
    assert said in str(refused.value)
    assert sorted(registered()) != ["beekeepers", "courts"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("beekeeper: {}", "Did you mean beekeepers?"),
        ("beekeepers: {}", "'address' is missing"),
        ("courts: {adress: x}", "Did you mean address?"),
        ("courts: [1]", "must be a mapping"),
        ("courts: {patience_ms: soon}", "whole number"),
        ("banks: {address: https://x.example, key: JIUZHU_KEY_NOWHERE}", "at least 32 bytes"),
    ],
)
def test_a_broken_wiring_is_refused_with_its_place(guide: Path, text: str, said: str) -> None:
    (guide / "sources.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(PackError) as refused:
        connect_sources()
    assert "sources.yaml:1:" in str(refused.value)
    assert said in str(refused.value)


def test_a_trial_asks_the_departments_of_the_demonstration(guide: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JIUZHU_SOURCES")
    monkeypatch.delenv("JIUZHU_CONNECTORS")
    monkeypatch.setenv("JIUZHU_PORT", "9000")
    wirings = wirings_of(read(), find())
    assert wirings["banks"].address == "http://127.0.0.1:9100/banks"
    assert wirings["banks"].key != wirings["tax"].key
    assert len({len(one.key) for one in wirings.values()}) == 1
