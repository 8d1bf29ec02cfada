"""The files of a programme: strictly read, with places, layer over layer and day after day (S01 S02 S03 S04)."""

from contextlib import suppress
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from tests.engine.programmes import (
    AFTER,
    BEFORE,
    FILES,
    GRANTED,
    MATERIALS,
    PROCESS,
    PROGRAMME,
    TAISHAN,
    loaded,
    problems,
    version,
    write,
    write_programme,
)

from jiuzhu.config.environment import ROOT
from jiuzhu.core.citations import LegalLevel
from jiuzhu.engine.authoring.checking import check
from jiuzhu.engine.explaining.steps import APPLICANT
from jiuzhu.engine.kinds import KINDS
from jiuzhu.engine.packs import vocabulary
from jiuzhu.engine.packs.letters import PLACEHOLDERS
from jiuzhu.engine.packs.loading import load
from jiuzhu.engine.packs.programmes import (
    Category,
    Effect,
    NoticeKind,
    Receiver,
    Relation,
    Rhythm,
    TermUnit,
)
from jiuzhu.engine.problems import PackError, Problem
from jiuzhu.rooms.organization import data
from jiuzhu.rooms.registry.states import TargetGroup


def refused(tmp_path: Path, **changed: str) -> Problem:
    """The one problem of a changed programme."""
    (found,) = problems(write_programme(tmp_path, **changed))
    return found


# what is read


def test_a_programme_is_read_whole(tmp_path: Path) -> None:
    found = version(loaded(write_programme(tmp_path)))
    assert (found.name.zh, found.short.zh, found.short.en) == ("最低生活保障", "低保", "dibao")
    assert (found.category, found.lead, found.unit) == (Category.BASIC, "civil_affairs", Receiver.HOUSEHOLD)
    assert found.venues == ("registration", "residence")
    assert found.outcome == ("household", "entitled")
    assert [(one.variable[1], one.rhythm, one.to) for one in found.amounts] == [
        ("amount_yuan_month", Rhythm.MONTHLY, "household")
    ]
    assert [(one.name, one.period.end) for one in found.aliases] == [("五保", date(2014, 5, 1))]


def test_the_process_holds_steps_terms_postings_and_remedies(tmp_path: Path) -> None:
    process = version(loaded(write_programme(tmp_path))).process
    assert process is not None
    apply, investigate, post, hear = process.steps
    assert [apply.deadline, hear.key] == [None, "hear"]
    term = investigate.deadline
    assert term is not None
    assert (term.number, term.unit, term.after) == (3, TermUnit.WORKING_DAYS, "acceptance")
    assert post.deadline is not None
    assert (post.deadline.number, post.deadline.parameter, post.deadline.after) == (None, "support_days", "investigate")
    assert post.publishes is not None
    assert (post.publishes.fields, post.publishes.where, post.publishes.days_nd) == (
        ("applicant_name", "result"),
        ("village",),
        7,
    )
    special = process.limit("special")
    assert special is not None
    assert special.term.number == 30
    assert [(one.name, one.every.number, one.when is not None) for one in process.reviews] == [
        ("A", 12, True),
        ("B", 6, False),
    ]
    assert [(one.kind, one.first) for one in process.remedies] == [("reconsideration", True)]
    assert process.effect is Effect.MONTH_AFTER_DECISION


def test_materials_and_letters_are_read(tmp_path: Path) -> None:
    found = version(loaded(write_programme(tmp_path)))
    assert found.materials is not None
    (bill,) = found.materials
    assert (bill.key, bill.from_whom, bill.accepts) == ("bill", "hospital", ("original", "photo"))
    assert bill.when is not None
    granted = found.notice(NoticeKind.GRANTED)
    assert granted is not None
    assert granted.names == {"applicant_name", "effective_month", "amount_yuan_month"}
    assert found.notice(NoticeKind.ENDED) is None


def test_each_day_has_its_version_and_days_without_change_share_one(tmp_path: Path) -> None:
    programme = loaded(write_programme(tmp_path))
    assert [str(one.period) for one in programme.versions] == ["[2025-01-01, 2026-07-01)", "[2026-07-01, )"]
    before, after = version(programme, on=BEFORE), version(programme, on=AFTER)
    assert (before.decided_by, after.decided_by) == ("county", "township")
    assert before.process is not None
    assert "hear" not in [step.key for step in before.process.steps]
    assert programme.version(TAISHAN, date(2024, 12, 31)) is None


