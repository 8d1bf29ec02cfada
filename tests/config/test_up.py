"""`jiuzhu up`: interrupted while it prepares, its children killed, itself killed; the next start goes on."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import psycopg
import pytest
from tests.processes import ROOT, answers, children, free_port, kill, kill_all, lives, named, running, until

PROGRAM = "jiuzhu.config.commandline"


class Home:
    """A trial of its own: folder, port, and the database in the folder."""

    def __init__(self, folder: Path) -> None:
        self.var = folder / "var"
        self.output = folder / "output.txt"
        self.port = free_port()
        self.environment = {
            "JIUZHU_STAGE": "trial",
            "JIUZHU_VAR": str(self.var),
            "JIUZHU_PORT": str(self.port),
            "DATABASE_URL": "",
            "DATABASE_APP_URL": "",
        }

    def up(self) -> AbstractContextManager["subprocess.Popen[str]"]:
        """`jiuzhu up`, killed at the end if it still lives."""
        return running(PROGRAM, "up", environment=self.environment, output=self.output)

    def said(self) -> str:
        """All that the runs have printed."""
        return self.output.read_text(encoding="utf-8")

    def is_open(self) -> bool:
        """Whether the first page comes."""
        return answers(self.port, "/", 200)

    def number(self, query: str) -> int:
        """One number out of the running database."""
        printed = subprocess.run(
            [sys.executable, "-m", PROGRAM, "database", "start"],
            cwd=ROOT,
            env={**os.environ, **self.environment},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        with psycopg.connect(printed.strip()) as connection:
            row = connection.execute(query.encode()).fetchone()
            return int(row[0]) if row else 0

    @property
    def database_runs(self) -> bool:
        """Whether the server of the folder is running."""
        return (self.var / "postgres" / "postmaster.pid").exists()


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    """A trial in the test's own folder, whose database is stopped at the end."""
    made = Home(tmp_path)
    yield made
    if made.database_runs:
        subprocess.run(
            [sys.executable, "-m", PROGRAM, "database", "stop"],
            cwd=ROOT,
            env={**os.environ, **made.environment},
            check=True,
        )


def comes_back(process: "subprocess.Popen[str]", verb: str) -> None:
    """Kill a child; wait until it has a successor and nothing that it had started is left."""
    (killed,) = named(children(process.pid), verb)
    below = children(killed)
    kill_all([killed])
    until(lambda: bool(set(named(children(process.pid), verb)) - {killed}), process)
    until(lambda: not any(map(lives, below)), process)


@pytest.mark.fault
def test_up_survives_what_is_done_to_it_and_goes_on_where_it_stopped(home: Home) -> None:
    # asked to stop while the city is loaded: it stops between two parts, and so does the database
    with home.up() as process:
        until(lambda: "装载演示城市" in home.said(), process)
        until(lambda: home.number("SELECT count(*) FROM demo_load WHERE loaded_at IS NOT NULL") > 0, process)
        for _ in range(3):  # as `timeout make run` does
            process.terminate()
        assert process.wait() == 0
    assert "准备工作已中断" in home.said()
    assert not home.database_runs

    # the next start loads the rest and opens the site
    with home.up() as process:
        until(home.is_open, process)
        assert home.number("SELECT count(*) FROM demo_load WHERE loaded_at IS NULL") == 0
        loaded = home.number("SELECT count(*) FROM registry_person")
        assert loaded == home.number("SELECT sum(persons) FROM demo_load")

        # each child is killed and comes back, with nothing of the killed one left
        for verb in ("serve", "worker"):
            comes_back(process, verb)
        until(home.is_open, process)

        # killed itself: nothing keeps the port
        left = children(process.pid, recursive=True)
        kill(process)
        until(lambda: not any(map(lives, left)))
        assert not home.is_open()

    # the next start finds the database as it was left, and stops in order
    with home.up() as process:
        until(home.is_open, process)
        assert home.number("SELECT count(*) FROM registry_person") == loaded
        process.terminate()
        assert process.wait() == 0
    assert not home.is_open()
    assert not home.database_runs
