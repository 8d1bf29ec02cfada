"""A small map of the city with its real counties and invented villages, and cities generated once for all tests."""

import numpy as np
import pytest

from jiuzhu.demo.city.chunk import CityChunk, generate_chunk
from jiuzhu.demo.city.divisions import DivisionRow, Divisions, weigh
from jiuzhu.demo.city.registers.complete import Registers, keep_registers

COUNTIES = {
    "370902": "泰山区",
    "370911": "岱岳区",
    "370921": "宁阳县",
    "370923": "东平县",
    "370982": "新泰市",
    "370983": "肥城市",
}


@pytest.fixture(scope="session")
def rows() -> tuple[DivisionRow, ...]:
    found = [DivisionRow("370900000000", "泰安市", "prefecture")]
    for county, name in COUNTIES.items():
        found.append(DivisionRow(f"{county}000000", name, "county"))
        for township in ("001", "100"):
            found.append(DivisionRow(f"{county}{township}000", f"{name}{township}", "township"))
            found += [DivisionRow(f"{county}{township}{n:03d}", f"第{n}社区", "village") for n in range(1, 5)]
            found += [DivisionRow(f"{county}{township}{n:03d}", f"第{n}村", "village") for n in range(200, 212)]
    return tuple(found)


@pytest.fixture(scope="session")
def divisions(rows: tuple[DivisionRow, ...]) -> Divisions:
    return weigh(rows)


@pytest.fixture(scope="session")
def as_of() -> np.datetime64:
    return np.datetime64("2026-09-01", "D")


@pytest.fixture(scope="session")
def town(divisions: Divisions, as_of: np.datetime64) -> CityChunk:
    """20,000 households: large enough to measure shares."""
    return generate_chunk(11, 2, 20_000, divisions, as_of=as_of)


@pytest.fixture(scope="session")
def registers(town: CityChunk) -> Registers:
    return keep_registers(town)
