"""`jiuzhu audit`: verify the audit trail and export the ends of its chains."""

import json
import os
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import click

from jiuzhu.config.commandline import set_up_django

_SHOWN = 100


@click.group()
def command() -> None:
    """审计链：校验全部记录，导出链头。"""


@command.command()
@click.option("--against", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="a head exported earlier")
@click.option("--json", "as_json", is_flag=True, help="answer as JSON")
def verify(*, against: Path | None, as_json: bool) -> None:
    """Recompute the whole chain and compare every live row with it; exit code 1 when anything was tampered with."""
    set_up_django()
    import psycopg

    from jiuzhu.groundwork.audit.verify import findings, load_head, totals

    try:
        head = load_head(against) if against is not None else None
    except ValueError as fault:
        raise click.BadParameter(str(fault), param_hint="--against") from fault
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        found = list(islice(findings(connection, against=head), _SHOWN + 1))
        covered = totals(connection)
    if as_json:
        click.echo(json.dumps({"findings": [asdict(one) for one in found], **asdict(covered)}, ensure_ascii=False))
    else:
        for one in found[:_SHOWN]:
            click.echo(f"✗ {one.kind}: {one.where}: {one.detail}")
        if len(found) > _SHOWN:
            click.echo(f"… more than {_SHOWN} findings")
        verdict = "whole" if not found else "BROKEN"
        click.echo(f"{verdict}: {covered.blocks} blocks, {covered.changes} changes, {covered.live_rows} live rows")
        if head is None:
            click.echo("without --against a kept head, a cut-off end of a lane cannot be noticed")
    sys.exit(1 if found else 0)


@command.command()
@click.option("--to", type=click.Path(dir_okay=False, path_type=Path), help="write to this file instead of the screen")
def head(*, to: Path | None) -> None:
    """Export the ends of all lanes; keep the file outside the system (archive, notary, signed mail)."""
    set_up_django()
    import psycopg

    from jiuzhu.groundwork.audit.verify import read_head

    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        text = read_head(connection, datetime.now(UTC)).to_json()
    if to is None:
        click.echo(text)
    else:
        to.write_text(text + "\n", encoding="utf-8")
