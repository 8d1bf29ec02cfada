"""Scope in raw SQL, through the login of the program and past all of its code: every scoped table, every kind of actor.

What is expected is asked of the owner of the tables, whom no policy binds, in words of this test's own.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.test import override_settings
from psycopg import sql
from psycopg.errors import InsufficientPrivilege
from pytest_django.plugin import DjangoDbBlocker
from tests.channels.conftest import CAIYUAN, DAIMIAO, DAIYUE, DONGHU, SHANQIAN, SHICHANG, TAISHAN, load_places
from tests.conftest import database_of_its_own
from tests.rooms.furnished import SCOPED, Scope, Town, citizen, department, furnish, ids, staff

from jiuzhu.core.divisions import DivisionCode

CITY = DivisionCode("370900000000")
TRAIL = ("audit_block", "audit_change")
# tables of which one row belongs to one account, or to the system alone
BY_ACCOUNT = ("task_progress", "idempotency_answer", "document_counter")
# where a row lies when it does not say so itself
_INSIDE = {
    "registry_roll_problem": "EXISTS (SELECT FROM registry_roll_import o WHERE o.id = t.roll_id AND {inside})",
    "registry_roll_entry": "EXISTS (SELECT FROM registry_roll_import o WHERE o.id = t.roll_id AND {inside})",
    "verification_batch_line": "EXISTS (SELECT FROM verification_batch o WHERE o.id = t.batch_id AND {inside})",
    "document_end": "EXISTS (SELECT FROM issued_document o WHERE o.id = t.document_id AND {inside})",
    "registry_citizen_account": "EXISTS (SELECT FROM registry_person o WHERE o.id = t.person_id AND {inside})",
    "audit_block": "EXISTS (SELECT FROM audit_change o WHERE o.block_id = t.id AND {inside})",
    **dict.fromkeys(BY_ACCOUNT, "false"),
}


@pytest.fixture(scope="module")
def town(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Town]:
    """Two furnished families, 东湖社区 of 泰山区 and 山前村 of 岱岳区, committed."""
    var: Path = tmp_path_factory.mktemp("var")
    with (
        django_db_blocker.unblock(),
        database_of_its_own("raw") as addresses,
        override_settings(ENVIRONMENT=replace(settings.ENVIRONMENT, var=var)),
    ):
        load_places()
        found = furnish(addresses.app, addresses.owner, (DONGHU, SHANQIAN))
        try:
            yield found
        finally:
            found.app.close()
            found.owner.close()


def _inside(table: str, division: DivisionCode) -> str:
    lo, hi = division.range
    place = f"o.division_code >= '{lo}' AND o.division_code < '{hi}'"
    return _INSIDE.get(table, "{inside}").format(inside=place if table in _INSIDE else place.replace("o.", "t."))


def _run(cursor: psycopg.Cursor, query: str, table: str, values: list[object] | None = None) -> int:
    """The number of rows that a statement touched; -1 when it was refused for lack of a right."""
    try:
        with cursor.connection.transaction():
            cursor.execute(sql.SQL(query).format(table=sql.Identifier(table)), values)
    except InsufficientPrivilege:
        return -1
    return cursor.rowcount


def _written(town: Town, scope: Scope, table: str, rows: set[int], image: str) -> list[str]:
    """Which of update, delete and insert did something to rows that the scope must leave alone."""
    asked: dict[str, tuple[str, list[object]]] = {
        "update": ("UPDATE {table} SET id = id WHERE id = ANY(%s)", [list(rows)]),
        "delete": ("DELETE FROM {table} WHERE id = ANY(%s)", [list(rows)]),
        "insert": ("INSERT INTO {table} SELECT (jsonb_populate_record(NULL::{table}, %s::jsonb)).*", [image]),
    }
    with town.acting(scope) as cursor:
        # a refused insert is -1, an update or delete of what is not seen touches nothing
        return [verb for verb, (query, values) in asked.items() if _run(cursor, query, table, values) > 0]


def test_every_scoped_table_holds_rows_of_both_places(town: Town) -> None:
    for table in SCOPED:
        if table in BY_ACCOUNT:
            assert town.all_where(table, "true"), table
        else:
            for county in (TAISHAN, DAIYUE):
                assert town.all_where(table, _inside(table, county)), (table, county)


def test_the_bare_login_sees_changes_and_plants_no_row(town: Town) -> None:
    bare = Scope()
    assert {table for table, found in town.seen(bare).items() if found} == set()
    for table in SCOPED:
        rows = town.all_where(table, "true")
        assert _written(town, bare, table, rows, town.image(table, min(rows))) == [], table


def test_a_scope_without_a_role_and_a_role_without_a_scope_see_nothing(town: Town) -> None:
    scopes = [replace(scope, role="") for scope in (staff(CITY), department("tax"), citizen(town.here))]
    scopes += [Scope(f"jiuzhu_{kind}") for kind in ("staff", "citizen", "department")]
    # the role that carries the rights on tables carries no policy
    scopes.append(replace(staff(CITY), role="jiuzhu_data"))
    for scope in scopes:
        assert {table for table, found in town.seen(scope).items() if found} == set(), scope


def test_the_scope_ends_with_its_transaction(town: Town) -> None:
    with town.acting(staff(CITY)) as cursor:
        assert ids(cursor, "registry_person")
    with town.app.cursor() as cursor:
        assert ids(cursor, "registry_person") == set()
        role = cursor.execute("SELECT current_user").fetchone()
    assert role == ("jiuzhu_app",)


@pytest.mark.parametrize("place", [DONGHU, SHICHANG, DAIMIAO, CAIYUAN, TAISHAN, DAIYUE, CITY], ids=str)
def test_a_place_sees_its_own_rows_and_no_others(town: Town, place: DivisionCode) -> None:
    seen = town.seen(staff(place))
    for table in SCOPED:
        assert seen[table] == town.all_where(table, _inside(table, place)), table
    with town.owner.cursor() as cursor:
        outside = {table: ids(cursor, table) - seen[table] for table in SCOPED}
    assert all(outside[table] for table in SCOPED if place != CITY or table in BY_ACCOUNT)


@pytest.mark.parametrize("place", [DONGHU, DAIMIAO, TAISHAN], ids=str)
def test_a_place_neither_changes_nor_plants_a_row_elsewhere(town: Town, place: DivisionCode) -> None:
    scope = staff(place)
    for table in SCOPED:
        condition = "true" if table in BY_ACCOUNT else _inside(table, DAIYUE)
        rows = town.all_where(table, condition)
        assert _written(town, scope, table, rows, town.image(table, min(rows))) == [], table


def test_a_place_moves_none_of_its_rows_elsewhere(town: Town) -> None:
    with town.owner.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.columns WHERE column_name = 'division_code'")
        placed = {row[0] for row in cursor} & set(SCOPED) - {"task_progress", "document_counter"}
    assert len(placed) > 15
    for table in placed:
        mine = min(town.all_where(table, _inside(table, TAISHAN)))
        moving = f"UPDATE {{table}} SET division_code = '{SHANQIAN}' WHERE id = {mine}"
        with town.acting(staff(TAISHAN)) as cursor:
            assert _run(cursor, moving, table) == -1, table
    # the same statement is fine inside the area
    with town.acting(staff(TAISHAN)) as cursor:
        mine = town.here.head_id
        assert (
            _run(cursor, f"UPDATE {{table}} SET division_code = '{SHICHANG}' WHERE id = {mine}", "registry_person") == 1
        )


def _of_head(town: Town, *variables: str) -> dict[str, set[int]]:
    """What a department sees with the head's authorisation: person, household, membership, and the named facts."""
    head = town.here.head_id
    known = "', '".join(variables)
    return {
        "registry_person": {head},
        "registry_household": {town.here.household_id},
        "registry_membership": town.all_where("registry_membership", f"t.person_id = {head}"),
        "registry_authorisation": {town.here.authorisation_id},
        "registry_fact": town.all_where("registry_fact", f"t.person_id = {head} AND t.variable IN ('{known}')"),
    }


