"""Populations from tables that any office can make: read as case files are written, every bad cell named (X2)."""

from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pytest
from tests.engine.packs import write_packs

from jiuzhu.engine.backends.tables import read_tables
from jiuzhu.engine.packs.loading import load
from jiuzhu.engine.packs.model import PackSet
from jiuzhu.engine.population.problems import PopulationError

ON = date(2026, 9, 1)
HOUSEHOLDS = "household,division,urban,cars\n7,370902001001,yes,1\n3,370911100201,no,\n"
PERSONS = """household,person,birth_date,wage_yuan_year,illness,student
3,31,1950-06-30,,severe,no
7,71,1980-01-01,12000.50,none,
7,72,2015-06-01,0,,yes
"""


@pytest.fixture
def packs(tmp_path: Path) -> PackSet:
    """The sample packs."""
    return load([write_packs(tmp_path / "packs")])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with two tables."""
    made = tmp_path / "tables"
    made.mkdir()
    (made / "household.csv").write_text(HOUSEHOLDS, encoding="utf-8")
    (made / "person.csv").write_text(PERSONS, encoding="utf-8")
    return made


def test_cells_are_read_as_in_case_files_and_empty_is_unknown(packs: PackSet, folder: Path) -> None:
    found = read_tables(packs, folder, on=ON)
    assert found.households.tolist() == [7, 3]
    assert found.divisions.tolist() == [370902001001, 370911100201]
    assert found.counts["person"].tolist() == [2, 1]
    assert found.counts["supporter"].tolist() == [0, 0]
    assert found.numbers["person"].tolist() == [71, 72, 31]
    cars = found.columns["household", "cars"]
    assert (cars.values.tolist(), np.asarray(cars.unknown).tolist()) == ([1, 0], [False, True])
    wages = found.columns["person", "wage_yuan_year"]
    assert (wages.values.tolist(), np.asarray(wages.unknown).tolist()) == ([1200050, 0, 0], [False, False, True])
    assert found.columns["person", "birth_date"].values.tolist() == [19800101, 20150601, 19500630]
    illness = found.columns["person", "illness"]
    assert (illness.values.tolist(), np.asarray(illness.unknown).tolist()) == ([0, 0, 2], [False, True, False])


def test_parquet_is_read_too(packs: PackSet, folder: Path) -> None:
    (folder / "household.csv").unlink()
    query = "SELECT 7 AS household, 370902001001 AS division, 'yes' AS urban UNION ALL SELECT 3, 370911100201, 'no'"
    with duckdb.connect() as con:
        con.execute(f"COPY ({query} ORDER BY household DESC) TO '{folder}/household.parquet' (FORMAT parquet)")
    assert read_tables(packs, folder, on=ON).households.tolist() == [7, 3]


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("person", "1950-06-30", "1950-02-31", "person.birth_date, row 0: found 1950-02-31"),
        ("person", "12000.50", "12,000", "person"),
        ("person", "12000.50", "12000.505", "at most 2 decimals"),
        ("person", "12000.50", "-1", "person.wage_yuan_year, row 1 (household 7): found -1"),
        ("person", "severe", "mild", "one of none, chronic, severe"),
        ("person", "student", "studnet", "Did you mean student"),
        ("person", "3,31", "4,31", "the number of a household that is there"),
        ("person", "3,31", "x,31", "person.household, row 0: found x, expected a whole number"),
        ("person", "2015-06-01", "2026-09-02", "a day not after 2026-09-01"),
        ("household", "370911100201", "3709", "household.division"),
        ("household", "3,370911100201", "7,370911100201", "each household once"),
        ("household", "7,370902001001,yes", "7,370902001001,", "household.urban"),
        ("household", "household,", "number,", "a column household"),
    ],
)
def test_a_bad_cell_is_named_and_nothing_is_guessed(
    packs: PackSet, folder: Path, file: str, old: str, new: str, message: str
) -> None:
    path = folder / f"{file}.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(PopulationError) as caught:
        read_tables(packs, folder, on=ON)
    assert message in str(caught.value)
    assert all(one.message("zh") for one in caught.value.problems)


def test_a_folder_without_households_is_refused(packs: PackSet, folder: Path) -> None:
    (folder / "household.csv").unlink()
    with pytest.raises(PopulationError, match=r"a file household\.csv"):
        read_tables(packs, folder, on=ON)


def test_a_file_that_is_no_table_is_refused(packs: PackSet, folder: Path) -> None:
    (folder / "household.csv").write_bytes(b"\xff\xfe\x00\x01household\x00")
    with pytest.raises(PopulationError):
        read_tables(packs, folder, on=ON)
