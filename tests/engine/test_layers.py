"""A programme in several layers: a lower one overrides single keys, and cites why (S02)."""

from pathlib import Path

from tests.engine.programmes import (
    AFTER,
    FILES,
    JINAN,
    NINGYANG,
    PROGRAMME,
    TAISHAN,
    loaded,
    problems,
    version,
    write,
    write_programme,
)

from jiuzhu.engine.packs.loading import load
from jiuzhu.engine.packs.programmes import NoticeKind


def overlaid(tmp_path: Path, name: str, text: str, layer: str = "370900-city") -> Path:
    """The sample programme with a file of a lower layer."""
    root = write_programme(tmp_path)
    write(root, f"{layer}/dibao/{name}", text)
    return root


def test_a_lower_layer_overrides_single_keys_for_its_own_divisions(tmp_path: Path) -> None:
    root = overlaid(tmp_path, "programme.yaml", "decided_by: {value: county, basis: sample_law 44, from: 2026-01-01}\n")
    programme = loaded(root)
    own, others = version(programme), version(programme, JINAN)
    assert (own.decided_by, others.decided_by) == ("county", "township")
    assert own.name == others.name
    assert own.process == others.process
    (change,) = own.changes
    assert (change.path, change.layer, change.basis[0].article) == ("decided_by", "city", 44)
    assert others.changes == ()


def test_a_county_overrides_the_city_and_the_city_the_state(tmp_path: Path) -> None:
    root = overlaid(tmp_path, "programme.yaml", "decided_by: {value: county, basis: sample_law 44}\n")
    write(root, "370921-ningyang/dibao/programme.yaml", "decided_by: {value: department, basis: sample_law 44}\n")
    programme = loaded(root)
    assert [version(programme, one).decided_by for one in (JINAN, TAISHAN, NINGYANG)] == [
        "township",
        "county",
        "department",
    ]


def test_an_override_without_a_basis_is_refused_and_a_demonstration_says_so(tmp_path: Path) -> None:
    (found,) = problems(overlaid(tmp_path / "1", "programme.yaml", "decided_by: county\n"))
    assert (found.code, str(found.place)) == ("override.basis", "packs/370900-city/dibao/programme.yaml:1:13")
    assert "decided_by: {value: …, basis: …}" in found.message("zh")
    (found,) = problems(overlaid(tmp_path / "2", "process.yaml", "steps: [{key: post, actor: county}]\n"))
    assert found.code == "override.basis"
    root = overlaid(tmp_path / "3", "process.yaml", "steps: [{key: post, actor: county, demo: true}]\n")
    (change,) = version(loaded(root)).changes
    assert (change.path, change.demo) == ("steps.post", True)


def test_a_lower_layer_changes_one_field_of_a_step_and_keeps_the_rest(tmp_path: Path) -> None:
    text = "steps:\n  - {key: investigate, deadline: {limit: 2, unit: wd, after: acceptance}, basis: sample_law 43.2}\n"
    process = version(loaded(overlaid(tmp_path, "process.yaml", text))).process
    assert process is not None
    investigate = process.steps[1]
    assert investigate.deadline is not None
    assert (investigate.deadline.number, investigate.actor, investigate.label.zh) == (2, "township", "调查")
    assert investigate.basis[0].paragraph == 2


def test_a_lower_layer_adds_removes_and_places_steps(tmp_path: Path) -> None:
    text = """
steps:
  - {key: appraise, placed_after: investigate, actor: village, label: 评议, label_en: appraisal, basis: sample_law 43}
  - {key: post, removed: true, basis: sample_law 45}
"""
    root = overlaid(tmp_path / "1", "process.yaml", text)
    process = version(loaded(root)).process
    assert process is not None
    assert [step.key for step in process.steps] == ["apply", "investigate", "appraise", "hear"]
    (found,) = problems(overlaid(tmp_path / "2", "process.yaml", text.replace("key: post", "key: pots")))
    assert found.code == "override.unknown"


