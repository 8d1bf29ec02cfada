"""Leads: found by others, visited within the term, then helped to apply, handed on or closed (S08)."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from tests.rooms.application.conftest import (
    AT,
    COUNTY,
    OTHER_COUNTY,
    VILLAGE,
    Family,
    Find,
    citizen,
    department,
    in_role,
    officer,
)

from jiuzhu.core.actors import Actor, OutOfScope, PermissionRefused, system_actor
from jiuzhu.core.errors import InvalidValue, RuleRefused
from jiuzhu.core.transitions import TransitionRefused
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.groundwork.transitions.queries import timeline
from jiuzhu.rooms.application import actions, queries
from jiuzhu.rooms.application.permissions import Permission
from jiuzhu.rooms.application.states import LEADS, LeadSource, LeadState, NeedKind
from jiuzhu.rooms.organization.rules.roles import packaged_roles

Verb = Callable[[Actor, int], object]
VERBS: dict[str, Verb] = {
    "assign": lambda actor, one: actions.assign_lead(actor=actor, at=AT, lead_id=one, visitor="周小梅"),
    "visit": lambda actor, one: actions.visit_lead(actor=actor, at=AT, lead_id=one, note="生活困难"),
    "help_apply": lambda actor, one: actions.help_apply(actor=actor, at=AT, lead_id=one, agreed_by="王秀兰"),
    "refer": lambda actor, one: actions.refer_lead(actor=actor, at=AT, lead_id=one, receiver_name="区教育局"),
    "close": lambda actor, one: actions.close_lead(actor=actor, at=AT, lead_id=one, reason="已接回同住"),
}
# by hand: the file of roles must say the same
ROLES_OF = {
    "report": {"village_assistant", "township_clerk", "department_officer"},
    "assign": {"township_clerk", "county_officer"},
    "visit": {"village_assistant", "township_clerk"},
    "help_apply": {"village_assistant", "township_clerk"},
    "refer": {"township_clerk", "county_officer"},
    "close": {"township_clerk", "county_officer"},
}
_FROM = {
    "assign": LeadState.REPORTED,
    "visit": LeadState.ASSIGNED,
    "help_apply": LeadState.VISITED,
    "refer": LeadState.VISITED,
    "close": LeadState.VISITED,
}


def lead(lead_id: int, actor: Actor | None = None) -> queries.LeadDetail:
    return queries.lead(actor=actor or officer(), at=AT, lead_id=lead_id)


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("state", LeadState)
def test_a_verb_leads_out_of_a_state_as_the_table_says_and_nowhere_else(
    find: Find, state: LeadState, verb: str
) -> None:
    lead_id = find(state=state)
    step = next((one for one in LEADS.out_of(state) if one.verb == verb), None)
    if step is None:
        with pytest.raises(TransitionRefused):
            VERBS[verb](officer(), lead_id)
        assert lead(lead_id).lead.state is state
        return
    VERBS[verb](officer(), lead_id)
    assert lead(lead_id).lead.state is step.to_state


@pytest.mark.parametrize("verb", ROLES_OF)
def test_a_verb_is_for_the_roles_that_hold_it_and_no_other(find: Find, verb: str) -> None:
    lead_id = find(state=_FROM.get(verb, LeadState.REPORTED))
    report: Verb = lambda actor, _: reported(actor)  # noqa: E731 (one of many)
    act = VERBS.get(verb, report)
    allowed = set()
    for role in packaged_roles().roles:
        with acting(system_actor("test")):
            try:
                with transaction.atomic():
                    act(in_role(role), lead_id)
                    transaction.set_rollback(True)
                allowed.add(role)
            except PermissionRefused:
                pass
    assert allowed == ROLES_OF[verb]


def reported(actor: Actor, **other: object) -> int:
    given = {"division": VILLAGE, "source": LeadSource.HOTLINE, "subject_name": "独居老人", "detail": "多日未出门"}
    return actions.report_lead(actor=actor, at=AT, **{**given, **other})  # type: ignore[arg-type]


def test_what_was_reported_is_kept_and_its_steps_are_told(find: Find, family: Family) -> None:
    lead_id = find(state=LeadState.APPLIED, is_urgent=True, subject_contact="13800001111", reporter_name="邻居")
    found = lead(lead_id)
    assert (found.lead.subject_name, found.subject_contact, found.detail) == ("独居老人", "13800001111", "多日未出门")
    assert found.lead.needs == (NeedKind.CARE, NeedKind.LIVELIHOOD)
    assert (found.visit_note, found.agreed_by_name, found.reporter_name) == ("生活困难", "王秀兰", "邻居")
    assert found.lead.household_id == family.household_id
    with acting(officer()):
        steps = [one.verb for one in timeline("application.lead", lead_id, actor=officer())]
    assert steps == ["report", "assign", "visit", "help_apply"]


def test_nobody_is_helped_to_apply_against_their_will(find: Find) -> None:
    lead_id = find(state=LeadState.VISITED)
    with pytest.raises(RuleRefused) as refusal:
        actions.help_apply(actor=officer(), at=AT, lead_id=lead_id, agreed_by=" ")
    assert refusal.value.code == "application.lead.agreement"
    assert lead(lead_id).lead.state is LeadState.VISITED


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (lambda one: actions.close_lead(actor=officer(), at=AT, lead_id=one, reason=""), "application.reason"),
        (
            lambda one: actions.refer_lead(actor=officer(), at=AT, lead_id=one, receiver_name=" "),
            "application.lead.receiver",
        ),
    ],
)
def test_a_lead_is_neither_closed_nor_handed_on_without_saying_why_or_to_whom(
    find: Find, act: Callable[[int], object], code: str
) -> None:
    lead_id = find(state=LeadState.VISITED)
    with pytest.raises(RuleRefused) as refusal:
        act(lead_id)
    assert refusal.value.code == code


@pytest.mark.parametrize("other", [{"subject_name": ""}, {"detail": " "}, {"detail": "长" * 1001}])
def test_bad_input_is_named_and_nothing_is_kept(family: Family, other: dict[str, object]) -> None:
    with pytest.raises(InvalidValue) as refusal:
        reported(officer(), **other)
    assert refusal.value.field in other
    assert queries.leads(actor=officer(), at=AT).rows == ()


def test_a_department_sees_what_it_reported_and_nothing_else(find: Find) -> None:
    other, own = find(), reported(department(), source=LeadSource.SCHOOL)
    assert [one.id for one in queries.leads(actor=department(), at=AT).rows] == [own]
    with pytest.raises(OutOfScope):
        lead(other, department())
    for stranger in (department("health"), department(division=OTHER_COUNTY)):
        with pytest.raises(OutOfScope):
            lead(own, stranger)
    assert {one.id for one in queries.leads(actor=officer(COUNTY), at=AT).rows} == {other, own}


def test_nobody_acts_in_or_sees_another_place_and_no_citizen_sees_who_reported_them(find: Find, family: Family) -> None:
    lead_id = find(state=LeadState.VISITED)
    stranger = officer(OTHER_COUNTY)
    for verb in VERBS.values():
        with pytest.raises(OutOfScope):
            verb(stranger, lead_id)
    assert queries.leads(actor=stranger, at=AT).rows == ()
    me = citizen(family.head, household_id=family.household_id)
    with pytest.raises(PermissionRefused):
        queries.leads(actor=me, at=AT)
    with acting(me), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM application_lead")
        assert cursor.fetchone() == (0,)
    with pytest.raises(OutOfScope):
        reported(stranger)
    with pytest.raises(PermissionRefused):
        queries.leads(actor=officer(without=frozenset({Permission.LEAD_VIEW.value})), at=AT)


def test_pages_hold_each_once(find: Find) -> None:
    made = [find(is_urgent=number % 2 == 0) for number in range(5)][::-1]
    first = queries.leads(actor=officer(), at=AT, size=3)
    rest = queries.leads(actor=officer(), at=AT, size=3, after=first.next_after)
    assert [one.id for one in (*first.rows, *rest.rows)] == made
    assert rest.next_after is None
    assert len(queries.leads(actor=officer(), at=AT, urgent=True).rows) == 3
    assert queries.leads(actor=officer(), at=AT, overdue=True).rows == ()
    with pytest.raises(InvalidValue):
        queries.leads(actor=officer(), at=AT, size=0)


@pytest.mark.parametrize(
    ("state", "change", "error"),
    [
        (LeadState.REPORTED, "state = 'visited'", ProgrammingError),
        (LeadState.REPORTED, "state = 'assigned'", IntegrityError),
        (LeadState.REPORTED, "detail = NULL", ProgrammingError),
        (LeadState.VISITED, "state = 'applied', closed_at = now()", IntegrityError),
        (LeadState.VISITED, "state = 'not_in_need', closed_at = now()", IntegrityError),
        (LeadState.VISITED, "visit_note = NULL", ProgrammingError),
        (LeadState.APPLIED, "agreed_by_name = 'x'", ProgrammingError),
    ],
)
def test_the_database_keeps_its_course_in_raw_sql(
    find: Find, state: LeadState, change: str, error: type[Exception]
) -> None:
    lead_id = find(state=state)
    with pytest.raises(error), acting(system_actor("test")), connection.cursor() as cursor:
        cursor.execute(f"UPDATE application_lead SET {change} WHERE id = {lead_id}")
