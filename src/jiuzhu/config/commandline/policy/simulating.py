"""`jiuzhu policy simulate`: what would be otherwise if a standard moved, or a pack were laid over the others."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from jiuzhu.config.commandline.policy.populations import AREAS, parts_of, root_of, run_options, snapshot_of
from jiuzhu.config.commandline.policy.speaking import (
    Voice,
    layers_of,
    load_packs,
    or_shown,
    packs_options,
    programme_names,
    table,
    yuan,
)
from jiuzhu.engine.packs.programmes import Receiver, Rhythm

if TYPE_CHECKING:
    from jiuzhu.engine.runs.effects import Effect, Effects

_RHYTHMS = {
    Rhythm.MONTHLY: ("每月", "a month"),
    Rhythm.YEARLY: ("每年", "a year"),
    Rhythm.ONCE: ("一次性", "once"),
    Rhythm.SETTLED: ("结算", "settled"),
}


@click.command()
@click.argument("snapshot", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--set", "changes", multiple=True, help="name=900, name@370902=900, name+=50, name-=50 or name*=1.1")
@click.option(
    "--with",
    "overlays",
    multiple=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="folders of layers laid over the packs, for the after only",
)
@run_options
@packs_options
def simulate(
    *,
    snapshot: Path,
    changes: tuple[str, ...],
    overlays: tuple[Path, ...],
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
    """What if values of policy moved: who enters, who leaves, who gets more or less, and what it costs."""
    from jiuzhu.engine.household.months import Programs
    from jiuzhu.engine.runs.changes import ChangeError, changed_parameters, read_change
    from jiuzhu.engine.runs.effects import Effects
    from jiuzhu.engine.runs.screening import Engine, Screen

    voice = Voice(language, as_json=as_json)
    if not changes and not overlays:
        raise click.UsageError(voice.text("请用 --set 或 --with 写明改动。", "Say what changes with --set or --with."))
    packs = load_packs(layers_of(folders, alone=alone), voice)
    others = load_packs([*layers_of(folders, alone=alone), *overlays], voice) if overlays else packs
    try:
        parameters, digest = changed_parameters(others, [read_change(one) for one in changes], on=on)
    except ChangeError as error:
        raise click.UsageError(voice.text(error.zh, str(error))) from error
    source = snapshot_of(snapshot, voice)
    root = root_of(source, root, voice)
    programs = Programs(packs)
    base = or_shown(voice, lambda: Screen(programs, on=on, root=root, engine=Engine(engine), threads=threads))
    moved = or_shown(
        voice,
        lambda: Screen(
            programs if others is packs else Programs(others),
            on=on,
            root=root,
            engine=Engine(engine),
            threads=threads,
            parameters=parameters,
        ),
    )
    effects = Effects(AREAS[by])
    with voice.facts(), voice.steps("模拟", "simulating") as step:
        for part in parts_of(source, step):
            effects.add(base.one(part), moved.one(part))
    voice.data(
        {
            "ok": True,
            "before": packs.digest,
            "after": digest,
            "snapshot_digest": source.digest,
            "assessed_on": on.isoformat(),
            **plain_effects(effects),
        }
    )
    names = programme_names(packs, root.ljust(12, "0"), on, language)
    names |= programme_names(others, root.ljust(12, "0"), on, language)
    for line in effect_lines(effects, names, voice):
        voice.line(line, line)


def plain_effects(effects: "Effects") -> dict[str, Any]:
    """Effects as plain data; amounts are fen."""
    return {
        "households": effects.households,
        "persons": effects.persons,
        "households_better": effects.households_better,
        "households_worse": effects.households_worse,
        "areas": {
            area: {
                name: {
                    "unit": str(one.unit),
                    "granted": dict(zip(("before", "after"), one.granted(), strict=True)),
                    "enter": one.enter,
                    "leave": one.leave,
                    "more": one.more,
                    "less": one.less,
                    "moves": {f"{old} > {new}": count for (old, new), count in sorted(one.moves.items())},
                    "paid": {
                        str(rhythm): {"before": before, "after": after} for rhythm, (before, after) in one.paid.items()
                    },
                }
                for name, one in sorted(own.items())
                if one.changes
            }
            for area, own in sorted(effects.by_area.items())
        },
    }


def effect_lines(effects: "Effects", names: dict[str, str], voice: Voice) -> list[str]:
    """Effects as lines for people: programmes in which anything is otherwise, by area."""
    lines = []
    for area, own in sorted(effects.by_area.items()):
        moved = {name: one for name, one in sorted(own.items()) if one.changes}
        if effects.digits:
            lines.append(voice.text(f"区划 {area}", f"division {area}"))
        if not moved:
            lines.append(voice.text("没有变化。", "Nothing changes."))
            continue
        lines += table(_rows(moved, names, voice))
    better, worse = effects.households_better, effects.households_worse
    lines.append(
        voice.text(
            f"{effects.households:,} 户中，{better:,} 户增加，{worse:,} 户减少（只计确定的金额）。",
            f"Of {effects.households:,} households {better:,} get more and {worse:,} less (sure amounts only).",
        )
    )
    return lines


def _rows(moved: dict[str, "Effect"], names: dict[str, str], voice: Voice) -> list[list[str]]:
    zh = ["制度", "单位", "原符合", "现符合", "进入", "退出", "提高", "降低", "", "原金额(元)", "现金额(元)", "增减"]
    en = [
        "programme",
        "unit",
        "before",
        "after",
        "enter",
        "leave",
        "more",
        "less",
        "",
        "yuan before",
        "after",
        "change",
    ]
    rows = [zh if voice.language == "zh" else en]
    units = {Receiver.HOUSEHOLD: ("户", "household"), Receiver.PERSON: ("人", "person")}
    for name, one in moved.items():
        before, after = one.granted()
        counts = [f"{number:,}" for number in (before, after, one.enter, one.leave, one.more, one.less)]
        head = [names.get(name, name), voice.text(*units[one.unit]), *counts]
        money = [(rhythm, sums) for rhythm, sums in one.paid.items() if rhythm in _RHYTHMS and sums[0] != sums[1]]
        if not money:
            rows.append([*head, "", "", "", ""])
        for rhythm, (old, new) in money:
            rows.append(
                [*head, voice.text(*_RHYTHMS[rhythm]), yuan(old), yuan(new), f"{'+' * (new > old)}{yuan(new - old)}"]
            )
            head = [""] * len(head)
    return rows
