"""`jiuzhu policy population | screen | simulate | diff`: what they print, write and refuse (S04 X2 X3)."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from tests.engine.programmes import write, write_programme

from jiuzhu.config.commandline import jiuzhu

DAY = ("--on", "2026-09-01")
HOUSEHOLDS = "household,division,urban,cars\n1,370902001001,yes,0\n2,370911100201,no,0\n3,370911100201,no,\n"
PERSONS = """household,birth_date,wage_yuan_year,pension_yuan_month,illness,student
1,1950-06-30,0,0,none,no
2,1980-01-01,9000,0,none,no
3,1980-01-01,0,0,none,no
"""
RAISED = """
standard_yuan_month:
  type: yuan_month
  label: 标准
  label_en: standard
  lowest: 0
  highest: 5000
  values: [{value: 1100, from: 2026-07-01, basis: sample_law 18}]
"""


def run(*arguments: object) -> Result:
    """Run the command."""
    return CliRunner().invoke(jiuzhu, ["policy", *map(str, arguments)])


def data(result: Result) -> dict[str, Any]:
    """The JSON that it answered."""
    assert result.exit_code in (0, 1), result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


@pytest.fixture
def packs(tmp_path: Path) -> tuple[object, ...]:
    """The sample programme, alone."""
    return ("--alone", "--policies", write_programme(tmp_path))


@pytest.fixture
def snapshot(tmp_path: Path, packs: tuple[object, ...]) -> Path:
    """Three households."""
    tables = tmp_path / "tables"
    tables.mkdir()
    (tables / "household.csv").write_text(HOUSEHOLDS, encoding="utf-8")
    (tables / "person.csv").write_text(PERSONS, encoding="utf-8")
    made = run("population", tmp_path / "snapshot", "--from", tables, *DAY, *packs)
    assert made.exit_code == 0, made.output
    assert "3 户" in made.output
    return tmp_path / "snapshot"


# population


def test_invented_households_are_the_same_for_the_same_seed(tmp_path: Path, packs: tuple[object, ...]) -> None:
    digests = [
        data(run("population", tmp_path / name, "--invented", 50, "--seed", seed, "--json", *DAY, *packs))["digest"]
        for name, seed in (("a", 1), ("b", 1), ("c", 2))
    ]
    assert digests[0] == digests[1] != digests[2]


def test_tables_with_mistakes_are_named_and_write_nothing(tmp_path: Path, packs: tuple[object, ...]) -> None:
    tables = tmp_path / "tables"
    tables.mkdir()
    (tables / "household.csv").write_text(HOUSEHOLDS.replace("yes", "perhaps"), encoding="utf-8")
    result = run("population", tmp_path / "out", "--from", tables, "--language", "en", *DAY, *packs)
    assert result.exit_code == 1
    assert "household.urban, row 0: found perhaps" in result.output
    answered = data(run("population", tmp_path / "out", "--from", tables, "--json", *DAY, *packs))
    assert (answered["ok"], answered["total"]) == (False, 1)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ((), "--from、--register、--invented"),
        (("--invented", 5, "--register", "370902"), "--from、--register、--invented"),
        (("--invented", 0), "Invalid value"),
        (("--invented", 5, "--divisions", "3709"), "12位区划代码"),
        (("--invented", 5, "--on", "yesterday"), "Invalid value"),
    ],
)
def test_a_population_of_nothing_is_refused(
    tmp_path: Path, packs: tuple[object, ...], options: tuple[object, ...], message: str
) -> None:
    result = run("population", tmp_path / "out", *options, *packs)
    assert result.exit_code == 2
    assert message in result.output


def test_a_folder_that_is_there_is_not_overwritten(snapshot: Path, packs: tuple[object, ...]) -> None:
    result = run("population", snapshot, "--invented", 5, *packs)
    assert result.exit_code == 1
    assert "已存在" in result.output


# screen


def test_a_screening_says_who_comes_out_how_and_what_it_costs(snapshot: Path, packs: tuple[object, ...]) -> None:
    result = run("screen", snapshot, "--by", "county", "--language", "en", *DAY, *packs)
    assert result.exit_code == 0, result.output
    assert "division 370902" in result.output
    found = data(run("screen", snapshot, "--by", "county", "--json", *DAY, *packs))
    assert found["engine"].startswith("numpy ")
    assert (found["households"], found["persons"], found["root"]) == (3, 3, "3709")
    # one person without income under a standard of 966.50
    assert found["totals"]["370902"]["dibao"] == {
        "unit": "household",
        "states": {"granted": 1},
        "paid": {"monthly": {"sure": 96650, "most": 96650}},
    }
    assert found["totals"]["370911"]["dibao"]["states"] == {"granted": 1, "unknown": 1}


def test_both_engines_answer_alike(snapshot: Path, packs: tuple[object, ...]) -> None:
    first, second = (
        data(run("screen", snapshot, "--engine", engine, "--json", *DAY, *packs)) for engine in ("numpy", "duckdb")
    )
    assert first["totals"] == second["totals"]
    assert first["run"] != second["run"]


def test_claims_are_written_with_the_identity_of_the_run(
    snapshot: Path, packs: tuple[object, ...], tmp_path: Path
) -> None:
    result = run("screen", snapshot, "--out", tmp_path / "out", "--json", *DAY, *packs)
    manifest = json.loads((tmp_path / "out/run.json").read_text(encoding="utf-8"))
    assert manifest["run"] == data(result)["run"]
    assert manifest["claims"] == 3
    again = run("screen", snapshot, "--out", tmp_path / "out", *DAY, *packs)
    assert again.exit_code == 1
    assert "已存在" in again.output


def test_months_follow_the_rules_of_their_first_days(snapshot: Path, packs: tuple[object, ...]) -> None:
    found = data(run("screen", snapshot, "--on", "2026-11-15", "--until", "2027-02", "--json", *packs))
    sums = {month: one["dibao"]["paid"]["monthly"]["sure"] for month, one in found["months"].items()}
    assert list(sums) == ["2026-11", "2026-12", "2027-01", "2027-02"]
    assert sums["2026-12"] < sums["2027-01"]
    shown = run("screen", snapshot, "--on", "2026-11-15", "--until", "2027-02", *packs).output
    assert "2027-02" in shown


def test_a_month_before_a_birth_is_refused(snapshot: Path, packs: tuple[object, ...]) -> None:
    result = run("screen", snapshot, "--on", "1949-01-01", "--language", "en", *packs)
    assert result.exit_code == 1
    assert "a day not after 1949-01-01" in result.output


@pytest.mark.parametrize(
    ("options", "code", "message"),
    [
        (("--root", "370902"), 1, "370902 之外的区划 370911100201"),
        (("--root", "Shandong"), 2, "--root 是区划代码的前几位"),
        (("--until", "2020-01"), 2, "--until 不早于 --on"),
        (("--engine", "spreadsheet"), 2, "Invalid value"),
    ],
)
def test_a_screening_that_cannot_be_is_refused(
    snapshot: Path, packs: tuple[object, ...], options: tuple[object, ...], code: int, message: str
) -> None:
    result = run("screen", snapshot, *options, *DAY, *packs)
    assert (result.exit_code, message in result.output) == (code, True), result.output


def test_a_folder_that_is_no_snapshot_is_refused(tmp_path: Path, packs: tuple[object, ...]) -> None:
    result = run("screen", tmp_path, *DAY, *packs)
    assert result.exit_code == 1
    assert "读不出清单" in result.output


# simulate


def test_a_simulation_shows_who_enters_and_what_it_costs(snapshot: Path, packs: tuple[object, ...]) -> None:
    options = ("--set", "standard_yuan_month=1200", *DAY, *packs)
    one = data(run("simulate", snapshot, "--json", *options))["areas"][""]["dibao"]
    assert one["granted"] == {"before": 2, "after": 2}
    assert (one["more"], one["less"], one["enter"], one["leave"]) == (2, 0, 0, 0)
    # 1,200 for the first; 1,200 less 750 for the second
    assert one["paid"]["monthly"] == {"before": 96650 + 5000, "after": 120000 + 45000}
    shown = run("simulate", snapshot, "--language", "en", *options).output
    assert "Of 3 households 2 get more and 0 less" in shown


def test_a_pack_laid_over_is_simulated(snapshot: Path, packs: tuple[object, ...], tmp_path: Path) -> None:
    over = tmp_path / "over"
    write(over, "370900-ours/dibao/parameters.yaml", RAISED)
    one = data(run("simulate", snapshot, "--with", over, "--json", *DAY, *packs))["areas"][""]["dibao"]
    # the district that has a value of its own keeps it
    assert one["paid"]["monthly"] == {"before": 96650 + 5000, "after": 96650 + 35000}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ((), "请用 --set 或 --with"),
        (("--set", "standard"), "不是改动"),
        (("--set", "standard_yuan_mont=5"), "是否想写 standard_yuan_month"),
        (("--set", "standard_yuan_month=6000"), "应在 0"),
    ],
)
def test_a_change_that_cannot_be_is_refused(
    snapshot: Path, packs: tuple[object, ...], options: tuple[object, ...], message: str
) -> None:
    result = run("simulate", snapshot, *options, *DAY, *packs)
    assert result.exit_code == 2
    assert message in result.output


# diff


def test_packs_are_compared_in_words_and_in_effect(snapshot: Path, packs: tuple[object, ...], tmp_path: Path) -> None:
    over = tmp_path / "over"
    write(over, "370900-ours/dibao/parameters.yaml", RAISED)
    options = ("--before", packs[2], *packs, "--policies", over, *DAY)
    result = run("diff", *options)
    assert result.exit_code == 1
    assert "新增参数：标准（standard_yuan_month）（区划 3709，自 2026-07-01 起）：1100.00" in result.output
    found = data(run("diff", *options, "--snapshot", snapshot, "--json"))
    assert [one["name"] for one in found["changes"]] == ["standard_yuan_month"]
    assert found["effects"]["areas"][""]["dibao"]["more"] == 1
    shown = run("diff", *options, "--snapshot", snapshot, "--language", "en").output
    assert "1 difference(s)." in shown
    assert "Of 3 households 1 get more and 0 less" in shown


def test_the_same_packs_differ_in_nothing(packs: tuple[object, ...]) -> None:
    result = run("diff", "--before", packs[2], *packs)
    assert (result.exit_code, "0 处不同" in result.output) == (0, True)


def test_only_the_differences_of_named_programmes_are_shown(packs: tuple[object, ...]) -> None:
    result = run("diff", "dibaoo", "--before", packs[2], *packs)
    assert result.exit_code == 2
    assert "是否想写 dibao" in result.output
