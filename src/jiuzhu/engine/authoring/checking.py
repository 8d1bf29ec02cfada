"""Whether packs can be used: all compiles on every day and in every division, and every programme is complete."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from pathlib import Path

from jiuzhu.engine.authoring.case_files import case_files, read_cases
from jiuzhu.engine.authoring.cases import Scenario
from jiuzhu.engine.expressions.tree import names
from jiuzhu.engine.household.months import Programs, turning_days
from jiuzhu.engine.kinds import Base, Outcome
from jiuzhu.engine.packs.exclusions import matrix, unknown_programmes
from jiuzhu.engine.packs.model import Formula, PackSet, Programme, Variable
from jiuzhu.engine.packs.programmes import NoticeKind, Rhythm, Version
from jiuzhu.engine.packs.readmes import uncited
from jiuzhu.engine.problems import PackError, Place, Problem, Problems
from jiuzhu.engine.program.conditions import conditions, with_conditions

FILES = ("README.md", "programme.yaml", "parameters.yaml", "formulas.yaml", "process.yaml", "materials.yaml")
LEAST_CASES = 6
_BY_NAME = "~"  # no division has it: what holds for those without formulas of their own
_REASONS = ("yes", "no", "unknown")


@dataclass(frozen=True, slots=True)
class Report:
    """What was found: problems forbid the use of the packs, notes do not. `programs` were compiled."""

    problems: tuple[Problem, ...]
    notes: tuple[Problem, ...]
    days: tuple[date, ...]
    prefixes: tuple[str, ...]
    programs: int


def check(
    packs: PackSet,
    roots: Sequence[Path],
    *,
    only: Collection[str] = (),
    step: Callable[[int, int], None] | None = None,
) -> Report:
    """Check everything; `step` is told how many of how many programs are compiled.

    With `only`, packs are compiled for the days on which something changes that these programmes rest on, and nothing
    is promised of the others.
    """
    problems = Problems()
    days, prefixes = all_turning_days(packs), own_prefixes(packs)
    programs = _compile(packs, days, prefixes, only, problems, step)
    for prefix in prefixes:
        for day in days:
            try:
                matrix(packs, prefix, day)
            except PackError as error:
                problems.extend(error.problems)
    problems.extend(unknown_programmes(packs))
    problems.extend(_without_programme(packs))
    cases = _cases(packs, roots, problems)
    for programme in packs.programmes.values():
        problems.extend(incomplete(packs, programme, roots))
        problems.extend(untried(programme, cases.get(programme.name, ())))
        problems.extend(uncited(packs, programme))
    return Report(tuple(sorted(set(problems))), tuple(sorted(set(repealed(packs)))), days, prefixes, programs)


def all_turning_days(packs: PackSet) -> tuple[date, ...]:
    """Each day on which a formula, a parameter or a programme in force changes."""
    periods = [version.period for programme in packs.programmes.values() for version in programme.versions]
    days = {day for period in periods for day in (period.start, period.end) if day is not None}
    return tuple(sorted(days.union(turning_days(packs))))


def own_prefixes(packs: PackSet) -> tuple[str, ...]:
    """The divisions that have formulas or programme files of their own, and the State."""
    formulas = (formula.prefix for variable in packs.variables.values() for formula in variable.formulas)
    versions = (version.prefix for programme in packs.programmes.values() for version in programme.versions)
    return tuple(sorted({"", *formulas, *versions}))


def _compile(
    packs: PackSet,
    days: tuple[date, ...],
    prefixes: tuple[str, ...],
    only: Collection[str],
    problems: Problems,
    step: Callable[[int, int], None] | None,
) -> int:
    """Compile each set of formulas that is in force somewhere on some day, once."""
    # cities and counties are also compiled as a whole, with the divisions below them, as their population is screened
    roots = [prefix + _BY_NAME for prefix in prefixes] + [prefix for prefix in prefixes if len(prefix) >= 4]
    waiting: dict[tuple[object, ...], tuple[str, date]] = {}
    variables = _rested_on(packs, only) if only else tuple(packs.variables.values())
    for root in roots:
        for day in days:
            waiting.setdefault(_in_force(packs, variables, only, root, day), (root, day))
    programs = Programs(packs)
    for done, (root, day) in enumerate(waiting.values(), 1):
        try:
            program = programs.at(day, root)
            with_conditions(program, chain.from_iterable(conditions(*one) for one in _versions(packs, root, day)))
        except PackError as error:
            problems.extend(error.problems)
        if step is not None:
            step(done, len(waiting))
    return len(waiting)


def _rested_on(packs: PackSet, only: Collection[str]) -> tuple[Variable, ...]:
    """The variables of some programmes, and all that these need."""
    found: set[tuple[str, str]] = set()
    waiting = [one for one in packs.variables.values() if one.programme in only]
    by_name: dict[str, list[Variable]] = {}
    for one in packs.variables.values():
        by_name.setdefault(one.name, []).append(one)
    while waiting:
        variable = waiting.pop()
        if variable.key in found:
            continue
        found.add(variable.key)
        # whichever entity it is of: a few too many are compiled, and none too few
        waiting += [
            one for formula in variable.formulas for name in names(formula.tree) for one in by_name.get(name.name, ())
        ]
    return tuple(one for key, one in packs.variables.items() if key in found)


def _in_force(
    packs: PackSet, variables: Iterable[Variable], only: Collection[str], root: str, day: date
) -> tuple[object, ...]:
    alive = tuple(
        id(formula)
        for variable in variables
        for formula in variable.formulas
        if formula.period.contains(day) and (root.startswith(formula.prefix) or formula.prefix.startswith(root))
    )
    versions = (version for name, version in _versions(packs, root, day) if not only or name in only)
    return root, alive, tuple(map(id, versions))


def _versions(packs: PackSet, root: str, day: date) -> list[tuple[str, Version]]:
    found = ((name, programme.version(root, day)) for name, programme in packs.programmes.items())
    return [(name, version) for name, version in found if version is not None]


def repealed(packs: PackSet) -> Iterator[Problem]:
    """Formulas and values that go on although nothing they rest on is in force any more."""
    formulas = (
        (formula.basis, formula.period.end, formula.place)
        for variable in packs.variables.values()
        for formula in variable.formulas
    )
    entries = (
        (entry.basis, entry.period.end, entry.place)
        for parameter in packs.parameters.values()
        for entry in parameter.entries
    )
    for basis, end, place in chain(formulas, entries):
        ends = [one.effective_to for one in basis]
        last = max((day for day in ends if day is not None), default=None)
        if last is not None and None not in ends and (end is None or end > last):
            yield Problem(
                place,
                "basis.repealed",
                f"所依据的文件到 {last} 全部失效，这里却没有写到那一天为止。",
                f"everything it rests on is repealed from {last}, but it goes on.",
                f"请写 to: {last}，或改写依据。",
                f"Write `to: {last}`, or cite what is in force.",
            )


def _without_programme(packs: PackSet) -> Iterator[Problem]:
    for variable in packs.variables.values():
        if variable.kind.base is Base.OUTCOME and variable.programme and variable.programme not in packs.programmes:
            yield Problem(
                variable.place,
                "programme.missing",
                f"“{variable.programme}”有结论，却没有 programme.yaml。",
                f"{variable.programme!r} has an outcome but no programme.yaml.",
                "请补写 programme.yaml。",
                "Add programme.yaml.",
            )


# whether a programme is complete


def _cases(packs: PackSet, roots: Sequence[Path], problems: Problems) -> dict[str, list[Scenario]]:
    """The worked cases by programme."""
    found: dict[str, list[Scenario]] = {}
    try:
        for scenario in read_cases(case_files(roots), packs):
            found.setdefault(scenario.place.file.split("/")[-3], []).append(scenario)
    except PackError as error:
        problems.extend(error.problems)
    return found


def untried(programme: Programme, scenarios: Sequence[Scenario]) -> Iterator[Problem]:
    """What a programme's cases do not try: there are too few, or an answer of its outcome is never expected."""
    if not programme.versions:
        return
    place = programme.versions[-1].place
    if len(scenarios) < LEAST_CASES:
        yield _lack(
            place,
            f"只有 {len(scenarios)} 个案例，至少要有 {LEAST_CASES} 个",
            f"there are {len(scenarios)} cases; at least {LEAST_CASES} are needed",
        )
        return
    outcomes = {version.outcome for version in programme.versions}
    expected = {one.value for scenario in scenarios for one in scenario.expected if one.at.key in outcomes}
    for value, word in ((Outcome.YES, "yes"), (Outcome.NO, "no"), (None, "unknown")):
        positive = {Outcome.YES, Outcome.DISC, Outcome.REFER} if word == "yes" else {value}
        if not positive & expected:
            yield _lack(place, f"没有一个案例的结论是 {word}", f"no case expects its outcome to be {word}")


