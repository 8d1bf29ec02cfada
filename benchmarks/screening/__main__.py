"""`python -m benchmarks.screening`: screen the registered households of a city twice, and say what each part costs."""

import os
import resource
import sys
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter

import click
from benchmarks.registry.city import open_city
from benchmarks.registry.results import Plan

_ROOT = Path(__file__).resolve().parents[2]
_PERSONS_A_HOUSEHOLD = 2.721


def _measure(plan: Plan) -> list[str]:
    open_city(plan)
    # only now: these want Django set up
    from jiuzhu.core.actors import system_actor
    from jiuzhu.core.divisions import DivisionCode
    from jiuzhu.groundwork.tasks.jobs import Work
    from jiuzhu.journeys.screen import run_screening, screen
    from jiuzhu.rooms.catalogue.queries import public_programs
    from jiuzhu.rooms.determination.permissions import Permission
    from jiuzhu.rooms.determination.queries import screening
    from jiuzhu.rooms.registry.permissions import Permission as Registry

    city = DivisionCode("370900000000")
    actor = system_actor(
        "benchmark",
        permissions=[Permission.SCREENING_RUN, Permission.SCREENING_VIEW, Registry.POPULATION_SCREEN],
        division=city,
    )
    public_programs()
    lines = [
        "| run | households | persons | findings changed | seconds | households/s | peak MB |",
        "|---|---|---|---|---|---|---|",
    ]
    for name in ("first", "again, nothing changed"):
        at = datetime.now(UTC)
        run_id = screen(actor=actor, at=at, division=city, on=at.date())
        work = Work(job_id=1, actor=actor, request_id="", at=at, attempt=0, last_attempt=True, stop_asked=lambda: False)
        start = perf_counter()
        run_screening(work, run_id=run_id)
        seconds = perf_counter() - start
        view = screening(actor=actor, at=at, run_id=run_id)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        lines.append(
            f"| {name} | {view.households:,} | {view.persons:,} | {view.changed:,} | {seconds:.1f} |"
            f" {view.households / seconds:,.0f} | {peak:,} |"
        )
    return lines


@click.command()
@click.option("--people", default=1_000_000, show_default=True, type=click.IntRange(1000))
@click.option("--processes", default=os.cpu_count() or 1, show_default=True, help="that load a city")
@click.option(
    "--var", default=_ROOT / "var" / "benchmarks", type=click.Path(path_type=Path), help="as in benchmarks.registry"
)
def main(*, people: int, processes: int, var: Path) -> None:
    """Load the city where it is missing, screen it twice, print a table."""
    plan = Plan(int(round(people / _PERSONS_A_HOUSEHOLD, -2)), var.resolve(), 1, 0, processes, 1)
    # a process of its own: Django is set up for one database
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        lines = pool.submit(_measure, plan).result()
    print("\n".join(lines))
    print(f"{people:,} people asked for, {os.cpu_count()} cores", file=sys.stderr)


if __name__ == "__main__":
    main()
