"""The audit trail notices every edit, deletion and insertion, wherever it is made."""

import json
import random
from collections.abc import Callable
from datetime import UTC, datetime

import psycopg
import pytest

from jiuzhu.core.actors import Actor, ActorKind, system_actor
from jiuzhu.groundwork.accounts.models import Account
from jiuzhu.groundwork.audit.verify import ChainHead, findings, read_head
from jiuzhu.groundwork.database.cluster import Connections
from jiuzhu.groundwork.database.scope import acting

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TAMPERINGS = 1000

Owner = psycopg.Connection[tuple[object, ...]]


def _live_a_little() -> None:
    """Some weeks of work in small: statements of several actors, with one and with many rows."""
    for number in range(12):
        actor = Actor(kind=ActorKind.STAFF, account_id=number, name=f"经办{number}", post_id=number)
        with acting(actor, reason="登记", request_id=f"r{number}"):
            Account.objects.bulk_create(
                Account(login_name=f"u{number}-{i}", display_name="王秀兰", kind="staff", created_at=NOW)
                for i in range(3)
            )
    with acting(system_actor("测试"), reason="更名"):
        Account.objects.filter(login_name__startswith="u3-").update(display_name="王秀蘭")
        Account.objects.filter(login_name="u5-1").update(is_active=False)
        Account.objects.filter(login_name="u7-2").delete()


def _edit_block(owner: Owner, draw: random.Random) -> None:
    column, value = draw.choice(
        [("reason", "'改'"), ("actor", "'别人'"), ("at", "at + interval '1 second'"), ("request_id", "'x'"),
         ("account_id", "coalesce(account_id, 0) + 1"), ("operation", "'MERGE'"), ("actor_kind", "'citizen'")]
    )  # fmt: skip
    owner.execute(f"UPDATE audit_block SET {column} = {value} WHERE id = {_some(owner, 'audit_block', draw)}")


def _edit_change(owner: Owner, draw: random.Random) -> None:
    image = draw.choice(["jsonb_build_object('id', 1)", "NULL", "'{}'::jsonb"])
    column = draw.choice(["before", "after"])
    owner.execute(
        f"UPDATE audit_change SET {column} = {image}"
        f" WHERE id = {_some(owner, 'audit_change', draw, f'{column} IS DISTINCT FROM ({image})')}"
    )


def _edit_change_with_its_digest(owner: Owner, draw: random.Random) -> None:
    owner.execute(
        "UPDATE audit_change SET after = jsonb_build_object('id', row_id, 'display_name', '另一个人'),"
        " digest = jiuzhu_audit_digest(table_name, row_id, before,"
        " jsonb_build_object('id', row_id, 'display_name', '另一个人'))"
        f" WHERE id = {_some(owner, 'audit_change', draw)}"
    )


def _delete_change(owner: Owner, draw: random.Random) -> None:
    owner.execute(f"DELETE FROM audit_change WHERE id = {_some(owner, 'audit_change', draw)}")


def _delete_block(owner: Owner, draw: random.Random) -> None:
    block = _some(owner, "audit_block", draw)
    owner.execute(f"DELETE FROM audit_change WHERE block_id = {block}")
    owner.execute(f"DELETE FROM audit_block WHERE id = {block}")


def _insert_change(owner: Owner, draw: random.Random) -> None:
    owner.execute(
        "INSERT INTO audit_change (block_id, ordinal, table_name, row_id, after, digest)"
        " SELECT block_id, 1000, table_name, row_id, after, digest FROM audit_change"
        f" WHERE id = {_some(owner, 'audit_change', draw, 'after IS NOT NULL')}"
    )


def _insert_block(owner: Owner, draw: random.Random) -> None:
    owner.execute(
        "INSERT INTO audit_block (lane_id, height, previous, hash, at, table_name, operation, actor_kind, actor,"
        " account_id, post_id, reason, request_id, changes)"
        " SELECT lane_id, (SELECT max(height) + 1 FROM audit_block m WHERE m.lane_id = b.lane_id), hash, hash, at,"
        f" table_name, operation, actor_kind, actor, account_id, post_id, reason, request_id, 0 FROM audit_block b"
        f" WHERE id = {_some(owner, 'audit_block', draw)}"
    )


