"""The house's layout: the same few files in every room, no rooms without a name, no file too long."""

import re
import subprocess

import pytest
from tests.house.source import PACKAGE, ROOMS, ROOT, modules

STOREYS = {"core", "engine", "groundwork", "rooms", "journeys", "connectors", "channels", "demo", "config"}
FILES_OF_A_ROOM = {"__init__", "apps", "states", "permissions", "ports", "rules", "models", "queries", "actions"}
FOLDERS_OF_A_ROOM = {"locale", "data", "migrations"}
FLOW = [
    "organization",
    "catalogue",
    "exchange",
    "capability",
    "funds",
    "registry",
    "application",
    "verification",
    "determination",
    "disclosure",
    "referral",
    "payment",
    "supervision",
    "evaluation",
]
NAMELESS = {"utils", "util", "helpers", "helper", "services", "service", "managers", "common", "misc", "base", "shared"}
LONGEST = 500


def _tracked() -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def test_the_storeys_are_those_of_the_plan() -> None:
    assert {path.name for path in PACKAGE.iterdir() if path.is_dir() and path.name != "__pycache__"} == STOREYS


def test_every_room_of_the_flow_stands() -> None:
    assert set(ROOMS) == set(FLOW)


@pytest.mark.parametrize("room", FLOW)
def test_a_room_holds_the_same_few_files(room: str) -> None:
    entries = [path for path in (PACKAGE / "rooms" / room).iterdir() if path.name != "__pycache__"]
    files = {path.stem for path in entries if path.suffix == ".py"} | {path.name for path in entries if path.is_dir()}
    assert files <= FILES_OF_A_ROOM | FOLDERS_OF_A_ROOM
    assert {"__init__", "states", "permissions"} <= files


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert [
        module.place for module in modules() if NAMELESS & set(module.path.relative_to(PACKAGE).with_suffix("").parts)
    ] == []


def test_no_file_is_longer_than_a_reader_can_hold() -> None:
    long = [
        f"{name}: {lines} lines"
        for name in _tracked()
        if name.endswith((".py", ".js", ".css", ".html", ".sql"))
        and "/migrations/" not in name
        and (lines := (ROOT / name).read_text(encoding="utf-8").count("\n")) > LONGEST
    ]
    assert long == []


def test_lock_files_hold_no_address() -> None:
    locks = [name for name in _tracked() if re.search(r"(\.lock|package-lock\.json)$", name)]
    assert {"requirements.lock", "requirements-test.lock", "package-lock.json"} <= set(locks)
    assert [name for name in locks if "://" in (ROOT / name).read_text(encoding="utf-8")] == []


def test_the_project_names_no_machine() -> None:
    pattern = re.compile(r"(?<![\w.])/(work|root|home/\w+)/|\bpypi\.org|registry\.npmjs|pythonhosted")
    assert [
        f"{name}:{number}"
        for name in _tracked()
        if name.endswith((".py", ".md", ".toml", ".yaml", ".html", ".js", ".css", ".json", "Makefile", ".npmrc"))
        and name != "tests/house/test_layout.py"
        for number, line in enumerate((ROOT / name).read_text(encoding="utf-8").splitlines(), 1)
        if pattern.search(line)
    ] == []


def test_nothing_is_left_unfinished() -> None:
    pattern = re.compile(r"\b(TODO|FIXME|XXX|HACK|lorem ipsum)\b|raise NotImplementedError|敬请期待|暂未实现|待实现")
    assert [
        f"{name}:{number}"
        for name in _tracked()
        if name.startswith(("src/", "docs/", "setup/", "policies/", "README"))
        and name.endswith((".py", ".md", ".yaml", ".html", ".js", ".css", ".po"))
        for number, line in enumerate((ROOT / name).read_text(encoding="utf-8").splitlines(), 1)
        if pattern.search(line)
    ] == []
