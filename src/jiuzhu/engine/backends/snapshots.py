"""Populations on disk: Parquet files of 65,536 households each, those of the members beside them, and a manifest.

Members stand in the order of their households, so a piece is read and worked out by itself, and no population is too
large for the memory. Only Parquet is kept, never a database's own format, which changes with its version.
"""

import json
import shutil
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from jiuzhu.engine.backends.dialects import DUCKDB
from jiuzhu.engine.backends.duck import MEMORY, Tables, columns_of, connect, missing_facts
from jiuzhu.engine.backends.sql import AREA, HOUSEHOLD, ROW
from jiuzhu.engine.kinds import Base, Kind
from jiuzhu.engine.packs.model import ROOT, PackSet
from jiuzhu.engine.population.digests import PIECE, joined, of_piece
from jiuzhu.engine.population.model import Column, Population, Whole
from jiuzhu.engine.program.compiling import DIVISION, Program
from jiuzhu.engine.program.nodes import Key

MANIFEST, FORM = "manifest.json", 1


class SnapshotError(Exception):
    """A snapshot cannot be used; says which file and why, in both languages."""

    def __init__(self, file: Path, zh: str, en: str) -> None:
        super().__init__(f"{file}: {en}")
        self.file, self.zh, self.en = file, zh, en


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A population on disk: `pieces` are the digests of its pieces, `unknown` the facts unknown for somebody."""

    folder: Path
    taken_on: date
    digest: str
    pieces: tuple[str, ...]
    entities: tuple[str, ...]
    facts: frozenset[Key]
    unknown: frozenset[Key]

    def file(self, entity: str, piece: int) -> Path:
        """The file of an entity's piece."""
        return _file(self.folder, entity, piece)

    def files(self) -> list[Path]:
        """All files but the manifest."""
        return [self.file(entity, piece) for piece in range(len(self.pieces)) for entity in (ROOT, *self.entities)]

    def unknown_facts(self, program: Program) -> set[Key]:
        """The facts of a program that are unknown for somebody."""
        own = {cell.key for cell in program.cells if cell.node is None and cell.key != DIVISION}
        return {key for key in own if key in self.unknown or key not in self.facts}

    def divisions(self) -> Whole:
        """The divisions in which households live, each once."""
        with connect(files=self.files()) as con:
            found = con.execute(f"SELECT DISTINCT {_name(AREA)} FROM {self._read(ROOT)}").fetchnumpy()  # noqa: S608
        return np.ma.getdata(found[AREA])

    def parts(self, facts: Iterable[Key] | None = None) -> Iterator[Population]:
        """One piece after the other with some facts, or all; the next is read while the last is worked on."""
        wanted = self.facts if facts is None else self.facts & set(facts)
        with connect(files=self.files(), in_order=True) as con, ThreadPoolExecutor(1) as reader:
            coming = [reader.submit(self._part, con, 0, wanted)] if self.pieces else []
            for piece in range(len(self.pieces)):
                part = coming.pop().result()
                if piece + 1 < len(self.pieces):
                    coming.append(reader.submit(self._part, con, piece + 1, wanted))
                yield part

    def verify(self) -> None:
        """Read everything and compare it with the manifest.

        Raises:
            SnapshotError: a piece has changed since it was written.
        """
        for at, part in enumerate(self.parts()):
            if of_piece(part) != self.pieces[at]:
                raise SnapshotError(
                    self.file(ROOT, at), "内容与清单不一致。", "its content is not what the manifest says."
                )

    def tables(self, program: Program, *, threads: int = 1, memory: str = MEMORY) -> Tables:
        """The files as tables, in which plans run without reading more than they need."""
        con = connect(threads=threads, memory=memory, files=self.files())
        for entity in (ROOT, *self.entities):
            there = [name for of, name in self.facts if of == entity]
            missing = missing_facts(program, entity, there)
            wide = "".join(f", {self._wide(program, entity, name)}" for name in sorted(there))
            keys = ", ".join(_name(column) for column in (ROW, HOUSEHOLD, *((AREA,) if entity == ROOT else ())))
            con.execute(f"CREATE VIEW {_name(entity)} AS SELECT {keys}{wide}{missing} FROM {self._read(entity)}")  # noqa: S608
        numbers = con.execute(f"SELECT {_name(ROW)}, {_name(HOUSEHOLD)} FROM {_name(ROOT)}").fetchnumpy()  # noqa: S608
        households = np.empty_like(numbers[HOUSEHOLD])
        households[numbers[ROW]] = numbers[HOUSEHOLD]
        return Tables(con, households)

    def _wide(self, program: Program, entity: str, name: str) -> str:
        """Numbers are stored in as few bytes as their range needs, and counted in 64 bits."""
        kind = program.readings[entity, name].variable.kind if (entity, name) in program.readings else None
        column = _name(name)
        return column if kind is None or kind.base is Base.TRUTH else f"CAST({column} AS BIGINT) AS {column}"

    def _read(self, entity: str) -> str:
        return f"read_parquet([{', '.join(_text(self.file(entity, piece)) for piece in range(len(self.pieces)))}])"

    def _part(self, con: duckdb.DuckDBPyConnection, piece: int, facts: frozenset[Key]) -> Population:
        found = {entity: self._columns(con, entity, piece, facts) for entity in (ROOT, *self.entities)}
        own = found[ROOT]
        return Population(
            self.taken_on,
            np.ma.getdata(own[HOUSEHOLD]),
            np.ma.getdata(own[AREA]),
            {entity: np.ma.getdata(own[_count(entity)]) for entity in self.entities},
            {key: _column(found[key[0]][key[1]]) for key in sorted(facts)},
        )

    def _columns(
        self, con: duckdb.DuckDBPyConnection, entity: str, piece: int, facts: frozenset[Key]
    ) -> Mapping[str, Any]:
        columns = [name for of, name in sorted(facts) if of == entity]
        columns += [HOUSEHOLD, AREA, *map(_count, self.entities)] if entity == ROOT else []
        if not columns:
            return {}
        file = self.file(entity, piece)
        try:
            listed = ", ".join(map(_name, columns))
            return con.execute(f"SELECT {listed} FROM read_parquet({_text(file)})").fetchnumpy()  # noqa: S608
        except duckdb.Error as wrong:
            raise SnapshotError(file, "文件读不出来。", "the file cannot be read.") from wrong