def _swap_blocks(owner: Owner, draw: random.Random) -> None:
    row = owner.execute(
        "SELECT lane_id, max(height) FROM audit_block GROUP BY 1 HAVING max(height) > 1 LIMIT 1"
    ).fetchone()
    assert row is not None
    lane, top = int(str(row[0])), int(str(row[1]))
    low = draw.randrange(1, top)
    for old, new in ((low, -1), (low + 1, low), (-1, low + 1)):
        owner.execute(f"UPDATE audit_block SET height = {new} WHERE lane_id = {lane} AND height = {old}")


def _edit_live(owner: Owner, draw: random.Random) -> None:
    column, value = draw.choice([("display_name", "'另一个人'"), ("is_active", "NOT is_active"), ("kind", "'citizen'")])
    owner.execute(f"UPDATE account SET {column} = {value} WHERE id = {_some(owner, 'account', draw)}")


def _delete_live(owner: Owner, draw: random.Random) -> None:
    owner.execute(f"DELETE FROM account WHERE id = {_some(owner, 'account', draw)}")


def _insert_live(owner: Owner, draw: random.Random) -> None:
    owner.execute(
        "INSERT INTO account (login_name, display_name, kind, is_active, created_at, password)"
        f" VALUES ('ghost{draw.random()}', '幽灵', 'staff', true, now(), '')"
    )


def _edit_lane(owner: Owner, draw: random.Random) -> None:
    owner.execute(f"UPDATE audit_lane SET height = height + {draw.choice([-1, 1])} WHERE id = {draw.randrange(1, 65)}")


def _cut_the_end_of_a_lane(owner: Owner, draw: random.Random) -> None:
    """The careful forger: the last block goes, and the lane's own record and the live rows are put right."""
    row = owner.execute(
        "SELECT lane_id, max(height) FROM audit_block GROUP BY 1 ORDER BY 1"
        f" OFFSET {draw.randrange(_lanes(owner))} LIMIT 1"
    ).fetchone()
    assert row is not None
    lane, top = int(str(row[0])), int(str(row[1]))
    owner.execute(
        "DELETE FROM audit_change WHERE block_id IN"
        f" (SELECT id FROM audit_block WHERE lane_id = {lane} AND height = {top})"
    )
    gone = owner.execute(
        f"DELETE FROM audit_block WHERE lane_id = {lane} AND height = {top} RETURNING previous"
    ).fetchone()
    assert gone is not None
    owner.execute(f"UPDATE audit_lane SET height = {top - 1}, head = %s WHERE id = {lane}", [gone[0]])


def _lanes(owner: Owner) -> int:
    row = owner.execute("SELECT count(DISTINCT lane_id) FROM audit_block").fetchone()
    assert row is not None
    return int(str(row[0]))


def _some(owner: Owner, table: str, draw: random.Random, condition: str = "true") -> int:
    rows = owner.execute(f"SELECT id FROM {table} WHERE {condition} ORDER BY id").fetchall()
    return int(str(draw.choice(rows)[0]))


FORGERIES: list[Callable[[Owner, random.Random], None]] = [
    _edit_block, _edit_change, _edit_change_with_its_digest, _delete_change, _delete_block, _insert_change,
    _insert_block, _swap_blocks, _edit_live, _delete_live, _insert_live, _edit_lane, _cut_the_end_of_a_lane,
]  # fmt: skip


def test_an_untouched_trail_is_whole(committing_db: Connections) -> None:
    _live_a_little()
    with psycopg.connect(committing_db.owner) as owner:
        assert list(findings(owner, against=read_head(owner, NOW))) == []


