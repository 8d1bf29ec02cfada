"""A database with a city of the wanted size, made once and kept: on the embedded server, or at DATABASE_URL."""

import hashlib
import json
import os
import resource
import sys
import time
from dataclasses import asdict
from pathlib import Path

import psutil
import psycopg
from benchmarks.registry.results import Load, Measured, Plan


def open_and_measure(plan: Plan, *, load_only: bool) -> Measured | None:
    """Make the city if need be, and measure it unless told otherwise."""
    load = open_city(plan)
    if load_only:
        return None
    from benchmarks.registry.measuring import measure  # only now: its modules want Django set up

    return measure(plan, load)


def open_city(plan: Plan) -> Load | None:
    """Connect Django to the city's database and load what is missing; None when no load of it was measured whole."""
    _connect(plan)
    import django

    django.setup()
    from django.core.management import call_command

    from jiuzhu.demo.loading import journal

    call_command("migrate", database="owner", interactive=False, verbosity=0)
    known = journal.standing()
    kept = plan.var / f"load-{plan.households}.json"
    if known is None:
        kept.unlink(missing_ok=True)
    if known is None or not known.complete:
        load = _load(plan)
        if known is None:
            kept.write_text(json.dumps(asdict(load)), encoding="utf-8")
    return Load(**json.loads(kept.read_text(encoding="utf-8"))) if kept.exists() else None


def _connect(plan: Plan) -> None:
    os.environ["JIUZHU_VAR"] = str(plan.var)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiuzhu.config.settings")
    from jiuzhu.config.environment import read
    from jiuzhu.groundwork.database import cluster

    password = hashlib.sha256(f"benchmark {read().secret_key}".encode()).hexdigest()
    given = os.environ.get("DATABASE_URL")
    if given:
        addresses = cluster.adopt(given, app_password=password)
    else:
        addresses = cluster.prepare(
            _own_server(plan.var / "postgres"), database=f"registry_{plan.households}", app_password=password
        )
    os.environ["DATABASE_URL"], os.environ["DATABASE_APP_URL"] = addresses.owner, addresses.app


def _own_server(folder: Path) -> str:
    """The embedded server with a quarter of the memory as shared buffers, as PostgreSQL advises for servers."""
    from jiuzhu.groundwork.database import embedded

    address = embedded.start(folder)
    wanted = f"{psutil.virtual_memory().total >> 22}MB"
    with psycopg.connect(address, autocommit=True) as connection:
        (found,) = connection.execute(
            "SELECT setting FROM pg_file_settings WHERE name = 'shared_buffers' ORDER BY seqno DESC LIMIT 1"
        ).fetchone() or ("",)
        if found == wanted:
            return address
        connection.execute(f"ALTER SYSTEM SET shared_buffers = '{wanted}'".encode())
    embedded.stop(folder)
    return embedded.start(folder)


def _load(plan: Plan) -> Load:
    from jiuzhu.demo.loading import load_city

    last = ""

    def report(part: str, done: int, total: int) -> None:
        nonlocal last
        line = f"  {part} {done}/{total}"
        if line != last:
            print(line, file=sys.stderr, flush=True)
        last = line

    began = time.perf_counter()
    result = load_city(households=plan.households, seed=plan.seed, processes=plan.processes, report=report)
    seconds = time.perf_counter() - began
    largest = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return Load(
        seconds=seconds,
        rows=_rows(),
        persons=result.standing.persons,
        households=plan.households,
        memory_mb=largest // 1024,
        processes=plan.processes,
    )


def _rows() -> int:
    from django.db import connections

    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT sum(reltuples)::bigint FROM pg_class"
            " WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND reltuples > 0"
        )
        return int(cursor.fetchone()[0])
