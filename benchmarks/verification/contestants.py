"""The same search by different means. Each is given the folder and an empty one, and says what it matched by number.

A contestant counts and adds up, per person and register, the rows under the person's number (18 characters with a small
or a large x, 15 digits) and name; it counts the rows under the number with another name, and those under another number
or none with the person's name and birth; and writes a row for everybody on the list, zeros where nothing was found.
"""

import resource
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.verification.invented import REGISTERS

VALUES = {
    "vehicles": "CASE WHEN state = 'normal' THEN 1 ELSE 0 END",
    "deposits": "balance_fen",
    "real_estate": "owners",
    "companies": "capital_fen",
    "social_insurance": "amount_fen",
    "deaths": "1",
}
COLUMNS = {
    "vehicles": "state",
    "deposits": "balance_fen",
    "real_estate": "owners",
    "companies": "capital_fen",
    "social_insurance": "amount_fen",
    "deaths": "died_on",
}
Answer = dict[str, Any]
_KEYS = (
    "SELECT id, number AS key FROM p UNION SELECT id, lower(number) FROM p WHERE number LIKE '%X'"
    " UNION SELECT id, substr(number, 1, 6) || substr(number, 9, 9) FROM p WHERE substr(number, 7, 2) = '19'"
)


def _searched(rows: str, value: str) -> str:
    """SQL that both databases understand; `p` are the persons, `k` their numbers as they are written."""
    return (
        "WITH n AS (SELECT k.id, count(*) FILTER (WHERE r.name = p.name) AS matched,"
        f" sum({value}) FILTER (WHERE r.name = p.name) AS total, count(*) FILTER (WHERE r.name <> p.name) AS differs"
        f" FROM {rows} r JOIN k ON k.key = r.number JOIN p ON p.id = k.id GROUP BY k.id),"
        " l AS (SELECT p.id, count(*) AS look"
        f" FROM {rows} r JOIN p ON p.name = r.name AND p.birth = r.birth_date"
        " WHERE NOT EXISTS (SELECT 1 FROM k WHERE k.key = r.number) GROUP BY p.id)"
        " SELECT p.id, p.household, coalesce(matched, 0) AS matched, coalesce(total, 0) AS total,"
        " coalesce(differs, 0) AS differs, coalesce(look, 0) AS look"
        " FROM p LEFT JOIN n USING (id) LEFT JOIN l USING (id)"
    )


def by_engine(folder: Path, out: Path) -> Answer:
    """This project's batch, with its checks, its weights and its findings."""
    import duckdb

    from jiuzhu.engine.bulk.running import Options, run
    from jiuzhu.engine.matching.findings import Finding

    start = time.perf_counter()
    run(folder / "people.parquet", folder / "registers", out / "batch", Options(on=date(2026, 9, 1), threads=2))
    seconds = time.perf_counter() - start
    matched, differs = [], []
    con = duckdb.connect(":memory:")
    for register in REGISTERS:
        row = con.execute(
            "SELECT count(*) FILTER (WHERE verdict = 'match' AND weight IS NULL),"
            f" count(*) FILTER (WHERE bits & {Finding.NAME_DIFFERS.bit} > 0)"
            f" FROM '{out}/batch/records-{register}.parquet'"
        ).fetchall()[0]
        matched.append(row[0])
        differs.append(row[1])
    return _answer(seconds, matched, differs)


def by_duckdb(folder: Path, out: Path) -> Answer:
    """SQL by hand in DuckDB, as much memory as it likes."""
    import duckdb

    start = time.perf_counter()
    con = duckdb.connect(":memory:", config={"threads": 2, "preserve_insertion_order": False})
    con.execute("SET enable_progress_bar = false")
    con.execute(
        "CREATE TABLE p AS SELECT file_row_number AS id, household, number, name,"
        " CAST(strptime(substr(number, 7, 8), '%Y%m%d') AS DATE) AS birth"
        f" FROM read_parquet('{folder}/people.parquet', file_row_number = true)"
    )
    con.execute(f"CREATE TABLE k AS {_KEYS}")
    matched, differs = [], []
    for register in REGISTERS:
        rows = f"read_parquet('{folder}/registers/{register}.parquet')"
        con.execute(f"COPY ({_searched(rows, VALUES[register])}) TO '{out}/{register}.parquet' (COMPRESSION zstd)")
    seconds = time.perf_counter() - start
    for register in REGISTERS:
        row = con.execute(f"SELECT sum(matched), sum(differs) FROM '{out}/{register}.parquet'").fetchall()[0]
        matched.append(int(row[0]))
        differs.append(int(row[1]))
    return _answer(seconds, matched, differs)


