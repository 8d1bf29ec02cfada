"""The guides of commands are run as they stand: packs written, standards simulated, files verified (S13, X2)."""

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from jiuzhu.config.commandline import jiuzhu
from jiuzhu.config.environment import ROOT

GUIDES = {"write-a-policy-pack": (10, 10), "simulate-a-standard": (3, 2), "verify-a-batch-of-files": (2, 4)}
# dozens of compilations of all packs
pytestmark = pytest.mark.slow
_BLOCK = re.compile(r"^```(?P<kind>\w+)(?: (?P<words>[^\n]*))?\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("name", GUIDES)
def test_every_step_of_a_guide_does_what_it_says(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    guide = ROOT / "docs" / "guides" / f"{name}.md"
    said, commands, files = "", 0, 0
    for block in _BLOCK.finditer(guide.read_text(encoding="utf-8")):
        kind, words, text = block["kind"], block["words"] or "", block["text"]
        if words.startswith("title="):
            path = tmp_path / words.removeprefix("title=")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            files += 1
        elif kind == "sh":
            said = "".join(_run(line, fails=words == "fails") for line in text.splitlines())
            commands += len(text.splitlines())
        else:
            assert kind == "text"
            assert [line for line in text.splitlines() if line not in said] == [], said
    assert (commands, files) >= GUIDES[name]


def _run(line: str, *, fails: bool) -> str:
    """Run a command, as a shell would; what it says."""
    name, *arguments = shlex.split(line)
    assert name == "jiuzhu"
    result = CliRunner().invoke(jiuzhu, arguments)
    assert result.exit_code == (1 if fails else 0), f"{line}\n{result.output}"
    return result.output
