"""Whom the last screening found in a programme: pages, and a workbook."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from jiuzhu.channels.kit.access import actor_of, needs
from jiuzhu.channels.workbench.policy.forms import FindingsForm
from jiuzhu.channels.workbench.policy.wording import amount, outcome_name, outcome_tag, programme_name, rhythm_name
from jiuzhu.channels.workbench.registry.views.page import path_of, today
from jiuzhu.core.actors import Actor, OutOfScope
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.rooms.catalogue.queries import public_packs
from jiuzhu.rooms.determination import queries
from jiuzhu.rooms.determination.permissions import Permission
from jiuzhu.rooms.registry import queries as registry


@needs(Permission.SCREENING_VIEW)
@require_GET
def findings(request: HttpRequest) -> HttpResponse:
    """Households and persons that came out in a programme, in the order of places."""
    actor, on = actor_of(request), today()
    area = actor.scope.division
    if area is None:
        raise OutOfScope
    choices = [(name, programme_name(name, area, on)) for name in sorted(public_packs().programmes)]
    form = FindingsForm(request.GET or {"programme": choices[0][0]}, actor=actor, on=on, programmes=choices)
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        given = form.cleaned_data
        division = DivisionCode(given["division"]) if given["division"] else area
        page = queries.list_findings(
            actor=actor, at=timezone.now(), programme=given["programme"], division=division, after=given["after"]
        )
        asked = {"programme": given["programme"], "division": given["division"], "after": page.next_after}
        context |= {
            "rows": _rows(actor, page.rows),
            "following": f"?{urlencode(asked)}" if page.next_after else "",
            "name": programme_name(given["programme"], area, on),
        }
    return render(request, "workbench/policy/findings.html", context, status=422 if form.errors else 200)


def _rows(actor: Actor, found: tuple[queries.FindingView, ...]) -> list[dict[str, Any]]:
    on = today()
    names = registry.names(
        actor=actor,
        on=on,
        household_ids={one.household_id for one in found},
        person_ids={one.person_id for one in found if one.person_id is not None},
    )
    places = {code: path_of(code, on) for code in {one.division.value for one in found}}
    rows = []
    for one in found:
        household = names.households.get(one.household_id)
        rows.append(
            {
                "household_id": one.household_id,
                "person_id": one.person_id,
                "number": household.number if household else "—",
                "name": names.persons.get(one.person_id, "") if one.person_id else household and household.head_name,
                "is_person": one.person_id is not None,
                "place": places[one.division.value],
                "outcome": outcome_name(one.outcome_low, one.outcome_high),
                "tag": outcome_tag(one.outcome_low, one.outcome_high),
                "rhythm": rhythm_name(one.paid),
                "amount": amount(one.amount_low_fen, one.amount_high_fen) if rhythm_name(one.paid) else "",
                "run_id": one.run_id,
            }
        )
    return rows
