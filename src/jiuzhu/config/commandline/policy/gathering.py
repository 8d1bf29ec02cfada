"""`jiuzhu policy population`: make a snapshot of households, which `screen`, `simulate` and `diff` read."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jiuzhu.config.commandline.policy.speaking import Voice, day_option, layers_of, load_packs, packs_options
from jiuzhu.engine.packs.model import PackSet

if TYPE_CHECKING:
    from jiuzhu.engine.population.model import Population

_PIECE = 65_536


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--from",
    "tables",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="a folder with household.csv, person.csv … (or .parquet); see docs/guides/simulate-a-standard.md",
)
@click.option("--register", "division", help="read the register: the 12-digit code of a division or its first digits")
@click.option("--invented", type=click.IntRange(min=1), help="invent so many households, to try packs and their speed")
@click.option("--divisions", default="370902001001,370911100201", show_default=True, help="where the invented live")
@click.option("--seed", default=1, show_default=True, help="the same seed invents the same households")
@day_option
@packs_options
def population(
    *,
    folder: Path,
    tables: Path | None,
    division: str | None,
    invented: int | None,
    divisions: str,
    seed: int,
    on: date,
    folders: tuple[Path, ...],
    alone: bool,
    as_json: bool,
    language: str,
) -> None:
    """Write a snapshot of households to FOLDER: of tables, of the register, or of invented ones."""
    voice = Voice(language, as_json=as_json)
    if sum(one is not None for one in (tables, division, invented)) != 1:
        raise click.UsageError(
            voice.text(
                "请在 --from、--register、--invented 中选一个。", "Give one of --from, --register and --invented."
            )
        )
    packs = load_packs(layers_of(folders, alone=alone), voice)
    if folder.exists():
        raise click.ClickException(voice.text(f"{folder} 已存在，请另选文件夹。", f"{folder} exists; choose another."))
    from jiuzhu.engine.backends.snapshots import write

    with voice.facts(), voice.steps("写入", "writing") as step:
        if tables is not None:
            parts = _of_tables(packs, tables, on)
        elif division is not None:
            parts = _of_register(packs, division, on, voice)
        else:
            parts = _invented(packs, invented or 0, divisions, seed, on, voice)
        households = 0

        def counted() -> "Iterator[Population]":
            nonlocal households
            for part in parts:
                households += len(part)
                step(households, invented or households)
                yield part

        made = write(counted(), packs, folder)
    voice.data({"ok": True, "households": households, "digest": made.digest, "taken_on": on.isoformat()})
    voice.line(
        f"{households:,} 户，数据摘要 {made.digest[:12]}，已写入 {folder}。",
        f"{households:,} households, digest {made.digest[:12]}, written to {folder}.",
    )


def _of_tables(packs: PackSet, folder: Path, on: date) -> "Iterator[Population]":
    from jiuzhu.engine.backends.tables import read_tables

    yield from read_tables(packs, folder, on=on).parts(_PIECE)


def _of_register(packs: PackSet, division: str, on: date, voice: Voice) -> "Iterator[Population]":
    from jiuzhu.config.commandline.policy.registered import parts_of_register

    return parts_of_register(packs, division, on, voice)


def _invented(
    packs: PackSet, households: int, divisions: str, seed: int, on: date, voice: Voice
) -> "Iterator[Population]":
    from jiuzhu.engine.population.invented import invented

    codes = [one.strip() for one in divisions.split(",")]
    if not all(one.isascii() and one.isdigit() and len(one) == 12 for one in codes):
        raise click.UsageError(
            voice.text("--divisions 是用逗号分开的12位区划代码。", "--divisions are 12-digit codes parted by commas.")
        )
    return invented(packs, households=households, divisions=[int(one) for one in codes], on=on, seed=seed)
