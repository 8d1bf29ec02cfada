"""`jiuzhu policy diff`: what a version of packs changes, in words and in effect on a population."""

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from jiuzhu.config.commandline.policy.populations import AREAS, parts_of, root_of, run_options, snapshot_of
from jiuzhu.config.commandline.policy.simulating import effect_lines, plain_effects
from jiuzhu.config.commandline.policy.speaking import (
    Voice,
    layers_of,
    load_packs,
    or_shown,
    packs_options,
    programme_names,
    refuse_unknown,
)
from jiuzhu.engine.packs.model import PackSet

if TYPE_CHECKING:
    from jiuzhu.engine.packs.differences import Change


@click.command()
@click.argument("programmes", nargs=-1)
@click.option(
    "--before",
    multiple=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="folders of layers to compare with; without it the shipped packs alone",
)
@click.option(
    "--snapshot",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="show the effect on these households as well",
)
@run_options
@packs_options
def diff(
    *,
    programmes: tuple[str, ...],
    before: tuple[Path, ...],
    snapshot: Path | None,
    on: date,
    root: str,
    engine: str,
    threads: int,
    by: str,
    folders: tuple[Path, ...],
    alone: bool,
    as_json: bool,
    language: str,
) -> None:
    """Compare packs: those of --policies with the shipped ones, or with those of --before; of all PROGRAMMES or some.

    Exit code 1 when anything differs, as `diff` does.
    """
    from jiuzhu.engine.packs.differences import differences

    voice = Voice(language, as_json=as_json)
    after = load_packs(layers_of(folders, alone=alone), voice)
    old = load_packs(layers_of(before, alone=bool(before)), voice)
    refuse_unknown(programmes, {**old.programmes, **after.programmes}, voice)
    changes = [one for one in differences(old, after) if not programmes or _touches(one, programmes)]
    for one in changes:
        voice.line(one.said("zh"), one.said("en"))
    found: dict[str, Any] = {
        "ok": True,
        "before": old.digest,
        "after": after.digest,
        "changes": [_plain(one, language) for one in changes],
    }
    voice.line(f"{len(changes)} 处不同。", f"{len(changes)} difference(s).")
    if snapshot is not None:
        found["effects"] = _effects(old, after, snapshot, (on, root, engine, threads, by), voice)
    voice.data(found)
    sys.exit(1 if changes else 0)


def _touches(one: "Change", programmes: tuple[str, ...]) -> bool:
    return one.programme in programmes or any(name in one.name for name in programmes)


def _plain(one: "Change", language: str) -> dict[str, Any]:
    return {
        "subject": str(one.subject),
        "sort": str(one.sort),
        "name": one.name,
        "programme": one.programme,
        "before": one.before,
        "after": one.after,
        "division": one.prefix,
        "from": "" if one.period is None else one.period.start.isoformat(),
        "to": "" if one.period is None or one.period.end is None else one.period.end.isoformat(),
        "text": one.said(language),
    }


def _effects(
    old: PackSet, new: PackSet, folder: Path, options: tuple[date, str, str, int, str], voice: Voice
) -> dict[str, Any]:
    """The effect on the households of a snapshot."""
    from jiuzhu.engine.household.months import Programs
    from jiuzhu.engine.runs.effects import Effects
    from jiuzhu.engine.runs.screening import Engine, Screen

    on, root, engine, threads, by = options
    source = snapshot_of(folder, voice)
    root = root_of(source, root, voice)
    engines = Engine(engine)

    def screen_of(packs: PackSet) -> Screen:
        return or_shown(voice, lambda: Screen(Programs(packs), on=on, root=root, engine=engines, threads=threads))

    first, second = screen_of(old), screen_of(new)
    effects = Effects(AREAS[by])
    with voice.facts(), voice.steps("比较", "comparing") as step:
        for part in parts_of(source, step):
            effects.add(first.one(part), second.one(part))
    names = programme_names(old, root.ljust(12, "0"), on, voice.language)
    names |= programme_names(new, root.ljust(12, "0"), on, voice.language)
    for line in effect_lines(effects, names, voice):
        voice.line(line, line)
    return plain_effects(effects)
