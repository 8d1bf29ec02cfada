"""A program in DuckDB: closed to files and network, but for the files of a snapshot that are named one by one."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

import duckdb
import numpy as np

from jiuzhu.engine.backends.dialects import DUCKDB
from jiuzhu.engine.backends.sql import AREA, HOUSEHOLD, ROW, column_of, emit
from jiuzhu.engine.kinds import Base
from jiuzhu.engine.packs.model import ROOT
from jiuzhu.engine.population.figures import Figures
from jiuzhu.engine.population.model import Population, Values, Whole
from jiuzhu.engine.population.planning import Plan
from jiuzhu.engine.program.compiling import DIVISION, Program
from jiuzhu.engine.program.nodes import Key

MEMORY, SPILL = "1GB", "spill"


def connect(
    *,
    threads: int = 1,
    memory: str = MEMORY,
    files: Iterable[Path] = (),
    in_order: bool = False,
    folder: Path | None = None,
) -> duckdb.DuckDBPyConnection:
    """A database in memory that opens these files, no others, no network, and takes no variable of the program.

    With a `folder` it may also read and write what lies in there, and puts there what does not fit into the memory.
    """
    config: dict[str, str | bool | int | float | list[str]] = {
        "threads": threads,
        "memory_limit": memory,
        "preserve_insertion_order": in_order,
    }
    con = duckdb.connect(":memory:", config=config)
    listed = ", ".join(_text(str(file)) for file in files)
    for setting in (
        f"allowed_paths = [{listed}]",
        *_own_folder(folder),
        "enable_progress_bar = false",
        "python_enable_replacements = false",
        "enable_external_access = false",
        "lock_configuration = true",
    ):
        con.execute(f"SET {setting}")
    return con


def _own_folder(folder: Path | None) -> list[str]:
    if folder is None:
        return []
    return [f"allowed_directories = [{_text(str(folder))}]", f"temp_directory = {_text(str(folder / SPILL))}"]


def columns_of(population: Population, entity: str) -> dict[str, Values]:
    """An entity as columns of a table; what is unknown is masked."""
    columns: dict[str, Values] = {ROW: np.arange(population.members(entity))}
    if entity == ROOT:
        columns |= {HOUSEHOLD: population.households, AREA: population.divisions}
    else:
        columns[HOUSEHOLD] = np.repeat(population.households, population.counts[entity])
    for (of, name), column in population.columns.items():
        if of == entity:
            mask = column.unknown
            columns[name] = column.values if mask is None else np.ma.masked_array(column.values, mask)
    return columns


class Tables:
    """Tables of households and members, in which plans run."""

    def __init__(self, con: duckdb.DuckDBPyConnection, households: Whole) -> None:
        self.con, self.households = con, households

    def __enter__(self) -> "Tables":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.con.close()

    def run(self, plan: Plan) -> Figures:
        """Work out what a plan asks for."""
        found: dict[Key, Values] = {}
        for entity in plan.program.entities:
            outputs = plan.outputs_of(entity)
            if outputs:
                found |= _in_order(self.con.execute(emit(plan, entity)).fetchnumpy(), outputs)
        return Figures(self.households, found)


def tables_of(population: Population, program: Program, *, threads: int = 1, memory: str = MEMORY) -> Tables:
    """A population as tables in memory, with all facts of a program."""
    return load(connect(threads=threads, memory=memory), population, program)


def load(con: duckdb.DuckDBPyConnection, population: Population, program: Program) -> Tables:
    """The same in a database that is there; tables of an earlier population are replaced."""
    for entity in program.entities:
        columns = columns_of(population, entity)
        con.register("given", columns)
        missing = missing_facts(program, entity, columns)
        con.execute(f"CREATE OR REPLACE TABLE {_name(entity)} AS SELECT *{missing} FROM given")  # noqa: S608
        con.unregister("given")
    return Tables(con, population.households)


def missing_facts(program: Program, entity: str, there: Iterable[str]) -> str:
    """Columns without values for facts of a program that nobody has given."""
    kinds = {Base.TRUTH: "BOOLEAN"}
    return "".join(
        f", {DUCKDB.nothing(kinds.get(cell.kind.base, 'BIGINT'))} AS {_name(column_of(cell.key))}"
        for cell in program.cells
        if cell.node is None and cell.key != DIVISION and cell.key[0] == entity and cell.key[1] not in there
    )


def _in_order(given: Mapping[str, Any], outputs: tuple[Key, ...]) -> dict[Key, Values]:
    """The columns in the order of the population's rows."""
    rows = given[ROW]
    found: dict[Key, Values] = {}
    for key in outputs:
        values = np.ma.getdata(given[column_of(key)])
        found[key] = np.empty_like(values)
        found[key][rows] = values
    return found


def _name(name: str) -> str:
    return DUCKDB.name_of(name)


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