@pytest.mark.slow
def test_a_thousand_random_tamperings_are_all_found(committing_db: Connections) -> None:
    _live_a_little()
    draw = random.Random(20261123)  # noqa: S311 (repeatable, nothing secret)
    missed: list[str] = []
    with psycopg.connect(committing_db.owner) as owner:
        head = read_head(owner, NOW)
        for table in ("audit_lane", "audit_block", "audit_change", "account"):
            owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        # the forger has the owner's rights; foreign keys would stop the clumsiest forgeries
        owner.execute("ALTER TABLE audit_change DROP CONSTRAINT IF EXISTS audit_change_has_an_image")
        owner.commit()
        for number in range(TAMPERINGS):
            forge = FORGERIES[number % len(FORGERIES)]
            forge(owner, draw)
            if not any(True for _ in findings(owner, against=head)):
                missed.append(f"{number}: {forge.__name__}")
            owner.rollback()
    assert missed == []


def test_a_head_survives_writing_and_reading_and_a_wrong_file_is_refused(committing_db: Connections) -> None:
    _live_a_little()
    with psycopg.connect(committing_db.owner) as owner:
        head = read_head(owner, NOW)
    assert ChainHead.from_json(head.to_json()) == head
    assert sum(lane.height for lane in head.lanes) == 15
    for text in ("", "{}", json.dumps({"taken_at": 1, "lanes": [1]}), "[]"):
        with pytest.raises(ValueError, match="not a chain head"):
            ChainHead.from_json(text)


def test_each_change_names_actor_reason_and_request(committing_db: Connections) -> None:
    _live_a_little()
    with psycopg.connect(committing_db.owner) as owner:
        found = owner.execute(
            "SELECT actor_kind, actor, account_id, post_id, reason, request_id, operation, changes"
            " FROM audit_block WHERE request_id = 'r4'"
        ).fetchall()
    assert found == [("staff", "经办4", 4, 4, "登记", "r4", "INSERT", 3)]


def test_secrets_never_enter_the_trail(committing_db: Connections) -> None:
    with acting(system_actor("测试")):
        Account.objects.create_user("clerk", "a very long passphrase", kind="staff", display_name="李", created_at=NOW)
    with psycopg.connect(committing_db.owner) as owner:
        row = owner.execute("SELECT after FROM audit_change ORDER BY id DESC LIMIT 1").fetchone()
    assert row is not None
    assert "password" not in str(row[0])
    assert "clerk" in str(row[0])


@pytest.mark.parametrize("role", ["app", "owner"])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_block SET reason = 'x'",
        "DELETE FROM audit_change",
        "TRUNCATE audit_change, audit_block",
        "TRUNCATE account CASCADE",
        "DELETE FROM audit_lane",
    ],
)
def test_nobody_can_rewrite_the_trail_in_passing(committing_db: Connections, role: str, statement: str) -> None:
    _live_a_little()
    with (
        psycopg.connect(getattr(committing_db, role)) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute(statement.encode())


def test_writers_at_the_same_time_use_different_lanes(committing_db: Connections) -> None:
    with psycopg.connect(committing_db.owner) as first, psycopg.connect(committing_db.owner) as second:
        for number, connection in enumerate((first, second)):
            connection.execute("SET LOCAL lock_timeout = '2s'")
            connection.execute(
                "INSERT INTO account (login_name, display_name, kind, is_active, created_at, password)"
                f" VALUES ('w{number}', '写', 'staff', true, now(), '')"
            )
        first.commit()
        second.commit()
        assert list(findings(first)) == []
        assert _lanes(first) == 2


def test_a_rolled_back_change_leaves_no_block(committing_db: Connections) -> None:
    with psycopg.connect(committing_db.owner) as owner:
        owner.execute("UPDATE account SET display_name = 'x'")
        owner.execute(
            "INSERT INTO account (login_name, display_name, kind, is_active, created_at, password)"
            " VALUES ('w', '写', 'staff', true, now(), '')"
        )
        owner.rollback()
        count = owner.execute("SELECT count(*) FROM audit_block").fetchone()
        assert count == (0,)
        assert list(findings(owner)) == []
