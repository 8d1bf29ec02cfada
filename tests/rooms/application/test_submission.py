"""Submitting: one effect, a clear message, nothing lost; and what the database holds by itself (S08 X1)."""

import pytest
from django.db import IntegrityError, ProgrammingError, connection
from tests.rooms.application.conftest import (
    AT,
    DIBAO,
    EMERGENCY,
    NEXT_VILLAGE,
    NOTHING_ASKED,
    PNG,
    TODAY,
    VILLAGE,
    Apply,
    Family,
    detail,
    hand_in,
    officer,
    save,
    sign,
    sign_all,
    state_of,
    submit,
)

from jiuzhu.core.actors import system_actor
from jiuzhu.core.errors import Conflict, RuleRefused
from jiuzhu.core.transitions import TransitionRefused
from jiuzhu.engine.household.facts import Origin
from jiuzhu.engine.packs.pieces import Label
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.groundwork.transitions.queries import timeline
from jiuzhu.rooms.application import actions, queries
from jiuzhu.rooms.application.states import (
    ApplicationState,
    MaterialForm,
    SignedPaper,
    Venue,
)


def test_an_application_is_submitted_once_however_often_it_is_sent(apply: Apply, family: Family) -> None:
    made = apply()
    sign_all(made, family)
    first = submit(made, key="k")
    assert submit(made, key="k", version=1) == first
    assert (first.application_id, first.number) == (made, detail(made).application.number)
    with pytest.raises(TransitionRefused):
        submit(made, key="another")
    with acting(officer()):
        steps = [one.verb for one in timeline("application.application", made, actor=officer())]
    assert steps == ["draft", "submit"]


def test_a_key_of_one_application_submits_no_other(apply: Apply, family: Family) -> None:
    apply(state=ApplicationState.SUBMITTED)
    other = apply(wanted=(EMERGENCY,))
    sign_all(other, family)
    with pytest.raises(Conflict) as refusal:
        submit(other, key="submission-1")
    assert refusal.value.code == "application.submission"
    assert state_of(other) is ApplicationState.DRAFT


def test_a_stale_page_submits_nothing(apply: Apply, family: Family) -> None:
    made = apply()
    sign_all(made, family)
    save(made, 1, answers={(None, "a"): "1"})
    with pytest.raises(actions.StaleDraft):
        submit(made, version=1)
    assert state_of(made) is ApplicationState.DRAFT


def test_nothing_is_submitted_without_undertaking_and_every_member_s_authorisation(
    apply: Apply, family: Family
) -> None:
    made = apply()
    with pytest.raises(RuleRefused) as refusal:
        submit(made)
    assert refusal.value.code == "application.undertaking"
    sign(made, family.head, paper=SignedPaper.UNDERTAKING)
    sign(made, family.head)
    with pytest.raises(RuleRefused) as refusal:
        submit(made)
    assert refusal.value.code == "application.authorisation"
    assert "李建国、李晓雨" in refusal.value.message_zh


def test_what_was_known_beforehand_is_written_down_with_its_source(apply: Apply, family: Family) -> None:
    made = apply()
    sign_all(made, family)
    version = save(made, 1, answers={(None, "a"): "1"})
    known = {
        (None, "a"): queries.Prefilled("9", Origin.DECLARED, None),
        (None, "b"): queries.Prefilled("2", Origin.VERIFIED, TODAY),
    }
    submit(made, version=version, prefilled=known)
    found = {one.fact: (one.value, one.origin.value, one.found_on) for one in detail(made).answers}
    assert found == {"a": ("1", "declared", None), "b": ("2", "verified", TODAY)}


def test_each_case_goes_to_the_office_in_charge(apply: Apply, family: Family) -> None:
    made = apply(wanted=(DIBAO, EMERGENCY), event_division=NEXT_VILLAGE)
    sign_all(made, family)
    submit(made)
    assert [(one.programme, one.venue, one.place) for one in detail(made).requests] == [
        ("dibao", Venue.REGISTRATION, VILLAGE),
        ("linshi_jiuzhu", Venue.PLACE_OF_EVENT, NEXT_VILLAGE),
    ]


def test_what_a_school_decides_is_not_submitted_here(apply: Apply, family: Family) -> None:
    made = apply(wanted=(queries.Wanted("jiaoyu_jiuzhu", family.child),))
    sign_all(made, family)
    with pytest.raises(RuleRefused) as refusal:
        submit(made)
    assert refusal.value.code == "application.venue.elsewhere"
    assert "学校" in refusal.value.message_zh


