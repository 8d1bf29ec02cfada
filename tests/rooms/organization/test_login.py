"""From an account to an actor: one post at a time, and an ended appointment ends on the next request."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.rooms.organization.conftest import (
    AT,
    CAIYUAN,
    CITY,
    DAIMIAO,
    TODAY,
    Person,
    appointed,
    office,
    person,
    post,
    setter,
)

from jiuzhu.core.actors import ActorKind
from jiuzhu.groundwork.accounts.models import Account
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.rooms.organization import actions, queries
from jiuzhu.rooms.organization.permissions import Permission
from jiuzhu.rooms.organization.states import OfficeKind


@pytest.fixture
def clerk(city: None) -> tuple[Person, int, int]:
    """A clerk of 岱庙, with the post and the appointment."""
    desk = office(DAIMIAO, OfficeKind.ONE_WINDOW_DESK)
    post_id = post(desk, "township_clerk", DAIMIAO)
    someone = person(desk, "T001")
    return someone, post_id, appointed(someone, post_id)


def _account(someone: Person) -> int:
    assert someone.account_id is not None
    return someone.account_id


def test_a_clerk_acts_in_the_post_with_its_permissions_and_place(clerk: tuple[Person, int, int]) -> None:
    someone, post_id, _ = clerk
    actor = queries.actor_of_account(account_id=_account(someone), at=TODAY, session_key_hash="abc")
    assert actor is not None
    assert (actor.kind, actor.post_id, actor.name, actor.session_key_hash) == (
        ActorKind.STAFF,
        post_id,
        "王秀兰",
        "abc",
    )
    assert actor.scope.division == DAIMIAO
    assert actor.scope.department is None
    assert actor.may(Permission.RELATIVE_FILE)
    assert not actor.may(Permission.APPOINTMENT_MAKE)


def test_the_cost_is_one_statement_besides_the_scope(clerk: tuple[Person, int, int]) -> None:
    with CaptureQueriesContext(connection) as captured:
        queries.actor_of_account(account_id=_account(clerk[0]), at=TODAY)
    reads = [query for query in captured if "organization_appointment" in query["sql"]]
    others = [query for query in captured if "set_config" not in query["sql"] and "SAVEPOINT" not in query["sql"]]
    assert len(reads) == 1
    assert others == reads


def test_a_revoked_appointment_gives_nothing_at_the_next_request(clerk: tuple[Person, int, int]) -> None:
    someone, _, appointment = clerk
    actions.revoke_appointment(actor=setter(), at=AT, appointment_id=appointment, reason="调离")
    assert queries.actor_of_account(account_id=_account(someone), at=TODAY) is None
    assert queries.posts_of_account(account_id=_account(someone), at=TODAY) == ()


def test_an_ended_term_gives_nothing_from_its_last_day_on(clerk: tuple[Person, int, int]) -> None:
    someone, _, appointment = clerk
    last = TODAY + timedelta(days=7)
    actions.end_appointment(actor=setter(), at=AT, appointment_id=appointment, day=last, reason="任期届满")
    assert queries.actor_of_account(account_id=_account(someone), at=last - timedelta(days=1)) is not None
    assert queries.actor_of_account(account_id=_account(someone), at=last) is None


def test_an_appointment_to_come_gives_nothing_yet(city: None) -> None:
    desk = office(DAIMIAO, OfficeKind.ONE_WINDOW_DESK)
    someone = person(desk, "T002")
    appointed(someone, post(desk, "township_clerk", DAIMIAO), valid_from=date(2027, 1, 1))
    assert queries.actor_of_account(account_id=_account(someone), at=TODAY) is None
    assert queries.actor_of_account(account_id=_account(someone), at=date(2027, 1, 1)) is not None


def test_a_closed_post_and_a_locked_account_give_nothing(clerk: tuple[Person, int, int]) -> None:
    someone, _, _ = clerk
    with acting(setter()):
        Account.objects.filter(pk=_account(someone)).update(is_active=False)
    assert queries.actor_of_account(account_id=_account(someone), at=TODAY) is None


def test_of_several_posts_one_is_used_at_a_time_and_the_choice_is_stable(clerk: tuple[Person, int, int]) -> None:
    someone, first, _ = clerk
    desk = office(CAIYUAN, OfficeKind.ONE_WINDOW_DESK)
    second = post(desk, "township_reviewer", CAIYUAN)
    appointed(someone, second, valid_from=date(2026, 6, 1))
    account = _account(someone)
    assert [choice.post_id for choice in queries.posts_of_account(account_id=account, at=TODAY)] == [first, second]
    default = queries.actor_of_account(account_id=account, at=TODAY)
    chosen = queries.actor_of_account(account_id=account, at=TODAY, post_id=second)
    assert default is not None
    assert chosen is not None
    assert default.post_id == first
    assert (chosen.post_id, chosen.scope.division) == (second, CAIYUAN)
    assert "registry.household.register" in default.permissions
    assert "registry.household.register" not in chosen.permissions
    assert queries.actor_of_account(account_id=account, at=TODAY, post_id=second + 999) is None


def test_a_post_that_ended_is_not_replaced_in_silence(clerk: tuple[Person, int, int]) -> None:
    someone, first, appointment = clerk
    desk = office(CAIYUAN, OfficeKind.ONE_WINDOW_DESK)
    second = post(desk, "township_reviewer", CAIYUAN)
    appointed(someone, second)
    actions.revoke_appointment(actor=setter(), at=AT, appointment_id=appointment, reason="调离")
    assert queries.actor_of_account(account_id=_account(someone), at=TODAY, post_id=first) is None
    assert queries.actor_of_account(account_id=_account(someone), at=TODAY) is not None


def test_a_department_officer_carries_the_department(city: None) -> None:
    bureau = office(CITY, OfficeKind.DEPARTMENT, "education")
    someone = person(bureau, "E001")
    appointed(someone, post(bureau, "department_officer", CITY))
    actor = queries.actor_of_account(account_id=_account(someone), at=TODAY)
    assert actor is not None
    assert actor.kind is ActorKind.DEPARTMENT
    assert actor.scope.department == "education"


def test_a_time_without_zone_is_refused(clerk: tuple[Person, int, int]) -> None:
    with pytest.raises(ValueError, match="naive"):
        actions.revoke_appointment(actor=setter(), at=datetime(2026, 11, 23), appointment_id=clerk[2], reason="x")  # noqa: DTZ001


def test_the_day_is_the_citys_day(clerk: tuple[Person, int, int]) -> None:
    someone, _, appointment = clerk
    late = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
    actions.revoke_appointment(actor=setter(), at=late, appointment_id=appointment, reason="调离")
    with acting(setter()):
        detail = queries.staff_detail(actor=setter(), staff_id=someone.staff_id, at=TODAY)
    assert detail.appointments[0].valid_to == date(2026, 11, 24)
