"""A batch from files to results: register by register, each a piece that stays when the run is ended and begun again.

A register that is missing or refused is unknown for everybody; the others are worked out all the same.
"""

import hashlib
import json
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Any

import duckdb

from jiuzhu import __version__
from jiuzhu.engine.backends.duck import MEMORY, SPILL, connect
from jiuzhu.engine.bulk.files import ENDINGS, Limits, Told, fingerprint, manifest_of
from jiuzhu.engine.bulk.people import PEOPLE, Listed, read_people
from jiuzhu.engine.bulk.problems import FileProblem, FileRefused, refuse
from jiuzhu.engine.bulk.registers import REGISTERS, Register
from jiuzhu.engine.bulk.results import PERSONS, ResultState, figures_file, records_file
from jiuzhu.engine.bulk.searching import search
from jiuzhu.engine.bulk.sources import open_source
from jiuzhu.engine.matching.findings import Finding
from jiuzhu.engine.matching.weights import GIVEN, Weights

SUMMARY, PIECES, FORM = "summary.json", "pieces.json", 1
LIST_LIMITS = Limits(file_bytes=200_000_000, unpacked_bytes=400_000_000, rows=5_000_000)
_WORK = "work"


class RegisterState(StrEnum):
    """What became of a register."""

    DONE = "done"
    MISSING = "missing"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Options:
    """How a batch runs. `on` is the day of application where the list has none; `stale_days` is a local rule."""

    on: date
    stale_days: int | None = None
    most_wrong: int = 0
    threads: int = 1
    memory: str = MEMORY
    limits: Limits = field(default_factory=Limits)
    weights: Weights = GIVEN


@dataclass(frozen=True, slots=True)
class Piece:
    """What a register gave: counts of rows, of persons by state and by finding; `problems` are those of its file."""

    register: str
    state: RegisterState
    file: str = ""
    as_of: str | None = None
    rows: int = 0
    matched: int = 0
    undecided: int = 0
    without_identity: int = 0
    wrong_rows: int = 0
    ignored: tuple[str, ...] = ()
    persons: Mapping[str, int] = field(default_factory=dict)
    totals: Mapping[str, tuple[int | None, int | None]] = field(default_factory=dict)
    findings: Mapping[str, int] = field(default_factory=dict)
    problems: tuple[FileProblem, ...] = ()


@dataclass(frozen=True, slots=True)
class Batch:
    """A finished batch."""

    folder: Path
    listed: Listed
    pieces: tuple[Piece, ...]


Progress = Callable[[int, int, str], None]
Connection = duckdb.DuckDBPyConnection


def run(
    people: Path,
    registers: Path,
    out: Path,
    options: Options,
    *,
    progress: Progress = lambda _done, _whole, _what: None,
    which: Iterable[str] = tuple(REGISTERS),
) -> Batch:
    """Verify the people of a list against the register files of a folder, into the folder `out`.

    `progress` is told how many pieces are done, of how many, and which comes next; it may end the run by an exception.
    Called again with the same files and options the run goes on after the pieces that are there.

    Raises:
        FileRefused: the list cannot be used, or `out` holds something else.
    """
    wanted = [REGISTERS[code] for code in which]
    told = manifest_of(registers)
    files = {one.code: file for one in wanted if (file := _file_of(registers, one.code)) is not None}
    out.mkdir(parents=True, exist_ok=True)
    key = _key(people, options)
    done = _pieces_of(out, key)
    work = out / _WORK
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    try:
        opening = partial(
            connect,
            threads=options.threads,
            memory=options.memory,
            files=[people, *files.values()],
            folder=out.resolve(),
        )
        with opening() as con, opening(in_order=True) as reader:
            progress(0, len(wanted) + 1, "people")
            listed = _list(con, reader, people, out, options)
            for at, register in enumerate(wanted, 1):
                progress(at, len(wanted) + 1, register.code)
                file = files.get(register.code)
                mark = "" if file is None else fingerprint(file) + repr(told.get(file.name))
                if done.get(register.code, {}).get("mark") != mark:
                    piece = _piece(con, reader, register, file, out, options, told)
                    done[register.code] = {"mark": mark, "piece": _plain(piece)}
                    _write_json(out / PIECES, {"form": FORM, "key": key, "registers": done})
    finally:
        for left in (work, out / SPILL):
            shutil.rmtree(left, ignore_errors=True)
    pieces = tuple(_piece_of(done[register.code]["piece"]) for register in wanted)
    batch = Batch(out, listed, pieces)
    _write_json(out / SUMMARY, plain(batch, options))
    progress(len(wanted) + 1, len(wanted) + 1, "")
    return batch


