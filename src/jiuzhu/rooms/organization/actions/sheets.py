"""Import from Excel: preview or commit. All rows are taken or none; importing the same sheet again changes nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from io import BytesIO

from python_calamine import CalamineError, CalamineWorkbook

from jiuzhu.core.actors import Actor
from jiuzhu.core.errors import InvalidValue, Refusal
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.groundwork.files.limits import UploadLimits
from jiuzhu.groundwork.files.workbooks import check_workbook
from jiuzhu.rooms.organization.actions.offices import change_office_contact
from jiuzhu.rooms.organization.actions.staff import appoint, change_staff, register_staff
from jiuzhu.rooms.organization.actions.steps import local_day, missing
from jiuzhu.rooms.organization.models import Appointment, Office, OfficeName, Post, Staff
from jiuzhu.rooms.organization.permissions import Permission
from jiuzhu.rooms.organization.queries.periods import in_force
from jiuzhu.rooms.organization.rules.reasons import Reason
from jiuzhu.rooms.organization.rules.sheets import (
    APPOINTMENT_SHEET,
    OFFICE_SHEET,
    STAFF_SHEET,
    Cell,
    Row,
    RowProblem,
    Sheet,
    read_rows,
)
from jiuzhu.rooms.organization.states import EmploymentKind


class Outcome(StrEnum):
    """What an import does, or would do, with a row."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class SheetReport:
    """The result of an import: rows by outcome and, row by row, what is wrong. With problems nothing is written."""

    sheet: str
    added: int
    changed: int
    unchanged: int
    problems: tuple[RowProblem, ...]
    committed: bool


class _Undone(Exception):  # noqa: N818 (carries a preview out of its transaction)
    pass


def import_staff(*, actor: Actor, at: datetime, content: bytes, commit: bool) -> SheetReport:
    """Register the people of a staff roll, or bring those on file up to date.

    Raises:
        PermissionRefused, InvalidValue (the file is no plain workbook).
    """
    actor.require(Permission.STAFF_REGISTER)
    return _import(STAFF_SHEET, actor, at, content, _take_staff, commit=commit)


def import_appointments(*, actor: Actor, at: datetime, content: bytes, commit: bool) -> SheetReport:
    """Appoint people to posts; each row passes the same rules as a single appointment.

    Raises:
        PermissionRefused, InvalidValue (the file is no plain workbook).
    """
    actor.require(Permission.APPOINTMENT_MAKE)
    return _import(APPOINTMENT_SHEET, actor, at, content, _take_appointment, commit=commit)


def import_office_contacts(*, actor: Actor, at: datetime, content: bytes, commit: bool) -> SheetReport:
    """Bring addresses, phones and hours of offices up to date; the name only proves that the right office is meant.

    Raises:
        PermissionRefused, InvalidValue (the file is no plain workbook).
    """
    actor.require(Permission.OFFICE_CHANGE)
    return _import(OFFICE_SHEET, actor, at, content, _take_office, commit=commit)


def _import(
    sheet: Sheet,
    actor: Actor,
    at: datetime,
    content: bytes,
    take: Callable[[Actor, datetime, Row], Outcome],
    *,
    commit: bool,
) -> SheetReport:
    rows, wrong = read_rows(sheet, _cells(content))
    problems = list(wrong)
    counts = dict.fromkeys(Outcome, 0)
    try:
        with acting(actor):
            for row in rows:
                try:
                    with acting(actor):
                        counts[take(actor, at, row)] += 1
                except Refusal as refusal:
                    reason = Reason(refusal.code, refusal.message_zh, refusal.message_en)
                    problems.append(RowProblem(row.number, refusal.field or "", reason))
            if problems or not commit:
                raise _Undone
    except _Undone:
        pass
    return SheetReport(
        sheet=sheet.key,
        added=counts[Outcome.ADDED],
        changed=counts[Outcome.CHANGED],
        unchanged=counts[Outcome.UNCHANGED],
        problems=tuple(sorted(problems, key=lambda problem: problem.row)),
        committed=commit and not problems,
    )


