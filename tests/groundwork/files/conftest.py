"""A store in a folder of its own."""

from dataclasses import replace
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from jiuzhu.groundwork.files.store import FileStore, installed_store

KEY_1 = "1:" + "11" * 32
KEY_2 = "2:" + "22" * 32


@pytest.fixture(params=["sm", "international"])
def store(request: pytest.FixtureRequest, settings: Settings, tmp_path: Path) -> FileStore:
    """The installation's store, empty, in each suite."""
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, var=tmp_path, field_keys=KEY_1, cipher_suite=request.param)
    return installed_store()
