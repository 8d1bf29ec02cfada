"""The same rules by different means. Each is prepared once and run several times; it returns the amounts in fen."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from benchmarks.engine.town import (
    SAVINGS_MONTHS,
    STANDARD_RURAL,
    STANDARD_URBAN,
    TODAY,
    WAGE_MOST,
    Arrays,
)

Amounts = npt.NDArray[np.int64]
Run = Callable[[], Amounts]
PACK = Path(__file__).parent / "pack"
DIVISION = 370902001001
# what a hand writes: whole fen, members grouped once
SQL = f"""
WITH m AS (
  SELECT owner, count(*) AS n,
    sum(wage * 10 - least(wage * 2, {WAGE_MOST} * 10) + greatest(business, 0) * 10 + pension * 10) AS income10,
    sum(deposit) AS deposits,
    sum(greatest(CASE WHEN ({TODAY} - birth) // 10000 < 18 OR ({TODAY} - birth) // 10000 >= 70 THEN 1 ELSE 0 END,
                 CASE WHEN grade BETWEEN 1 AND 2 THEN 2 ELSE 0 END)) AS rates10
  FROM person GROUP BY owner
), h AS (
  SELECT id, cars, n, income10, deposits, rates10,
    CASE WHEN urban THEN {STANDARD_URBAN} ELSE {STANDARD_RURAL} END AS standard
  FROM household JOIN m ON owner = id
)
SELECT id, CASE WHEN cars = 0 AND deposits <= standard * {SAVINGS_MONTHS} * n AND income10 < standard * n * 10
  THEN (standard * n * 10 - income10 + standard * rates10 + 5) // 10 ELSE 0 END AS amount
FROM h
"""


def engine_program() -> Any:
    """The rules as a pack, compiled."""
    from datetime import date

    from jiuzhu.engine.packs.loading import load
    from jiuzhu.engine.program.compiling import compile_program

    packs = load([PACK])
    return packs, compile_program(packs, on=date(2026, 9, 1), root="3709")


def engine_population(packs: Any, arrays: Arrays, unknown: float = 0.0) -> Any:
    """The arrays as the engine's population; with `unknown` a share of the optional facts is not answered."""
    from datetime import date

    from jiuzhu.engine.population.gathering import gather

    random = np.random.default_rng(5)

    def maybe(values: Any) -> Any:
        return np.ma.MaskedArray(values, mask=random.random(len(values)) < unknown) if unknown else values

    names = {
        "wage": "wage_yuan_month",
        "business": "business_yuan_month",
        "pension": "pension_yuan_month",
        "deposit": "deposit_yuan",
        "grade": "disability_grade",
    }
    facts = {("person", fact): maybe(arrays[name]) for name, fact in names.items()}
    facts[("person", "birth_date")] = arrays["birth"]
    facts[("household", "urban")] = arrays["urban"]
    facts[("household", "cars")] = maybe(arrays["cars"])
    return gather(
        packs,
        taken_on=date(2026, 9, 1),
        households=arrays["household"],
        divisions=np.full(len(arrays["household"]), DIVISION, dtype=np.int64),
        owners={"person": arrays["household"][arrays["owners"]]},
        facts=facts,
    )


def by_engine(arrays: Arrays, *, backend: str, unknown: float = 0.0) -> Run:
    """The pack on one of the engine's backends."""
    from jiuzhu.engine.backends import arrays as array_backend
    from jiuzhu.engine.backends import duck
    from jiuzhu.engine.population.planning import plan_for

    packs, program = engine_program()
    population = engine_population(packs, arrays, unknown)
    key = ("household", "amount_yuan_month")
    plan = plan_for(program, population, [key, ("household", "entitled")])
    if backend == "arrays":
        compiled = array_backend.Compiled(plan)
        return lambda: compiled.run(population).bounds(key)[0]
    tables = duck.tables_of(population, program, threads=2)
    return lambda: tables.run(plan).bounds(key)[0]


def by_sql(arrays: Arrays) -> Run:
    """The statement above in DuckDB."""
    import duckdb

    con = duckdb.connect(config={"threads": 2})
    con.register("h", {"id": arrays["household"], "urban": arrays["urban"], "cars": arrays["cars"]})
    con.execute("CREATE TABLE household AS SELECT * FROM h")
    people = {name: arrays[name] for name in ("birth", "wage", "business", "pension", "deposit", "grade")}
    con.register("p", {"owner": arrays["household"][arrays["owners"]], **people})
    con.execute("CREATE TABLE person AS SELECT * FROM p")

    def run() -> Amounts:
        found = con.execute(SQL).fetchnumpy()
        amounts = np.zeros(len(arrays["household"]), dtype=np.int64)
        amounts[np.ma.getdata(found["id"]) - 1] = np.ma.getdata(found["amount"])
        return amounts

    return run


