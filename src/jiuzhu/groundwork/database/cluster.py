"""Roles and databases of a cluster: made once by an administrator, repeatable, before any migration."""

from dataclasses import dataclass
from importlib.resources import files
from urllib.parse import parse_qs, quote, urlencode, urlsplit, urlunsplit

import psycopg
from psycopg import sql


@dataclass(frozen=True, slots=True)
class Connections:
    """Addresses of one database: for its owner, and for the login role of web and worker."""

    owner: str
    app: str


class ClusterNotReadyError(RuntimeError):
    """The server lacks roles that the given login may not make; the message says what an administrator must run."""


def prepare(dsn: str, *, database: str, app_password: str) -> Connections:
    """Make the roles and the database `database`, owned by jiuzhu_owner, on the server of an administrator's `dsn`.

    Repeatable. For a server where the login is no administrator use `adopt`.
    """
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(files("jiuzhu.groundwork.database").joinpath("roles.sql").read_bytes())
        for role in ("jiuzhu_app", "jiuzhu_owner"):
            connection.execute(
                sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), sql.Literal(app_password))
            )
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone()
        if known is None:
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER jiuzhu_owner ENCODING 'UTF8' TEMPLATE template0").format(
                    sql.Identifier(database)
                )
            )
    return addresses(dsn, database=database, app_password=app_password)


def addresses(dsn: str, *, database: str, app_password: str) -> Connections:
    """The addresses of a database that `prepare` has made."""
    return Connections(
        owner=with_login(dsn, user="jiuzhu_owner", password=app_password, database=database),
        app=with_login(dsn, user="jiuzhu_app", password=app_password, database=database),
    )


def adopt(dsn: str, *, app_password: str) -> Connections:
    """Use an existing database: the login of `dsn` owns the tables, jiuzhu_app is the login of the program.

    Raises ClusterNotReadyError when roles are missing and the login may not make them, or when it is jiuzhu_app itself.
    """
    with psycopg.connect(dsn, autocommit=True) as connection:
        row = connection.execute(
            "SELECT current_user, rolcreaterole OR rolsuper, current_database() FROM pg_roles"
            " WHERE rolname = current_user"
        ).fetchone()
        if row is None or row[0] == "jiuzhu_app":
            raise ClusterNotReadyError("DATABASE_URL must log in as the owner of the tables, not as jiuzhu_app")
        _, may_make_roles, database = row
        if may_make_roles:
            connection.execute(files("jiuzhu.groundwork.database").joinpath("roles.sql").read_bytes())
            connection.execute(sql.SQL("ALTER ROLE jiuzhu_app PASSWORD {}").format(sql.Literal(app_password)))
        elif connection.execute("SELECT 1 FROM pg_roles WHERE rolname = 'jiuzhu_system'").fetchone() is None:
            raise ClusterNotReadyError(
                "the server has no jiuzhu roles: let an administrator run src/jiuzhu/groundwork/database/roles.sql,"
                " set a password for jiuzhu_app and give its address as DATABASE_APP_URL"
            )
    return Connections(owner=dsn, app=with_login(dsn, user="jiuzhu_app", password=app_password, database=str(database)))


def with_login(dsn: str, *, user: str, password: str, database: str) -> str:
    """The address `dsn` with another login and database; a socket folder in its query is kept."""
    parts = urlsplit(dsn)
    place = parts.hostname or ""
    if parts.port:
        place += f":{parts.port}"
    query = urlencode({name: values[-1] for name, values in parse_qs(parts.query).items()})
    return urlunsplit(("postgresql", f"{user}:{quote(password, safe='')}@{place}", f"/{quote(database)}", query, ""))
