"""Progress of long jobs: written by the job, read by the page that shows the bar."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from django.db import connection
from django.db.models import F
from django.utils.translation import gettext

from jiuzhu.core.actors import Actor
from jiuzhu.core.errors import Conflict, NotFound
from jiuzhu.groundwork.tasks.models import Progress, ProgressState

_MESSAGE_LENGTH = 2000


@dataclass(frozen=True, slots=True)
class ProgressView:
    """How far a job has come. `total` is None while it is unknown; `done` and `failed` count items.

    Title and message are stored in Chinese and read in the reader's language: mark them with `gettext_noop` where they
    are written.
    """

    id: int
    key: str
    title: str
    state: ProgressState
    total: int | None
    done: int
    failed: int
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    message: str
    result_file_id: int | None

    @property
    def ended(self) -> bool:
        """Whether nothing more will change."""
        return self.finished_at is not None

    @property
    def percent(self) -> int | None:
        """Whole percent of the items dealt with, rounded down; None while the total is unknown."""
        if self.total is None:
            return None
        if self.total == 0:
            return 100
        return int(Fraction(100 * (self.done + self.failed), self.total))


def announce(*, actor: Actor, at: datetime, key: str, title: str, total: int | None = None) -> int:
    """Write the progress of a job that is about to be enqueued (or find it again by its key); returns its id.

    `key` names the job's object (`registry.roll:12`), so that the page finds the bar again and a repeated job its
    counts.

    Raises:
        Conflict: the same object is being worked on for another account.
    """
    division = actor.scope.division
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO task_progress"
            " (key, title, state, total, done, failed, created_at, owner_account_id, division_code, message)"
            " VALUES (%s, %s, 'waiting', %s, 0, 0, %s, %s, %s, '') ON CONFLICT (key) DO NOTHING",
            [key, title, total, at, actor.account_id, None if division is None else division.value],
        )
    found = Progress.objects.filter(key=key).values_list("id", flat=True).first()
    if found is None:
        raise Conflict(
            "task.progress.other_account",
            "该事项已由其他账号发起处理，请稍后再查看结果",
            "Another account has already started this job; look for its result later.",
        )
    return found


def begin(progress_id: int, *, at: datetime, total: int | None = None) -> None:
    """Mark the job as running; a job taken up again keeps its first start and its counts."""
    row = Progress.objects.select_for_update().get(pk=progress_id)
    row.state = ProgressState.RUNNING
    row.started_at = row.started_at or at
    row.finished_at = None
    row.message = ""
    if total is not None:
        row.total = total
    row.save()


def advance(progress_id: int, *, done: int = 0, failed: int = 0) -> None:
    """Add to the counts, in the transaction of the work that is counted."""
    Progress.objects.filter(pk=progress_id).update(done=F("done") + done, failed=F("failed") + failed)


def finish(progress_id: int, *, at: datetime, message: str = "", result_file_id: int | None = None) -> None:
    """Mark the job as finished; `result_file_id` is what it made (an error list, an export)."""
    _end(progress_id, ProgressState.FINISHED, at, message, result_file_id)


def stop(progress_id: int, *, at: datetime, message: str) -> None:
    """Mark the job as given up; `message` says why and what to do."""
    _end(progress_id, ProgressState.STOPPED, at, message, None)


def _end(progress_id: int, state: ProgressState, at: datetime, message: str, result_file_id: int | None) -> None:
    values: dict[str, object] = {"state": state, "finished_at": at, "message": message[:_MESSAGE_LENGTH]}
    if result_file_id is not None:
        values["result_file_id"] = result_file_id
    Progress.objects.filter(pk=progress_id).update(**values)


def progress(progress_id: int, *, actor: Actor) -> ProgressView:
    """The progress of one of the actor's jobs.

    Raises:
        NotFound: there is none, or it is another account's.
    """
    return _one(Progress.objects.filter(pk=progress_id, owner_account_id=actor.account_id))


def progress_of(key: str, *, actor: Actor) -> ProgressView:
    """The progress of one of the actor's jobs, found by its key.

    Raises:
        NotFound: there is none, or it is another account's.
    """
    return _one(Progress.objects.filter(key=key, owner_account_id=actor.account_id))


def recent(*, actor: Actor, count: int = 20) -> tuple[ProgressView, ...]:
    """The actor's latest jobs, the newest first."""
    rows = Progress.objects.filter(owner_account_id=actor.account_id).order_by("-created_at", "-id")[:count]
    return tuple(map(_view, rows))


def _one(rows: Iterable[Progress]) -> ProgressView:
    for row in rows:
        return _view(row)
    raise NotFound(
        "task.progress", "未找到该任务，请从任务列表重新进入", "No such job; open it again from the list of jobs."
    )


def _view(row: Progress) -> ProgressView:
    return ProgressView(
        id=row.id,
        key=row.key,
        title=gettext(row.title),
        state=ProgressState(row.state),
        total=row.total,
        done=row.done,
        failed=row.failed,
        created_at=row.created_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
        message=gettext(row.message) if row.message else "",
        result_file_id=row.result_file_id,
    )
