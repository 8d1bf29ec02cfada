"""When a source is asked again, and when it is left alone for a while. Technical figures, not policy."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from jiuzhu.rooms.verification.ports import Cause

ATTEMPTS_MOST = 6
OPENS_AFTER = 5
_FIRST_WAIT = timedelta(seconds=30)
_LONGEST_WAIT = timedelta(hours=2)
_FIRST_OPEN = timedelta(minutes=1)
_LONGEST_OPEN = timedelta(minutes=30)
# what says that the source itself is unwell, not that one reply was bad
UNWELL = frozenset({Cause.TIMEOUT, Cause.DOWN})


@dataclass(frozen=True, slots=True)
class Health:
    """How a source is doing. While `open_until` lies ahead its circuit is open and nothing is sent."""

    failures: int = 0
    openings: int = 0
    open_until: datetime | None = None

    def is_open(self, at: datetime) -> bool:
        """Whether nothing is sent now."""
        return self.open_until is not None and at < self.open_until


def next_attempt(attempts: int, at: datetime, *, retry: bool) -> datetime | None:
    """When a question that failed is asked again: after 30 s, 1, 2, 4 … minutes; None when it is not."""
    if not retry or attempts >= ATTEMPTS_MOST:
        return None
    doublings: int = max(attempts - 1, 0)
    return at + min(_FIRST_WAIT * (1 << doublings), _LONGEST_WAIT)


def after(health: Health, cause: Cause | None, at: datetime) -> Health:
    """The health after one outcome: `cause` None is an answer.

    After five failures in a row the circuit opens for a minute; one question then tries again, and each further failure
    doubles the time up to half an hour. An answer closes it.
    """
    if cause is None:
        return Health()
    if cause not in UNWELL:
        return health
    failures = health.failures + 1
    if failures < OPENS_AFTER or health.is_open(at):
        # what was sent side by side fails side by side: that is one failure of the source, not many
        return replace(health, failures=failures)
    wait = min(_FIRST_OPEN * (1 << min(health.openings, 10)), _LONGEST_OPEN)
    return Health(failures, health.openings + 1, at + wait)


def is_trial(health: Health, at: datetime) -> bool:
    """Whether the circuit was open and one question now tries whether the source is back."""
    return health.open_until is not None and at >= health.open_until
