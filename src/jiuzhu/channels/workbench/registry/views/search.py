"""The search, the list of households, and the workbook of a list."""

from collections.abc import Sequence
from datetime import date
from io import BytesIO

import xlsxwriter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from jiuzhu.channels.kit.access import actor_of, needs
from jiuzhu.channels.kit.wording import flag_name, group_name, listed, registered_name, said
from jiuzhu.channels.workbench.registry.forms.fields import place_refusal
from jiuzhu.channels.workbench.registry.forms.search import HouseholdsForm, SearchForm
from jiuzhu.channels.workbench.registry.views.page import today
from jiuzhu.core.actors import Actor
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.core.errors import InvalidValue
from jiuzhu.groundwork.files.limits import MediaType
from jiuzhu.rooms.organization import queries as organization
from jiuzhu.rooms.registry import queries as registry
from jiuzhu.rooms.registry.permissions import Permission
from jiuzhu.rooms.registry.states import GROUPS, RegisteredKind, TargetGroup

_PAGE = 50
_MOST_EXPORTED = 2000
_BATCH = 200


@needs(Permission.PERSON_VIEW)
@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """Persons by what was typed, or by division and group."""
    actor, on = actor_of(request), today()
    form = SearchForm(request.GET or None, actor=actor, on=on)
    context: dict[str, object] = {"form": form, "groups": [(group.value, group_name(group)) for group in GROUPS]}
    if form.is_valid() and _is_asked(form):
        try:
            context |= _found(actor, on, form)
        except InvalidValue as refusal:
            place_refusal(form, refusal, aliases={"text": "q"})
    if context.get("next_after"):
        context["following"] = _following(request, str(context["next_after"]))
    return render(request, "workbench/registry/search.html", context, status=422 if form.errors else 200)


@needs(Permission.HOUSEHOLD_VIEW)
@require_GET
def households(request: HttpRequest) -> HttpResponse:
    """Households by division, group, kind of registration and what waits to be settled."""
    actor, on = actor_of(request), today()
    form = HouseholdsForm(request.GET, actor=actor, on=on)
    context: dict[str, object] = {"form": form}
    if form.is_valid():
        chosen = form.cleaned_data
        wanted = registry.HouseholdFilter(
            division=DivisionCode(chosen["division"]) if chosen["division"] else None,
            group=TargetGroup(chosen["group"]) if chosen["group"] else None,
            registered_kind=RegisteredKind(chosen["kind"]) if chosen["kind"] else None,
            with_closed=chosen["state"] == "closed",
            flagged=chosen["state"] == "flagged",
        )
        page = registry.list_households(actor=actor, on=on, wanted=wanted, after=chosen["after"], size=_PAGE)
        places = _places([row.division_code for row in page.rows], on)
        context["page"] = page
        context["rows"] = [
            {
                "row": row,
                "place": places.get(row.division_code, row.division_code),
                "kind": registered_name(row.registered_kind),
                "groups": [group_name(group) for group in row.groups],
                "flag": flag_name(row.flag) if row.flag else "",
            }
            for row in page.rows
        ]
        context["following"] = _following(request, page.next_after) if page.next_after else ""
    return render(request, "workbench/registry/households.html", context, status=422 if form.errors else 200)


@needs(Permission.PERSON_SEE_IDENTITY)
@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """The list by division and group as a workbook, numbers masked; whoever may see whole numbers may take it along."""
    actor, on = actor_of(request), today()
    form = SearchForm(request.GET, actor=actor, on=on)
    if not form.is_valid():
        raise InvalidValue(
            "registry.export.filter",
            "导出条件不正确，请回到查找页面重新选择",
            "The conditions of the export are wrong; choose them again on the search page.",
        )
    rows: list[tuple[str, ...]] = []
    after = ""
    while len(rows) < _MOST_EXPORTED:
        page = registry.list_persons(actor=actor, on=on, wanted=_filter(form), after=after, size=_BATCH)
        places = _places([row.division_code for row in page.rows], on)
        rows += [
            (
                row.name,
                said(row.sex_zh, row.sex_en),
                row.birth_date.isoformat(),
                row.document_number,
                places.get(row.division_code, row.division_code),
                listed(group_name(group) for group in row.groups),
            )
            for row in page.rows
        ]
        after = page.next_after
        if not after:
            break
    headings = (_("姓名"), _("性别"), _("出生日期"), _("证件号码（已遮盖）"), _("所在村（居）"), _("困难群众类别"))
    name = _("困难群众名单_%(day)s.xlsx") % {"day": on.isoformat()}
    return workbook_response(name, headings, rows)