def _take_staff(actor: Actor, at: datetime, row: Row) -> Outcome:
    office = Office.objects.filter(in_force(local_day(at)), code=row.texts["office_code"]).first()
    if office is None:
        raise missing(f"单位代码{row.texts['office_code']}", f"office ({row.texts['office_code']})")
    number = row.texts["staff_number"]
    staff = Staff.objects.filter(staff_number=number).first()
    if staff is None:
        register_staff(
            actor=actor,
            at=at,
            office_id=office.id,
            staff_number=number,
            name=row.texts["name"],
            employment=EmploymentKind(row.texts["employment"]),
            rank=row.texts["rank"],
            office_phone=row.texts["office_phone"],
        )
        return Outcome.ADDED
    changed = change_staff(
        actor=actor,
        at=at,
        staff_id=staff.id,
        office_id=office.id,
        name=row.texts["name"],
        employment=EmploymentKind(row.texts["employment"]),
        rank=row.texts["rank"],
        office_phone=row.texts["office_phone"],
    )
    return Outcome.CHANGED if changed else Outcome.UNCHANGED


def _take_appointment(actor: Actor, at: datetime, row: Row) -> Outcome:
    staff = Staff.objects.filter(staff_number=row.texts["staff_number"]).first()
    post = Post.objects.filter(code=row.texts["post_code"]).first()
    if staff is None or post is None:
        raise missing("工号或岗位代码", "staff number or post code")
    valid_from, valid_to = row.dates["valid_from"], row.dates["valid_to"]
    if valid_from is None:
        raise InvalidValue("sheet.required", "“任职日期”不能为空", "“From” is empty.", field="valid_from")
    same = Appointment.objects.filter(
        staff=staff,
        post=post,
        valid_from=valid_from,
        valid_to=valid_to,
        appointed_by=row.texts["appointed_by"],
        document_number=row.texts["document_number"],
        revoked_at=None,
    )
    if same.exists():
        return Outcome.UNCHANGED
    appoint(
        actor=actor,
        at=at,
        staff_id=staff.id,
        post_id=post.id,
        valid_from=valid_from,
        valid_to=valid_to,
        appointed_by=row.texts["appointed_by"],
        document_number=row.texts["document_number"],
    )
    return Outcome.ADDED


def _take_office(actor: Actor, at: datetime, row: Row) -> Outcome:
    day = local_day(at)
    name = OfficeName.objects.filter(in_force(day), in_force(day, "office__"), office__code=row.texts["office_code"])
    found = name.select_related("office").first()
    if found is None:
        raise missing(f"机构代码{row.texts['office_code']}", f"office ({row.texts['office_code']})")
    if found.name != row.texts["name"]:
        raise InvalidValue(
            "sheet.other_name",
            f"机构名称与登记的“{found.name}”不一致；更名请在机构页面办理",
            f"The name differs from “{found.name}” on file; rename an office on its own page.",
            field="name",
        )
    office = found.office
    contact = (row.texts["address"], row.texts["phone"], row.texts["hours"])
    if contact == (office.address, office.phone, office.hours):
        actor.require_scope(office.division_code)
        return Outcome.UNCHANGED
    change_office_contact(
        actor=actor, at=at, office_id=office.id, address=contact[0], phone=contact[1], hours=contact[2]
    )
    return Outcome.CHANGED


def _cells(content: bytes) -> list[list[Cell]]:
    check_workbook(content, UploadLimits())
    try:
        book = CalamineWorkbook.from_object(BytesIO(content))
        table = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (CalamineError, ValueError, IndexError) as error:
        raise InvalidValue(
            "sheet.unreadable",
            "无法读取工作表，请用Excel或WPS另存为.xlsx后重新上传",
            "The sheet cannot be read; save it as .xlsx and upload it again.",
        ) from error
    return [[cell if isinstance(cell, Cell) else str(cell) for cell in line] for line in table]
