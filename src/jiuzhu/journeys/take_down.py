"""Notices whose period is over are taken down every night (S18); nobody has seen them since their last day ended."""

from datetime import UTC, datetime

import structlog
from procrastinate.contrib.django import app

from jiuzhu.core.actors import system_actor
from jiuzhu.rooms.disclosure.actions import expire_notices
from jiuzhu.rooms.disclosure.permissions import Permission

_LOG = structlog.get_logger(__name__)
_ACTOR = system_actor("公示到期撤下", permissions=[Permission.NOTICE_EXPIRE])
_PIECE = 500


def take_down(at: datetime) -> int:
    """Take down what is over, piece by piece, each in a transaction of its own; returns how many."""
    count = 0
    while found := expire_notices(actor=_ACTOR, at=at, most=_PIECE):
        count += found
    return count


@app.periodic(cron="7 0 * * *", periodic_id="disclosure")
@app.task(name="disclosure.take_down", queueing_lock="disclosure.take_down")
def take_down_every_night(timestamp: int) -> None:
    """Run by the queue every night at 00:07 of the server's clock; `timestamp` is in seconds since 1970."""
    _LOG.info("notices taken down", count=take_down(datetime.fromtimestamp(timestamp, UTC)))
