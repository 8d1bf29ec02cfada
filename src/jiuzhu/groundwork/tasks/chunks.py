"""Long jobs in chunks: each chunk is one transaction that holds its rows, its effect key and its progress."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.utils.translation import gettext_noop

from jiuzhu.groundwork.database.scope import acting
from jiuzhu.groundwork.tasks import progress
from jiuzhu.groundwork.tasks.effects import effect_once
from jiuzhu.groundwork.tasks.jobs import Stopped, Work

# The clock stands at the edge of the program: the one who runs a chunk reads it and hands the time on.
Clock = Callable[[], datetime]

_INTERRUPTED = gettext_noop("处理中断，已完成的部分已保存，请联系系统管理员查看日志后重试")


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many items of a chunk succeeded and failed."""

    done: int
    failed: int = 0


def system_clock() -> datetime:
    """The time now, in UTC."""
    return datetime.now(UTC)


def run_in_chunks(
    work: Work,
    *,
    key: str,
    title: str,
    total: int,
    size: int,
    do: Callable[[range, datetime], Outcome],
    clock: Clock = system_clock,
    finally_do: Callable[[datetime], int | None] | None = None,
) -> None:
    """Run `do(item numbers, at)` for the items 0 … total-1 in chunks; what an earlier run committed is skipped.

    `key` names the job's object and is the key of its `Progress`. `total` and `size` must be the same in every run of
    one key, which holds when they come from the stored input. `do` handles bad items itself and counts them; what it
    raises ends this run, is retried, and after the last attempt stops the progress with a message. `finally_do` runs in
    the last transaction and may return the id of a result file.

    Raises:
        Stopped: the worker is shutting down; the job is taken up again.
    """
    if size < 1:
        raise ValueError("a chunk holds at least one item")
    with acting(work.actor, request_id=work.request_id):
        bar = progress.announce(actor=work.actor, at=clock(), key=key, title=title, total=total)
        progress.begin(bar, at=clock(), total=total)
    try:
        for start in range(0, total, size):
            work.pause()
            items = range(start, min(start + size, total))
            at = clock()
            with (
                acting(work.actor, reason=title, request_id=work.request_id),
                effect_once(f"{key}#{items.start}-{items.stop}", at=at) as first,
            ):
                if first:
                    outcome = do(items, at)
                    progress.advance(bar, done=outcome.done, failed=outcome.failed)
        at = clock()
        with acting(work.actor, reason=title, request_id=work.request_id), effect_once(f"{key}#end", at=at) as first:
            result = finally_do(at) if first and finally_do is not None else None
            progress.finish(bar, at=at, result_file_id=result)
    except Stopped:
        raise
    except Exception:
        if work.last_attempt:
            with acting(work.actor, request_id=work.request_id):
                progress.stop(bar, at=clock(), message=_INTERRUPTED)
        raise
