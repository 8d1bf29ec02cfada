"""`jiuzhu policy screen`: who comes out how in every programme, all of them settled together."""

from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jiuzhu import __version__
from jiuzhu.config.commandline.policy.populations import AREAS, parts_of, root_of, run_options, snapshot_of
from jiuzhu.config.commandline.policy.speaking import (
    Voice,
    layers_of,
    load_packs,
    or_shown,
    packs_options,
    programme_names,
    refuse_unknown,
    table,
    yuan,
)
from jiuzhu.core.periods import Period, add_months
from jiuzhu.engine.packs.programmes import Receiver, Rhythm
from jiuzhu.engine.settlement.claims import State

if TYPE_CHECKING:
    from jiuzhu.engine.backends.snapshots import Snapshot
    from jiuzhu.engine.household.months import Programs
    from jiuzhu.engine.runs.totals import Total, Totals

MAY = (State.UNKNOWN, State.DISCRETION, State.OPEN, State.TO_CHOOSE)
BESIDE = (State.GIVES_WAY, State.COVERED)


@click.command()
@click.argument("snapshot", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("programmes", nargs=-1)
@click.option(
    "--out", type=click.Path(path_type=Path), help="write every claim to this folder, with the run's identity"
)
@click.option(
    "--until",
    type=click.DateTime(["%Y-%m"]),
    help="screen for each month from --on to this one, 2026-12, by the rules of its first day",
)
@run_options
@packs_options
def screen(
    *,
    snapshot: Path,
    programmes: tuple[str, ...],
    out: Path | None,
    until: datetime | None,
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
    """Screen the households of a SNAPSHOT made by `population`. It decides nothing: it says whom to look at.

    With PROGRAMMES only these are shown; all are worked out, since they can exclude each other.
    """
    from jiuzhu.engine.household.months import Programs
    from jiuzhu.engine.runs.identity import Identity
    from jiuzhu.engine.runs.saving import Saving, plain_totals
    from jiuzhu.engine.runs.screening import Engine, Screen
    from jiuzhu.engine.runs.totals import Totals

    voice = Voice(language, as_json=as_json)
    packs = load_packs(layers_of(folders, alone=alone), voice)
    refuse_unknown(programmes, packs.programmes, voice)
    source = snapshot_of(snapshot, voice)
    root = root_of(source, root, voice)
    if out is not None and out.exists():
        raise click.ClickException(voice.text(f"{out} 已存在，请另选文件夹。", f"{out} exists; choose another."))
    if until is not None and (out is not None or until.date() < on.replace(day=1)):
        raise click.UsageError(
            voice.text("--until 不早于 --on，且不与 --out 同用。", "--until is not before --on, and not with --out.")
        )
    programs = Programs(packs)
    if until is not None:
        days = list(Period(on.replace(day=1), add_months(until.date(), 1)).months())
        _by_months(source, programs, days, (root, engine, threads), programmes, voice)
        return
    run = or_shown(voice, lambda: Screen(programs, on=on, root=root, engine=Engine(engine), threads=threads))
    identity = Identity(packs.digest, source.digest, on, root, Engine(engine).full_name, __version__)
    totals, saving = Totals(AREAS[by]), None if out is None else Saving(out)
    with voice.facts(), voice.steps("筛查", "screening") as step:
        for one in run.screen(parts_of(source, step)):
            totals.add(one)
            if saving is not None:
                saving.add(one)
    if saving is not None:
        saving.finish(identity, totals)
    voice.data(
        {
            "ok": True,
            "run": identity.digest,
            **identity.plain(),
            "households": totals.households,
            "persons": totals.persons,
            "totals": plain_totals(totals, programmes),
        }
    )
    names = programme_names(packs, root.ljust(12, "0"), on, language)
    for area in sorted(totals.by_area):
        if AREAS[by]:
            voice.line(f"区划 {area}", f"division {area}")
        for line in table(_rows(totals, area, programmes, names, voice)):
            voice.line(line, line)
    voice.line(
        f"{totals.households:,} 户 {totals.persons:,} 人；{on}；运行 {identity.digest[:12]}（政策包 "
        f"{packs.digest[:12]}，数据 {source.digest[:12]}，{identity.engine}）。",
        f"{totals.households:,} households, {totals.persons:,} persons; {on}; run {identity.digest[:12]} (packs "
        f"{packs.digest[:12]}, data {source.digest[:12]}, {identity.engine}).",
    )


def _by_months(
    source: "Snapshot",
    programs: "Programs",
    days: list[date],
    options: tuple[str, str, int],
    programmes: tuple[str, ...],
    voice: Voice,
) -> None:
    """The same households under the rules of each month: how many are granted, and what is sure to be paid."""
    from jiuzhu.engine.runs.saving import plain_totals
    from jiuzhu.engine.runs.screening import Engine, Screen
    from jiuzhu.engine.runs.totals import Totals

    root, engine, threads = options
    found: dict[date, Totals] = {}
    with voice.facts(), voice.steps("筛查", "screening") as step:
        for number, day in enumerate(days):
            run = or_shown(voice, partial(Screen, programs, on=day, root=root, engine=Engine(engine), threads=threads))
            found[day] = Totals()
            whole = len(days) * len(source.pieces)
            for piece, one in enumerate(run.screen(source.parts()), 1):
                found[day].add(one)
                step(number * len(source.pieces) + piece, whole)
    voice.data(
        {
            "ok": True,
            "pack_digest": programs.packs.digest,
            "snapshot_digest": source.digest,
            "months": {f"{day:%Y-%m}": plain_totals(totals, programmes)[""] for day, totals in found.items()},
        }
    )
    names = programme_names(programs.packs, root.ljust(12, "0"), days[-1], voice.language)
    rows = [[voice.text("制度（每月元）", "programme (yuan/month)"), *(f"{day:%Y-%m}" for day in days)]]
    for name in sorted(programmes or found[days[-1]].programmes()):
        totals = [found[day].programmes().get(name) for day in days]
        if any(one is not None and _pays_monthly(one) for one in totals):
            sums = [yuan(one.paid.get(Rhythm.MONTHLY, (0, 0))[0]) if one else "" for one in totals]
            rows.append([names.get(name, name), *sums])
    for line in table(rows):
        voice.line(line, line)


def _rows(
    totals: "Totals", area: str, programmes: tuple[str, ...], names: dict[str, str], voice: Voice
) -> list[list[str]]:
    head = ["制度", "单位", "符合", "待定", "转介", "让位", "每月(元)", "每月最多"]
    en = ["programme", "unit", "yes", "open", "referred", "beside", "yuan/month", "at most"]
    rows = [head if voice.language == "zh" else en]
    units = {Receiver.HOUSEHOLD: ("户", "household"), Receiver.PERSON: ("人", "person")}
    for name, total in sorted(totals.by_area[area].items()):
        if programmes and name not in programmes:
            continue
        low, high = total.paid.get(Rhythm.MONTHLY, (0, 0))
        counts = (total.count(State.GRANTED), total.count(*MAY), total.count(State.REFERRED), total.count(*BESIDE))
        unit = voice.text(*units[total.unit])
        paid = [yuan(low), yuan(high)] if _pays_monthly(total) else ["", ""]
        rows.append([names.get(name, name), unit, *(f"{one:,}" for one in counts), *paid])
    return rows


def _pays_monthly(total: "Total") -> bool:
    return Rhythm.MONTHLY in total.paid
