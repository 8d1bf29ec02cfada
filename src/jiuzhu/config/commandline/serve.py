"""`jiuzhu serve`: the web server."""

import multiprocessing
import os
import threading
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from typing import Any

import click

from jiuzhu.config.commandline import set_up_django


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="address to listen on")
@click.option("--port", default=8000, show_default=True, envvar="JIUZHU_PORT", type=click.IntRange(1, 65535))
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="processes")
@click.option("--threads", default=4, show_default=True, type=click.IntRange(1, 64), help="threads in each process")
def command(*, host: str, port: int, workers: int, threads: int) -> None:
    """网站服务：检查配置、准备静态文件与译文，然后提供服务，直到收到停止信号。"""
    set_up_django()
    from granian import Granian
    from granian.constants import Interfaces

    prepare()
    click.echo(f"http://{host}:{port}")
    # without respawning, one killed process would end the whole server
    Granian(
        "jiuzhu.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads,
        websockets=False,
        respawn_failed_workers=True,
        respawn_interval=1,
        workers_kill_timeout=10,
    ).serve(target_loader=_application, wrap_loader=False)


def _application() -> Callable[..., Any]:
    """What a worker process serves. It ends with its parent, however that ends, so that nothing keeps the port."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=[parent], name="end with parent", daemon=True).start()
    from jiuzhu.config.wsgi import application

    return application


def _end_with(parent: BaseProcess) -> None:
    parent.join()
    # nobody is left who could ask for an orderly end; what was not committed is rolled back
    os._exit(1)


def prepare() -> None:
    """Check the installation and bring translations and static files up to date.

    Raises:
        ClickException: the installation is not ready; the message lists what to put right.
    """
    from io import StringIO

    from django.core.management import CommandError, call_command

    from jiuzhu.config.messages import compile_catalogues
    from jiuzhu.config.static import collect_if_changed

    compile_catalogues()
    require_ready()
    try:
        call_command("check", fail_level="ERROR", stdout=StringIO())
    except CommandError as error:
        raise click.ClickException(str(error)) from error
    collect_if_changed()


def require_ready() -> None:
    """Refuse to start when a start-up assertion fails.

    Raises:
        ClickException: with one line for each finding, in Chinese and in English.
    """
    from jiuzhu.groundwork.startup.checks import NotReady, assert_ready

    try:
        assert_ready()
    except NotReady as refusal:
        lines = [line for found in refusal.findings for line in (found.message("zh"), f"  {found.message('en')}")]
        raise click.ClickException("\n".join(["配置不完整，拒绝启动 / not ready to start:", *lines])) from refusal
