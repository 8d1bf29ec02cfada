"""`jiuzhu policy`: check packs, run their worked cases, explain a case, begin a new programme.

Nothing here needs a database or settings: packs can be written and tried on a machine that has only the program.
"""

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from jiuzhu.config.commandline._policy import (
    SHIPPED,
    Voice,
    cases_of,
    in_folders_of,
    language_option,
    layers_of,
    load_packs,
    or_shown,
    packs_options,
    refuse_unknown,
)
from jiuzhu.engine.packs.model import ROOT as HOUSEHOLD
from jiuzhu.engine.packs.model import PackSet
from jiuzhu.engine.problems import nearest

if TYPE_CHECKING:
    from jiuzhu.engine.assessment import Assessment
    from jiuzhu.engine.cases import Result, Scenario
    from jiuzhu.engine.facts import At


@click.group()
def command() -> None:
    """政策包：检查、运行案例、解释一个案例、新建制度。"""


@command.command()
@click.argument("programmes", nargs=-1)
@packs_options
def check(*, programmes: tuple[str, ...], folders: tuple[Path, ...], alone: bool, as_json: bool, language: str) -> None:
    """Read and compile all packs, on each day on which something changes; exit code 1 when anything is wrong.

    With PROGRAMMES, only what is wrong in their folders counts; packs that cannot be read at all stop it anyway.
    """
    from jiuzhu.engine.checking import check as check_all

    voice, roots = Voice(language, as_json=as_json), layers_of(folders, alone=alone)
    packs = load_packs(roots, voice)
    refuse_unknown(programmes, packs.programmes, voice)
    with voice.steps("编译", "compiling") as step:
        report = check_all(packs, roots, step=step)
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


@command.command()
@click.argument("programmes", nargs=-1)
@packs_options
def test(*, programmes: tuple[str, ...], folders: tuple[Path, ...], alone: bool, as_json: bool, language: str) -> None:
    """Run the worked cases of all programmes, or of PROGRAMMES; exit code 1 when one comes out otherwise."""
    from jiuzhu.engine.case_files import case_files
    from jiuzhu.engine.cases import run_case
    from jiuzhu.engine.months import Programs

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


@command.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("case", required=False)
@click.option("--of", "variable", help="what to explain, such as household.dibao or person.2.tekun; default: outcomes")
@click.option(
    "--audience",
    type=click.Choice(["officer", "applicant", "public"]),
    default="officer",
    show_default=True,
    help="who reads it",
)
@packs_options
def explain(
    *,
    file: Path,
    case: str | None,
    variable: str | None,
    audience: str,
    folders: tuple[Path, ...],
    alone: bool,
    as_json: bool,
    language: str,
) -> None:
    """Explain the cases of a case FILE, or one CASE of it (`name`, or `name / variation`): why, and what is missing."""
    from jiuzhu.engine.cases import run_case
    from jiuzhu.engine.months import Programs

    voice, roots = Voice(language, as_json=as_json), layers_of(folders, alone=alone)
    packs = load_packs(roots, voice)
    scenarios = cases_of([(file, str(file))], packs, voice)
    chosen = [one for one in scenarios if (one.full_name == case if case else not one.variation)]
    if not chosen:
        zh, en = nearest(case or "", [one.full_name for one in scenarios])
        raise click.UsageError(voice.text(f"没有案例“{case}”。{zh}", f"there is no case {case!r}. {en}".rstrip()))
    programs = Programs(packs)
    told = []
    wrong = False
    for scenario in chosen:
        result = or_shown(voice, partial(run_case, programs, scenario))
        wrong = wrong or bool(result.problems)
        told.append(_told(packs, scenario, result, variable, audience, voice))
    voice.data({"ok": not wrong, "cases": told})
    sys.exit(1 if wrong else 0)


