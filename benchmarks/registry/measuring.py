"""Measuring a city that is open: times of every operation, memory, sizes on disk. Django is set up before."""

import time
from statistics import quantiles

import psutil
from benchmarks.registry.operations import EMPTY, Operation, operations, send
from benchmarks.registry.results import Load, Measured, Memory, Plan, Timing
from benchmarks.registry.samples import Samples
from django.db import connection, connections

from jiuzhu.demo.loading import journal

_MB = 1 << 20
_SIZES = """
SELECT pg_database_size(current_database()),
       (SELECT sum(pg_total_relation_size(oid)) FROM pg_class WHERE relkind = 'r' AND relname LIKE 'registry%'),
       (SELECT sum(pg_total_relation_size(oid)) FROM pg_class WHERE relkind = 'r' AND relname LIKE 'audit%')
"""


def measure(plan: Plan, load: Load | None) -> Measured:
    """Ask every operation so many times, those that write last."""
    known = journal.standing()
    if known is None:
        raise LookupError("no city is loaded")
    samples = Samples(plan.seed, known.as_of)
    empty = _time(EMPTY, samples, plan)
    timings = tuple(_time(one, samples, plan) for one in sorted(operations(), key=lambda one: one.writes))
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version')")
        (version,) = cursor.fetchone()
    return Measured(known.persons, known.households, empty, timings, _memory(), load, f"PostgreSQL {version}")


def _time(operation: Operation, samples: Samples, plan: Plan) -> Timing:
    requests = [operation.make(samples, one) for one in samples.people(plan.warm_up + plan.repetitions)]
    for request in requests[: plan.warm_up]:
        send(request)
    times = []
    for request in requests[plan.warm_up :]:
        began = time.perf_counter()
        send(request)
        times.append(1000 * (time.perf_counter() - began))
    cuts = quantiles(times, n=100, method="inclusive")
    return Timing(
        what=operation.what,
        beat=operation.beat,
        aim_ms=operation.aim_ms,
        repetitions=len(times),
        p50_ms=cuts[49],
        p95_ms=cuts[94],
        per_second=1000 * len(times) / sum(times),
    )


def _memory() -> Memory:
    with connections["owner"].cursor() as cursor:
        cursor.execute(_SIZES)
        database, registry, audit = cursor.fetchone()
        cursor.execute("SHOW shared_buffers")
        (buffers,) = cursor.fetchone()
    return Memory(
        client_mb=psutil.Process().memory_info().rss // _MB,
        backend_mb=_backend_mb(),
        shared_buffers=buffers,
        database_mb=database // _MB,
        registry_mb=registry // _MB,
        audit_mb=audit // _MB,
    )


def _backend_mb() -> int | None:
    """What the process that answered holds for itself alone."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (number,) = cursor.fetchone()
    try:
        process = psutil.Process(number)
        memory = process.memory_info()
        return (memory.rss - memory.shared) // _MB if "postgres" in process.name() else None
    except psutil.Error:
        return None
