"""Rotation of field keys: complete, resumable after any kind of stop, and unnoticed by those who search meanwhile."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection, connections
from tests.groundwork.crypto import cards
from tests.groundwork.crypto.cards import Card
from tests.groundwork.crypto.conftest import KEY_1, KEY_2, UseKeys

from jiuzhu.core.actors import Actor
from jiuzhu.groundwork.audit.models import AuditBlock
from jiuzhu.groundwork.crypto import rotation
from jiuzhu.groundwork.crypto.fields import SecretText, blind_index
from jiuzhu.groundwork.crypto.installation import installed_keyring
from jiuzhu.groundwork.crypto.keyring import Header
from jiuzhu.groundwork.crypto.rotation import (
    EncryptedTable,
    RotationStopped,
    encrypted_tables,
    rotate_table,
    rows_by_key,
    rows_to_rotate,
)
from jiuzhu.groundwork.crypto.suites import Suite
from jiuzhu.groundwork.database.cluster import Connections
from jiuzhu.groundwork.database.scope import acting

ROOT = Path(__file__).resolve().parents[3]
BOTH = f"{KEY_1},{KEY_2}"
OLD = Header(Suite.SM, 1)
NEW = Header(Suite.INTERNATIONAL, 2)
ROWS = 7

with_table = [pytest.mark.django_db, pytest.mark.usefixtures("card_table")]


def number_of(place: int) -> str:
    return f"37090219900101{place:04}"


def fill(actor: Actor) -> EncryptedTable:
    with acting(actor):
        for place in range(ROWS):
            Card.objects.create(number=number_of(place), note=f"第{place}户" if place % 2 else None)
        Card.objects.create(number=None, note=None)
    (table,) = encrypted_tables([Card])
    return table


def counts(table: EncryptedTable, actor: Actor) -> list[dict[Header | None, int]]:
    return [rows_by_key(table, field, actor=actor) for field in table.fields]


def assert_all_is_found(actor: Actor) -> None:
    with acting(actor):
        for place in range(ROWS):
            card = Card.objects.get(number_index=number_of(place))
            assert (card.number, card.note) == (number_of(place), f"第{place}户" if place % 2 else None)


class TestOnATable:
    """Within one transaction of the test."""

    pytestmark = with_table

    def test_everything_comes_under_the_current_key_and_suite(self, use_keys: UseKeys, system: Actor) -> None:
        use_keys(KEY_1, "sm")
        table = fill(system)
        assert counts(table, system) == [{OLD: 7}, {OLD: 3}]
        use_keys(BOTH, "international")
        assert rows_to_rotate(table, actor=system) == 7
        heard: list[int] = []
        result = rotate_table(table, actor=system, batch_rows=3, on_batch=heard.append)
        assert (result.rows, result.refused, result.complete) == (7, (), True)
        assert heard == [3, 3, 1]
        assert counts(table, system) == [{NEW: 7}, {NEW: 3}]
        assert rows_to_rotate(table, actor=system) == 0
        assert_all_is_found(system)
        with acting(system), connection.cursor() as cursor:
            cursor.execute("SELECT number_index FROM test_card WHERE number IS NOT NULL ORDER BY id")
            stored = [bytes(value) for (value,) in cursor.fetchall()]
        assert stored == [blind_index(Card, "number_index", number_of(place)) for place in range(ROWS)]

    def test_a_second_run_writes_nothing(self, use_keys: UseKeys, system: Actor) -> None:
        use_keys(KEY_1, "sm")
        table = fill(system)
        assert rotate_table(table, actor=system).rows == 0
        use_keys(BOTH, "sm")
        assert rotate_table(table, actor=system).rows == 7
        with acting(system):
            before = AuditBlock.objects.count()
        assert rotate_table(table, actor=system).rows == 0
        with acting(system):
            assert AuditBlock.objects.count() == before

    def test_stopped_between_batches_it_goes_on_and_rows_are_found_throughout(
        self, use_keys: UseKeys, system: Actor
    ) -> None:
        use_keys(KEY_1, "sm")
        table = fill(system)
        use_keys(BOTH, "international")

        def stop(_rows: int) -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            rotate_table(table, actor=system, batch_rows=3, on_batch=stop)
        assert counts(table, system)[0] == {NEW: 3, OLD: 4}
        assert_all_is_found(system)
        assert rotate_table(table, actor=system, batch_rows=3).rows == 4
        assert counts(table, system)[0] == {NEW: 7}
        assert_all_is_found(system)

    def test_a_batch_that_fails_leaves_nothing_half_written(
        self, use_keys: UseKeys, system: Actor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        use_keys(KEY_1, "sm")
        table = fill(system)
        use_keys(BOTH, "sm")
        write = rotation._write

        def write_and_fail(*arguments: object) -> None:
            write(*arguments)  # type: ignore[arg-type]
            raise ConnectionError

        monkeypatch.setattr(rotation, "_write", write_and_fail)
        with pytest.raises(ConnectionError):
            rotate_table(table, actor=system, batch_rows=3)
        assert counts(table, system)[0] == {OLD: 7}

    def test_rows_written_under_the_former_key_meanwhile_are_taken_up(self, use_keys: UseKeys, system: Actor) -> None:
        use_keys(KEY_1, "sm")
        table = fill(system)
        use_keys(BOTH, "sm")
        batches: list[int] = []

        def another_process_writes_behind_the_cursor(rows: int) -> None:
            batches.append(rows)
            if len(batches) == 1:
                use_keys(KEY_1, "sm")
                with acting(system):
                    Card.objects.filter(id=Card.objects.order_by("id").values_list("id")[0][0]).update(note="迟到")
                use_keys(BOTH, "sm")

        result = rotate_table(table, actor=system, batch_rows=3, on_batch=another_process_writes_behind_the_cursor)
        assert result.complete
        assert batches == [3, 3, 1, 1]
        assert rows_to_rotate(table, actor=system) == 0

    def test_a_row_that_was_tampered_with_is_left_and_named_and_the_rest_goes_on(
        self, use_keys: UseKeys, system: Actor
    ) -> None:
        use_keys(KEY_1, "sm")
        table = fill(system)
        with acting(system), connection.cursor() as cursor:
            bad = Card.objects.order_by("id")[2].id
            cursor.execute(
                "UPDATE test_card SET number = set_byte(number, 33, get_byte(number, 33) # 1) WHERE id = %s", [bad]
            )
            cursor.execute("UPDATE test_card SET note = 'nonsense' WHERE id = %s", [bad + 1])
            not_text = installed_keyring().seal(b"secret\xff", "test_card.note")
            cursor.execute("UPDATE test_card SET note = %s WHERE id = %s", [not_text, bad + 2])
        use_keys(BOTH, "international")
        result = rotate_table(table, actor=system, batch_rows=2)
        assert [row.row_id for row in result.refused] == [bad, bad + 1, bad + 2]
        assert result.rows == 4
        assert result.complete
        assert not any(number_of(2) in row.reason or "secret" in row.reason for row in result.refused)
        assert counts(table, system) == [{NEW: 4, OLD: 3}, {NEW: 2, OLD: 1, None: 1}]

    def test_the_audit_trail_names_process_and_reason_and_keeps_only_sealed_bytes(
        self, use_keys: UseKeys, system: Actor
    ) -> None:
        use_keys(KEY_1, "sm")
        table = fill(system)
        use_keys(BOTH, "sm")
        rotate_table(table, actor=system)
        with acting(system):
            block = AuditBlock.objects.order_by("-id")[0]
        assert (block.table_name, block.operation, block.actor, block.changes) == ("test_card", "UPDATE", "test", 7)
        assert block.reason == "rotation of field keys"

    def test_text_in_memory_from_before_the_rotation_is_sealed_under_the_new_key(
        self, use_keys: UseKeys, system: Actor
    ) -> None:
        use_keys(KEY_1, "sm")
        table = fill(system)
        with acting(system):
            card = Card.objects.get(number_index=number_of(1))
        use_keys(BOTH, "international")
        rotate_table(table, actor=system)
        assert isinstance(card.number, SecretText)
        with acting(system):
            card.save()
        assert counts(table, system) == [{NEW: 7}, {NEW: 3}]


KILLED_AFTER_ONE_BATCH = """
import os, signal
import django
django.setup()
from jiuzhu.core.actors import system_actor
from jiuzhu.groundwork.crypto.rotation import encrypted_tables, rotate_table
from tests.groundwork.crypto.cards import Card
(table,) = encrypted_tables([Card])
rotate_table(
    table, actor=system_actor("killed"), batch_rows=3, on_batch=lambda rows: os.kill(os.getpid(), signal.SIGKILL)
)
"""


@pytest.mark.slow
def test_killed_in_the_middle_it_goes_on_where_it_stopped(
    committing_db: Connections, use_keys: UseKeys, system: Actor
) -> None:
    cards.make_table()
    use_keys(KEY_1, "sm")
    table = fill(system)
    use_keys(BOTH, "international")
    killed = subprocess.run(
        [sys.executable, "-c", KILLED_AFTER_ONE_BATCH],
        cwd=ROOT,
        check=False,
        env={
            **os.environ,
            "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
            "JIUZHU_FIELD_KEYS": BOTH,
            "JIUZHU_CIPHER_SUITE": "international",
            "DATABASE_URL": committing_db.owner,
            "DATABASE_APP_URL": committing_db.app,
        },
    )
    assert killed.returncode == -signal.SIGKILL
    assert counts(table, system)[0] == {NEW: 3, OLD: 4}
    assert_all_is_found(system)
    assert rotate_table(table, actor=system, batch_rows=3).rows == 4
    assert counts(table, system) == [{NEW: 7}, {NEW: 3}]
    assert_all_is_found(system)


def test_two_rows_that_turn_out_equal_stop_it_with_the_constraint_and_without_the_value(
    committing_db: Connections, use_keys: UseKeys, system: Actor
) -> None:
    cards.make_table()
    with connections["owner"].cursor() as cursor:
        cursor.execute("CREATE UNIQUE INDEX only_once ON test_card (number_index)")
    use_keys(KEY_1, "sm")
    table = fill(system)
    use_keys(BOTH, "sm")
    with acting(system):
        Card.objects.create(number=number_of(3))
    with pytest.raises(RotationStopped, match="only_once") as stop:
        rotate_table(table, actor=system)
    assert number_of(3) not in str(stop.value)
    assert counts(table, system)[0] == {OLD: 7, Header(Suite.SM, 2): 1}
