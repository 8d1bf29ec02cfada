"""The person or process that acts: what it may do, and where.

Permissions answer "may this verb be done", the scope answers "on whose records". Both come with the actor into every
query and action; nothing asks a global for the current user.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from jiuzhu.core.divisions import COUNTRY, DivisionCode
from jiuzhu.core.errors import NotFound, Refusal


class PermissionRefused(Refusal):
    """The actor's post does not hold the permission; the web answers 403."""

    def __init__(self, permission: str) -> None:
        super().__init__(
            "actor.permission",
            "您的岗位没有此项权限，请由有权限的人员办理，或联系系统管理员",
            "Your post does not hold this permission; ask an officer who does, or the administrator.",
        )
        self.permission = str(permission)
        self.args = (self.permission,)


class OutOfScope(NotFound):
    """The record lies outside the actor's scope; the web answers 404, so that nobody learns that it exists."""

    def __init__(self) -> None:
        super().__init__(
            "actor.scope",
            "未找到该记录，或不在您的管辖范围内，请核对区划，或联系上级主管部门",
            "No such record, or it lies outside your area; check the division, or ask the office above yours.",
        )
        self.args = ()


class ActorKind(StrEnum):
    """What stands behind an actor."""

    STAFF = "staff"
    CITIZEN = "citizen"
    DEPARTMENT = "department"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Scope:
    """The records an actor may see: by division, by department, or its own.

    `division` None means no division at all. `department` is the department code of a department officer.
    `household_ids` and `person_ids` are a citizen's own. An empty scope sees nothing.
    """

    division: DivisionCode | None = None
    department: str | None = None
    household_ids: frozenset[int] = frozenset()
    person_ids: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: an account in a post, a citizen, a department's officer, or a named process.

    `account_id` and `post_id` are None for processes and `post_id` also for citizens. `session_key_hash` ties the act
    to a login session without keeping the session's key.
    """

    kind: ActorKind
    account_id: int | None
    name: str
    post_id: int | None = None
    post_title: str = ""
    permissions: frozenset[str] = frozenset()
    scope: Scope = Scope()
    session_key_hash: str | None = None

    def may(self, permission: str) -> bool:
        """Tell whether the actor holds a permission (`room.object.verb`)."""
        return permission in self.permissions

    def require(self, permission: str) -> None:
        """Let the actor pass only with a permission.

        Raises:
            PermissionRefused: the actor does not hold it.
        """
        if not self.may(permission):
            raise PermissionRefused(permission)

    def covers(self, division: DivisionCode | str) -> bool:
        """Tell whether a division (12 digits when text) lies in the actor's division; an actor without one covers none.

        Raises:
            InvalidDivisionCode: the text is not a division code.
        """
        code = DivisionCode(division) if isinstance(division, str) else division
        return self.scope.division is not None and self.scope.division.contains(code)

    def require_scope(self, division: DivisionCode | str) -> None:
        """Let the actor pass only for a division in its scope.

        Raises:
            OutOfScope: the division lies outside.
            InvalidDivisionCode: the text is not a division code.
        """
        if not self.covers(division):
            raise OutOfScope


def system_actor(
    name: str, *, permissions: Iterable[str] = (), division: DivisionCode = COUNTRY, department: str | None = None
) -> Actor:
    """Make the actor of a process (a nightly task, an import), named in the audit trail.

    It sees the whole country unless told less, and may do only what `permissions` lists.
    """
    return Actor(
        kind=ActorKind.SYSTEM,
        account_id=None,
        name=name,
        permissions=frozenset(permissions),
        scope=Scope(division=division, department=department),
    )
