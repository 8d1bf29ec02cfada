"""Check a document by its number and code; a wrong code and an unknown number are answered alike."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from jiuzhu.channels.kit.access import everyone
from jiuzhu.channels.public.boards.views import unlisted
from jiuzhu.rooms.verification import queries

_LONGEST = 60


@everyone
@require_safe
@unlisted
def check(request: HttpRequest) -> HttpResponse:
    """Whether a document was issued, by whom and when, and whether it still holds."""
    number = request.GET.get("number", "").strip().upper()[:_LONGEST]
    code = request.GET.get("code", "").strip().lower()[:_LONGEST]
    found = queries.public_report_check(number=number, code=code, on=timezone.localdate()) if number else None
    context = {"number": number, "code": code, "asked": bool(number), "found": found}
    return render(request, "public/authenticity/check.html", context)
