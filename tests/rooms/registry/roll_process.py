"""The processes of the test that kills them: `python -m tests.rooms.registry.roll_process server|prepare|worker …`."""

import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from jiuzhu.groundwork.database import cluster, embedded

ROWS = 5000
MEMBERS = 2
DATABASE = "roll"


def server(folder: str) -> None:
    """Start the server whose files lie in a folder and print the addresses of the database; durable, as in a city."""
    found = cluster.prepare(embedded.start(Path(folder)), database=DATABASE, app_password="test-only-password")
    print(found.owner)  # noqa: T201
    print(found.app)  # noqa: T201


def prepare() -> None:
    """Make the tables, upload, check and confirm a roll; the job of its import then waits in the queue."""
    import django
    from django.conf import settings
    from django.core.management import call_command

    django.setup()
    settings.MIGRATION_MODULES |= dict.fromkeys((*settings.ROOMS, "groundwork", "demo"))
    call_command("migrate", database="owner", interactive=False, verbosity=0, run_syncdb=True)

    from tests.rooms.registry.conftest import TOWN_A, VILLAGE_A1, staff
    from tests.rooms.registry.sheets import large_roll, workbook

    from jiuzhu.core.actors import system_actor
    from jiuzhu.core.divisions import DivisionCode
    from jiuzhu.groundwork.database.scope import acting
    from jiuzhu.groundwork.tasks.jobs import Work
    from jiuzhu.rooms.organization.models import Division
    from jiuzhu.rooms.registry import actions
    from jiuzhu.rooms.registry.actions.roll.checking import check_roll
    from jiuzhu.rooms.registry.states import RollMode

    with acting(system_actor("test")):
        Division.objects.bulk_create(
            [
                Division(
                    code=code,
                    name=code,
                    name_en=code,
                    full_name=code,
                    initials="df",
                    level=int(DivisionCode(code).level),
                    parent_code=str(DivisionCode(code).parent),
                    kind="statutory",
                    basis="试验数据",
                )
                for code in (TOWN_A.value, VILLAGE_A1)
            ]
        )
    at = datetime.now(UTC)
    clerk = staff(TOWN_A)
    content = workbook(large_roll(ROWS, size=MEMBERS))
    roll_id = actions.upload_roll(actor=clerk, at=at, content=content, name="名单.xlsx").roll.id
    work = Work(job_id=1, actor=clerk, request_id="", at=at, attempt=0, last_attempt=True, stop_asked=lambda: False)
    check_roll(work, roll_id=roll_id)
    with acting(clerk):
        actions.confirm_roll(actor=clerk, at=at, roll_id=roll_id, mode=RollMode.ALL_OR_NOTHING)


def worker() -> None:
    """Work until killed."""
    import django

    django.setup()

    import jiuzhu.rooms.registry.actions  # noqa: F401  # registers the jobs
    from jiuzhu.groundwork.tasks.worker import run_worker

    run_worker(concurrency=1)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiuzhu.config.settings")
    commands: dict[str, Callable[..., None]] = {"server": server, "prepare": prepare, "worker": worker}
    commands[sys.argv[1]](*sys.argv[2:])
