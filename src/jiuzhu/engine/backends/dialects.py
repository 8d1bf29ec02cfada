"""Where databases differ: six small hooks, so that one emitter of SQL serves all of them."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Dialect:
    """A database's own spelling. `divide` is whole-number division of two expressions of which none is negative."""

    name: str
    quote: str
    divide: Callable[[str, str], str]
    whole: Callable[[str], str]
    number_of_truth: Callable[[str], str]
    nothing: Callable[[str], str]
    materialized: str = ""

    def name_of(self, column: str) -> str:
        """A name in quotation marks; one inside it is doubled."""
        return f"{self.quote}{column.replace(self.quote, self.quote * 2)}{self.quote}"


def _cast(text: str) -> str:
    return f"CAST({text} AS BIGINT)"


def _nothing(kind: str) -> str:
    return f"CAST(NULL AS {kind})"


DUCKDB = Dialect(
    "duckdb",
    '"',
    lambda left, right: f"{left} // {right}",
    _cast,
    _cast,
    _nothing,
    # used twice, it is worked out once; single ones are merged into the query
    materialized="MATERIALIZED ",
)
POSTGRES = Dialect(
    "postgres",
    '"',
    lambda left, right: f"{left} / {right}",
    _cast,
    lambda truth: f"CAST(CAST({truth} AS INTEGER) AS BIGINT)",
    _nothing,
)
SPARK = Dialect("spark", "`", lambda left, right: f"{left} div {right}", _cast, _cast, _nothing)
