"""The command `jiuzhu`: each module of this folder is one noun with its verbs, found by its file name."""

import hashlib
import hmac
import os
import sys
from importlib import import_module
from pkgutil import iter_modules

import click

from jiuzhu.config.environment import Stage, read


class _Nouns(click.Group):
    """Loads a noun's module only when it is asked for, so that `jiuzhu --help` stays quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(
            module.name.replace("_", "-") for module in iter_modules(__path__) if not module.name.startswith("_")
        )

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        command = import_module(f"{__name__}.{cmd_name.replace('-', '_')}").command
        if not isinstance(command, click.Command):
            raise TypeError(f"{cmd_name}: the module's `command` is not a command")
        return command


@click.group(cls=_Nouns)
def jiuzhu() -> None:
    """救助：一座城市的社会救助平台。Social assistance for a whole city."""


def connect_database() -> None:
    """Fill in the database's addresses: those of the environment, or those of the embedded server, which is started."""
    from jiuzhu.groundwork.database import cluster, embedded

    environment = read()
    password = hmac.new(environment.secret_key.encode(), b"database login", hashlib.sha256).hexdigest()
    if os.environ.get("DATABASE_URL"):
        if not os.environ.get("DATABASE_APP_URL"):
            os.environ["DATABASE_APP_URL"] = cluster.adopt(os.environ["DATABASE_URL"], app_password=password).app
        return
    if environment.stage is Stage.PRODUCTION:
        raise click.ClickException("production needs DATABASE_URL: the embedded PostgreSQL is for trials")
    dsn = embedded.start(environment.var / "postgres")
    connections = cluster.prepare(dsn, database="jiuzhu", app_password=password)
    os.environ["DATABASE_URL"] = connections.owner
    os.environ["DATABASE_APP_URL"] = connections.app


def set_up_django() -> None:
    """Connect the database and load the applications; every verb that needs them calls this first."""
    import django

    connect_database()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiuzhu.config.settings")
    django.setup()


def main() -> None:
    """Entry point of the console script."""
    sys.exit(jiuzhu())
