"""Whole populations in arrays and in DuckDB: traps of both, snapshots on disk, and what DuckDB may not do (X2 X3)."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest
from tests.engine.packs import FACTS, FORMULAS, write_packs

from jiuzhu.engine.backends import arrays, duck, snapshots, sql
from jiuzhu.engine.backends.dialects import DUCKDB, POSTGRES, SPARK
from jiuzhu.engine.kinds import Outcome
from jiuzhu.engine.packs.loading import load
from jiuzhu.engine.packs.model import PackSet
from jiuzhu.engine.population.digests import PIECE, digest
from jiuzhu.engine.population.figures import Figures
from jiuzhu.engine.population.gathering import gather
from jiuzhu.engine.population.model import Population
from jiuzhu.engine.population.planning import plan_for
from jiuzhu.engine.program.compiling import Program, compile_program

ON = date(2026, 9, 1)
TAISHAN, DAIYUE = 370902001001, 370911100201
ENTITLED, AMOUNT = ("household", "entitled"), ("household", "amount_yuan_month")
_WORDS = "label: 例, label_en: example, basis: sample_law 2"
TRAPS = f"""
household:
  always: {{type: truth, {_WORDS}, formula: 'TRUE'}}
  seven: {{type: count, {_WORDS}, formula: '3 + 4'}}
  not_urban: {{type: truth, {_WORDS}, formula: NOT urban}}
  denied: {{type: count, {_WORDS}, formula: 'count_true(NOT urban, NOT always, NOT not_urban)'}}
  members: {{type: count, {_WORDS}, formula: count_if(person.student OR NOT person.student)}}
  nobody_studies: {{type: truth, {_WORDS}, formula: every(NOT person.student)}}
  somebody_studies: {{type: truth, {_WORDS}, formula: any(person.student)}}
  wages_yuan_year: {{type: yuan_year, {_WORDS}, formula: sum(person.wage_yuan_year)}}
  share_yuan_year:
    {{type: yuan_year, {_WORDS}, formula: CASE WHEN members > 0 THEN wages_yuan_year / members ELSE 0 END}}
  seven_each: {{type: count, {_WORDS}, formula: sum(CASE WHEN person.student THEN household.seven ELSE 7 END)}}
person:
  of_town: {{type: truth, {_WORDS}, formula: household.urban}}
  months: {{type: months, {_WORDS}, formula: months_since(birth_date)}}
