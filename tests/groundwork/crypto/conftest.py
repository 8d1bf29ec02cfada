"""The table of cards, and keys of the tests' own."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from pytest_django.fixtures import Settings
from pytest_django.plugin import DjangoDbBlocker
from tests.groundwork.crypto import cards

KEY_1 = "1:" + "11" * 32
KEY_2 = "2:" + "22" * 32

UseKeys = Callable[[str, str], None]


@pytest.fixture(scope="module")
def card_table(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The table of cards, for one module of tests."""
    with django_db_blocker.unblock():
        cards.make_table()
    yield
    with django_db_blocker.unblock():
        cards.drop_table()


@pytest.fixture
def use_keys(settings: Settings) -> UseKeys:
    """Give the installation other keys and another suite for one test."""

    def use(field_keys: str, cipher_suite: str) -> None:
        settings.ENVIRONMENT = replace(settings.ENVIRONMENT, field_keys=field_keys, cipher_suite=cipher_suite)

    return use


@pytest.fixture(params=["sm", "international"])
def suite(request: pytest.FixtureRequest, use_keys: UseKeys) -> str:
    """Each suite in turn, with one key."""
    name: str = request.param
    use_keys(KEY_1, name)
    return name
