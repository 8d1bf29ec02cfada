"""`jiuzhu policy`: what it prints, its JSON and its exit codes (X2 X3)."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from tests.engine.programmes import PROGRAMME, write, write_programme

from jiuzhu.config.commandline import jiuzhu

CASES = """
defaults:
  on: 2026-09-01
  division: '370902001001'
  household: {urban: yes, cars: 0}
  person: {birth_date: 1980-01-01, pension_yuan_month: 0, student: no}
cases:
  one-wage:
    title: 一人有工资
    title_en: one wage
    source: 按《示例法》第十八条推算
    person: [{wage_yuan_year: 9000}]
    expect: {entitled: yes, amount_yuan_month: 216.50}
    vary:
      - set: {person.1.wage_yuan_year: unknown}
        expect: {entitled: unknown}
"""


def run(*arguments: object) -> Result:
    """Run the command."""
    return CliRunner().invoke(jiuzhu, ["policy", *map(str, arguments)])


def data(result: Result) -> dict[str, Any]:
    """The JSON that it answered."""
    found: dict[str, Any] = json.loads(result.stdout)
    return found


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The sample programme with cases."""
    made = write_programme(tmp_path)
    write(made, "000000-national/dibao/cases/wages.yaml", CASES)
    return made


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    """A folder with one new programme that rests on nothing else."""
    made = tmp_path / "ours"
    write(made, "000000-state/entities.yaml", "household: {label: 家庭, label_en: household}\n")
    result = run("new-programme", "qunuan", "--policies", made, "--layer", "370900-ours", "--alone")
    assert result.exit_code == 0, result.output
    return made


# check


def test_a_new_programme_is_accepted_and_its_cases_come_out(ours: Path) -> None:
    checked = run("check", "--alone", "--policies", ours)
    assert (checked.exit_code, checked.output.splitlines()[-1]) == (
        0,
        "1 项制度，2 个变动日，编译 5 次，0 个问题，0 个提示。",
    )
    tried = run("test", "--alone", "--policies", ours, "--language", "en")
    assert (tried.exit_code, tried.output) == (0, "7 cases, 0 failed.\n")


def test_problems_are_printed_with_place_and_advice_in_the_language_asked_for(root: Path) -> None:
    write(root, "000000-national/dibao/programme.yaml", PROGRAMME.replace("lead: civil_affairs", "lead: civil_afairs"))
    chinese = run("check", "--alone", "--policies", root)
    assert chinese.exit_code == 1
    assert chinese.output.splitlines() == [
        "packs/000000-national/dibao/programme.yaml:7:7: “civil_afairs”不是“lead”的取值。是否想写 civil_affairs？",
        "共 1 个问题。",
    ]
    english = run("check", "--alone", "--policies", root, "--language", "en")
    assert english.output.splitlines()[0].endswith(
        "7:7: 'civil_afairs' is no value of lead. Did you mean civil_affairs?"
    )


def test_problems_of_a_checked_pack_are_all_named_as_json_too(root: Path) -> None:
    result = run("check", "--alone", "--policies", root, "--json", "--language", "en")
    assert result.exit_code == 1
    found = data(result)
    assert found["ok"] is False
    assert found["programmes"] == ["dibao"]
    assert {"file", "line", "column", "code", "message", "advice"} == set(found["problems"][0])
    assert "there are 2 cases; at least 6 are needed." in [one["message"] for one in found["problems"]]
    assert found["notes"] == []
    assert len(found["digest"]) == 64


def test_packs_that_cannot_be_read_answer_as_json(root: Path) -> None:
    write(root, "000000-national/dibao/programme.yaml", "name: [\n")
    result = run("check", "--alone", "--policies", root, "--json")
    assert result.exit_code == 1
    assert [one["code"] for one in data(result)["problems"]] == ["document.yaml"]


def test_only_the_problems_of_named_programmes_count(root: Path, ours: Path) -> None:
    both = ("--alone", "--policies", root, "--policies", ours)
    (ours / "000000-state" / "entities.yaml").unlink()
    assert run("check", *both).exit_code == 1
    assert run("check", "qunuan", *both).exit_code == 0
    wrong = run("check", "qunuann", *both)
    assert wrong.exit_code == 2
    assert "是否想写 qunuan？" in wrong.output


def test_a_cases_file_with_mistakes_is_a_problem_of_the_check(root: Path) -> None:
    write(root, "000000-national/dibao/cases/wages.yaml", CASES.replace("entitled: yes", "entiteld: yes"))
    found = data(run("check", "--alone", "--policies", root, "--json"))
    assert "case.name" in [one["code"] for one in found["problems"]]


def test_an_answer_that_no_case_expects_is_named(ours: Path) -> None:
    path = ours / "370900-ours" / "qunuan" / "cases" / "cases.yaml"
    text = path.read_text(encoding="utf-8")
    kept = text.replace("qunuan: unknown, qunuan_yuan_month: unknown", "qunuan_yuan_month: unknown")
    path.write_text(kept.replace("expect: {qunuan: unknown}", "expect: {qunuan_yuan_month: unknown}"), encoding="utf-8")
    result = run("check", "--alone", "--policies", ours, "--language", "en")
    assert result.exit_code == 1
    assert "no case expects its outcome to be unknown." in result.output