def test_nobody_applies_for_the_same_twice_even_from_another_household(apply: Apply, family: Family) -> None:
    first = apply(state=ApplicationState.SUBMITTED)
    second = apply(wanted=(DIBAO, EMERGENCY))
    sign_all(second, family)
    with pytest.raises(RuleRefused) as refusal:
        submit(second)
    assert refusal.value.code == "application.twice"
    assert state_of(second) is ApplicationState.DRAFT
    save(second, 1, wanted=[EMERGENCY])
    submit(second)
    shown = queries.open_elsewhere(actor=officer(), at=AT, application_id=second)
    assert {(one.application_id, one.programme, one.is_same) for one in shown} == {(first, "dibao", False)}
    actions.withdraw_application(actor=officer(), at=AT, application_id=first)
    assert queries.open_elsewhere(actor=officer(), at=AT, application_id=second) == ()


@pytest.mark.parametrize(
    ("state", "change", "error"),
    [
        (ApplicationState.DRAFT, "state = 'accepted'", ProgrammingError),
        (ApplicationState.DRAFT, "state = 'submitted'", IntegrityError),
        (ApplicationState.SUBMITTED, "submitted_at = now()", ProgrammingError),
        (ApplicationState.SUBMITTED, "division_code = '370902002001'", ProgrammingError),
        (ApplicationState.SUBMITTED, "state = 'not_accepted', closed_at = now()", IntegrityError),
        (ApplicationState.SUBMITTED, "state = 'transferred', closed_at = now()", IntegrityError),
        (ApplicationState.SUBMITTED, "state = 'completed'", ProgrammingError),
        (ApplicationState.COMPLETED, "state = 'notice_given'", ProgrammingError),
        (ApplicationState.ACCEPTED, "version = 99", ProgrammingError),
        (ApplicationState.WITHDRAWN, "state = 'draft'", ProgrammingError),
    ],
)
def test_the_database_keeps_its_course_in_raw_sql(
    apply: Apply, state: ApplicationState, change: str, error: type[Exception]
) -> None:
    made = apply(state=state)
    with pytest.raises(error), acting(system_actor("test")), connection.cursor() as cursor:
        cursor.execute(f"UPDATE application_application SET {change} WHERE id = {made}")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE application_answer SET origin = 'verified'",
        "DELETE FROM application_answer",
        "UPDATE application_member SET counts_as_member = false",
        "DELETE FROM application_case_request",
        "UPDATE application_case_request SET programme = 'tekun'",
        "UPDATE application_undertaking SET text = 'x'",
        "DELETE FROM application_undertaking",
        "DELETE FROM application_material",
        "INSERT INTO application_need (application_id, division_code, need) SELECT id, division_code, 'care' FROM {}",
    ],
)
def test_the_database_closes_a_submitted_form_with_all_its_parts(apply: Apply, family: Family, statement: str) -> None:
    made = apply()
    sign_all(made, family)
    hand_in(made, MaterialForm.PHOTO, actions.Upload(PNG, "a.png"))
    version = save(made, 1, answers={(None, "a"): "1"})
    submit(made, version=version)
    with (
        pytest.raises(ProgrammingError, match=r"closed|append|refused|written"),
        acting(system_actor("test")),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format("application_application"))


def test_a_part_lies_where_its_application_lies(apply: Apply) -> None:
    made = apply()
    for change in (f"division_code = '{NEXT_VILLAGE}'", f"application_id = {apply(wanted=(EMERGENCY,))}"):
        with (
            pytest.raises(ProgrammingError, match="lies where"),
            acting(system_actor("test")),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"UPDATE application_case_request SET {change} WHERE application_id = {made}")


def test_the_terms_of_cases_are_set_after_submission_and_nothing_else(apply: Apply) -> None:
    apply(state=ApplicationState.SUBMITTED)
    with acting(system_actor("test")), connection.cursor() as cursor:
        cursor.execute("UPDATE application_case_request SET due_on = '2027-01-05'")
        assert cursor.rowcount == 1


def test_a_page_that_checks_a_form_says_which_answers_are_missing(apply: Apply, family: Family) -> None:
    made = apply()
    sign_all(made, family)
    problem = queries.FieldProblem(
        "household.x", Label("赡养费", "Support"), "form.kind", "请填写数字", "Enter a number."
    )
    wrong = queries.Checked((), (), (problem,), ())
    for digest, code in (("d", "application.form.incomplete"), ("newer", "application.form.changed")):
        with pytest.raises(actions.Incomplete) as refusal:
            submit(made, checked=wrong, pack_digest=digest)
        assert refusal.value.code == code
        assert "赡养费" in refusal.value.message_zh
        assert refusal.value.checked is wrong
    assert submit(made, checked=NOTHING_ASKED).application_id == made