def _seen(town: Town, scope: Scope) -> dict[str, set[int]]:
    return {table: found for table, found in town.seen(scope).items() if found}


@contextmanager
def _otherwise(town: Town, column: str, value: str) -> Iterator[None]:
    """The head's authorisation with another value, given as SQL, and as it was again."""
    change = f"UPDATE registry_authorisation SET {column} = %s WHERE id = {town.here.authorisation_id}"
    before = town.owner.execute(
        f"SELECT {column}::text FROM registry_authorisation WHERE id = {town.here.authorisation_id}"
    ).fetchone()
    town.owner.execute(change.replace("%s", value))
    try:
        yield
    finally:
        town.owner.execute(change, before)


def test_a_department_sees_whom_a_live_authorisation_covers_and_its_own_fields(town: Town) -> None:
    tax = department("tax")
    assert _seen(town, tax) == _of_head(town, "wage_income_fen_month")
    every = '\'["wage_income_fen_month", "business_income_fen_month", "pension_fen_month"]\''
    with _otherwise(town, "variables", every):
        # the pension is another department's, whatever the authorisation says
        assert _seen(town, tax) == _of_head(town, "wage_income_fen_month", "business_income_fen_month")
    with _otherwise(town, "variables", "'[]'"):
        assert "registry_fact" not in _seen(town, tax)


