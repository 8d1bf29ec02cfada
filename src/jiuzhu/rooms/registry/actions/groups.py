"""Tagging persons and households with target groups, on evidence of a kind that the group requires."""

from datetime import date, datetime

from jiuzhu.core.actors import Actor, OutOfScope
from jiuzhu.core.errors import Conflict, InvalidValue, RuleRefused
from jiuzhu.rooms.registry.actions.writing import (
    announce,
    lock_household,
    lock_person,
    require_alive,
    require_order,
    require_reason,
    writing,
)
from jiuzhu.rooms.registry.models import GroupMembership, Household, Person
from jiuzhu.rooms.registry.permissions import Permission
from jiuzhu.rooms.registry.rules.text import clean_text
from jiuzhu.rooms.registry.states import EVIDENCE_NAMES, GROUPS, EvidenceKind, SubjectKind, TargetGroup


def tag_group(
    *,
    actor: Actor,
    at: datetime,
    group: TargetGroup,
    valid_from: date,
    evidence_kind: EvidenceKind,
    evidence_ref: str,
    person_id: int | None = None,
    household_id: int | None = None,
) -> int:
    """Tag one person or household with a target group; returns the id of the tag.

    Raises:
        PermissionRefused, OutOfScope: the actor may not, or the subject is not the actor's.
        InvalidValue: no subject or two, evidence of a kind the group does not take, or none named.
        RuleRefused: the group is not for this kind of subject, or the person is dead.
        Conflict: the subject has the tag already.
    """
    definition = GROUPS[group]
    if (person_id is None) == (household_id is None):
        raise InvalidValue("registry.group.subject", "请选择一名人员或一个家庭", "Choose one person or one household.")
    kind = SubjectKind.PERSON if person_id is not None else SubjectKind.HOUSEHOLD
    if kind not in definition.subjects:
        zh = "人员" if kind is SubjectKind.PERSON else "家庭"
        raise RuleRefused(
            "registry.group.subject_kind",
            f"“{definition.zh}”不能标注在{zh}上",
            f"“{definition.en}” is no group for a {kind.value}.",
            field="group",
        )
    if evidence_kind not in definition.evidence:
        wanted = sorted(definition.evidence)
        raise InvalidValue(
            "registry.group.evidence",
            f"“{definition.zh}”的依据应为：{'、'.join(EVIDENCE_NAMES[one][0] for one in wanted)}",
            f"“{definition.en}” needs as evidence: {', '.join(EVIDENCE_NAMES[one][1] for one in wanted)}.",
            field="evidence_kind",
        )
    ref = clean_text(
        evidence_ref, field="evidence_ref", label=("依据文号或说明", "Evidence"), longest=200, required=True
    )
    with writing(actor, Permission.GROUP_TAG, at) as today:
        if valid_from > today:
            raise InvalidValue(
                "registry.group.future",
                "起始日期晚于今天，请核对",
                "The first day lies after today.",
                field="valid_from",
            )
        subject: Person | Household
        if person_id is not None:
            subject = lock_person(person_id)
            require_alive(subject)
        else:
            subject = lock_household(household_id or 0)
        subject_fields = {"person_id": person_id, "household_id": household_id}
        if GroupMembership.objects.filter(**subject_fields, group=group.value, valid_to=None).exists():
            raise Conflict(
                "registry.group.tagged",
                f"已标注“{definition.zh}”，无需重复标注",
                f"Already tagged “{definition.en}”.",
                field="group",
            )
        tag = GroupMembership.objects.create(
            subject_type=kind.value,
            **subject_fields,
            division_code=subject.division_code,
            group=group.value,
            valid_from=valid_from,
            evidence_kind=evidence_kind.value,
            evidence_ref=ref,
            recorded_at=at,
            recorded_by=actor.account_id,
        )
        announce(actor, at, "group.tagged", subject, {"group": group.value})
        return tag.pk


def end_group(*, actor: Actor, at: datetime, group_membership_id: int, valid_to: date, reason: str) -> None:
    """End a tag on a day.

    Raises:
        PermissionRefused, OutOfScope: the actor may not, or the tag is not the actor's.
        InvalidValue: the day lies before the first, or the reason is missing.
        RuleRefused: the tag has ended.
    """
    reason = require_reason(reason)
    with writing(actor, Permission.GROUP_TAG, at, reason=reason):
        tag = GroupMembership.objects.select_for_update().filter(id=group_membership_id).first()
        if tag is None:
            raise OutOfScope
        if tag.valid_to is not None:
            raise RuleRefused("registry.group.ended", "该类别标注已终止", "The tag has ended.")
        require_order(tag.valid_from, valid_to, field="valid_to")
        tag.valid_to, tag.end_reason = valid_to, reason
        tag.save(update_fields=["valid_to", "end_reason"])
        subject: Person | Household | None = (
            Person.objects.filter(id=tag.person_id).first()
            if tag.person_id is not None
            else Household.objects.filter(id=tag.household_id or 0).first()
        )
        if subject is not None:
            announce(actor, at, "group.ended", subject, {"group": tag.group})
