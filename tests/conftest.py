"""The test harness: a database of one's own, the system actor, and traps for past classes of mistakes."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import connections
from django.utils import translation
from hypothesis import HealthCheck
from hypothesis import settings as properties
from psycopg import sql
from pytest_django.plugin import DjangoDbBlocker
from tests.filled import Databases, wanted_by
from tests.strict_client import StrictClient

from jiuzhu.config.messages import compile_catalogues
from jiuzhu.core.actors import Actor, system_actor
from jiuzhu.groundwork.database import cluster, embedded

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "jiuzhu"
_APP_PASSWORD = "test-only-password"
_state: dict[str, str] = {}
_databases: list[Databases] = []


def pytest_configure() -> None:
    """Give the static files their folder: in a fresh clone nothing has been collected yet."""
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


# the same hashes of passwords, with as little work as the algorithm allows
Argon2PasswordHasher.time_cost, Argon2PasswordHasher.memory_cost, Argon2PasswordHasher.parallelism = 1, 8, 1

# no test measures time, a property no more than another: a busy machine is no fault
properties.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
properties.load_profile("house")


def _schema_digest() -> str:
    """Everything the shape of the database follows from: models, migrations, SQL, and what derives policies."""
    patterns = (
        "**/models.py",
        "**/models/*.py",
        "**/migrations/*.py",
        "**/*.sql",
        "groundwork/records.py",
        "groundwork/database/*.py",
        "config/settings.py",
    )
    found = sorted({file for pattern in patterns for file in SOURCE.glob(pattern)})
    digest = hashlib.sha256(os.environ.get("JIUZHU_WITHOUT_MIGRATIONS", "").encode())
    for file in [*found, ROOT / "requirements-test.lock"]:
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


def _point_at(connections_of: cluster.Connections) -> None:
    from jiuzhu.config.settings import _database

    for alias, dsn in (("default", connections_of.app), ("owner", connections_of.owner)):
        wanted = _database(dsn)
        connections[alias].close()
        connections[alias].settings_dict.update(wanted)
        settings.DATABASES[alias].update(wanted)


def _admin_dsn() -> str:
    return os.environ.get("DATABASE_URL") or embedded.start(ROOT / "var" / "test-postgres", durable=False)


@pytest.fixture(scope="session")
def django_db_setup(request: pytest.FixtureRequest, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Clone the migrated template database for this worker; the template is made once per shape of the schema."""
    from django.core.management import call_command

    worker = getattr(request.config, "workerinput", {}).get("workerid", "main")
    label = os.environ.get("JIUZHU_TEST_LABEL", "all")
    admin = _admin_dsn()
    template = f"test_template_{_schema_digest()}"
    with psycopg.connect(admin, autocommit=True) as server, django_db_blocker.unblock():
        server.execute("SELECT pg_advisory_lock(706)")
        try:
            ready = server.execute(
                "SELECT 1 FROM pg_database WHERE datname = %s AND datistemplate", [template]
            ).fetchone()
            if ready is None:
                server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(template)))
                _point_at(cluster.prepare(admin, database=template, app_password=_APP_PASSWORD))
                call_command("migrate", database="owner", interactive=False, verbosity=0, run_syncdb=True)
                for alias in ("default", "owner"):
                    connections[alias].close()
                server.execute(sql.SQL("ALTER DATABASE {} IS_TEMPLATE true").format(sql.Identifier(template)))
            own = f"test_{label}_{worker}"
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(own)))
            server.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy OWNER jiuzhu_owner").format(
                    sql.Identifier(own), sql.Identifier(template)
                )
            )
            _point_at(cluster.prepare(admin, database=own, app_password=_APP_PASSWORD))
        finally:
            server.execute("SELECT pg_advisory_unlock(706)")
        _state.update(admin=admin, template=template, own=own)
        databases = Databases(admin, own, lambda name: _point_at(_addresses(name)))
        _databases.append(databases)
        yield
        _databases.clear()
        for alias in ("default", "owner"):
            connections[alias].close()
        databases.drop()
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(own)))


def _addresses(database: str) -> cluster.Connections:
    return cluster.addresses(_state["admin"], database=database, app_password=_APP_PASSWORD)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Go back to the empty database before a test that does not begin in a filled one."""
    if _databases and wanted_by(getattr(item, "fixturenames", [])) is None:
        _databases[0].use(None)


@pytest.fixture(autouse=True)
def _filled_database(request: pytest.FixtureRequest) -> None:
    """Turn to the database that is filled for the test's fixture, before its transaction begins."""
    wanted = wanted_by(request.fixturenames)
    if wanted is not None:
        request.getfixturevalue("django_db_setup")
        with request.getfixturevalue("django_db_blocker").unblock():
            _databases[0].use(wanted)


@pytest.fixture
def system() -> Actor:
    """The process that builds test data: sees everything, may do nothing by permission."""
    return system_actor("test")


@contextmanager
def database_of_its_own(suffix: str) -> Iterator[cluster.Connections]:
    """A fresh copy of what the test begins with, in which commits are real; connections point at it meanwhile."""
    name = f"{_state['own']}_{suffix}"
    source = _databases[0].beginning() or _state["template"]
    with psycopg.connect(_state["admin"], autocommit=True) as server:
        server.execute("SELECT pg_advisory_lock(706)")
        try:
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
            server.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy OWNER jiuzhu_owner").format(
                    sql.Identifier(name), sql.Identifier(source)
                )
            )
        finally:
            server.execute("SELECT pg_advisory_unlock(706)")
        addresses = _addresses(name)
        _point_at(addresses)
        try:
            yield addresses
        finally:
            _point_at(_addresses(_databases[0].current))
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def committing_db(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[cluster.Connections]:
    """A database of its own in which commits are real; use it instead of `transactional_db`.

    The audit trail refuses the TRUNCATE by which pytest-django would clean up, so the whole database is thrown away.
    Gives the addresses of its owner and of the program's login role.
    """
    with django_db_blocker.unblock(), database_of_its_own("committing") as addresses:
        yield addresses


@pytest.fixture(scope="session", autouse=True)
def _catalogues() -> None:
    """The translations as they stand in the sources: a fresh copy has none compiled, and old ones would be read."""
    compile_catalogues()


@pytest.fixture(autouse=True)
def _language() -> Iterator[None]:
    """Each test begins in the site's own language: a request leaves that of its reader active in the thread."""
    with translation.override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture
def client() -> "StrictClient":
    """The strict client stands in for Django's own in every test."""
    return StrictClient()
