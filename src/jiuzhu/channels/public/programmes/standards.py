"""The standards in force, county by county, with the documents that publish them; open to everyone."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jiuzhu.channels.kit import policy_wording as words
from jiuzhu.channels.kit.access import everyone
from jiuzhu.channels.kit.wording import listed
from jiuzhu.channels.public.programmes.views import place_of
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.rooms.catalogue import queries as catalogue


@everyone
@require_safe
def standards(request: HttpRequest) -> HttpResponse:
    """What is in force today for a county; for the whole city what each county has set itself."""
    place = place_of(request)
    today = timezone.localdate()
    text = request.GET.get("q", "").strip()[:64]
    asked = [place["division"]]
    if not place["place_code"]:
        asked += [DivisionCode(code) for code in place["names"] if code != place["division"].value]
    found = catalogue.public_board(divisions=asked, on=today, text=text)
    groups: dict[str, list[dict[str, Any]]] = {}
    has_demo = False
    for one in found:
        rows = [_row(one, cell, place) for cell in one.cells if _is_told(cell, place["division"])]
        has_demo = has_demo or any(row["demo"] for row in rows)
        if rows:
            name = _("共用") if one.programme_label is None else words.said_label(one.programme_label)
            groups.setdefault(name, []).extend(rows)
    context = {**place, "text": text, "today": today, "groups": groups.items(), "has_demo": has_demo}
    return render(request, "public/programmes/standards.html", context)


def _is_told(cell: catalogue.BoardCell, here: DivisionCode) -> bool:
    """Of the place asked for everything, of parts of it what they set themselves."""
    return cell.value is not None and (cell.division == here or cell.is_own)


def _row(one: catalogue.BoardRow, cell: catalogue.BoardCell, place: dict[str, Any]) -> dict[str, Any]:
    since: date | None = cell.since
    return {
        "label": words.said_label(one.label),
        "where": place["names"].get(cell.division.value, place["place"]),
        "value": "" if cell.value is None else words.said_label(cell.value),
        "since": since,
        "until": cell.until,
        "demo": cell.demo,
        "basis": listed(words.cited(citation) for citation in cell.basis),
    }
