"""Verify many households: the persons of a file, or all who belong to a group, ordered piece by piece (S13).

The officer who asks may leave the page. A household without a mandate that covers later checks is named and not asked
about.
"""

from collections.abc import Collection
from datetime import date, datetime

from jiuzhu.core.actors import Actor
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.core.errors import InvalidValue
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.groundwork.files.checks import check_upload
from jiuzhu.groundwork.tasks import progress
from jiuzhu.groundwork.tasks.chunks import Outcome, run_in_chunks
from jiuzhu.groundwork.tasks.jobs import Work, enqueue, job
from jiuzhu.journeys.verify import ask
from jiuzhu.rooms.registry.queries import households_of_numbers, households_tagged
from jiuzhu.rooms.registry.states import TargetGroup
from jiuzhu.rooms.verification import actions
from jiuzhu.rooms.verification.permissions import Permission
from jiuzhu.rooms.verification.queries import numbers_in

_PIECE = 20
_NOT_FOUND = ("本地困难群众库中没有该证件号码的现有家庭成员", "No present member of a household has this number here")


def key_of(batch_id: int) -> str:
    """The key of the progress of a batch."""
    return f"verification.batch:{batch_id}"


def order_batch(
    *,
    actor: Actor,
    at: datetime,
    on: date,
    division: DivisionCode,
    title: str,
    programmes: Collection[str],
    purpose: str,
    asking_office: str,
    group: TargetGroup | None = None,
    listing: tuple[bytes, str] | None = None,
    request_id: str = "",
) -> int:
    """Write a batch and put its work in the queue; returns the batch's id. `listing` is a file (bytes and name).

    Raises:
        PermissionRefused, OutOfScope: the actor may not.
        InvalidValue: neither a list nor a group, both, or a list that cannot be read.
    """
    actor.require(Permission.BATCH_ORDER)
    if (group is None) == (listing is None):
        raise InvalidValue(
            "verification.batch.whom",
            "请上传名单，或者选择对象，二者选一",
            "Upload a list or choose a group: one of the two.",
            field="listing",
        )
    with acting(actor, today=on):
        entries = _listed(actor, on, *listing) if listing is not None else _tagged(actor, on, group)
        made = actions.make_batch(
            actor=actor,
            at=at,
            division=division,
            title=title,
            programmes=programmes,
            purpose=purpose,
            entries=entries,
        )
        progress.announce(actor=actor, at=at, key=key_of(made), title=title, total=len(entries))
        enqueue(
            run_batch,
            actor=actor,
            arguments={"batch_id": made, "title": title, "total": len(entries), "office": asking_office},
            request_id=request_id,
            once=key_of(made),
        )
    return made


@job("verification.batch", in_one_transaction=False)
def run_batch(work: Work, batch_id: int, title: str, total: int, office: str) -> None:
    """Make the orders of a batch, a piece at a time, and have them asked."""

    def do(items: range, at: datetime) -> Outcome:
        made = actions.order_piece(
            actor=work.actor,
            at=at,
            batch_id=batch_id,
            first=items.start + 1,
            last=items.stop,
            asking_office=office,
        )
        ask(at)
        return Outcome(made, len(items) - made)

    run_in_chunks(work, key=key_of(batch_id), title=title, total=total, size=_PIECE, do=do)


def _listed(actor: Actor, on: date, content: bytes, name: str) -> list[actions.BatchEntry]:
    checked = check_upload(content, name) if content.startswith(b"PK") else None
    rows = numbers_in(content if checked is None else checked.content)
    found = households_of_numbers(actor=actor, on=on, numbers=[number for _, number in rows])
    return [
        actions.BatchEntry(
            found.get(number.upper()),
            row=f"{place}: {number}",
            problem=("", "") if number.upper() in found else _NOT_FOUND,
        )
        for place, number in rows
    ]


def _tagged(actor: Actor, on: date, group: TargetGroup | None) -> list[actions.BatchEntry]:
    if group is None:
        return []
    return [actions.BatchEntry(one) for one in households_tagged(actor=actor, on=on, group=group)]
