"""`jiuzhu messages`: collect the program's texts and show what lacks a translation."""

import sys

import click

from jiuzhu.config.commandline import set_up_django


@click.group()
def command() -> None:
    """译文：收集界面文字，检查英文是否齐全。"""


@command.command()
def collect() -> None:
    """Bring the message catalogues up to date with the texts in source and templates."""
    set_up_django()
    from jiuzhu.config import extraction

    for path in extraction.collect():
        click.echo(f"changed {path.relative_to(extraction.PACKAGE)}")


@command.command()
def check() -> None:
    """List texts without a finished translation; exit code 1 when there are any."""
    set_up_django()
    from jiuzhu.config import extraction

    found = extraction.gaps()
    for gap in found:
        click.echo(f"{gap.catalogue.relative_to(extraction.PACKAGE)}: {gap.fault}: {gap.text}")
    sys.exit(1 if found else 0)
