"""Splitting members of a household out into one of their own, and undoing it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from jiuzhu.core.actors import Actor
from jiuzhu.core.code_lists.gbt_4761_family_relation import HEAD, RELATION
from jiuzhu.core.errors import InvalidValue, RuleRefused
from jiuzhu.rooms.registry.actions.households import store_household
from jiuzhu.rooms.registry.actions.merging import close_record, open_record
from jiuzhu.rooms.registry.actions.writing import (
    announce,
    lock_household,
    lock_persons,
    open_memberships,
    require_alive,
    require_order,
    require_reason,
    writing,
)
from jiuzhu.rooms.registry.models import Fact, GroupMembership, Membership, MergeRecord
from jiuzhu.rooms.registry.permissions import Permission
from jiuzhu.rooms.registry.rules.text import clean_text
from jiuzhu.rooms.registry.states import MergeKind


def split_household(
    *,
    actor: Actor,
    at: datetime,
    household_id: int,
    head_id: int,
    person_ids: Sequence[int],
    relations: Mapping[int, str],
    on: date,
    reason: str,
    address: str = "",
) -> int:
    """Split members out into a new household in the same village; returns the id by which it can be undone.

    `person_ids` holds everyone who goes, the new head included; `relations` their relation to the new head.

    Raises:
        PermissionRefused, OutOfScope: the actor may not, or the household is not the actor's.
        InvalidValue: the reason, a relation or a day is wrong.
        RuleRefused: the present head would go, somebody is no member, or no head is named.
    """
    reason = require_reason(reason)
    with writing(actor, Permission.HOUSEHOLD_SPLIT, at, reason=reason) as today:
        persons = lock_persons(person_ids)
        source = lock_household(household_id)
        members = {one.person_id: one for one in open_memberships(household_id)}
        _check_split(members, person_ids, head_id, relations, on, today)
        require_alive(persons[head_id])
        made = store_household(
            division_code=source.division_code,
            registered_kind=source.registered_kind,
            address=clean_text(address, field="address", label=("住址", "Address"), longest=200) or source.address,
            place=source.place,
            opened_on=on,
            registered_at=at,
        )
        going = [members[person_id] for person_id in dict.fromkeys(person_ids)]
        for one in going:
            require_order(one.start_on, on, field="on")
            one.end_on, one.end_reason = on, "分户"
        Membership.objects.bulk_update(going, ["end_on", "end_reason"])
        new = Membership.objects.bulk_create(
            [
                Membership(
                    household=made,
                    person_id=one.person_id,
                    division_code=source.division_code,
                    relation=HEAD if one.person_id == head_id else relations[one.person_id],
                    is_head=one.person_id == head_id,
                    counts_as_member=one.counts_as_member,
                    start_on=on,
                )
                for one in going
            ]
        )
        record = MergeRecord.objects.create(
            kind=MergeKind.SPLIT_HOUSEHOLD.value,
            source=source,
            result=made,
            division_code=source.division_code,
            at=at,
            done_on=on,
            by_account=actor.account_id,
            by_name=actor.name,
            reason=reason,
            moved={"ended": [one.pk for one in going], "made": [one.pk for one in new]},
        )
        announce(actor, at, "household.split", source, {"result_id": made.pk})
        return record.pk


def undo_split(*, actor: Actor, at: datetime, split_id: int, reason: str) -> None:
    """Bring split members back; the household made by the split closes on its first day.

    Raises:
        PermissionRefused, OutOfScope: the actor may not, or the split is not the actor's.
        InvalidValue: the reason is missing.
        RuleRefused: it was undone, or the new household has changed since.
    """
    reason = require_reason(reason)
    with writing(actor, Permission.HOUSEHOLD_SPLIT, at, reason=reason):
        record = open_record(split_id, MergeKind.SPLIT_HOUSEHOLD)
        source = lock_household(record.source_id or 0)
        made = lock_household(record.result_id or 0)
        present = {one.pk for one in open_memberships(made.pk)}
        if (
            present != set(record.moved["made"])
            or Fact.objects.filter(household=made).exists()
            or GroupMembership.objects.filter(household=made).exists()
        ):
            raise RuleRefused(
                "registry.split.changed",
                "分户后的新家庭已有变更，不能撤销分户，请通过成员变更办理",
                "The new household has changed since; change the members instead.",
            )
        Membership.objects.filter(id__in=record.moved["made"]).update(end_on=record.done_on, end_reason="撤销分户")
        Membership.objects.filter(id__in=record.moved["ended"]).update(end_on=None, end_reason="")
        made.closed_on, made.successor = made.opened_on, source
        made.save(update_fields=["closed_on", "successor"])
        close_record(record, actor, at)
        announce(actor, at, "household.rejoined", source, {"result_id": made.pk})


def _check_split(
    members: Mapping[int, Membership],
    person_ids: Sequence[int],
    head_id: int,
    relations: Mapping[int, str],
    on: date,
    today: date,
) -> None:
    if on > today:
        raise InvalidValue("registry.split.future", "分户日期晚于今天，请核对", "The day lies after today.", field="on")
    if not set(person_ids) <= members.keys():
        raise RuleRefused(
            "registry.split.member", "所选人员不全是该户现有成员，请核对", "Somebody is no present member."
        )
    if head_id not in person_ids:
        raise RuleRefused(
            "registry.household.no_head",
            "新家庭必须有一名户主，请在分出的成员中选择",
            "The new household needs a head; choose one of those who go.",
            field="head_id",
        )
    if any(members[person_id].is_head for person_id in person_ids):
        raise RuleRefused(
            "registry.household.head_leaves",
            "户主不能分出，请先变更户主",
            "Change the head before the present head leaves.",
        )
    for person_id in person_ids:
        if person_id == head_id:
            continue
        relation = relations.get(person_id, "")
        if relation in ("", HEAD):
            raise InvalidValue(
                "registry.split.relation",
                f"请填写{members[person_id].person.name}与新户主的关系",
                "Give each member's relation to the new head.",
                field="relations",
            )
        RELATION.require(relation)
