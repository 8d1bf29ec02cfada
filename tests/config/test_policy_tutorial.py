"""The tutorial on adding a programme is run as it stands: a newcomer copies a folder, without Python (X2)."""

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from jiuzhu.config.commandline import jiuzhu
from jiuzhu.config.environment import ROOT

TUTORIAL = ROOT / "docs" / "tutorials" / "add-a-programme.md"
_BLOCK = re.compile(r"^```(?P<kind>\w+)(?: (?P<words>[^\n]*))?\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE)


def test_every_step_of_the_tutorial_does_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    said, steps = "", 0
    for block in _BLOCK.finditer(TUTORIAL.read_text(encoding="utf-8")):
        kind, words, text = block["kind"], block["words"] or "", block["text"]
        if words.startswith("title="):
            path = tmp_path / words.removeprefix("title=")
            assert path.is_file(), f"{path} is not there to be replaced"
            path.write_text(text, encoding="utf-8")
        elif kind == "sh":
            said = "".join(_run(line, fails=words == "fails") for line in text.splitlines())
            steps += 1
        else:
            assert kind == "text"
            assert [line for line in text.splitlines() if line not in said] == [], said
    assert steps >= 8


def _run(line: str, *, fails: bool) -> str:
    """Run a command, as a shell would; what it says."""
    name, *arguments = shlex.split(line)
    assert name == "jiuzhu"
    result = CliRunner().invoke(jiuzhu, arguments)
    assert result.exit_code == (1 if fails else 0), f"{line}\n{result.output}"
    return result.output
