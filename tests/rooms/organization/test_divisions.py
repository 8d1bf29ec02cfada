"""Divisions over time: new, renamed, closed, merged, zones; the impossible is refused and nothing is written."""

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.rooms.organization.conftest import (
    AT,
    CAIYUAN,
    CITY,
    DAIMIAO,
    DAIYUE,
    DONGHU,
    SHICHANG,
    TAISHAN,
    TODAY,
    appointed,
    office,
    person,
    post,
    setter,
    staff_actor,
)

from jiuzhu.core.actors import OutOfScope
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.core.errors import InvalidValue, NotFound, RuleRefused
from jiuzhu.rooms.organization import actions, queries
from jiuzhu.rooms.organization.models import Appointment, Division, Office, Post, Staff
from jiuzhu.rooms.organization.rules import divisions as rules
from jiuzhu.rooms.organization.states import DivisionKind, OfficeKind

DAY = date(2026, 7, 1)
NEW_DONGHU = DivisionCode("370902002101")
NEW_SHICHANG = DivisionCode("370902002102")
pytestmark = pytest.mark.usefixtures("city")


def _snapshot() -> list[tuple[object, ...]]:
    return list(Division.objects.order_by("id").values_list())


def _refused(code: str, step: Callable[[], object]) -> None:
    before = _snapshot()
    with pytest.raises(RuleRefused) as refusal:
        step()
    assert refusal.value.code == code
    assert refusal.value.message_zh
    assert _snapshot() == before


def _merge(**changes: object) -> None:
    wanted: dict[str, object] = {
        "actor": setter(),
        "at": AT,
        "sources": [DAIMIAO],
        "into": CAIYUAN,
        "day": DAY,
        "basis": "鲁政字〔2026〕1号",
        "moved": {DONGHU: NEW_DONGHU, SHICHANG: NEW_SHICHANG},
    }
    actions.merge_divisions(**(wanted | changes))  # type: ignore[arg-type]


def test_a_new_division_stands_under_the_one_its_code_names() -> None:
    code = DivisionCode("370902003000")
    actions.create_division(actor=setter(), at=AT, code=code, name="泰前街道", valid_from=DAY, basis="x")
    found = queries.public_division(code, TODAY)
    assert (found.full_name, found.name_en) == ("泰安市泰山区泰前街道", "Taiqian Sub-district")
    assert code in [child.code for child in queries.public_children(TAISHAN, TODAY)]
    with pytest.raises(NotFound):
        queries.public_division(code, date(2026, 6, 30))


def test_creating_is_refused_where_the_code_the_name_or_the_place_is_wrong() -> None:
    def create(code: str, name: str = "新街道", basis: str = "x") -> Callable[[], object]:
        return lambda: actions.create_division(
            actor=setter(), at=AT, code=DivisionCode(code), name=name, valid_from=DAY, basis=basis
        )

    _refused("organization.division.overlap", create("370902001000"))
    _refused("organization.division.parent", create("370923001000"))
    _refused("organization.division.name_taken", create("370902003000", "岱庙街道"))
    _refused("organization.division.name", create("370902003000", "  "))
    with pytest.raises(InvalidValue):
        create("370902003000", basis=" ")()


def test_a_rename_keeps_the_code_and_the_old_name_of_former_days() -> None:
    actions.rename_division(actor=setter(), at=AT, code=DAIMIAO, name="岱宗街道", day=DAY, basis="x")
    assert queries.public_division(DAIMIAO, date(2026, 6, 30)).name == "岱庙街道"
    assert queries.public_division(DAIMIAO, DAY).name == "岱宗街道"
    assert queries.public_division(DONGHU, TODAY).full_name == "泰安市泰山区岱宗街道东湖社区居委会"
    assert [version.name for version in queries.public_versions(DAIMIAO)] == ["岱庙街道", "岱宗街道"]


def test_impossible_renames_are_refused() -> None:
    def rename(name: str, day: date = DAY) -> Callable[[], object]:
        return lambda: actions.rename_division(actor=setter(), at=AT, code=DAIMIAO, name=name, day=day, basis="x")

    _refused("organization.division.same_name", rename("岱庙街道"))
    _refused("organization.division.name_taken", rename("财源街道"))
    _refused("organization.division.future", rename("岱宗街道", date(2026, 11, 24)))
    rename("岱宗街道")()
    _refused("organization.division.same_day", rename("岱岳街道"))
    _refused("organization.division.later_change", rename("岱岳街道", date(2026, 6, 1)))
    _refused("organization.division.not_in_force", _closed_rename())


def _closed_rename() -> Callable[[], object]:
    actions.close_division(actor=setter(), at=AT, code=DONGHU, day=DAY, basis="x", successor=SHICHANG)
    return lambda: actions.rename_division(actor=setter(), at=AT, code=DONGHU, name="新", day=TODAY, basis="x")


