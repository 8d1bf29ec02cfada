"""Effects that happen once."""

import threading
from datetime import UTC, datetime

import pytest
from django.db import connection

from jiuzhu.core.actors import Actor
from jiuzhu.groundwork.database.cluster import Connections
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.groundwork.tasks.effects import effect_once
from jiuzhu.groundwork.tasks.models import UniqueEffect

NOW = datetime(2026, 9, 14, 9, tzinfo=UTC)


@pytest.mark.django_db
def test_only_the_first_claim_of_a_key_is_granted(system: Actor) -> None:
    granted = []
    for key in ("a", "a", "b", "a"):
        with acting(system), effect_once(key, at=NOW) as first:
            granted.append(first)
    assert granted == [True, False, True, False]


@pytest.mark.django_db
def test_a_claim_whose_effect_failed_may_be_made_again(system: Actor) -> None:
    with pytest.raises(ZeroDivisionError), acting(system), effect_once("a", at=NOW):
        raise ZeroDivisionError
    with acting(system), effect_once("a", at=NOW) as first:
        assert first


@pytest.mark.django_db
def test_a_claim_needs_a_key() -> None:
    with pytest.raises(ValueError, match="needs a key"), effect_once("", at=NOW):
        pass


@pytest.mark.parametrize("keep", [True, False])
def test_a_claim_made_at_the_same_time_waits_for_the_first(
    committing_db: Connections, system: Actor, *, keep: bool
) -> None:
    held, granted = threading.Event(), []

    def second() -> None:
        try:
            held.wait(10)
            with acting(system), effect_once("a", at=NOW) as first:
                granted.append(first)
        finally:
            connection.close()

    thread = threading.Thread(target=second)
    thread.start()
    try:
        with acting(system), effect_once("a", at=NOW) as first:
            assert first
            held.set()
            thread.join(0.1)
            assert granted == []
            if not keep:
                raise ZeroDivisionError
    except ZeroDivisionError:
        pass
    thread.join(10)
    assert granted == [not keep]
    assert UniqueEffect.objects.filter(key="a").count() == 1
