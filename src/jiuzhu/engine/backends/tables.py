"""Populations from tables: one CSV or Parquet file for each entity, as any office can make them.

`household.csv` has a column `household` (a number), a column `division` (12 digits) and columns named as facts;
`person.csv` and those of other entities have `household`, and `person` where members have numbers of their own. Cells
are written as in case files: yuan, not fen; 2026-07-01; yes and no; an empty cell is unknown.
"""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import duckdb
import numpy as np

from jiuzhu.engine.backends.dialects import DUCKDB
from jiuzhu.engine.backends.duck import connect
from jiuzhu.engine.kinds import Base, Kind, NotOfKindError
from jiuzhu.engine.packs.model import ROOT, PackSet
from jiuzhu.engine.population.gathering import gather
from jiuzhu.engine.population.model import Population, Values
from jiuzhu.engine.population.problems import SHOWN, RowProblem, RowProblems
from jiuzhu.engine.problems import nearest
from jiuzhu.engine.program.nodes import Key

_ENDINGS = ("csv", "parquet")
_DIVISION = "division"


def read_tables(packs: PackSet, folder: Path, *, on: date) -> Population:
    """The population of a folder's tables, as it was known on a day.

    Raises:
        PopulationError: a table, column or cell cannot be used; the first of each column are named with their rows.
    """
    problems = RowProblems()
    tables = {entity: _Table(packs, entity, folder, problems) for entity in packs.entities}
    if ROOT not in tables or not tables[ROOT].columns:
        _refuse(problems, ROOT, "", "", ("table.missing", "household.csv 或 household.parquet", "a file household.csv"))
    problems.raise_if_any()
    facts: dict[Key, Values] = {}
    for table in tables.values():
        facts |= table.facts()
    numbers = {entity: table.numbers(ROOT) for entity, table in tables.items() if table.columns}
    own = {
        entity: table.numbers(entity) for entity, table in tables.items() if entity != ROOT and entity in table.columns
    }
    divisions = tables[ROOT].numbers(_DIVISION)
    problems.raise_if_any()
    return gather(
        packs,
        taken_on=on,
        households=numbers.pop(ROOT),
        divisions=divisions,
        owners=numbers,
        facts=facts,
        numbers=own,
    )


class _Table:
    """The columns of an entity's file as text; none when there is no file."""

    def __init__(self, packs: PackSet, entity: str, folder: Path, problems: RowProblems) -> None:
        self.packs, self.entity, self.problems = packs, entity, problems
        self.columns: Mapping[str, Values] = {}
        file = next((path for end in _ENDINGS if (path := folder / f"{entity}.{end}").is_file()), None)
        if file is None:
            return
        try:
            self.columns = _read(file)
        except duckdb.Error as error:
            first = str(error).splitlines()[0]
            _refuse(problems, entity, "", first, ("table.unreadable", f"可读的 {file.name}", f"a readable {file.name}"))
            return
        for name in (ROOT, _DIVISION) if entity == ROOT else (ROOT,):
            if name not in self.columns:
                _refuse(problems, entity, name, "", ("column.missing", f"列 {name}", f"a column {name}"))
        known = [name for of, name in packs.variables if of == entity and packs.variables[of, name].source]
        for name in self.columns.keys() - {ROOT, _DIVISION, entity, *known}:
            zh, en = nearest(name, known)
            _refuse(problems, entity, name, name, ("fact.unknown", f"事实的名称{zh}", f"the name of a fact{en}"))

    def facts(self) -> dict[Key, Values]:
        """The facts of the table, as they are held in memory."""
        found: dict[Key, Values] = {}
        for name, texts in self.columns.items():
            variable = self.packs.variables.get((self.entity, name))
            if variable is not None and variable.source is not None:
                found[self.entity, name] = self.encoded(name, texts, variable.kind)
        return found

    def encoded(self, name: str, texts: Values, kind: Kind) -> Values:
        """Each different text is read once."""
        different, places = np.unique(np.ma.getdata(texts).astype(str), return_inverse=True)
        values: Values = np.zeros(len(different), dtype=np.bool_ if kind.base is Base.TRUTH else np.int64)
        wrong: dict[int, NotOfKindError] = {}
        for at, text in enumerate(different.tolist()):
            if text:
                try:
                    values[at] = kind.encode(text)
                except NotOfKindError as error:
                    wrong[at] = error
        self.refuse_rows(name, texts, places, wrong)
        return np.ma.MaskedArray(values[places], mask=(different == "")[places])

    def refuse_rows(self, name: str, texts: Values, places: Values, wrong: Mapping[int, NotOfKindError]) -> None:
        if not wrong:
            return
        rows = np.flatnonzero(np.isin(places, list(wrong)))
        self.problems.add(
            [
                RowProblem(
                    self.entity,
                    name,
                    row,
                    0,
                    str(texts[row]),
                    "fact.text",
                    wrong[int(places[row])].zh,
                    str(wrong[int(places[row])]),
                )
                for row in rows[:SHOWN].tolist()
            ],
            len(rows),
        )

    def numbers(self, name: str) -> Values:
        """A column of whole numbers none of which is missing."""
        texts = np.ma.getdata(self.columns.get(name, np.zeros(0, dtype="U1"))).astype(str)
        good = np.char.isdigit(texts) & (np.char.str_len(texts) <= 18) if len(texts) else np.zeros(0, dtype=np.bool_)
        rows = np.flatnonzero(~good)
        expected = ("number.range", "整数", "a whole number")
        self.problems.add(
            [RowProblem(self.entity, name, row, 0, str(texts[row]), *expected) for row in rows[:SHOWN].tolist()],
            len(rows),
        )
        return np.where(good, texts, "0").astype(np.int64)


def _read(file: Path) -> Mapping[str, Values]:
    """All columns as text, empty where nothing stands."""
    source = str(file).replace("'", "''")
    reader = f"read_csv('{source}', all_varchar = true, header = true, null_padding = false)"
    if file.suffix == ".parquet":
        reader = f"read_parquet('{source}')"
    with connect(files=[file], in_order=True) as con:
        names = [row[0] for row in con.execute(f"DESCRIBE SELECT * FROM {reader}").fetchall()]  # noqa: S608
        listed = ", ".join(
            f"trim(coalesce(CAST({DUCKDB.name_of(name)} AS VARCHAR), '')) AS {DUCKDB.name_of(name)}" for name in names
        )
        return dict(con.execute(f"SELECT {listed} FROM {reader}").fetchnumpy())  # noqa: S608


def _refuse(problems: RowProblems, entity: str, fact: str, value: str, expected: tuple[str, str, str]) -> None:
    problems.add([RowProblem(entity, fact, -1, 0, value, *expected)], 1)
