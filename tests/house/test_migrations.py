"""Migrations: complete, in one line per app, named for what they do."""

import re

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader

OURS = [config.label for config in apps.get_app_configs() if config.name.startswith("jiuzhu.")]


@pytest.mark.django_db
def test_no_change_of_a_model_waits_for_a_migration() -> None:
    call_command("makemigrations", *OURS, check=True, dry_run=True, verbosity=0)


@pytest.mark.parametrize("label", OURS)
def test_an_app_has_one_line_of_migrations(label: str) -> None:
    loader = MigrationLoader(None, ignore_no_migrations=True)
    names = sorted(name for app, name in loader.disk_migrations if app == label)
    assert [name.split("_", 1)[0] for name in names] == [f"{number:04d}" for number in range(1, len(names) + 1)]
    assert len(loader.graph.leaf_nodes(label)) == (1 if names else 0)


def test_migrations_are_named_for_what_they_do() -> None:
    loader = MigrationLoader(None, ignore_no_migrations=True)
    vague = [
        f"{app}.{name}" for app, name in loader.disk_migrations if app in OURS and re.search(r"auto_\d|_and_more", name)
    ]
    assert vague == []
