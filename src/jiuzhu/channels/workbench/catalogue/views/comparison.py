"""What a version changes, in words: programme by programme, each change with its places, days and basis."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from jiuzhu.channels.kit.access import actor_of, needs
from jiuzhu.channels.kit.policy_wording import change_value, change_word, cited, said_label, subject_word
from jiuzhu.channels.kit.wording import listed, said
from jiuzhu.channels.workbench.catalogue.forms import Choice, CompareForm
from jiuzhu.channels.workbench.registry.views.page import today
from jiuzhu.channels.workbench.registry.views.search import workbook_response
from jiuzhu.core.actors import Actor
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.core.errors import RuleRefused
from jiuzhu.engine.packs.differences import Change, Subject, differences
from jiuzhu.engine.packs.fields import SINCE_EVER
from jiuzhu.engine.packs.model import PackSet
from jiuzhu.rooms.catalogue import queries
from jiuzhu.rooms.catalogue.permissions import Permission
from jiuzhu.rooms.organization import queries as organization

MOST_SHOWN = 300
_MOST_CHOSEN = 100


@needs(Permission.PACK_VIEW)
@require_GET
def compare(request: HttpRequest, pack_id: int) -> HttpResponse:
    """The changes, grouped by programme; a long list is cut and taken along whole as a workbook."""
    actor, at, on = actor_of(request), timezone.now(), today()
    one = queries.pack_version(actor=actor, at=at, pack_id=pack_id).version
    form = CompareForm(request.GET or None, versions=others(actor, at, pack_id))
    other = form.cleaned_data["other"] if form.is_valid() else ""
    context: dict[str, Any] = {"form": form, "version": {"id": one.id, "title": one.title}, "refused": ""}
    try:
        rows = [] if form.errors else _rows(actor, at, pack_id, int(other) if other else None, on)
    except RuleRefused as refusal:
        rows = []
        context["refused"] = said(refusal.message_zh, refusal.message_en)
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in rows[:MOST_SHOWN]:
        groups.setdefault(row["programme"], []).append(row)
    context |= {
        "groups": groups.items(),
        "count": len(rows),
        "cut": len(rows) > MOST_SHOWN,
        "most": MOST_SHOWN,
        "query": f"?{urlencode({'other': other})}" if other else "",
    }
    return render(request, "workbench/catalogue/compare.html", context, status=422 if form.errors else 200)


@needs(Permission.PACK_VIEW)
@require_GET
def compare_export(request: HttpRequest, pack_id: int) -> HttpResponse:
    """All changes as a workbook."""
    actor, at, on = actor_of(request), timezone.now(), today()
    form = CompareForm(request.GET or None, versions=others(actor, at, pack_id))
    other = form.cleaned_data["other"] if form.is_valid() else ""
    rows = _rows(actor, at, pack_id, int(other) if other else None, on)
    headings = (
        _("制度"),
        _("变动"),
        _("名称"),
        _("参数或规则"),
        _("地区"),
        _("起"),
        _("止"),
        _("原来"),
        _("现在"),
        _("依据"),
    )
    keys = ("programme", "what", "label", "name", "where", "since", "until", "before", "after", "basis")
    lines = [[str(row[key] or "") for key in keys] for row in rows]
    return workbook_response(_("政策包变动_%(id)s.xlsx") % {"id": pack_id}, headings, lines)


def others(actor: Actor, at: datetime, pack_id: int) -> list[Choice]:
    """The versions that can be read, the newest first, to compare with."""
    page = queries.pack_versions(actor=actor, at=at, size=_MOST_CHOSEN)
    return [(str(one.id), f"{one.id} · {one.title}") for one in page.rows if one.digest and one.id != pack_id]


def _rows(actor: Actor, at: datetime, pack_id: int, other: int | None, on: date) -> list[dict[str, Any]]:
    before = queries.compared_packs(actor=actor, at=at, pack_id=other, on=on)
    after = queries.compared_packs(actor=actor, at=at, pack_id=pack_id, on=on)
    found = differences(before, after)
    codes = {one.prefix: DivisionCode(one.prefix.ljust(12, "0")) for one in found if one.prefix}
    names = organization.public_divisions(tuple(codes.values()), on)
    places = {
        prefix: said(names[code].name, names[code].name_en or names[code].name) if code in names else code.value
        for prefix, code in codes.items()
    }
    rows = [_row(one, before, after, places) for one in found]
    return sorted(rows, key=lambda row: (row["order"], row["programme"]))


def _row(one: Change, before: PackSet, after: PackSet, places: dict[str, str]) -> dict[str, Any]:
    programme = one.programme or _folder(one, after) or _folder(one, before)
    packs = after if programme in after.programmes else before
    name = said_label(packs.programmes[programme].versions[-1].short) if programme in packs.programmes else _("共用")
    period = one.period
    return {
        "order": programme or "~",
        "programme": name,
        "what": change_word(one),
        "subject": subject_word(one.subject),
        "sort": str(one.sort),
        "label": said_label(one.label),
        "name": one.name,
        "is_formula": one.subject is Subject.FORMULA,
        "before": change_value(one, before, one.before),
        "after": change_value(one, after, one.after),
        "where": places.get(one.prefix, ""),
        "since": period.start.isoformat() if period is not None and period.start > SINCE_EVER else "",
        "until": period.end.isoformat() if period is not None and period.end is not None else "",
        "demo": one.demo,
        "basis": listed(cited(citation) for citation in one.basis),
    }


def _folder(one: Change, packs: PackSet) -> str:
    """The programme whose folder brings a parameter or a fact."""
    parameter = packs.parameters.get(one.name)
    if one.subject is not Subject.PARAMETER or parameter is None:
        return ""
    return next((part for part in parameter.place.file.split("/") if part in packs.programmes), "")