def test_what_is_shared_with_the_rooms_is_the_same_there() -> None:
    departments = yaml.safe_load((Path(data.__path__[0]) / "departments.yaml").read_text(encoding="utf-8"))
    assert set(vocabulary.DEPARTMENTS) == {one["code"] for one in departments["departments"]}
    assert set(vocabulary.GROUPS) == {group.value for group in TargetGroup}
    assert not vocabulary.IN_LETTERS & APPLICANT.hidden
    assert APPLICANT.hidden >= vocabulary.NEVER_IN_LETTERS


def test_all_that_is_read_counts_for_the_digest(tmp_path: Path) -> None:
    root = write_programme(tmp_path)
    digests = [load([root]).digest]
    for name in FILES:
        path = root / "000000-national" / "dibao" / name
        path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
        digests.append(load([root]).digest)
    assert len(set(digests)) == len(FILES) + 1


# what is refused


@pytest.mark.parametrize(
    ("old", "new", "code", "where"),
    [
        ("class: basic", "class: basics", "schema.choice", "6:8"),
        ("lead: civil_affairs", "lead: civil_afairs", "schema.choice", "7:7"),
        ("groups: [dibao]", "groups: [dibao, dibo]", "schema.choice", "8:17"),
        ("venue: [registration, residence]", "venue: [home]", "schema.choice", "10:9"),
        ("outcome: entitled", "outcome: entiteld", "programme.variable", "11:10"),
        ("outcome: entitled", "outcome: amount_yuan_month", "programme.outcome", "11:10"),
        ("paid: monthly", "paid: yearly", "programme.amount", "13:16"),
        ("household.amount_yuan_month, paid", "household.cars, paid", "programme.amount", "13:16"),
        ("unit: household", "unit: person", "programme.variable", "11:10"),
        ("from: 2025-01-01", "from: 2025-13-01", "schema.type", "19:7"),
        ("basis: sample_law 18\n", "basis: sampel_law 18\n", "citation.unknown", "20:8"),
        ("short: 低保", "shrot: 低保", "schema.key", "4:1"),
        ("name_en: minimum living allowance\n", "", "schema.missing", "2:1"),
    ],
)
def test_a_wrong_word_is_named_with_its_place(tmp_path: Path, old: str, new: str, code: str, where: str) -> None:
    assert old in PROGRAMME
    changed = PROGRAMME[::-1].replace(old[::-1], new[::-1], 1)[::-1]
    found = problems(write_programme(tmp_path, programme=changed))
    assert (code, f"packs/000000-national/dibao/programme.yaml:{where}") in [
        (one.code, str(one.place)) for one in found
    ]


def test_the_nearest_valid_word_is_proposed(tmp_path: Path) -> None:
    found = refused(tmp_path, programme=PROGRAMME.replace("lead: civil_affairs", "lead: civil_afairs"))
    assert "civil_affairs" in found.message("zh")
    assert "Did you mean civil_affairs?" in found.message("en")


def test_two_values_for_the_same_days_are_refused(tmp_path: Path) -> None:
    found = refused(tmp_path, programme=PROGRAMME.replace("to: 2026-07-01, basis", "to: 2026-08-01, basis"))
    assert found.code == "pack.conflict"


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("unit: wd, after: acceptance}", "unit: weeks, after: acceptance}", "schema.choice"),
        ("limit: 3, unit: wd, after: acceptance", "limit: 0, unit: wd, after: acceptance", "schema.type"),
        ("limit: support_days", "limit: suport_days", "programme.parameter"),
        ("limit: support_days", "limit: support_rate", "programme.parameter_type"),
        ("after: investigate", "after: hear", "schema.choice"),
        ("fields: [applicant_name, result]", "fields: [applicant_name, id_number]", "process.publish"),
        ("board: opinion", "board: newspaper", "schema.choice"),
        ("actor: county", "actor: mayor", "schema.choice"),
        ("basis: sample_law 48", "demo: maybe", "schema.type"),
        ("effective_from: month_after_decision", "effective_from: soon", "schema.choice"),
        ("  normal: {limit: 30, unit: wd, after: acceptance, basis: sample_law 43}\n", "", "schema.missing"),
        (", when: cars = 0", "", "process.review"),
        ("when: cars = 0", "when: cars =", "formula.syntax"),
        ("key: hear", "key: post", "pack.twice"),
        ("refusal: {deadline", "refused: {deadline", "schema.key"),
    ],
)
def test_a_wrong_process_is_refused(tmp_path: Path, old: str, new: str, code: str) -> None:
    assert old in PROCESS
    found = problems(write_programme(tmp_path, process=PROCESS.replace(old, new)))
    assert code in [one.code for one in found]


