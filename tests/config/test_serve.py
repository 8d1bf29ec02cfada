"""`jiuzhu serve` and `worker`: refusing a half-configured production, surviving a killed process, ending cleanly."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import pytest

from jiuzhu.config.commandline.serve import require_ready
from jiuzhu.groundwork.database.cluster import Connections
from jiuzhu.groundwork.startup import checks
from jiuzhu.groundwork.startup.checks import NotReady
from jiuzhu.groundwork.startup.findings import Finding

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 40


def test_a_refusal_lists_what_to_put_right_in_both_languages(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise NotReady(
            [Finding("debug", "DEBUG", "调试模式已打开", "请设为 False", "debugging is on", "set it to False")]
        )

    monkeypatch.setattr(checks, "assert_ready", refuse)
    with pytest.raises(click.ClickException) as refusal:
        require_ready()
    assert "DEBUG：调试模式已打开；请设为 False" in refusal.value.message
    assert "DEBUG: debugging is on; set it to False" in refusal.value.message


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def running(addresses: Connections, *arguments: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
    addressed = {"DATABASE_URL": addresses.owner, "DATABASE_APP_URL": addresses.app, "JIUZHU_STAGE": "test"}
    process = subprocess.Popen(
        [sys.executable, "-c", "from jiuzhu.config.commandline import main; main()", *arguments],
        cwd=ROOT,
        env={**os.environ, **addressed, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/an-address-that-leads-nowhere/")
        return connection.getresponse().status == 404
    except OSError:
        return False
    finally:
        connection.close()


def until(holds: Callable[[], bool], process: subprocess.Popen[str]) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert process.poll() is None, process.stdout and process.stdout.read()
        assert time.monotonic() < end
        time.sleep(0.05)


def children(process: subprocess.Popen[str]) -> list[int]:
    """The worker processes of the server; a helper of Python's multiprocessing is not one."""
    tasks = Path(f"/proc/{process.pid}/task").iterdir()
    found = [pid for task in tasks for pid in (task / "children").read_text().split()]
    return [int(pid) for pid in found if b"resource_tracker" not in Path(f"/proc/{pid}/cmdline").read_bytes()]


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc").exists(), reason="finds the worker processes through /proc")
def test_the_server_survives_a_killed_process_and_ends_cleanly(committing_db: Connections) -> None:
    port = free_port()
    with running(committing_db, "serve", "--port", str(port), "--workers", "1") as server:
        until(lambda: answers(port), server)
        (killed,) = children(server)
        os.kill(killed, signal.SIGKILL)
        until(lambda: answers(port) and killed not in children(server), server)
        server.send_signal(signal.SIGTERM)
        assert server.wait(PATIENCE_SECONDS) == 0


@pytest.mark.slow
def test_neither_server_nor_worker_starts_in_a_half_configured_production(committing_db: Connections) -> None:
    for verb in ("serve", "worker"):
        with running(
            committing_db, verb, JIUZHU_STAGE="production", JIUZHU_SECRET_KEY="short", JIUZHU_FIELD_KEYS=""
        ) as process:
            said, _ = process.communicate(timeout=PATIENCE_SECONDS)
        assert process.returncode == 1, said
        assert "JIUZHU_SECRET_KEY" in said
        assert "JIUZHU_FIELD_KEYS" in said
        assert "Traceback" not in said
