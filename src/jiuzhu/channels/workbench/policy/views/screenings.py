"""Screenings of the registered households: begin one, watch it, read its totals, take them along."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from jiuzhu.channels.kit.access import actor_of, needs
from jiuzhu.channels.workbench.policy.forms import ScreeningForm
from jiuzhu.channels.workbench.policy.wording import amount, because_text, programme_name, rhythm_name, unit_name
from jiuzhu.channels.workbench.registry.views.page import new_key, path_of, today
from jiuzhu.channels.workbench.registry.views.search import workbook_response
from jiuzhu.core.actors import Actor, OutOfScope
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.core.errors import NotFound
from jiuzhu.core.money import Money
from jiuzhu.engine.packs.model import PackSet
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.groundwork.idempotency.views import idempotent
from jiuzhu.groundwork.tasks import progress
from jiuzhu.journeys import screen as journey
from jiuzhu.rooms.catalogue.queries import public_packs
from jiuzhu.rooms.determination import queries
from jiuzhu.rooms.determination.permissions import Permission

_STATES = {"running": "info", "finished": "success", "failed": "danger"}


@needs(Permission.SCREENING_VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
@idempotent
def screenings(request: HttpRequest) -> HttpResponseBase:
    """The last screenings of the area, and the beginning of another."""
    actor, on = actor_of(request), today()
    may_run = actor.may(Permission.SCREENING_RUN)
    form = ScreeningForm(request.POST or None, actor=actor, on=on)
    status = 200
    if request.method == "POST":
        actor.require(Permission.SCREENING_RUN)
        status = 422
        if form.is_valid():
            run_id = journey.screen(
                actor=actor,
                at=timezone.now(),
                division=_division(actor, form.cleaned_data["division"]),
                on=form.cleaned_data["on"],
                request_id=getattr(request, "request_id", ""),
            )
            messages.success(request, _("已开始筛查。可以离开本页，稍后再看。"))
            return redirect("workbench:policy:screening", run_id)
    found = queries.screenings(actor=actor, at=timezone.now())
    context = {
        "form": form if may_run else None,
        "runs": [_line(one, on) for one in found],
        "key": request.POST.get("idempotency_key") or new_key(),
    }
    return render(request, "workbench/policy/screenings.html", context, status=status)


@needs(Permission.SCREENING_VIEW)
@require_GET
def screening(request: HttpRequest, run_id: int) -> HttpResponse:
    """One screening: how far it is, what came out in each programme, and by what it can be repeated."""
    return _page(request, run_id)


@needs(Permission.SCREENING_VIEW)
@require_GET
def screening_progress(request: HttpRequest, run_id: int) -> HttpResponse:
    """The progress alone for a page that asks again and again; opened by itself it is the whole page."""
    if request.headers.get("HX-Request") != "true":
        return _page(request, run_id)
    actor = actor_of(request)
    one = queries.screening(actor=actor, at=timezone.now(), run_id=run_id)
    context = {"run": _line(one, today()), "bar": _bar(actor, one)}
    response = render(request, "workbench/policy/screening_progress.html", context)
    if _state(one) != "running":
        response.headers["HX-Refresh"] = "true"  # the result is another page
    return response


@needs(Permission.SCREENING_VIEW)
@require_GET
def screening_export(request: HttpRequest, run_id: int) -> HttpResponse:
    """The totals as a workbook."""
    one = queries.screening(actor=actor_of(request), at=timezone.now(), run_id=run_id)
    headings = (
        _("制度"),
        _("单位"),
        _("符合"),
        _("尚不能确定"),
        _("由经办人员决定"),
        _("待选择或待其他制度确定"),
        _("转介"),
        _("已有其他待遇"),
        _("支付"),
        _("确定金额（元）"),
        _("最多金额（元）"),
    )
    rows, packs = [], public_packs(one.assessed_on)
    for total in one.totals:
        counts = (total.yes, total.unknown, total.disc, total.open, total.refer, total.beside)
        head = [programme_name(packs, total.programme, one.division, one.assessed_on), unit_name(total.unit)]
        for rhythm, (low, high) in list(total.paid.items()) or [("", (0, 0))]:
            sums = [rhythm_name(rhythm), Money(low).plain, Money(high).plain] if rhythm_name(rhythm) else ["", "", ""]
            rows.append([*head, *map(str, counts), *sums])
    name = _("政策筛查_%(run)s_%(day)s.xlsx") % {"run": one.id, "day": one.assessed_on.isoformat()}
    return workbook_response(name, headings, rows)


def _page(request: HttpRequest, run_id: int) -> HttpResponse:
    actor = actor_of(request)
    one = queries.screening(actor=actor, at=timezone.now(), run_id=run_id)
    packs = public_packs(one.assessed_on)
    context = {
        "run": _line(one, today()),
        "totals": [_total(packs, total, one) for total in one.totals],
        "bar": _bar(actor, one),
    }
    return render(request, "workbench/policy/screening.html", context)


def _division(actor: Actor, chosen: str) -> DivisionCode:
    division = DivisionCode(chosen) if chosen else actor.scope.division
    if division is None:
        raise OutOfScope
    return division


def _state(one: queries.ScreeningView) -> str:
    return "failed" if one.failed_because else "finished" if one.finished_at else "running"


def _line(one: queries.ScreeningView, on: date) -> dict[str, Any]:
    state = _state(one)
    names = {"running": _("进行中"), "finished": _("已完成"), "failed": _("未完成")}
    return {
        "id": one.id,
        "place": path_of(one.division.value, on),
        "on": one.assessed_on,
        "state": state,
        "state_name": names[state],
        "tag": _STATES[state],
        "is_running": state == "running",
        "because": because_text(one.failed_because),
        "households": one.households,
        "persons": one.persons,
        "changed": one.changed,
        "started_at": one.started_at,
        "finished_at": one.finished_at,
        "by_name": one.by_name,
        "division": one.division.value,
        "pack_digest": one.pack_digest,
        "snapshot_digest": one.snapshot_digest,
        "engine": one.engine,
        "code_version": one.code_version,
    }


def _total(packs: PackSet, total: queries.ProgrammeTotal, one: queries.ScreeningView) -> dict[str, Any]:
    return {
        "programme": total.programme,
        "name": programme_name(packs, total.programme, one.division, one.assessed_on),
        "unit": unit_name(total.unit),
        "yes": total.yes,
        "unknown": total.unknown,
        "decide": total.disc + total.open,
        "refer": total.refer,
        "beside": total.beside,
        "is_found": total.yes + total.disc + total.open + total.refer > 0,
        "paid": [
            {"rhythm": rhythm_name(rhythm), "amount": amount(low, low)}
            for rhythm, (low, _high) in total.paid.items()
            if rhythm_name(rhythm) and low
        ],
    }


def _bar(actor: Actor, one: queries.ScreeningView) -> progress.ProgressView | None:
    """How far it is; another account's progress is not shown, only the state."""
    if _state(one) != "running":
        return None
    try:
        with acting(actor):
            return progress.progress_of(journey.key_of(one.id), actor=actor)
    except NotFound:
        return None
