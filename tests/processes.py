"""Processes of the program as tests start, watch and kill them."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[1]
PATIENCE_SECONDS = 300


def free_port() -> int:
    """A port on which nothing listens."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def until(holds: Callable[[], bool], process: "subprocess.Popen[str] | None" = None) -> None:
    """Wait until something holds, but not for ever, and not for a process that has ended."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        if process is not None and process.poll() is not None:
            raise AssertionError(f"the process ended with {process.returncode}")
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


@contextmanager
def running(
    *arguments: str, environment: Mapping[str, str], output: Path | None = None
) -> Iterator["subprocess.Popen[str]"]:
    """A `python -m …` of the program; killed at the end, with the processes it started, if it still lives."""
    with (output or Path(os.devnull)).open("a") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", *arguments],
            cwd=ROOT,
            env={**os.environ, **environment},
            stdout=file,
            stderr=subprocess.STDOUT,
            text=True,
        )
    try:
        yield process
    finally:
        kill(process)


def kill(process: "subprocess.Popen[str]") -> None:
    """Kill a process as the system does when memory runs out, and wait for its end."""
    process.kill()
    process.wait()


def children(pid: int, *, recursive: bool = False) -> list[int]:
    """The processes that a process started; a helper of Python's multiprocessing is not one."""
    try:
        found = psutil.Process(pid).children(recursive=recursive)
    except psutil.Error:
        return []
    return [child.pid for child in found if not any("resource_tracker" in word for word in _command(child))]


def named(pids: list[int], word: str) -> list[int]:
    """Those among the processes that have a word among their arguments."""
    return [pid for pid in pids if psutil.pid_exists(pid) and word in _command(psutil.Process(pid))]


def lives(pid: int) -> bool:
    """Whether a process is there and has not ended."""
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.Error:
        return False


def kill_all(pids: list[int]) -> None:
    """Kill processes by their numbers."""
    for pid in pids:
        os.kill(pid, signal.SIGKILL)


def answers(port: int, path: str = "/an-address-that-leads-nowhere/", status: int = 404) -> bool:
    """Whether the server of a port answers an address as it should."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == status
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _command(process: psutil.Process) -> list[str]:
    try:
        return list(process.cmdline())
    except psutil.Error:
        return []
