"""Asking the sources: what is due is claimed, asked outside any transaction, and its outcome written down.

`claim` writes each attempt before anything is sent, `record` its outcome. A process that dies in between leaves the
attempt open; the next `claim` gives it out again under the same key, so no source is asked twice for one attempt.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from jiuzhu.core.actors import Actor
from jiuzhu.rooms.verification.actions.orders import attempt_key
from jiuzhu.rooms.verification.actions.steps import one_step, tell
from jiuzhu.rooms.verification.models import Attempt, Dispute, FileBatch, Item, Reply, SourceHealth
from jiuzhu.rooms.verification.permissions import Permission
from jiuzhu.rooms.verification.ports import CAUSES, Answer, Cause, Evidence, Finding, Outcome, Question, Subject
from jiuzhu.rooms.verification.queries.claims import covered_items, open_disputes, packed_records
from jiuzhu.rooms.verification.rules.sending import Health, after, is_trial, next_attempt
from jiuzhu.rooms.verification.states import AttemptKind, DisputeState, ItemState

_ASKABLE = (ItemState.PREPARED.value, ItemState.UNAVAILABLE.value, ItemState.DISPUTED.value)


@dataclass(frozen=True, slots=True)
class Claimed:
    """An attempt that is written down and now to be asked."""

    attempt_id: int
    question: Question = field(repr=False)


def claim(*, actor: Actor, at: datetime, source: str, most: int, batch_key: str = "") -> tuple[Claimed, ...]:
    """Take what is due at a source, those first that an earlier process left open; nothing while its circuit is open.

    With `batch_key` the attempts go into a file of that name, which is written down too. Whoever claims for one source
    holds the source's lock in the queue, so no two processes claim for one source at a time.

    Raises:
        PermissionRefused: the actor may not send.
    """
    with one_step(actor, Permission.ITEM_SEND, at) as today:
        health = _health(source)
        if health.is_open(at):
            return ()
        left = [] if batch_key else _left_open(source, most)
        room = 1 if is_trial(health, at) else most
        fresh = [] if left else _begin(source, at, today, room, batch_key)
        if batch_key and fresh:
            FileBatch.objects.create(source=source, key=batch_key, questions=len(fresh), made_at=at)
        return _claimed(left or fresh)


def in_file(*, actor: Actor, at: datetime, batch_key: str) -> tuple[Claimed, ...]:
    """The attempts of a file that wait for their outcome.

    Raises:
        PermissionRefused: the actor may not send.
    """
    with one_step(actor, Permission.ITEM_SEND, at):
        rows = Attempt.objects.filter(batch_key=batch_key, ended_at=None).select_related("item__order__mandate")
        return _claimed(list(rows.order_by("id")))


def file_sent(*, actor: Actor, at: datetime, batch_key: str, sha256: str) -> None:
    """Write down that a file is out; again it changes nothing.

    Raises:
        PermissionRefused: the actor may not send.
    """
    with one_step(actor, Permission.ITEM_SEND, at):
        FileBatch.objects.filter(key=batch_key, sent_at=None).update(sent_at=at, sha256=sha256)


def file_collected(*, actor: Actor, at: datetime, batch_key: str) -> None:
    """Write down that what came back was taken in.

    Raises:
        PermissionRefused: the actor may not send.
    """
    with one_step(actor, Permission.ITEM_SEND, at):
        FileBatch.objects.filter(key=batch_key, collected_at=None).update(collected_at=at)


def record_outcomes(
    *, actor: Actor, at: datetime, source: str, outcomes: Mapping[int, Outcome], answered_by: str = ""
) -> int:
    """Write down the outcomes of attempts by id; what has an outcome already keeps it. Returns how many were new.

    Raises:
        PermissionRefused: the actor may not record answers.
    """
    with one_step(actor, Permission.ITEM_FIND, at):
        return write_outcomes(at=at, source=source, outcomes=outcomes, answered_by=answered_by)


def write_outcomes(*, at: datetime, source: str, outcomes: Mapping[int, Outcome], answered_by: str) -> int:
    """As `record_outcomes`, inside the scope that the caller has opened."""
    rows = {
        row.pk: row
        for row in Attempt.objects.select_for_update(of=("self",)).filter(pk__in=outcomes, ended_at=None).order_by("id")
    }
    items = {row.pk: row for row in Item.objects.select_for_update().filter(pk__in=[r.item_id for r in rows.values()])}
    versions = _versions(items)
    replies: list[Reply] = []
    for key, row in rows.items():
        outcome, item = outcomes[key], items[row.item_id]
        row.ended_at = at
        if isinstance(outcome, Answer):
            row.outcome = outcome.finding.value
            replies.append(_reply(row, item, outcome, versions[item.pk] + 1, at, answered_by))
            _answered(row, item, outcome, at)
        else:
            row.outcome = outcome.cause.value
            _unknown(item, outcome.cause, (outcome.message_zh, outcome.message_en), at, retry=outcome.retry)
    Attempt.objects.bulk_update(rows.values(), ["ended_at", "outcome"])
    stored = Reply.objects.bulk_create(replies)
    Item.objects.bulk_update(items.values(), ["state", "next_at", "answered_at", "cause", "message_zh", "message_en"])
    _rechecked(stored, rows)
    _keep_health(source, [outcomes[key] for key in rows], at)
    return len(rows)


def _left_open(source: str, most: int) -> list[Attempt]:
    rows = Attempt.objects.filter(item__source=source, ended_at=None, batch_key="")
    return list(rows.select_related("item__order__mandate").order_by("id")[:most])


def _begin(source: str, at: datetime, today: date, most: int, batch_key: str) -> list[Attempt]:
    due = list(
        Item.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("order__mandate")
        .filter(source=source, next_at__lte=at, state__in=_ASKABLE)
        .order_by("next_at", "id")[:most]
    )
    covered = covered_items(due, today)
    attempts: list[Attempt] = []
    for item in due:
        item.next_at = None
        if item.pk not in covered:
            _unknown(item, Cause.WITHDRAWN, CAUSES[Cause.WITHDRAWN], at, retry=False)
            continue
        kind = AttemptKind.FIRST if item.attempts == 0 else AttemptKind.RETRY
        if item.state == ItemState.DISPUTED.value:
            kind = AttemptKind.RECHECK
        else:
            item.state = ItemState.SENT.value
        item.attempts += 1
        item.asked_at = at
        attempts.append(
            Attempt(
                item=item,
                division_code=item.division_code,
                person_id=item.person_id,
                department=item.department,
                key=attempt_key(item.pk, item.attempts),
                kind=kind.value,
                day=today,
                asked_at=at,
                batch_key=batch_key,
            )
        )
    Item.objects.bulk_update(due, ["state", "attempts", "next_at", "asked_at", "cause", "message_zh", "message_en"])
    return Attempt.objects.bulk_create(attempts)


def _claimed(attempts: Iterable[Attempt]) -> tuple[Claimed, ...]:
    found = list(attempts)
    disputes = open_disputes([one.item_id for one in found if one.kind == AttemptKind.RECHECK.value])
    return tuple(Claimed(one.pk, question_of(one, *disputes.get(one.item_id, (None, ())))) for one in found)


def question_of(attempt: Attempt, disputed: str | None = None, evidence: Collection[Evidence] = ()) -> Question:
    """The question of an attempt; `disputed` is the provider's reference of the answer that is objected to."""
    item = attempt.item
    said = json.loads(item.subject or "{}")
    birth = date.fromisoformat(said["birth"])
    return Question(
        attempt_key=attempt.key,
        item=item.item,
        subject=Subject(id_number=said["number"] or "-", name=said["name"], birth_date=birth),
        purpose=item.order.purpose,
        authorisation_number=item.order.mandate.number,
        asking_office=item.order.asking_office,
        day=attempt.day,
        disputed_reference=disputed,
        evidence=tuple(evidence),
        due=None if item.due_on is None else timezone.make_aware(datetime.combine(item.due_on, time.max)),
    )