def test_alone_needs_a_folder_and_a_folder_must_be_there(tmp_path: Path) -> None:
    assert run("check", "--alone").exit_code == 2
    assert run("check", "--policies", tmp_path / "nowhere").exit_code == 2


# test


def test_a_case_that_comes_out_otherwise_is_shown_and_fails(root: Path) -> None:
    path = "packs/000000-national/dibao/cases/wages.yaml"
    write(root, path.removeprefix("packs/"), CASES.replace("216.50", "216.49"))
    result = run("test", "--alone", "--policies", root, "--language", "en")
    assert result.exit_code == 1
    assert result.output.splitlines() == [
        "✗ one-wage: one wage",
        f"  {path}:13:29: household.amount_yuan_month should be 216.49, found 216.50.",
        "2 cases, 1 failed.",
    ]
    found = data(run("test", "--alone", "--policies", root, "--json"))
    assert [(one["case"], one["variation"], one["passed"]) for one in found["cases"]] == [
        ("one-wage", "", False),
        ("one-wage", "1", True),
    ]


def test_only_the_cases_of_named_programmes_run(root: Path, ours: Path) -> None:
    (ours / "000000-state" / "entities.yaml").unlink()
    both = ("--alone", "--policies", root, "--policies", ours, "--language", "en")
    assert run("test", "dibao", *both).output == "2 cases, 0 failed.\n"


def test_a_case_without_a_required_fact_fails_with_its_place(root: Path) -> None:
    write(root, "000000-national/dibao/cases/wages.yaml", CASES.replace("birth_date: 1980-01-01, ", ""))
    result = run("test", "--alone", "--policies", root, "--language", "en")
    assert result.exit_code == 1
    assert "wages.yaml:8:3: person.1.birth_date: it is required." in result.output


# explain


def test_a_case_is_explained_with_both_sides_and_the_article(root: Path) -> None:
    path = root / "000000-national" / "dibao" / "cases" / "wages.yaml"
    result = run("explain", path, "one-wage", "--alone", "--policies", root)
    assert result.exit_code == 0
    assert "one-wage（一人有工资，2026-09-01）" in result.output
    assert "低保：符合（《示例法》（示例〔2026〕1号）第十八条）" in result.output
    assert "966.50 元/月" in result.output


def test_what_is_missing_is_said_to_an_officer_only(root: Path) -> None:
    path = root / "000000-national" / "dibao" / "cases" / "wages.yaml"
    arguments = ("explain", path, "one-wage / 1", "--alone", "--policies", root)
    assert "还缺：工资" in run(*arguments).output
    assert "还缺" not in run(*arguments, "--audience", "public").output
    (told,) = data(run(*arguments, "--json", "--language", "en"))["cases"]
    (outcome,) = told["explanations"]
    assert (outcome["variable"], outcome["missing"], outcome["why"]["unknown"]) == (
        "household.entitled",
        ["wage"],
        True,
    )


def test_a_figure_of_a_member_is_explained_when_it_is_named(root: Path) -> None:
    path = root / "000000-national" / "dibao" / "cases" / "wages.yaml"
    arguments = ("explain", path, "one-wage", "--alone", "--policies", root, "--of")
    assert "9,000.00 元/年" in run(*arguments, "person.1.income_yuan_year").output
    for wrong in ("person.2.income_yuan_year", "household.entiteld"):
        assert run(*arguments, wrong).exit_code == 2
    assert "household.entitled" in run(*arguments, "household.entiteld").output


def test_a_case_that_is_not_there_is_refused_with_the_nearest(root: Path) -> None:
    path = root / "000000-national" / "dibao" / "cases" / "wages.yaml"
    result = run("explain", path, "one-wages", "--alone", "--policies", root)
    assert result.exit_code == 2
    assert "one-wage" in result.output


# new-programme


def test_a_new_programme_needs_a_good_name_and_overwrites_nothing(ours: Path) -> None:
    before = {path: path.read_bytes() for path in ours.rglob("*") if path.is_file()}
    for name, layer, code in (
        ("qunuan", "370900-ours", 1),
        ("Qunuan", "370900-ours", 1),
        ("../qunuan", "370900-ours", 1),
        ("notices", "370900-ours", 1),
        ("meitan", "ours", 2),
        ("meitan", None, 2),
    ):
        words = ["new-programme", name, "--policies", ours, "--alone", *(["--layer", layer] if layer else [])]
        assert run(*words).exit_code == code, name
    assert {path: path.read_bytes() for path in ours.rglob("*") if path.is_file()} == before


def test_a_new_programme_goes_to_the_only_layer_there_is(tmp_path: Path) -> None:
    write(tmp_path / "mine", "370900-ours/entities.yaml", "household: {label: 家庭, label_en: household}\n")
    result = run("new-programme", "meitan", "--policies", tmp_path / "mine", "--alone")
    assert result.exit_code == 0
    made = tmp_path / "mine" / "370900-ours" / "meitan"
    assert "xin_zhidu" not in "".join(path.read_text(encoding="utf-8") for path in made.rglob("*.*"))
    assert (made / "README.md").is_file()
    assert [path.name for path in made.parent.iterdir() if path.name.startswith(".")] == []
