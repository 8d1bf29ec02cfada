"""Packs checked as a whole: every day, every division, every file (S02 X2 X3)."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from tests.engine.packs import FORMULAS
from tests.engine.programmes import MATERIALS, PROCESS, PROGRAMME, README, write, write_programme

from jiuzhu.engine.authoring.checking import Report, check
from jiuzhu.engine.household.assessment import Status, assess
from jiuzhu.engine.household.facts import Case
from jiuzhu.engine.packs.loading import load
from jiuzhu.engine.packs.readmes import cited
from jiuzhu.engine.problems import PackError
from jiuzhu.engine.program.compiling import compile_program
from jiuzhu.engine.program.conditions import conditions, material_key, review_key, with_conditions

TAISHAN = "370902001001"
ON = date(2026, 9, 1)


def checked(root: Path) -> Report:
    """The report on a root."""
    return check(load([root]), [root])


def found(root: Path) -> list[tuple[str, str]]:
    """Codes and places of what is wrong."""
    return [(one.code, str(one.place).removeprefix("packs/")) for one in checked(root).problems]


def lacking(root: Path) -> set[str]:
    """What the programme lacks, in English."""
    return {one.en.rstrip(".") for one in checked(root).problems if one.code == "programme.incomplete"}


# completeness


def test_what_a_programme_lacks_is_named(tmp_path: Path) -> None:
    root = write_programme(tmp_path)
    for letter in ("accepted", "missing_materials", "changed", "ended", "hearing"):
        assert f"the letter notices/{letter}.yaml is missing" in lacking(root)
    assert "the letter notices/granted.yaml is missing" not in lacking(root)
    assert "the letter notices/referred.yaml is missing" not in lacking(root)
    assert "household.entitled lacks reasons.disc" in lacking(root)
    (root / "000000-national" / "dibao" / "README.md").unlink()
    assert "README.md is missing" in lacking(root)


def test_no_paper_and_no_regular_payment_need_fewer_letters(tmp_path: Path) -> None:
    once = PROGRAMME.replace("paid: monthly", "paid: in_kind")
    root = write_programme(tmp_path, programme=once, materials="materials: []\n")
    assert {one for one in lacking(root) if "letter" in one} == {"the letter notices/accepted.yaml is missing"}


def test_an_outcome_without_a_programme_is_named(tmp_path: Path) -> None:
    root = write_programme(tmp_path)
    write(
        root,
        "000000-national/tekun/formulas.yaml",
        "person:\n  tekun: {type: outcome, label: 特困, label_en: tekun, basis: sample_law 16,"
        " formula: CASE WHEN old THEN yes ELSE no END}\n",
    )
    assert ("programme.missing", "000000-national/tekun/formulas.yaml:2:3") in found(root)


def test_an_exclusion_of_nothing_is_named_with_the_nearest(tmp_path: Path) -> None:
    said = "excludes:\n  - {programme: dibaoo, who: household, how: gives_way, basis: sample_law 16}\n"
    report = checked(write_programme(tmp_path, programme=PROGRAMME + said))
    (problem,) = [one for one in report.problems if one.code == "exclusion.unknown"]
    assert "Did you mean dibao?" in problem.message("en")


# the plain words


def test_each_article_of_a_formula_stands_in_the_readme(tmp_path: Path) -> None:
    assert "readme.citation" not in dict(found(write_programme(tmp_path / "1")))
    root = write_programme(tmp_path / "2", README=README.replace("第二十一条", "第二十二条"))
    (problem,) = [one for one in checked(root).problems if one.code == "readme.citation"]
    assert "《示例法》第二十一条" in problem.zh
    assert problem.place.file == "packs/000000-national/dibao/README.md"


@pytest.mark.parametrize(
    ("text", "articles"),
    [
        ("《示例法》第二条", {2}),
        ("《中华人民共和国示例法》第二条第三款", {2}),
        ("《示例法》（示例〔2026〕1号）第十八条、第十九条第一款和第二十条", {18, 19, 20}),
        ("《示例法》。第二条", set()),
        ("《别的法》第二条", set()),
        ("<!-- sample_law 3, sample_law 4 -->", {3, 4}),
        ("sample_law 3", set()),
        ("《示例法》第3条", {3}),
    ],
)
def test_a_citation_in_plain_words_is_understood(tmp_path: Path, text: str, articles: set[int]) -> None:
    instruments = load([write_programme(tmp_path)]).instruments
    assert {article for title, article in cited(text, instruments) if title == "示例法" and article} == articles


# every day and every division


def test_each_set_of_formulas_in_force_is_compiled_once(tmp_path: Path) -> None:
    root = write_programme(tmp_path)
    report = checked(root)
    # before the programme, with it, and after the day on which it changes
    assert report.programs == 3
    assert report.prefixes == ("",)
    assert date(2027, 1, 1) in report.days


def test_a_formula_that_fails_on_one_day_only_is_found(tmp_path: Path) -> None:
    later = FORMULAS.replace(
        "    formula: per_month(greatest(income_yuan_year, 0)) * p.support_rate / 3\n",
        "    versions:\n"
        "      - {formula: per_month(income_yuan_year), to: 2030-01-01, basis: sample_law 21}\n"
        "      - {formula: income_yuan_year, from: 2030-01-01, basis: sample_law 21}\n",
    ).replace("    basis: sample_law 21\n    versions", "    versions")
    root = write_programme(tmp_path)
    write(root, "000000-national/dibao/formulas.yaml", later)
    assert ("formula.declared", "000000-national/dibao/formulas.yaml:20:19") in found(root)
    # and so it is when it is asked for by name
    named = check(load([root]), [root], only=["dibao"])
    assert "formula.declared" in {one.code for one in named.problems}


def test_programmes_asked_for_by_name_are_compiled_on_the_days_that_change_them(tmp_path: Path) -> None:
    root = write_programme(tmp_path)
    write(
        root, "000000-national/other/facts.yaml", "household:\n  other_count: {type: count, label: 数, label_en: n}\n"
    )
    years = "".join(
        f"      - {{formula: other_count + {year}, from: {year}-01-01, to: {year + 1}-01-01, basis: sample_law 21}}\n"
        for year in range(2030, 2040)
    )
    write(
        root,
        "000000-national/other/formulas.yaml",
        f"household:\n  other_sum:\n    type: count\n    label: 和\n    label_en: sum\n    versions:\n{years}",
    )
    packs = load([root])
    whole, named = check(packs, [root]), check(packs, [root], only=["dibao"])
    assert whole.programs - named.programs >= 10
    mine = {one for one in whole.problems if "/dibao/" in one.place.file}
    assert mine == {one for one in named.problems if "/dibao/" in one.place.file}


def test_a_formula_of_one_county_is_checked_there(tmp_path: Path) -> None:
    root = write_programme(tmp_path)
    write(
        root,
        "370902-taishan/dibao/formulas.yaml",
        "household:\n  amount_yuan_month: {type: yuan_month, label: 金额, label_en: amount, basis: sample_law 18,"
        " formula: p.standard_yuan_month * membres}\n",
    )
    report = checked(root)
    assert report.prefixes == ("", "370902")
    (problem,) = [one for one in report.problems if one.code == "formula.name"]
    assert "Did you mean members?" in problem.message("en")


def test_a_province_may_replace_an_exact_figure(tmp_path: Path) -> None:
    root = write_programme(tmp_path)
    write(
        root,
        "370000-shandong/dibao/formulas.yaml",
        "household:\n  income_per_head_yuan_month:\n    {type: yuan_month, exact: true, label: 收入, label_en: income,"
        " basis: sample_law 18, formula: CASE WHEN members > 0 THEN per_month(sum(person.income_yuan_year)) / members"
        " ELSE 0 END}\n",
    )
    assert [one for one in found(root) if one[0].startswith("formula")] == []


def test_what_rests_on_repealed_law_alone_is_noted(tmp_path: Path) -> None:
    root = write_programme(tmp_path)
    path = root / "000000-national" / "dibao" / "formulas.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("basis: sample_law 3}", "basis: old_law 3}"), encoding="utf-8"
    )
    (note,) = checked(root).notes
    assert (note.code, note.place.line) == ("basis.repealed", 4)
    assert "to: 2020-01-01" in note.advice_en


# conditions


def test_a_condition_of_a_paper_is_typed_with_its_place(tmp_path: Path) -> None:
    for number, (condition, code) in enumerate(
        [
            ("any(person.ilness = 'severe')", "formula.name"),
            ("sum(person.income_yuan_year)", "formula.type"),
            ("person.student", "formula.reach"),
            ("cars > p.standard_yuan_month", "formula.unit"),
        ]
    ):
        text = MATERIALS.replace("any(person.illness = 'severe')", condition)
        root = write_programme(tmp_path / str(number), materials=text)
        places = [place for one, place in found(root) if one == code]
        assert places
        assert places[0].startswith("000000-national/dibao/materials.yaml:6:")


def test_a_condition_of_a_review_is_typed(tmp_path: Path) -> None:
    root = write_programme(tmp_path, process=PROCESS.replace("when: cars = 0", "when: cars"))
    assert "formula.type" in dict(found(root))


def test_conditions_are_worked_out_with_the_case_and_may_be_unknown(tmp_path: Path) -> None:
    packs = load([write_programme(tmp_path)])
    version = packs.programmes["dibao"].version(TAISHAN, ON)
    assert version is not None
    program = with_conditions(compile_program(packs, on=ON, root="3709"), conditions("dibao", version))
    member = {"birth_date": date(1980, 1, 1)}
    statuses = []
    for illness in ("severe", "none", None):
        case = Case(TAISHAN, {"urban": True, "cars": 0}, {"person": [{**member, "illness": illness}]})
        found_here = assess(program, case)
        statuses.append(found_here.figure(*material_key(version, "dibao", "bill")).status)
        assert found_here.figure(*review_key(version, "dibao", "A")).status is Status.YES
    assert statuses == [Status.YES, Status.NO, Status.UNKNOWN]


def test_a_program_with_a_wrong_condition_is_refused(tmp_path: Path) -> None:
    packs = load([write_programme(tmp_path)])
    version = packs.programmes["dibao"].version(TAISHAN, ON)
    assert version is not None
    program = compile_program(packs, on=ON, root="3709")
    (bill, review) = conditions("dibao", version)
    wrong = replace(
        bill, formulas=(replace(bill.formulas[0], tree=packs.variables["household", "members"].formulas[0].tree),)
    )
    with pytest.raises(PackError):
        with_conditions(program, [wrong, review])
