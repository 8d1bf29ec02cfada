"""A worker is killed, and its jobs are done all the same, each once."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection
from tests.groundwork.tasks import sample_jobs

from jiuzhu.core.actors import Actor
from jiuzhu.groundwork.database.cluster import Connections
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.groundwork.tasks import progress
from jiuzhu.groundwork.tasks.jobs import enqueue
from jiuzhu.groundwork.tasks.models import ProgressState
from jiuzhu.groundwork.tasks.rescue import RESCUES, rescue_stalled
from jiuzhu.groundwork.tasks.worker import run_worker

ROOT = Path(__file__).resolve().parents[3]
JOBS = 300
PATIENCE_SECONDS = 40


@contextmanager
def worker(addresses: Connections) -> Iterator[subprocess.Popen[bytes]]:
    environment = {**os.environ, "DATABASE_URL": addresses.owner, "DATABASE_APP_URL": addresses.app}
    environment["JIUZHU_STAGE"] = "test"
    command = [sys.executable, "-m", "tests.groundwork.tasks.run_sample_worker"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < end, (
            f"waited in vain; the queue holds {count('SELECT count(*) FROM procrastinate_jobs')}"
        )
        time.sleep(0.02)


def count(query: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return int(cursor.fetchone()[0])


def marked(system: Actor) -> int:
    with acting(system):
        return count("SELECT count(*) FROM transition_log")


@pytest.mark.fault
def test_after_kill_9_every_job_is_done_and_each_effect_is_there_once(
    committing_db: Connections, system: Actor
) -> None:
    with acting(system):
        for number in range(JOBS):
            enqueue(sample_jobs.mark_once, actor=system, arguments={"number": number})
    with worker(committing_db) as first:
        until(lambda: marked(system) >= JOBS // 4)
        first.send_signal(signal.SIGKILL)
        first.wait()
    assert marked(system) < JOBS, "the kill came too late to prove anything"
    with worker(committing_db) as second:
        until(lambda: count("SELECT count(*) FROM procrastinate_jobs") == 0)
        second.send_signal(signal.SIGTERM)
        assert second.wait(PATIENCE_SECONDS) == 0
    with acting(system):
        assert count("SELECT count(DISTINCT object_id) FROM transition_log") == JOBS
    assert marked(system) == JOBS


@pytest.mark.fault
def test_a_worker_that_loses_the_database_goes_on_when_it_is_back(committing_db: Connections, system: Actor) -> None:
    with acting(system):
        for number in range(JOBS):
            enqueue(sample_jobs.mark_once, actor=system, arguments={"number": number})
    with worker(committing_db) as process:
        until(lambda: marked(system) >= JOBS // 4)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                " WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()"
            )
            assert cursor.fetchone()[0] > 0
        until(lambda: count("SELECT count(*) FROM procrastinate_jobs") == 0)
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE_SECONDS) == 0
    assert marked(system) == JOBS


@pytest.mark.fault
def test_a_long_job_stops_at_sigterm_and_goes_on_after_the_restart(committing_db: Connections, system: Actor) -> None:
    total = 500
    enqueue(sample_jobs.mark_in_chunks, actor=system, arguments={"total": total})
    for deadly, enough in ((signal.SIGKILL, 50), (signal.SIGTERM, 200)):
        with worker(committing_db) as process:
            until(lambda enough=enough: marked(system) >= enough)  # type: ignore[misc]
            process.send_signal(deadly)
            code = process.wait(PATIENCE_SECONDS)
            assert (code == 0) is (deadly is signal.SIGTERM)
    while count("SELECT count(*) FROM procrastinate_jobs"):
        run_worker(wait=False)
    assert marked(system) == total
    with acting(system):
        assert count("SELECT count(DISTINCT object_id) FROM transition_log") == total
        bar = progress.progress_of("test.chunks:1", actor=system)
    assert (bar.state, bar.done, bar.percent) == (ProgressState.FINISHED, total, 100)


def take_up(seconds_ago: float | None, attempts: int = 0) -> None:
    """Let a worker that gave its last sign some seconds ago (None: one that is gone) hold the waiting job."""
    with connection.cursor() as cursor:
        worker_id = None
        if seconds_ago is not None:
            cursor.execute(
                "INSERT INTO procrastinate_workers (last_heartbeat)"
                " VALUES (now() - make_interval(secs => %s)) RETURNING id",
                [seconds_ago],
            )
            worker_id = cursor.fetchone()[0]
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s, attempts = %s", [worker_id, attempts]
        )


@pytest.mark.django_db
@pytest.mark.parametrize(("seconds_ago", "rescued"), [(None, True), (60.0, True), (1.0, False)])
def test_only_jobs_of_silent_workers_are_taken_back(system: Actor, seconds_ago: float | None, *, rescued: bool) -> None:
    job_id = enqueue(sample_jobs.mark_once, actor=system, arguments={"number": 1})
    take_up(seconds_ago)
    assert rescue_stalled(stalled_seconds=4) == ([job_id] if rescued else [])
    assert rescue_stalled(stalled_seconds=4) == []
    assert count("SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'") == int(rescued)


@pytest.mark.django_db
def test_a_job_that_keeps_killing_its_worker_is_given_up(system: Actor) -> None:
    enqueue(sample_jobs.mark_once, actor=system, arguments={"number": 1})
    take_up(None, attempts=RESCUES - 1)
    rescue_stalled(stalled_seconds=4)
    assert count("SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'") == 1
