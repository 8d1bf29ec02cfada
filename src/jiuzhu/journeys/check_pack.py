"""Check a draft of the packs in the background: every day is compiled and every case worked out, with progress (S01).

The officer who asks may leave the page. What the check found is kept with the draft, and one that passes is checked.
"""

from datetime import datetime

from jiuzhu.core.actors import Actor
from jiuzhu.core.errors import Refusal
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.groundwork.tasks import progress
from jiuzhu.groundwork.tasks.chunks import Clock, system_clock
from jiuzhu.groundwork.tasks.jobs import Stopped, Work, enqueue, job
from jiuzhu.rooms.catalogue import actions
from jiuzhu.rooms.catalogue.permissions import Permission
from jiuzhu.rooms.catalogue.queries import pack_version
from jiuzhu.rooms.catalogue.states import PACKS

INTERRUPTED = "校验中断，请重新发起校验；仍不成功时请联系系统管理员查看日志"
PERCENT = 100
_STEP = 5  # the bar is written anew when it has come so many percent further
_PHASES = {"compiling": 0, "cases": 50}


def prefix_of(pack_id: int) -> str:
    """What the keys of the progress of a version's checks begin with."""
    return f"catalogue.pack.check:{pack_id}:"


def check(*, actor: Actor, at: datetime, pack_id: int, request_id: str = "") -> bool:
    """Put the check of a draft in the queue; False when one waits there already.

    Raises:
        PermissionRefused, OutOfScope: the actor may not, or there is no such version of the actor's.
        TransitionRefused: it is no draft.
    """
    actor.require(Permission.PACK_CHECK)
    with acting(actor, today=at.date()):
        version = pack_version(actor=actor, at=at, pack_id=pack_id).version
        actor.require_scope(version.division)
        PACKS.plan(version.state, "check")
        key = f"{prefix_of(pack_id)}{at:%Y%m%d%H%M%S%f}"
        made = enqueue(
            run_check,
            actor=actor,
            arguments={"pack_id": pack_id, "key": key},
            request_id=request_id,
            once=f"catalogue.pack.check:{pack_id}",
            lock=f"catalogue.pack.check:{pack_id}",
        )
        if made is not None:
            progress.announce(actor=actor, at=at, key=key, title=_title(pack_id), total=PERCENT)
    return made is not None


def latest_progress(*, actor: Actor, pack_id: int) -> progress.ProgressView | None:
    """How far the actor's last check of a version is; None when there was none, or another account's."""
    with acting(actor):
        found = progress.recent(actor=actor)
    return next((one for one in found if one.key.startswith(prefix_of(pack_id))), None)


@job("catalogue.pack.check", in_one_transaction=False)
def run_check(work: Work, pack_id: int, key: str) -> None:
    """Check a draft."""
    _run(work, pack_id, key, system_clock)


def _run(work: Work, pack_id: int, key: str, clock: Clock) -> None:
    actor = work.actor
    with acting(actor, request_id=work.request_id):
        bar = progress.announce(actor=actor, at=work.at, key=key, title=_title(pack_id), total=PERCENT)
        held = progress.progress(bar, actor=actor)
        progress.begin(bar, at=work.at)
    if held.ended:
        return
    shown = _Shown(work, bar, held.done)
    try:
        actions.check_pack(actor=actor, at=clock(), pack_id=pack_id, step=shown.step)
    except Stopped:
        raise
    except Refusal as refusal:  # taken further or changed meanwhile: who asks again decides anew
        _stop(work, bar, refusal.message_zh, clock)
        return
    except Exception:
        if work.last_attempt:
            _stop(work, bar, INTERRUPTED, clock)
        raise
    with acting(actor, request_id=work.request_id):
        progress.advance(bar, done=PERCENT - shown.done)
        progress.finish(bar, at=clock())


class _Shown:
    """The bar, written now and then."""

    def __init__(self, work: Work, bar: int, done: int) -> None:
        self.work, self.bar, self.done = work, bar, done

    def step(self, phase: str, number: int, total: int) -> None:
        """So much of a phase is done."""
        self.work.pause()
        percent = _PHASES[phase] + number * (PERCENT // 2) // max(total, 1)
        if percent - self.done >= _STEP:
            with acting(self.work.actor, request_id=self.work.request_id):
                progress.advance(self.bar, done=percent - self.done)
            self.done = percent


def _stop(work: Work, bar: int, because: str, clock: Clock) -> None:
    with acting(work.actor, request_id=work.request_id):
        progress.stop(bar, at=clock(), message=because)


def _title(pack_id: int) -> str:
    return f"校验政策包（第{pack_id}号）"
