"""What an operator does with a roll: upload, confirm, take up again, cancel."""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q

from jiuzhu.core.actors import Actor, OutOfScope
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.core.errors import RuleRefused
from jiuzhu.groundwork.files.actions import FileOwner, accept_upload
from jiuzhu.groundwork.files.checks import check_upload
from jiuzhu.groundwork.files.limits import MEBIBYTE, MediaType, UploadLimits
from jiuzhu.groundwork.tasks import progress
from jiuzhu.groundwork.tasks.jobs import enqueue
from jiuzhu.groundwork.transitions.actions import record
from jiuzhu.rooms.registry.actions.roll.checking import check_roll
from jiuzhu.rooms.registry.actions.roll.importing import import_roll
from jiuzhu.rooms.registry.actions.writing import require_reason, writing
from jiuzhu.rooms.registry.models import RollImport
from jiuzhu.rooms.registry.permissions import Permission
from jiuzhu.rooms.registry.queries.roll import FILE_OWNER, RollView, roll_view
from jiuzhu.rooms.registry.rules.roll.checks import grouped
from jiuzhu.rooms.registry.rules.roll.columns import Column
from jiuzhu.rooms.registry.rules.roll.sheet import Sheet, read_sheet
from jiuzhu.rooms.registry.states import ROLLS, RollMode, RollState

LIMITS = UploadLimits(
    allowed=frozenset({MediaType.XLSX}), size_bytes=40 * MEBIBYTE, workbook_unpacked_bytes=400 * MEBIBYTE
)


@dataclass(frozen=True, slots=True)
class UploadedRoll:
    """The import; `is_new` is false when the same rows were uploaded before, and then that import is given."""

    roll: RollView
    is_new: bool


def upload_roll(
    *,
    actor: Actor,
    at: datetime,
    content: bytes,
    name: str,
    division: DivisionCode | None = None,
    request_id: str = "",
) -> UploadedRoll:
    """Take a roll in and enqueue its check. The same rows again, in whatever file, give the import they already have.

    Raises:
        PermissionRefused, OutOfScope: the actor may not register households there, or not what the roll holds.
        InvalidValue: no plain workbook, too large, wrong headings, or no rows.
    """
    actor.require(Permission.HOUSEHOLD_REGISTER)
    area = division or actor.scope.division
    if area is None:
        raise OutOfScope
    actor.require_scope(area)
    sheet = read_sheet(check_upload(content, name, LIMITS).content)
    _require_rights(actor, sheet)
    with writing(actor, Permission.HOUSEHOLD_REGISTER, at, reason="上传家庭花名册"):
        roll = _new(actor, at, area, name, sheet)
        if roll is None:
            same = RollImport.objects.filter(
                ~Q(state=RollState.CANCELLED.value), content_hash=sheet.content_hash, division_code=area.value
            ).get()
            return UploadedRoll(roll_view(same), is_new=False)
        file = accept_upload(
            actor=actor,
            at=at,
            content=content,
            name=name,
            owner=FileOwner(FILE_OWNER, roll.pk, area),
            limits=LIMITS,
        )
        roll.file_id, roll.file_name = file.id, file.name[:120]
        roll.save(update_fields=["file_id", "file_name"])
        record(
            actor=actor,
            at=at,
            object_type=FILE_OWNER,
            object_id=roll.pk,
            transition=None,
            verb="upload",
            from_state=None,
            to_state=RollState.UPLOADED,
            division=area,
        )
        progress.announce(
            actor=actor, at=at, key=f"registry.roll:{roll.pk}:check", title=f"校验家庭花名册（第{roll.pk}号）"
        )
        _enqueue_check(actor, roll.pk, request_id)
        return UploadedRoll(roll_view(roll), is_new=True)


def confirm_roll(*, actor: Actor, at: datetime, roll_id: int, mode: RollMode, request_id: str = "") -> RollView:
    """Decide to import a checked roll, and enqueue it.

    `ALL_OR_NOTHING` is judged here: a person whom somebody else registers while the import runs is left out with the
    household and stands in the error file, in both modes.

    Raises:
        PermissionRefused, OutOfScope: the actor may not, or the roll is not of the actor's area.
        TransitionRefused: the roll is not checked, or was decided on before.
        RuleRefused: no household is without error, or not all are while all are wanted.
    """
    with writing(actor, Permission.HOUSEHOLD_REGISTER, at, reason=f"确认导入家庭花名册（第{roll_id}号）"):
        roll = _locked(roll_id)
        step = ROLLS.plan(RollState(roll.state), "confirm")
        if roll.households_with_errors == roll.households:
            raise RuleRefused(
                "registry.roll.nothing_good",
                "没有可以导入的家庭：各户都有错误，请下载错误清单，改正后重新上传",
                "No household is without error; correct the rows of the error file and upload it again.",
            )
        if mode is RollMode.ALL_OR_NOTHING and roll.households_with_errors:
            raise RuleRefused(
                "registry.roll.has_errors",
                f"有{roll.households_with_errors}户存在错误，按“全部无误才导入”不能导入；请改正后重新上传，"
                "或选择“只导入无误的家庭”",
                f"{roll.households_with_errors} households have errors; correct them, or import only the good ones.",
            )
        before = RollState(roll.state)
        roll.state, roll.mode, roll.confirmed_at = step.to_state.value, mode.value, at
        roll.save(update_fields=["state", "mode", "confirmed_at"])
        record(
            actor=actor,
            at=at,
            object_type=FILE_OWNER,
            object_id=roll.pk,
            transition=step,
            from_state=before,
            division=roll.division_code,
        )
        view = roll_view(roll)
        progress.announce(
            actor=actor,
            at=at,
            key=view.progress_key,
            title=f"导入家庭花名册（第{roll.pk}号）",
            total=roll.households,
        )
        _enqueue_import(actor, roll.pk, request_id)
        return view


