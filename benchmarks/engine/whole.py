"""`python -m benchmarks.engine.whole WHAT …`: all programmes that ship, one measurement in a process, as JSON."""

import json
import resource
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import Any

_ROOT = Path(__file__).resolve().parents[2]
_ON = date(2026, 9, 1)
_DIVISIONS = (370902001001, 370911100201)
_MOST_CASES = 200


def _packs() -> Any:
    from jiuzhu.engine.packs.loading import load

    return load([_ROOT / "policies"])


def screen(households: str, engine: str) -> dict[str, float]:
    """All programmes for invented households, settled and summed, part by part as a register hands them on."""
    from jiuzhu.engine.household.months import Programs
    from jiuzhu.engine.population.invented import invented
    from jiuzhu.engine.runs.screening import Engine, Screen
    from jiuzhu.engine.runs.totals import Totals

    packs = _packs()
    run = Screen(Programs(packs), on=_ON, root="3709", engine=Engine(engine))
    totals, working = Totals(), 0.0
    for part in invented(packs, households=int(households), divisions=_DIVISIONS, on=_ON):
        start = perf_counter()
        totals.add(run.one(part))
        working += perf_counter() - start
    return {"households": totals.households, "persons": totals.persons, "seconds": working}


def cases() -> dict[str, float]:
    """Worked cases one by one: all figures, then why, then what is missing."""
    from jiuzhu.engine.authoring.case_files import case_files, read_cases
    from jiuzhu.engine.explaining.explanation import explain
    from jiuzhu.engine.household.assessment import Status
    from jiuzhu.engine.household.missing import missing
    from jiuzhu.engine.household.months import Programs

    packs = _packs()
    programs = Programs(packs)
    chosen = [one for one in read_cases(case_files([_ROOT / "policies"]), packs) if one.on == _ON][:_MOST_CASES]
    for one in chosen:  # warm
        explain(programs.assess(one.case, one.on), "household", "dibao")
    times: dict[str, list[float]] = {"assess": [], "explain": [], "missing": []}
    for one in chosen:
        start = perf_counter()
        assessment = programs.assess(one.case, one.on)
        times["assess"].append(perf_counter() - start)
        start = perf_counter()
        explain(assessment, "household", "dibao")
        times["explain"].append(perf_counter() - start)
        if assessment.figure("household", "dibao").status is Status.UNKNOWN:
            start = perf_counter()
            missing(assessment, "household", "dibao")
            times["missing"].append(perf_counter() - start)
    found: dict[str, float] = {"cases": len(chosen), "unknown": len(times["missing"])}
    for name, values in times.items():
        ordered = sorted(values)
        found[f"{name}_p50_ms"] = 1000 * ordered[len(ordered) // 2]
        found[f"{name}_p95_ms"] = 1000 * ordered[int(len(ordered) * 0.95)]
    return found


def start() -> dict[str, float]:
    """From nothing to a program: imports, reading all packs, compiling the formulas of a day."""
    first = perf_counter()
    from jiuzhu.engine.household.months import Programs

    imported = perf_counter()
    packs = _packs()
    loaded = perf_counter()
    Programs(packs).at(_ON, "3709")
    return {"import": imported - first, "load": loaded - imported, "compile": perf_counter() - loaded}


def moves(file: str) -> dict[str, float]:
    """The compact rules: twelve months, a standard moved, and ten thousand households changed of all."""
    import numpy as np
    from benchmarks.engine.contestants import engine_population, engine_program
    from benchmarks.engine.town import opened

    from jiuzhu.engine.backends.arrays import Compiled
    from jiuzhu.engine.population.planning import plan_for
    from jiuzhu.engine.program.compiling import compile_program
    from jiuzhu.engine.runs.changes import changed_parameters, read_change
    from jiuzhu.engine.runs.incremental import changed

    packs, program = engine_program()
    population = engine_population(packs, opened(Path(file)))
    keys = [("household", "amount_yuan_month")]
    Compiled(plan_for(program, population, keys)).run(population)
    begin = perf_counter()
    for month in range(1, 13):
        of_month = compile_program(packs, on=date(2026, month, 1), root="3709")
        Compiled(plan_for(of_month, population, keys)).run(population)
    months = perf_counter() - begin
    begin = perf_counter()
    moved = changed_parameters(packs, [read_change("standard_urban_yuan_month+=50")], on=_ON)[0]
    Compiled(plan_for(replace(program, parameters=moved), population, keys)).run(population)
    what_if = perf_counter() - begin
    wages = population.columns["person", "wage_yuan_month"]
    values = wages.values.copy()
    values[:: max(1, len(values) // 10_000)] += 100
    after = replace(
        population, columns={**population.columns, ("person", "wage_yuan_month"): replace(wages, values=values)}
    )
    begin = perf_counter()
    found = changed(population, after)
    part = after.chosen(np.asarray(found.places))
    Compiled(plan_for(program, part, keys)).run(part)
    return {
        "households": len(population),
        "months_12": months,
        "what_if": what_if,
        "changed": len(found.places),
        "incremental": perf_counter() - begin,
    }


WHAT: dict[str, Callable[..., dict[str, float]]] = {"screen": screen, "cases": cases, "start": start, "moves": moves}


def main() -> None:
    """One measurement."""
    found = WHAT[sys.argv[1]](*sys.argv[2:])
    found["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(found))


if __name__ == "__main__":
    main()
