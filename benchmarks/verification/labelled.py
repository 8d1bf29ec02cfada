"""Records without numbers beside invented persons whose pairs are known: F1 and time, beside Splink."""

import json
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
from benchmarks.verification.invented import hashed, share

PERSONS = 20_000
# SQL over a person: of a hundred records four have one other character in the name, four one other digit in the birth,
# ten another county, ten no sex; as many records again are of people who are not on the list
_NAME = f"CASE WHEN {share(901, 'p')} < 0.04 THEN substr(name, 1, 1) || '某' || substr(name, 3) ELSE name END"
_BIRTH = f"CASE WHEN {share(902, 'p')} < 0.04 THEN birth + INTERVAL 1 YEAR ELSE birth END"
_COUNTY = f"CASE WHEN {share(903, 'p')} < 0.1 THEN '370902' ELSE division_code END"
_SEX = f"CASE WHEN {share(904, 'p')} < 0.1 THEN NULL ELSE sex END"
BLOCKS = (
    "l.name = r.name and year(l.birth) = year(r.birth)",
    "l.birth = r.birth and substr(l.name, 1, 1) = substr(r.name, 1, 1)",
    "l.name = r.name and month(l.birth) = month(r.birth) and day(l.birth) = day(r.birth)",
)


def made(folder: Path, citizens: str) -> Path:
    """`persons.parquet` and `records.parquet`; a record's id is that of its person, plus the number of persons."""
    aim = folder / "labelled"
    aim.mkdir(exist_ok=True)
    with duckdb.connect(":memory:") as con:
        con.execute(f"CREATE TABLE citizens AS {citizens}")
        con.execute(
            f"COPY (SELECT p AS id, name, birth, sex, division_code AS division FROM citizens WHERE p < {PERSONS}"
            f" ORDER BY p) TO '{aim}/persons.parquet'"
        )
        con.execute(
            f"COPY (SELECT p AS id, {_NAME} AS name, CAST({_BIRTH} AS DATE) AS birth, {_SEX} AS sex,"
            f" {_COUNTY} AS division FROM citizens WHERE p < {2 * PERSONS} ORDER BY {hashed(905, 'p')})"
            f" TO '{aim}/records.parquet'"
        )
    return aim


def by_engine(folder: Path) -> dict[str, Any]:
    """Weights estimated from the two files, then every pair of the blocks."""
    from jiuzhu.engine.backends.duck import connect
    from jiuzhu.engine.matching.estimating import estimate
    from jiuzhu.engine.matching.linking import count_names, link, with_plain
    from jiuzhu.engine.matching.weights import GIVEN

    start = time.perf_counter()
    with connect(threads=2, folder=folder) as con:
        for table in ("persons", "records"):
            with_plain(con, table, f"read_parquet('{folder}/{table}.parquet')")
        # as many people stand in the second register
        weights = estimate(con, "persons", "records", replace(GIVEN, population=2 * PERSONS))
        count_names(con, "persons", weights, into="names")
        link(con, "persons", "records", weights, names="names", into="pairs", keep_all=True)
        pairs = con.execute("SELECT weight, person = record AS same FROM pairs ORDER BY weight DESC").fetchall()
    return _scored(time.perf_counter() - start, pairs)


def by_splink(folder: Path) -> dict[str, Any]:
    """Splink on DuckDB: the same blocks, the same levels, frequencies of names, weights by its own estimation."""
    import pandas as pd
    import splink.comparison_level_library as cll
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    start = time.perf_counter()
    frames = {name: pd.read_parquet(folder / f"{name}.parquet") for name in ("persons", "records")}
    for frame in frames.values():
        frame["birth"] = pd.to_datetime(frame["birth"])
        frame["day"] = frame["birth"].dt.strftime("%Y%m%d")
    settings = SettingsCreator(
        link_type="link_only",
        unique_id_column_name="id",
        blocking_rules_to_generate_predictions=[*BLOCKS],
        comparisons=[
            cl.LevenshteinAtThresholds("name", [1]).configure(term_frequency_adjustments=True),
            cl.CustomComparison(
                output_column_name="day",
                comparison_levels=[
                    cll.NullLevel("day"),
                    cll.ExactMatchLevel("day"),
                    cll.LevenshteinLevel("day", 1),
                    cll.CustomLevel("substr(day_l, 1, 4) = substr(day_r, 1, 4)"),
                    cll.ElseLevel(),
                ],
            ),
            cl.ExactMatch("sex"),
            cl.ExactMatch("division"),
        ],
    )
    api = DuckDBAPI()
    tables = [api.register(frame, dataset_display_name=name) for name, frame in frames.items()]
    linker = Linker(tables, settings)
    linker.training.estimate_u_using_random_sampling(max_pairs=2_000_000, seed=1)
    linker.training.estimate_probability_two_random_records_match(["l.name = r.name and l.day = r.day"], recall=0.9)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("name", "division"))
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("day", "sex"))
    found = linker.inference.predict(threshold_match_probability=0.0001).as_pandas_dataframe()
    found = found.sort_values("match_weight", ascending=False)
    pairs = list(zip(found["match_weight"], found["id_l"] == found["id_r"], strict=True))
    return _scored(time.perf_counter() - start, pairs)


def _scored(seconds: float, pairs: list[tuple[float, bool]]) -> dict[str, Any]:
    """F1 where a pair is as likely as not one person (weight 0), and the best that any threshold gives."""
    best = at_even = 0.0
    right = 0
    for number, (weight, same) in enumerate(pairs, 1):
        right += bool(same)
        score = 2 * right / (number + PERSONS)
        best = max(best, score)
        if weight >= 0:
            at_even = score
    return {"seconds": seconds, "f1": at_even, "best": best, "pairs": len(pairs)}


def main() -> None:
    """`python -m benchmarks.verification.labelled NAME FOLDER`."""
    name, folder = sys.argv[1:3]
    print(json.dumps({"jiuzhu": by_engine, "Splink": by_splink}[name](Path(folder))))


if __name__ == "__main__":
    main()
