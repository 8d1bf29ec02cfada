"""The hand-written documents: links and commands exist, decisions and news have their form, a term has one name."""

import re
from pathlib import Path

import click
import pytest

from jiuzhu.config.commandline import jiuzhu
from jiuzhu.config.environment import ROOT
from jiuzhu.rooms.registry.rules.roll.columns import COLUMNS, LARGEST_ROWS, REQUIRED
from jiuzhu.rooms.registry.states import TargetGroup

_PAGES = sorted(path for pattern in ("*.md", "docs/**/*.md", "changelog.d/*.md") for path in ROOT.glob(pattern))
_DECISIONS = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
_LINK = re.compile(r"\]\(([^)#\s]*)(#[^)\s]*)?\)")
_COMMAND = re.compile(r"\bjiuzhu((?: [a-z][a-z-]*)+)")
_CHINESE = re.compile(r"[一-鿿]")
_HEADER = "| 中文 | code | English | meaning | source |"


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _anchor(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def _anchors(page: Path) -> set[str]:
    return {
        _anchor(line.lstrip("# ")) for line in page.read_text(encoding="utf-8").splitlines() if line.startswith("#")
    }


def _code(page: Path) -> list[str]:
    text = page.read_text(encoding="utf-8")
    blocks = re.findall(r"```\w*\n(.*?)```", text, re.DOTALL)
    return [*blocks, *re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))]


@pytest.mark.parametrize("page", _PAGES, ids=_name)
def test_every_link_leads_to_a_page_of_the_project(page: Path) -> None:
    for target, anchor in _LINK.findall(page.read_text(encoding="utf-8")):
        assert "://" not in target, "a page of the project needs no address outside it"
        aim = (page.parent / target).resolve() if target else page
        assert aim.exists(), f"{target} does not exist"
        assert aim.is_relative_to(ROOT)
        assert not anchor or anchor[1:] in _anchors(aim), f"{target}{anchor}: no such heading"


@pytest.mark.parametrize("page", _PAGES, ids=_name)
def test_every_command_that_a_page_names_exists(page: Path) -> None:
    context = click.Context(jiuzhu)
    for code in _code(page):
        for words in _COMMAND.findall(code):
            command: click.Command = jiuzhu
            for word in words.split():
                if not isinstance(command, click.Group):
                    break
                found = command.get_command(context, word)
                assert found is not None, f"`jiuzhu{words}`: {word}"
                command = found


@pytest.mark.parametrize("page", _PAGES, ids=_name)
def test_every_make_target_that_a_page_names_exists(page: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = {name for code in _code(page) for name in re.findall(r"^\s*make ([a-z]+)", code, re.MULTILINE)}
    assert named <= targets


def test_every_page_is_found_from_the_entrance() -> None:
    reached: set[Path] = set()
    waiting = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md"]
    while waiting:
        page = waiting.pop()
        if page in reached:
            continue
        reached.add(page)
        links = (page.parent / target for target, _ in _LINK.findall(page.read_text(encoding="utf-8")) if target)
        waiting += [link.resolve() for link in links if link.suffix == ".md"]
    pages = {page for page in _PAGES if page.name == "README.md" or page.parent.name != "changelog.d"}
    assert {_name(page) for page in pages - reached} == set()


def test_decisions_are_numbered_without_a_gap_and_listed() -> None:
    assert [path.name[:4] for path in _DECISIONS] == [f"{number:04}" for number in range(1, len(_DECISIONS) + 1)]
    index = (ROOT / "docs" / "decisions" / "README.md").read_text(encoding="utf-8")
    assert re.findall(r"\]\((\d{4}-[\w-]+\.md)\)", index) == [path.name for path in _DECISIONS]


@pytest.mark.parametrize("path", _DECISIONS, ids=_name)
def test_a_decision_is_dated_and_says_what_was_rejected(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.startswith(f"# {path.name[:4]} ")
    assert re.search(r"^Date: \d{4}-\d{2}-\d{2}\. Status: (accepted|replaced by \d{4})\.$", text, re.MULTILINE)
    headings = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert headings == ["Context", "Decision", "Rejected", "Consequences"]


def test_a_news_fragment_is_named_by_area_and_kind_and_says_something() -> None:
    for path in sorted((ROOT / "changelog.d").iterdir()):
        if path.name == "README.md":
            continue
        assert re.fullmatch(r"[a-z][a-z-]*\.(added|changed|fixed)\.md", path.name), path.name
        text = path.read_text(encoding="utf-8").strip()
        assert text.endswith("."), path.name
        assert not text.startswith(("#", "-", "*")), path.name


def test_the_guide_to_rolls_names_the_columns_as_the_program_reads_them() -> None:
    text = (ROOT / "docs" / "guides" / "import-a-roll.md").read_text(encoding="utf-8")
    for column, spec in COLUMNS.items():
        assert f"| {spec.zh} | {spec.en} | {'yes' if column in REQUIRED else 'no'} |" in text
    assert f"{LARGEST_ROWS:,} rows" in text


def _glossary() -> list[list[str]]:
    lines = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").splitlines()
    tables = [line for line in lines if line.startswith("|")]
    assert tables.count(_HEADER) == len([line for line in lines if line.startswith("## ")])
    rows = [line for line in tables if line != _HEADER and not line.startswith("|---")]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]


def test_a_term_has_one_name_in_each_language_and_in_code() -> None:
    rows = _glossary()
    for row in rows:
        chinese, code, english, meaning, source = row
        assert _CHINESE.search(chinese), row
        assert re.fullmatch(r"[a-z][a-z0-9_]*", code), row
        assert all((english, meaning, source)), row
        assert not _CHINESE.search(english), row
    for column in range(3):
        names = [row[column] for row in rows]
        assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("group", TargetGroup)
def test_every_target_group_stands_in_the_glossary(group: TargetGroup) -> None:
    assert group.value in {row[1] for row in _glossary()}
