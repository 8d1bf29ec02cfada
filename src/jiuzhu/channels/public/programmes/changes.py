"""What changed and what will change in the policy of a place, by day; open to everyone."""

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from jiuzhu.channels.kit import policy_wording as words
from jiuzhu.channels.kit.access import everyone
from jiuzhu.channels.kit.wording import listed
from jiuzhu.channels.public.programmes.views import place_of
from jiuzhu.core.errors import NotFound
from jiuzhu.engine.packs.differences import Sort, Subject
from jiuzhu.engine.packs.model import PackSet
from jiuzhu.rooms.catalogue import queries as catalogue

_YEARS = range(2014, 2100)
_YEAR = timedelta(days=366)


@everyone
@require_safe
def changes(request: HttpRequest) -> HttpResponse:
    """The changes of a year for a county: those of the last and the next twelve months when no year is asked for."""
    place = place_of(request)
    today = timezone.localdate()
    year = request.GET.get("year", "").strip()
    since, until = _within(year, today)
    found = catalogue.public_turns(division=place["division"], since=since, until=until, on=today)
    packs = catalogue.public_packs(today)
    context = {
        **place,
        "year": year,
        "years": [str(one) for one in range(today.year + 2, 2013, -1)],
        "days": [
            {"day": day, "is_coming": day > today, "rows": [_row(one, packs, place["names"]) for one in own]}
            for day, own in found.items()
        ],
    }
    return render(request, "public/programmes/changes.html", context)


def _within(year: str, today: date) -> tuple[date, date]:
    if not year:
        return today - _YEAR, today + _YEAR
    if not year.isascii() or not year.isdigit() or int(year) not in _YEARS:
        raise NotFound("catalogue.year", "请从列表中选择年份", "Choose a year of the list.")
    return date(int(year), 1, 1), date(int(year) + 1, 1, 1)


def _row(one: catalogue.Change, packs: PackSet, names: dict[str, str]) -> dict[str, Any]:
    is_value = one.subject is Subject.PARAMETER
    ended = one.subject is Subject.PROGRAMME and one.sort is Sort.REMOVED
    programme = one.programme if one.programme in packs.programmes and not ended else ""
    return {
        "what": words.change_word(one),
        "label": words.said_label(one.label),
        "before": words.change_value(one, packs, one.before) if is_value else "",
        "after": words.change_value(one, packs, one.after) if is_value else "",
        "where": names.get(one.prefix.ljust(12, "0"), "") if one.prefix else "",
        "demo": one.demo,
        "basis": listed(words.cited(citation) for citation in one.basis),
        "programme": programme,
    }
