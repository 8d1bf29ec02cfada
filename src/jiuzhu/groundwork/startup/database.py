"""Assertions on the database as the program's own login sees it."""

from collections.abc import Callable, Iterable

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

from jiuzhu.groundwork.database.derive import record_models
from jiuzhu.groundwork.records import History, Record, Unscoped
from jiuzhu.groundwork.startup.findings import Finding

_AUDIT_TRIGGERS = frozenset({"audit_insert", "audit_update", "audit_delete", "audit_no_truncate"})
_APPEND_ONLY_TRIGGERS = frozenset({"append_only", "append_only_no_truncate"})
_TRAIL_TABLES = ("audit_lane", "audit_block", "audit_change")
_TRAIL_TRIGGERS = frozenset({"audit_written_once", "audit_no_truncate"})
_SHOWN = 5

Models = Iterable[type[Record]]
Assertion = Callable[[CursorWrapper, Models], list[Finding]]


def login_role(cursor: CursorWrapper, _models: Models) -> list[Finding]:
    """The login is no superuser, bypasses no policy, makes no roles or databases, inherits nothing and owns nothing."""
    cursor.execute(
        "SELECT rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolinherit,"
        " EXISTS (SELECT FROM pg_class WHERE relowner = role.oid)"
        " OR EXISTS (SELECT FROM pg_namespace WHERE nspowner = role.oid)"
        " OR EXISTS (SELECT FROM pg_proc WHERE proowner = role.oid)"
        " OR EXISTS (SELECT FROM pg_database WHERE datdba = role.oid)"
        " FROM pg_roles role WHERE rolname = session_user"
    )
    row = cursor.fetchone()
    name, superuser, bypasses, makes_roles, makes_databases, inherits, owns = row
    flaws = (
        ("superuser", superuser, "是超级用户", "is a superuser"),
        ("bypass", bypasses, "可绕过行级安全策略", "bypasses row-level security"),
        ("roles", makes_roles, "可创建角色", "may make roles"),
        ("databases", makes_databases, "可创建数据库", "may make databases"),
        ("inherit", inherits, "自动继承各类人员的数据权限", "inherits the rights of every kind of actor"),
        ("owner", owns, "拥有数据库对象", "owns objects of the database"),
    )
    return [
        Finding(
            f"database.login.{code}",
            "DATABASE_APP_URL",
            f"登录角色 {name} {zh}",
            "请改用 roles.sql 建立的 jiuzhu_app 登录",
            f"the login role {name} {en}",
            "log in as jiuzhu_app, which roles.sql makes",
        )
        for code, wrong, zh, en in flaws
        if wrong
    ]


def tables(cursor: CursorWrapper, models: Models) -> list[Finding]:
    """Every table is there."""
    cursor.execute("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')")
    present = {name for (name,) in cursor.fetchall()}
    missing = [model._meta.db_table for model in models if model._meta.db_table not in present]
    return _finding("database.tables", missing, "数据表缺失", "tables are missing")


def row_security(cursor: CursorWrapper, models: Models) -> list[Finding]:
    """Every scoped table has row-level security switched on, and a policy for the system and each kind it names."""
    cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity AND relnamespace = 'public'::regnamespace")
    secured = {name for (name,) in cursor.fetchall()}
    cursor.execute("SELECT tablename, policyname FROM pg_policies WHERE schemaname = 'public'")
    policies = set(cursor.fetchall())
    open_tables = []
    for model in models:
        policy = model.policy
        if isinstance(policy, Unscoped):
            continue
        table = model._meta.db_table
        kinds = [kind for kind in ("staff", "citizen", "department") if getattr(policy, kind) is not None]
        if table not in secured or any((table, kind) not in policies for kind in ("system", *kinds)):
            open_tables.append(table)
    return _finding(
        "database.row_security",
        open_tables,
        "下列数据表未启用行级安全策略",
        "tables lack their row-level security",
    )


def audit_triggers(cursor: CursorWrapper, models: Models) -> list[Finding]:
    """Tables with history and tables written once have their triggers, and the trail its own; none is switched off."""
    cursor.execute(
        "SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
        " WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A')"
    )
    enabled: dict[str, set[str]] = {}
    for table, trigger in cursor.fetchall():
        enabled.setdefault(table, set()).add(trigger)
    wanted = [(model._meta.db_table, _AUDIT_TRIGGERS) for model in models if model.history is History.FULL]
    wanted += [
        (model._meta.db_table, _APPEND_ONLY_TRIGGERS) for model in models if getattr(model, "append_only", False)
    ]
    wanted += [(table, _TRAIL_TRIGGERS) for table in _TRAIL_TABLES]
    silent = [table for table, triggers in wanted if not triggers <= enabled.get(table, set())]
    return _finding(
        "database.audit",
        silent,
        "下列数据表的审计触发器缺失或被停用",
        "tables lack their audit triggers, or they are disabled",
    )


def _finding(code: str, names: list[str], zh: str, en: str) -> list[Finding]:
    if not names:
        return []
    some = ", ".join(names[:_SHOWN]) + (" …" if len(names) > _SHOWN else "")
    return [
        Finding(
            code,
            "DATABASE_URL",
            f"{zh}（{len(names)}）：{some}",
            "请以数据库所有者运行 jiuzhu database migrate",
            f"{en} ({len(names)}): {some}",
            "run `jiuzhu database migrate` as the owner of the database",
        )
    ]


ASSERTIONS: tuple[Assertion, ...] = (login_role, tables, row_security, audit_triggers)


def check_database(connection: BaseDatabaseWrapper, models: Models | None = None) -> list[Finding]:
    """All findings on the database behind `connection` (the program's own login), by default for all tables of ours."""
    wanted = list(record_models() if models is None else models)
    with connection.cursor() as cursor:
        return [finding for assertion in ASSERTIONS for finding in assertion(cursor, wanted)]
