"""The transition log: what is written, who reads it, and that nothing in it changes."""

from datetime import UTC, datetime
from enum import StrEnum

import pytest
from django.db import DatabaseError

from jiuzhu.core.actors import Actor, ActorKind, Scope
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.core.transitions import Transition
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.groundwork.transitions.actions import record
from jiuzhu.groundwork.transitions.models import TransitionLog
from jiuzhu.groundwork.transitions.queries import latest, timeline

NOW = datetime(2026, 9, 14, 9, tzinfo=UTC)
VILLAGE = DivisionCode("370902001001")


class Case(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    CLOSED = "closed"


SUBMIT = Transition(
    verb="submit",
    from_states=frozenset({Case.DRAFT}),
    to_state=Case.SUBMITTED,
    permission="application.case.submit",
    zh="提交",
    en="submit",
)


def staff(division: str, account_id: int = 1) -> Actor:
    return Actor(
        kind=ActorKind.STAFF,
        account_id=account_id,
        name="测试甲",
        post_id=7,
        post_title="经办人",
        scope=Scope(division=DivisionCode(division)),
    )


def citizen(household_id: int, account_id: int = 5) -> Actor:
    return Actor(
        kind=ActorKind.CITIZEN,
        account_id=account_id,
        name="测试乙",
        scope=Scope(household_ids=frozenset({household_id})),
    )


def officer(department: str) -> Actor:
    return Actor(kind=ActorKind.DEPARTMENT, account_id=9, name="测试丙", scope=Scope(department=department))


def submit(actor: Actor, *, household_id: int | None = None, department: str | None = None, reason: str = "") -> int:
    with acting(actor):
        return record(
            actor=actor,
            at=NOW,
            object_type="application.case",
            object_id=12,
            transition=SUBMIT,
            from_state=Case.DRAFT,
            division=VILLAGE,
            household_id=household_id,
            department=department,
            reason=reason,
        )


@pytest.mark.django_db
def test_a_step_is_logged_with_who_when_and_why() -> None:
    clerk = staff("370902001000")
    with acting(clerk):
        record(
            actor=clerk,
            at=NOW,
            object_type="application.case",
            object_id=12,
            transition=None,
            verb="open",
            to_state=Case.DRAFT,
            from_state=None,
            division=VILLAGE,
        )
    submit(clerk, reason="材料齐全")
    with acting(clerk):
        birth, step = timeline("application.case", 12, actor=clerk)
        assert latest("application.case", 12, actor=clerk) == step
        assert latest("application.case", 13, actor=clerk) is None
    assert (birth.verb, birth.from_state, birth.to_state) == ("open", "", "draft")
    assert (step.verb, step.from_state, step.to_state, step.at) == ("submit", "draft", "submitted", NOW)
    assert (step.actor_name, step.actor_post, step.post_id, step.reason) == ("测试甲", "经办人", 7, "材料齐全")


@pytest.mark.django_db
def test_staff_of_another_place_neither_see_nor_write_the_step() -> None:
    submit(staff("370902001000"))
    stranger = staff("370911000000", account_id=2)
    with acting(stranger):
        assert timeline("application.case", 12, actor=stranger) == ()
    with pytest.raises(DatabaseError, match="row-level security"):
        submit(stranger)


@pytest.mark.django_db
def test_citizens_take_and_see_the_steps_of_their_household_only() -> None:
    own, stranger = citizen(3), citizen(4, account_id=6)
    submit(own, household_id=3)
    submit(staff("370902000000"), household_id=3, reason="内部意见")
    submit(staff("370902000000"))
    with acting(own):
        mine, theirs = timeline("application.case", 12, actor=own)
    assert mine.actor_name == "测试乙"
    assert (theirs.actor_name, theirs.reason, theirs.account_id) == ("", "", None)
    with acting(stranger):
        assert timeline("application.case", 12, actor=stranger) == ()
    with pytest.raises(DatabaseError, match="row-level security"):
        submit(stranger, household_id=3)


@pytest.mark.django_db
def test_a_department_takes_and_sees_the_steps_that_name_it() -> None:
    submit(officer("hukou"), department="hukou")
    with acting(officer("hukou")):
        assert len(timeline("application.case", 12, actor=officer("hukou"))) == 1
    with acting(officer("yibao")):
        assert timeline("application.case", 12, actor=officer("yibao")) == ()
    with pytest.raises(DatabaseError, match="row-level security"):
        submit(officer("yibao"), department="hukou")


@pytest.mark.django_db
@pytest.mark.parametrize("change", ["update", "delete"])
def test_a_logged_step_never_changes(system: Actor, change: str) -> None:
    submit(system)

    def tamper() -> None:
        with acting(system):
            if change == "update":
                TransitionLog.objects.update(reason="另有原因")
            else:
                TransitionLog.objects.all().delete()

    with pytest.raises(DatabaseError, match="is refused"):
        tamper()
    with acting(system):
        assert [step.reason for step in timeline("application.case", 12, actor=system)] == [""]


@pytest.mark.django_db
def test_a_step_from_a_state_the_table_does_not_name_is_refused(system: Actor) -> None:
    with pytest.raises(ValueError, match="does not start at closed"), acting(system):
        record(
            actor=system,
            at=NOW,
            object_type="application.case",
            object_id=12,
            transition=SUBMIT,
            from_state=Case.CLOSED,
            division=VILLAGE,
        )


@pytest.mark.django_db
def test_a_step_needs_a_time_zone_and_a_state(system: Actor) -> None:
    with pytest.raises(ValueError, match="time zone"):
        record(
            actor=system,
            at=datetime(2026, 9, 14, 9),  # noqa: DTZ001  # the naive time is the point
            object_type="application.case",
            object_id=12,
            transition=SUBMIT,
            from_state=Case.DRAFT,
            division=VILLAGE,
        )
    with pytest.raises(ValueError, match="verb and state"):
        record(
            actor=system,
            at=NOW,
            object_type="application.case",
            object_id=12,
            transition=None,
            from_state=Case.DRAFT,
            division=VILLAGE,
        )
