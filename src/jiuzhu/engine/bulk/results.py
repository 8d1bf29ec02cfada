"""What a batch found, on disk and as a stream: per person and item the state, the bounds, what is hidden, the day.

The folder holds `persons.parquet`, and per register `figures-….parquet` (a row per person) and `records-….parquet` (a
row per record that is, or can be, somebody's; both by their rows in the files, without numbers or names).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from jiuzhu.engine.backends.duck import connect
from jiuzhu.engine.bulk.registers import Register
from jiuzhu.engine.matching.findings import Finding, findings_of
from jiuzhu.engine.matching.weights import Verdict

PERSONS, CSV = "persons.parquet", "results.csv"
_BATCH = 20_000


class ResultState(StrEnum):
    """What is known of an item; `unknown` is neither zero nor none."""

    FOUND = "found"
    UNDECIDED = "undecided"
    NONE_FOUND = "none_found"
    UNKNOWN = "unknown"


STATES: dict[ResultState, tuple[str, str]] = {
    ResultState.FOUND: ("查有信息", "found"),
    ResultState.UNDECIDED: ("待人工甄别", "a person decides"),
    ResultState.NONE_FOUND: ("查无信息", "none found"),
    ResultState.UNKNOWN: ("情况未知", "unknown"),
}


@dataclass(frozen=True, slots=True)
class Result:
    """One item of one person. `low` is sure, `high` the most possible; None is unknown, or without a bound above."""

    person_row: int
    household: str
    register: str
    item: str
    state: ResultState
    low: int | None
    high: int | None
    records: int
    findings: tuple[Finding, ...]
    as_of: date | None


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a register that is, or can be, a person's; `weight` is there when names were compared."""

    person_row: int
    register: str
    file_row: int
    verdict: Verdict
    weight: float | None
    findings: tuple[Finding, ...]


def figures_file(folder: Path, register: str) -> Path:
    """The figures of a register."""
    return folder / f"figures-{register}.parquet"


def records_file(folder: Path, register: str) -> Path:
    """The records of a register."""
    return folder / f"records-{register}.parquet"


def results(folder: Path, registers: Mapping[str, Register]) -> Iterator[Result]:
    """All results, register by register, in the order of the list; of a register that is not there all is unknown."""
    with connect(folder=folder) as con:
        for register in registers.values():
            cursor = con.execute(results_sql(folder, register))
            while batch := cursor.fetchmany(_BATCH):
                for row, household, code, item, state, low, high, records, bits, as_of in batch:
                    yield Result(
                        row, household, code, item, ResultState(state), low, high, records, findings_of(bits), as_of
                    )


def records(folder: Path, register: str) -> Iterator[Record]:
    """The records of a register, by person."""
    file = records_file(folder, register)
    if not file.exists():
        return
    with connect(folder=folder) as con:
        cursor = con.execute(
            f"SELECT person, row, verdict, weight, bits FROM read_parquet({_text(file)}) ORDER BY person, row"  # noqa: S608
        )
        while batch := cursor.fetchmany(_BATCH):
            for person, row, verdict, weight, bits in batch:
                yield Record(person, register, row, Verdict(verdict), weight, findings_of(bits))


def write_csv(folder: Path, registers: Mapping[str, Register]) -> Path:
    """All results as `results.csv` in the folder, findings as their codes with a blank between."""
    file = folder / CSV
    codes = ", ".join(f"CASE WHEN bits & {one.bit} > 0 THEN '{one}' END" for one in Finding)
    whole = " UNION ALL ".join(f"SELECT * FROM ({results_sql(folder, one)})" for one in registers.values())  # noqa: S608
    with connect(folder=folder, in_order=True) as con:
        con.execute(
            "COPY (SELECT person AS person_row, household, register, item, state, low, high, records,"  # noqa: S608
            f" concat_ws(' ', {codes}) AS findings, as_of FROM ({whole})) TO {_text(file)} (FORMAT csv, HEADER)"
        )
    return file


def results_sql(folder: Path, register: Register) -> str:
    """SQL for the results of a register, a row per person and item."""
    file = figures_file(folder, register.code)
    if not file.exists():
        parts = [
            f"SELECT id AS person, household, '{register.code}' AS register, '{item.code}' AS item,"  # noqa: S608
            f" '{ResultState.UNKNOWN}' AS state, NULL AS low, NULL AS high, 0 AS records, bits, NULL AS as_of,"
            f" {at} AS place FROM read_parquet({_text(folder / PERSONS)})"
            for at, item in enumerate(register.items)
        ]
    else:
        parts = [
            f"SELECT person, household, '{register.code}' AS register, '{item.code}' AS item, state,"  # noqa: S608
            f" low_{item.code} AS low, high_{item.code} AS high, records, bits, as_of, {at} AS place"
            f" FROM read_parquet({_text(file)})"
            for at, item in enumerate(register.items)
        ]
    return (
        "SELECT person, household, register, item, state, low, high, records, bits, as_of"  # noqa: S608
        f" FROM ({' UNION ALL '.join(parts)}) ORDER BY person, place"
    )


def _text(file: Path) -> str:
    return "'" + str(file).replace("'", "''") + "'"