def test_a_department_sees_nobody_without_a_live_authorisation(town: Town) -> None:
    assert _seen(town, department("health")) == {}
    assert _seen(town, department("")) == {}
    assert _seen(town, department("tax", today=date(2026, 9, 30))) == {}, "one is over, the other has not begun"
    assert _seen(town, department("tax", today=date(2027, 1, 1))) == {}, "over on its last day"
    assert _seen(town, department("tax", today=date(2025, 6, 1)))["registry_person"] == {town.there.head_id}
    with _otherwise(town, "withdrawn_at", "now()"):
        assert _seen(town, department("tax")) == {}
    assert _seen(town, department("tax"))["registry_person"] == {town.here.head_id}


def test_a_department_widens_its_scope_by_no_statement(town: Town) -> None:
    tax = department("tax")
    for table in SCOPED:
        rows = town.all_where(table, "true")
        assert _written(town, tax, table, rows, town.image(table, min(rows))) == [], table
    given = (
        "INSERT INTO {table} (person_id, division_code, department_code, variables, purpose, valid_from,"
        " withdrawn_reason, recorded_at)"
        f" VALUES ({town.there.head_id}, '{SHANQIAN}', 'tax', '[]', 'x', '2026-01-01', '', now())"
    )
    with town.acting(tax) as cursor:
        assert _run(cursor, given, "registry_authorisation") == -1
        assert _run(cursor, "UPDATE {table} SET valid_to = NULL", "registry_authorisation") == 0
        assert _run(cursor, "UPDATE {table} SET variables = '[\"pension_fen_month\"]'", "registry_authorisation") == 0


