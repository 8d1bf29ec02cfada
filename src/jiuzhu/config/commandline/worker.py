"""`jiuzhu worker`: background work."""

import click

from jiuzhu.config.commandline import set_up_django
from jiuzhu.config.commandline.serve import require_ready


@click.command()
@click.option("--concurrency", default=2, show_default=True, type=click.IntRange(1, 32), help="jobs at the same time")
@click.option("--until-empty", is_flag=True, help="end when no job is waiting")
def command(*, concurrency: int, until_empty: bool) -> None:
    """后台任务：执行排队的任务，直到收到停止信号；中断的任务由下一次启动接着完成。"""
    set_up_django()
    from jiuzhu.config.messages import compile_catalogues
    from jiuzhu.config.sources import connect_sources
    from jiuzhu.groundwork.tasks.worker import run_worker

    compile_catalogues()
    require_ready()
    connect_sources()
    run_worker(concurrency=concurrency, wait=not until_empty)
