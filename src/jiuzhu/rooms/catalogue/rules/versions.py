"""Versions of the packs: what the engine finds of a draft, and what must be so before a version is published.

A guard returns the refusal, or nothing when nothing speaks against the step.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, Self

from jiuzhu.core.errors import RuleRefused
from jiuzhu.engine.authoring.case_files import case_files, read_cases
from jiuzhu.engine.authoring.cases import Mismatch, run_case
from jiuzhu.engine.authoring.checking import check
from jiuzhu.engine.household.months import Programs
from jiuzhu.engine.packs.loading import load
from jiuzhu.engine.packs.model import PackSet
from jiuzhu.engine.problems import PackError, Place, Problem

MOST_SHOWN = 500
Step = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class PackCheck:
    """What a check found; `digest` is empty when the packs cannot be read at all.

    `problems` and `notes` hold at most `MOST_SHOWN`, `problem_count` counts all. `failed_cases` came out otherwise
    than written. `uncited` rules and values name no basis, `demo_values` are invented.
    """

    digest: str
    problems: tuple[Problem, ...] = ()
    notes: tuple[Problem, ...] = ()
    problem_count: int = 0
    programmes: int = 0
    days: int = 0
    divisions: int = 0
    programs: int = 0
    cases: int = 0
    failed_cases: int = 0
    uncited: int = 0
    demo_values: int = 0

    def to_plain(self) -> dict[str, Any]:
        """The check as it is stored."""
        counts = {name: getattr(self, name) for name in _COUNTS}
        return {
            "digest": self.digest,
            "problems": [_plain(one) for one in self.problems],
            "notes": [_plain(one) for one in self.notes],
            **counts,
        }

    @classmethod
    def from_plain(cls, stored: Mapping[str, Any]) -> Self:
        """The check that was stored."""
        return cls(
            stored["digest"],
            tuple(map(_problem, stored["problems"])),
            tuple(map(_problem, stored["notes"])),
            **{name: stored[name] for name in _COUNTS},
        )


_COUNTS = (
    "problem_count",
    "programmes",
    "days",
    "divisions",
    "programs",
    "cases",
    "failed_cases",
    "uncited",
    "demo_values",
)


def _plain(one: Problem) -> list[Any]:
    return [one.place.file, one.place.line, one.place.column, one.code, one.zh, one.en, one.advice_zh, one.advice_en]


def _problem(stored: Sequence[Any]) -> Problem:
    file, line, column, *said = stored
    return Problem(Place(file, line, column), *said)


def checked(roots: Sequence[Path], *, step: Step | None = None) -> PackCheck:
    """Read the packs below some roots, compile them for every day, and work all cases out.

    `step` is told what is going on (`compiling` or `cases`), how far it is, and how far it has to go.
    """
    try:
        packs = load(roots)
    except PackError as error:
        return PackCheck("", error.problems[:MOST_SHOWN], problem_count=len(error.problems))
    report = check(packs, roots, step=None if step is None else partial(step, "compiling"))
    found, cases, failed = _worked_out(packs, roots, step)
    problems = tuple(sorted({*report.problems, *found}))
    formulas = [formula for variable in packs.variables.values() for formula in variable.formulas]
    entries = [entry for parameter in packs.parameters.values() for entry in parameter.entries]
    return PackCheck(
        packs.digest,
        problems[:MOST_SHOWN],
        report.notes[:MOST_SHOWN],
        problem_count=len(problems),
        programmes=len(packs.programmes),
        days=len(report.days),
        divisions=len(report.prefixes),
        programs=report.programs,
        cases=cases,
        failed_cases=failed,
        uncited=sum(not one.basis for one in formulas) + sum(not one.basis and not one.demo for one in entries),
        demo_values=sum(one.demo for one in entries),
    )


def _worked_out(packs: PackSet, roots: Sequence[Path], step: Step | None) -> tuple[list[Problem], int, int]:
    """What does not come out as written, the number of cases, and how many of them failed."""
    try:
        scenarios = read_cases(case_files(roots), packs)
    except PackError as error:
        return list(error.problems), 0, 0
    programs = Programs(packs)
    found: list[Problem] = []
    failed = 0
    for number, scenario in enumerate(scenarios, 1):
        try:
            result = run_case(programs, scenario)
        except PackError as error:
            found += error.problems
            failed += 1
            continue
        found += [*result.problems, *map(_disagreement, result.mismatches)]
        failed += not result.passed
        if step is not None:
            step("cases", number, len(scenarios))
    return found, len(scenarios), failed


def _disagreement(one: Mismatch) -> Problem:
    said = one.expectation
    return Problem(
        said.place,
        "case.disagrees",
        f"{said.at} 应为 {said.shown}，结果是 {one.found}。",
        f"{said.at} should be {said.shown}, found {one.found}.",
        "请核对公式、参数和案例。",
        "Check the formula, the parameters and the case.",
    )


def worked_cases_agree(found: PackCheck) -> RuleRefused | None:
    """A draft passes its check when nothing is wrong and every worked case comes out as written."""
    if found.digest and not found.problem_count and not found.failed_cases:
        return None
    return RuleRefused(
        "catalogue.pack.check",
        f"校验发现{found.problem_count}个问题，{found.failed_cases}个算例不符，请按列出的位置修改后重新校验",
        f"The check found {found.problem_count} problem(s), {found.failed_cases} worked case(s) came out otherwise; "
        "put them right at the places listed and check again.",
    )


def every_rule_cites_its_basis(found: PackCheck, *, demo: bool) -> RuleRefused | None:
    """Each formula and value of what is published rests on a document; `demo` lets invented values pass in a trial."""
    lacking = found.uncited + (0 if demo else found.demo_values)
    if not lacking:
        return None
    return RuleRefused(
        "catalogue.pack.uncited",
        f"有{lacking}处规则或参数没有依据，正式运行的政策包须逐条写明依据，请补充后重新校验",
        f"{lacking} rule(s) or value(s) cite no basis; packs in force cite one for each. Add them and check again.",
    )


def later_version_is_published(ends_on: date | None, later_from: date | None, on: date) -> RuleRefused | None:
    """A version is superseded once a later one has been published and its first day has come."""
    if ends_on is None or later_from != ends_on:
        return RuleRefused(
            "catalogue.pack.no_later",
            "没有已发布的后续版本，请先发布新版本",
            "No later version has been published; publish one first.",
        )
    if on < ends_on:
        return RuleRefused(
            "catalogue.pack.still_in_force",
            f"本版本施行到{ends_on}（不含当日），届时再登记被替代",
            f"This version is in force until before {ends_on}; record its replacement then.",
        )
    return None


def decided_by_another(proposer: int | None, decider: int | None) -> RuleRefused | None:
    """Who drafts or proposes does not decide, and only a person decides (社会救助法 art. 15; 财会〔2012〕21号)."""
    if decider is None:
        return RuleRefused(
            "catalogue.decider.process",
            "须由有权限的人员本人办理，系统不能代为决定",
            "An officer decides this; a process cannot.",
        )
    if decider == proposer:
        return RuleRefused(
            "catalogue.decider.same",
            "起草人不能批准或发布自己起草的内容，请由其他有权限的人员办理",
            "Whoever drafted it does not approve or publish it; ask another officer.",
        )
    return None


def does_not_act_backwards(effective_on: date, on: date, *, is_first: bool) -> RuleRefused | None:
    """Decisions of past days rest on the version of their day: only the first version may reach back."""
    if is_first or effective_on >= on:
        return None
    return RuleRefused(
        "catalogue.pack.backwards",
        "已有施行中的版本，新版本的施行日期不能早于今天，请改为今天或以后的日期",
        "A version is in force already; the new one cannot begin before today. Choose today or a later day.",
        field="effective_on",
    )
