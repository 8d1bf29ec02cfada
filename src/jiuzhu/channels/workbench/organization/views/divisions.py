"""Looking at divisions: the tree one level a page, search, one division over time."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from jiuzhu.channels.kit.access import actor_of, needs
from jiuzhu.channels.workbench.organization.placing import area_of, path_to
from jiuzhu.core.actors import Actor
from jiuzhu.core.divisions import DivisionCode, DivisionLevel
from jiuzhu.core.errors import NotFound
from jiuzhu.rooms.organization import queries
from jiuzhu.rooms.organization.permissions import Permission
from jiuzhu.rooms.organization.queries import DivisionView, WorkforceRow

_SHOWN_OFFICES = 12
_FOUND = 50


@dataclass(frozen=True, slots=True)
class _Page:
    """A division in force or of the past. `division` is the version in force, else the last one."""

    division: DivisionView
    path: tuple[DivisionView, ...]
    children: tuple[DivisionView, ...]
    versions: tuple[DivisionView, ...]
    successor: DivisionView | None
    figures: WorkforceRow | None
    in_force: bool


@needs(Permission.DIVISION_VIEW)
@require_GET
def top(request: HttpRequest) -> HttpResponse:
    """The top of the actor's area."""
    actor = actor_of(request)
    node = queries.division_tree(actor=actor, at=timezone.localdate())
    return _draw(request, actor, node.division.code)


@needs(Permission.DIVISION_VIEW)
@require_GET
def division(request: HttpRequest, code: DivisionCode) -> HttpResponse:
    """One division with what lies directly below it, its offices, its versions."""
    return _draw(request, actor_of(request), code)


@needs(Permission.DIVISION_VIEW)
@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """Divisions of the actor's area by name, initials or code."""
    text = request.GET.get("q", "").strip()[:64]
    area = area_of(actor_of(request))
    found = queries.public_search_divisions(text, timezone.localdate(), within=area, limit=_FOUND)
    return render(
        request,
        "workbench/organization/division_search.html",
        {"text": text, "found": found, "more": len(found) == _FOUND, "limit": _FOUND},
    )


def _draw(request: HttpRequest, actor: Actor, code: DivisionCode) -> HttpResponse:
    today = timezone.localdate()
    page = _read(actor, code)
    offices = None
    if actor.may(Permission.OFFICE_VIEW):
        offices = queries.offices_by_division(actor=actor, division=code, at=today, limit=_SHOWN_OFFICES)
    administered = None
    if page.in_force:
        administered = queries.public_administering_office(code, today)
    return render(
        request,
        "workbench/organization/division.html",
        {
            "page": page,
            "offices": offices,
            "administered": administered,
            "may_change": page.in_force and actor.may(Permission.DIVISION_CHANGE),
            "may_add_zone": page.in_force
            and actor.may(Permission.ZONE_ADD)
            and page.division.level is DivisionLevel.CITY,
            "may_administer": page.in_force and actor.may(Permission.ZONE_ADD),
            "may_count": page.in_force and actor.may(Permission.FIGURES_RECORD),
            "may_open_office": page.in_force and actor.may(Permission.OFFICE_CHANGE),
            "has_parent": page.division.level > DivisionLevel.CITY,
            "may_hold_more": page.division.level < DivisionLevel.VILLAGE,
        },
    )


def _read(actor: Actor, code: DivisionCode) -> _Page:
    today = timezone.localdate()
    actor.require_scope(code)
    versions = queries.public_versions(code)
    try:
        node = queries.division_tree(actor=actor, at=today, code=code)
    except NotFound:
        if not versions:
            raise
        after = queries.public_successor(code, today)
        path = path_to(actor, code.parent) if code.parent and actor.covers(code.parent) else ()
        successor = queries.public_divisions([after], today).get(after) if after else None
        return _Page(versions[-1], path, (), versions, successor, None, in_force=False)
    return _Page(node.division, node.path, node.children, versions, None, _figures(actor, code), in_force=True)


def _figures(actor: Actor, code: DivisionCode) -> WorkforceRow | None:
    parent = code.parent
    if parent is None or not actor.covers(parent) or not actor.may(Permission.WORKFORCE_VIEW):
        return None
    rows = queries.workforce_gaps(actor=actor, division=parent, at=timezone.localdate())
    return next((row for row in rows if row.division.code == code), None)
