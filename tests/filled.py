"""Databases that are filled once in each worker: what many tests begin with is built once, not by each of them.

A fixture whose name stands here gets a copy of the template that its builder has filled and committed. Its tests work
in that copy, each in a transaction that is rolled back, as everywhere. One may build on another.
"""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast

import psycopg
from django.db import connections, transaction
from psycopg import sql

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Filling(Generic[T]):
    """What fills a database, by the name of its fixture; `base` is the filling upon which it builds.

    A builder that `commits` opens its transactions itself, as a load does; all others work in one.
    """

    name: str
    build: Callable[[], T]
    base: "Filling[Any] | None" = None
    commits: bool = False

    def given(self) -> T:
        """What the builder returned, a copy for each test; within the builder of another filling too."""
        return cast("T", deepcopy(_built[self.name]))


_fillings: dict[str, Filling[Any]] = {}
_built: dict[str, object] = {}


def filled_once(
    name: str, *, base: Filling[Any] | None = None, commits: bool = False
) -> Callable[[Callable[[], T]], Filling[T]]:
    """Let the fixture `name` begin in a database filled by the function; a filling stands after that it builds on."""

    def made(build: Callable[[], T]) -> Filling[T]:
        filling = Filling(name, build, base, commits)
        _fillings[name] = filling
        return filling

    return made


def wanted_by(fixtures: list[str]) -> Filling[Any] | None:
    """The filling that a test needs: of those that build on each other the last."""
    asked = {name for name in _fillings if name in fixtures}
    below = {one.name for name in asked for one in _chain(_fillings[name])[1:]}
    left = sorted(asked - below)
    if len(left) > 1:
        raise LookupError(f"{left}: none of these builds on the other, so they stand in different databases")
    return _fillings[left[0]] if left else None


def _chain(filling: Filling[Any]) -> list[Filling[Any]]:
    return [filling, *(_chain(filling.base) if filling.base else [])]


class Databases:
    """The databases of a worker: its own, empty, and the filled ones; connections point at one of them."""

    def __init__(self, admin: str, own: str, point_at: Callable[[str], None]) -> None:
        self.admin, self.own, self.current = admin, own, own
        self._point_at = point_at

    def use(self, filling: Filling[Any] | None) -> None:
        """Let the connections point at the database of a filling (built if it is not there yet), or at the own one."""
        name = self.own if filling is None else self._filled(filling)
        if name != self.current:
            self._turn_to(name)

    def _filled(self, filling: Filling[Any]) -> str:
        name = f"{self.own}_{filling.name}"
        if filling.name in _built:
            return name
        base = self.own if filling.base is None else self._filled(filling.base)
        # a database is copied only while nobody is connected to it
        self._turn_to(name)
        self._copy(base, name)
        if filling.commits:
            _built[filling.name] = filling.build()
            return name
        with transaction.atomic():
            _built[filling.name] = filling.build()
            # nobody waits for this news: tests begin where it has been dealt with
            connections["default"].run_on_commit = []
        return name

    def beginning(self) -> str | None:
        """The filled database that the connections point at, free to be copied; None when it is the own one."""
        if self.current == self.own:
            return None
        for alias in ("default", "owner"):
            connections[alias].close()
        return self.current

    def _turn_to(self, name: str) -> None:
        if any(connections[alias].in_atomic_block for alias in ("default", "owner")):
            raise RuntimeError(f"a transaction is open in {self.current}: ask for the filled fixture before `db`")
        self._point_at(name)
        self.current = name

    def _copy(self, base: str, name: str) -> None:
        with psycopg.connect(self.admin, autocommit=True) as server:
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
            server.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy OWNER jiuzhu_owner").format(
                    sql.Identifier(name), sql.Identifier(base)
                )
            )

    def drop(self) -> None:
        """Remove the filled databases."""
        with psycopg.connect(self.admin, autocommit=True) as server:
            for name in _built:
                server.execute(
                    sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(f"{self.own}_{name}"))
                )
        _built.clear()
