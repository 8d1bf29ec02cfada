"""Check a document by its number and code; a wrong code and an unknown number are answered alike."""

import hashlib
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from hmac import compare_digest

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from jiuzhu.channels.kit.access import everyone
from jiuzhu.channels.public.authenticity.forms import CompareForm
from jiuzhu.channels.public.boards.views import unlisted
from jiuzhu.groundwork.documents.queries import DocumentState, authenticity
from jiuzhu.rooms.verification import queries

_LONGEST = 60


class Holds(StrEnum):
    """Whether a document holds, as the page says it."""

    IN_FORCE = "in_force"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Found:
    """A document that was issued. `kept` tells that its file is on record, so that a file in hand can be compared.

    `title` and `issuer` are empty for reports of verification, of which the page has the name.
    """

    number: str
    issued_on: date
    sha256: str
    holds: Holds
    title: str = ""
    issuer: str = ""
    ended_on: date | None = None
    valid_to: date | None = None
    kept: bool = False


@everyone
@require_http_methods(["GET", "HEAD", "POST"])
@unlisted
def check(request: HttpRequest) -> HttpResponse:
    """Whether a document was issued, by whom and when, whether it still holds, and whether a file is that document."""
    asked = request.POST if request.method == "POST" else request.GET
    number, code = (_typed(asked.get(name, "")) for name in ("number", "code"))
    found = _found(number, code) if number else None
    context: dict[str, object] = {"number": number, "code": code, "asked": bool(number), "found": found}
    status = 200
    if found is not None and found.kept:
        form = CompareForm(request.POST or None, request.FILES or None)
        if request.method == "POST":
            if form.is_valid():
                # a comparison changes nothing, so its answer is shown at once
                digest = hashlib.file_digest(form.cleaned_data["file"], "sha256").hexdigest()
                context["same"] = compare_digest(digest, found.sha256)
                context["compared"] = True
                form = CompareForm()
            else:
                status = 422
        context["form"] = form
    return render(request, "public/authenticity/check.html", context, status=status)


def _typed(text: str) -> str:
    """What was typed without signs that no page may show."""
    return "".join(sign for sign in text if sign.isprintable()).strip()[:_LONGEST]


def _found(number: str, code: str) -> Found | None:
    one = authenticity(number=number, check_code=code)
    if one is not None:
        ended_on = None if one.ended_at is None else timezone.localdate(one.ended_at)
        return Found(
            one.number, one.issued_on, one.sha256, _HOLDS[one.state], one.title, one.issuer, ended_on, kept=True
        )
    report = queries.public_report_check(number=number.upper(), code=code.lower(), on=timezone.localdate())
    if report is None:
        return None
    holds = Holds.REPLACED if report.replaced else Holds.EXPIRED if report.expired else Holds.IN_FORCE
    return Found(report.number, report.issued_on, report.sha256, holds, valid_to=report.valid_to)


_HOLDS = {
    DocumentState.IN_FORCE: Holds.IN_FORCE,
    DocumentState.REPLACED: Holds.REPLACED,
    DocumentState.WITHDRAWN: Holds.WITHDRAWN,
}