def test_a_merge_moves_what_is_below_and_everyone_who_works_there() -> None:
    desk = office(DAIMIAO, OfficeKind.ONE_WINDOW_DESK)
    station = office(DONGHU, OfficeKind.STATION)
    assistant = post(station, "village_assistant", DONGHU)
    someone = person(station, "V001")
    held = appointed(someone, assistant)
    _merge()
    assert queries.public_successor(DAIMIAO, TODAY) == CAIYUAN
    assert queries.public_successor(DONGHU, TODAY) == NEW_DONGHU
    assert queries.public_successor(DONGHU, date(2026, 6, 30)) == DONGHU
    assert queries.public_division(NEW_DONGHU, TODAY).full_name == "泰安市泰山区财源街道东湖社区居委会"
    assert queries.public_children(DAIMIAO, TODAY) == ()
    assert len(queries.public_children(CAIYUAN, TODAY)) == 4
    assert Office.objects.get(pk=desk).division_code == CAIYUAN.value
    assert Office.objects.get(pk=station).division_code == NEW_DONGHU.value
    assert Post.objects.get(pk=assistant).division_code == NEW_DONGHU.value
    assert Staff.objects.get(pk=someone.staff_id).division_code == NEW_DONGHU.value
    assert Appointment.objects.get(pk=held).division_code == NEW_DONGHU.value
    actor = queries.actor_of_account(account_id=someone.account_id or 0, at=TODAY)
    assert actor is not None
    assert actor.scope.division == NEW_DONGHU


def test_a_merge_that_leaves_children_behind_is_refused() -> None:
    _refused("organization.division.children_left", lambda: _merge(moved={DONGHU: NEW_DONGHU}))
    _refused("organization.division.children_left", lambda: _merge(moved={}))


def test_a_merge_into_codes_that_are_in_use_or_out_of_place_is_refused() -> None:
    taken = DivisionCode("370902002001")
    _refused("organization.division.overlap", lambda: _merge(moved={DONGHU: taken, SHICHANG: NEW_SHICHANG}))
    _refused("organization.division.overlap", lambda: _merge(moved={DONGHU: NEW_DONGHU, SHICHANG: NEW_DONGHU}))
    elsewhere = DivisionCode("370911100101")
    _refused("organization.division.move", lambda: _merge(moved={DONGHU: elsewhere, SHICHANG: NEW_SHICHANG}))


def test_a_merge_into_itself_its_own_part_another_level_or_nothing_is_refused() -> None:
    _refused("organization.division.cycle", lambda: _merge(into=DAIMIAO))
    _refused("organization.division.cycle", lambda: _merge(into=DONGHU))
    _refused("organization.division.level", lambda: _merge(into=DAIYUE))
    _refused("organization.division.successor", lambda: _merge(into=DivisionCode("370902009000")))


def test_two_divisions_cannot_follow_each_other() -> None:
    actions.close_division(actor=setter(), at=AT, code=DONGHU, day=DAY, basis="x", successor=SHICHANG)
    _refused(
        "organization.division.successor",
        lambda: actions.close_division(actor=setter(), at=AT, code=SHICHANG, day=TODAY, basis="x", successor=DONGHU),
    )


def test_a_division_with_offices_is_not_closed_without_a_successor() -> None:
    office(DONGHU, OfficeKind.STATION)

    def close() -> None:
        actions.close_division(actor=setter(), at=AT, code=DONGHU, day=DAY, basis="x")

    _refused("organization.division.offices_left", close)
    _refused(
        "organization.division.children_left",
        lambda: actions.close_division(actor=setter(), at=AT, code=DAIYUE, day=DAY, basis="x"),
    )
    actions.close_division(actor=setter(), at=AT, code=SHICHANG, day=DAY, basis="x")
    assert queries.public_successor(SHICHANG, TODAY) is None


def test_a_functional_zone_gets_a_county_number_that_the_state_has_not_given_out() -> None:
    code = actions.add_functional_zone(
        actor=setter(), at=AT, city=CITY, name="泰安高新区", valid_from=DAY, basis="市政府通知"
    )
    assert code == DivisionCode("370971000000")
    zone = queries.public_division(code, TODAY)
    assert zone.kind is DivisionKind.FUNCTIONAL_ZONE
    assert zone.name_en == "Tai'an High-tech Zone"
    second = actions.add_functional_zone(actor=setter(), at=AT, city=CITY, name="泰山景区", valid_from=DAY, basis="x")
    assert second == DivisionCode("370972000000")
    township = DivisionCode("370971001000")
    actions.create_division(actor=setter(), at=AT, code=township, name="某街道", valid_from=DAY, basis="x")
    assert [one.code for one in queries.public_path(township, TODAY)] == [CITY, code, township]