"""


def loaded(folder: Path, formulas: str = FORMULAS, facts: str = FACTS) -> tuple[PackSet, Program]:
    """Packs, and their program of the day."""
    packs = load([write_packs(folder, formulas=formulas, facts=facts)])
    return packs, compile_program(packs, on=ON, root="3709")


def city(packs: PackSet, households: int = 200, *, unknown: bool = True) -> Population:
    """Some households of all sizes, none without its traps."""
    random = np.random.default_rng(7)
    numbers = random.permutation(households) + 1
    counts = random.integers(0, 5, households)
    owners = np.repeat(numbers, counts)
    people, supporters = len(owners), numbers[: households // 3]

    def maybe(values: Any) -> Any:
        return np.ma.masked_array(values, random.random(len(values)) < 0.1) if unknown else values

    return gather(
        packs,
        taken_on=ON,
        households=numbers,
        divisions=random.choice([TAISHAN, DAIYUE], households),
        owners={"person": owners, "supporter": supporters},
        facts={
            ("household", "urban"): random.random(households) < 0.5,
            ("household", "cars"): maybe(random.integers(0, 3, households)),
            ("person", "birth_date"): random.choice([19500630, 19800101, 20080901, 20080902, 20150601], people),
            ("person", "wage_yuan_year"): maybe(random.integers(0, 3_000_000, people)),
            ("person", "pension_yuan_month"): maybe(random.integers(0, 100_000, people)),
            ("person", "student"): maybe(random.random(people) < 0.2),
            ("supporter", "income_yuan_year"): maybe(random.integers(-1_000_000, 9_000_000, len(supporters))),
        },
    )


def same(left: Figures, right: Figures) -> bool:
    """Whether two runs found the same of the same households."""
    return left.households.tolist() == right.households.tolist() and all(
        left.cells[key].dtype == right.cells[key].dtype and (left.cells[key] == right.cells[key]).all()
        for key in left.cells.keys() | right.cells.keys()
    )


def in_duckdb(program: Program, people: Population) -> Figures:
    with duck.tables_of(people, program) as tables:
        return tables.run(plan_for(program, people))


def test_arrays_and_duckdb_find_the_same_with_all_sizes_of_pieces_and_threads(tmp_path: Path) -> None:
    packs, program = loaded(tmp_path)
    people = city(packs)
    plan = plan_for(program, people)
    found = arrays.run(plan, people)
    assert not found.known(ENTITLED).all()
    assert found.known(ENTITLED).any()
    for piece, threads in ((1, 1), (7, 2), (200, 2), (1000, 1)):
        assert same(arrays.run(plan, people, piece=piece, threads=threads), found)
    assert same(in_duckdb(program, people), found)


def test_the_traps_of_arrays_and_sql_are_met(tmp_path: Path) -> None:
    packs, program = loaded(tmp_path, TRAPS)
    people = city(packs, unknown=False)
    found = arrays.run(plan_for(program, people), people)
    assert same(in_duckdb(program, people), found)
    cells = {name: values for (entity, name), values in found.cells.items() if entity == "household"}
    urban = people.columns["household", "urban"].values
    members = people.counts["person"]
    assert cells["always"].tolist() == [True] * 200
    assert cells["seven"].tolist() == [7] * 200
    assert cells["not_urban"].tolist() == (~urban).tolist()
    assert cells["denied"].tolist() == [1] * 200
    assert cells["members"].tolist() == members.tolist()
    assert (cells["nobody_studies"] & cells["somebody_studies"]).sum() == 0
    assert (members == 0).any()
    assert cells["nobody_studies"][members == 0].all()
    assert cells["wages_yuan_year"][members == 0].tolist() == [0] * int((members == 0).sum())
    assert cells["share_yuan_year"].tolist() == [
        int(wages / count + 0.5) if count else 0
        for wages, count in zip(cells["wages_yuan_year"].tolist(), members.tolist(), strict=True)
    ]
    assert cells["seven_each"].tolist() == (members * 7).tolist()
    assert found.cells["person", "of_town"].tolist() == np.repeat(urban, members).tolist()


def test_nobody_at_all_is_a_population(tmp_path: Path) -> None:
    packs, program = loaded(tmp_path)
    nobody = gather(packs, taken_on=ON, households=[], divisions=[], owners={}, facts={})
    found = arrays.run(plan_for(program, nobody), nobody)
    assert found.bounds(ENTITLED)[0].tolist() == []
    assert in_duckdb(program, nobody).bounds(ENTITLED)[0].tolist() == []


def test_a_fact_that_nobody_has_given_is_unknown(tmp_path: Path) -> None:
    packs, program = loaded(tmp_path)
    full = city(packs, unknown=False)
    kept = {key: column for key, column in full.columns.items() if key[1] != "cars"}
    people = Population(full.taken_on, full.households, full.divisions, full.counts, kept)
    found = arrays.run(plan_for(program, people), people)
    certain = arrays.run(plan_for(program, full), full)
    lowest, highest = found.bounds(ENTITLED)
    # with a low income a car decides; with a high one nothing does
    assert set(zip(lowest.tolist(), highest.tolist(), strict=True)) == {(0, 0), (int(Outcome.NO), int(Outcome.YES))}
    assert (lowest <= certain.cells[ENTITLED]).all()
    assert (certain.cells[ENTITLED] <= highest).all()
    assert same(in_duckdb(program, people), found)


def test_what_is_known_of_everybody_takes_one_column(tmp_path: Path) -> None:
    packs, program = loaded(tmp_path)
    known, unknown = (plan_for(program, city(packs, unknown=one), [ENTITLED]) for one in (False, True))
    assert known.outputs == (ENTITLED,)
    assert unknown.outputs == (("household", "entitled<"), ("household", "entitled>"))


def test_a_standard_is_unknown_only_where_none_is_on_file(tmp_path: Path) -> None:
    early = date(2025, 6, 30)
    packs, _ = loaded(tmp_path)
    program = compile_program(packs, on=early, root="3709")
    people = city(packs, unknown=False)
    lowest, highest = arrays.run(plan_for(program, people, [ENTITLED]), people).bounds(ENTITLED)
    assert (lowest < highest).any()
    later = compile_program(packs, on=ON, root="3709")
    assert plan_for(later, people, [ENTITLED]).outputs == (ENTITLED,)


def test_a_program_of_several_days_runs_on_each_of_them_and_no_other(tmp_path: Path) -> None:
    packs, _ = loaded(tmp_path, TRAPS)
    program = compile_program(packs, on=ON, root="3709", until=date(2026, 9, 30))
    people = city(packs, unknown=False)
    months = ("person", "months")
    for on in (ON, date(2026, 9, 30)):
        found = arrays.run(plan_for(program, people, [months], on=on), people).cells[months]
        single = compile_program(packs, on=on, root="3709")
        assert found.tolist() == arrays.run(plan_for(single, people, [months]), people).cells[months].tolist()
    for on in (date(2026, 8, 31), date(2026, 10, 1)):
        with pytest.raises(ValueError, match="the program holds from 2026-09-01 to 2026-09-30"):
            plan_for(program, people, on=on)


def test_a_running_total_may_wrap_and_a_household_s_sum_is_right(tmp_path: Path) -> None:
    facts = FACTS.replace("highest: 1000000, register: tax", "highest: 2000000000000000, register: tax")
    formulas = f"""
