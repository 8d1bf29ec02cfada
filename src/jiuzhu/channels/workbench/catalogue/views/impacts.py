"""What a version changes for the registered households: begin a run, watch it, read it, take it along."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from jiuzhu.channels.kit.access import actor_of, needs
from jiuzhu.channels.kit.policy_wording import said_label
from jiuzhu.channels.kit.wording import said
from jiuzhu.channels.workbench.catalogue.forms import MeasureForm
from jiuzhu.channels.workbench.catalogue.views.comparison import others
from jiuzhu.channels.workbench.catalogue.wording import stopped_text
from jiuzhu.channels.workbench.policy.wording import rhythm_name, unit_name
from jiuzhu.channels.workbench.registry.forms.fields import place_refusal
from jiuzhu.channels.workbench.registry.views.page import new_key, path_of, today
from jiuzhu.channels.workbench.registry.views.search import workbook_response
from jiuzhu.core.actors import Actor, OutOfScope, PermissionRefused
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.core.errors import NotFound, Refusal
from jiuzhu.core.money import Money
from jiuzhu.engine.packs.model import PackSet
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.groundwork.idempotency.views import idempotent
from jiuzhu.groundwork.tasks import progress
from jiuzhu.journeys import measure as journey
from jiuzhu.rooms.catalogue import queries
from jiuzhu.rooms.catalogue.permissions import Permission
from jiuzhu.rooms.organization import queries as organization
from jiuzhu.rooms.registry.permissions import Permission as Registry

_TAGS = {"running": "info", "finished": "success", "failed": "danger"}


@needs(Permission.PACK_VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
@idempotent
def impacts(request: HttpRequest, pack_id: int) -> HttpResponseBase:
    """The last runs for a version, and the beginning of another."""
    actor, at, on = actor_of(request), timezone.now(), today()
    one = queries.pack_version(actor=actor, at=at, pack_id=pack_id).version
    may_run = actor.may(Permission.PACK_CHECK) and actor.may(Registry.POPULATION_SCREEN) and bool(one.digest)
    form = MeasureForm(
        request.POST if request.method == "POST" else None, versions=others(actor, at, pack_id), actor=actor, on=on
    )
    status = 200
    if request.method == "POST":
        actor.require(Permission.PACK_CHECK)
        status = 422
        if form.is_valid():
            try:
                impact_id = _begun(request, actor, form, pack_id)
            except (PermissionRefused, NotFound):
                raise
            except Refusal as refusal:
                place_refusal(form, refusal)
            else:
                messages.success(request, _("已开始测算。可以离开本页，稍后再看。"))
                return redirect("workbench:catalogue:impact", impact_id)
    context = {
        "version": {"id": one.id, "title": one.title, "digest": one.digest},
        "form": form if may_run or status == 422 else None,
        "runs": [_line(run) for run in queries.impact_runs(actor=actor, at=at, pack_id=pack_id)],
        "key": request.POST.get("idempotency_key") or new_key(),
    }
    return render(request, "workbench/catalogue/impacts.html", context, status=status)


@needs(Permission.PACK_VIEW)
@require_GET
def impact(request: HttpRequest, impact_id: int) -> HttpResponse:
    """One run: how far it is, what changes in each programme and area, by what it can be repeated."""
    return _page(request, impact_id)


@needs(Permission.PACK_VIEW)
@require_GET
def impact_progress(request: HttpRequest, impact_id: int) -> HttpResponse:
    """The progress alone for a page that asks again and again; opened by itself it is the whole page."""
    if request.headers.get("HX-Request") != "true":
        return _page(request, impact_id)
    actor = actor_of(request)
    one = queries.impact_run(actor=actor, at=timezone.now(), impact_id=impact_id)
    context = {"run": _line(one), "bar": _bar(actor, one)}
    response = render(request, "workbench/catalogue/impact_progress.html", context)
    if _state(one) != "running":
        response.headers["HX-Refresh"] = "true"  # the result is another page
    return response


@needs(Permission.PACK_VIEW)
@require_GET
def impact_export(request: HttpRequest, impact_id: int) -> HttpResponse:
    """The lines of all areas as a workbook, sums to the fen."""
    actor = actor_of(request)
    one = queries.impact_run(actor=actor, at=timezone.now(), impact_id=impact_id)
    headings = (
        _("地区"),
        _("制度"),
        _("单位"),
        _("原符合"),
        _("现符合"),
        _("进入"),
        _("退出"),
        _("提高"),
        _("降低"),
        _("支付"),
        _("原金额（元）"),
        _("现金额（元）"),
        _("增减（元）"),
    )
    names, rows = _names(actor, one), []
    for area, lines in _areas(one):
        place = _place(area, one)
        for line in lines:
            counts = (*line.granted, line.enter, line.leave, line.more, line.less)
            head = [place, names.get(line.programme, line.programme), unit_name(line.unit), *map(str, counts)]
            sums = [(rhythm_name(rhythm), *paid) for rhythm, paid in line.paid.items() if rhythm_name(rhythm)]
            for rhythm, before, after in sums or [("", 0, 0)]:
                money = (before, after, after - before)
                rows.append([*head, rhythm, *(Money(fen).plain for fen in money)] if rhythm else [*head, *[""] * 4])
    return workbook_response(_("政策影响测算_%(id)s.xlsx") % {"id": one.id}, headings, rows)


def _begun(request: HttpRequest, actor: Actor, form: MeasureForm, pack_id: int) -> int:
    given = form.cleaned_data
    division = DivisionCode(given["division"]) if given["division"] else actor.scope.division
    if division is None:
        raise OutOfScope
    with transaction.atomic():
        return journey.measure(
            actor=actor,
            at=timezone.now(),
            division=division,
            on=given["on"],
            pack_id=pack_id,
            before_id=int(given["other"]) if given["other"] else None,
            request_id=getattr(request, "request_id", ""),
        )


def _page(request: HttpRequest, impact_id: int) -> HttpResponse:
    actor, at = actor_of(request), timezone.now()
    one = queries.impact_run(actor=actor, at=at, impact_id=impact_id)
    names = _names(actor, one)
    context = {
        "run": _line(one),
        "title": queries.pack_version(actor=actor, at=at, pack_id=one.after_id).version.title,
        "bar": _bar(actor, one),
        "totals": [_told(line, names) for line in _summed(one.lines)],
        "areas": [
            {"place": _place(area, one), "rows": [_told(line, names) for line in lines]} for area, lines in _areas(one)
        ],
        "money": _money(one.lines),
    }
    return render(request, "workbench/catalogue/impact.html", context)


def _state(one: queries.ImpactView) -> str:
    return "failed" if one.failed_because else "finished" if one.finished_at else "running"


def _line(one: queries.ImpactView) -> dict[str, Any]:
    state = _state(one)
    names = {"running": _("进行中"), "finished": _("已完成"), "failed": _("未完成")}
    return {
        "id": one.id,
        "after_id": one.after_id,
        "before_id": one.before_id,
        "before_name": _("第%(id)s号版本") % {"id": one.before_id} if one.before_id else _("当日施行的政策"),
        "place": path_of(one.division.value, today()),
        "on": one.assessed_on,
        "state": state,
        "state_name": names[state],
        "tag": _TAGS[state],
        "is_running": state == "running",
        "because": stopped_text(one.failed_because),
        "households": one.households,
        "persons": one.persons,
        "better": one.better,
        "worse": one.worse,
        "by_name": one.by_name,
        "started_at": one.started_at,
        "finished_at": one.finished_at,
        "after_digest": one.after_digest,
        "before_digest": one.before_digest,
        "snapshot_digest": one.snapshot_digest,
        "engine": one.engine,
        "code_version": one.code_version,
    }


def _bar(actor: Actor, one: queries.ImpactView) -> progress.ProgressView | None:
    """How far it is; another account's progress is not shown, only the state."""
    if _state(one) != "running":
        return None
    try:
        with acting(actor):
            return progress.progress_of(journey.key_of(one.id), actor=actor)
    except NotFound:
        return None


