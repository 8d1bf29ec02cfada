"""Progress of long jobs, and jobs in chunks."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from jiuzhu.config.messages import compile_catalogues
from jiuzhu.core.actors import Actor, ActorKind, Scope
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.core.errors import Conflict, NotFound
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.groundwork.tasks import progress
from jiuzhu.groundwork.tasks.chunks import Outcome, run_in_chunks
from jiuzhu.groundwork.tasks.jobs import Stopped, Work
from jiuzhu.groundwork.tasks.models import Progress, ProgressState

NOW = datetime(2026, 9, 14, 9, tzinfo=UTC)


def clerk(account_id: int, kind: ActorKind = ActorKind.STAFF) -> Actor:
    return Actor(kind=kind, account_id=account_id, name="clerk", scope=Scope(division=DivisionCode("370902001000")))


def work_of(actor: Actor, *, last: bool = False, stop_after: int = 10**9) -> Work:
    asked = iter(range(10**9))
    return Work(
        job_id=1,
        actor=actor,
        request_id="r-1",
        at=NOW,
        attempt=0,
        last_attempt=last,
        stop_asked=lambda: next(asked) >= stop_after,
    )


@pytest.mark.django_db
@pytest.mark.parametrize("kind", [ActorKind.STAFF, ActorKind.CITIZEN, ActorKind.DEPARTMENT])
def test_a_page_finds_its_bar_again_and_others_do_not(kind: ActorKind) -> None:
    mine, other = clerk(1, kind), clerk(2, kind)
    with acting(mine):
        bar = progress.announce(actor=mine, at=NOW, key="registry.roll:1", title="导入花名册", total=8)
        progress.begin(bar, at=NOW)
        progress.advance(bar, done=2, failed=1)
        found = progress.progress_of("registry.roll:1", actor=mine)
        assert (found.id, found.title, found.done, found.failed, found.percent) == (bar, "导入花名册", 2, 1, 37)
        assert found.state is ProgressState.RUNNING
        assert not found.ended
        progress.finish(bar, at=NOW + timedelta(minutes=1), result_file_id=9)
        assert progress.progress(bar, actor=mine).result_file_id == 9
        assert [one.state for one in progress.recent(actor=mine)] == [ProgressState.FINISHED]
    with acting(other):
        assert progress.recent(actor=other) == ()
        assert not Progress.objects.exists()
        with pytest.raises(NotFound):
            progress.progress(bar, actor=other)
        with pytest.raises(Conflict):
            progress.announce(actor=other, at=NOW, key="registry.roll:1", title="导入花名册")


@pytest.mark.django_db
def test_counts_never_exceed_the_total() -> None:
    mine = clerk(1)
    with acting(mine):
        bar = progress.announce(actor=mine, at=NOW, key="k", title="t", total=3)
    with pytest.raises(IntegrityError), acting(mine):
        progress.advance(bar, done=2, failed=2)


@given(st.none() | st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 10**6))
def test_percent_lies_between_0_and_100_and_is_100_only_at_the_end(total: int | None, done: int, failed: int) -> None:
    if total is not None:
        done, failed = min(done, total), min(failed, total - min(done, total))
    view = progress.ProgressView(1, "k", "t", ProgressState.RUNNING, total, done, failed, NOW, None, None, "", None)
    if total is None:
        assert view.percent is None
    else:
        assert view.percent is not None
        assert 0 <= view.percent <= 100
        assert (view.percent == 100) == (done + failed == total)


@pytest.mark.django_db
@pytest.mark.parametrize(("total", "size"), [(0, 5), (1, 5), (10, 5), (11, 5), (3, 1)])
def test_every_item_is_dealt_with_once(total: int, size: int) -> None:
    mine = clerk(1)
    seen: list[int] = []

    def do(items: range, _at: datetime) -> Outcome:
        seen.extend(items)
        return Outcome(done=len(items) - 1, failed=1)

    for _ in range(2):  # a second run, as after a crash, does nothing
        run_in_chunks(work_of(mine), key="k", title="t", total=total, size=size, do=do, finally_do=lambda _: 7)
    assert seen == list(range(total))
    with acting(mine):
        bar = progress.progress_of("k", actor=mine)
    assert bar.state is ProgressState.FINISHED
    assert bar.done + bar.failed == total
    assert bar.result_file_id == 7
    assert bar.percent == 100


@pytest.mark.django_db
def test_a_job_that_is_interrupted_goes_on_where_it_stopped() -> None:
    mine = clerk(1)
    seen: list[int] = []

    def do(items: range, _at: datetime) -> Outcome:
        seen.append(items.start)
        return Outcome(done=len(items))

    with pytest.raises(Stopped):
        run_in_chunks(work_of(mine, stop_after=2), key="k", title="t", total=50, size=10, do=do)
    assert seen == [0, 10]
    with acting(mine):
        assert progress.progress_of("k", actor=mine).state is ProgressState.RUNNING
    run_in_chunks(work_of(mine), key="k", title="t", total=50, size=10, do=do)
    assert seen == [0, 10, 20, 30, 40]


@pytest.mark.django_db
@pytest.mark.parametrize("last", [True, False])
def test_a_chunk_that_fails_is_undone_and_the_last_attempt_says_so(*, last: bool) -> None:
    mine = clerk(1)

    def do(items: range, _at: datetime) -> Outcome:
        if items.start:
            raise ZeroDivisionError
        return Outcome(done=len(items))

    with pytest.raises(ZeroDivisionError):
        run_in_chunks(work_of(mine, last=last), key="k", title="t", total=30, size=10, do=do)
    with acting(mine):
        bar = progress.progress_of("k", actor=mine)
    assert bar.done == 10
    assert bar.state is (ProgressState.STOPPED if last else ProgressState.RUNNING)
    assert ("联系系统管理员" in bar.message) is last


@pytest.mark.django_db
def test_a_message_is_read_in_the_readers_language() -> None:
    compile_catalogues()
    mine = clerk(1)
    with acting(mine):
        bar = progress.announce(actor=mine, at=NOW, key="k", title="导入")
        progress.stop(bar, at=NOW, message="处理中断，已完成的部分已保存，请联系系统管理员查看日志后重试")
        with translation.override("en"):
            found = progress.progress(bar, actor=mine)
            assert found.message.startswith("Interrupted; what was done is saved.")
            assert str(ProgressState(found.state).label) == "Stopped"
        assert progress.progress(bar, actor=mine).message.startswith("处理中断")