def test_only_what_the_law_lets_be_posted_may_be_posted(tmp_path: Path) -> None:
    found = refused(tmp_path, process=PROCESS.replace("[applicant_name, result]", "[applicant_name, illness]"))
    assert "applicant_name、member_count、amount、result、village" in found.message("zh")
    assert str(found.place).endswith("process.yaml:15:42")


def test_a_childs_name_is_never_posted(tmp_path: Path) -> None:
    children = PROGRAMME.replace("class: basic", "class: children")
    assert refused(tmp_path, programme=children).code == "process.child"
    write_programme(
        tmp_path / "other", programme=children, process=PROCESS.replace("[applicant_name, result]", "[result]")
    )
    assert version(loaded(tmp_path / "other" / "packs")).category is Category.CHILDREN


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("needed_when: any(person.illness = 'severe')", "needed_when: any(person.illness =", "formula.syntax"),
        ("from_whom: hospital", "from_whom: neighbour", "schema.choice"),
        ("accepts: [original, photo]", "accepts: [fax]", "schema.type"),
        ("    why_not_fetched: 外地医院票据未联网\n", "", "schema.missing"),
        ("    basis: sample_law 62\n", "", "schema.missing"),
    ],
)
def test_a_wrong_material_is_refused(tmp_path: Path, old: str, new: str, code: str) -> None:
    assert old in MATERIALS
    assert refused(tmp_path, materials=MATERIALS.replace(old, new)).code == code


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("kind: granted", "kind: refused", "notice.file"),
        ("title_en: Notice of approval\n", "", "schema.missing"),
        ("{applicant_name}: {amount", "{aplicant_name}: {amount", "notice.name"),
        ("{applicant_name}: {amount", "{amount", "notice.languages"),
        ("{applicant_name}: {amount", "{applicant_name: {amount", "notice.brace"),
        ("{applicant_name}", "{hearing_until}", "notice.name"),
        ("{applicant_name}", "{person.illness}", "notice.several"),
        ("{applicant_name}", "{cars}", "notice.personal"),
        ("{applicant_name}", "{ill}", "notice.personal"),
    ],
)
def test_a_wrong_letter_is_refused(tmp_path: Path, old: str, new: str, code: str) -> None:
    assert old in GRANTED
    root = write_programme(tmp_path, granted=GRANTED.replace(old, new))
    _add_health(root)
    assert code in [one.code for one in problems(root)]


def _add_health(root: Path) -> None:
    """Let the cars be a matter of conduct, and a truth of the household tell of an illness."""
    layer = root / "000000-national"
    facts = (layer / "facts.yaml").read_text(encoding="utf-8")
    facts = facts.replace("register: public_security}", "register: public_security, personal_data: conduct}")
    facts = facts.replace("label_en: illness,", "label_en: illness, personal_data: health,")
    (layer / "facts.yaml").write_text(facts, encoding="utf-8")
    with (layer / "dibao" / "formulas.yaml").open("a", encoding="utf-8") as file:
        file.write(
            "  ill: {type: truth, label: 有重病, label_en: ill, basis: sample_law 2,"
            " formula: any(person.illness = 'severe')}\n"
        )


def test_a_letter_may_tell_an_amount_whatever_it_rests_on(tmp_path: Path) -> None:
    root = write_programme(tmp_path)
    _add_health(root)
    assert version(loaded(root)).notice(NoticeKind.GRANTED) is not None