def test_a_zone_takes_no_code_of_the_state_and_no_place_outside_the_city() -> None:
    def add(code: str) -> Callable[[], object]:
        return lambda: actions.add_functional_zone(
            actor=setter(), at=AT, city=CITY, name="徂汶景区", valid_from=DAY, basis="x", code=DivisionCode(code)
        )

    _refused("organization.zone.taken", add("370902000000"))
    _refused("organization.zone.place", add("371071000000"))
    _refused("organization.zone.place", add("370971001000"))


def test_a_zone_administers_townships_that_keep_their_code() -> None:
    body = office(CITY, OfficeKind.ZONE_COMMITTEE, code="gaoxinqu")
    actions.set_administration(actor=setter(), at=AT, division=DAIMIAO, office_code="gaoxinqu", day=DAY, basis="x")
    assert queries.public_administering_office(DONGHU, date(2026, 6, 30)) is None
    found = queries.public_administering_office(DONGHU, TODAY)
    assert found is not None
    assert (found.office_id, found.division) == (body, DAIMIAO)
    assert queries.public_administering_office(CAIYUAN, TODAY) is None
    with pytest.raises(RuleRefused):
        actions.set_administration(actor=setter(), at=AT, division=DAIMIAO, office_code="gaoxinqu", day=DAY, basis="x")


def test_a_township_moves_into_a_zone_under_new_codes() -> None:
    zone = actions.add_functional_zone(actor=setter(), at=AT, city=CITY, name="泰安高新区", valid_from=DAY, basis="x")
    new = DivisionCode("370971001000")
    actions.create_division(actor=setter(), at=AT, code=new, name="岱庙街道", valid_from=DAY, basis="x")
    moved = {DONGHU: DivisionCode("370971001001"), SHICHANG: DivisionCode("370971001002")}
    _merge(into=new, moved=moved)
    assert queries.public_successor(DONGHU, TODAY) == moved[DONGHU]
    assert queries.public_division(moved[DONGHU], TODAY).full_name == "泰安市泰安高新区岱庙街道东湖社区居委会"
    assert [one.code for one in queries.public_children(zone, TODAY)] == [new]


def test_search_finds_by_part_of_a_name_by_initials_and_by_code() -> None:
    def found(text: str) -> list[str]:
        return [one.name for one in queries.public_search_divisions(text, TODAY)]

    assert found("东湖") == ["东湖社区居委会"]
    assert found("dmjd") == ["岱庙街道"]
    assert found("370902001") == ["岱庙街道", "东湖社区居委会", "市场街社区居委会"]
    assert found("  ") == []
    assert found("100%") == []


def test_an_officer_changes_only_the_own_city_and_sees_only_the_own_tree() -> None:
    foreign = staff_actor("city_officer", DivisionCode("371000000000"))
    with pytest.raises(OutOfScope):
        actions.rename_division(actor=foreign, at=AT, code=DAIMIAO, name="新", day=DAY, basis="x")
    clerk = staff_actor("township_clerk", DAIMIAO)
    node = queries.division_tree(actor=clerk, at=TODAY)
    assert (node.division.code, len(node.children)) == (DAIMIAO, 2)
    assert [one.code for one in node.path] == [DAIMIAO]
    with pytest.raises(OutOfScope):
        queries.division_tree(actor=clerk, at=TODAY, code=CAIYUAN)


def test_figures_are_kept_by_day_and_bad_ones_are_refused() -> None:
    actions.record_figures(actor=setter(), at=AT, division=TAISHAN, as_of=DAY, population=800, source="公报")
    actions.record_figures(actor=setter(), at=AT, division=TAISHAN, as_of=DAY, population=900, source="公报")
    row = next(
        row for row in queries.workforce_gaps(actor=setter(), division=CITY, at=TODAY) if row.division.code == TAISHAN
    )
    assert row.population == 900
    with pytest.raises(InvalidValue):
        actions.record_figures(actor=setter(), at=AT, division=TAISHAN, as_of=DAY, population=-1, source="公报")


@given(st.dates(date(2000, 1, 1), date(2030, 1, 1)), st.dates(date(2000, 1, 1), date(2030, 1, 1)))
def test_no_rename_ever_makes_two_versions_in_force_on_one_day(begun: date, day: date) -> None:
    code = DAIMIAO
    own = [rules.Version(code, "旧", begun, None)]
    if rules.against_renaming("新", day, own=own, siblings=()):
        return
    versions = [rules.Version(code, "旧", begun, day), rules.Version(code, "新", day, None)]
    for probe in (begun, day, date(2029, 1, 1)):
        assert sum(version.in_force(probe) for version in versions) <= 1
    assert begun < day
