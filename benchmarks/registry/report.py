"""The tables: each operation against the rate to beat and the aim, and each city against the smallest of the run."""

from collections.abc import Iterable, Sequence

from benchmarks.registry.results import Measured, Timing


def tables(cities: Sequence[Measured]) -> str:
    """Everything as Markdown."""
    parts = [_times(one) for one in cities]
    parts += [_growth(cities[0], one) for one in cities[1:]]
    parts.append(_sizes(cities))
    return "\n\n".join(parts) + "\n"


def _times(city: Measured) -> str:
    rows = [
        [
            one.what,
            f"{one.p50_ms:.1f}",
            f"{one.p95_ms:.1f}",
            "" if one.aim_ms is None else f"< {one.aim_ms:g}",
            f"{one.per_second:,.0f}",
            "" if one.beat is None else f"{one.beat:g}",
            "" if one.beat is None else f"{one.per_second / one.beat:.1f}×",
            f"{one.p50_ms / city.empty.p50_ms:.1f}×",
        ]
        for one in (city.empty, *city.timings)
    ]
    head = ["operation", "p50 ms", "p95 ms", "aim", "per second", "to beat", "ratio", "p50 : empty request"]
    return f"### {city.persons:,} people, {city.households:,} households\n\n{_table(head, rows)}"


def _growth(small: Measured, large: Measured) -> str:
    rows = [
        [after.what, f"{after.p50_ms / before.p50_ms:.2f}×", f"{after.p95_ms / before.p95_ms:.2f}×"]
        for before, after in zip(_all(small), _all(large), strict=True)
    ]
    title = f"### Growth from {small.persons:,} to {large.persons:,} people ({large.persons / small.persons:.1f}×)"
    return f"{title}\n\n{_table(['operation', 'p50', 'p95'], rows)}"


def _all(city: Measured) -> tuple[Timing, ...]:
    return (city.empty, *city.timings)


def _sizes(cities: Iterable[Measured]) -> str:
    rows = [
        [
            f"{city.persons:,}",
            f"{city.memory.client_mb:,}",
            "" if city.memory.backend_mb is None else f"{city.memory.backend_mb:,}",
            city.memory.shared_buffers,
            f"{city.memory.database_mb:,}",
            f"{city.memory.registry_mb:,}",
            f"{city.memory.audit_mb:,}",
            *_load(city),
        ]
        for city in cities
    ]
    head = [
        "people",
        "client MB",
        "its database process MB",
        "shared buffers",
        "database MB",
        "registry MB",
        "audit trail MB",
        "load s",
        "rows loaded",
        "rows/s",
        "largest loader MB",
    ]
    return f"### Memory, disk and load\n\n{_table(head, rows)}"


def _load(city: Measured) -> list[str]:
    if city.load is None:
        return [""] * 4
    load = city.load
    return [f"{load.seconds:,.0f}", f"{load.rows:,}", f"{load.rows / load.seconds:,.0f}", f"{load.memory_mb:,}"]


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
