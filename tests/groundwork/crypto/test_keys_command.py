"""The commands `jiuzhu keys new`, `status` and `rotate`."""

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.conf import settings as django_settings
from pytest_django.fixtures import Settings
from tests.groundwork.crypto.cards import Card
from tests.groundwork.crypto.conftest import KEY_1, KEY_2

from jiuzhu.config import environment
from jiuzhu.config.commandline import keys
from jiuzhu.core.actors import Actor
from jiuzhu.groundwork.crypto import rotation
from jiuzhu.groundwork.crypto.keyring import Keyring
from jiuzhu.groundwork.crypto.rotation import EncryptedTable, encrypted_tables
from jiuzhu.groundwork.database.scope import acting

NUMBER = "370902199001011234"
ALL_TABLES = encrypted_tables


def only_cards() -> tuple[EncryptedTable, ...]:
    return ALL_TABLES([Card])


@pytest.fixture
def installation(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """An installation of its own with one table, in a folder of its own, already set up."""
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, var=tmp_path, field_keys=KEY_1, cipher_suite="sm")
    monkeypatch.setattr(keys, "set_up_django", lambda: None)
    monkeypatch.setattr(rotation, "encrypted_tables", only_cards)
    monkeypatch.setattr(environment, "read", lambda: django_settings.ENVIRONMENT)
    monkeypatch.setenv("COLUMNS", "200")
    return settings


def change_keys(settings: Settings, field_keys: str, cipher_suite: str = "sm") -> None:
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, field_keys=field_keys, cipher_suite=cipher_suite)


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(keys.command, arguments)
    return result.exit_code, result.output


def test_new_prints_nothing_but_the_next_key_line(installation: Settings) -> None:
    code, printed = run("new")
    assert code == 0
    assert Keyring.parse(f"{KEY_1},{printed.strip()}", "sm").current.key_number == 2


def test_new_prints_the_first_key_when_there_is_none(installation: Settings) -> None:
    change_keys(installation, "")
    code, printed = run("new")
    assert code == 0
    assert Keyring.parse(printed.strip(), "sm").current.key_number == 1


def test_malformed_keys_are_a_clear_message_that_shows_no_key(installation: Settings) -> None:
    change_keys(installation, "1:" + "77" * 31)
    for verb in ("new", "status", "rotate"):
        code, printed = run(verb)
        assert code == 1
        assert "32 bytes are needed" in printed
        assert "7777" not in printed


@pytest.mark.django_db
@pytest.mark.usefixtures("card_table")
def test_status_and_rotate_tell_the_same_story(installation: Settings, system: Actor) -> None:
    with acting(system):
        for _ in range(3):
            Card.objects.create(number=NUMBER, note="低保")
    assert "current" in run("status")[1]
    change_keys(installation, f"{KEY_1},{KEY_2}", "international")
    code, printed = run("status")
    assert code == 0
    assert "test_card.number" in printed
    assert "to be rotated" in printed
    code, printed = run("rotate", "--batch", "2")
    assert code == 0
    assert "3 rows and 0 files now lie under international, key 2" in printed
    assert NUMBER not in printed
    assert "to be rotated" not in run("status")[1]
    code, printed = run("rotate")
    assert "0 rows and 0 files" in printed
    change_keys(installation, KEY_1)
    assert "key missing" in run("status")[1]


@pytest.mark.django_db
@pytest.mark.usefixtures("card_table")
def test_rotate_ends_in_failure_and_names_what_it_left(installation: Settings, system: Actor) -> None:
    with acting(system):
        bad = Card.objects.create(number=NUMBER)
    change_keys(installation, KEY_2)
    code, printed = run("rotate")
    assert code == 1
    assert f"test_card id {bad.id}" in printed
    assert "not among the field keys" in printed
