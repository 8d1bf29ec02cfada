"""A version of a report: shown once the reader has said why, and written down for the person to read."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from jiuzhu.channels.kit.access import actor_of, needs
from jiuzhu.channels.kit.notice_wording import programme_short
from jiuzhu.channels.kit.verification_documents import pdf_response, report_document
from jiuzhu.channels.kit.verification_wording import fact_lines, person_lines
from jiuzhu.channels.kit.wording import listed
from jiuzhu.channels.workbench.registry.views.page import path_of, today
from jiuzhu.channels.workbench.verification.forms import LookForm
from jiuzhu.core.actors import PermissionRefused
from jiuzhu.core.errors import NotFound, Refusal
from jiuzhu.rooms.catalogue.queries import public_packs
from jiuzhu.rooms.verification import actions, queries
from jiuzhu.rooms.verification.permissions import Permission


@needs(Permission.ITEM_VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, report_id: int) -> HttpResponse:
    """Ask why, write the look down, and show what the sources said."""
    actor, now, on = actor_of(request), timezone.now(), today()
    line = queries.report_line_of(actor=actor, at=now, report_id=report_id)
    form = LookForm(request.POST if request.method == "POST" else None)
    why = {"form": form, "back": reverse("workbench:verification:order", args=[line.order_id]), "line": line}
    if request.method != "POST" or not form.is_valid():
        status = 422 if request.method == "POST" else 200
        return render(request, "workbench/verification/why.html", why, status=status)
    try:
        view = actions.open_report(actor=actor, at=now, report_id=report_id, why=form.cleaned_data["why"])
    except (PermissionRefused, NotFound):
        raise
    except Refusal as refusal:
        form.add_error("why", refusal.message(get_language() or "zh-hans"))
        return render(request, "workbench/verification/why.html", why, status=422)
    packs = public_packs(on)
    programmes = listed(programme_short(packs, key, view.division, on) for key in view.programmes)
    if "pdf" in request.POST:
        with translation.override("zh-hans"):
            return pdf_response(report_document(request, view, programmes))
    context = {
        "view": view,
        "why": form.cleaned_data["why"],
        "place": path_of(view.division.value, on),
        "programmes": programmes,
        "facts": fact_lines(view),
        "people": person_lines(view),
        "expired": view.line.valid_to is not None and view.line.valid_to < on,
        "may_dispute": actor.may(Permission.ITEM_DISPUTE),
    }
    return render(request, "workbench/verification/report.html", context)
