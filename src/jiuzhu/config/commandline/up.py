"""`jiuzhu up`: everything for a trial, from an empty folder to the first page; what `make run` ends in."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import IO

import click

from jiuzhu.config.commandline import set_up_django
from jiuzhu.config.environment import Environment, Stage, read

_PATIENCE_SECONDS = 60.0
_STOP_SECONDS = 15.0
_STEP_SECONDS = 0.2
_LONGEST_PAUSE_SECONDS = 30.0
_STEADY_SECONDS = 60.0
# `timeout make run` sends its signal several times over: what comes this soon after the first is the same wish
_SAME_WISH_SECONDS = 1.0
_PARENT_DIED = 1  # PR_SET_PDEATHSIG


@dataclass
class Child:
    """A process of the program that is started again when it dies, a little later each time."""

    name: str
    arguments: tuple[str, ...]
    process: "subprocess.Popen[bytes] | None" = None
    started: float = 0.0
    pause: float = 1.0
    due: float = field(default=0.0)

    def start(self) -> None:
        """Start it, out of reach of the terminal's Ctrl-C: this process stops it in order."""
        command = [sys.executable, "-m", "jiuzhu.config.commandline", *self.arguments]
        before = _die_with_parent if sys.platform == "linux" else None
        # no other thread runs here when a child starts, so nothing can be locked between fork and exec
        self.process = subprocess.Popen(command, start_new_session=True, preexec_fn=before)  # noqa: S603, PLW1509
        self.started = time.monotonic()

    def look_after(self) -> None:
        """Start it again when it has died and its pause is over."""
        now = time.monotonic()
        if self.process is not None and self.process.poll() is not None:
            if now - self.started > _STEADY_SECONDS:
                self.pause = 1.0
            click.echo(
                f"{self.name} 已退出（{self.process.returncode}），{self.pause:.0f} 秒后重新启动"
                f" / ended, starting again in {self.pause:.0f} s",
                err=True,
            )
            self.process, self.due = None, now + self.pause
            self.pause = min(self.pause * 2, _LONGEST_PAUSE_SECONDS)
        if self.process is None and now >= self.due:
            self.start()

    def ask_to_stop(self) -> None:
        """Send the polite signal."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def make_stop(self, until: float) -> None:
        """Wait for its end, and end it by force when its time is over."""
        if self.process is None:
            return
        try:
            self.process.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@click.command()
@click.option("--port", default=8000, show_default=True, envvar="JIUZHU_PORT", type=click.IntRange(1, 65535))
def command(*, port: int) -> None:
    """一键启动演示：数据库、迁移、演示城市、网站与后台任务，直到 Ctrl-C。"""
    begun = time.monotonic()
    os.environ["JIUZHU_PORT"] = str(port)
    environment = read()
    if environment.stage is Stage.PRODUCTION:
        raise click.ClickException(
            "正式环境请分别运行 jiuzhu serve 和 jiuzhu worker / in production run serve and worker on their own"
        )
    embedded = not os.environ.get("DATABASE_URL")
    with _only_one(environment, port), _stopping() as stop:
        try:
            _prepare(stop)
            _run(environment, port, begun, stop)
        except _StopAsked:
            click.echo("准备工作已中断，下次启动接着进行 / interrupted while preparing; the next start goes on")
        finally:
            if embedded:
                _stop_database()


def _prepare(stop: "_Stop") -> None:
    """Database, tables, texts, static files, and the small city when there is none.

    Raises:
        _StopAsked: between two steps; what is done is kept.
    """
    set_up_django()
    from django.core.management import call_command

    from jiuzhu.config.commandline.demo import progress
    from jiuzhu.config.commandline.serve import prepare
    from jiuzhu.demo.loading import journal, load_city

    without = bool(os.environ.get("JIUZHU_WITHOUT_MIGRATIONS"))
    call_command("migrate", database="owner", interactive=False, verbosity=0, run_syncdb=without)
    stop.heed()
    prepare()
    stop.heed()
    known = journal.standing()
    if known is None or not known.complete:
        click.echo("装载演示城市 / loading the demonstration city")
        with progress() as show:

            def report(part: str, done: int, total: int) -> None:
                show(part, done, total)
                stop.heed()

            if known is None:
                load_city(report=report)
            else:
                load_city(size=known.size, seed=known.seed, as_of=known.as_of, report=report)


def _departments_play() -> bool:
    """Whether the city is small enough for one process to play its departments."""
    from jiuzhu.demo.loading import journal
    from jiuzhu.demo.loading.city import SMALL_HOUSEHOLDS_MOST

    known = journal.standing()
    return known is not None and known.households <= SMALL_HOUSEHOLDS_MOST


def _run(environment: Environment, port: int, begun: float, stop: "_Stop") -> None:
    """Web server and worker, looked after until the signal to stop."""
    children = (
        Child("网站服务 web", ("serve", "--port", str(port))),
        Child("后台任务 worker", ("worker",)),
        *((Child("演示部门 departments", ("demo", "departments")),) if _departments_play() else ()),
    )
    try:
        for child in children:
            child.start()
        if _answers(f"http://127.0.0.1:{port}/", children, stop):
            _say_where(environment, time.monotonic() - begun)
        while not stop.asked:
            for child in children:
                child.look_after()
            time.sleep(_STEP_SECONDS)
    finally:
        click.echo("正在停止 / stopping")
        for child in children:
            child.ask_to_stop()
        until = time.monotonic() + _STOP_SECONDS
        for child in children:
            child.make_stop(until)


def _answers(address: str, children: tuple[Child, ...], stop: "_Stop") -> bool:
    """Wait until the first page comes; the children are looked after meanwhile."""
    until = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < until and not stop.asked:
        for child in children:
            child.look_after()
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310 (our own address)
                return bool(answer.status == 200)
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(_STEP_SECONDS)
    if not stop.asked:
        click.echo("网站还没有响应，继续等待 / the web server does not answer yet", err=True)
    return False


def _say_where(environment: Environment, seconds: float) -> None:
    from rich.console import Console

    from jiuzhu.config.commandline.demo import account_table

    screen = Console()
    screen.print(account_table())
    address = environment.public_address
    screen.print(f"首页 home            {address}/")
    screen.print(f"工作人员登录 staff  {address}/account/login/")
    screen.print(f"动态码 codes         {address}/demo/accounts/")
    screen.print("群众登录不需要账号：在登录页选择“统一身份认证登录”，再选择一位群众")
    screen.print("Citizens need no account: choose the unified identity login, then choose a citizen.")
    screen.print(f"启动用时 ready after {seconds:.1f} s    Ctrl-C 停止 stops")


class _StopAsked(Exception):  # noqa: N818 (no error)
    """Someone asked to stop while things were being prepared."""


class _Stop:
    """Whether someone asked to stop."""

    def __init__(self) -> None:
        self._first: float | None = None

    @property
    def asked(self) -> bool:
        """Whether someone did."""
        return self._first is not None

    def heed(self) -> None:
        """End the work here when someone asked to.

        Raises:
            _StopAsked: someone did.
        """
        if self.asked:
            raise _StopAsked

    def __call__(self, _signal: int, _frame: FrameType | None) -> None:
        if self._first is None:
            self._first = time.monotonic()
        elif time.monotonic() - self._first > _SAME_WISH_SECONDS:
            raise KeyboardInterrupt


@contextmanager
def _stopping() -> Iterator[_Stop]:
    """Take Ctrl-C and SIGTERM as a wish to stop in order; a second one stops at once."""
    stop = _Stop()
    former = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


@contextmanager
def _only_one(environment: Environment, port: int) -> Iterator[None]:
    """Let one process look after a folder, and only on a free port.

    Raises:
        ClickException: it runs already, or something else listens on the port.
    """
    environment.var.mkdir(parents=True, exist_ok=True)
    with (environment.var / "up.lock").open("a+", encoding="ascii") as file:
        if not _lock(file):
            raise click.ClickException(f"演示系统已在运行：{_holder(environment.var)} / the demonstration runs already")
        if not _is_free(port):
            raise click.ClickException(
                f"端口 {port} 已被占用，请换一个：JIUZHU_PORT={port + 1} make run"
                f" / port {port} is taken; choose another: JIUZHU_PORT={port + 1} make run"
            )
        file.truncate(0)
        file.write(environment.public_address)
        file.flush()
        yield


def _lock(file: IO[str]) -> bool:
    """Take the lock; the system gives it back when the process ends, however it ends."""
    try:
        import fcntl
    except ImportError:
        return True  # no such locks on this system: the port alone guards
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _holder(var: Path) -> str:
    return (var / "up.lock").read_text(encoding="ascii").strip() or "地址尚未确定"


def _is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _stop_database() -> None:
    """Stop the embedded server from a process of its own: this one keeps a handle that would complain at its end.

    No signal may cut this short: nobody would be left to stop the server.
    """
    from django.conf import settings
    from django.db import connections

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    if settings.configured:
        connections.close_all()
    command = [sys.executable, "-m", "jiuzhu.config.commandline", "database", "stop"]
    subprocess.run(command, check=False, capture_output=True, start_new_session=True)  # noqa: S603 (our own program)


def _die_with_parent() -> None:
    """Let the kernel end a child whose parent was killed, so that nothing keeps the port."""
    import ctypes

    ctypes.CDLL(None).prctl(_PARENT_DIED, signal.SIGTERM)
