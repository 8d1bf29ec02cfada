"""What the database itself refuses, whoever writes (X6): raw SQL as the owner of the tables, whom no policy binds."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from django.db import Error, connection, transaction
from tests.rooms.verification.conftest import AT, Family, Sources, draw_up, everything, request, sign, started

from jiuzhu.core.actors import system_actor
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.rooms.verification import actions
from jiuzhu.rooms.verification.states import SignedBy

_ITEM = """
INSERT INTO verification_item (order_id, division_code, person_id, source, item, department, state, subject, day,
    attempts, cause, message_zh, message_en)
SELECT id, division_code, %(person)s, %(source)s, %(item)s, 'financial_regulation', 'prepared', '\\x00', %(day)s,
    0, '', '', '' FROM verification_order WHERE id = %(order)s
"""
_ATTEMPT = """
INSERT INTO verification_attempt (item_id, division_code, person_id, department, key, kind, day, asked_at, batch_key,
    outcome)
SELECT id, division_code, person_id, department, %(key)s, 'first', %(day)s, now(), '', ''
FROM verification_item WHERE id = %(item)s
"""


def _run(sql: str, values: dict[str, Any]) -> int:
    """Run a statement as a process that sees everything; returns how many rows it touched."""
    with acting(system_actor("raw")), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)
        return int(cursor.rowcount)


@contextmanager
def _refused(message: str) -> Iterator[None]:
    with pytest.raises(Error, match=message), transaction.atomic():
        yield


def _values(order: int, somebody: int, **changed: object) -> dict[str, Any]:
    return {"order": order, "person": somebody, "source": "banks", "item": "accounts", "day": AT.date()} | changed


@pytest.fixture
def partly(kin: Family, sources: Sources) -> tuple[int, int]:
    """A mandate for bank accounts only, signed by all, and an order under it that has not been started."""
    made = draw_up(kin, items=["banks.accounts"])
    for person in (kin.mother, kin.son):
        sign(made, person)
    sign(made, kin.child, SignedBy.GUARDIAN)
    return made, request(kin, made)


def test_a_query_that_is_covered_goes_in(kin: Family, partly: tuple[int, int]) -> None:
    assert _run(_ITEM, _values(partly[1], kin.mother)) == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"item": "wallets"},
        {"source": "securities"},
        {"day": date(2026, 10, 31)},
        {"day": date(2027, 11, 1)},
        {"person": 999_999},
    ],
)
def test_a_query_outside_the_mandate_is_refused(
    kin: Family, partly: tuple[int, int], changed: dict[str, object]
) -> None:
    with _refused("no live mandate"):
        _run(_ITEM, _values(partly[1], kin.mother, **changed))


@pytest.mark.parametrize("ended", ["withdraw", "decline", "never"])
def test_a_query_about_somebody_who_has_not_agreed_is_refused(kin: Family, sources: Sources, ended: str) -> None:
    made = draw_up(kin, items=["banks.accounts"])
    if ended == "withdraw":
        sign(made, kin.son)
        actions.withdraw_mandate(actor=everything(), at=AT, mandate_id=made, person_id=kin.son, reason="x")
    elif ended == "decline":
        actions.decline_mandate(actor=everything(), at=AT, mandate_id=made, person_id=kin.son, reason="x")
    order = request(kin, made)
    with _refused("no live mandate"):
        _run(_ITEM, _values(order, kin.son))


def test_an_attempt_after_a_withdrawal_is_refused(kin: Family, partly: tuple[int, int]) -> None:
    mandate, order = partly
    actions.start_order(actor=everything(), at=AT, order_id=order)
    with acting(system_actor("raw")), connection.cursor() as cursor:
        cursor.execute("SELECT id FROM verification_item WHERE person_id = %s", [kin.son])
        (item,) = cursor.fetchone()
    values = {"item": item, "key": "raw-0000001", "day": AT.date()}
    with _refused("no live mandate"):
        _run(_ATTEMPT, values | {"day": date(2028, 1, 1)})
    actions.withdraw_mandate(actor=everything(), at=AT, mandate_id=mandate, person_id=kin.son, reason="x")
    with _refused("no live mandate"):
        _run(_ATTEMPT, values)


def test_an_order_for_another_family_or_programme_than_the_mandates_is_refused(
    kin: Family, partly: tuple[int, int]
) -> None:
    copy = """
    INSERT INTO verification_order (number, division_code, state, household_id, mandate_id, programmes, occasion,
        purpose, asking_office, requested_at, requested_by_name, started_by_name, reason)
    SELECT 'RAW' || %(household)s, division_code, 'requested', {household}, mandate_id, %(programmes)s, 'review',
        purpose, asking_office, requested_at, requested_by_name, '', '' FROM verification_order WHERE id = %(order)s
    """
    good = {"order": partly[1], "programmes": ["dibao"], "household": kin.household_id}
    with _refused("mandate does not cover"):
        _run(copy.replace("{household}", "household_id"), good | {"programmes": ["tekun"]})
    other = "(SELECT max(id) + 1 FROM registry_household)"
    with _refused("mandate does not cover"):
        _run(copy.replace("{household}", other), good)
    assert _run(copy.replace("{household}", "household_id"), good) == 1


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("UPDATE verification_mandate SET items = '{banks.accounts,tax.income}'", "written once"),
        ("DELETE FROM verification_mandate", "written once"),
        ("UPDATE verification_signature SET person_id = person_id + 1", "written once"),
        ("UPDATE verification_signature SET state = 'asked'", "no step leads|written once"),
        ("DELETE FROM verification_signature", "never deleted"),
        ("UPDATE verification_order SET purpose = 'x'", "written once"),
        ("UPDATE verification_order SET state = 'reported'", "no step leads"),
        ("UPDATE verification_item SET subject = '\\x01'", "written once"),
        ("UPDATE verification_item SET state = 'found', answered_at = now()", "no step leads"),
        ("UPDATE verification_attempt SET day = day - 1", "written once"),
        ("DELETE FROM verification_item", "never deleted"),
    ],
)
def test_what_was_agreed_and_asked_is_written_once(
    kin: Family, sources: Sources, partly: tuple[int, int], sql: str, message: str
) -> None:
    if "item" in sql or "attempt" in sql:
        actions.start_order(actor=everything(), at=AT, order_id=partly[1])
    if "attempt" in sql:
        from jiuzhu.journeys import verify

        actions.claim(actor=verify.ASKER, at=AT, source="banks", most=3)
    with _refused(message):
        _run(sql, {})


def test_one_key_and_one_open_attempt(kin: Family, partly: tuple[int, int]) -> None:
    actions.start_order(actor=everything(), at=AT, order_id=partly[1])
    with acting(system_actor("raw")), connection.cursor() as cursor:
        cursor.execute("SELECT id FROM verification_item ORDER BY id LIMIT 2")
        first, second = (row[0] for row in cursor.fetchall())
    values = {"item": first, "key": "raw-0000001", "day": AT.date()}
    _run(_ATTEMPT, values)
    with _refused("verification_attempt_open_once"):
        _run(_ATTEMPT, values | {"key": "raw-0000002"})
    with _refused("verification_attempt_key"):
        _run(_ATTEMPT, values | {"item": second})


def test_an_unknown_item_needs_its_cause_and_an_answer_its_time(kin: Family, mandate: int) -> None:
    started(kin, mandate)
    with _refused("verification_item_cause"):
        _run("UPDATE verification_item SET state = 'unavailable' WHERE state = 'prepared'", {})
    with _refused("verification_item_answered"):
        _run("UPDATE verification_item SET state = 'found' WHERE state = 'sent'", {})


def test_a_supporter_without_a_necessity_is_refused(kin: Family, sources: Sources) -> None:
    made = draw_up(kin)
    sql = """
    INSERT INTO verification_signature (mandate_id, division_code, person_id, role, necessity, state, signed_by,
        signer_name, method, evidence_sha256, reason, recorded_by_name)
    SELECT mandate_id, division_code, (SELECT max(id) + 1 FROM registry_person), 'supporter', '', 'asked', '', '', '',
        '', '', '' FROM verification_signature WHERE mandate_id = %(mandate)s LIMIT 1
    """
    with _refused("verification_signature_necessity"):
        _run(sql, {"mandate": made})
