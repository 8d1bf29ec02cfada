"""The generated documents: they follow from the tree, name every demand, and a stale one is shown and refused."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from jiuzhu.config.commandline import docs
from jiuzhu.config.environment import ROOT
from jiuzhu.config.settings import ROOMS

_DEMANDS = """
- {id: S01, clause: 二（一）, zh: 制度清单, en: Catalogue}
- {id: S12, clause: 二（三）1, zh: 三端融合, en: Three ends}
- {id: X1, clause: 超出文件, zh: 政策包, en: Pack}
"""


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A tree with one room, one channel and one test that name demands."""
    _write(tmp_path / "docs" / "demands.yaml", _DEMANDS)
    _write(tmp_path / "src/jiuzhu/rooms/catalogue/__init__.py", '"""制度清单: keeps packs.\n\nDemands S01, X1.\n"""\n')
    _write(tmp_path / "src/jiuzhu/rooms/catalogue/actions.py", '"""Verbs."""\n')
    _write(tmp_path / "src/jiuzhu/channels/portal/__init__.py", '"""Portal (群众门户). Serves S12."""\n')
    _write(tmp_path / "tests/rooms/catalogue/test_publish.py", '"""S01: packs are published."""\n\nMARK = "S12"\n')
    return tmp_path


def _row(text: str, demand: str) -> str:
    return next(line for line in text.splitlines() if line.startswith(f"| **{demand}**"))


def test_a_demand_leads_to_its_room_its_door_and_its_test(tree: Path) -> None:
    row = _row(docs.render_seed_map(tree), "S01")
    assert "[rooms/catalogue](../src/jiuzhu/rooms/catalogue) 制度清单" in row
    assert "[rooms/catalogue/actions.py](../src/jiuzhu/rooms/catalogue/actions.py)" in row
    assert "[tests/rooms/catalogue/test_publish.py](../tests/rooms/catalogue/test_publish.py)" in row


def test_only_docstrings_name_demands_and_what_is_missing_stays_empty(tree: Path) -> None:
    row = _row(docs.render_seed_map(tree), "S12")
    assert "群众门户" in row
    assert row.endswith("| — | — |"), "a string in a test's code is no mark"


def test_an_unknown_demand_is_refused_with_its_place(tree: Path) -> None:
    _write(tree / "src/jiuzhu/rooms/exchange/__init__.py", '"""共享交换: S99."""\n')
    with pytest.raises(docs.DocumentsFault, match=r"rooms/exchange names S99"):
        docs.render_seed_map(tree)


def test_an_unknown_demand_in_a_test_is_refused_with_its_place(tree: Path) -> None:
    _write(tree / "tests/core/test_money.py", '"""X77."""\n')
    with pytest.raises(docs.DocumentsFault, match=r"tests/core/test_money\.py names X77"):
        docs.render_seed_map(tree)


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("- {id: S01, clause: 一, zh: 二, en: two}", "S01 comes twice"),
        ("- {id: S1, clause: 一, zh: 二, en: two}", "is not an id"),
        ("- {id: S02, clause: 一, zh: 二}", "exactly id, clause, zh and en"),
        ("- S02", "exactly id, clause, zh and en"),
    ],
)
def test_a_malformed_demand_is_refused_with_its_row(tree: Path, row: str, fault: str) -> None:
    _write(tree / "docs" / "demands.yaml", _DEMANDS + row + "\n")
    with pytest.raises(docs.DocumentsFault, match=f"row 4: .*{fault}"):
        docs.read_demands(tree)


def test_a_missing_table_of_demands_is_refused(tmp_path: Path) -> None:
    with pytest.raises(docs.DocumentsFault, match="is missing"):
        docs.read_demands(tmp_path)


def test_the_demands_are_those_of_the_founding_document_and_the_ten_beyond_it() -> None:
    demands = docs.read_demands(ROOT)
    assert [demand.id for demand in demands] == [f"S{n:02}" for n in range(1, 24)] + [f"X{n}" for n in range(1, 11)]
    for demand in demands:
        assert re.search(r"[一-鿿]", demand.zh)
        assert not re.search(r"[一-鿿]", demand.en)


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_says_its_chinese_name_and_its_demands(room: str) -> None:
    home = next(home for home in docs.read_homes(ROOT) if home.storey == "rooms" and home.path.name == room)
    assert home.zh
    assert home.marks


def test_the_rooms_come_in_the_order_of_the_flow() -> None:
    assert [home.path.name for home in docs.read_homes(ROOT) if home.storey == "rooms"] == ROOMS


@pytest.mark.parametrize("room", ROOMS)
def test_the_reference_of_permissions_shows_each_with_its_sentence(room: str) -> None:
    text = docs.render_permissions([room])
    for permission, (zh, en) in docs.sentences(room).items():
        assert f"| `{permission.value}` | {zh} | {en} |" in text


def test_the_reference_of_permissions_shows_who_holds_one() -> None:
    row = next(line for line in docs.render_permissions(["registry"]).splitlines() if "`registry.person.view`" in line)
    assert "`village_assistant`" in row, "a role that takes a set in holds what the set names"


def test_the_reference_of_states_draws_every_procedure() -> None:
    text = docs.render_states()
    drawn = [name for room in ROOMS for name in docs.tables(room)]
    assert text.count("```mermaid") == len(drawn) > len(ROOMS)
    assert "| `accept` 受理 / Accept | 已提交、已补正 | 已受理 | `application.application.accept` |" in text


@pytest.mark.parametrize("name", docs.DOCUMENTS)
def test_a_document_is_the_same_each_time_and_free_of_broken_rows(name: str) -> None:
    text = docs.DOCUMENTS[name]()
    assert text == docs.DOCUMENTS[name]()
    widths: list[int] = []
    for line in text.splitlines():
        if line.startswith("|"):
            widths.append(line.count("|"))
            assert widths[-1] == widths[0], line
        else:
            widths = []


def test_a_stale_document_is_shown_and_a_fresh_one_is_not(tmp_path: Path) -> None:
    file = tmp_path / "map.md"
    assert "+new" in docs.difference(file, "new\n")
    file.write_text("old\n", encoding="utf-8")
    shown = docs.difference(file, "new\n")
    assert "-old" in shown
    assert "+new" in shown
    file.write_text("new\n", encoding="utf-8")
    assert docs.difference(file, "new\n") == ""


@pytest.mark.parametrize("verb", ["seed-map", "permissions", "states"])
def test_check_exits_with_one_and_the_difference_when_stale(
    verb: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = next(name for name in docs.DOCUMENTS if Path(name).stem == verb)
    _write(tmp_path / name, "old\n")
    monkeypatch.setattr(docs, "ROOT", tmp_path)
    stale = CliRunner().invoke(docs.command, [verb, "--check"])
    assert stale.exit_code == 1
    assert "-old" in stale.output
    assert (tmp_path / name).read_text(encoding="utf-8") == "old\n", "a check writes nothing"
    assert CliRunner().invoke(docs.command, [verb]).exit_code == 0
    assert CliRunner().invoke(docs.command, [verb, "--check"]).exit_code == 0


def test_write_writes_all_and_check_then_finds_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(docs, "ROOT", tmp_path)
    assert CliRunner().invoke(docs.command, ["check"]).exit_code == 1
    written = CliRunner().invoke(docs.command, ["write"])
    assert [line.removeprefix("wrote ") for line in written.output.splitlines()] == list(docs.DOCUMENTS)
    checked = CliRunner().invoke(docs.command, ["check"])
    assert (checked.exit_code, checked.output) == (0, "")
