"""The worker process."""

import asyncio
import contextlib
import logging
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import connections
from procrastinate import App, PsycopgConnector
from procrastinate.contrib.django import app
from procrastinate.contrib.django.utils import connector_params

from jiuzhu.groundwork.tasks.rescue import keep_rescuing

_LOG = logging.getLogger(__name__)
_PAUSE_SECONDS = 2.0


def run_worker(*, concurrency: int = 2, wait: bool = True) -> None:
    """Work until SIGINT or SIGTERM, or with `wait=False` until the queue is empty.

    On a signal no new job is taken. Jobs that are running may end; long ones stop at their next chunk after
    `TASK_SHUTDOWN_SECONDS` and are taken up again by the next worker. When the database goes away, the worker tries
    again until it is back.
    """
    asyncio.run(_work(concurrency=concurrency, wait=wait))


async def _work(*, concurrency: int, wait: bool) -> None:
    app.perform_import_paths()  # type: ignore[no-untyped-call]
    threads = concurrency + 1  # one for each job, one for the rescue
    pool = ThreadPoolExecutor(threads, thread_name_prefix="job")
    asyncio.get_running_loop().set_default_executor(pool)
    stop_asked = asyncio.Event()
    try:
        with _signals_set(stop_asked):
            while not await _work_once(stop_asked, concurrency=concurrency, wait=wait):
                # periodic jobs go into the queue over Django's own connection, which never notices that it is dead
                await sync_to_async(connections.close_all)()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(stop_asked.wait(), _PAUSE_SECONDS)
    finally:
        await _close_connections(pool, threads)


async def _work_once(stop_asked: asyncio.Event, *, concurrency: int, wait: bool) -> bool:
    """Run one worker; True when it ended as it should, False when it has to be started again."""
    if stop_asked.is_set():
        return True
    working = asyncio.create_task(_serve_queue(concurrency=concurrency, wait=wait), name="worker")
    stopping = asyncio.create_task(stop_asked.wait(), name="stop asked")
    await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if stop_asked.is_set():
        # the library ends a cancelled worker gently: running jobs are waited for
        working.cancel()
    try:
        await working
    except asyncio.CancelledError:
        return True
    except Exception:  # noqa: BLE001  # whatever ended it, a worker that was not asked to stop starts again
        _LOG.warning("the worker lost the database and starts again", exc_info=True)
        return stop_asked.is_set()
    return stop_asked.is_set() or not wait


async def _serve_queue(*, concurrency: int, wait: bool) -> None:
    # An app of its own for the worker's loop. The Django app keeps Django's connection, so that a job which enqueues
    # another one does so in its own transaction.
    loop_app = App(
        connector=PsycopgConnector(kwargs=connector_params("default"), min_size=1, max_size=concurrency + 2),
        worker_defaults=app.worker_defaults,
        periodic_defaults=app.periodic_defaults,
    )
    loop_app.tasks = app.tasks
    loop_app.periodic_registry = app.periodic_registry
    async with loop_app.open_async():
        rescuer = asyncio.create_task(keep_rescuing(), name="rescue stalled jobs")
        try:
            await loop_app.run_worker_async(
                concurrency=concurrency,
                wait=wait,
                install_signal_handlers=False,
                delete_jobs="successful",
                update_heartbeat_interval=settings.TASK_HEARTBEAT_SECONDS,
                stalled_worker_timeout=settings.TASK_STALLED_SECONDS,
                shutdown_graceful_timeout=settings.TASK_SHUTDOWN_SECONDS,
                fetch_job_polling_interval=settings.TASK_POLL_SECONDS,
            )
        finally:
            rescuer.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await rescuer


@contextlib.contextmanager
def _signals_set(stop_asked: asyncio.Event) -> Iterator[None]:
    """Let SIGINT and SIGTERM ask for a stop, where the platform has them for event loops."""
    loop = asyncio.get_running_loop()
    caught = []
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, stop_asked.set)
            caught.append(number)
    try:
        yield
    finally:
        for number in caught:
            loop.remove_signal_handler(number)


async def _close_connections(pool: ThreadPoolExecutor, threads: int) -> None:
    """Close Django's connection in every thread: the barrier gives each thread exactly one of the calls."""
    barrier = Barrier(threads)

    def close() -> None:
        barrier.wait()
        connections.close_all()

    loop = asyncio.get_running_loop()
    await asyncio.gather(*(loop.run_in_executor(pool, close) for _ in range(threads)))
    await sync_to_async(connections.close_all)()