def continue_roll(*, actor: Actor, at: datetime, roll_id: int, request_id: str = "") -> None:
    """Take a check or an import up again whose job was given up; what was stored before is not stored again.

    Raises:
        PermissionRefused, OutOfScope: the actor may not, or the roll is not of the actor's area.
        RuleRefused: nothing of this roll is under way.
        Conflict: another account started it.
    """
    with writing(actor, Permission.HOUSEHOLD_REGISTER, at):
        roll = _locked(roll_id)
        state = RollState(roll.state)
        if state in (RollState.UPLOADED, RollState.IMPORTING):
            progress.announce(actor=actor, at=at, key=roll_view(roll).progress_key, title=roll.file_name)
        if state is RollState.UPLOADED:
            _enqueue_check(actor, roll.pk, request_id)
        elif state is RollState.IMPORTING:
            _enqueue_import(actor, roll.pk, request_id)
        else:
            raise RuleRefused(
                "registry.roll.not_running",
                f"该花名册状态为“{ROLLS.name(state)}”，没有需要继续的任务",
                f"The roll is “{ROLLS.name(state, 'en')}”; nothing is to be taken up again.",
            )


def cancel_roll(*, actor: Actor, at: datetime, roll_id: int, reason: str) -> RollView:
    """Give a roll up before it is imported; its rows may then be uploaded again.

    Raises:
        PermissionRefused, OutOfScope: the actor may not, or the roll is not of the actor's area.
        InvalidValue: the reason is missing.
        TransitionRefused: it is being imported or was.
    """
    reason = require_reason(reason)
    with writing(actor, Permission.HOUSEHOLD_REGISTER, at, reason=reason):
        roll = _locked(roll_id)
        before = RollState(roll.state)
        step = ROLLS.plan(before, "cancel")
        roll.state = step.to_state.value
        roll.save(update_fields=["state"])
        record(
            actor=actor,
            at=at,
            object_type=FILE_OWNER,
            object_id=roll.pk,
            transition=step,
            from_state=before,
            division=roll.division_code,
            reason=reason,
        )
        return roll_view(roll)


def _require_rights(actor: Actor, sheet: Sheet) -> None:
    needed = {Column.GROUPS: Permission.GROUP_TAG, Column.DISABILITY_TYPE: Permission.FACT_RECORD}
    for column, permission in needed.items():
        if any(column in row.cells for row in sheet.rows):
            actor.require(permission)


def _new(actor: Actor, at: datetime, area: DivisionCode, name: str, sheet: Sheet) -> RollImport | None:
    """The row of a new import; None when one with the same rows stands already."""
    try:
        with transaction.atomic():
            return RollImport.objects.create(
                division_code=area.value,
                file_name=name[:120],
                content_hash=sheet.content_hash,
                rows=len(sheet.rows),
                households=len(grouped(sheet)),
                uploaded_at=at,
                by_account=actor.account_id,
                by_name=actor.name[:64],
            )
    except IntegrityError as fault:
        if "registry_roll_content_once" not in str(fault):
            raise
        return None


def _locked(roll_id: int) -> RollImport:
    roll = RollImport.objects.select_for_update().filter(id=roll_id).first()
    if roll is None:
        raise OutOfScope
    return roll


def _enqueue_check(actor: Actor, roll_id: int, request_id: str) -> None:
    key = f"registry.roll:{roll_id}:check"
    enqueue(check_roll, actor=actor, arguments={"roll_id": roll_id}, request_id=request_id, lock=key, once=key)


def _enqueue_import(actor: Actor, roll_id: int, request_id: str) -> None:
    key = f"registry.roll:{roll_id}:import"
    enqueue(import_roll, actor=actor, arguments={"roll_id": roll_id}, request_id=request_id, lock=key, once=key)
