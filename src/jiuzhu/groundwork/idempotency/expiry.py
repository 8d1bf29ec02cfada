"""Old idempotency keys are forgotten every night."""

from datetime import UTC, datetime, timedelta

import structlog
from django.conf import settings
from procrastinate.contrib.django import app

from jiuzhu.core.actors import system_actor
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.groundwork.idempotency.models import IdempotentAnswer

_LOG = structlog.get_logger(__name__)


def forget(*, before: datetime) -> int:
    """Delete the answers given before a time; returns how many. A request repeated later is a new request."""
    with acting(system_actor("idempotency"), reason="idempotency keys expire"):
        deleted, _ = IdempotentAnswer.objects.filter(at__lt=before).delete()
    return deleted


@app.periodic(cron="17 3 * * *", periodic_id="idempotency")
@app.task(name="idempotency.forget", queueing_lock="idempotency.forget")
def forget_old(timestamp: int) -> None:
    """Run by the queue every night at 03:17 of the server's clock; `timestamp` is in seconds since 1970."""
    before = datetime.fromtimestamp(timestamp, UTC) - timedelta(days=settings.IDEMPOTENCY_KEEP_DAYS)
    _LOG.info("idempotency keys expired", count=forget(before=before))
