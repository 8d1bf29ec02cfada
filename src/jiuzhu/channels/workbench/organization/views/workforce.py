"""Workforce against need: posts and people by place, residents per worker, villages without an assistant."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

import xlsxwriter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from jiuzhu.channels.kit.access import actor_of, needs
from jiuzhu.channels.workbench.organization.placing import path_to, wanted_place
from jiuzhu.channels.workbench.organization.views.sheets import workbook
from jiuzhu.channels.workbench.templatetags.workbench_organization import named
from jiuzhu.core.divisions import DivisionLevel
from jiuzhu.rooms.organization import queries
from jiuzhu.rooms.organization.permissions import Permission
from jiuzhu.rooms.organization.queries import WorkforceRow

# the drawing: names end where the bars begin, numbers stand behind the longest bar
_LONGEST, _NUMBERS, _LINE, _BAR = 220, 96, 34, 12
_CHARACTER, _LETTER, _GAP = 14, 8, 12


@dataclass(frozen=True, slots=True)
class _Bars:
    """Two bars of a place, in units of the drawing: posts above, people serving below."""

    label: str
    label_x: int
    posts: int
    serving: int
    posts_width: int
    serving_width: int
    top: int
    middle: int
    text_top: int


@dataclass(frozen=True, slots=True)
class _Picture:
    bars: tuple[_Bars, ...]
    labels: int
    numbers_x: int
    width: int
    height: int


@needs(Permission.WORKFORCE_VIEW)
@require_GET
def table(request: HttpRequest) -> HttpResponse:
    """One line for each division directly below the place, a picture above it."""
    actor = actor_of(request)
    place = wanted_place(request, actor)
    rows = queries.workforce_gaps(actor=actor, division=place, at=timezone.localdate())
    return render(
        request,
        "workbench/organization/workforce.html",
        {
            "rows": rows,
            "picture": _picture(rows),
            "path": path_to(actor, place),
            "place": place,
            "total": _total(rows),
            "villages_are_rows": bool(rows) and rows[0].division.level is DivisionLevel.VILLAGE,
        },
    )


@needs(Permission.WORKFORCE_VIEW)
@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """The same table as a workbook."""
    actor = actor_of(request)
    place = wanted_place(request, actor)
    rows = queries.workforce_gaps(actor=actor, division=place, at=timezone.localdate())
    target = BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    page = book.add_worksheet(_("工作力量"))
    headings = [
        _("代码"), _("地区"), _("常住人口"), _("服务半径（米）"), _("核定岗位"), _("在岗人数"), _("空缺"),
        _("每名工作人员服务人口"), _("村（社区）"), _("协理员"), _("缺协理员"), _("没有协理员的村"), _("超配的村"),
    ]  # fmt: skip
    page.write_row(0, 0, headings, book.add_format({"bold": True, "text_wrap": True}))
    page.freeze_panes(1, 0)
    for number, row in enumerate(rows, 1):
        page.write_string(number, 0, row.division.code.value)
        page.write_string(number, 1, named(row.division))
        values = [
            row.population, row.service_radius_m, row.headcount, row.serving, row.vacancies, row.persons_per_worker,
            row.villages, row.assistants, row.assistants_lacking, row.villages_without, row.villages_above,
        ]  # fmt: skip
        for column, value in enumerate(values, 2):
            if value is not None:
                page.write_number(number, column, value)
    book.close()
    return workbook(target.getvalue(), f"workforce-{place.prefix}")


def _picture(rows: Sequence[WorkforceRow]) -> _Picture | None:
    """The places side by side; none for villages, whose one or two posts the table shows as well."""
    largest = max((max(row.headcount, row.serving) for row in rows), default=0)
    if largest == 0 or rows[0].division.level is DivisionLevel.VILLAGE:
        return None
    labels = max(_width(named(row.division)) for row in rows) + 2 * _GAP
    return _Picture(
        bars=tuple(_bars(row, number, largest, labels) for number, row in enumerate(rows)),
        labels=labels,
        numbers_x=labels + _LONGEST + _NUMBERS // 2,
        width=labels + _LONGEST + _NUMBERS,
        height=len(rows) * _LINE,
    )


def _width(label: str) -> int:
    return len(label) * (_LETTER if label.isascii() else _CHARACTER)


def _bars(row: WorkforceRow, number: int, largest: int, labels: int) -> _Bars:
    label = named(row.division)
    return _Bars(
        label=label,
        label_x=labels - _GAP - _width(label) // 2,
        posts=row.headcount,
        serving=row.serving,
        posts_width=row.headcount * _LONGEST // largest,
        serving_width=row.serving * _LONGEST // largest,
        top=number * _LINE + 4,
        middle=number * _LINE + 4 + _BAR + 1,
        text_top=number * _LINE + _BAR + 9,
    )


def _total(rows: Sequence[WorkforceRow]) -> dict[str, int]:
    names = ("headcount", "serving", "vacancies", "villages", "assistants", "assistants_lacking", "villages_without")
    return {name: sum(getattr(row, name) for row in rows) for name in names}
