"""`jiuzhu verify files`: what it says, writes and refuses, as text and as JSON, in both languages."""

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.engine.test_bulk import BIRTHS, number, one_person, write

from jiuzhu.config.commandline import jiuzhu


def said(*arguments: str | Path, code: int = 0) -> str:
    result = CliRunner().invoke(jiuzhu, ["verify", "files", *map(str, arguments)])
    assert result.exit_code == code, result.output
    return result.output


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A list of one person and a register of deaths with him in it."""
    _, own = one_person(tmp_path)
    write(tmp_path / "in" / "deaths.csv", [{"number": own, "name": "张伟", "died_on": "2026-01-01", "note": "x"}])
    return tmp_path


def test_it_says_in_both_languages_what_became_of_each_register(place: Path) -> None:
    text = said(place / "people.csv", place / "in", place / "out", "--on", "2026-09-01")
    assert "1 户 1 人" in text
    assert "死亡登记" in text
    assert "未使用的列 note" in text
    text = said(place / "people.csv", place / "in", place / "out", "--on", "2026-09-01", "--language", "en")
    assert "columns not used: note" in text
    assert text.count("no file") == 5
    assert "deaths, 1 person(s): registered as dead, but still on the list of members. To look at: visit" in text


def test_json_is_one_document_and_the_summary_is_the_same(place: Path) -> None:
    found = json.loads(said(place / "people.csv", place / "in", place / "out", "--on", "2026-09-01", "--json"))
    assert found.pop("ok") is True
    assert found == json.loads((place / "out" / "summary.json").read_text(encoding="utf-8"))
    assert found["registers"]["deaths"]["totals"] == {"dead": [1, 1]}
    assert found["registers"]["deaths"]["findings"] == {"deceased_not_cancelled": 1, "undated_data": 1}


def test_csv_has_a_line_for_each_person_and_item(place: Path) -> None:
    said(
        place / "people.csv",
        place / "in",
        place / "out",
        "--on",
        "2026-09-01",
        "--csv",
        "--only",
        "deaths",
        "--only",
        "vehicles",
    )
    with (place / "out" / "results.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [(row["item"], row["state"], row["low"], row["high"]) for row in rows] == [
        ("dead", "found", "1", "1"),
        ("vehicles", "unknown", "", ""),
    ]
    assert rows[0]["findings"] == "deceased_not_cancelled undated_data"


def test_a_refused_register_or_list_ends_with_one(place: Path) -> None:
    write(place / "in" / "vehicles.csv", [{"number": number(BIRTHS[1], 2), "name": "李娜", "state": "?"}])
    text = said(place / "people.csv", place / "in", place / "out", "--on", "2026-09-01", code=1)
    assert "vehicles.csv 第2行 “state”列：应当是可用的代码或名称（正常" in text
    write(place / "people.csv", [{"household": "1", "name": "x"}])
    text = said(place / "people.csv", place / "in", place / "b", "--on", "2026-09-01", code=1)
    assert "缺少“身份证号”" in text
    assert "未写入任何结果" in text
    found = json.loads(said(place / "people.csv", place / "in", place / "b", "--on", "2026-09-01", "--json", code=1))
    assert found["problems"][0]["code"] == "column.missing"


def test_a_register_that_there_is_not_is_named_with_the_closest(place: Path) -> None:
    text = said(place / "people.csv", place / "in", place / "out", "--only", "vehicle", "--language", "en", code=2)
    assert "Did you mean vehicles?" in text
