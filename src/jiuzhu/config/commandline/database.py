"""`jiuzhu database`: migrate, derive, run a Django command, start and stop the embedded server."""

import click

from jiuzhu.config.commandline import connect_database, set_up_django


@click.group()
def command() -> None:
    """数据库：迁移、权限策略、内置服务器。"""


@command.command()
@click.option("--quiet", is_flag=True, help="print nothing when there is nothing to do")
def migrate(*, quiet: bool) -> None:
    """Bring the tables, policies and triggers up to date; repeatable."""
    set_up_django()
    from django.core.management import call_command

    call_command("migrate", database="owner", interactive=False, verbosity=0 if quiet else 1)


@command.command()
def start() -> None:
    """Start the embedded server (or find it running) and print the address of its owner."""
    connect_database()
    import os

    click.echo(os.environ["DATABASE_URL"])


@command.command()
def stop() -> None:
    """Stop the embedded server."""
    from jiuzhu.config.environment import read
    from jiuzhu.groundwork.database import embedded

    stopped = embedded.stop(read().var / "postgres")
    click.echo("stopped" if stopped else "was not running")


@command.command(context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def django(arguments: tuple[str, ...]) -> None:
    """Run one of Django's own commands, for developers: `jiuzhu database django makemigrations`."""
    set_up_django()
    from django.core.management import execute_from_command_line

    execute_from_command_line(["jiuzhu database django", *arguments])
