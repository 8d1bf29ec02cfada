"""Two at the same moment, in real transactions: one effect, and the other hears of it (X1)."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections
from tests.rooms.application.conftest import (
    AT,
    DIBAO,
    NOTHING_ASKED,
    Family,
    detail,
    make_family,
    officer,
    save,
    sign_all,
    started,
    state_of,
    submit,
)

from jiuzhu.core.errors import Refusal
from jiuzhu.groundwork.database.cluster import Connections
from jiuzhu.rooms.application import actions, queries
from jiuzhu.rooms.application.states import ApplicationState


@pytest.fixture
def home(committing_db: Connections) -> Iterator[Family]:
    """The family, committed."""
    yield make_family()
    connections.close_all()


def together(*acts: Callable[[], object]) -> list[object]:
    """Do all at once; gives what each returned or how it was refused, as it came."""
    start = Barrier(len(acts))

    def one(act: Callable[[], object]) -> object:
        start.wait()
        try:
            return act()
        except Refusal as refusal:
            return refusal.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [found.result() for found in [pool.submit(one, act) for act in acts]]


def test_two_at_the_same_moment_have_one_effect(home: Family) -> None:
    # the same request twice begins one application
    first, second = together(*[lambda: started(officer(), home)] * 2)
    assert first == second
    made = detail(int(str(first)))
    assert len(queries.applications(actor=officer(), at=AT).rows) == 1

    # two pages of one draft: one saves, the other is told
    number = made.application.id
    saved = together(*(lambda value=value: save(number, 1, answers={(None, "a"): value}) for value in ("1", "2")))
    assert sorted(map(str, saved)) == ["2", "application.stale"]
    (kept,) = detail(number).answers
    assert kept.value == ("1" if saved[0] == 2 else "2")

    # sent twice, submitted once
    sign_all(number, home)
    receipts = together(*[lambda: submit(number, key="k", version=2)] * 3)
    assert len({str(one) for one in receipts}) == 1
    assert isinstance(receipts[0], actions.Submitted)

    # two clerks with one case: one accepts, the other is told that it is closed
    accepted = together(
        *[lambda: actions.accept_application(actor=officer(), at=AT, application_id=number, missing=())] * 2
    )
    assert sorted(map(str, accepted)) == ["None", "transition.not_allowed"]


def test_of_two_applications_for_the_same_one_comes_in(home: Family) -> None:
    both = [started(officer(account=number), home, wanted=[DIBAO]) for number in (31, 32)]
    for one in both:
        sign_all(one, home)
    found = together(*(lambda one=one: submit(one, key=f"k{one}", version=1, checked=NOTHING_ASKED) for one in both))
    assert sorted(str(one) for one in found if isinstance(one, str)) == ["application.twice"]
    assert {state_of(one) for one in both} == {ApplicationState.SUBMITTED, ApplicationState.DRAFT}
