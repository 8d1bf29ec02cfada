"""The assertions as Django system checks: silent in a trial, errors in production."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

from jiuzhu.groundwork.startup.database import check_database
from jiuzhu.groundwork.startup.findings import Finding
from jiuzhu.groundwork.startup.installation import check_installation

PRODUCTION = "production"


class NotReady(RuntimeError):  # noqa: N818 (the installation is not ready)
    """The program refuses to start; `findings` say why."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("\n".join(finding.message("en") for finding in findings))
        self.findings = tuple(findings)


def in_production() -> bool:
    """Whether this installation serves real people."""
    return str(settings.STAGE) == PRODUCTION


def installation_check(**_: Any) -> list[CheckMessage]:
    """System check of the settings."""
    return [_error(finding) for finding in check_installation(settings)] if in_production() else []


def database_check(*, databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """System check of the database; runs when the login of the program is among the databases checked."""
    if not in_production() or "default" not in (databases or ()):
        return []
    return [_error(finding) for finding in check_database(connections["default"])]


def register_checks() -> None:
    """Register both with Django; the application's `ready` calls this."""
    register(installation_check, Tags.security)
    register(database_check, Tags.database)


def assert_ready() -> None:
    """Refuse to start a half-configured production; in a trial, assert only what a trial has: its database.

    Raises:
        NotReady: something must be put right first.
    """
    findings = check_installation(settings) if in_production() else []
    findings += check_database(connections["default"])
    if findings:
        raise NotReady(findings)


def _error(finding: Finding) -> CheckMessage:
    return Error(f"{finding.setting}: {finding.wrong_en}", hint=finding.remedy_en, id=f"jiuzhu.startup.{finding.code}")
