"""Jobs of a worker that died are put back into the queue.

A worker that is killed cannot say so: its heartbeat stops. Every living worker looks for such jobs, one statement at a
time, with locks that let only one of them take a job back.
"""

import asyncio
import logging

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import close_old_connections, connection

RESCUES = 25
_LOG = logging.getLogger(__name__)

# A job that keeps killing its workers is given up after RESCUES attempts, so that it cannot stop the queue for ever.
_RESCUE = """
WITH stalled AS MATERIALIZED (
    SELECT job.id FROM procrastinate_jobs job
    WHERE job.status = 'doing'
      AND NOT EXISTS (
          SELECT 1 FROM procrastinate_workers worker
          WHERE worker.id = job.worker_id AND worker.last_heartbeat >= now() - make_interval(secs => %(stalled)s))
    FOR UPDATE OF job SKIP LOCKED
)
UPDATE procrastinate_jobs job
SET status = (CASE WHEN job.attempts + 1 >= %(rescues)s OR job.abort_requested THEN 'failed' ELSE 'todo' END)
             ::procrastinate_job_status,
    attempts = job.attempts + 1, scheduled_at = now(), worker_id = NULL, abort_requested = false
FROM stalled WHERE job.id = stalled.id
RETURNING job.id, job.task_name, job.status::text
"""


def rescue_stalled(*, stalled_seconds: float) -> list[int]:
    """Put jobs back whose worker gave no sign for `stalled_seconds`; returns their ids."""
    with connection.cursor() as cursor:
        cursor.execute(_RESCUE, {"stalled": stalled_seconds, "rescues": RESCUES})
        rows: list[tuple[int, str, str]] = cursor.fetchall()
    for job_id, name, status in rows:
        _LOG.warning("job %s (%s) lost its worker and is now %s", job_id, name, status)
    return [job_id for job_id, _, _ in rows]


async def keep_rescuing() -> None:
    """Look for stalled jobs until cancelled, every quarter of the time after which a job counts as stalled."""
    stalled = float(settings.TASK_STALLED_SECONDS)
    while True:
        try:
            await sync_to_async(_look, thread_sensitive=False)(stalled)
        except Exception:  # noqa: BLE001  # the database may be restarting; the watch must outlive it
            _LOG.exception("looking for stalled jobs failed")
        await asyncio.sleep(stalled / 4)


def _look(stalled_seconds: float) -> None:
    close_old_connections()
    rescue_stalled(stalled_seconds=stalled_seconds)