def _answered(attempt: Attempt, item: Item, answer: Answer, at: datetime) -> None:
    item.next_at = None
    if attempt.kind == AttemptKind.RECHECK.value:
        return
    found = answer.finding is Finding.FOUND
    item.state = (ItemState.FOUND if found else ItemState.NONE_FOUND).value
    item.answered_at, item.cause = at, ""
    item.message_zh = "；".join(zh for zh, _ in answer.warnings)[:400]
    item.message_en = "; ".join(en for _, en in answer.warnings)[:400]


def _unknown(item: Item, cause: Cause, message: tuple[str, str], at: datetime, *, retry: bool) -> None:
    """Unknown, whatever the cause; what is disputed stays disputed until the source has answered."""
    item.next_at = next_attempt(item.attempts, at, retry=retry)
    item.cause = cause.value
    item.message_zh, item.message_en = message[0][:400], message[1][:400]
    if item.state in (ItemState.PREPARED.value, ItemState.SENT.value):
        item.state = ItemState.UNAVAILABLE.value


def _reply(attempt: Attempt, item: Item, answer: Answer, version: int, at: datetime, by: str) -> Reply:
    return Reply(
        item=item,
        attempt=attempt,
        division_code=item.division_code,
        person_id=item.person_id,
        department=item.department,
        version=version,
        finding=answer.finding.value,
        records=packed_records(answer),
        data_as_of=answer.data_as_of,
        reference=answer.provider_reference,
        sha256=answer.sha256,
        received_at=at,
        answered_by_name=by,
    )


