"""Kinds of jobs, and how one is enqueued.

A job is enqueued in the transaction of the change that needs it: both happen or neither. It runs as the actor who
asked, under the same request id, and may run more than once after a crash: what must
happen once is guarded by `effects`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from django.db import transaction
from procrastinate import BaseRetryStrategy, JobContext, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued, JobAborted
from procrastinate.jobs import Job as QueuedJob
from procrastinate.tasks import Task

from jiuzhu.core.actors import Actor
from jiuzhu.core.errors import Conflict, Refusal
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.groundwork.tasks.passport import Json, admit, issue

ATTEMPTS = 8
_LONGEST_WAIT_SECONDS = 900


class Stopped(JobAborted):
    """The worker is shutting down: the job goes back into the queue and is taken up again after the restart."""


@dataclass(frozen=True, slots=True)
class Work:
    """What a running job knows of itself. `at` is the time this run started."""

    job_id: int
    actor: Actor
    request_id: str
    at: datetime
    attempt: int
    last_attempt: bool
    stop_asked: Callable[[], bool] = field(repr=False)

    def pause(self) -> None:
        """Give way to a shutdown; long jobs call this between two pieces of work.

        Raises:
            Stopped: the worker is shutting down.
        """
        if self.stop_asked():
            raise Stopped


class Backoff(BaseRetryStrategy):
    """Retry after 1, 2, 4 … seconds; a refusal by a rule is final, because the same input would be refused again."""

    def __init__(self, attempts: int) -> None:
        self.attempts = attempts

    def get_retry_decision(self, *, exception: BaseException, job: QueuedJob) -> RetryDecision | None:
        """Decide for the library whether and when a failed job runs again."""
        if isinstance(exception, Stopped):
            return RetryDecision()
        if isinstance(exception, Refusal) and not isinstance(exception, Conflict):
            return None
        if job.attempts + 1 >= self.attempts:
            return None
        wait = min(2**job.attempts, _LONGEST_WAIT_SECONDS)
        return RetryDecision(retry_at=datetime.now(UTC) + timedelta(seconds=wait))


@dataclass(frozen=True, slots=True)
class JobKind:
    """A kind of job: made by `job`, given to `enqueue`. Calling it runs the function at once, as tests do."""

    name: str
    function: Callable[..., None]
    task: Task[..., None, ...] = field(repr=False)

    def __call__(self, work: Work, **arguments: Json) -> None:
        self.function(work, **arguments)


def job(
    name: str, *, attempts: int = ATTEMPTS, in_one_transaction: bool = True
) -> Callable[[Callable[..., None]], JobKind]:
    """Make a function `f(work, **arguments)` a kind of job under a name that is never reused.

    It runs inside `acting(work.actor)`: all it does is kept or nothing is. With `in_one_transaction=False` it opens its
    own (`chunks.run_in_chunks` does), because a long transaction holds back the whole database.
    """

    def make(function: Callable[..., None]) -> JobKind:
        def run(context: JobContext, *, actor: dict[str, Json], request_id: str, arguments: dict[str, Json]) -> None:
            work = Work(
                job_id=context.job.id or 0,
                actor=admit(actor),
                request_id=request_id,
                at=datetime.now(UTC),
                attempt=context.job.attempts,
                last_attempt=context.job.attempts + 1 >= attempts,
                stop_asked=context.should_abort,
            )
            with structlog.contextvars.bound_contextvars(request_id=request_id, job=name, job_id=work.job_id):
                if in_one_transaction:
                    with acting(work.actor, reason=f"job {name}", request_id=request_id):
                        function(work, **arguments)
                else:
                    function(work, **arguments)

        task: Task[Any, None, Any] = app.task(name=name, pass_context=True, retry=Backoff(attempts))(run)
        return JobKind(name=name, function=function, task=task)

    return make


def enqueue(
    kind: JobKind,
    *,
    actor: Actor,
    arguments: Mapping[str, Json],
    request_id: str = "",
    lock: str | None = None,
    once: str | None = None,
    start_at: datetime | None = None,
    priority: int = 0,
) -> int | None:
    """Put a job in the queue within the present transaction; returns its id.

    Jobs with the same `lock` run one after the other in the order they were enqueued. While a job with the same `once`
    waits, another is not added and None is returned. `arguments` are JSON and hold ids, never personal data: the
    queue's tables carry no policy.
    """
    deferrer = kind.task.configure(lock=lock, queueing_lock=once, schedule_at=start_at, priority=priority)
    try:
        # where a duplicate may be refused, a savepoint: it must not spoil the caller's transaction
        with transaction.atomic(savepoint=once is not None):
            payload: dict[str, Any] = {"actor": issue(actor), "request_id": request_id, "arguments": dict(arguments)}
            return deferrer.defer(**payload)
    except AlreadyEnqueued:
        return None
