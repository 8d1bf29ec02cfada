"""`python -m benchmarks.screening`: screen the registered households of a city twice, and say what each part costs."""

import os
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import click
from benchmarks.registry.results import Plan
from benchmarks.screening.measuring import measure

_ROOT = Path(__file__).resolve().parents[2]
_PERSONS_A_HOUSEHOLD = 2.721


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
        lines = pool.submit(measure, plan).result()
    print("\n".join(lines))
    print(f"{people:,} people asked for, {os.cpu_count()} cores", file=sys.stderr)


if __name__ == "__main__":
    main()
