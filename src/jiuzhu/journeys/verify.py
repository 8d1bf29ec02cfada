"""Ask the sources in the background: what is due is sent, retried, collected from files, and chased (S13, X6).

One job for each source, one after the other, so that a slow department holds up nobody else and is never overrun. The
questions of one job go out side by side; the database is written before they go and when they have come back.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial

import structlog
from procrastinate.contrib.django import app

from jiuzhu.core.actors import system_actor
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.groundwork.tasks.chunks import Clock, system_clock
from jiuzhu.groundwork.tasks.jobs import Work, enqueue, job
from jiuzhu.rooms.verification import actions
from jiuzhu.rooms.verification.permissions import Permission
from jiuzhu.rooms.verification.ports import BatchConnector, Connector, Outcome, connectors
from jiuzhu.rooms.verification.queries import OpenFile, open_files, sources_with_work

_LOG = structlog.get_logger(__name__)
ASKER = system_actor(
    "家庭经济状况核对",
    permissions=[
        Permission.ITEM_SEND,
        Permission.ITEM_FIND,
        Permission.ITEM_MARK_UNAVAILABLE,
        Permission.ORDER_EXPIRE,
    ],
)
_PIECE = 48
_SIDE_BY_SIDE = 16
_FILE_MOST = 5_000


def ask(at: datetime) -> tuple[str, ...]:
    """Put a job in the queue for every source that has something due; returns the sources. Call it in a transaction.

    A job that waits for a source already is not doubled. What is due later is found by the tick of its minute.
    """
    due = [work.source for work in sources_with_work(actor=ASKER, at=at) if work.next_at <= at]
    return tuple(source for source in due if _enqueue(source))


@job("verification.ask", in_one_transaction=False)
def run_ask(work: Work, source: str) -> None:
    """Ask one source all that is due."""
    ask_source(source, clock=system_clock, pause=work.pause)


def ask_source(source: str, *, clock: Clock, pause: Callable[[], None] = lambda: None) -> int:
    """Ask one source until nothing is due any more; returns how many questions came to an outcome."""
    connector = connectors().get(source)
    if isinstance(connector, BatchConnector):
        return _file(connector, clock)
    if not isinstance(connector, Connector):
        return 0
    count = 0
    with ThreadPoolExecutor(_SIDE_BY_SIDE, thread_name_prefix=f"ask-{source}") as pool:
        while claimed := actions.claim(actor=ASKER, at=clock(), source=source, most=_PIECE):
            at = clock()
            answers = list(pool.map(partial(_answer, connector, at), claimed))
            outcomes = {one.attempt_id: answer for one, answer in zip(claimed, answers, strict=True)}
            count += actions.record_outcomes(actor=ASKER, at=clock(), source=source, outcomes=outcomes)
            pause()
    return count


def _answer(connector: Connector, at: datetime, claimed: actions.Claimed) -> Outcome:
    return connector.ask(claimed.question, at=at)


def _file(connector: BatchConnector, clock: Clock) -> int:
    """Put what is due into a file; one that was written down and not put out goes first, under its own name."""
    source = connector.source.name
    count = 0
    for file in open_files(actor=ASKER, at=clock()):
        if file.source == source and not file.is_sent:
            count += _put_out(connector, file.key, clock)
    while True:
        at = clock()
        key = f"{source}-{at:%Y%m%d%H%M%S%f}"
        if not actions.claim(actor=ASKER, at=at, source=source, most=_FILE_MOST, batch_key=key):
            return count
        count += _put_out(connector, key, clock)


def _put_out(connector: BatchConnector, key: str, clock: Clock) -> int:
    claimed = actions.in_file(actor=ASKER, at=clock(), batch_key=key)
    sha256 = connector.send_batch([one.question for one in claimed], batch_key=key, at=clock())
    actions.file_sent(actor=ASKER, at=clock(), batch_key=key, sha256=sha256)
    return len(claimed)


def collect(*, clock: Clock) -> int:
    """Take in what has come back by files; returns how many questions came to an outcome."""
    return sum(_collect_one(file, clock) for file in open_files(actor=ASKER, at=clock()) if file.is_sent)


def _collect_one(file: OpenFile, clock: Clock) -> int:
    connector = connectors().get(file.source)
    if not isinstance(connector, BatchConnector):
        return 0
    claimed = actions.in_file(actor=ASKER, at=clock(), batch_key=file.key)
    found = connector.collect([one.question for one in claimed], batch_key=file.key, at=clock()) if claimed else {}
    if found is None:
        return 0
    ids = {one.question.attempt_key: one.attempt_id for one in claimed}
    outcomes: dict[int, Outcome] = {ids[key]: outcome for key, outcome in found.items() if key in ids}
    count = actions.record_outcomes(actor=ASKER, at=clock(), source=file.source, outcomes=outcomes)
    actions.file_collected(actor=ASKER, at=clock(), batch_key=file.key)
    return count


def chase(at: datetime) -> tuple[int, int]:
    """Remind and escalate what is late, and let reports expire; returns how many items and orders."""
    items = _all(lambda: actions.remind(actor=ASKER, at=at))
    return items, _all(lambda: actions.expire_orders(actor=ASKER, at=at))


def _all(piece: Callable[[], int]) -> int:
    count = 0
    while found := piece():
        count += found
    return count


def _enqueue(source: str) -> bool:
    name = f"verification.source:{source}"
    return enqueue(run_ask, actor=ASKER, arguments={"source": source}, lock=name, once=name) is not None


@app.periodic(cron="* * * * *", periodic_id="verification")
@app.task(name="verification.every_minute", queueing_lock="verification.every_minute")
def every_minute(timestamp: int) -> None:
    """Run by the queue every minute: ask what is due, take in files that came back; `timestamp` is in seconds."""
    at = datetime.fromtimestamp(timestamp, UTC)
    with acting(ASKER):
        ask(at)
    collect(clock=system_clock)


@app.periodic(cron="17 6 * * *", periodic_id="verification.chase")
@app.task(name="verification.chase", queueing_lock="verification.chase")
def chase_every_morning(timestamp: int) -> None:
    """Run by the queue every morning at 06:17 of the server's clock; `timestamp` is in seconds since 1970."""
    items, orders = chase(datetime.fromtimestamp(timestamp, UTC))
    _LOG.info("verification chased", items=items, orders=orders)
