"""Batches: orders for the persons of a file, or for all recipients of a place, made piece by piece on the worker."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from jiuzhu.core.actors import Actor, OutOfScope
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.core.errors import InvalidValue, Refusal
from jiuzhu.rooms.verification.actions.mandates import require_programmes
from jiuzhu.rooms.verification.actions.orders import request_order, start_order
from jiuzhu.rooms.verification.actions.steps import one_step, tell
from jiuzhu.rooms.verification.models import Batch, BatchLine
from jiuzhu.rooms.verification.permissions import Permission
from jiuzhu.rooms.verification.queries.batches import mandates_for
from jiuzhu.rooms.verification.queries.terms import programme_names
from jiuzhu.rooms.verification.rules.guards import text_of
from jiuzhu.rooms.verification.states import Occasion, OrderState

LINES_MOST = 200_000
_NO_MANDATE = ("没有有效的授权书，或授权书不包括定期核查", "No mandate in force that covers later checks")


@dataclass(frozen=True, slots=True)
class BatchEntry:
    """One household of a batch; `household_id` None: `problem` says why the row leads to none."""

    household_id: int | None
    row: str = ""
    problem: tuple[str, str] = ("", "")


def make_batch(
    *,
    actor: Actor,
    at: datetime,
    division: DivisionCode,
    title: str,
    programmes: Collection[str],
    purpose: str,
    entries: Sequence[BatchEntry],
    source_sha256: str = "",
) -> int:
    """Write a batch and its lines; `order_piece` makes the orders. A household listed twice counts once.

    Raises:
        PermissionRefused, OutOfScope: the actor may not, or the place is not the actor's.
        InvalidValue: no title, purpose, programme or line, or too many lines.
    """
    with one_step(actor, Permission.BATCH_ORDER, at) as today:
        actor.require_scope(division)
        require_programmes(programmes, programme_names(programmes, division.value, today))
        if not 1 <= len(entries) <= LINES_MOST:
            raise InvalidValue(
                "verification.batch.lines",
                f"名单应有1至{LINES_MOST}行" if entries else "名单是空的：没有可核对的家庭",
                f"A batch has 1 to {LINES_MOST} lines.",
                field="entries",
            )
        row = Batch.objects.create(
            division_code=division.value,
            title=text_of(title, "title", "名称", "the title", longest=100),
            programmes=sorted(programmes),
            purpose=text_of(purpose, "purpose", "用途", "what it is for", longest=200),
            source_sha256=source_sha256,
            total=len(entries),
            ordered_at=at,
            ordered_by_name=actor.name,
        )
        seen: set[int] = set()
        lines: list[BatchLine] = []
        for number, entry in enumerate(entries, start=1):
            problem = entry.problem
            household = entry.household_id
            if household is not None and household in seen:
                household, problem = None, ("该家庭在名单中重复，只核对一次", "The household stands on the list twice")
            if household is not None:
                seen.add(household)
            lines.append(
                BatchLine(
                    batch=row,
                    number=number,
                    household_id=household,
                    row=entry.row or None,
                    problem_zh=problem[0],
                    problem_en=problem[1],
                    done=household is None,
                )
            )
        BatchLine.objects.bulk_create(lines, batch_size=2000)
        tell(actor, at, "batch", row.pk, "order", None, None, division=division.value, to_state=OrderState.REQUESTED)
        return row.pk


def order_piece(*, actor: Actor, at: datetime, batch_id: int, first: int, last: int, asking_office: str) -> int:
    """Make and start the orders of the lines `first` to `last`; what cannot be ordered says why. Returns the orders.

    Lines that are done stay as they are, so a piece may be run again.

    Raises:
        PermissionRefused, OutOfScope: the actor may not, or the batch is not the actor's.
    """
    with one_step(actor, Permission.BATCH_ORDER, at) as today:
        batch = Batch.objects.filter(pk=batch_id).first()
        if batch is None:
            raise OutOfScope
        actor.require_scope(batch.division_code)
        lines = list(
            BatchLine.objects.select_for_update()
            .filter(batch=batch, number__gte=first, number__lte=last, done=False)
            .order_by("number")
        )
        homes = [line.household_id for line in lines if line.household_id is not None]
        found = mandates_for(homes, batch.programmes, today)
        count = 0
        for line in lines:
            line.done = True
            mandate = found.get(line.household_id or 0)
            if mandate is None or line.household_id is None:
                line.problem_zh, line.problem_en = _NO_MANDATE
                continue
            try:
                line.order_id = _order(actor, at, batch, line.household_id, mandate, asking_office)
                count += 1
            except Refusal as refusal:
                line.problem_zh, line.problem_en = refusal.message_zh[:200], refusal.message_en[:200]
        BatchLine.objects.bulk_update(lines, ["done", "order", "problem_zh", "problem_en"])
        return count


def _order(actor: Actor, at: datetime, batch: Batch, household: int, mandate: int, office: str) -> int:
    made = request_order(
        actor=actor,
        at=at,
        household_id=household,
        mandate_id=mandate,
        programmes=batch.programmes,
        occasion=Occasion.BATCH,
        purpose=batch.purpose,
        asking_office=office,
        batch_id=batch.pk,
    )
    start_order(actor=actor, at=at, order_id=made)
    return made
