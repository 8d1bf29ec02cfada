"""Batches of orders and how far they are."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q

from jiuzhu.core.actors import Actor, OutOfScope
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.rooms.verification.models import Batch, BatchLine, Mandate, Order, Signature
from jiuzhu.rooms.verification.permissions import Permission
from jiuzhu.rooms.verification.states import OrderState, SignatureState, SignerRole


@dataclass(frozen=True, slots=True)
class BatchView:
    """A batch: how many of its lines are done, have an order, have a problem, and how many orders are reported."""

    id: int
    division: DivisionCode
    title: str
    programmes: tuple[str, ...]
    purpose: str
    total: int
    done: int
    ordered: int
    problems: int
    reported: int
    ordered_at: datetime
    ordered_by_name: str


@dataclass(frozen=True, slots=True)
class BatchProblem:
    """A line without an order, and why."""

    number: int
    row: str
    household_id: int | None
    problem_zh: str
    problem_en: str


def batches(*, actor: Actor, at: datetime) -> tuple[BatchView, ...]:
    """The batches of the actor's area, the newest first, at most 100.

    Raises:
        PermissionRefused: the actor may not see batches.
    """
    actor.require(Permission.BATCH_VIEW)
    with acting(actor, today=at.date()):
        return _views(list(Batch.objects.order_by("-id")[:100]))


def batch(*, actor: Actor, at: datetime, batch_id: int) -> BatchView:
    """One batch.

    Raises:
        PermissionRefused, OutOfScope: the actor may not see it.
    """
    actor.require(Permission.BATCH_VIEW)
    with acting(actor, today=at.date()):
        row = Batch.objects.filter(pk=batch_id).first()
        if row is None:
            raise OutOfScope
        return _views([row])[0]


def batch_problems(*, actor: Actor, at: datetime, batch_id: int, after: int = 0) -> tuple[BatchProblem, ...]:
    """The lines with a problem after a line number, at most 200.

    Raises:
        PermissionRefused: the actor may not see batches.
    """
    actor.require(Permission.BATCH_VIEW)
    with acting(actor, today=at.date()):
        rows = BatchLine.objects.filter(batch_id=batch_id, number__gt=after, problem_zh__gt="").order_by("number")
        return tuple(
            BatchProblem(row.number, row.row or "", row.household_id, row.problem_zh, row.problem_en)
            for row in rows[:200]
        )


def mandates_for(households: Collection[int], programmes: Collection[str], on: date) -> dict[int, int]:
    """The newest mandate of each household that is signed by all members, in force, and covers later checks."""
    rows = Mandate.objects.filter(
        household_id__in=households,
        covers_reviews=True,
        valid_from__lte=on,
        valid_to__gte=on,
        programmes__contains=list(programmes),
    )
    found = {row.pk: row.household_id for row in rows.only("id", "household_id").order_by("id")}
    unsigned = set(
        Signature.objects.filter(mandate_id__in=found, role=SignerRole.MEMBER.value, person__died_on=None)
        .exclude(state=SignatureState.SIGNED.value)
        .values_list("mandate_id", flat=True)
    )
    return {household: key for key, household in found.items() if key not in unsigned}


def _views(rows: list[Batch]) -> tuple[BatchView, ...]:
    counted = BatchLine.objects.filter(batch__in=rows).values("batch_id").order_by()
    lines = {
        one["batch_id"]: one
        for one in counted.annotate(
            finished=Count("id", filter=Q(done=True)),
            ordered=Count("id", filter=Q(order__isnull=False)),
            problems=Count("id", filter=Q(problem_zh__gt="")),
        )
    }
    reported = dict(
        Order.objects.filter(batch__in=rows, state=OrderState.REPORTED.value)
        .values_list("batch_id")
        .annotate(count=Count("id"))
        .order_by()
    )
    return tuple(
        BatchView(
            id=row.pk,
            division=DivisionCode(row.division_code),
            title=row.title,
            programmes=tuple(row.programmes),
            purpose=row.purpose,
            total=row.total,
            done=lines[row.pk]["finished"],
            ordered=lines[row.pk]["ordered"],
            problems=lines[row.pk]["problems"],
            reported=reported.get(row.pk, 0),
            ordered_at=row.ordered_at,
            ordered_by_name=row.ordered_by_name,
        )
        for row in rows
    )
