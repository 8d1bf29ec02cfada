"""The look beforehand: nobody is named, nothing is kept, “no” is said for certain only (S08 S09)."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from jiuzhu.core.divisions import DivisionCode
from jiuzhu.core.errors import InvalidValue
from jiuzhu.engine.household.months import Programs
from jiuzhu.journeys.look_beforehand import Looked, look_beforehand
from jiuzhu.rooms.application import queries
from jiuzhu.rooms.application.queries import Chance, Prospect
from jiuzhu.rooms.catalogue.queries import public_shipped_packs

VILLAGE = DivisionCode("370902001001")
ON = date(2026, 11, 23)


def looked(*ages: int, **fields: str) -> Looked:
    """What may help people of some ages; fields of the household by their bare names."""
    said = {f"household.{name}": text for name, text in fields.items()}
    return look_beforehand(division=VILLAGE, is_urban=True, ages=ages, fields=said, on=ON)


def prospect(found: Looked, programme: str, member: int | None = None) -> Prospect:
    """One of the prospects."""
    return next(one for one in found.prospects if (one.programme, one.member) == (programme, member))


@pytest.mark.django_db
def test_before_any_answer_most_is_possible_and_says_why() -> None:
    found = looked(70, 40)
    dibao = prospect(found, "dibao")
    assert (dibao.chance, dibao.label.zh) == (Chance.POSSIBLE, "最低生活保障")
    assert dibao.reason is not None
    assert len(found.form.questions) > 10
    assert {one.subject.name for one in found.form.questions.values()} == {"", "成员1", "成员2"}


@pytest.mark.django_db
def test_what_a_child_alone_may_have_is_no_prospect_of_a_grown_up() -> None:
    found = looked(70, 10)
    assert prospect(found, "guer", 1).chance is Chance.UNLIKELY
    assert prospect(found, "guer", 2).chance is Chance.POSSIBLE


@pytest.mark.django_db
def test_what_is_likely_comes_first_with_its_reason() -> None:
    found = looked(40, disaster_kind="emergency")
    first = found.prospects[0]
    assert (first.programme, first.chance, first.venues) == ("shouzai_jiuzhu", Chance.LIKELY, ("place_of_event",))
    assert first.reason is not None
    chances = [list(Chance).index(one.chance) for one in found.prospects]
    assert chances == sorted(chances)
    assert prospect(looked(40, disaster_kind="none"), "shouzai_jiuzhu").chance is Chance.UNLIKELY


@pytest.mark.django_db
def test_papers_to_bring_follow_the_answers() -> None:
    def brought(**fields: str) -> set[str]:
        return {one.key for one in prospect(looked(40, **fields), "linshi_jiuzhu").papers}

    assert brought() == {"spending_receipts"}
    assert brought(emergency_kind="fire", basic_life_stuck="yes") == set()
    assert brought(emergency_kind="none", spending_beyond_means="yes") == {"spending_receipts"}


@pytest.mark.django_db
def test_what_cannot_be_read_is_named_and_changes_nothing() -> None:
    found = looked(40, emergency_kind="earthquake", nonsense="1")
    assert {one.field for one in found.problems} == {"household.emergency_kind", "household.nonsense"}
    assert found.prospects == looked(40).prospects
    for ages in ((), (131,), (-1,), tuple([30] * 31)):
        with pytest.raises(InvalidValue):
            looked(*ages)


@pytest.mark.django_db
def test_nothing_is_kept() -> None:
    looked(40)
    with CaptureQueriesContext(connection) as asked:
        looked(40, emergency_kind="fire")
    verbs = {one["sql"].split()[0].upper() for one in asked.captured_queries}
    assert verbs <= {"SELECT", "SAVEPOINT", "RELEASE"}


_PROGRAMS: list[Programs] = []


def programs() -> Programs:
    """The packs that the program brings along, read once."""
    if not _PROGRAMS:
        _PROGRAMS.append(Programs(public_shipped_packs()))
    return _PROGRAMS[0]


@settings(max_examples=10)
@given(st.lists(st.integers(0, 100), min_size=1, max_size=3), st.data())
def test_more_answers_never_turn_a_certain_prospect(ages: list[int], data: st.DataObject) -> None:
    case = queries.anonymous_case(VILLAGE.value, is_urban=False, ages=ages, on=ON)
    form = queries.screening_form(programs(), case, ON)
    fields = data.draw(st.lists(st.sampled_from(sorted(form.questions)), unique=True, max_size=6))
    answers = [queries.Given(field, data.draw(st.sampled_from(_values(form.questions[field])))) for field in fields]
    half = len(answers) // 2
    first = queries.screen_anonymously(programs(), form, case, answers[:half], ON)
    then = {
        (one.programme, one.member): one.chance
        for one in queries.screen_anonymously(programs(), form, case, answers, ON)
    }
    for one in first:
        if one.chance is not Chance.POSSIBLE:
            assert then[one.programme, one.member] is one.chance


def _values(question: queries.Question) -> list[str]:
    if question.options:
        return [one.code for one in question.options]
    if question.kind.base.value == "truth":
        return ["yes", "no"]
    return [str(question.kind.decode(one)) for one in (question.lowest, question.highest)]