def workbook_response(name: str, headings: tuple[str, ...], rows: Sequence[Sequence[str]]) -> HttpResponse:
    """A workbook of text cells as a download; nothing in it is ever a formula."""
    output = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(output, options)
    sheet = book.add_worksheet()
    bold = book.add_format({"bold": True})
    for place, heading in enumerate(headings):
        sheet.write_string(0, place, heading, bold)
        sheet.set_column(place, place, max(12, 2 * len(heading)))
    for line, row in enumerate(rows, start=1):
        for place, text in enumerate(row):
            sheet.write_string(line, place, text)
    sheet.freeze_panes(1, 0)
    book.close()
    return file_response(name, output.getvalue())


def file_response(name: str, content: bytes) -> HttpResponse:
    """A workbook as a download."""
    headers = {"Content-Disposition": content_disposition_header(True, name) or "attachment"}  # noqa: FBT003
    return HttpResponse(content, content_type=MediaType.XLSX.value, headers=headers)


def _is_asked(form: SearchForm) -> bool:
    return any(form.cleaned_data[name] for name in ("q", "division", "group", "everyone"))


def _filter(form: SearchForm) -> registry.PersonFilter:
    chosen = form.cleaned_data
    return registry.PersonFilter(
        division=DivisionCode(chosen["division"]) if chosen["division"] else None,
        group=TargetGroup(chosen["group"]) if chosen["group"] else None,
    )


def _found(actor: Actor, on: date, form: SearchForm) -> dict[str, object]:
    chosen = form.cleaned_data
    if not chosen["q"]:
        page = registry.list_persons(actor=actor, on=on, wanted=_filter(form), after=chosen["after"], size=_PAGE)
        places = _places([row.division_code for row in page.rows], on)
        return {
            "rows": [
                {
                    "id": row.id,
                    "name": row.name,
                    "sex": said(row.sex_zh, row.sex_en),
                    "age": row.age,
                    "birth_date": row.birth_date,
                    "number": row.document_number,
                    "place": places.get(row.division_code, row.division_code),
                    "household_id": row.household_id,
                    "household": "",
                    "groups": [group_name(group) for group in row.groups],
                    "died_on": row.died_on,
                }
                for row in page.rows
            ],
            "total": page.total,
            "next_after": page.next_after,
            "hint": _("该条件下没有登记人员，请换一个类别或区划。"),
            "exportable": actor.may(Permission.PERSON_SEE_IDENTITY),
        }
    found = registry.search_persons(
        actor=actor,
        at=timezone.now(),
        text=chosen["q"],
        division=DivisionCode(chosen["division"]) if chosen["division"] else None,
        after=chosen["after"] or None,
        limit=_PAGE,
    )
    return {
        "rows": [
            {
                "id": row.person_id,
                "name": row.name,
                "sex": said(row.sex_zh, row.sex_en),
                "age": row.age,
                "birth_date": row.birth_date,
                "number": row.document_number,
                "place": row.place,
                "household_id": row.household_id,
                "household": row.household_number,
                "groups": [group_name(group) for group in row.groups],
                "died_on": row.died_on,
            }
            for row in found.results
        ],
        "next_after": found.next_key,
        "hint": said(found.hint_zh, found.hint_en),
        "group_ignored": bool(chosen["group"]),
    }


def _places(codes: list[str], on: date) -> dict[str, str]:
    found = organization.public_divisions({DivisionCode(code) for code in codes}, on)
    return {code.value: said(view.full_name, view.name_en or view.full_name) for code, view in found.items()}


def _following(request: HttpRequest, after: str) -> str:
    parameters = request.GET.copy()
    parameters["after"] = after
    return f"?{parameters.urlencode()}"