def plain(batch: Batch, options: Options) -> dict[str, Any]:
    """What a batch was and found, as plain data; it names no person."""
    return {
        "form": FORM,
        "code_version": __version__,
        "on": options.on.isoformat(),
        "list": asdict(batch.listed),
        "registers": {one.register: _plain(one) for one in batch.pieces},
    }


def _file_of(folder: Path, code: str) -> Path | None:
    found = [file for ending in ENDINGS if (file := folder / f"{code}.{ending}").is_file()]
    if len(found) > 1:
        raise refuse(
            found[1].name,
            "file.twice",
            f"与{found[0].name}是同一登记，请只留一个文件",
            f"{found[0].name} is the same register; keep one of the two files",
        )
    return found[0] if found else None


def _key(people: Path, options: Options) -> str:
    if not people.is_file():
        raise refuse(people.name, "file.missing", "名单文件不存在", "there is no such list")
    told = (options.on, options.stale_days, options.most_wrong, options.weights, __version__)
    return hashlib.sha256(f"{fingerprint(people)}:{told!r}".encode()).hexdigest()


def _pieces_of(out: Path, key: str) -> dict[str, Any]:
    file = out / PIECES
    if not file.exists():
        if any(one.name != _WORK for one in out.iterdir()):
            raise refuse(
                out.name,
                "out.used",
                "结果文件夹不是空的，请另选一个",
                "the folder of results is not empty; choose another",
            )
        _write_json(file, {"form": FORM, "key": key, "registers": {}})
        return {}
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
        if found["form"] == FORM and found["key"] == key:
            return dict(found["registers"])
    except (ValueError, KeyError, TypeError):
        pass
    raise refuse(
        out.name,
        "out.other",
        "结果文件夹属于另一批核对（名单或参数不同），请另选一个",
        "the folder holds another batch (another list or other options); choose another",
    )


def _list(con: Connection, reader: Connection, people: Path, out: Path, options: Options) -> Listed:
    source = open_source(reader, people, PEOPLE, work=out / _WORK, limits=LIST_LIMITS)
    listed = read_people(con, source, options.weights, on=options.on)
    con.execute(
        f"COPY (SELECT id, household, bits FROM persons ORDER BY id) TO {_text(out / PERSONS)} (COMPRESSION zstd)"  # noqa: S608
    )
    return listed


def _piece(
    con: Connection,
    reader: Connection,
    register: Register,
    file: Path | None,
    out: Path,
    options: Options,
    manifest: Mapping[str, Told],
) -> Piece:
    for stale in (figures_file(out, register.code), records_file(out, register.code)):
        stale.unlink(missing_ok=True)
    if file is None:
        return Piece(register.code, RegisterState.MISSING)
    told = manifest.get(file.name, Told())
    try:
        source = open_source(
            reader,
            file,
            register.columns,
            work=out / _WORK,
            limits=options.limits,
            told=told,
            most_wrong=options.most_wrong,
        )
    except FileRefused as refused:
        return Piece(
            register.code, RegisterState.REFUSED, file.name, wrong_rows=refused.total, problems=refused.problems
        )
    found = search(con, register, source, options.weights)
    _write(con, register, out, told.as_of, options.stale_days)
    for used in source.files:
        if used.parent == out / _WORK:
            used.unlink(missing_ok=True)
    return Piece(
        register.code,
        RegisterState.DONE,
        file.name,
        None if told.as_of is None else told.as_of.isoformat(),
        rows=found.rows,
        matched=found.matched,
        undecided=found.undecided,
        without_identity=found.without_identity,
        wrong_rows=source.wrong_rows,
        ignored=source.ignored,
        persons=_persons_by_state(con),
        totals=_sums(con, register),
        findings=_persons_by_finding(con),
        problems=source.wrong,
    )


