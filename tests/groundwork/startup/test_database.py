"""Start-up assertions on the database: each thing that is missing or too powerful is found alone."""

import pytest
from django.db import connection, connections
from pytest_django.fixtures import Settings

from jiuzhu.groundwork.startup import checks
from jiuzhu.groundwork.startup.checks import database_check
from jiuzhu.groundwork.startup.database import check_database, login_role


def codes() -> list[str]:
    return [finding.code for finding in check_database(connection)]


@pytest.mark.django_db
def test_a_migrated_database_has_no_findings() -> None:
    assert codes() == []


@pytest.mark.django_db(databases=["default", "owner"])
@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("ALTER TABLE outbox_event RENAME TO gone", "database.tables"),
        ("ALTER TABLE outbox_event DISABLE ROW LEVEL SECURITY", "database.row_security"),
        ("DROP POLICY staff ON outbox_event", "database.row_security"),
        ("DROP POLICY system ON outbox_event", "database.row_security"),
        ("ALTER TABLE account DISABLE TRIGGER audit_update", "database.audit"),
        ("DROP TRIGGER audit_insert ON account", "database.audit"),
        ("DROP TRIGGER audit_written_once ON audit_block", "database.audit"),
        ("DROP TRIGGER append_only ON transition_log", "database.audit"),
    ],
)
def test_each_missing_protection_is_found(change: str, code: str) -> None:
    with connections["owner"].cursor() as cursor:
        before = [finding.code for finding in check_database(connections["owner"])]
        cursor.execute(change)
    found = check_database(connections["owner"])
    assert code not in before
    assert code in [finding.code for finding in found]
    assert any("jiuzhu database migrate" in finding.message("zh") for finding in found)


@pytest.mark.django_db(databases=["default", "owner"])
def test_the_owner_of_the_tables_is_no_login_for_the_program() -> None:
    with connections["owner"].cursor() as cursor:
        assert "database.login.owner" in {finding.code for finding in login_role(cursor, [])}


class Roles:
    """A stand-in for a cursor that reports the attributes of a login role; real ones belong to the whole cluster."""

    def __init__(self, **attributes: bool) -> None:
        names = ("superuser", "bypass", "roles", "databases", "inherit", "owner")
        self.row = ("too_mighty", *(attributes.get(name, False) for name in names))

    def execute(self, _query: str) -> None:
        pass

    def fetchone(self) -> tuple[object, ...]:
        return self.row


@pytest.mark.parametrize("attribute", ["superuser", "bypass", "roles", "databases", "inherit", "owner"])
def test_each_power_of_the_login_alone_is_found(attribute: str) -> None:
    (finding,) = login_role(Roles(**{attribute: True}), [])  # type: ignore[arg-type]
    assert finding.code == f"database.login.{attribute}"
    assert "too_mighty" in finding.message("zh")
    assert login_role(Roles(), []) == []  # type: ignore[arg-type]


@pytest.mark.django_db
def test_the_system_check_looks_at_the_database_in_production_only(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert database_check(databases=["default"]) == []
    settings.STAGE = "production"
    assert database_check(databases=None) == []
    assert database_check(databases=["default"]) == []
    monkeypatch.setattr(checks, "check_database", lambda _connection: login_role(Roles(bypass=True), []))  # type: ignore[arg-type]
    (message,) = database_check(databases=["default"])
    assert (message.id, message.is_serious()) == ("jiuzhu.startup.database.login.bypass", True)
