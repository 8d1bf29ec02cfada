"""Web server, worker and database are killed in the middle of an import; it finishes by itself, each row once."""

import http.client
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from urllib.parse import urlencode

import psycopg
import pytest
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from tests.processes import PATIENCE_SECONDS, ROOT, answers, children, free_port, kill, kill_all, running, until
from tests.rooms.registry.sheets import large_roll, workbook

from jiuzhu.groundwork.idempotency.views import FIELD, REPLAYED

ROWS = 50_000
MEMBERS = 2
HOUSEHOLDS = ROWS // MEMBERS
ROLLS = "/workbench/registry/rolls/"
_FORM = "application/x-www-form-urlencoded"


class City:
    """A database server of the test's own, and the processes that work on it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files = folder / "postgres"
        self.environment = {"JIUZHU_STAGE": "test", "JIUZHU_VAR": str(folder / "var")}
        self.owner = ""
        self.port = free_port()

    def run(self, *arguments: str) -> str:
        """Run a process of the test to its end; returns what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "tests.rooms.registry.roll_process", *arguments],
            cwd=ROOT,
            env={**os.environ, **self.environment},
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def start_database(self) -> None:
        """Start the database server, or start it again after a crash."""
        self.owner, app = self.run("server", str(self.files)).split()
        self.environment |= {"DATABASE_URL": self.owner, "DATABASE_APP_URL": app}

    def kill_database(self) -> None:
        """Kill the server's first process; the others see it and end."""
        os.kill(int((self.files / "postmaster.pid").read_text().splitlines()[0]), signal.SIGKILL)

    def worker(self) -> AbstractContextManager["subprocess.Popen[str]"]:
        """A worker process, killed at the end if it still lives."""
        return running("jiuzhu.config.commandline", "worker", environment=self.environment)

    @contextmanager
    def web(self) -> Iterator["subprocess.Popen[str]"]:
        """The web server, ready to answer; killed at the end if it still lives."""
        arguments = ("jiuzhu.config.commandline", "serve", "--port", str(self.port))
        with running(*arguments, environment=self.environment) as server:
            until(lambda: answers(self.port), server)
            yield server

    def number(self, query: str) -> int:
        """One number, read as the owner of the tables."""
        with psycopg.connect(self.owner) as connection:
            row = connection.execute(query.encode()).fetchone()
            return int(row[0]) if row else 0

    def state(self) -> str:
        """Where the only roll stands."""
        with psycopg.connect(self.owner) as connection:
            ((state,),) = connection.execute("SELECT state FROM registry_roll_import").fetchall()
            return str(state)

    @property
    def entries(self) -> int:
        """How many rows of the roll are stored."""
        return self.number("SELECT count(*) FROM registry_roll_entry")

    def at_work(self) -> bool:
        """Whether a request has claimed its idempotency key and not ended its transaction."""
        held = "SELECT count(*) FROM pg_locks WHERE relation = 'idempotency_answer'::regclass AND mode LIKE 'RowExcl%'"
        return self.number(held) > 0