def _names(actor: Actor, one: queries.ImpactView) -> dict[str, str]:
    """The short names of the programmes of both sides; keys stay where a side can no longer be read."""
    found: dict[str, str] = {}
    for pack_id in (one.before_id, one.after_id):
        try:
            packs: PackSet = queries.compared_packs(actor=actor, at=timezone.now(), pack_id=pack_id, on=one.assessed_on)
        except Refusal:
            continue
        found |= {name: said_label(programme.versions[-1].short) for name, programme in packs.programmes.items()}
    return found


def _areas(one: queries.ImpactView) -> list[tuple[str, list[queries.ImpactLine]]]:
    found: dict[str, list[queries.ImpactLine]] = {}
    for line in one.lines:
        found.setdefault(line.area, []).append(line)
    return sorted(found.items())


def _place(area: str, one: queries.ImpactView) -> str:
    code = DivisionCode(area.ljust(12, "0")) if area else one.division
    path = organization.public_path(code, today())
    return said(path[-1].name, path[-1].name_en or path[-1].name) if path else code.value


def _summed(lines: Iterable[queries.ImpactLine]) -> list[queries.ImpactLine]:
    """All areas together, programme by programme."""
    found: dict[str, queries.ImpactLine] = {}
    for one in lines:
        held = found.get(one.programme)
        found[one.programme] = queries.ImpactLine("", *_parts(one)) if held is None else _added(held, one)
    return [found[name] for name in sorted(found)]


