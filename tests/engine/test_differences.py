"""What a version of packs changes, in words: every sort of change, and nothing where nothing changed (S01 X1)."""

from datetime import date
from pathlib import Path

import pytest
from tests.engine.programmes import write, write_programme

from jiuzhu.engine.authoring.skeletons import lay_out
from jiuzhu.engine.packs.differences import Change, Sort, Subject, differences
from jiuzhu.engine.packs.loading import load
from jiuzhu.engine.packs.model import PackSet


@pytest.fixture
def before(tmp_path: Path) -> PackSet:
    """The sample programme."""
    return load([write_programme(tmp_path / "before")])


def changed(folder: Path, file: str, old: str, new: str) -> PackSet:
    """The sample programme with one file otherwise."""
    root = write_programme(folder / "after")
    path = root / "000000-national" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    return load([root])


def only(found: tuple[Change, ...]) -> Change:
    """The one change there is."""
    assert len(found) == 1, [one.said("en") for one in found]
    return found[0]


def test_the_same_packs_have_no_differences(before: PackSet, tmp_path: Path) -> None:
    assert differences(before, load([write_programme(tmp_path / "after")])) == ()


def test_a_standard_that_rises_is_told_with_place_day_and_ground(before: PackSet, tmp_path: Path) -> None:
    one = only(differences(before, changed(tmp_path, "dibao/parameters.yaml", "value: 966.50", "value: 1000.50")))
    assert (one.subject, one.sort, one.prefix) == (Subject.PARAMETER, Sort.CHANGED, "370902")
    assert one.said("zh") == (
        "改变参数：标准（standard_yuan_month）（区划 370902，自 2025-07-01 起，至 2027-01-01 前）：966.50 → 1000.50"
        "［《示例法》（示例〔2026〕1号）第十八条、《示例法》（示例〔2026〕1号）第十九条第一款］"
    )
    assert one.said("en").startswith(
        "parameter changed: standard (standard_yuan_month) (division 370902, from 2025-07-01"
    )


def test_a_value_that_is_only_a_demonstration_says_so(before: PackSet, tmp_path: Path) -> None:
    one = only(differences(before, changed(tmp_path, "dibao/parameters.yaml", "value: 0.35", "value: 0.4")))
    assert "演示值" in one.said("zh")
    assert "demonstration value" in one.said("en")


def test_a_rule_is_shown_before_and_after(before: PackSet, tmp_path: Path) -> None:
    one = only(
        differences(before, changed(tmp_path, "dibao/formulas.yaml", "age(birth_date) < 18", "age(birth_date) < 16"))
    )
    assert (one.subject, one.name, one.programme) == (Subject.FORMULA, "person.minor", "dibao")
    assert (one.before, one.after) == ("age(birth_date) < 18", "age(birth_date) < 16")


def test_the_form_of_a_rule_is_no_difference(before: PackSet, tmp_path: Path) -> None:
    after = changed(tmp_path, "dibao/formulas.yaml", "age(birth_date) < 18", "'age(birth_date)   < 18'")
    assert differences(before, after) == ()


@pytest.mark.parametrize(
    ("file", "old", "new", "subject", "said"),
    [
        ("dibao/programme.yaml", "lead: civil_affairs", "lead: finance", Subject.PROGRAMME, "civil_affairs → finance"),
        ("dibao/process.yaml", "limit: 30", "limit: 25", Subject.PROCESS, "30 wd → 25 wd"),
        ("dibao/process.yaml", "limit: 60", "limit: 90", Subject.PROCESS, "60 nd → 90 nd"),
        ("dibao/process.yaml", "days_nd: 7", "days_nd: 5", Subject.PROCESS, "公示 7 天"),
        ("dibao/materials.yaml", "from_whom: hospital", "from_whom: applicant", Subject.MATERIAL, "hospital"),
        ("dibao/notices/granted.yaml", "起每月", "起，每月", Subject.NOTICE, "起每月"),
        (
            "facts.yaml",
            "label: 车辆, label_en: cars, highest: 9",
            "label: 车辆, label_en: cars, highest: 5",
            Subject.FACT,
            "0…9",
        ),
        ("facts.yaml", "register: tax", "register: social_insurance", Subject.FACT, "tax"),
    ],
)
def test_every_part_of_a_programme_is_compared(
    before: PackSet, tmp_path: Path, file: str, old: str, new: str, subject: Subject, said: str
) -> None:
    found = [one for one in differences(before, changed(tmp_path, file, old, new)) if one.subject is subject]
    assert found
    assert any(said in one.said("zh") and said in one.said("en") for one in found)


def test_what_comes_and_goes_is_told_both_ways(before: PackSet, tmp_path: Path) -> None:
    root = write_programme(tmp_path / "after")
    lay_out("qunuan", root / "370900-ours", before)
    after = load([root])
    added, removed = differences(before, after), differences(after, before)
    assert {one.sort for one in added} == {Sort.ADDED}
    assert {one.sort for one in removed} == {Sort.REMOVED}
    assert [one.name for one in added if one.subject is Subject.PROGRAMME] == ["qunuan"]
    assert any(one.subject is Subject.FORMULA and one.programme == "qunuan" for one in added)
    assert len(added) == len(removed)


def test_a_layer_laid_over_says_only_what_it_changes(before: PackSet, tmp_path: Path) -> None:
    over = tmp_path / "over"
    write(
        over,
        "370900-ours/dibao/parameters.yaml",
        "standard_yuan_month:\n  type: yuan_month\n  label: 标准\n  label_en: standard\n  lowest: 0\n  highest: 5000\n"
        "  values: [{value: 1100, from: 2026-10-01, basis: sample_law 18}]\n",
    )
    after = load([tmp_path / "before" / "packs" if (tmp_path / "before/packs").is_dir() else tmp_path / "before", over])
    one = only(differences(before, after))
    assert (one.sort, one.prefix, one.after) == (Sort.ADDED, "3709", "1100.00")
    assert one.period is not None
    assert one.period.start == date(2026, 10, 1)
