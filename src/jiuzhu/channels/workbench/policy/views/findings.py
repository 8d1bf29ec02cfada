"""Whom the last screening found in a programme: pages, and a workbook."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from jiuzhu.channels.kit.access import actor_of, needs
from jiuzhu.channels.workbench.policy.forms import FindingsForm
from jiuzhu.channels.workbench.policy.wording import amount, outcome_name, outcome_tag, programme_name, rhythm_name
from jiuzhu.channels.workbench.registry.views.page import path_of, today
from jiuzhu.channels.workbench.registry.views.search import workbook_response
from jiuzhu.core.actors import Actor, OutOfScope
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.core.errors import NotFound
from jiuzhu.rooms.catalogue.queries import public_packs
from jiuzhu.rooms.determination import queries
from jiuzhu.rooms.determination.permissions import Permission
from jiuzhu.rooms.registry import queries as registry

_USUAL_PAGE, _LARGEST_PAGE, _MOST_EXPORTED = 50, 200, 5_000


@needs(Permission.SCREENING_VIEW)
@require_GET
def findings(request: HttpRequest) -> HttpResponse:
    """Households and persons that came out in a programme, in the order of places."""
    actor, form, area = _asked(request)
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        given = form.cleaned_data
        page = _page(actor, form, area, after=given["after"])
        asked = {"programme": given["programme"], "division": given["division"]}
        context |= {
            "rows": _rows(actor, page.rows),
            "following": f"?{urlencode({**asked, 'after': page.next_after})}" if page.next_after else "",
            "export": f"?{urlencode(asked)}",
            "name": _named(given["programme"], area),
        }
    return render(request, "workbench/policy/findings.html", context, status=422 if form.errors else 200)


@needs(Permission.SCREENING_VIEW)
@require_GET
def findings_export(request: HttpRequest) -> HttpResponse:
    """The same as a workbook, up to a bound; a larger place is taken along part by part."""
    actor, form, area = _asked(request)
    if not form.is_valid():
        raise NotFound("findings.export", "请从列表中选择制度和区划", "Choose the programme and the place in the list.")
    found: list[dict[str, Any]] = []
    after = ""
    while len(found) < _MOST_EXPORTED:
        page = _page(actor, form, area, after=after, size=_LARGEST_PAGE)
        found += _rows(actor, page.rows)
        after = page.next_after
        if not after:
            break
    headings = (_("户编号"), _("对象"), _("所在村（居）"), _("结果"), _("支付"), _("金额（元）"))
    rows = [
        [str(one[key] or "") for key in ("number", "name", "place", "outcome", "rhythm", "amount")] for one in found
    ]
    if after:
        rows.append([_("只导出前%(n)s条，请选择更小的区划。") % {"n": len(found)}, *[""] * 5])
    name = _("筛查结果_%(programme)s.xlsx") % {"programme": _named(form.cleaned_data["programme"], area)}
    return workbook_response(name, headings, rows)


def _asked(request: HttpRequest) -> tuple[Actor, FindingsForm, DivisionCode]:
    """Who asks, what is asked, and the area of who asks."""
    actor, on = actor_of(request), today()
    area = actor.scope.division
    if area is None:
        raise OutOfScope
    packs = public_packs(on)
    choices = [(name, programme_name(packs, name, area, on)) for name in sorted(packs.programmes)]
    form = FindingsForm(request.GET or {"programme": choices[0][0]}, actor=actor, on=on, programmes=choices)
    return actor, form, area


def _named(programme: str, area: DivisionCode) -> str:
    on = today()
    return programme_name(public_packs(on), programme, area, on)


def _page(
    actor: Actor, form: FindingsForm, area: DivisionCode, *, after: str, size: int = _USUAL_PAGE
) -> queries.FindingPage:
    chosen = form.cleaned_data["division"]
    return queries.list_findings(
        actor=actor,
        at=timezone.now(),
        programme=form.cleaned_data["programme"],
        division=DivisionCode(chosen) if chosen else area,
        after=after,
        size=size,
    )


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
