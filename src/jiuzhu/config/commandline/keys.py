"""`jiuzhu keys`: make a field key, show what lies under which key, bring everything to the current one."""

from functools import partial

import click

from jiuzhu.config.commandline import set_up_django


@click.group()
def command() -> None:
    """字段密钥：新建、状态、轮换。"""


@command.command()
def new() -> None:
    """Print a new key, to be appended after a comma to JIUZHU_FIELD_KEYS (in a trial: to var/secrets.json).

    Give the longer line to every process and restart them all; only then run `jiuzhu keys rotate`. Never take a key
    away: the audit trail and the backups still need it.
    """
    import secrets

    from jiuzhu.config.environment import read
    from jiuzhu.groundwork.crypto.keyring import MASTER_BYTES, Keyring, KeyringFault

    environment = read()
    if not environment.field_keys:
        click.echo(f"1:{secrets.token_hex(MASTER_BYTES)}")
        return
    try:
        click.echo(Keyring.parse(environment.field_keys, environment.cipher_suite).new_key_line())
    except KeyringFault as fault:
        raise click.ClickException(str(fault)) from None


@command.command()
def status() -> None:
    """Count the rows of each encrypted column, and the files, by suite and key number."""
    set_up_django()
    from rich.console import Console
    from rich.table import Table

    from jiuzhu.core.actors import system_actor
    from jiuzhu.groundwork.crypto.installation import installed_keyring
    from jiuzhu.groundwork.crypto.keyring import KeyringFault
    from jiuzhu.groundwork.crypto.rotation import encrypted_tables, rows_by_key
    from jiuzhu.groundwork.files.store import installed_store

    try:
        ring = installed_keyring()
    except KeyringFault as fault:
        raise click.ClickException(str(fault)) from None
    actor = system_actor("jiuzhu keys status")
    counts = [
        (field.context, header, rows)
        for table in encrypted_tables()
        for field in table.fields
        for header, rows in rows_by_key(table, field, actor=actor).items()
    ]
    counts.extend(("files", header, files) for header, files in installed_store().files_by_key().items())
    shown = Table("place", "suite", "key", "rows", "state")
    for place, header, rows in counts:
        if header is None:
            shown.add_row(place, "-", "-", f"{rows:,}", "not sealed by this system")
            continue
        state = "current" if header == ring.current else "to be rotated"
        if header.key_number not in ring.masters:
            state = "key missing"
        shown.add_row(place, header.suite.label, str(header.key_number), f"{rows:,}", state)
    console = Console()
    console.print(shown)
    console.print(f"Current: {ring.suite.label}, key {ring.current.key_number}")


@command.command()
@click.option(
    "--batch", "batch_rows", type=click.IntRange(1, 10_000), default=500, show_default=True, help="rows a step"
)
def rotate(*, batch_rows: int) -> None:
    """Seal every encrypted column and file anew under the current suite and key, and compute the blind indexes.

    May be stopped anywhere and run again: it goes on where it stopped. The program may keep running meanwhile, when
    every process already has the new key.
    """
    set_up_django()
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from jiuzhu.core.actors import system_actor
    from jiuzhu.groundwork.crypto.installation import installed_keyring
    from jiuzhu.groundwork.crypto.keyring import KeyringFault
    from jiuzhu.groundwork.crypto.rotation import RotationStopped, encrypted_tables, rotate_table, rows_to_rotate
    from jiuzhu.groundwork.files.store import installed_store

    actor = system_actor("jiuzhu keys rotate")
    problems: list[str] = []
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console()
    rows = 0
    try:
        current = installed_keyring().current
        with Progress(*columns, console=console) as progress:
            for table in encrypted_tables():
                bar = progress.add_task(table.name, total=rows_to_rotate(table, actor=actor))
                step = partial(progress.advance, bar)
                result = rotate_table(table, actor=actor, batch_rows=batch_rows, on_batch=step)
                rows += result.rows
                problems.extend(f"{row.table} id {row.row_id}: {row.reason}" for row in result.refused)
                if not result.complete:
                    problems.append(
                        f"{table.name}: some process still writes under a former key; restart it, then again"
                    )
            store = installed_store()
            behind = sum(files for header, files in store.files_by_key().items() if header != current)
            bar = progress.add_task("files", total=behind)
            files, damaged = store.rotate(on_file=partial(progress.advance, bar))
            problems.extend(f"file {sha256}: missing, changed or sealed with a missing key" for sha256 in damaged)
    except (KeyringFault, RotationStopped) as fault:
        raise click.ClickException(str(fault)) from None
    console.print(f"{rows:,} rows and {files:,} files now lie under {current.suite.label}, key {current.key_number}.")
    if problems:
        raise click.ClickException("left as they were:\n" + "\n".join(problems))
