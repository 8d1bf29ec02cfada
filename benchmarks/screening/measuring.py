"""A screening of a city, twice: the first writes all it finds, the second only reads and compares."""

import resource
from datetime import UTC, datetime
from time import perf_counter

from benchmarks.registry.city import open_city
from benchmarks.registry.results import Plan


def measure(plan: Plan) -> list[str]:
    """Open the city, or load it where it is missing, and screen it; the lines of a table."""
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
    public_programs(datetime.now(UTC).date())
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
