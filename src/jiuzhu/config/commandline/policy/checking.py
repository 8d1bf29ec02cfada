"""`jiuzhu policy check` and `test`: whether packs are right, and whether their worked cases come out as written."""

import sys
from functools import partial
from pathlib import Path

import click

from jiuzhu.config.commandline.policy.speaking import (
    Voice,
    cases_of,
    in_folders_of,
    layers_of,
    load_packs,
    or_shown,
    packs_options,
    refuse_unknown,
)


@click.command()
@click.argument("programmes", nargs=-1)
@packs_options
def check(*, programmes: tuple[str, ...], folders: tuple[Path, ...], alone: bool, as_json: bool, language: str) -> None:
    """Read and compile all packs, on each day on which something changes; exit code 1 when anything is wrong.

    With PROGRAMMES, only what is wrong in their folders counts, and packs are compiled only for the days on which
    something changes for them; packs that cannot be read at all stop it anyway.
    """
    from jiuzhu.engine.authoring.checking import check as check_all

    voice, roots = Voice(language, as_json=as_json), layers_of(folders, alone=alone)
    packs = load_packs(roots, voice)
    refuse_unknown(programmes, packs.programmes, voice)
    with voice.steps("编译", "compiling") as step:
        report = check_all(packs, roots, only=programmes, step=step)
    problems = voice.problems(in_folders_of(report.problems, programmes))
    noted = in_folders_of(report.notes, programmes)
    if noted:
        voice.line("提示：", "Notes:")
    notes = voice.problems(noted)
    voice.data(
        {
            "ok": not problems,
            "problems": problems,
            "notes": notes,
            "programmes": sorted(packs.programmes),
            "days": [day.isoformat() for day in report.days],
            "divisions": list(report.prefixes),
            "programs": report.programs,
            "digest": packs.digest,
        }
    )
    voice.line(
        f"{len(packs.programmes)} 项制度，{len(report.days)} 个变动日，编译 {report.programs} 次，"
        f"{len(problems)} 个问题，{len(notes)} 个提示。",
        f"{len(packs.programmes)} programmes, {len(report.days)} turning days, {report.programs} programs compiled, "
        f"{len(problems)} problem(s), {len(notes)} note(s).",
    )
    sys.exit(1 if problems else 0)


@click.command()
@click.argument("programmes", nargs=-1)
@packs_options
def test(*, programmes: tuple[str, ...], folders: tuple[Path, ...], alone: bool, as_json: bool, language: str) -> None:
    """Run the worked cases of all programmes, or of PROGRAMMES; exit code 1 when one comes out otherwise."""
    from jiuzhu.engine.authoring.case_files import case_files
    from jiuzhu.engine.authoring.cases import run_case
    from jiuzhu.engine.household.months import Programs

    voice, roots = Voice(language, as_json=as_json), layers_of(folders, alone=alone)
    packs = load_packs(roots, voice)
    refuse_unknown(programmes, packs.programmes, voice)
    files = [one for one in case_files(roots) if not programmes or one[0].parts[-3] in programmes]
    scenarios = cases_of(files, packs, voice)
    programs = Programs(packs)
    results = []
    with voice.steps("案例", "cases") as step:
        for number, scenario in enumerate(scenarios, 1):
            results.append(or_shown(voice, partial(run_case, programs, scenario)))
            step(number, len(scenarios))
    failed = [one for one in results if not one.passed]
    for one in failed:
        name = one.scenario.full_name
        voice.line(f"✗ {name}：{one.scenario.title.zh}", f"✗ {name}: {one.scenario.title.en or one.scenario.title.zh}")
        for message in one.messages(language):
            voice.line(f"  {message}", f"  {message}")
    voice.data(
        {
            "ok": not failed,
            "cases": [
                {
                    "programme": one.scenario.place.file.split("/")[-3],
                    "case": one.scenario.name,
                    "variation": one.scenario.variation,
                    "passed": one.passed,
                    "messages": list(one.messages(language)),
                }
                for one in results
            ],
        }
    )
    voice.line(f"{len(results)} 个案例，{len(failed)} 个不符。", f"{len(results)} cases, {len(failed)} failed.")
    sys.exit(1 if failed else 0)
