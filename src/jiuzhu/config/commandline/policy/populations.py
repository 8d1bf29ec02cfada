"""What `screen`, `simulate` and `diff` share: the snapshot that is read, the day, the place, the engine."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from jiuzhu.config.commandline.policy.speaking import Voice, day_option

if TYPE_CHECKING:
    from jiuzhu.engine.backends.snapshots import Snapshot
    from jiuzhu.engine.population.model import Population

F = TypeVar("F", bound=Callable[..., Any])
AREAS = {"none": 0, "city": 4, "county": 6, "township": 9, "village": 12}


def run_options(function: F) -> F:
    """The options of every verb that works out a population."""
    options = [
        day_option,
        click.option("--root", default="", help="only divisions under this prefix, all of which must lie in it"),
        click.option("--engine", type=click.Choice(["numpy", "duckdb"]), default="numpy", show_default=True),
        click.option("--threads", default=1, show_default=True, type=click.IntRange(1, 64)),
        click.option("--by", type=click.Choice(list(AREAS)), default="none", show_default=True, help="totals by area"),
    ]
    for option in reversed(options):
        function = option(function)
    return function


def snapshot_of(folder: Path, voice: Voice) -> "Snapshot":
    """The snapshot in a folder."""
    from jiuzhu.engine.backends.snapshots import SnapshotError, open_snapshot

    try:
        return open_snapshot(folder)
    except SnapshotError as error:
        raise click.ClickException(voice.text(f"{error.file}：{error.zh}", f"{error.file}: {error.en}")) from error


def parts_of(snapshot: "Snapshot", step: Callable[[int, int], None]) -> "Iterator[Population]":
    """The pieces of a snapshot; `step` is told how many are done."""
    for number, part in enumerate(snapshot.parts(), 1):
        yield part
        step(number, len(snapshot.pieces))


def root_of(snapshot: "Snapshot", root: str, voice: Voice) -> str:
    """The prefix under which all households of a snapshot live: the one given, or the longest of whole levels."""
    divisions = [str(one).zfill(12) for one in snapshot.divisions().tolist()]
    if root:
        if not root.isascii() or not root.isdigit() or len(root) > 12:
            raise click.UsageError(voice.text("--root 是区划代码的前几位。", "--root is the beginning of a code."))
        outside = next((one for one in divisions if not one.startswith(root)), None)
        if outside is not None:
            raise click.ClickException(
                voice.text(f"快照中有 {root} 之外的区划 {outside}。", f"the snapshot has {outside}, outside {root}.")
            )
        return root
    return next(
        prefix
        for digits in (6, 4, 2, 0)
        for prefix in [divisions[0][:digits] if divisions else ""]
        if all(one.startswith(prefix) for one in divisions)
    )
