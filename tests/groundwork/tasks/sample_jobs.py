"""Jobs for the tests of background work; the worker of `run_sample_worker.py` knows them too."""

import time
from datetime import datetime
from enum import StrEnum

from jiuzhu.groundwork.tasks.chunks import Outcome, run_in_chunks
from jiuzhu.groundwork.tasks.effects import effect_once
from jiuzhu.groundwork.tasks.jobs import Work, enqueue, job
from jiuzhu.groundwork.transitions.actions import record

PLACE = "370902001001"


class Mark(StrEnum):
    DONE = "done"


def mark(work: Work, number: int, at: datetime) -> None:
    """The visible effect of a sample job: one row in the transition log."""
    record(
        actor=work.actor,
        at=at,
        object_type="test.mark",
        object_id=number,
        transition=None,
        verb="mark",
        from_state=None,
        to_state=Mark.DONE,
        division=PLACE,
    )


@job("test.mark_once")
def mark_once(work: Work, number: int) -> None:
    with effect_once(f"test.mark:{number}", at=work.at) as first:
        if first:
            mark(work, number, work.at)
            time.sleep(0.003)  # wide enough for a kill to fall inside


@job("test.mark_then_fail")
def mark_then_fail(work: Work, number: int) -> None:
    mark(work, number, work.at)
    raise RuntimeError("after the effect")


@job("test.mark_and_pass_on")
def mark_and_pass_on(work: Work, number: int, fail: bool) -> None:  # noqa: FBT001  # arguments of jobs come by name
    mark(work, number, work.at)
    enqueue(mark_once, actor=work.actor, arguments={"number": number + 1000}, request_id=work.request_id)
    if fail:
        raise RuntimeError("after passing on")


@job("test.mark_in_chunks", in_one_transaction=False)
def mark_in_chunks(work: Work, total: int) -> None:
    def do(items: range, at: datetime) -> Outcome:
        for number in items:
            mark(work, number, at)
            time.sleep(0.001)
        return Outcome(done=len(items))

    run_in_chunks(work, key="test.chunks:1", title="分批处理", total=total, size=10, do=do)
