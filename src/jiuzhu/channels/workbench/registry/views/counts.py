"""How many persons and households carry which tag, as bars, a table and a workbook."""

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from jiuzhu.channels.kit.access import actor_of, needs
from jiuzhu.channels.kit.wording import in_english, said
from jiuzhu.channels.workbench.registry.forms.search import CountsForm
from jiuzhu.channels.workbench.registry.views.page import path_of, today
from jiuzhu.channels.workbench.registry.views.search import workbook_response
from jiuzhu.core.actors import Actor, OutOfScope
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.rooms.registry import queries as registry
from jiuzhu.rooms.registry.permissions import Permission

_ROW = 34
_BAR = 18
_LABELS = 300
_BARS = 300
_WIDE_CHARACTER = 14
_NARROW_CHARACTER = 7


@dataclass(frozen=True, slots=True)
class _Bar:
    """A bar of the drawing: the middle of its label, its upper edge, its length, the middle of its number."""

    label: str
    number: int
    label_x: int
    text_y: int
    top: int
    length: int
    number_x: int


@needs(Permission.STATISTICS_VIEW)
@require_GET
def counts(request: HttpRequest) -> HttpResponse:
    """The counts of a division."""
    actor, on = actor_of(request), today()
    form = CountsForm(request.GET, actor=actor, on=on)
    division = _division(actor, form)
    found = registry.counts_by_group(actor=actor, on=on, division=division)
    rows = [(said(one.zh, one.en), one.persons, one.households, one.group.value) for one in found]
    # the table lists every group; a bar of nothing would only make the picture longer
    drawn = [(name, persons + households) for name, persons, households, _group in rows if persons + households]
    context = {
        "form": form,
        "place": path_of(division.value, on),
        "rows": rows,
        "bars": _bars(drawn),
        "height": _ROW * len(drawn) + 10,
        "labels": _LABELS,
        "bar_height": _BAR,
        "division": division.value,
        "largest": max(rows, key=lambda row: row[1] + row[2])[0],
        "total": sum(row[1] + row[2] for row in rows),
    }
    return render(request, "workbench/registry/counts.html", context, status=422 if form.errors else 200)


@needs(Permission.STATISTICS_VIEW)
@require_GET
def counts_export(request: HttpRequest) -> HttpResponse:
    """The counts as a workbook."""
    actor, on = actor_of(request), today()
    division = _division(actor, CountsForm(request.GET, actor=actor, on=on))
    found = registry.counts_by_group(actor=actor, on=on, division=division)
    rows = [(said(one.zh, one.en), str(one.persons), str(one.households)) for one in found]
    name = _("困难群众人数_%(division)s_%(day)s.xlsx") % {"division": division, "day": _day(on)}
    return workbook_response(name, (_("困难群众类别"), _("人数"), _("户数")), rows)


def _day(on: date) -> str:
    return on.isoformat()


def _division(actor: Actor, form: CountsForm) -> DivisionCode:
    chosen = form.cleaned_data["division"] if form.is_valid() else ""
    division = DivisionCode(chosen) if chosen else actor.scope.division
    if division is None:
        raise OutOfScope
    return division


def _bars(rows: list[tuple[str, int]]) -> list[_Bar]:
    """Labels end where the bars begin; the longest bar takes the whole width."""
    longest = max([number for _label, number in rows] or [0]) or 1
    character = _NARROW_CHARACTER if in_english() else _WIDE_CHARACTER
    bars = []
    for place, (label, number) in enumerate(rows):
        length = max(2 if number else 0, _BARS * number // longest)
        top = place * _ROW + 8
        bars.append(
            _Bar(
                label=label,
                number=number,
                label_x=_LABELS - 12 - min(len(label) * character, _LABELS - 24) // 2,
                text_y=top + 14,
                top=top,
                length=length,
                number_x=_LABELS + length + 10 + 4 * len(str(number)),
            )
        )
    return bars