def by_hand(arrays: Arrays) -> Run:
    """A loop in plain Python, with whole numbers."""
    columns = {name: values.tolist() for name, values in arrays.items()}

    def run() -> Amounts:
        amounts, start = [], 0
        for at, count in enumerate(columns["counts"]):
            standard = STANDARD_URBAN if columns["urban"][at] else STANDARD_RURAL
            income10 = deposits = rates10 = 0
            for row in range(start, start + count):
                wage = columns["wage"][row]
                income10 += wage * 10 - min(wage * 2, WAGE_MOST * 10)
                income10 += max(columns["business"][row], 0) * 10 + columns["pension"][row] * 10
                deposits += columns["deposit"][row]
                age = (TODAY - columns["birth"][row]) // 10000
                grade = columns["grade"][row]
                rates10 += max(1 if age < 18 or age >= 70 else 0, 2 if 1 <= grade <= 2 else 0)
            start += count
            entitled = (
                columns["cars"][at] == 0
                and deposits <= standard * SAVINGS_MONTHS * count
                and income10 < standard * count * 10
            )
            amounts.append((standard * count * 10 - income10 + standard * rates10 + 5) // 10 if entitled else 0)
        return np.array(amounts, dtype=np.int64)

    return run


def by_zen(arrays: Arrays) -> Run:
    """zen-engine: the sums of members by hand, the decision as its expressions (it has no members)."""
    import json

    import zen

    expressions = [
        {"key": "standard", "value": f"urban ? {STANDARD_URBAN} : {STANDARD_RURAL}"},
        {
            "key": "entitled",
            "value": f"cars == 0 and deposits <= $.standard * {SAVINGS_MONTHS} * n and income10 < $.standard * n * 10",
        },
        {
            "key": "amount",
            "value": "$.entitled ? floor(($.standard * n * 10 - income10 + $.standard * rates10 + 5) / 10) : 0",
        },
    ]
    rows = [{"id": str(at), **one} for at, one in enumerate(expressions)]
    graph = {
        "nodes": [
            {"id": "in", "type": "inputNode", "name": "in", "position": {"x": 0, "y": 0}},
            {
                "id": "e",
                "type": "expressionNode",
                "name": "e",
                "position": {"x": 0, "y": 0},
                "content": {"expressions": rows},
            },
            {"id": "out", "type": "outputNode", "name": "out", "position": {"x": 0, "y": 0}},
        ],
        "edges": [
            {"id": "a", "sourceId": "in", "targetId": "e", "type": "edge"},
            {"id": "b", "sourceId": "e", "targetId": "out", "type": "edge"},
        ],
    }
    decision = zen.ZenEngine().create_decision(json.dumps(graph))
    ages = (TODAY - arrays["birth"]) // 10000
    income10 = arrays["wage"] * 10 - np.minimum(arrays["wage"] * 2, WAGE_MOST * 10)
    income10 = income10 + np.maximum(arrays["business"], 0) * 10 + arrays["pension"] * 10
    old = np.where((ages < 18) | (ages >= 70), 1, 0)
    rates10 = np.maximum(old, np.where((arrays["grade"] >= 1) & (arrays["grade"] <= 2), 2, 0))
    starts = np.cumsum(arrays["counts"]) - arrays["counts"]
    sums = {name: np.add.reduceat(values, starts) for name, values in (("income10", income10), ("rates10", rates10))}
    sums["deposits"] = np.add.reduceat(arrays["deposit"], starts)
    inputs = [
        {
            "urban": bool(arrays["urban"][at]),
            "cars": int(arrays["cars"][at]),
            "n": int(arrays["counts"][at]),
            **{name: int(values[at]) for name, values in sums.items()},
        }
        for at in range(len(arrays["counts"]))
    ]
    return lambda: np.array([round(decision.evaluate(one)["result"]["amount"]) for one in inputs], dtype=np.int64)


def by_peer(arrays: Arrays, *, library: str) -> Run:
    """OpenFisca-core or PolicyEngine-core: the same rules as their variables, in floating point, rounded to the fen."""
    from benchmarks.engine.peers import simulation_of

    return simulation_of(library, arrays)


CONTESTANTS: dict[str, Callable[[Arrays], Run]] = {
    "engine, arrays": lambda arrays: by_engine(arrays, backend="arrays"),
    "engine, DuckDB": lambda arrays: by_engine(arrays, backend="duckdb"),
    "engine, arrays, a tenth unknown": lambda arrays: by_engine(arrays, backend="arrays", unknown=0.1),
    "engine, DuckDB, a tenth unknown": lambda arrays: by_engine(arrays, backend="duckdb", unknown=0.1),
    "SQL by hand": by_sql,
    "OpenFisca-core": lambda arrays: by_peer(arrays, library="openfisca_core"),
    "PolicyEngine-core": lambda arrays: by_peer(arrays, library="policyengine_core"),
    "zen-engine": by_zen,
    "Python by hand": by_hand,
}
# too slow for whole populations: measured on a sample
SAMPLED = ("zen-engine", "Python by hand")