def _told(
    packs: PackSet, scenario: "Scenario", result: "Result", variable: str | None, audience: str, voice: Voice
) -> dict[str, Any]:
    """Show why a case comes out as it does, and return it as plain data."""
    from jiuzhu.engine import steps
    from jiuzhu.engine.explanation import explain as explained
    from jiuzhu.engine.missing import missing
    from jiuzhu.engine.rendering import drawn, lines

    title = scenario.title.said(voice.language) or scenario.title.zh
    voice.line(f"{scenario.full_name}（{title}，{scenario.on}）", f"{scenario.full_name} ({title}, {scenario.on})")
    found: dict[str, Any] = {"case": scenario.name, "variation": scenario.variation, "explanations": []}
    if result.assessment is None:
        return found | {"problems": voice.problems(result.problems)}
    reader = {"officer": steps.OFFICER, "applicant": steps.APPLICANT, "public": steps.PUBLIC}[audience]
    for at in _asked(scenario, result.assessment, variable, voice):
        step = explained(result.assessment, at.entity, at.name, at.row, audience=reader)
        for line in lines(step, voice.language):
            voice.line(f"  {line}", f"  {line}")
        lacking: list[str] = []
        if step.is_unknown and reader is steps.OFFICER:
            gaps = missing(result.assessment, at.entity, at.name, at.row)
            lacking = [one.label.said(voice.language) for one in gaps.needed]
            lacking += [packs.parameters[name].label.said(voice.language) for name in gaps.parameters]
            voice.line(f"  还缺：{'、'.join(lacking)}", f"  missing: {', '.join(lacking)}")
        found["explanations"].append({"variable": str(at), "why": drawn(step, voice.language), "missing": lacking})
    return found


def _asked(scenario: "Scenario", assessment: "Assessment", variable: str | None, voice: Voice) -> "list[At]":
    """What is to be explained: a named variable, else the outcomes that the case expects, else all it expects."""
    from jiuzhu.engine.facts import At
    from jiuzhu.engine.kinds import Base

    readings = assessment.program.readings
    if variable is None:
        expected = [one.at for one in scenario.expected]
        return [at for at in expected if readings[at.key].variable.kind.base is Base.OUTCOME] or expected
    parts = variable.split(".")
    entity, name = (parts[0] if len(parts) > 1 else HOUSEHOLD), parts[-1]
    row = int(parts[1]) - 1 if len(parts) == 3 and parts[1].isascii() and parts[1].isdigit() else 0
    if (entity, name) not in readings or (
        entity != HOUSEHOLD and not 0 <= row < len(scenario.case.members.get(entity, ()))
    ):
        zh, en = nearest(variable, [f"{owner}.{each}" for owner, each in readings])
        raise click.UsageError(
            voice.text(f"这个案例没有“{variable}”。{zh}", f"the case has no {variable!r}. {en}".rstrip())
        )
    return [At(entity, name, row)]


@command.command("new-programme")
@click.argument("name")
@click.option(
    "--policies",
    "folder",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="your folder of layers; made when it is not there",
)
@click.option("--layer", help="the layer's folder, such as 370900-ours; not needed where there is one")
@click.option("--alone", is_flag=True, help="do not look at the shipped packs")
@language_option
def new_programme(*, name: str, folder: Path, layer: str | None, alone: bool, language: str) -> None:
    """Copy the smallest complete programme under a NAME of its own; `check` and `test` accept it as it is."""
    from jiuzhu.engine.skeletons import InvalidName, lay_out

    voice = Voice(language, as_json=False)
    target = folder / _layer(folder, layer, voice)
    roots = [*([] if alone else [SHIPPED]), *([folder] if folder.is_dir() else [])]
    packs = load_packs(roots, voice)
    try:
        if name in packs.programmes:
            raise InvalidName(f"已有制度“{name}”。", f"there is a programme {name!r} already.")
        made = lay_out(name, target, packs)
    except InvalidName as refusal:
        raise click.ClickException(voice.text(refusal.zh, refusal.en)) from refusal
    for file in sorted(path for path in made.rglob("*") if path.is_file()):
        voice.line(f"已写入 {file}", f"wrote {file}")
    voice.line(
        f"下一步：jiuzhu policy check --policies {folder}",
        f"Next: jiuzhu policy check --policies {folder} --language en",
    )


def _layer(folder: Path, layer: str | None, voice: Voice) -> str:
    """The layer to write to: the one that is named, or the only one there is."""
    from jiuzhu.engine.skeletons import LAYER

    if layer is not None:
        if LAYER.fullmatch(layer):
            return layer
        raise click.UsageError(
            voice.text(
                f"“{layer}”不是层级文件夹的名称：六位区划代码、连字符和名称，例如 370900-ours。",
                f"{layer!r} is no name of a layer: six digits of the division, a hyphen and a name, as in 370900-ours.",
            )
        )
    layers = [path.name for path in folder.glob("*") if path.is_dir() and LAYER.fullmatch(path.name)]
    if len(layers) != 1:
        raise click.UsageError(
            voice.text(
                "请用 --layer 写明层级文件夹，例如 --layer 370900-ours。",
                "Name the layer's folder with --layer, such as --layer 370900-ours.",
            )
        )
    return layers[0]