def _of_citizen(town: Town) -> dict[str, set[int]]:
    home, head, account = town.here.household_id, town.here.head_id, town.here.account_id
    own = f"t.person_id = {head}"
    of_home = f"{own} OR t.household_id = {home}"
    of_person = f"t.table_name = 'registry_person' AND t.row_id = {head}"
    return {
        "registry_household": {home},
        "registry_person": {head},
        **{
            table: town.all_where(table, condition)
            for table, condition in {
                "registry_membership": of_home,
                "registry_fact": of_home,
                "registry_group_membership": of_home,
                "registry_life_event": of_home,
                "registry_access_log": of_home,
                "registry_person_values": own,
                "registry_household_values": f"t.household_id = {home}",
                "registry_guardianship": f"t.ward_id = {head} OR t.guardian_id = {head}",
                "registry_authorisation": own,
                "determination_screening_finding": f"{own} OR (t.household_id = {home} AND t.person_id IS NULL)",
                "referral_referral": f"t.household_id = {home}",
                "issued_document": f"t.household_id = {home}",
                "document_end": "EXISTS (SELECT FROM issued_document o"
                f" WHERE o.id = t.document_id AND o.household_id = {home})",
                "stored_file": f"t.household_id = {home}",
                "application_application": f"t.household_id = {home}",
                **dict.fromkeys(
                    (
                        "application_answer",
                        "application_case_request",
                        "application_material",
                        "application_member",
                        "application_need",
                        "application_once_only_notice",
                        "application_undertaking",
                    ),
                    f"t.application_id IN (SELECT id FROM application_application WHERE household_id = {home})",
                ),
                **dict.fromkeys(
                    ("verification_mandate", "verification_order", "verification_report"), f"t.household_id = {home}"
                ),
                **dict.fromkeys(
                    (
                        "verification_attempt",
                        "verification_dispute",
                        "verification_item",
                        "verification_reply",
                        "verification_signature",
                        "verification_viewing",
                    ),
                    own,
                ),
                "transition_log": of_home,
                "registry_citizen_account": f"t.account_id = {account}",
                "audit_change": of_person,
                "audit_block": f"t.id IN (SELECT t.block_id FROM audit_change t WHERE {of_person})",
            }.items()
        },
    }


def test_a_citizen_sees_the_own_family_and_no_other(town: Town) -> None:
    expected = {table: found for table, found in _of_citizen(town).items() if found}
    assert _seen(town, citizen(town.here)) == expected
    assert {"registry_fact", "registry_authorisation", "audit_change", "registry_access_log"} <= expected.keys()
    other = _seen(town, citizen(town.there))
    shared = {table for table in expected if expected[table] & other.get(table, set())}
    assert shared <= {"audit_block"}, "a statement that wrote several rows is one block"


def test_a_citizen_widens_the_own_scope_by_no_statement(town: Town) -> None:
    me = citizen(town.here)
    for table in SCOPED:
        if table in BY_ACCOUNT:
            continue
        rows = town.all_where(table, _inside(table, DAIYUE))
        assert _written(town, me, table, rows, town.image(table, min(rows))) == [], table
    joining = (
        "INSERT INTO {table} (household_id, person_id, division_code, relation, is_head, counts_as_member, start_on,"
        " end_reason)"
        f" VALUES ({town.there.household_id}, {town.here.head_id}, '{SHANQIAN}', '30', false, true, '2026-01-01', '')"
    )
    guarding = (
        "INSERT INTO {table} (ward_id, guardian_id, guardian_body, kind, division_code, start_on, evidence)"
        f" VALUES ({town.there.head_id}, {town.here.head_id}, '', 'statutory', '{SHANQIAN}', '2026-01-01', '')"
    )
    with town.acting(me) as cursor:
        assert _run(cursor, joining, "registry_membership") == -1
        assert _run(cursor, guarding, "registry_guardianship") == -1
        assert _run(cursor, f"UPDATE {{table}} SET person_id = {town.there.head_id}", "registry_citizen_account") == 0
        # consent is the citizen's own to take back
        assert _run(cursor, "UPDATE {table} SET withdrawn_at = now()", "registry_authorisation") == 1


def test_an_auditor_reads_the_trail_of_the_own_area_and_what_has_no_place(town: Town) -> None:
    nowhere = town.all_where("audit_change", "t.division_code IS NULL")
    assert nowhere
    seen = town.seen(staff(DAIYUE, auditor=True))
    assert seen["audit_change"] == nowhere | town.all_where("audit_change", _inside("audit_change", DAIYUE))
    # a block with a change that is seen is seen, and no other
    blocks = "t.id IN (SELECT block_id FROM audit_change WHERE id = ANY('{%s}'))"
    assert seen["audit_block"] == town.all_where("audit_block", blocks % ",".join(map(str, seen["audit_change"])))
    assert town.all_where("audit_block", _inside("audit_block", TAISHAN)) - seen["audit_block"]
    assert town.seen(staff(DAIYUE))["audit_change"] == seen["audit_change"] - nowhere


