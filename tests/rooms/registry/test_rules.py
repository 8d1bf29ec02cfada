"""The pure rules: precedence of facts, search pieces, relations, values of variables."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiuzhu.core.errors import InvalidValue
from jiuzhu.rooms.registry.rules.events import check_details
from jiuzhu.rooms.registry.rules.facts import PRECEDENCE, FactValue, as_json, current_values
from jiuzhu.rooms.registry.rules.grams import name_grams, name_initials, query_grams
from jiuzhu.rooms.registry.rules.masking import masked_document
from jiuzhu.rooms.registry.rules.persons import parse_birth_date
from jiuzhu.rooms.registry.rules.relations import Kin, closes_a_circle, generation, relation_to_new_head
from jiuzhu.rooms.registry.rules.variables import VariableType, check_value, load, shown_value, variable, variables
from jiuzhu.rooms.registry.states import GROUPS, LifeEventKind, SourceKind, SubjectKind, TargetGroup, group_named

DAY = date(2026, 1, 1)
MOMENT = datetime(2026, 1, 1, tzinfo=UTC)


@st.composite
def facts(draw: st.DrawFn) -> list[FactValue]:
    made = []
    for number in range(draw(st.integers(0, 12))):
        start = DAY + timedelta(days=draw(st.integers(-30, 30)))
        length = draw(st.none() | st.integers(1, 40))
        made.append(
            FactValue(
                id=number,
                variable=draw(st.sampled_from(["a", "b"])),
                value=draw(st.integers(0, 3)),
                valid_from=start,
                valid_to=None if length is None else start + timedelta(days=length),
                source=draw(st.sampled_from(SourceKind)),
                department=draw(st.sampled_from(["", "tax"])),
                recorded_at=MOMENT + timedelta(minutes=draw(st.integers(0, 3))),
            )
        )
    return made


def _alive(fact: FactValue, on: date) -> bool:
    return fact.valid_from <= on and (fact.valid_to is None or on < fact.valid_to)


@given(facts())
def test_the_value_in_force_is_the_strongest_newest_live_fact(given_facts: list[FactValue]) -> None:
    found = current_values(given_facts, DAY)
    for key in ("a", "b"):
        live = [fact for fact in given_facts if fact.variable == key and _alive(fact, DAY)]
        assert (key in found) == bool(live)
        if live:
            best = max(live, key=lambda one: (PRECEDENCE[one.source], one.valid_from, one.recorded_at, one.id))
            assert (found[key].fact_id, found[key].value, found[key].source) == (best.id, best.value, best.source)


@given(facts())
def test_conflicts_are_other_sources_that_say_otherwise_strongest_first(given_facts: list[FactValue]) -> None:
    for current in current_values(given_facts, DAY).values():
        speakers = [(one.source, one.department) for one in (current, *current.conflicts)]
        assert len(set(speakers)) == len(speakers)
        assert all(one.value != current.value for one in current.conflicts)
        strengths = [PRECEDENCE[one.source] for one in current.conflicts]
        assert strengths == sorted(strengths, reverse=True)
        assert all(strength <= PRECEDENCE[current.source] for strength in strengths)


@given(facts(), st.randoms())
def test_the_order_of_facts_does_not_matter(given_facts: list[FactValue], random: object) -> None:
    shuffled = list(given_facts)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert current_values(shuffled, DAY) == current_values(given_facts, DAY)


@given(facts())
def test_every_source_is_either_agreed_with_or_shown(given_facts: list[FactValue]) -> None:
    found = current_values(given_facts, DAY)
    for fact in given_facts:
        if not _alive(fact, DAY):
            continue
        same = [one for one in given_facts if _alive(one, DAY) and one.variable == fact.variable]
        same = [one for one in same if (one.source, one.department) == (fact.source, fact.department)]
        newest = max(same, key=lambda one: (one.valid_from, one.recorded_at, one.id))
        current = found[fact.variable]
        assert newest.value == current.value or newest.id in {one.fact_id for one in current.conflicts}


def test_the_stored_form_names_value_source_date_and_conflicts() -> None:
    declared = FactValue(1, "a", 3, DAY, None, SourceKind.DECLARED, "", MOMENT)
    verified = FactValue(2, "a", 5, DAY - timedelta(days=9), None, SourceKind.VERIFIED, "tax", MOMENT)
    stored = as_json(current_values([declared, verified], DAY))
    assert stored == {
        "a": {
            "v": 5,
            "s": "verified",
            "d": "2025-12-23",
            "c": [{"v": 3, "s": "declared", "d": "2026-01-01"}],
        }
    }


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("张三", {"张", "张三", "~zs"}),
        ("张三丰", {"张", "张三", "三丰", "张三丰", "~zsf"}),
        ("单雄信", {"~sxx", "~dxx"}),
        ("曾小贤", {"~zxx", "~cxx"}),
        ("尉迟恭", {"~ycg"}),
        ("阿依古丽·买买提", {"丽买", "阿", "~aygl" + "mmt"}),
        ("John Smith", {"~js"}),
    ],
)
def test_search_pieces_of_a_name(name: str, expected: set[str]) -> None:
    assert expected <= name_grams(name)


@given(st.text(alphabet="张王李赵𠮷㙓䶮单解曾区", min_size=1, max_size=6))
def test_whoever_types_part_of_a_name_finds_it(name: str) -> None:
    pieces = name_grams(name)
    assert set(query_grams(name)) <= pieces
    assert set(query_grams(name[:2])) <= pieces
    for initials in name_initials(name):
        assert "~" + initials in pieces or not initials


def test_generations_of_relations() -> None:
    assert [generation(code) for code in ("02", "12", "20", "28", "41", "51", "61", "71", "97")] == [
        0, 0, 1, 1, 2, -1, -2, 0, 0,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("member", "new_head", "expected"),
    [
        (("02", "1", 1980), ("12", "2", 1982), "11"),
        (("51", "1", 1950), ("12", "2", 1982), "53"),
        (("52", "2", 1950), ("12", "2", 1982), "54"),
        (("51", "1", 1950), ("11", "1", 1982), "55"),
        (("20", "1", 2010), ("12", "2", 1982), "20"),
        (("02", "1", 1980), ("20", "1", 2005), "51"),
        (("12", "2", 1980), ("20", "1", 2005), "52"),
        (("30", "2", 2003), ("20", "1", 2005), "75"),
        (("30", "2", 2008), ("20", "1", 2005), "77"),
        (("02", "2", 1980), ("51", "1", 1950), "30"),
        (("97", "2", 1980), ("12", "2", 1982), None),
    ],
)
def test_relations_to_a_new_head(
    member: tuple[str, str, int], new_head: tuple[str, str, int], expected: str | None
) -> None:
    one = Kin(1, member[0], member[1], date(member[2], 1, 1))
    head = Kin(2, new_head[0], new_head[1], date(new_head[2], 1, 1))
    assert relation_to_new_head(one, head) == expected


@given(
    st.dictionaries(st.integers(1, 6), st.lists(st.integers(1, 6), max_size=4)), st.integers(1, 6), st.integers(1, 6)
)
def test_a_circle_is_found_exactly_when_the_ward_reaches_the_guardian(
    wards: dict[int, list[int]], guardian: int, ward: int
) -> None:
    reached = {ward}
    for _ in range(7):
        reached |= {below for one in reached for below in wards.get(one, [])}
    assert closes_a_circle(wards, guardian=guardian, ward=ward) == (guardian in reached)


def test_the_variables_are_about_sixty_and_each_has_both_names_and_a_class() -> None:
    known = variables()
    assert len(known) >= 60
    assert all(one.zh and one.en and one.personal_data for one in known.values())
    assert {one.subject for one in known.values()} == set(SubjectKind)


def test_a_variable_that_stands_twice_is_a_fault_of_the_file() -> None:
    row = "{key: a, subject: person, type: bool, zh: 甲, en: A, department: tax, class: finance}"
    with pytest.raises(ValueError, match="twice"):
        load(f"codes: {{}}\nkept: []\nvariables:\n  - {row}\n  - {row}\n", {})


def test_what_says_how_to_keep_a_fact_must_speak_of_one() -> None:
    with pytest.raises(ValueError, match="no pack declares a"):
        load("codes: {}\nkept:\n  - {key: a, column: a}\nvariables: []\n", {})


def test_facts_of_packs_are_variables_with_money_in_fen_and_areas_in_hundredths() -> None:
    pension, area, kind = variable("pension_fen_month"), variable("home_area_m2"), variable("disability_type")
    assert (pension.fact, pension.type, pension.unit) == ("pension_yuan_month", VariableType.FEN, "分/月")
    assert (area.type, area.places, shown_value(area, 8850)) == (VariableType.DECIMAL, 2, "88.5平方米")
    assert shown_value(area, 9000, language="en") == "90 m²"
    assert (kind.codes["5"], kind.column) == (("智力残疾", "intellectual"), "disability_type")
    assert "birth_date" not in variables()
    assert variable("business_income_fen_month").smallest < 0


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("vehicle_count", True),
        ("vehicle_count", -1),
        ("vehicle_count", 1.5),
        ("vehicle_count", "1"),
        ("income_fen_month", 10**15),
        ("disability_grade", "5"),
        ("serious_illness", 1),
        ("trained_on", "2026-02-30"),
        ("illness_name", "肺\u200b炎"),
        ("illness_name", "病" * 65),
    ],
)
def test_a_value_that_does_not_suit_its_variable_is_refused(key: str, value: object) -> None:
    with pytest.raises(InvalidValue) as caught:
        check_value(variable(key), value)
    assert caught.value.field == key


def test_values_are_shown_in_words() -> None:
    assert shown_value(variable("income_fen_month"), 123456) == "1,234.56元/月"
    assert shown_value(variable("disability_grade"), "1") == "一级"
    assert shown_value(variable("serious_illness"), value=True, language="en") == "yes"
    assert variable("trained_on").type is VariableType.DATE


@pytest.mark.parametrize("text", ["1990-02-03", "1990/2/3", "1990年2月3日", "19900203", "１９９０-02-03"])
def test_birth_dates_are_read_as_sheets_write_them(text: str) -> None:
    assert parse_birth_date(text) == date(1990, 2, 3)


@pytest.mark.parametrize("text", ["1990-02-30", "90-1-1", "", "1990-13-01", "昨天"])
def test_an_impossible_birth_date_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue):
        parse_birth_date(text)


def test_the_fifteen_groups_and_the_two_new_ones_are_known_by_old_names_too() -> None:
    assert len(GROUPS) == 17
    assert set(GROUPS) == set(TargetGroup)
    assert group_named("流浪乞讨人员") is TargetGroup.LIUSAN
    assert group_named("建档立卡") is TargetGroup.FANGZHI_FANPIN
    assert all(definition.evidence and definition.subjects for definition in GROUPS.values())
    names = [name for definition in GROUPS.values() for name in (definition.zh, *definition.aliases)]
    assert len(set(names)) == len(names)
    with pytest.raises(InvalidValue):
        group_named("富裕户")


def test_details_of_events_are_checked_by_kind() -> None:
    with pytest.raises(InvalidValue) as caught:
        check_details(LifeEventKind.BIRTH, {"name": "赵小"})
    assert caught.value.field == "relation"
    with pytest.raises(InvalidValue):
        check_details(LifeEventKind.RELEASE, {"name": "赵小"})
    with pytest.raises(InvalidValue):
        check_details(LifeEventKind.DEATH, {"new_head_id": "1"})
    with pytest.raises(InvalidValue):
        check_details(LifeEventKind.IMPRISONMENT, {"until": "2026-02-30"})


def test_masks_never_tell_the_middle_of_a_number() -> None:
    assert masked_document("370902198005011019") == "370***********1019"
    assert masked_document("A1234567") == "****"
    assert masked_document(None) == ""
