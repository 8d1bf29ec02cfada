"""The processes of the test that kills them: `python -m tests.rooms.registry.roll_process server|prepare …`."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

from jiuzhu.groundwork.database import cluster, embedded

DATABASE = "roll"


def server(folder: str) -> None:
    """Start the server whose files lie in a folder and print the addresses of the database; durable, as in a city."""
    found = cluster.prepare(embedded.start(Path(folder)), database=DATABASE, app_password="test-only-password")
    print(found.owner)  # noqa: T201
    print(found.app)  # noqa: T201


def prepare() -> None:
    """Make the tables, the places and a clerk; print the key of the session in which the clerk is signed in."""
    import django
    from django.conf import settings
    from django.core.management import call_command

    django.setup()
    settings.MIGRATION_MODULES |= dict.fromkeys((*settings.ROOMS, "groundwork", "demo"))
    call_command("migrate", database="owner", interactive=False, verbosity=0, run_syncdb=True)

    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
    from tests.channels.conftest import DAIMIAO, load_places, officer

    load_places()
    clerk = officer("T002", "孙立新", "township_clerk", DAIMIAO)
    TOTP.activate(clerk.account, generate_totp_secret())
    print(clerk.client.cookies[settings.SESSION_COOKIE_NAME].value)  # noqa: T201


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiuzhu.config.settings")
    commands: dict[str, Callable[..., None]] = {"server": server, "prepare": prepare}
    commands[sys.argv[1]](*sys.argv[2:])
