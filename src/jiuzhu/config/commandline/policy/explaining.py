"""`jiuzhu policy explain`: why a worked case comes out as it does, and what is missing."""

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from jiuzhu.config.commandline.policy.speaking import Voice, cases_of, layers_of, load_packs, or_shown, packs_options
from jiuzhu.engine.packs.model import ROOT as HOUSEHOLD
from jiuzhu.engine.packs.model import PackSet
from jiuzhu.engine.problems import nearest

if TYPE_CHECKING:
    from jiuzhu.engine.authoring.cases import Result, Scenario
    from jiuzhu.engine.household.assessment import Assessment
    from jiuzhu.engine.household.facts import At


@click.command()
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
    from jiuzhu.engine.authoring.cases import run_case
    from jiuzhu.engine.household.months import Programs

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
    from jiuzhu.engine.explaining import steps
    from jiuzhu.engine.explaining.explanation import explain as explained
    from jiuzhu.engine.explaining.rendering import drawn, lines
    from jiuzhu.engine.household.missing import missing

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
    from jiuzhu.engine.household.facts import At
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
