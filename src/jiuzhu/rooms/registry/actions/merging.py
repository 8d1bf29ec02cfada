"""Merging a person registered twice into one record, and undoing it."""

from datetime import datetime
from typing import Any

from django.db.models import Manager

from jiuzhu.core.actors import Actor, OutOfScope
from jiuzhu.core.errors import InvalidValue, RuleRefused
from jiuzhu.rooms.registry.actions.identities import store_grams
from jiuzhu.rooms.registry.actions.values import refresh_values
from jiuzhu.rooms.registry.actions.writing import (
    announce,
    lock_household,
    lock_persons,
    membership_of,
    open_memberships,
    require_reason,
    writing,
)
from jiuzhu.rooms.registry.models import (
    Authorisation,
    CitizenAccount,
    Fact,
    GroupMembership,
    Guardianship,
    Household,
    LifeEvent,
    Membership,
    MergeRecord,
    Person,
    PersonGram,
    PersonValues,
)
from jiuzhu.rooms.registry.permissions import Permission
from jiuzhu.rooms.registry.rules.days import local_day
from jiuzhu.rooms.registry.states import MergeKind

# key in the record, table, column that points to the person
_MOVED: tuple[tuple[str, Manager[Any], str], ...] = (
    ("facts", Fact.objects, "person_id"),
    ("events", LifeEvent.objects, "person_id"),
    ("authorisations", Authorisation.objects, "person_id"),
    ("wards", Guardianship.objects, "guardian_id"),
    ("guardians", Guardianship.objects, "ward_id"),
    ("groups", GroupMembership.objects, "person_id"),
    ("memberships", Membership.objects, "person_id"),
    ("accounts", CitizenAccount.objects, "person_id"),
)


def merge_persons(*, actor: Actor, at: datetime, kept_id: int, merged_id: int, reason: str) -> int:
    """Merge one record into another; returns the id by which it can be undone.

    What is known of the merged record moves to the one kept. A tag that both have, and a second
    membership, ends on the merged record instead. The merged record stays, pointing to the one kept.

    Raises:
        PermissionRefused, OutOfScope: the actor may not, or one of the two is not the actor's.
        InvalidValue: the reason is missing, or both are the same record.
        RuleRefused: one of them was merged before, only one is dead, both have a citizen's account, one guards the
            other, or the merged one heads others.
    """
    reason = require_reason(reason)
    if kept_id == merged_id:
        raise InvalidValue("registry.merge.same", "请选择两条不同的人员记录", "Choose two different records.")
    with writing(actor, Permission.PERSON_MERGE, at, reason=reason) as today:
        persons = lock_persons([kept_id, merged_id])
        kept, merged = persons[kept_id], persons[merged_id]
        _require_mergeable(kept, merged)
        moved: dict[str, Any] = {"ended": _end_doubles(kept, merged, at)}
        for key, table, column in _MOVED:
            rows = table.filter(**{column: merged.pk}).exclude(id__in=moved["ended"].get(key, []))
            moved[key] = sorted(rows.values_list("id", flat=True))
            table.filter(id__in=moved[key]).update(**{column: kept.pk})
        PersonGram.objects.filter(person=merged).delete()
        PersonValues.objects.filter(person=merged).delete()
        merged.merged_into = kept
        merged.save(update_fields=["merged_into"])
        refresh_values(persons=[kept], on=today)
        record = MergeRecord.objects.create(
            kind=MergeKind.MERGE_PERSONS.value,
            kept=kept,
            merged=merged,
            division_code=kept.division_code,
            at=at,
            done_on=today,
            by_account=actor.account_id,
            by_name=actor.name,
            reason=reason,
            moved=moved,
        )
        announce(actor, at, "person.merged", kept, {"merged_id": merged.pk})
        return record.pk