household:
  wages: {{type: yuan_year, {_WORDS}, formula: sum(person.wage_yuan_year)}}
"""
    packs, program = loaded(tmp_path, formulas, facts)
    most, households = 2 * 10**17, 40
    owners = np.repeat(np.arange(households) + 1, 5)
    people = gather(
        packs,
        taken_on=ON,
        households=np.arange(households) + 1,
        divisions=np.full(households, TAISHAN),
        owners={"person": owners},
        facts={
            ("household", "urban"): np.zeros(households, np.bool_),
            ("person", "birth_date"): np.full(len(owners), 19800101),
            ("person", "wage_yuan_year"): np.full(len(owners), most),
        },
    )
    assert most * len(owners) > 2**64
    for found in (arrays.run(plan_for(program, people), people), in_duckdb(program, people)):
        assert found.cells["household", "wages"].tolist() == [5 * most] * households


def test_a_snapshot_keeps_the_population_and_is_worked_out_piece_by_piece(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jiuzhu.engine.population.digests.PIECE", 64)
    packs, program = loaded(tmp_path)
    people = city(packs)
    snapshot = snapshots.write(people.parts(64), packs, tmp_path / "kept")
    assert len(snapshot.pieces) == 4
    assert snapshot.digest == digest(people)
    assert snapshot.unknown_facts(program) == people.unknown_facts(program)
    assert sorted(snapshot.divisions().tolist()) == [TAISHAN, DAIYUE]
    snapshot.verify()

    plan = plan_for(program, people)
    whole = arrays.run(plan, people)
    pieces = list(arrays.run_parts(plan, snapshot.parts(plan.facts)))
    for key, values in whole.cells.items():
        assert np.concatenate([piece.cells[key] for piece in pieces]).tolist() == values.tolist()
    with snapshot.tables(program) as tables:
        assert same(tables.run(plan), whole)


def test_a_snapshot_that_was_changed_or_is_none_is_refused(tmp_path: Path) -> None:
    packs, _ = loaded(tmp_path)
    snapshot = snapshots.write(city(packs).parts(PIECE), packs, tmp_path / "kept")
    with pytest.raises(FileExistsError):
        snapshots.write(city(packs).parts(PIECE), packs, tmp_path / "kept")
    other = snapshots.write(city(packs, unknown=False).parts(PIECE), packs, tmp_path / "other")
    assert other.digest != snapshot.digest
    other.file("household", 0).replace(snapshot.file("household", 0))
    with pytest.raises(snapshots.SnapshotError, match="its content is not what the manifest says"):
        snapshot.verify()

    with pytest.raises(snapshots.SnapshotError, match="the manifest cannot be read"):
        snapshots.open_snapshot(tmp_path)
    manifest = tmp_path / "kept" / snapshots.MANIFEST
    manifest.write_text(json.dumps({"form": 0}), encoding="utf-8")
    with pytest.raises(snapshots.SnapshotError, match="not a snapshot of this form"):
        snapshots.open_snapshot(tmp_path / "kept")


def test_nothing_is_left_of_a_snapshot_that_could_not_be_written(tmp_path: Path) -> None:
    packs, _ = loaded(tmp_path)
    parts = [city(packs), city(packs)]
    del parts[1].columns["household", "cars"]  # type: ignore[attr-defined]
    with pytest.raises(ValueError, match="the same facts"):
        snapshots.write(parts, packs, tmp_path / "kept")
    assert not (tmp_path / "kept").exists()
    snapshots.write(parts[:1], packs, tmp_path / "kept").verify()


def test_duckdb_is_closed_but_for_the_files_it_is_given(tmp_path: Path) -> None:
    given, other = tmp_path / "given.parquet", tmp_path / "other.parquet"
    with duckdb.connect() as free:
        for file in (given, other):
            free.execute(f"COPY (SELECT 1 AS one) TO '{file}'")
    secret = np.arange(3)
    with duck.connect(files=[given]) as con:
        assert con.execute(f"SELECT * FROM read_parquet('{given}')").fetchall() == [(1,)]
        for statement in (
            f"SELECT * FROM read_parquet('{other}')",
            f"SELECT * FROM read_parquet('{tmp_path}/*.parquet')",
            f"SELECT * FROM read_text('{tmp_path}/../given.parquet')",
            f"COPY (SELECT 1) TO '{tmp_path}/new.parquet'",
            f"ATTACH '{tmp_path}/new.db'",
            "INSTALL httpfs",
            "SELECT * FROM secret",
            "SET enable_external_access = true",
            "SET memory_limit = '20GB'",
        ):
            with pytest.raises(duckdb.Error):
                con.execute(statement)
    assert len(secret) == 3
    assert sorted(file.name for file in tmp_path.iterdir()) == ["given.parquet", "other.parquet"]


def test_the_statement_is_one_select_that_shows_its_rules(tmp_path: Path) -> None:
    packs, program = loaded(tmp_path)
    plan = plan_for(program, city(packs), [ENTITLED, AMOUNT])
    statement = sql.emit(plan)
    assert statement.startswith("WITH ")
    assert ";" not in statement
    # an age that is only compared is a day that people can check
    assert '("birth_date" <= 19660901) AS "old"' in statement
    # what is unknown is its lowest and highest value
    assert 'coalesce("cars", 9) AS "cars#high"' in statement
    assert statement.splitlines()[-3].strip() == '"amount_yuan_month#low",'
    spark = sql.emit(plan, dialect=SPARK)
    assert " div 360000)" in spark
    assert "//" not in spark
    assert "`cars#high`" in spark
    assert " / 360000)" in sql.emit(plan, dialect=POSTGRES)
    assert DUCKDB.name_of('a"b') == '"a""b"'


def test_duckdb_works_out_once_what_is_read_twice_and_others_are_not_told_to(tmp_path: Path) -> None:
    formulas = f"""
household:
  strict: {{type: truth, {_WORDS}, formula: cars > 1}}
  counted: {{type: count, {_WORDS}, formula: count_if(person.checked)}}
person:
  checked: {{type: truth, {_WORDS}, formula: household.strict AND student}}
"""
    packs, program = loaded(tmp_path, formulas)
    people = city(packs)
    plan = plan_for(program, people)
    # the household is joined to its members, and their count to the household
    assert sql.emit(plan).count("AS MATERIALIZED (") == 1
    for dialect in (SPARK, POSTGRES):
        assert "MATERIALIZED" not in sql.emit(plan, dialect=dialect)
    assert same(in_duckdb(program, people), arrays.run(plan, people))
