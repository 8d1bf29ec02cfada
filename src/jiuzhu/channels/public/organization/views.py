"""Where to apply for assistance, and the duty list; open to everyone, without personal data."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from jiuzhu.channels.kit.access import everyone
from jiuzhu.core.actors import system_actor
from jiuzhu.core.divisions import DivisionCode, DivisionLevel
from jiuzhu.core.errors import InvalidValue, NotFound
from jiuzhu.rooms.organization import queries
from jiuzhu.rooms.organization.permissions import Permission

_FOUND = 20
# a visitor has no area of their own: the tree starts at the city
_VISITOR = system_actor("公开查询", permissions=[Permission.DIVISION_VIEW])


@everyone
@require_safe
def places(request: HttpRequest) -> HttpResponse:
    """Choose county, township and village, or search; then the places to go to, the nearest first."""
    today = timezone.localdate()
    text = request.GET.get("q", "").strip()[:64]
    context: dict[str, object] = {"text": text}
    try:
        node = queries.division_tree(actor=_VISITOR, at=today, code=_wanted(request))
    except NotFound:
        if request.GET.get("division"):
            raise
        return render(request, "public/organization/places.html", {**context, "empty": True})
    if text:
        context["found"] = queries.public_search_divisions(text, today, within=node.path[0].code, limit=_FOUND)
        context["limit"] = _FOUND
    chosen = node.division.level >= DivisionLevel.TOWNSHIP or len(node.path) > 1
    context |= {
        "node": node,
        "path": node.path,
        "chosen": chosen,
        "places": queries.public_service_places(node.division.code, today) if chosen else (),
    }
    return render(request, "public/organization/places.html", context)


@everyone
@require_safe
def duties(request: HttpRequest) -> HttpResponse:
    """Who answers for which clause."""
    clauses = queries.public_duties_by_clause(timezone.localdate())
    return render(request, "public/organization/duties.html", {"clauses": clauses})


def _wanted(request: HttpRequest) -> DivisionCode | None:
    text = request.GET.get("division", "").strip()
    if not text:
        return None
    try:
        return DivisionCode.parse(text)
    except InvalidValue as wrong:
        raise NotFound(wrong.code, wrong.message_zh, wrong.message_en) from wrong