def _versions(items: Collection[int]) -> dict[int, int]:
    found = dict.fromkeys(items, 0)
    for item_id, version in Reply.objects.filter(item_id__in=items).values_list("item_id", "version"):
        found[item_id] = max(found[item_id], version)
    return found


def _rechecked(replies: Iterable[Reply], attempts: Mapping[int, Attempt]) -> None:
    for reply in replies:
        if attempts[reply.attempt_id].kind == AttemptKind.RECHECK.value:
            Dispute.objects.filter(item_id=reply.item_id, state=DisputeState.FILED.value).update(
                state=DisputeState.RECHECKED.value, recheck=reply
            )


def _health(source: str) -> Health:
    row = SourceHealth.objects.filter(source=source).first()
    return Health() if row is None else Health(row.failures, row.openings, row.open_until)


def _keep_health(source: str, outcomes: Iterable[Outcome], at: datetime) -> None:
    found = list(outcomes)
    if not found:
        return
    row, _ = SourceHealth.objects.get_or_create(source=source)
    health = Health(row.failures, row.openings, row.open_until)
    for outcome in found:
        cause = None if isinstance(outcome, Answer) else outcome.cause
        health = after(health, cause, at)
        if cause is None:
            row.last_success_at = at
        else:
            row.last_failure_at, row.last_cause = at, cause.value
    row.failures, row.openings, row.open_until = health.failures, health.openings, health.open_until
    row.save()


def remind(*, actor: Actor, at: datetime, most: int = 500) -> int:
    """Mark the questions that are due tomorrow or earlier as reminded, those overdue as escalated; returns how many.

    What a source has not answered after its deadline becomes unknown; nothing is ever taken as “none”.

    Raises:
        PermissionRefused: the actor may not.
    """
    with one_step(actor, Permission.ITEM_MARK_UNAVAILABLE, at) as today:
        soon = today + timedelta(days=1)
        rows = list(
            Item.objects.select_for_update(skip_locked=True)
            .filter(state=ItemState.SENT.value, due_on__lte=soon)
            .exclude(due_on__gte=today, reminded_on__isnull=False)
            .order_by("due_on", "id")[:most]
        )
        zh, en = CAUSES[Cause.NO_ANSWER]
        for row in rows:
            assert row.due_on is not None  # noqa: S101 (the filter says so)
            late = row.due_on < today
            if late:
                row.escalated_on = today
                _unknown(row, Cause.NO_ANSWER, (zh, en), at, retry=False)
            else:
                row.reminded_on = today
            tell(
                actor,
                at,
                "item",
                row.pk,
                "escalate" if late else "remind",
                None,
                None,
                division=row.division_code,
                to_state=ItemState(row.state),
                department=row.department,
            )
        Item.objects.bulk_update(
            rows, ["state", "reminded_on", "escalated_on", "next_at", "cause", "message_zh", "message_en"]
        )
        late_ids = [row.pk for row in rows if row.escalated_on == today]
        Attempt.objects.filter(item_id__in=late_ids, ended_at=None).update(ended_at=at, outcome=Cause.NO_ANSWER.value)
        return len(rows)