def write(parts: Iterable[Population], packs: PackSet, folder: Path) -> Snapshot:
    """Write pieces of `PIECE` households (the last may be smaller), as `Population.parts(PIECE)` gives them.

    `packs` says how large numbers can be. Nothing is half written: the folder appears when everything is in it.

    Raises:
        FileExistsError: there is such a folder already.
    """
    if folder.exists():
        raise FileExistsError(folder)
    building = folder.with_name(f"{folder.name}.part")
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir(parents=True)
    manifest = _written(parts, packs, building)
    (building / MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="utf-8")
    building.rename(folder)
    return open_snapshot(folder)


def open_snapshot(folder: Path) -> Snapshot:
    """The snapshot in a folder.

    Raises:
        SnapshotError: there is none, or it is of another form.
    """
    file = folder / MANIFEST
    try:
        manifest = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as wrong:
        raise SnapshotError(file, "读不出清单。", "the manifest cannot be read.") from wrong
    if not isinstance(manifest, dict) or manifest.get("form") != FORM:
        raise SnapshotError(file, "不是本版本的快照。", "it is not a snapshot of this form.")
    return Snapshot(
        folder,
        date.fromisoformat(manifest["taken_on"]),
        manifest["digest"],
        tuple(manifest["pieces"]),
        tuple(manifest["entities"]),
        frozenset((entity, name) for entity, name in manifest["facts"]),
        frozenset((entity, name) for entity, name in manifest["unknown"]),
    )


def _written(parts: Iterable[Population], packs: PackSet, folder: Path) -> dict[str, Any]:
    pieces: list[str] = []
    facts: set[Key] = set()
    unknown: set[Key] = set()
    entities: list[str] = []
    starts: dict[str, int] = {}
    taken_on = ""
    for at, part in enumerate(parts):
        if at and (len(part) == 0 or facts != set(part.columns)):
            raise ValueError("every part has households, and the same facts")
        entities, facts, taken_on = list(part.counts), set(part.columns), part.taken_on.isoformat()
        unknown |= {key for key, one in part.columns.items() if one.unknown is not None and one.unknown.any()}
        pieces.append(of_piece(part))
        for entity in (ROOT, *entities):
            columns = columns_of(part, entity)
            columns[ROW] = columns[ROW] + starts.get(entity, 0)
            starts[entity] = starts.get(entity, 0) + part.members(entity)
            if entity == ROOT:
                columns |= {_count(member): part.counts[member] for member in entities}
            types = {name: _type(packs.variables[of, name].kind) for of, name in facts if of == entity}
            _save(columns, types, _file(folder, entity, at))
    return {
        "form": FORM,
        "taken_on": taken_on,
        "digest": joined(pieces, taken_on),
        "households": starts.get(ROOT, 0),
        "piece": PIECE,
        "pieces": pieces,
        "entities": entities,
        "facts": sorted(facts),
        "unknown": sorted(unknown),
    }


def _type(kind: Kind) -> str:
    """The narrowest type that holds every value of a kind."""
    if kind.base is Base.TRUTH:
        return "BOOLEAN"
    bits = max(kind.highest, -kind.lowest - 1).bit_length() + 1
    return next(
        name for size, name in ((8, "TINYINT"), (16, "SMALLINT"), (32, "INTEGER"), (64, "BIGINT")) if bits <= size
    )


def _save(columns: Mapping[str, Any], types: Mapping[str, str], file: Path) -> None:
    listed = ", ".join(
        f"CAST({_name(name)} AS {types[name]}) AS {_name(name)}" if name in types else _name(name) for name in columns
    )
    with connect(files=[file], in_order=True) as con:
        con.register("given", dict(columns))
        con.execute(f"COPY (SELECT {listed} FROM given) TO {_text(file)} (FORMAT parquet, COMPRESSION snappy)")  # noqa: S608


def _file(folder: Path, entity: str, piece: int) -> Path:
    return folder / f"{entity}-{piece:05}.parquet"


def _name(name: str) -> str:
    return DUCKDB.name_of(name)


def _text(file: Path) -> str:
    return "'" + str(file).replace("'", "''") + "'"


def _count(entity: str) -> str:
    return f"#count {entity}"


def _column(values: Any) -> Column:
    mask = np.ma.getmaskarray(values) if isinstance(values, np.ma.MaskedArray) else None
    data = np.ma.getdata(values)
    whole = data if data.dtype == np.bool_ else data.astype(np.int64, copy=False)
    if mask is None or not mask.any():
        return Column(whole)
    return Column(np.where(mask, 0, whole).astype(whole.dtype, copy=False), mask)