def _parts(one: queries.ImpactLine) -> tuple[Any, ...]:
    return (one.programme, one.unit, one.granted, one.enter, one.leave, one.more, one.less, one.paid)


def _added(one: queries.ImpactLine, other: queries.ImpactLine) -> queries.ImpactLine:
    paid = {
        rhythm: _both(one.paid.get(rhythm, (0, 0)), other.paid.get(rhythm, (0, 0)))
        for rhythm in {**one.paid, **other.paid}
    }
    return queries.ImpactLine(
        "",
        one.programme,
        one.unit,
        _both(one.granted, other.granted),
        one.enter + other.enter,
        one.leave + other.leave,
        one.more + other.more,
        one.less + other.less,
        paid,
    )


def _both(one: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    return one[0] + other[0], one[1] + other[1]


def _money(lines: Iterable[queries.ImpactLine]) -> list[dict[str, str]]:
    """What is sure to be paid before and after, by rhythm, to the fen."""
    found: dict[str, tuple[int, int]] = {}
    for one in lines:
        for rhythm, sums in one.paid.items():
            if rhythm_name(rhythm):
                found[rhythm] = _both(found.get(rhythm, (0, 0)), sums)
    return [_sums(rhythm, before, after) for rhythm, (before, after) in found.items()]


def _sums(rhythm: str, before: int, after: int) -> dict[str, str]:
    difference = Money(after - before).plain
    return {
        "rhythm": rhythm_name(rhythm),
        "before": Money(before).plain,
        "after": Money(after).plain,
        "difference": f"+{difference}" if after > before else difference,
    }


def _told(line: queries.ImpactLine, names: dict[str, str]) -> dict[str, Any]:
    return {
        "name": names.get(line.programme, line.programme),
        "unit": unit_name(line.unit),
        "before": line.granted[0],
        "after": line.granted[1],
        "enter": line.enter,
        "leave": line.leave,
        "more": line.more,
        "less": line.less,
        "paid": [_sums(rhythm, *sums) for rhythm, sums in line.paid.items() if rhythm_name(rhythm)],
    }
