"""A verification survives its worker (X6): killed again and again while it asks, each query reaches its source once."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from tests.channels.conftest import DONGHU, load_places, newcomer, register
from tests.connectors.conftest import found_sources, key_of, of_transport, town
from tests.processes import kill, running, until
from tests.rooms.verification.conftest import everything, scripted

from jiuzhu.demo.departments.over_http import DepartmentServer, serving
from jiuzhu.demo.departments.town import departments_of
from jiuzhu.groundwork.database.cluster import Connections
from jiuzhu.journeys import verify
from jiuzhu.rooms.registry import actions as registry
from jiuzhu.rooms.verification import actions
from jiuzhu.rooms.verification.ports import Transport
from jiuzhu.rooms.verification.states import Occasion, SignatureMethod, SignedBy

pytestmark = pytest.mark.fault

FAMILIES = 40
KILLS = 3


@contextmanager
def _departments() -> Iterator[DepartmentServer]:
    departments = departments_of(found_sources(), [town()], as_of=date.today() - timedelta(days=1), key_of=key_of)  # noqa: DTZ011
    with serving(departments, clock=lambda: datetime.now(UTC)) as server:
        yield server


def _wired(server: DepartmentServer, folder: Path) -> Mapping[str, str]:
    """Where the worker finds the departments, and their keys."""
    lines, keys = [], {}
    for one in of_transport(Transport.HTTP):
        name = one.source.name
        variable = f"JIUZHU_KEY_{name.upper()}"
        keys[variable] = key_of(name).hex()
        lines.append(f'{name}: {{address: "{server.base}/{name}", key: {variable}}}')
    file = folder / "sources.yaml"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return {**keys, "JIUZHU_SOURCES": str(file)}


def _environment(database: Connections, folder: Path) -> dict[str, str]:
    given = settings.ENVIRONMENT
    return {
        **os.environ,
        "DATABASE_URL": database.owner,
        "DATABASE_APP_URL": database.app,
        "JIUZHU_STAGE": given.stage.value,
        "JIUZHU_VAR": str(folder),
        "JIUZHU_SECRET_KEY": given.secret_key,
        "JIUZHU_FIELD_KEYS": given.field_keys,
        "JIUZHU_CIPHER_SUITE": given.cipher_suite,
    }


def _order(number: int, items: list[str]) -> None:
    """A man who lives alone, his mandate, and an order under way."""
    at = datetime.now(UTC)
    made = register(DONGHU, [registry.NewMember("02", newcomer("赵查", 301 + 2 * number, date(1960, 1, 2)))])
    person = made.person_ids[0]
    mandate = actions.draw_up_mandate(
        actor=everything(),
        at=at,
        household_id=made.household_id,
        programmes=["dibao"],
        purpose="申请低保",
        valid_from=at.date() - timedelta(days=1),
        valid_to=at.date() + timedelta(days=30),
        covers_reviews=True,
        items=items,
    )
    actions.sign_mandate(
        actor=everything(),
        at=at,
        mandate_id=mandate,
        person_id=person,
        signed_by=SignedBy.SELF,
        method=SignatureMethod.UNIFIED_IDENTITY,
        signer_name="赵查",
    )
    order = actions.request_order(
        actor=everything(),
        at=at,
        household_id=made.household_id,
        mandate_id=mandate,
        programmes=["dibao"],
        occasion=Occasion.REVIEW,
        purpose="申请低保",
        asking_office="泰山区民政局",
    )
    actions.start_order(actor=everything(), at=at, order_id=order)


def test_each_query_reaches_its_source_once_however_often_the_worker_dies(
    committing_db: Connections, tmp_path: Path
) -> None:
    items = [f"{one.source.name}.{item.name}" for one in of_transport(Transport.HTTP) for item in one.source.items]
    load_places()
    with scripted():
        for family in range(FAMILIES):
            _order(family, items)
        verify.ask(datetime.now(UTC))
    total = FAMILIES * len(items)

    def number(query: str) -> int:
        with psycopg.connect(committing_db.owner) as connection:
            row = connection.execute(query.encode()).fetchone()
            return int(row[0]) if row else 0

    def answered() -> int:
        return number("SELECT count(*) FROM verification_reply")

    with _departments() as server:
        environment = {**_environment(committing_db, tmp_path), **_wired(server, tmp_path)}
        for turn in range(KILLS):
            before = answered()
            with running("jiuzhu.config.commandline", "worker", environment=environment) as worker:
                until(lambda: answered() > before, worker)  # noqa: B023
                kill(worker)
            assert answered() < total, f"the kill came too late in turn {turn}"
        with running("jiuzhu.config.commandline", "worker", environment=environment) as worker:
            until(lambda: answered() == total, worker)
        asked = len(server.given)
        troubled = sum(one.troubled for one in server.departments.values())
    assert number("SELECT count(*) FROM verification_item WHERE state IN ('found', 'none_found')") == total
    assert number("SELECT count(*) FROM verification_item WHERE next_at IS NOT NULL") == 0
    assert number("SELECT count(*) FROM verification_attempt WHERE ended_at IS NULL") == 0
    # a question that was out when the worker died goes out again under its own key, and is answered from memory
    assert number("SELECT count(*) FROM verification_attempt") == asked == troubled == total