class Clerk:
    """A clerk's browser: sends forms with the session's cookie and an idempotency key."""

    def __init__(self, port: int, session: str) -> None:
        self.port = port
        self.cookies = {"sessionid": session}

    def get(self, path: str) -> str:
        """The text of a page."""
        answer, content = self._ask("GET", path)
        assert answer.status == 200, (path, answer.status)
        return content.decode()

    def upload(self, content: bytes, key: str) -> http.client.HTTPResponse:
        """Send a roll."""
        file = _Upload("名单.xlsx", content)
        return self._send(ROLLS, encode_multipart(BOUNDARY, {FIELD: key, "file": file}), MULTIPART_CONTENT)

    def confirm(self, roll: str, key: str) -> http.client.HTTPResponse:
        """Decide to import a roll."""
        fields = urlencode({FIELD: key, "mode": "all_or_nothing"})
        return self._send(f"{roll}confirm/", fields.encode(), _FORM)

    def _send(self, path: str, body: bytes, kind: str) -> http.client.HTTPResponse:
        if "csrftoken" not in self.cookies:
            self.get(ROLLS)
        headers = {"Content-Type": kind, "X-CSRFToken": self.cookies["csrftoken"]}
        return self._ask("POST", path, body, headers)[0]

    def _ask(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> tuple[http.client.HTTPResponse, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)
        try:
            cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
            connection.request(method, path, body, {**(headers or {}), "Cookie": cookies})
            answer = connection.getresponse()
            for line in answer.headers.get_all("Set-Cookie") or []:
                name, _, value = line.partition(";")[0].partition("=")
                self.cookies[name] = value
            return answer, answer.read()
        finally:
            connection.close()


class _Upload:
    """A file as a form encodes it."""

    def __init__(self, name: str, content: bytes) -> None:
        self.name = name
        self.content = content

    def read(self) -> bytes:
        return self.content


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    """A database server in the test's own folder, stopped at the end."""
    made = City(tmp_path)
    made.start_database()
    try:
        yield made
    finally:
        made.kill_database()


def interrupted(ask: Future[http.client.HTTPResponse]) -> None:
    """The connection broke before there was an answer."""
    with pytest.raises((OSError, http.client.HTTPException)):
        ask.result(PATIENCE_SECONDS)


def respawned(server: "subprocess.Popen[str]", killed: list[int], port: int) -> None:
    """Wait until all killed processes have successors that answer."""
    until(lambda: len(set(children(server.pid)) - set(killed)) >= len(killed) and answers(port), server)


@pytest.mark.fault
def test_after_kill_9_of_web_worker_and_database_the_import_finishes_each_row_once(city: City) -> None:
    with ThreadPoolExecutor() as pool:
        session = pool.submit(city.run, "prepare")
        content = workbook(large_roll(ROWS, size=MEMBERS))
        clerk = Clerk(city.port, session.result())
    with ThreadPoolExecutor() as pool, city.web() as server:
        clerk.get(ROLLS)
        # the processes that answer, in the middle of an upload
        upload = pool.submit(clerk.upload, content, "upload-1")
        until(lambda: city.at_work() or upload.done())
        killed = children(server.pid)
        kill_all(killed)
        interrupted(upload)
        respawned(server, killed, city.port)
        assert city.number("SELECT count(*) FROM registry_roll_import") == 0
        # sent again, and then twice more: one import
        first, again = clerk.upload(content, "upload-1"), clerk.upload(content, "upload-1")
        roll = first.headers["Location"]
        assert (first.status, again.status, again.headers["Location"]) == (302, 302, roll)
        assert (first.headers[REPLAYED], again.headers[REPLAYED]) == (None, "true")
        assert clerk.upload(content, "upload-2").headers["Location"] == roll
        # the whole web server, between upload and decision
        kill(server)
        until(lambda: not answers(city.port))
    with city.worker():
        until(lambda: city.state() == "checked")
    with ThreadPoolExecutor() as pool, city.web() as server:
        # the processes that answer, in the middle of the decision, which waits for the row
        with psycopg.connect(city.owner) as other:
            other.execute("SELECT 1 FROM registry_roll_import FOR UPDATE")
            decision = pool.submit(clerk.confirm, roll, "confirm-1")
            until(lambda: city.at_work() or decision.done())
            killed = children(server.pid)
            kill_all(killed)
            interrupted(decision)
        respawned(server, killed, city.port)
        assert city.state() == "checked"
        answers_to_the_decision = [clerk.confirm(roll, "confirm-1") for _ in range(2)]
        assert [one.status for one in answers_to_the_decision] == [302, 302]
        assert answers_to_the_decision[1].headers[REPLAYED] == "true"
        # the worker, then the database, while it writes
        with city.worker() as first_worker:
            until(lambda: city.entries > 0)
            kill(first_worker)
        before = city.entries
        assert before < ROWS, "the kill came too late to prove anything"
        with city.worker():
            until(lambda: city.entries > before)
            city.kill_database()
            city.start_database()
            assert city.entries < ROWS, "the kill came too late to prove anything"
            # nobody is killed any more; the same worker and the same web server go on
            until(lambda: city.state() == "finished")
        page = clerk.get(roll)
        assert f"已导入{HOUSEHOLDS}户、{ROWS}人" in page.replace(",", "").replace("\xa0", "")
    for query, expected in (
        ("SELECT count(*) FROM registry_roll_import", 1),
        ("SELECT count(DISTINCT row) FROM registry_roll_entry", ROWS),
        ("SELECT count(*) FROM registry_roll_entry", ROWS),
        ("SELECT count(*) FROM registry_person", ROWS),
        ("SELECT count(DISTINCT document_index) FROM registry_person", ROWS),
        ("SELECT count(*) FROM registry_household", HOUSEHOLDS),
        ("SELECT count(*) FROM registry_membership WHERE end_on IS NULL", ROWS),
        ("SELECT persons_imported FROM registry_roll_import", ROWS),
        ("SELECT households_imported FROM registry_roll_import", HOUSEHOLDS),
        ("SELECT done FROM task_progress WHERE key LIKE '%:import'", HOUSEHOLDS),
        ("SELECT count(*) FROM registry_roll_problem", 0),
    ):
        assert city.number(query) == expected, query