def undo_merge(*, actor: Actor, at: datetime, merge_id: int, reason: str) -> None:
    """Separate two merged records again: every row goes back to where it was; rows added since stay with the one kept.

    Raises:
        PermissionRefused, OutOfScope: the actor may not, or the merge is not the actor's.
        InvalidValue: the reason is missing.
        RuleRefused: it was undone before, or the one kept was itself merged since.
    """
    reason = require_reason(reason)
    with writing(actor, Permission.PERSON_MERGE, at, reason=reason) as today:
        record = open_record(merge_id, MergeKind.MERGE_PERSONS)
        kept = lock_persons([record.kept_id or 0])[record.kept_id or 0]
        merged = Person.objects.select_for_update().filter(id=record.merged_id or 0).first()
        if merged is None:
            raise OutOfScope
        for key, table, column in _MOVED:
            table.filter(id__in=record.moved[key], **{column: kept.pk}).update(**{column: merged.pk})
        ended = record.moved["ended"]
        GroupMembership.objects.filter(id__in=ended.get("groups", [])).update(valid_to=None, end_reason="")
        Membership.objects.filter(id__in=ended.get("memberships", [])).update(end_on=None, end_reason="")
        Household.objects.filter(id__in=ended.get("households", [])).update(closed_on=None, successor=None)
        merged.merged_into = None
        merged.save(update_fields=["merged_into"])
        store_grams([merged])
        refresh_values(persons=[kept, merged], on=today)
        close_record(record, actor, at)
        announce(actor, at, "person.separated", kept, {"merged_id": merged.pk})


def open_record(merge_id: int, kind: MergeKind) -> MergeRecord:
    """The record of a merge or split that was not undone, locked.

    Raises:
        OutOfScope: none for this actor.
        RuleRefused: it was undone.
    """
    record = MergeRecord.objects.select_for_update(of=("self",)).filter(id=merge_id, kind=kind.value).first()
    if record is None:
        raise OutOfScope
    if record.undone_at is not None:
        raise RuleRefused("registry.merge.undone", "该操作已撤销", "This was undone before.")
    return record


def close_record(record: MergeRecord, actor: Actor, at: datetime) -> None:
    """Mark a merge or split as undone."""
    record.undone_at, record.undone_by = at, actor.name
    record.save(update_fields=["undone_at", "undone_by"])


def _require_mergeable(kept: Person, merged: Person) -> None:
    ids = [kept.pk, merged.pk]
    if (kept.died_on is None) != (merged.died_on is None):
        raise RuleRefused(
            "registry.merge.death",
            "两条记录中只有一条已登记死亡，请先核实并登记死亡",
            "Only one of the two is registered as dead; settle that first.",
        )
    if Guardianship.objects.filter(ward_id__in=ids, guardian_id__in=ids).exists():
        raise RuleRefused(
            "registry.merge.guardian",
            "两条记录之间有监护关系，不是同一人，不能合并",
            "One of the two is the other's guardian: they are not one person.",
        )
    if CitizenAccount.objects.filter(person_id__in=ids, ended_at=None).count() == len(ids):
        raise RuleRefused(
            "registry.merge.accounts",
            "两条记录都关联了群众账号，请先解除其中一个",
            "Both have a citizen's account; end one of the links first.",
        )


def _end_doubles(kept: Person, merged: Person, at: datetime) -> dict[str, list[int]]:
    day = local_day(at)
    own = set(GroupMembership.objects.filter(person=kept, valid_to=None).values_list("group", flat=True))
    doubles = list(GroupMembership.objects.filter(person=merged, valid_to=None, group__in=own))
    for tag in doubles:
        tag.valid_to, tag.end_reason = max(day, tag.valid_from), "人员合并"
        tag.save(update_fields=["valid_to", "end_reason"])
    ended = {"groups": [tag.pk for tag in doubles], "memberships": [], "households": []}
    mine, theirs = membership_of(kept.pk), membership_of(merged.pk)
    if mine is None or theirs is None:
        return ended
    others = [one for one in open_memberships(theirs.household_id) if one.pk != theirs.pk]
    if theirs.is_head and others:
        raise RuleRefused(
            "registry.merge.head",
            "被合并的人员是另一家庭的户主，请先变更该户户主",
            "The merged record heads another household; change its head first.",
        )
    theirs.end_on, theirs.end_reason = max(day, theirs.start_on), "人员合并"
    theirs.save(update_fields=["end_on", "end_reason"])
    ended["memberships"].append(theirs.pk)
    if not others:
        household = lock_household(theirs.household_id)
        household.closed_on, household.successor_id = max(day, household.opened_on), mine.household_id
        household.save(update_fields=["closed_on", "successor"])
        ended["households"].append(household.pk)
    return ended
