"""Rows that go only the way of their states, and whose columns are written in the state that is for it and never again.

The function `written_once` of the database (migration 0002 of groundwork) reads what a table allows from the arguments
of its trigger; a migration of a room makes the trigger with `trigger_sql`.
"""

import json
from collections.abc import Iterable, Mapping

ANYTHING = ("*",)


def trigger_sql(
    table: str,
    *,
    first: str,
    writable: Mapping[str, Iterable[str]],
    steps: Iterable[tuple[str, str]],
    closing: str = "",
    may_close_in: str = "",
) -> str:
    """The statement that makes the trigger of a table; texts are of the migration itself, never of users.

    `first` is the state of a new row. `writable` names for each state the columns that may change while a row is in it
    (`ANYTHING`: all), `steps` from which state to which a row goes. The column `closing` ends a period: in the state
    `may_close_in` it may only move to an earlier day once it is set.
    """
    free = json.dumps({state: list(columns) for state, columns in writable.items()})
    ways = "{" + ",".join(f"{source}>{target}" for source, target in steps) + "}"
    return (
        f"CREATE TRIGGER written_once BEFORE INSERT OR UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION written_once('{first}', '{free}', '{ways}', '{closing}', '{may_close_in}');"
    )


def no_trigger_sql(table: str) -> str:
    """The statement that takes it away."""
    return f"DROP TRIGGER written_once ON {table};"
