"""Jobs: their actor, their transaction, their retries."""

from datetime import UTC, datetime

import pytest
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st
from procrastinate.jobs import Job as QueuedJob
from tests.groundwork.tasks import sample_jobs

from jiuzhu.core.actors import Actor, ActorKind, Scope, system_actor
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.core.errors import Conflict, RuleRefused
from jiuzhu.groundwork.accounts.models import Account
from jiuzhu.groundwork.database.cluster import Connections
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.groundwork.tasks.jobs import Backoff, Stopped, Work, enqueue
from jiuzhu.groundwork.tasks.passport import admit, issue
from jiuzhu.groundwork.tasks.worker import run_worker
from jiuzhu.groundwork.transitions.queries import timeline

NOW = datetime(2026, 9, 14, 9, tzinfo=UTC)


def queue() -> list[tuple[str, str, int]]:
    """The jobs of the test; a worker that runs over the turn of a minute also puts the program's own in the queue."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT task_name, status::text, attempts FROM procrastinate_jobs WHERE task_name LIKE 'test.%' ORDER BY id"
        )
        return list(cursor.fetchall())


def marks(number: int) -> list[str]:
    actor = system_actor("reader")
    with acting(actor):
        return [f"{step.actor_kind}:{step.actor_name}" for step in timeline("test.mark", number, actor=actor)]


def clerk(account_id: int | None, name: str = "") -> Actor:
    return Actor(
        kind=ActorKind.STAFF,
        account_id=account_id,
        name=name,
        post_id=7,
        post_title="经办人",
        permissions=frozenset({"registry.person.edit"}),
        scope=Scope(division=DivisionCode("370902001000")),
    )


@given(
    kind=st.sampled_from(ActorKind),
    permissions=st.frozensets(st.text("abc.", min_size=1)),
    households=st.frozensets(st.integers(1, 2**40)),
    persons=st.frozensets(st.integers(1, 2**40)),
    department=st.none() | st.just("hukou"),
    division=st.none() | st.just(DivisionCode("370900000000")),
)
def test_a_process_keeps_its_rights_on_the_way_into_a_job(
    kind: ActorKind,
    permissions: frozenset[str],
    households: frozenset[int],
    persons: frozenset[int],
    department: str | None,
    division: DivisionCode | None,
) -> None:
    scope = Scope(division=division, department=department, household_ids=households, person_ids=persons)
    actor = Actor(kind=kind, account_id=None, name="nightly", permissions=permissions, scope=scope)
    assert admit(issue(actor)) == actor


@pytest.mark.django_db
def test_a_passport_holds_no_name_and_the_job_reads_it_from_the_account() -> None:
    account = Account.objects.create(login_name="c1", display_name="测试甲", kind="staff", created_at=NOW)
    passport = issue(clerk(account.pk, "测试甲"))
    assert "测试甲" not in repr(passport)
    assert admit(passport).name == "测试甲"
    assert admit(issue(clerk(account.pk + 1))).name == f"account {account.pk + 1}"


@pytest.mark.django_db
def test_a_job_is_enqueued_with_the_change_or_not_at_all(system: Actor) -> None:
    with acting(system):
        enqueue(sample_jobs.mark_once, actor=system, arguments={"number": 1})

    def change_that_fails() -> None:
        with acting(system):
            enqueue(sample_jobs.mark_once, actor=system, arguments={"number": 2})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        change_that_fails()
    assert queue() == [("test.mark_once", "todo", 0)]


@pytest.mark.django_db
@pytest.mark.parametrize("kind", list(ActorKind))
def test_every_kind_of_actor_may_enqueue(kind: ActorKind) -> None:
    actor = Actor(kind=kind, account_id=None, name="someone", scope=Scope(division=DivisionCode("370900000000")))
    with acting(actor):
        assert enqueue(sample_jobs.mark_once, actor=actor, arguments={"number": 1}) is not None


@pytest.mark.django_db
def test_a_duplicate_of_a_waiting_job_is_not_added_and_spoils_nothing(system: Actor) -> None:
    with acting(system):
        first = enqueue(sample_jobs.mark_once, actor=system, arguments={"number": 1}, once="nightly")
        assert first is not None
        assert enqueue(sample_jobs.mark_once, actor=system, arguments={"number": 1}, once="nightly") is None
        assert enqueue(sample_jobs.mark_once, actor=system, arguments={"number": 2}) is not None


def test_a_job_runs_as_the_actor_who_asked(committing_db: Connections) -> None:
    account = Account.objects.create(login_name="c1", display_name="测试甲", kind="staff", created_at=NOW)
    actor = clerk(account.pk, "测试甲")
    with acting(actor):
        enqueue(sample_jobs.mark_once, actor=actor, arguments={"number": 5}, request_id="r-1")
    run_worker(wait=False)
    assert marks(5) == ["staff:测试甲"]
    assert queue() == []


def test_a_job_cannot_write_outside_its_actors_division(committing_db: Connections) -> None:
    stranger = Actor(
        kind=ActorKind.STAFF, account_id=None, name="stranger", scope=Scope(division=DivisionCode("370911000000"))
    )
    with acting(stranger):
        enqueue(sample_jobs.mark_once, actor=stranger, arguments={"number": 6})
    run_worker(wait=False)
    assert marks(6) == []
    assert queue() == [("test.mark_once", "todo", 1)]


def test_a_job_that_fails_leaves_nothing_behind_and_is_tried_again(committing_db: Connections, system: Actor) -> None:
    with transaction.atomic():
        enqueue(sample_jobs.mark_then_fail, actor=system, arguments={"number": 8})
    run_worker(wait=False)
    assert marks(8) == []
    assert queue() == [("test.mark_then_fail", "todo", 1)]


def test_a_job_that_a_job_enqueues_shares_its_fate(committing_db: Connections, system: Actor) -> None:
    enqueue(sample_jobs.mark_and_pass_on, actor=system, arguments={"number": 1, "fail": False})
    enqueue(sample_jobs.mark_and_pass_on, actor=system, arguments={"number": 2, "fail": True})
    run_worker(wait=False)
    # a worker that does not wait may end before it sees what its last job has enqueued
    run_worker(wait=False)
    assert (marks(1), marks(1001)) == (["system:test"], ["system:test"])
    assert (marks(2), marks(1002)) == ([], [])


def test_jobs_with_one_lock_run_in_the_order_they_came(committing_db: Connections, system: Actor) -> None:
    for number in range(20):
        enqueue(sample_jobs.mark_once, actor=system, arguments={"number": number}, lock="one")
    while queue():
        run_worker(concurrency=3, wait=False)
    with acting(system):
        starts = [timeline("test.mark", number, actor=system)[0].at for number in range(20)]
    assert starts == sorted(starts)


def queued(attempts: int) -> QueuedJob:
    return QueuedJob(
        id=1, queue="default", lock=None, queueing_lock=None, task_name="t", task_kwargs={}, attempts=attempts
    )


def test_retries_wait_longer_each_time_and_end() -> None:
    policy = Backoff(4)
    waits = []
    for attempts in range(3):
        decision = policy.get_retry_decision(exception=RuntimeError(), job=queued(attempts))
        assert decision is not None
        assert decision.retry_at is not None
        waits.append(round((decision.retry_at - datetime.now(UTC)).total_seconds()))
    assert waits == [1, 2, 4]
    assert policy.get_retry_decision(exception=RuntimeError(), job=queued(3)) is None


def test_a_refusal_by_a_rule_is_final_but_a_conflict_is_not() -> None:
    policy = Backoff(4)
    assert policy.get_retry_decision(exception=RuleRefused("a.b", "不可", "no"), job=queued(0)) is None
    assert policy.get_retry_decision(exception=Conflict("a.b", "冲突", "conflict"), job=queued(0)) is not None


def test_a_job_stopped_by_a_shutdown_always_comes_back() -> None:
    assert Backoff(1).get_retry_decision(exception=Stopped(), job=queued(100)) is not None


def test_a_job_gives_way_to_a_shutdown(system: Actor) -> None:
    work = Work(job_id=1, actor=system, request_id="", at=NOW, attempt=0, last_attempt=False, stop_asked=lambda: True)
    with pytest.raises(Stopped):
        work.pause()
