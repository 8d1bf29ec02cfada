"""However often and wherever the import of a roll is interrupted, in the end each row is stored once."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django.fixtures import Settings
from tests.rooms.registry.conftest import AT, TOWN_A, staff
from tests.rooms.registry.sheets import large_roll
from tests.rooms.registry.test_roll_import import uploaded, work

from jiuzhu.core.actors import Actor
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.groundwork.tasks import progress
from jiuzhu.groundwork.tasks.jobs import Stopped
from jiuzhu.rooms.registry import actions, queries
from jiuzhu.rooms.registry.actions.roll import importing
from jiuzhu.rooms.registry.actions.roll.importing import import_roll
from jiuzhu.rooms.registry.models import Household, Membership, Person, RollEntry
from jiuzhu.rooms.registry.states import RollMode, RollState

PERSONS = 60
CHUNK = 7
STEPS = ("_store_households", "_store_persons", "_store_memberships", "_store_circumstances", "publish_event")


class PowerCut(Exception):  # noqa: N818 (what happens)
    """The run ends here, and what its transaction wrote is gone."""


@pytest.fixture(autouse=True)
def _own_files(settings: Settings, tmp_path: Path) -> None:
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, var=tmp_path)


@pytest.fixture
def officer(places: None) -> Actor:
    """The clerk of township A."""
    return staff(TOWN_A)


@contextmanager
def cut(step: str, time: int) -> Iterator[None]:
    """Cut the power when a step of the import has been done for the given time."""
    done = 0
    real = getattr(importing, step)

    def watched(*arguments: object, **options: object) -> object:
        nonlocal done
        result = real(*arguments, **options)
        done += 1
        if done == time:
            raise PowerCut
        return result

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(importing, step, watched)
        yield


@contextmanager
def thrown_away() -> Iterator[None]:
    """What is written meanwhile does not last."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def asked_after(chunks: int) -> Callable[[], bool]:
    """A worker that is asked to stop after so many chunks."""
    left = iter([False] * chunks)
    return lambda: next(left, True)


@given(
    sizes=st.integers(1, 5),
    cuts=st.lists(st.tuples(st.sampled_from(STEPS), st.integers(1, 4)), max_size=4),
    stops=st.lists(st.integers(0, 3), max_size=3),
    runs_after=st.integers(0, 2),
)
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
def test_each_row_is_stored_once_wherever_the_import_was_interrupted(
    officer: Actor, sizes: int, cuts: list[tuple[str, int]], stops: list[int], runs_after: int
) -> None:
    lines = large_roll(PERSONS, size=sizes)
    households = -(-PERSONS // sizes)
    with pytest.MonkeyPatch.context() as patch, thrown_away():
        patch.setattr(importing, "CHUNK_HOUSEHOLDS", CHUNK)
        roll_id = uploaded(officer, lines)
        assert uploaded(officer, lines) == roll_id
        actions.confirm_roll(actor=officer, at=AT, roll_id=roll_id, mode=RollMode.ALL_OR_NOTHING)
        for step, time in cuts:
            try:
                with cut(step, time):
                    import_roll(work(officer), roll_id=roll_id)
            except PowerCut:
                continue
        for chunks in stops:
            try:
                import_roll(replace(work(officer), stop_asked=asked_after(chunks)), roll_id=roll_id)
            except Stopped:
                continue
        for _ in range(1 + runs_after):
            import_roll(work(officer), roll_id=roll_id)
        with acting(officer):
            entries = list(RollEntry.objects.order_by("row").values_list("row", flat=True))
            counts = (Person.objects.count(), Household.objects.count(), Membership.objects.count())
            bar = progress.progress_of(f"registry.roll:{roll_id}:import", actor=officer)
        assert entries == list(range(2, PERSONS + 2))
        assert counts == (PERSONS, households, PERSONS)
        assert (bar.done, bar.failed) == (households, 0)
        roll = queries.roll_preview(actor=officer, roll_id=roll_id).roll
        assert (roll.state, roll.persons_imported) == (RollState.FINISHED, PERSONS)
