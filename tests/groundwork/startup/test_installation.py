"""Start-up assertions on the settings: a good production passes, and each flaw alone has its own finding."""

from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings as installed
from django.core.checks import run_checks
from pytest_django.fixtures import Settings

from jiuzhu.groundwork.startup import checks
from jiuzhu.groundwork.startup.checks import NotReady, assert_ready
from jiuzhu.groundwork.startup.installation import check_installation

KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True)
class Keys:
    field_keys: str = "1:" + "0f" * 32
    cipher_suite: str = "sm"


def production(**changes: Any) -> SimpleNamespace:
    good: dict[str, Any] = {
        "STAGE": "production",
        "SECRET_KEY": KEY,
        "ENVIRONMENT": Keys(),
        "DEBUG": False,
        "TEMPLATES": [{"OPTIONS": {}}],
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "SECURE_SSL_REDIRECT": True,
        "SECURE_HSTS_SECONDS": 31_536_000,
        "SESSION_COOKIE_HTTPONLY": True,
        "CSRF_COOKIE_HTTPONLY": True,
        "ALLOWED_HOSTS": ["jiuzhu.example.gov.cn"],
        "INSTALLED_APPS": ["jiuzhu.groundwork"],
        "USE_TZ": True,
        "TIME_ZONE": "Asia/Shanghai",
    }
    return SimpleNamespace(**{**good, **changes})


def test_a_complete_production_has_no_findings() -> None:
    assert check_installation(production()) == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"SECRET_KEY": "unset"}, "secret_key"),
        ({"SECRET_KEY": KEY[:49]}, "secret_key"),
        ({"SECRET_KEY": "a" * 60}, "secret_key"),
        ({"ENVIRONMENT": Keys(field_keys="")}, "field_keys"),
        ({"ENVIRONMENT": Keys(field_keys="1:" + "0f" * 31)}, "field_keys"),
        ({"ENVIRONMENT": Keys(field_keys="0f" * 32)}, "field_keys"),
        ({"ENVIRONMENT": Keys(cipher_suite="rot13")}, "field_keys"),
        ({"DEBUG": True}, "debug"),
        ({"TEMPLATES": [{"OPTIONS": {"debug": True}}]}, "debug"),
        ({"SESSION_COOKIE_SECURE": False}, "transport.session_cookie_secure"),
        ({"CSRF_COOKIE_SECURE": False}, "transport.csrf_cookie_secure"),
        ({"SECURE_SSL_REDIRECT": False}, "transport.secure_ssl_redirect"),
        ({"SECURE_HSTS_SECONDS": 0}, "transport.secure_hsts_seconds"),
        ({"SESSION_COOKIE_HTTPONLY": False}, "transport.session_cookie_httponly"),
        ({"CSRF_COOKIE_HTTPONLY": False}, "transport.csrf_cookie_httponly"),
        ({"ALLOWED_HOSTS": ["*"]}, "allowed_hosts"),
        ({"ALLOWED_HOSTS": ["good.example", ".*"]}, "allowed_hosts"),
        ({"ALLOWED_HOSTS": []}, "allowed_hosts"),
        ({"INSTALLED_APPS": ["jiuzhu.groundwork", "jiuzhu.demo"]}, "demonstration"),
        ({"TIME_ZONE": "UTC"}, "time_zone"),
        ({"USE_TZ": False}, "time_zone"),
    ],
)
def test_each_flaw_alone_is_found_and_names_the_setting(changes: dict[str, Any], code: str) -> None:
    (finding,) = check_installation(production(**changes))
    assert finding.code == code
    for language in ("zh", "en"):
        assert finding.setting in finding.message(language)
    assert "请" in finding.message("zh")


def test_no_finding_repeats_a_secret() -> None:
    secret = "0f" * 31
    for finding in check_installation(production(SECRET_KEY="topsecret", ENVIRONMENT=Keys(field_keys=f"1:{secret}"))):
        assert "topsecret" not in repr(finding)
        assert secret not in repr(finding)


@pytest.fixture
def half_configured(settings: Settings) -> Settings:
    settings.STAGE = "production"
    settings.ENVIRONMENT = replace(installed.ENVIRONMENT, field_keys="")
    return settings


@pytest.mark.django_db
def test_a_half_configured_production_refuses_to_start(half_configured: Settings) -> None:
    with pytest.raises(NotReady, match="JIUZHU_FIELD_KEYS") as refusal:
        assert_ready()
    assert "field_keys" in {finding.code for finding in refusal.value.findings}


@pytest.mark.django_db
def test_a_trial_starts_without_certificates() -> None:
    assert_ready()


def test_the_system_checks_are_errors_in_production_and_silent_in_a_trial(settings: Settings) -> None:
    assert checks.installation_check() == []
    settings.STAGE = "production"
    settings.DEBUG = True
    found = checks.installation_check()
    assert "jiuzhu.startup.debug" in {message.id for message in found}
    assert all(message.is_serious() for message in found)


def test_the_checks_are_registered(settings: Settings) -> None:
    checks.register_checks()
    settings.STAGE = "production"
    settings.ALLOWED_HOSTS = ["*"]
    assert "jiuzhu.startup.allowed_hosts" in {message.id for message in run_checks(tags=["security"])}
