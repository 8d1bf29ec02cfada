"""Near-relative filings (近亲属备案): 民发〔2021〕57号 art. 11, 20; the county visits every household that is filed."""

from datetime import datetime

from jiuzhu.core.actors import Actor
from jiuzhu.core.errors import InvalidValue
from jiuzhu.core.names import PersonName
from jiuzhu.groundwork.transitions import actions as log
from jiuzhu.rooms.organization.actions.steps import missing, news, one_step, require_text
from jiuzhu.rooms.organization.models import NearRelativeFiling, Staff
from jiuzhu.rooms.organization.permissions import Permission
from jiuzhu.rooms.organization.rules.reasons import Reason, refuse
from jiuzhu.rooms.organization.states import FILINGS, FilingState, NearRelation


def file_near_relative(
    *,
    actor: Actor,
    at: datetime,
    staff_id: int,
    relative_name: str,
    relation: NearRelation,
    person_id: int | None = None,
    note: str = "",
) -> int:
    """File a near relative of a staff or committee member: one's own, or for another with that permission.

    Raises:
        PermissionRefused, NotFound (not in scope), InvalidValue (name), RuleRefused (filed already).
    """
    with one_step(actor, Permission.RELATIVE_FILE):
        staff = _staff_for_filing(actor, staff_id)
        person = PersonName.parse(relative_name)
        if len(note.strip()) > 200:
            raise InvalidValue(
                "organization.too_long", "备注不能超过200个字", "The note has at most 200 characters.", field="note"
            )
        filed = NearRelativeFiling.objects.filter(
            staff=staff, relative_name=person.value, relation=relation.value, state=FilingState.FILED.value
        )
        if filed.exists():
            refuse(
                [
                    Reason(
                        "organization.relative.filed",
                        "该近亲属已备案，无需重复",
                        "This relative is on file already.",
                        field="relative_name",
                    )
                ]
            )
        row = NearRelativeFiling.objects.create(
            staff=staff,
            division_code=staff.division_code,
            relative_name=person.value,
            relation=relation.value,
            person_id=person_id,
            state=FilingState.FILED.value,
            filed_at=at,
            note=note.strip(),
        )
        log.record(
            actor=actor,
            at=at,
            object_type="organization.near_relative",
            object_id=row.id,
            transition=None,
            from_state=None,
            verb="file",
            to_state=FilingState.FILED,
            division=row.division_code,
        )
        _tell_filing(actor, at, "filed", row)
        return row.id


def withdraw_near_relative(*, actor: Actor, at: datetime, filing_id: int, reason: str) -> None:
    """Withdraw a filing that was wrong or has lost its ground.

    Raises:
        PermissionRefused, NotFound, InvalidValue (no reason), TransitionRefused (withdrawn already).
    """
    with one_step(actor, Permission.RELATIVE_FILE):
        row = NearRelativeFiling.objects.select_for_update().filter(pk=filing_id).first()
        if row is None:
            raise missing("该备案", "filing")
        _staff_for_filing(actor, row.staff_id)
        reason = require_text(reason, "reason", "撤回原因", "the reason", longest=200)
        before = FilingState(row.state)
        transition = FILINGS.plan(before, "withdraw")
        NearRelativeFiling.objects.filter(pk=row.pk).update(
            state=transition.to_state.value, withdrawn_at=at, withdrawal_reason=reason
        )
        log.record(
            actor=actor,
            at=at,
            object_type="organization.near_relative",
            object_id=row.id,
            transition=transition,
            from_state=before,
            division=row.division_code,
            reason=reason,
        )
        _tell_filing(actor, at, "withdrawn", row)


def _staff_for_filing(actor: Actor, staff_id: int) -> Staff:
    staff = Staff.objects.filter(pk=staff_id).first()
    if staff is None:
        raise missing("该人员", "person")
    own = staff.account_id is not None and staff.account_id == actor.account_id
    if not own:
        actor.require(Permission.RELATIVE_FILE_FOR_OTHERS)
    return staff


def _tell_filing(actor: Actor, at: datetime, happened: str, row: NearRelativeFiling) -> None:
    news(
        actor=actor,
        at=at,
        name=f"organization.near_relative.{happened}",
        key=f"organization.near_relative:{row.id}",
        division=row.division_code,
        payload={"filing_id": row.id, "staff_id": row.staff_id},
    )