def by_pandas(folder: Path, out: Path) -> Answer:
    """Data frames, one register after the other."""
    import pandas as pd
    from pyarrow import parquet

    start = time.perf_counter()
    people = pd.read_parquet(folder / "people.parquet")
    people["id"] = people.index
    people["birth_date"] = pd.to_datetime(people["number"].str[6:14], format="%Y%m%d").astype("datetime64[ms]")
    number = people["number"]
    keys = pd.concat(
        [
            people[["id", "number"]],
            people.loc[number.str.endswith("X"), ["id"]].assign(number=number.str.lower()),
            people.loc[number.str[6:8] == "19", ["id"]].assign(number=number.str[:6] + number.str[8:17]),
        ]
    ).merge(people[["id", "name"]].rename(columns={"name": "own"}), on="id")
    matched, differs = [], []
    for register in REGISTERS:
        # days as numbers: as objects of Python they take several times as long
        rows = parquet.read_table(
            folder / "registers" / f"{register}.parquet", columns=["number", "name", "birth_date", COLUMNS[register]]
        ).to_pandas(date_as_object=False)
        if register in ("vehicles", "deaths"):
            rows["value"] = (rows["state"] == "normal").astype("int64") if register == "vehicles" else 1
        else:
            rows["value"] = rows[COLUMNS[register]]
        own = rows.merge(keys, on="number")
        same = own["name"] == own["own"]
        found = people[["id", "household"]].set_index("id")
        grouped = own[same].groupby("id")["value"]
        found["matched"], found["total"] = grouped.size(), grouped.sum()
        found["differs"] = own[~same].groupby("id").size()
        rest = rows[~rows["number"].isin(keys["number"])]
        found["look"] = rest.merge(people[["id", "name", "birth_date"]], on=["name", "birth_date"]).groupby("id").size()
        found = found.fillna(0)
        found.to_parquet(out / f"{register}.parquet", compression="zstd")
        matched.append(int(found["matched"].sum()))
        differs.append(int(found["differs"].sum()))
    return _answer(time.perf_counter() - start, matched, differs)


def by_postgres(folder: Path, out: Path) -> Answer:
    """Plain SQL in PostgreSQL, its tables loaded and analysed before; the load is told apart."""
    import psycopg

    from jiuzhu.groundwork.database import embedded

    server = folder / "postgres"
    dsn = embedded.start(server, durable=False)
    start = time.perf_counter()
    loaded = 0.0
    matched, differs = [], []
    with psycopg.connect(dsn, autocommit=True) as con, _memory_of(con) as peak:
        con.execute("SET work_mem = '1GB'")
        con.execute("SET max_parallel_workers_per_gather = 2")
        if con.execute("SELECT to_regclass('done')").fetchone() == (None,):
            _load(con, folder)
            loaded = time.perf_counter() - start
        for table in ("p", "k"):
            con.execute(f"DROP TABLE IF EXISTS {table}")
        start = time.perf_counter()
        con.execute(
            "CREATE UNLOGGED TABLE p AS SELECT row_number() OVER () AS id, household, number, name,"
            " to_date(substr(number, 7, 8), 'YYYYMMDD') AS birth FROM people"
        )
        con.execute(f"CREATE UNLOGGED TABLE k AS {_KEYS}")
        con.execute("ANALYZE p, k")
        for register in REGISTERS:
            con.execute(f"DROP TABLE IF EXISTS answer_{register}")
            con.execute(f"CREATE UNLOGGED TABLE answer_{register} AS {_searched(register, VALUES[register])}")
        seconds = time.perf_counter() - start
        for register in REGISTERS:
            row = con.execute(f"SELECT sum(matched), sum(differs) FROM answer_{register}").fetchone() or (0, 0)
            matched.append(int(row[0]))
            differs.append(int(row[1]))
    embedded.stop(server)
    return {**_answer(seconds, matched, differs), "cpu": None, "peak_mb": peak[0], "load": loaded}


def _load(con: Any, folder: Path) -> None:
    import duckdb

    kinds = {"VARCHAR": "text", "BIGINT": "bigint", "INTEGER": "integer", "DATE": "date"}
    source = duckdb.connect(":memory:", config={"threads": 1})
    source.execute("SET enable_progress_bar = false")
    for table, file in (
        ("people", folder / "people.parquet"),
        *((one, folder / "registers" / f"{one}.parquet") for one in REGISTERS),
    ):
        columns = source.execute(f"DESCRIBE SELECT * FROM '{file}'").fetchall()
        con.execute(f"DROP TABLE IF EXISTS {table}")
        con.execute(f"CREATE UNLOGGED TABLE {table} ({', '.join(f'{one[0]} {kinds[one[1]]}' for one in columns)})")
        texts = " || chr(9) || ".join(f"CAST({one[0]} AS VARCHAR)" for one in columns)
        rows = source.execute(
            f"SELECT string_agg({texts}, chr(10)) FROM"
            " (SELECT *, file_row_number // 10000 AS piece"
            f" FROM read_parquet('{file}', file_row_number = true)) GROUP BY piece"
        )
        with con.cursor().copy(f"COPY {table} FROM STDIN") as copy:
            while batch := rows.fetchmany(50):
                for (text,) in batch:
                    copy.write(text + "\n")
        con.execute(f"ANALYZE {table}")
    con.execute("CREATE TABLE done ()")


@contextmanager
def _memory_of(con: Any) -> Iterator[list[int]]:
    """The most that the processes of the server hold for themselves, with the shared buffers, in MB."""
    import psutil

    peak, going = [0], threading.Event()
    (pid,) = con.execute("SELECT pg_backend_pid()").fetchone()
    parent = psutil.Process(pid).parent()

    def look() -> None:
        while not going.wait(0.2):
            held = 0
            for one in parent.children():
                try:
                    memory = one.memory_info()
                    held += memory.rss - memory.shared
                except psutil.Error:
                    continue
            peak[0] = max(peak[0], held // 1_000_000 + 512)

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    try:
        yield peak
    finally:
        going.set()
        watcher.join()


def _answer(seconds: float, matched: list[int], differs: list[int]) -> Answer:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return {
        "seconds": seconds,
        "cpu": time.process_time(),
        "peak_mb": peak,
        "matched": matched,
        "differs": differs,
    }


CONTESTANTS: dict[str, Callable[[Path, Path], Answer]] = {
    "jiuzhu": by_engine,
    "DuckDB by hand": by_duckdb,
    "pandas": by_pandas,
    "PostgreSQL": by_postgres,
}
