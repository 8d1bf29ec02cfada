"""Derive grants, row-level security and audit triggers from what each model states; run after every migration.

Derived objects are never written by hand in a migration: they are dropped and made anew from the models, so the
database cannot drift from the code. Everything happens in one transaction as the owner.
"""

from importlib.resources import files

from django.apps import AppConfig, apps
from django.db import connections, transaction
from django.db.backends.utils import CursorWrapper

from jiuzhu.groundwork.records import History, Policy, Record, Unscoped

OWNER = "owner"
LANES = 64

# Tables of libraries. They hold sessions and queues, are reached before an actor is known, and carry no policy.
LIBRARY_TABLES = (
    "django_",
    "auth_",
    "account_",
    "socialaccount_",
    "mfa_",
    "usersessions_",
    "axes_",
    "allauth_idp_",
    "procrastinate_",
)

_AUDIT_TABLES = ("audit_lane", "audit_block", "audit_change")


def after_migrate(sender: AppConfig, *, using: str, **_: object) -> None:
    """Receiver of `post_migrate`: derive once, after the last app, when the owner migrated."""
    if (
        using == OWNER
        and sender.label == [config.label for config in apps.get_app_configs() if config.models_module][-1]
    ):
        derive(using=using)


def record_models() -> list[type[Record]]:
    """Every concrete table of ours, in order of table name."""
    models = [model for model in apps.get_models(include_auto_created=True) if issubclass(model, Record)]
    return sorted(models, key=lambda model: model._meta.db_table)


def derive(*, using: str = OWNER) -> None:
    """Make functions, grants, policies and triggers anew. Must run as the owner of the tables."""
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute(files("jiuzhu.groundwork.database").joinpath("functions.sql").read_text(encoding="utf-8"))
        cursor.execute(files("jiuzhu.groundwork.audit").joinpath("audit.sql").read_text(encoding="utf-8"))
        _grants(cursor)
        for model in record_models():
            _policies(cursor, model)
            _triggers(cursor, model)
        _protect_audit(cursor)


def _grants(cursor: CursorWrapper) -> None:
    cursor.execute(
        "GRANT USAGE ON SCHEMA public TO jiuzhu_data, jiuzhu_app;"
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO jiuzhu_data, jiuzhu_app;"
        "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO jiuzhu_data, jiuzhu_app;"
        "REVOKE INSERT, UPDATE, DELETE ON audit_lane, audit_block, audit_change FROM jiuzhu_data, jiuzhu_app;"
    )


def _policies(cursor: CursorWrapper, model: type[Record]) -> None:
    table = model._meta.db_table
    cursor.execute("SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = %s", [table])
    for (name,) in cursor.fetchall():
        cursor.execute(f'DROP POLICY "{name}" ON "{table}"')
    if isinstance(model.policy, Unscoped):
        cursor.execute(f'ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY')
        return
    cursor.execute(f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY')
    cursor.execute(f'CREATE POLICY system ON "{table}" TO jiuzhu_system USING (true)')
    for kind, condition in _conditions(model.policy):
        using = condition.format(t=f'"{table}"')
        if kind == "staff" and model.policy.staff_write is not None:
            write = model.policy.staff_write.format(t=f'"{table}"')
            cursor.execute(f'CREATE POLICY staff ON "{table}" TO jiuzhu_staff USING ({using}) WITH CHECK ({write})')
        else:
            command = "ALL" if kind == "staff" or kind in model.policy.written_by else "SELECT"
            cursor.execute(f'CREATE POLICY {kind} ON "{table}" FOR {command} TO jiuzhu_{kind} USING ({using})')


def _conditions(policy: Policy) -> list[tuple[str, str]]:
    pairs = (("staff", policy.staff), ("citizen", policy.citizen), ("department", policy.department))
    return [(kind, condition) for kind, condition in pairs if condition is not None]


def _triggers(cursor: CursorWrapper, model: type[Record]) -> None:
    table = model._meta.db_table
    for name in ("audit_insert", "audit_update", "audit_delete", "audit_no_truncate"):
        cursor.execute(f'DROP TRIGGER IF EXISTS {name} ON "{table}"')
    for name in ("append_only", "append_only_no_truncate"):
        cursor.execute(f'DROP TRIGGER IF EXISTS {name} ON "{table}"')
    if model.append_only:
        cursor.execute(
            f'CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "{table}"'
            " FOR EACH ROW EXECUTE FUNCTION jiuzhu_audit_refuse();"
            f'CREATE TRIGGER append_only_no_truncate BEFORE TRUNCATE ON "{table}"'
            " FOR EACH STATEMENT EXECUTE FUNCTION jiuzhu_audit_refuse_truncate();"
        )
    if model.history is History.NONE:
        return
    omitted = "{" + ",".join(sorted(model.history_omits)) + "}"
    cursor.execute(
        f'CREATE TRIGGER audit_insert AFTER INSERT ON "{table}" REFERENCING NEW TABLE AS new_rows'
        f" FOR EACH STATEMENT EXECUTE FUNCTION jiuzhu_audit('{omitted}');"
        f'CREATE TRIGGER audit_update AFTER UPDATE ON "{table}" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows'
        f" FOR EACH STATEMENT EXECUTE FUNCTION jiuzhu_audit('{omitted}');"
        f'CREATE TRIGGER audit_delete AFTER DELETE ON "{table}" REFERENCING OLD TABLE AS old_rows'
        f" FOR EACH STATEMENT EXECUTE FUNCTION jiuzhu_audit('{omitted}');"
        f'CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON "{table}"'
        " FOR EACH STATEMENT EXECUTE FUNCTION jiuzhu_audit_refuse_truncate();"
    )


def _protect_audit(cursor: CursorWrapper) -> None:
    cursor.execute(
        "INSERT INTO audit_lane (id, height, head)"
        " SELECT n, 0, sha256(convert_to('jiuzhu audit lane ' || n, 'UTF8')) FROM generate_series(1, %s) n"
        " ON CONFLICT DO NOTHING",
        [LANES],
    )
    for table in _AUDIT_TABLES:
        events = "UPDATE OR DELETE" if table != "audit_lane" else "DELETE"
        cursor.execute(
            f"DROP TRIGGER IF EXISTS audit_written_once ON {table};"
            f"DROP TRIGGER IF EXISTS audit_no_truncate ON {table};"
            f"CREATE TRIGGER audit_written_once BEFORE {events} ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION jiuzhu_audit_refuse();"
            f"CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION jiuzhu_audit_refuse_truncate();"
        )
