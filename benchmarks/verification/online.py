"""`python -m benchmarks.verification.online`: orders a second through the whole path, with departments at 50 ms.

From the request of an order to its report, in a small city on the embedded server: items, attempts, replies and facts,
all as the worker writes them. The departments are played in this process and answer after a pause; as on a
worker of two, two sources are asked at a time. What is measured is the program and its database, not the network.
"""

import os
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import click
from benchmarks.registry.city import open_city
from benchmarks.registry.results import Plan

if TYPE_CHECKING:
    from jiuzhu.core.actors import Actor
    from jiuzhu.rooms.verification.ports import Answer, Outcome, Question, Source

_ROOT = Path(__file__).resolve().parents[2]
_HOUSEHOLDS = 2_000
_WORKERS = 2


class _Paused:
    """A department that answers after a while, always that it has nothing."""

    def __init__(self, source: "Source", answer: "Answer", pause_s: float) -> None:
        self.source, self._answer, self._pause_s = source, answer, pause_s

    def ask(self, question: "Question", *, at: datetime) -> "Outcome":
        time.sleep(self._pause_s)
        return self._answer


@click.command()
@click.option("--orders", default=60, show_default=True, type=click.IntRange(1, 1500))
@click.option("--pause-ms", default=50, show_default=True, type=click.IntRange(0, 5000))
@click.option(
    "--var", default=_ROOT / "var" / "benchmarks", type=click.Path(path_type=Path), help="where the city is kept"
)
def main(*, orders: int, pause_ms: int, var: Path) -> None:
    """Open the city, order verifications, ask every source, report; print how long each part took."""
    open_city(Plan(_HOUSEHOLDS, var.resolve(), 20, 0, os.cpu_count() or 1, 1))
    from jiuzhu.connectors.scanning import find
    from jiuzhu.rooms.verification.ports import Answer, Finding, Transport, register_connectors

    answer = Answer(Finding.NONE_FOUND, (), date.today() - timedelta(days=3), "R-0", "cd" * 32)  # noqa: DTZ011
    sources = [one.source for one in find() if one.source.transport is Transport.HTTP]
    register_connectors(_Paused(one, answer, pause_ms / 1000) for one in sources)
    marks = [("begin", time.perf_counter())]
    actor, made = _drawn_up(orders)
    marks.append(("mandates drawn up and signed", time.perf_counter()))
    started = _started(actor, made)
    marks.append(("orders requested and started", time.perf_counter()))
    asked = _asked([one.name for one in sources])
    marks.append(("sources asked", time.perf_counter()))
    _reported(actor, started)
    marks.append(("reports issued", time.perf_counter()))
    print(f"{orders} orders, {asked:,} queries, {len(sources)} sources, {pause_ms} ms a query\n")
    print("| | seconds | orders/s |\n|---|---:|---:|")
    for (_, before), (name, after) in pairwise(marks):
        print(f"| {name} | {after - before:.1f} | {orders / (after - before):.1f} |")
    whole = marks[-1][1] - marks[1][1]
    print(f"| from request to report | {whole:.1f} | {orders / whole:.1f} |")
    load = os.getloadavg()
    print(f"\n{os.cpu_count()} cores, load of the machine at the end {load[0]:.1f}.")


def _drawn_up(orders: int) -> "tuple[Actor, list[tuple[int, int]]]":
    """Households of adults with a mandate that everybody has signed: (household, mandate)."""
    from jiuzhu.core.actors import system_actor
    from jiuzhu.core.errors import Refusal
    from jiuzhu.rooms.registry.permissions import Permission as Registry
    from jiuzhu.rooms.registry.queries import list_households
    from jiuzhu.rooms.verification import actions, queries
    from jiuzhu.rooms.verification.permissions import Permission
    from jiuzhu.rooms.verification.states import SignatureMethod, SignedBy

    actor = system_actor("benchmark", permissions=[*Permission, *Registry])
    at = datetime.now(UTC)
    found: list[tuple[int, int]] = []
    after = ""
    while len(found) < orders:
        page = list_households(actor=actor, on=at.date(), after=after, size=100)
        for home in page.rows:
            if len(found) >= orders:
                break
            mandate = actions.draw_up_mandate(
                actor=actor,
                at=at,
                household_id=home.id,
                programmes=["dibao"],
                purpose="申请低保",
                valid_from=at.date() - timedelta(days=1),
                valid_to=at.date() + timedelta(days=30),
                covers_reviews=True,
            )
            try:
                for one in queries.mandate(actor=actor, at=at, mandate_id=mandate).signatures:
                    actions.sign_mandate(
                        actor=actor,
                        at=at,
                        mandate_id=mandate,
                        person_id=one.person_id,
                        signed_by=SignedBy.SELF,
                        method=SignatureMethod.UNIFIED_IDENTITY,
                        signer_name=one.name,
                    )
            except Refusal:
                continue  # somebody under age: another household
            found.append((home.id, mandate))
        after = page.next_after or ""
        if not after:
            break
    return actor, found


def _started(actor: "Actor", made: list[tuple[int, int]]) -> list[int]:
    from jiuzhu.rooms.verification import actions
    from jiuzhu.rooms.verification.states import Occasion

    started = []
    for household, mandate in made:
        order = actions.request_order(
            actor=actor,
            at=datetime.now(UTC),
            household_id=household,
            mandate_id=mandate,
            programmes=["dibao"],
            occasion=Occasion.REVIEW,
            purpose="申请低保",
            asking_office="核对中心",
        )
        actions.start_order(actor=actor, at=datetime.now(UTC), order_id=order)
        started.append(order)
    return started


def _asked(sources: list[str]) -> int:
    from django.db import connections

    from jiuzhu.journeys.verify import ask_source

    def one(source: str) -> int:
        try:
            return ask_source(source, clock=lambda: datetime.now(UTC))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(_WORKERS) as workers:
        return sum(workers.map(one, sources))


def _reported(actor: "Actor", orders: list[int]) -> None:
    from jiuzhu.rooms.verification import actions

    for order in orders:
        actions.report_order(actor=actor, at=datetime.now(UTC), order_id=order)


if __name__ == "__main__":
    main()
