"""Export to Excel: what the actor sees, under the headings that an import takes back. Cells never become formulas."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from io import BytesIO

import xlsxwriter

from jiuzhu.core.actors import Actor
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.rooms.organization.models import Appointment, Division, OfficeName, Staff
from jiuzhu.rooms.organization.permissions import Permission
from jiuzhu.rooms.organization.queries.periods import in_force
from jiuzhu.rooms.organization.rules.sheets import APPOINTMENT_SHEET, OFFICE_SHEET, SHEETS, STAFF_SHEET, Sheet
from jiuzhu.rooms.organization.states import DIVISION_KIND_NAMES, EMPLOYMENT_KIND_NAMES, DivisionKind, EmploymentKind

Line = Mapping[str, str | date | None]


def staff_sheet(*, actor: Actor, division: DivisionCode, language: str = "zh") -> bytes:
    """The staff roll of a division as a workbook.

    Raises:
        PermissionRefused, OutOfScope.
    """
    actor.require(Permission.STAFF_EXPORT)
    actor.require_scope(division)
    lo, hi = division.range
    rows = Staff.objects.filter(division_code__gte=lo, division_code__lt=hi).select_related("office")
    english = _is_english(language)
    return _workbook(
        STAFF_SHEET,
        (
            {
                "staff_number": row.staff_number,
                "name": row.name,
                "office_code": row.office.code,
                "employment": EMPLOYMENT_KIND_NAMES[EmploymentKind(row.employment)][english],
                "rank": row.rank,
                "office_phone": row.office_phone,
            }
            for row in rows.order_by("division_code", "staff_number").iterator(chunk_size=2000)
        ),
        language,
    )


def appointment_sheet(*, actor: Actor, division: DivisionCode, at: date, language: str = "zh") -> bytes:
    """The appointments of a division that are in force or to come, as a workbook.

    Raises:
        PermissionRefused, OutOfScope.
    """
    actor.require(Permission.STAFF_EXPORT)
    actor.require_scope(division)
    lo, hi = division.range
    rows = Appointment.objects.filter(revoked_at=None, division_code__gte=lo, division_code__lt=hi).exclude(
        valid_to__lte=at
    )
    return _workbook(
        APPOINTMENT_SHEET,
        (
            {
                "staff_number": row.staff.staff_number,
                "post_code": row.post.code,
                "valid_from": row.valid_from,
                "valid_to": row.valid_to,
                "appointed_by": row.appointed_by,
                "document_number": row.document_number,
            }
            for row in rows.select_related("staff", "post").order_by("division_code", "id").iterator(chunk_size=2000)
        ),
        language,
    )


def office_sheet(*, actor: Actor, division: DivisionCode, at: date, language: str = "zh") -> bytes:
    """Offices of a division with address, phone and hours, as a workbook.

    Raises:
        PermissionRefused, OutOfScope.
    """
    actor.require(Permission.OFFICE_VIEW)
    actor.require_scope(division)
    lo, hi = division.range
    rows = OfficeName.objects.filter(
        in_force(at), in_force(at, "office__"), office__division_code__gte=lo, office__division_code__lt=hi
    ).select_related("office")
    return _workbook(
        OFFICE_SHEET,
        (
            {
                "office_code": row.office.code,
                "name": row.name,
                "address": row.office.address,
                "phone": row.office.phone,
                "hours": row.office.hours,
            }
            for row in rows.order_by("office__division_code", "office__code").iterator(chunk_size=2000)
        ),
        language,
    )


def public_division_sheet(*, division: DivisionCode, at: date, language: str = "zh") -> bytes:
    """The divisions of a division on a day, as a workbook for use elsewhere; it is not taken back."""
    english = _is_english(language)
    lo, hi = division.range
    headings = (
        ["Code", "Name", "Full name", "English name", "Level", "Kind", "From", "Basis"]
        if english
        else ["代码", "名称", "全称", "英文名称", "级别", "类别", "起始日期", "依据"]
    )
    rows = Division.objects.filter(in_force(at), code__gte=lo, code__lt=hi).order_by("code").iterator(chunk_size=2000)
    lines = (
        [
            row.code,
            row.name,
            row.full_name,
            row.name_en,
            str(row.level),
            DIVISION_KIND_NAMES[DivisionKind(row.kind)][english],
            row.valid_from,
            row.basis,
        ]
        for row in rows
    )
    return _write("Divisions" if english else "行政区划", headings, lines)


def public_template(sheet: Sheet | str, *, language: str = "zh") -> bytes:
    """An empty workbook with the headings of a sheet; required columns carry a star."""
    return _workbook(SHEETS[sheet] if isinstance(sheet, str) else sheet, (), language)


def _workbook(sheet: Sheet, lines: Iterable[Line], language: str) -> bytes:
    english = _is_english(language)
    headings = [(column.en if english else column.zh) + ("*" if column.required else "") for column in sheet.columns]
    keys = [column.key for column in sheet.columns]
    return _write(sheet.en if english else sheet.zh, headings, ([line[key] for key in keys] for line in lines))


def _write(title: str, headings: list[str], lines: Iterable[list[str | date | None]]) -> bytes:
    target = BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_date_format": "yyyy-mm-dd",
    }
    book = xlsxwriter.Workbook(target, options)
    # the same rows make the same bytes: the time of making is no part of a sheet
    book.set_properties({"created": datetime(2000, 1, 1)})  # noqa: DTZ001 (workbooks hold local times)
    page = book.add_worksheet(title)
    bold = book.add_format({"bold": True, "text_wrap": True})
    page.freeze_panes(1, 0)
    for column, heading in enumerate(headings):
        page.write_string(0, column, heading, bold)
        page.set_column(column, column, 20)
    for number, line in enumerate(lines, start=1):
        for column, value in enumerate(line):
            if isinstance(value, date):
                page.write_datetime(number, column, value)
            elif value:
                page.write_string(number, column, value)
    book.close()
    return target.getvalue()


def _is_english(language: str) -> bool:
    return language.lower().startswith("en")
