"""Questions to a department's officer: what is to be answered, about whom, by when."""

import json
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Q

from jiuzhu.core.actors import Actor, OutOfScope
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.rooms.verification.models import Dispute, Item, Reply
from jiuzhu.rooms.verification.permissions import Permission
from jiuzhu.rooms.verification.ports import Finding, Transport, connectors
from jiuzhu.rooms.verification.queries.claims import answer_of
from jiuzhu.rooms.verification.queries.composing import names_of, record_in_words
from jiuzhu.rooms.verification.queries.orders import ItemView, item_view
from jiuzhu.rooms.verification.rules.reports import ReportRecord
from jiuzhu.rooms.verification.states import DisputeState, ItemState

_PAGE = 100


@dataclass(frozen=True, slots=True)
class InboxLine:
    """One question; the officer sees whom it is about, and nothing else of the case."""

    item: ItemView
    name: str = field(repr=False)
    number: str = field(repr=False)
    disputed: bool


@dataclass(frozen=True, slots=True)
class InboxPage:
    """Questions, those due first; `more` when there are further ones."""

    rows: tuple[InboxLine, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class OfficersQuestion:
    """One question with what was answered before, and what the person objects to."""

    line: InboxLine
    answered: Finding | None
    answered_as_of: date | None
    records: tuple[ReportRecord, ...] = field(repr=False)
    statement: str = field(repr=False)


def inbox(*, actor: Actor, at: datetime, answered: bool = False) -> InboxPage:
    """The questions to the actor's department that wait (or those it answered last).

    Raises:
        PermissionRefused: the actor answers for no department.
    """
    actor.require(Permission.ITEM_ANSWER)
    manual = [name for name, one in connectors().items() if one.source.transport is Transport.MANUAL]
    waiting = Q(state__in=[ItemState.SENT.value, ItemState.UNAVAILABLE.value, ItemState.DISPUTED.value])
    with acting(actor, today=at.date()):
        rows = Item.objects.filter(~waiting if answered else waiting, source__in=manual, asked_at__isnull=False)
        if answered:
            found = list(rows.order_by("-answered_at", "-id")[: _PAGE + 1])
        else:
            rows = rows.exclude(cause="withdrawn")
            found = list(rows.order_by("due_on", "id")[: _PAGE + 1])
    return InboxPage(tuple(_line(row) for row in found[:_PAGE]), len(found) > _PAGE)


def officers_question(*, actor: Actor, at: datetime, item_id: int) -> OfficersQuestion:
    """One question to the actor's department.

    Raises:
        PermissionRefused, OutOfScope: the actor may not see it.
    """
    actor.require(Permission.ITEM_ANSWER)
    with acting(actor, today=at.date()):
        row = Item.objects.filter(pk=item_id).first()
        if row is None or (actor.scope.department is not None and row.department != actor.scope.department):
            raise OutOfScope
        reply = Reply.objects.filter(item_id=item_id).order_by("-version").first()
        dispute = Dispute.objects.filter(item_id=item_id, state=DisputeState.FILED.value).first()
    _, item = names_of(row.source, row.item)
    answer = None if reply is None else answer_of(reply)
    return OfficersQuestion(
        line=_line(row),
        answered=None if answer is None else answer.finding,
        answered_as_of=None if answer is None else answer.data_as_of,
        records=() if answer is None or item is None else tuple(record_in_words(item, one) for one in answer.records),
        statement="" if dispute is None else dispute.statement or "",
    )


def _line(row: Item) -> InboxLine:
    said = json.loads(row.subject or "{}")
    return InboxLine(item_view(row), said["name"], said["number"], row.state == ItemState.DISPUTED.value)
