"""The duty list: who answers for which clause of the founding document."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from jiuzhu.channels.kit.access import actor_of, needs
from jiuzhu.rooms.organization import queries
from jiuzhu.rooms.organization.permissions import Permission


@needs(Permission.DUTY_VIEW)
@require_GET
def clauses(request: HttpRequest) -> HttpResponse:
    """Duties by clause, or those of one bearer."""
    actor = actor_of(request)
    found = queries.duties_by_clause(actor=actor, at=timezone.localdate())
    bearers = {duty.bearer_code: (duty.bearer, duty.bearer_en) for clause in found for duty in clause.duties}
    bearer = request.GET.get("bearer", "")
    if bearer not in bearers:
        bearer = ""
    shown = [(clause, [duty for duty in clause.duties if not bearer or duty.bearer_code == bearer]) for clause in found]
    return render(
        request,
        "workbench/organization/duties.html",
        {
            "clauses": [(clause, duties) for clause, duties in shown if duties],
            "bearers": sorted(bearers.items()),
            "bearer": bearer,
            "may_see_groups": actor.may(Permission.GROUP_VIEW),
            "may_see_services": actor.may(Permission.SERVICE_VIEW),
            "may_see_workforce": actor.may(Permission.WORKFORCE_VIEW),
            "may_see_relatives": actor.may(Permission.RELATIVE_VIEW) or actor.may(Permission.RELATIVE_FILE),
        },
    )
