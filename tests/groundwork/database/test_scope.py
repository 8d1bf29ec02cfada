"""Row-level security: a transaction sees what its actor may see, and nothing when nobody was named."""

from datetime import UTC, datetime

import psycopg
import pytest
from django.db import connection, transaction

from jiuzhu.core.actors import Actor, ActorKind, Scope, system_actor
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.groundwork.accounts.models import Account
from jiuzhu.groundwork.audit.models import AuditChange
from jiuzhu.groundwork.database.cluster import Connections
from jiuzhu.groundwork.database.derive import LIBRARY_TABLES, record_models
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.groundwork.records import History, Unscoped

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def _clerk(division: str, *, auditor: bool = False) -> Actor:
    permissions = frozenset({"groundwork.audit.view"}) if auditor else frozenset()
    return Actor(ActorKind.STAFF, 1, "经办", 1, "经办", permissions, Scope(division=DivisionCode(division)))


def _role() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        row = cursor.fetchone()
        assert row is not None
        return str(row[0])


@pytest.mark.django_db
def test_the_role_and_scope_return_to_what_they_were() -> None:
    assert _role() == "jiuzhu_app"
    with acting(system_actor("外")):
        assert _role() == "jiuzhu_system"
        with acting(_clerk("370902001000")):
            assert _role() == "jiuzhu_staff"
        assert _role() == "jiuzhu_system"
    assert _role() == "jiuzhu_app"


@pytest.mark.django_db
def test_after_an_error_the_former_scope_is_back() -> None:
    with acting(system_actor("外")):
        with pytest.raises(ZeroDivisionError), acting(_clerk("370902001000")):
            _ = 1 / 0
        assert _role() == "jiuzhu_system"
    with pytest.raises(ZeroDivisionError), acting(system_actor("外")):
        _ = 1 / 0
    assert _role() == "jiuzhu_app"


@pytest.mark.django_db
def test_an_inner_scope_keeps_the_outer_reason() -> None:
    with (
        acting(system_actor("外"), reason="批量", request_id="r1"),
        acting(system_actor("内")),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT current_setting('jiuzhu.reason'), current_setting('jiuzhu.request_id')")
        assert cursor.fetchone() == ("批量", "r1")


@pytest.mark.django_db
def test_every_setting_of_an_inner_scope_is_its_own_and_the_outer_one_comes_back_whole() -> None:
    citizen = Actor(
        ActorKind.CITIZEN, 2, "群众", scope=Scope(household_ids=frozenset({5}), person_ids=frozenset({7, 8}))
    )
    names = (
        "division_lo",
        "division_hi",
        "person_ids",
        "household_ids",
        "account_id",
        "actor_kind",
        "post_id",
        "today",
    )

    def settings() -> list[str]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT " + ", ".join(f"coalesce(current_setting('jiuzhu.{one}', true), '')" for one in names)
            )
            return list(cursor.fetchone() or ())

    nothing = settings()
    with acting(_clerk("370902001000"), today=NOW.date()):
        outer = settings()
        assert outer == ["370902001000", "370902001:", "{}", "{}", "1", "staff", "1", "2026-11-23"]
        with acting(citizen):
            assert settings() == ["", "", "{7,8}", "{5}", "2", "citizen", "", ""]
            assert _role() == "jiuzhu_citizen"
        assert settings() == outer
        with acting(_clerk("370902001000"), today=NOW.date()):
            assert settings() == outer
        with pytest.raises(ZeroDivisionError), acting(citizen):
            _ = 1 / 0
        assert settings() == outer
    assert settings() == nothing == [""] * len(names)


@pytest.mark.django_db
def test_a_query_without_a_scope_returns_nothing() -> None:
    with acting(system_actor("测试")):
        Account.objects.create_user("a", kind="staff", display_name="甲", created_at=NOW)
        assert AuditChange.objects.count() > 0
    assert AuditChange.objects.count() == 0


@pytest.mark.django_db
def test_a_change_without_a_place_is_for_auditors() -> None:
    with acting(system_actor("测试")):
        Account.objects.create_user("a", kind="staff", display_name="甲", created_at=NOW)
    with acting(_clerk("370900000000")):
        assert AuditChange.objects.count() == 0
    with acting(_clerk("370900000000", auditor=True)):
        assert AuditChange.objects.count() > 0


def test_the_login_of_the_program_owns_nothing_and_bypasses_nothing(committing_db: Connections) -> None:
    with psycopg.connect(committing_db.app) as app:
        row = app.execute(
            "SELECT rolsuper, rolcreatedb, rolcreaterole, rolbypassrls, rolinherit FROM pg_roles"
            " WHERE rolname = current_user"
        ).fetchone()
        assert row == (False, False, False, False, False)
        owned = app.execute(
            "SELECT count(*) FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner WHERE rolname LIKE 'jiuzhu_app'"
        ).fetchone()
        assert owned == (0,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("SET ROLE jiuzhu_owner")


def test_the_scope_ends_with_the_transaction(committing_db: Connections) -> None:
    with acting(system_actor("测试")):
        assert _role() == "jiuzhu_system"
    assert transaction.get_autocommit()
    assert _role() == "jiuzhu_app"


@pytest.mark.django_db
def test_every_table_is_placed_under_a_policy_or_says_why_not() -> None:
    """A table with scoped data and no policy is refused here, also one that nobody declared."""
    ours = {model._meta.db_table: model for model in record_models()}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, c.relrowsecurity,"
            " coalesce(array_agg(p.polname::text) FILTER (WHERE p.oid IS NOT NULL), '{}')"
            " FROM pg_class c LEFT JOIN pg_policy p ON p.polrelid = c.oid"
            " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') GROUP BY 1, 2"
        )
        found = {name: (secured, set(policies)) for name, secured, policies in cursor.fetchall()}
    assert set(ours) <= set(found)
    for table, (secured, policies) in found.items():
        model = ours.get(table)
        if model is None:
            assert table.startswith(LIBRARY_TABLES), f"{table} belongs to no model of ours and to no known library"
        elif isinstance(model.policy, Unscoped):
            assert model.policy.reason, table
            assert not secured, table
        else:
            assert secured, table
            wanted = {"system"} | {
                kind for kind in ("staff", "citizen", "department") if getattr(model.policy, kind) is not None
            }
            assert policies == wanted, table


@pytest.mark.django_db
def test_every_audited_table_has_its_triggers() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE tgname LIKE 'audit_%' AND tgenabled = 'O'"
        )
        found: dict[str, set[str]] = {}
        for table, trigger in cursor.fetchall():
            found.setdefault(table, set()).add(trigger)
    for model in record_models():
        if model.history is History.FULL:
            assert found.get(model._meta.db_table) == {
                "audit_insert",
                "audit_update",
                "audit_delete",
                "audit_no_truncate",
            }


@pytest.mark.django_db
def test_a_block_that_asks_for_a_rollback_leaves_no_scope_behind() -> None:
    with acting(system_actor("外")):
        with acting(_clerk("370902001000")):
            transaction.set_rollback(True)
        assert _role() == "jiuzhu_system"
    assert _role() == "jiuzhu_app"
