"""The worked cases on Spark: the same figures as from every other evaluator (X2); needs `make spark`."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.engine.test_runs import households
from tests.policies.test_every_backend import compared, groups, of_function
from tests.policies.test_shipped_packs import packs, programs

from jiuzhu.engine.backends import snapshots
from jiuzhu.engine.population.digests import PIECE
from jiuzhu.engine.population.planning import plan_for

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

pytest.importorskip("pyspark", reason="the extra `spark` is not installed: run `make spark`")
pytestmark = [pytest.mark.slow, pytest.mark.spark, pytest.mark.filterwarnings("ignore")]
_GROUPS = 4


@pytest.fixture(scope="module")
def session() -> "Iterator[SparkSession]":
    """Spark on this machine."""
    from jiuzhu.engine.backends.spark import local_session

    with local_session() as found:
        yield found


@pytest.mark.parametrize("at", range(_GROUPS))
def test_the_cases_come_to_the_same_on_spark(session: "SparkSession", tmp_path: Path, at: int) -> None:
    """The days with most cases, which are nearly all cases there are."""
    from jiuzhu.engine.backends.spark import SparkTables

    (on, root), cases = list(groups().items())[at]
    program = programs().at(on, root)
    assessments = [programs().assess(one.case, on, root=root) for one in cases]
    population = households(packs(), assessments)
    snapshot = snapshots.write(population.parts(PIECE), packs(), tmp_path / "snapshot")
    plan = plan_for(program, population, on=on)
    with SparkTables(session, snapshot, program) as tables:
        figures = tables.run(plan)
    assert compared("Spark", cases, assessments, [of_function(one) for one in assessments], figures) > 100 * len(cases)
    assert figures.households.tolist() == population.households.tolist()


def test_the_first_groups_are_most_of_the_cases() -> None:
    sizes = [len(cases) for cases in groups().values()]
    assert sum(sizes[:_GROUPS]) > sum(sizes) * 0.8