def incomplete(packs: PackSet, programme: Programme, roots: Sequence[Path]) -> Iterator[Problem]:
    """What a programme lacks: files, letters, reasons."""
    if not programme.versions:
        return
    place = programme.versions[-1].place
    folders = [folder for root in roots for folder in root.glob(f"*-*/{programme.name}")]
    for file in FILES:
        if not any((folder / file).is_file() for folder in folders):
            yield _lack(place, f"缺少文件 {file}", f"{file} is missing")
    for version in programme.versions:
        yield from _letters(packs, version)
        yield from _reasons(packs.variables[version.outcome])


def _lack(place: Place, zh: str, en: str) -> Problem:
    return Problem(place, "programme.incomplete", f"{zh}。", f"{en}.")


def _letters(packs: PackSet, version: Version) -> Iterator[Problem]:
    needed = {NoticeKind.ACCEPTED, NoticeKind.GRANTED, NoticeKind.REFUSED}
    if version.materials:
        needed.add(NoticeKind.MISSING_MATERIALS)
    if any(one.rhythm in (Rhythm.MONTHLY, Rhythm.YEARLY) for one in version.amounts):
        needed |= {NoticeKind.CHANGED, NoticeKind.ENDED, NoticeKind.HEARING}
    if "refer" in _words(packs.variables[version.outcome].formulas):
        needed.add(NoticeKind.REFERRED)
    for kind in sorted(needed - {one.kind for one in version.notices}):
        yield _lack(version.place, f"缺少文书 notices/{kind}.yaml", f"the letter notices/{kind}.yaml is missing")


def _reasons(outcome: Variable) -> Iterator[Problem]:
    words = _words(outcome.formulas)
    needed = [*_REASONS, *(word for word in ("disc", "refer") if word in words)]
    given = dict(outcome.reasons)
    for word in needed:
        if word not in given:
            yield _lack(
                outcome.place,
                f"{outcome.full_name} 缺少理由 reasons.{word}",
                f"{outcome.full_name} lacks reasons.{word}",
            )


def _words(formulas: Iterable[Formula]) -> set[str]:
    return {name.name for formula in formulas for name in names(formula.tree) if not name.owner}
