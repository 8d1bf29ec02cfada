"""A worker and the database are killed in the middle of an import; it finishes by itself, each row once."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from tests.rooms.registry.roll_process import MEMBERS, ROWS

ROOT = Path(__file__).resolve().parents[3]
PATIENCE_SECONDS = 90


class City:
    """A database server of the test's own, and the processes that work on it."""

    def __init__(self, folder: Path) -> None:
        self.files = folder / "postgres"
        self.environment = {**os.environ, "JIUZHU_STAGE": "test", "JIUZHU_VAR": str(folder / "var")}
        self.owner = ""

    def run(self, *arguments: str) -> str:
        """Run a process to its end; returns what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "tests.rooms.registry.roll_process", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start_server(self) -> None:
        """Start the server, or start it again after a crash."""
        self.owner, app = self.run("server", str(self.files)).split()
        self.environment |= {"DATABASE_URL": self.owner, "DATABASE_APP_URL": app}

    def kill_server(self) -> None:
        """Kill the server's first process; the others see it and end."""
        os.kill(int((self.files / "postmaster.pid").read_text().splitlines()[0]), signal.SIGKILL)

    def count(self, query: str) -> int:
        """One number, read as the owner of the tables."""
        with psycopg.connect(self.owner) as connection:
            row = connection.execute(query.encode()).fetchone()
            return int(row[0]) if row else 0

    @property
    def entries(self) -> int:
        """How many rows of the roll are stored."""
        return self.count("SELECT count(*) FROM registry_roll_entry")

    @contextmanager
    def worker(self) -> Iterator[subprocess.Popen[bytes]]:
        """A worker process, killed at the end if it still lives."""
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.rooms.registry.roll_process", "worker"],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            yield process
        finally:
            process.kill()
            process.wait()


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    """A server in the test's own folder, stopped at the end."""
    made = City(tmp_path)
    made.start_server()
    try:
        yield made
    finally:
        made.kill_server()


def until(holds: Callable[[], bool]) -> None:
    """Wait, but not for ever."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


@pytest.mark.slow
def test_after_kill_9_of_worker_and_database_the_import_finishes_each_row_once(city: City) -> None:
    city.run("prepare")
    with city.worker() as first:
        until(lambda: city.entries > 0)
        first.send_signal(signal.SIGKILL)
        first.wait()
    assert city.entries < ROWS, "the kill came too late to prove anything"
    with city.worker():
        before = city.entries
        until(lambda: city.entries > before)
        city.kill_server()
    city.start_server()
    assert city.entries < ROWS, "the kill came too late to prove anything"
    with city.worker():
        until(lambda: city.count("SELECT count(*) FROM registry_roll_import WHERE state = 'finished'") == 1)
    households = ROWS // MEMBERS
    for query, expected in (
        ("SELECT count(DISTINCT row) FROM registry_roll_entry", ROWS),
        ("SELECT count(*) FROM registry_roll_entry", ROWS),
        ("SELECT count(*) FROM registry_person", ROWS),
        ("SELECT count(*) FROM registry_household", households),
        ("SELECT count(*) FROM registry_membership WHERE end_on IS NULL", ROWS),
        ("SELECT persons_imported FROM registry_roll_import", ROWS),
        ("SELECT households_imported FROM registry_roll_import", households),
        ("SELECT done FROM task_progress WHERE key LIKE '%:import'", households),
        ("SELECT count(*) FROM registry_roll_problem", 0),
    ):
        assert city.count(query) == expected, query
