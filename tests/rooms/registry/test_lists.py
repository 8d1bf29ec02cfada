"""Lists, pages, filters, histories; and that the number of statements does not grow with the data."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.rooms.registry.conftest import (
    AT,
    TODAY,
    TOWN_A,
    VILLAGE_A1,
    VILLAGE_A2,
    Register,
    couple_with_child,
    person,
    staff,
)

from jiuzhu.core.actors import Actor
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.core.errors import InvalidValue
from jiuzhu.rooms.registry import actions, queries
from jiuzhu.rooms.registry.queries.lists import FactFilter, HouseholdFilter, PersonFilter
from jiuzhu.rooms.registry.states import EvidenceKind, LifeEventKind, RegisteredKind, SourceKind, TargetGroup


def _names(clerk: Actor, wanted: PersonFilter) -> list[str]:
    return [row.name for row in queries.list_persons(actor=clerk, on=TODAY, wanted=wanted).rows]


def test_pages_follow_each_other_without_gap_or_double(clerk: Actor, register: Register) -> None:
    for first, division in ((301, VILLAGE_A2), (101, VILLAGE_A1), (501, VILLAGE_A2)):
        register(couple_with_child(first), division=division)
    seen: list[int] = []
    after = ""
    while True:
        page = queries.list_persons(actor=clerk, on=TODAY, after=after, size=2)
        assert page.total.count == 9
        assert page.total.is_exact
        seen += [row.id for row in page.rows]
        after = page.next_after
        if not after:
            break
    whole = queries.list_persons(actor=clerk, on=TODAY)
    assert seen == [row.id for row in whole.rows]
    assert len(set(seen)) == 9
    assert [row.division_code for row in whole.rows] == [VILLAGE_A1] * 3 + [VILLAGE_A2] * 6
    assert all(row.household_id is not None and "****" in row.document_number for row in whole.rows)


@pytest.mark.parametrize("after", ["x", "370902001001.", "370902001001.x", ".5", "37090200100.5"])
def test_a_malformed_page_key_is_refused(clerk: Actor, after: str) -> None:
    with pytest.raises(InvalidValue):
        queries.list_persons(actor=clerk, on=TODAY, after=after)


def test_persons_are_found_by_age_sex_division_tag_and_values(clerk: Actor, register: Register) -> None:
    made = register()
    register(couple_with_child(301), division=VILLAGE_A2)
    head, wife, _ = made.person_ids
    actions.record_fact(
        actor=clerk,
        at=AT,
        fact=actions.NewFact("disability_grade", "1", TODAY, SourceKind.VISITED, person_id=wife),
    )
    actions.tag_group(
        actor=clerk,
        at=AT,
        group=TargetGroup.DIBAO,
        valid_from=TODAY,
        evidence_kind=EvidenceKind.DETERMINATION,
        evidence_ref="泰民救〔2026〕1号",
        household_id=made.household_id,
    )
    here = DivisionCode(VILLAGE_A1)
    assert _names(clerk, PersonFilter(age_from=12, age_to=12)) == ["赵丙丙", "赵丙丙"]
    assert _names(clerk, PersonFilter(age_from=13, sex="1", division=here)) == ["赵甲"]
    assert _names(clerk, PersonFilter(age_from=46, age_to=46, division=here)) == ["赵甲", "钱乙"]
    assert _names(clerk, PersonFilter(group=TargetGroup.DIBAO)) == ["赵甲", "钱乙", "赵丙丙"]
    assert _names(clerk, PersonFilter(group=TargetGroup.TEKUN)) == []
    assert _names(clerk, PersonFilter(facts=(FactFilter("disability_grade", "1"),))) == ["钱乙"]
    with pytest.raises(InvalidValue):
        _names(clerk, PersonFilter(facts=(FactFilter("wage_income_fen_month", 1),)))
    with pytest.raises(InvalidValue):
        _names(clerk, PersonFilter(sex="7"))
    actions.record_life_event(
        actor=clerk, at=AT, kind=LifeEventKind.DEATH, person_id=head, happened_on=TODAY, evidence="死亡证明"
    )
    assert _names(clerk, PersonFilter(division=here)) == ["钱乙", "赵丙丙"]
    assert len(_names(clerk, PersonFilter(division=here, with_dead=True))) == 3


@pytest.mark.parametrize(
    ("birth", "on", "years"),
    [(date(2008, 2, 29), date(2026, 2, 28), 17), (date(2008, 2, 29), date(2026, 3, 1), 18)],
)
def test_the_age_filter_counts_as_the_law_does(
    clerk: Actor, register: Register, birth: date, on: date, years: int
) -> None:
    register([actions.NewMember("02", person("闰生", 101, birth))])
    for wanted in (years - 1, years, years + 1):
        page = queries.list_persons(actor=clerk, on=on, wanted=PersonFilter(age_from=wanted, age_to=wanted))
        assert len(page.rows) == (wanted == years)


def test_households_are_found_by_kind_tag_and_values(clerk: Actor, register: Register) -> None:
    made = register()
    register(couple_with_child(301))
    facts = [actions.NewFact("vehicle_count", 2, TODAY, SourceKind.VISITED, household_id=made.household_id)]
    actions.record_facts(actor=clerk, at=AT, facts=facts)

    def found(wanted: HouseholdFilter) -> list[int]:
        return [row.id for row in queries.list_households(actor=clerk, on=TODAY, wanted=wanted).rows]

    at_least = FactFilter("vehicle_count", 1, "at_least")
    assert found(HouseholdFilter(facts=(at_least,))) == [made.household_id]
    assert found(HouseholdFilter(facts=(FactFilter("vehicle_count", 1, "at_most"),))) == []
    assert len(found(HouseholdFilter(registered_kind=RegisteredKind.RURAL))) == 2
    assert found(HouseholdFilter(registered_kind=RegisteredKind.URBAN)) == []
    assert found(HouseholdFilter(group=TargetGroup.DIBAO)) == []


def _tag(clerk: Actor, group: TargetGroup, **subject: int) -> None:
    actions.tag_group(
        actor=clerk,
        at=AT,
        group=group,
        valid_from=TODAY,
        evidence_kind=EvidenceKind.DETERMINATION,
        evidence_ref="泰民救〔2026〕1号",
        **subject,
    )


def test_a_group_lists_who_carries_it_and_whose_household_does_each_once(clerk: Actor, register: Register) -> None:
    """Tagged persons come from one table, members of tagged households from another; pages run through both."""
    third = register(couple_with_child(501), division=VILLAGE_A2)
    first = register(couple_with_child(101))
    second = register(couple_with_child(301), division=VILLAGE_A2)
    _tag(clerk, TargetGroup.DIBAO, household_id=first.household_id)
    _tag(clerk, TargetGroup.DIBAO, person_id=first.person_ids[0])
    _tag(clerk, TargetGroup.DIBAO, person_id=second.person_ids[1])
    _tag(clerk, TargetGroup.DIBAO, household_id=third.household_id)
    _tag(clerk, TargetGroup.TEKUN, person_id=second.person_ids[0])
    fact = actions.NewFact("disability_grade", "2", TODAY, SourceKind.VISITED, person_id=third.person_ids[2])
    actions.record_fact(actor=clerk, at=AT, fact=fact)

    def listed(wanted: PersonFilter, size: int) -> list[int]:
        seen: list[int] = []
        after = ""
        while True:
            page = queries.list_persons(actor=clerk, on=TODAY, wanted=wanted, after=after, size=size)
            assert len(page.rows) <= size
            seen += [row.id for row in page.rows]
            after = page.next_after
            if not after:
                assert page.total.count == len(seen)
                return seen

    expected = [*first.person_ids, *sorted([*third.person_ids, second.person_ids[1]])]
    for size in (1, 2, 4, 200):
        assert listed(PersonFilter(group=TargetGroup.DIBAO), size) == expected
    children = PersonFilter(group=TargetGroup.DIBAO, age_to=17)
    assert listed(children, 1) == [first.person_ids[2], third.person_ids[2]]
    with_fact = PersonFilter(group=TargetGroup.DIBAO, facts=(FactFilter("disability_grade", "2"),))
    assert listed(with_fact, 1) == [third.person_ids[2]]
    assert listed(PersonFilter(group=TargetGroup.DIBAO, division=DivisionCode(VILLAGE_A1)), 2) == expected[:3]

    actions.end_membership(actor=clerk, at=AT, person_id=third.person_ids[1], end_on=TODAY, reason="离婚后迁出")
    assert listed(PersonFilter(group=TargetGroup.DIBAO), 3) == [one for one in expected if one != third.person_ids[1]]


def test_counting_stops_at_a_bound_and_says_so(
    clerk: Actor, register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [register(couple_with_child(first)) for first in (101, 301)]
    _tag(clerk, TargetGroup.DIBAO, household_id=made[0].household_id)
    monkeypatch.setattr("jiuzhu.rooms.registry.queries.lists.COUNTED_UP_TO", 3)
    everybody = queries.list_persons(actor=clerk, on=TODAY)
    assert (len(everybody.rows), everybody.total.count, everybody.total.is_exact) == (6, 3, False)
    tagged = queries.list_persons(actor=clerk, on=TODAY, wanted=PersonFilter(group=TargetGroup.DIBAO))
    assert (tagged.total.count, tagged.total.is_exact) == (3, True)
    households = queries.list_households(actor=clerk, on=TODAY)
    assert (households.total.count, households.total.is_exact) == (2, True)


def test_statements_do_not_grow_with_members_facts_or_rows(clerk: Actor, register: Register) -> None:
    def fill(first: int, children: int) -> actions.RegisteredHousehold:
        members = couple_with_child(first)
        members += [actions.NewMember("20", person("赵小", first + 3 + 2 * n)) for n in range(children)]
        made = register(members)
        _tag(clerk, TargetGroup.DIBAO, household_id=made.household_id)
        car = actions.NewFact("vehicle_count", 1, TODAY, SourceKind.VISITED, household_id=made.household_id)
        actions.record_fact(actor=clerk, at=AT, fact=car)
        facts = [
            actions.NewFact("pension_fen_month", 5, TODAY, SourceKind.DECLARED, person_id=one)
            for one in made.person_ids
        ]
        actions.record_facts(actor=clerk, at=AT, facts=facts)
        return made

    few = FactFilter("vehicle_count", 2, "at_most")
    small = fill(101, 1)

    def statements(made: actions.RegisteredHousehold) -> tuple[int, ...]:
        who = made.person_ids[0]
        reads: tuple[Callable[[], object], ...] = (
            lambda: queries.household_detail(actor=clerk, at=AT, household_id=made.household_id),
            lambda: queries.person_detail(actor=clerk, at=AT, person_id=who),
            lambda: queries.list_persons(actor=clerk, on=TODAY),
            lambda: queries.list_households(actor=clerk, on=TODAY),
            lambda: queries.list_persons(actor=clerk, on=TODAY, wanted=PersonFilter(group=TargetGroup.DIBAO)),
            lambda: queries.list_households(actor=clerk, on=TODAY, wanted=HouseholdFilter(facts=(few,))),
            lambda: queries.search_persons(actor=clerk, at=AT, text="赵小"),
            lambda: queries.history_of_person(actor=clerk, at=AT, person_id=who),
        )
        counted = []
        for read in reads:
            with CaptureQueriesContext(connection) as seen:
                read()
            counted.append(len(seen))
        return tuple(counted)

    before = statements(small)
    large = fill(301, 6)
    fill(501, 3)
    assert statements(large) == before
    assert max(before) <= 20


def test_the_history_tells_who_changed_what_and_why_without_numbers(clerk: Actor, register: Register) -> None:
    made = register()
    who = made.person_ids[0]
    namesake = staff(TOWN_A, name="复核")
    actions.correct_person(actor=namesake, at=AT, person_id=who, name="赵一", phone="13900002222", reason="同音字")
    fact = actions.NewFact("pension_fen_month", 123400, TODAY, SourceKind.DECLARED, person_id=who)
    actions.record_fact(actor=clerk, at=AT, fact=fact)
    history = queries.history_of_person(actor=clerk, at=AT, person_id=who)
    newest, correction = history[0], history[1]
    assert (newest.table_zh, newest.operation) == ("情况登记", "INSERT")
    shown = {change.zh: change.after for change in newest.changes}
    assert shown["指标"] == "养老金或离退休金"
    assert shown["值"] == "1,234.00元/月"
    assert (correction.actor, correction.reason, correction.operation) == ("复核", "同音字", "UPDATE")
    changed = {change.zh: (change.before, change.after) for change in correction.changes}
    assert changed == {"姓名": ("赵甲", "赵一"), "电话": ("****", "****")}
    assert [entry.operation for entry in history].count("INSERT") == 3
    everything = repr(history)
    assert "13900002222" not in everything
    assert "13800001111" not in everything