@pytest.mark.parametrize("table", TRAIL)
def test_nobody_writes_the_audit_trail(town: Town, table: str) -> None:
    row = min(town.all_where(table, "true"))
    for scope in (Scope(), staff(CITY, auditor=True), Scope("jiuzhu_system"), citizen(town.here), department("tax")):
        with town.acting(scope) as cursor:
            for verb in ("UPDATE {table} SET id = id", "DELETE FROM {table}", "TRUNCATE {table} CASCADE"):
                assert _run(cursor, verb, table) == -1, (scope.role, verb)
        assert _written(town, scope, table, {row}, town.image(table, row)) == []


def test_an_account_sees_its_own_jobs_and_its_own_steps_in_the_trail(town: Town) -> None:
    clerk = town.seen(staff(SHICHANG, account=town.here.clerk_account_id))
    mine = f"t.owner_account_id = {town.here.clerk_account_id}"
    assert clerk["task_progress"] == town.all_where("task_progress", mine) != set()
    assert (
        clerk["audit_block"] == town.all_where("audit_block", f"t.account_id = {town.here.clerk_account_id}") != set()
    )
    assert clerk["audit_change"] == set()


# what would take the login out of its role, the policies away, or the triggers off
_FORBIDDEN = [
    *(f"SET ROLE {role}" for role in ("jiuzhu_owner", "postgres", "pg_read_all_data", "pg_write_all_data")),
    "SET SESSION AUTHORIZATION jiuzhu_owner",
    "SET session_replication_role = 'replica'",
    "ALTER ROLE jiuzhu_app BYPASSRLS",
    "GRANT jiuzhu_owner TO jiuzhu_app",
    "CREATE ROLE another",
    "ALTER TABLE registry_person DISABLE ROW LEVEL SECURITY",
    "ALTER TABLE registry_person DISABLE TRIGGER ALL",
    "ALTER TABLE registry_person OWNER TO jiuzhu_app",
    "DROP POLICY staff ON registry_person",
    "CREATE POLICY mine ON registry_person USING (true)",
    "TRUNCATE registry_person CASCADE",
    "DROP TABLE registry_person CASCADE",
    "CREATE TABLE mine (id int)",
    "CREATE VIEW mine AS SELECT * FROM registry_person",
    "CREATE OR REPLACE FUNCTION jiuzhu_division_lo() RETURNS text LANGUAGE sql AS $$ SELECT '' $$",
    "COPY registry_person TO PROGRAM 'cat'",
    "SELECT pg_read_file('PG_VERSION')",
    "SELECT rolpassword FROM pg_authid",
]


@pytest.mark.parametrize("statement", _FORBIDDEN)
@pytest.mark.parametrize("role", ["", "jiuzhu_staff", "jiuzhu_system"])
def test_the_login_cannot_leave_its_roles_or_lift_the_policies(town: Town, statement: str, role: str) -> None:
    with town.acting(Scope(role)) as cursor, pytest.raises(InsufficientPrivilege):
        cursor.execute(statement)


def test_switching_row_security_off_makes_queries_fail_instead_of_showing_more(town: Town) -> None:
    with town.acting(staff(DAIMIAO)) as cursor:
        cursor.execute("SET LOCAL row_security = off")
        with pytest.raises(InsufficientPrivilege, match="row-level security"):
            cursor.execute("SELECT count(*) FROM registry_person")


def test_the_login_may_take_on_the_four_kinds_and_nothing_else(town: Town) -> None:
    """The database takes the program's word for who acts: what the login can become is all that it guarantees."""
    with town.app.cursor() as cursor:
        cursor.execute(
            "SELECT rolname, rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication FROM pg_roles"
            " WHERE pg_has_role('jiuzhu_app', oid, 'MEMBER') AND rolname <> 'jiuzhu_app'"
        )
        found: dict[str, bool] = dict(cursor.fetchall())
    assert found == dict.fromkeys(
        ["jiuzhu_staff", "jiuzhu_citizen", "jiuzhu_department", "jiuzhu_system", "jiuzhu_data"], False
    )
