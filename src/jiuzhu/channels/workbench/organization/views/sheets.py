"""Excel: export what one may see; import with a preview whose problems are numbered by row, then commit."""

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from jiuzhu.channels.kit.access import actor_of, needs, signed_in
from jiuzhu.channels.workbench.organization.changing import add_refusal, changes, new_key
from jiuzhu.channels.workbench.organization.forms import UploadForm, language
from jiuzhu.channels.workbench.organization.placing import area_of, require_place, wanted_place
from jiuzhu.core.actors import Actor, ActorKind, PermissionRefused
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.core.errors import InvalidValue, Refusal
from jiuzhu.rooms.organization import actions, queries
from jiuzhu.rooms.organization.actions import SheetReport
from jiuzhu.rooms.organization.permissions import Permission

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SHOWN_PROBLEMS = 200


class _Import(Protocol):
    def __call__(self, *, actor: Actor, at: datetime, content: bytes, commit: bool) -> SheetReport: ...


@dataclass(frozen=True, slots=True)
class _Kind:
    """A sheet that can be imported: who may, how, and where its rows are seen afterwards."""

    permission: str
    take: _Import
    title: Callable[[], str]
    back: Callable[[Actor], str]


_KINDS = {
    "staff": _Kind(
        Permission.STAFF_REGISTER,
        actions.import_staff,
        lambda: _("导入工作人员名册"),
        lambda actor: reverse("workbench:organization:staff"),
    ),
    "appointments": _Kind(
        Permission.APPOINTMENT_MAKE,
        actions.import_appointments,
        lambda: _("导入任职情况"),
        lambda actor: reverse("workbench:organization:staff"),
    ),
    "offices": _Kind(
        Permission.OFFICE_CHANGE,
        actions.import_office_contacts,
        lambda: _("导入机构联系方式"),
        lambda actor: reverse("workbench:organization:offices", args=[area_of(actor)]),
    ),
}


@needs(Permission.DIVISION_VIEW)
@require_GET
def export_divisions(request: HttpRequest, code: DivisionCode) -> HttpResponse:
    """The divisions of a division."""
    require_place(actor_of(request), code)
    content = queries.public_division_sheet(division=code, at=timezone.localdate(), language=language())
    return workbook(content, f"divisions-{code.prefix}")


@needs(Permission.OFFICE_VIEW)
@require_GET
def export_offices(request: HttpRequest, code: DivisionCode) -> HttpResponse:
    """Offices with address, phone and hours."""
    require_place(actor_of(request), code)
    content = queries.office_sheet(actor=actor_of(request), division=code, at=timezone.localdate(), language=language())
    return workbook(content, f"offices-{code.prefix}")


@needs(Permission.STAFF_EXPORT)
@require_GET
def export_staff(request: HttpRequest) -> HttpResponse:
    """The staff roll of a place."""
    actor = actor_of(request)
    place = wanted_place(request, actor)
    return workbook(queries.staff_sheet(actor=actor, division=place, language=language()), f"staff-{place.prefix}")


@needs(Permission.STAFF_EXPORT)
@require_GET
def export_appointments(request: HttpRequest) -> HttpResponse:
    """The appointments of a place."""
    actor = actor_of(request)
    place = wanted_place(request, actor)
    content = queries.appointment_sheet(actor=actor, division=place, at=timezone.localdate(), language=language())
    return workbook(content, f"appointments-{place.prefix}")


@signed_in(ActorKind.STAFF)
@require_GET
def template(request: HttpRequest, sheet: str) -> HttpResponse:
    """An empty workbook with the headings of a sheet."""
    actor_of(request).require(_kind(sheet).permission)
    return workbook(queries.public_template(sheet, language=language()), f"{sheet}-template")


@signed_in(ActorKind.STAFF)
@changes
def import_page(request: HttpRequest, sheet: str) -> HttpResponseBase:
    """Upload, read over what would happen, confirm. The file comes back with the confirmation and is checked again."""
    actor = actor_of(request)
    kind = _kind(sheet)
    actor.require(kind.permission)
    if request.method != "POST":
        return _draw(request, sheet, kind, UploadForm())
    form = UploadForm()
    commit = "content" in request.POST
    if not commit:
        form = UploadForm(request.POST, request.FILES)
        if not form.is_valid():
            return _draw(request, sheet, kind, form, status=422)
    try:
        content = _returned(request.POST["content"]) if commit else form.cleaned_data["file"].read()
        report = kind.take(actor=actor, at=timezone.now(), content=content, commit=commit)
    except PermissionRefused:
        raise
    except Refusal as refusal:
        if commit:
            raise
        add_refusal(form, refusal)
        return _draw(request, sheet, kind, form, status=422)
    if report.committed:
        messages.success(
            request,
            _("已导入：新增%(added)d行，更新%(changed)d行，未变%(unchanged)d行。")
            % {"added": report.added, "changed": report.changed, "unchanged": report.unchanged},
        )
        return redirect(kind.back(actor))
    kept = "" if report.problems else base64.b64encode(content).decode()
    status = 422 if report.problems else 200
    return _draw(request, sheet, kind, UploadForm(), report=report, content=kept, status=status)


def workbook(content: bytes, name: str) -> HttpResponse:
    """A workbook as a download."""
    return HttpResponse(
        content, content_type=XLSX, headers={"Content-Disposition": f'attachment; filename="{name}.xlsx"'}
    )


def _kind(sheet: str) -> _Kind:
    if sheet not in _KINDS:
        raise Http404
    return _KINDS[sheet]


def _returned(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise InvalidValue(
            "sheet.returned", "确认的内容不完整，请重新选择文件", "The confirmed file is incomplete; choose it again."
        ) from error


def _draw(
    request: HttpRequest,
    sheet: str,
    kind: _Kind,
    form: UploadForm,
    *,
    report: SheetReport | None = None,
    content: str = "",
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "sheet": sheet,
        "title": kind.title(),
        "form": form,
        "report": report,
        "problems": [
            (problem.row, problem.column, (problem.reason.zh, problem.reason.en))
            for problem in report.problems[:_SHOWN_PROBLEMS]
        ]
        if report
        else [],
        "hidden": max(0, len(report.problems) - _SHOWN_PROBLEMS) if report else 0,
        "content": content,
        "key": new_key() if content else "",
        "back": kind.back(actor_of(request)),
    }
    return render(request, "workbench/organization/import.html", context, status=status)