def test_a_lower_layer_sets_another_limit(tmp_path: Path) -> None:
    text = "limits: {delegated: {limit: 15, basis: sample_law 43}}\n"
    process = version(loaded(overlaid(tmp_path, "process.yaml", text))).process
    assert process is not None
    assert [(one.case, one.term.number) for one in process.limits] == [("normal", 30), ("delegated", 15)]


def test_a_lower_layer_changes_the_words_of_a_letter(tmp_path: Path) -> None:
    text = "title: {value: 低保确认通知书, basis: sample_law 45}\n"
    notice = version(loaded(overlaid(tmp_path, "notices/granted.yaml", text))).notice(NoticeKind.GRANTED)
    assert notice is not None
    assert (notice.title.zh, notice.title.en) == ("低保确认通知书", "Notice of approval")


def test_letters_that_all_share_stand_in_the_layer_and_a_programmes_own_come_first(tmp_path: Path) -> None:
    root = write_programme(tmp_path)
    shared = FILES["notices/refused.yaml"].replace("不予确认通知书", "共用的通知书")
    write(root, "000000-national/notices/refused.yaml", shared)
    write(root, "000000-national/notices/ended.yaml", shared.replace("kind: refused", "kind: ended"))
    found = version(loaded(root))
    titles = {one.kind: one.title.zh for one in found.notices}
    assert titles[NoticeKind.REFUSED] == "不予确认通知书"
    assert titles[NoticeKind.ENDED] == "共用的通知书"


def test_a_programme_may_begin_in_a_city_and_exists_only_there(tmp_path: Path) -> None:
    root = write_programme(tmp_path)
    write(
        root,
        "370900-city/qunuan/formulas.yaml",
        "household:\n  heated: {type: outcome, label: 取暖, label_en: heating, basis: sample_law 34,"
        " formula: CASE WHEN urban THEN yes ELSE no END}\n",
    )
    text = PROGRAMME.replace("outcome: entitled", "outcome: heated").replace("groups: [dibao]", "groups: []")
    write(root, "370900-city/qunuan/programme.yaml", text)
    programme = load([root]).programmes["qunuan"]
    assert programme.version(JINAN, AFTER) is None
    assert version(programme).outcome == ("household", "heated")


def test_files_without_a_programme_are_refused(tmp_path: Path) -> None:
    root = write_programme(tmp_path)
    write(root, "370900-city/tekun/materials.yaml", "materials: []\n")
    (found,) = problems(root)
    assert (found.code, found.place.file) == ("programme.base", "packs/370900-city/tekun/materials.yaml")


def test_a_folder_brings_instruments_and_facts_of_its_own(tmp_path: Path) -> None:
    root = write_programme(tmp_path)
    write(
        root,
        "370900-city/qunuan/instruments.yaml",
        "city_paper: {title: 示例, level: city_document, from: 2026-01-01}\n",
    )
    write(root, "370900-city/qunuan/facts.yaml", "household:\n  stove: {type: truth, label: 炉, label_en: stove}\n")
    write(
        root,
        "370900-city/qunuan/formulas.yaml",
        "household:\n  cold: {type: truth, label: 冷, label_en: cold, formula: NOT stove, basis: city_paper}\n",
    )
    packs = load([root])
    assert packs.variables["household", "cold"].formulas[0].basis[0].title == "示例"
    assert "qunuan" not in packs.programmes


def test_layers_of_demonstration_values_can_be_left_out(tmp_path: Path) -> None:
    root = write_programme(tmp_path)
    write(
        root,
        "370900-town-demo/dibao/parameters.yaml",
        "standard_yuan_month:\n  type: yuan_month\n  label: 标准\n  label_en: standard\n  lowest: 0\n  highest: 5000\n"
        "  values: [{value: 1, demo: true}]\n",
    )
    both, without = load([root]), load([root], demo=False)
    assert [one.name for one in both.layers] == ["national", "town-demo"]
    assert [one.name for one in without.layers] == ["national"]
    assert both.digest != without.digest
    assert not any(entry.demo for entry in without.parameters["standard_yuan_month"].entries)