def _write(con: Connection, register: Register, out: Path, as_of: date | None, stale_days: int | None) -> None:
    """The figures of everybody on the list: nothing known of who has no number, zero only where nothing was found."""
    bounds = ", ".join(
        f"CASE WHEN unusable THEN NULL ELSE coalesce(low_{item.code}, 0) END AS low_{item.code},"
        f" CASE WHEN unusable THEN NULL WHEN person IS NULL THEN 0 ELSE high_{item.code} END AS high_{item.code}"
        for item in register.items
    )
    day = "CAST(NULL AS DATE)" if as_of is None else f"DATE '{as_of.isoformat()}'"
    con.execute(
        "CREATE OR REPLACE TEMP TABLE figures AS SELECT id AS person, household,"  # noqa: S608
        f" CASE WHEN unusable THEN '{ResultState.UNKNOWN}' WHEN matched > 0 THEN '{ResultState.FOUND}'"
        f" WHEN undecided > 0 THEN '{ResultState.UNDECIDED}' ELSE '{ResultState.NONE_FOUND}' END AS state,"
        " CAST(coalesce(matched + undecided, 0) AS INTEGER) AS records,"
        f" CAST(p.bits | coalesce(t.bits, 0) | {_of_the_day(as_of, stale_days)} AS BIGINT) AS bits,"
        f" {day} AS as_of, {bounds}"
        f" FROM (SELECT *, bits & {Finding.OWN_NUMBER_INVALID.bit} > 0 AS unusable FROM persons) p"
        " LEFT JOIN totals t ON t.person = p.id"
    )
    for table, file in (("figures", figures_file(out, register.code)), ("found", records_file(out, register.code))):
        part = file.with_suffix(".part")
        con.execute(f"COPY {table} TO {_text(part)} (FORMAT parquet, COMPRESSION zstd)")
        part.replace(file)


def _of_the_day(as_of: date | None, stale_days: int | None) -> str:
    """SQL for the findings about the day of the data against that of the application."""
    if as_of is None:
        return str(Finding.UNDATED_DATA.bit)
    later = f"WHEN applied_on < DATE '{as_of.isoformat()}' THEN {Finding.LATER_DATA.bit}"
    old = ""
    if stale_days is not None:
        old = (
            f" WHEN applied_on > DATE '{(as_of + timedelta(days=stale_days)).isoformat()}' THEN {Finding.OLD_DATA.bit}"
        )
    return f"CASE {later}{old} ELSE 0 END"


def _persons_by_state(con: Connection) -> dict[str, int]:
    found = dict(con.execute("SELECT state, count(*) FROM figures GROUP BY state").fetchall())
    return {str(state): found.get(state, 0) for state in ResultState}


def _persons_by_finding(con: Connection) -> dict[str, int]:
    rows = con.execute("SELECT bits, count(*) FROM figures GROUP BY bits").fetchall()
    counts = {one: sum(count for bits, count in rows if bits & one.bit) for one in Finding}
    return {str(one): count for one, count in counts.items() if count}


def _sums(con: Connection, register: Register) -> dict[str, tuple[int | None, int | None]]:
    """Sums over the list: what is sure, and the most possible, which is unknown when it is for one person."""
    listed = ", ".join(
        f"CAST(coalesce(sum(low_{item.code}), 0) AS BIGINT), CASE WHEN count(*) = count(high_{item.code})"
        f" THEN CAST(coalesce(sum(high_{item.code}), 0) AS BIGINT) END"
        for item in register.items
    )
    row = con.execute(f"SELECT {listed} FROM figures").fetchall()[0]  # noqa: S608
    return {item.code: (row[2 * at], row[2 * at + 1]) for at, item in enumerate(register.items)}


def _plain(piece: Piece) -> dict[str, Any]:
    return json.loads(json.dumps(asdict(piece)))  # type: ignore[no-any-return]


def _piece_of(given: Mapping[str, Any]) -> Piece:
    return Piece(
        **{
            **given,
            "state": RegisterState(given["state"]),
            "ignored": tuple(given["ignored"]),
            "totals": {code: (low, high) for code, (low, high) in given["totals"].items()},
            "problems": tuple(FileProblem(**one) for one in given["problems"]),
        }
    )


def _write_json(file: Path, data: Mapping[str, Any]) -> None:
    part = file.with_suffix(".part")
    part.write_text(json.dumps(data, ensure_ascii=False, indent=1), encoding="utf-8")
    part.replace(file)


def _text(file: Path) -> str:
    return "'" + str(file).replace("'", "''") + "'"