def test_a_refusal_must_say_why_and_what_can_be_done(tmp_path: Path) -> None:
    found = problems(
        write_programme(tmp_path, refused="kind: refused\ntitle: 通知\ntitle_en: Notice\nparagraphs: []\n")
    )
    assert sorted(one.en for one in found) == [
        "a letter of kind refused must hold {reasons}.",
        "a letter of kind refused must hold {remedies}.",
    ]


def test_a_wrong_placeholder_is_found_where_it_stands(tmp_path: Path) -> None:
    text = FILES["notices/granted.yaml"].replace("{effective_month}", "{efective_month}")
    chinese, english = problems(write_programme(tmp_path, granted=text))
    for found, number in ((chinese, 6), (english, 7)):
        column = text.splitlines()[number - 1].index("{efective") + 1
        assert str(found.place).endswith(f"granted.yaml:{number}:{column}")
        assert "effective_month" in found.message("en")


def test_several_layers_of_wrong_things_are_all_named(tmp_path: Path) -> None:
    found = problems(
        write_programme(
            tmp_path,
            programme=PROGRAMME.replace("class: basic", "class: x").replace("lead: civil_affairs", "lead: x"),
            materials=MATERIALS.replace("from_whom: hospital", "from_whom: x"),
        )
    )
    assert len([one for one in found if one.code == "schema.choice"]) >= 2


def test_an_exclusion_is_read_with_its_basis(tmp_path: Path) -> None:
    text = PROGRAMME + "excludes:\n  - {programme: tekun, who: person, how: gives_way, basis: sample_law 16}\n"
    (said,) = version(loaded(write_programme(tmp_path / "1", programme=text))).excludes
    assert (said.programme, said.who, said.how) == ("tekun", Receiver.PERSON, Relation.GIVES_WAY)
    for number, (old, new, code) in enumerate(
        [
            (", basis: sample_law 16", "", "schema.missing"),
            ("programme: tekun", "programme: dibao", "programme.self"),
            ("how: gives_way", "how: wins", "schema.choice"),
            ("how: gives_way", "how: gives_way, counts: wage_yuan_year", "programme.counts"),
        ],
        2,
    ):
        assert refused(tmp_path / str(number), programme=text.replace(old, new)).code == code


def test_every_word_that_a_pack_may_use_stands_in_the_reference() -> None:
    text = (ROOT / "docs" / "reference" / "packs.md").read_text(encoding="utf-8")
    shared = [vocabulary.VENUES, vocabulary.DECIDERS, vocabulary.ACTORS, vocabulary.RECIPIENTS, vocabulary.EVENTS]
    shared += [vocabulary.CASES, vocabulary.REMEDIES, vocabulary.PUBLIC_FIELDS, vocabulary.BOARDS, vocabulary.PLACES]
    shared += [vocabulary.GIVERS, vocabulary.FORMS, tuple(vocabulary.IN_LETTERS), tuple(KINDS), tuple(LegalLevel)]
    shared += [tuple(one) for one in (Category, Receiver, Rhythm, Relation, Effect, TermUnit, NoticeKind)]
    absent = {word for words in shared for word in words if f"`{word}`" not in text}
    assert absent == set()
    assert [name for name in PLACEHOLDERS if f"`{{{name}}}`" not in text] == []


# anything at all

WORDS = [
    "",
    "x",
    "[]",
    "{}",
    "[x]",
    "{x: y}",
    "{value: x}",
    "[{value: x, basis: sample_law 1}]",
    "2026-01-01",
    "-1",
    "no",
]


@given(
    st.sampled_from([name for name in FILES if name.endswith(".yaml")]),
    st.sampled_from(["000000-national", "370900-city"]),
    st.integers(0, 400),
    st.integers(0, 12),
    st.sampled_from(WORDS),
)
def test_a_damaged_file_is_refused_or_read_and_never_a_crash(
    name: str, layer: str, at: int, length: int, word: str
) -> None:
    with TemporaryDirectory() as folder:
        root = write_programme(Path(folder))
        text = FILES[name]
        at = at % len(text)
        write(root, f"{layer}/dibao/{name}", text[:at] + word + text[at + length :])
        with suppress(PackError):
            check(load([root]), [root])
