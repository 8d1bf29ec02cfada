"""`python -m benchmarks.registry`: make the cities that are missing, measure each, print the tables."""

import os
import platform
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import click
from benchmarks.registry.city import open_and_measure
from benchmarks.registry.report import tables
from benchmarks.registry.results import Measured, Plan

_ROOT = Path(__file__).resolve().parents[2]
_PAGE = _ROOT / "docs" / "reference" / "performance.md"
_BEGIN, _END = "<!-- registry: begin -->\n", "<!-- registry: end -->\n"
# Persons in a household of the demonstration city, the dead of its last two years included.
_PERSONS_A_HOUSEHOLD = 2.721
_SIZES = {"small": 2_000, "city": 180_000, "full": 1_850_000}


@click.command()
@click.option("--people", type=click.IntRange(1000), multiple=True, help="a city of about so many people; repeatable")
@click.option("--size", type=click.Choice(list(_SIZES)), multiple=True, help="a named one; `full` has 5 million")
@click.option("--repetitions", default=300, show_default=True, type=click.IntRange(20, 5000))
@click.option("--warm-up", default=30, show_default=True, type=click.IntRange(0), help="before the clock starts")
@click.option("--processes", default=os.cpu_count() or 1, show_default=True, help="that load a city")
@click.option("--seed", default=1, show_default=True, type=click.IntRange(0))
@click.option(
    "--var",
    default=_ROOT / "var" / "benchmarks",
    show_default="var/benchmarks",
    type=click.Path(path_type=Path),
    help="where the embedded server keeps its cities; 4 GB for a million people. Not used with DATABASE_URL",
)
@click.option("--load-only", is_flag=True, help="make the cities, measure nothing")
@click.option("--write", is_flag=True, help="put the tables into docs/reference/performance.md")
def main(
    *,
    people: tuple[int, ...],
    size: tuple[str, ...],
    repetitions: int,
    warm_up: int,
    processes: int,
    seed: int,
    var: Path,
    load_only: bool,
    write: bool,
) -> None:
    """Measure the register of persons and households in cities of the given sizes (a million people without any)."""
    wanted = sorted({_households(one) for one in people} | {_SIZES[one] for one in size})
    wanted = wanted or [_households(1_000_000)]
    if os.environ.get("DATABASE_URL") and len(wanted) > 1:
        raise click.UsageError("one database holds one city: with DATABASE_URL give one size")
    cities = []
    for households in wanted:
        plan = Plan(households, var.resolve(), repetitions, warm_up, processes, seed)
        print(f"{households:,} households", file=sys.stderr, flush=True)
        # a process for each city: memory is its own, and Django is set up for one database
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            measured = pool.submit(open_and_measure, plan, load_only=load_only).result()
        if measured is not None:
            cities.append(measured)
    if cities:
        text = f"{_shape(cities, repetitions, warm_up)}\n\n{tables(cities)}"
        print(text)
        if write:
            _put(text)


def _households(people: int) -> int:
    return int(round(people / _PERSONS_A_HOUSEHOLD, -2))


def _shape(cities: list[Measured], repetitions: int, warm_up: int) -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 30
    return (
        f"{cities[0].server}, Python {platform.python_version()}, {os.cpu_count()} cores, {memory} GB. One client, one"
        f" request after the other; {repetitions} of each operation after {warm_up} to warm up, each on another person."
    )


def _put(text: str) -> None:
    page = _PAGE.read_text(encoding="utf-8")
    before, _, rest = page.partition(_BEGIN)
    _, _, after = rest.partition(_END)
    _PAGE.write_text(f"{before}{_BEGIN}\n{text}\n{_END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
