"""Standards of assistance: the board of what is in force, the list of proposals, one of them; tables to take along."""

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from jiuzhu.channels.kit.access import actor_of, needs
from jiuzhu.channels.kit.policy_wording import cited, said_label
from jiuzhu.channels.kit.wording import bracketed, listed, said
from jiuzhu.channels.workbench.catalogue.standard_forms import BoardForm, Choice, ProposalsForm
from jiuzhu.channels.workbench.catalogue.wording import buttons, history, state_name, state_tag
from jiuzhu.channels.workbench.registry.views.page import path_of, today
from jiuzhu.channels.workbench.registry.views.search import workbook_response
from jiuzhu.core.actors import Actor
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.core.errors import InvalidValue
from jiuzhu.rooms.catalogue import queries
from jiuzhu.rooms.catalogue.permissions import Permission
from jiuzhu.rooms.catalogue.states import STANDARDS, StandardState
from jiuzhu.rooms.organization import queries as organization

_PAGE = 30
_FIRST, _FURTHEST = date(2000, 1, 1), timedelta(days=366 * 3)


@needs(Permission.STANDARD_VIEW)
@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """What is in force on a day, figure by figure and county by county, with the floors."""
    actor, on = actor_of(request), today()
    form, day, text = _asked(request, on)
    places = city_and_counties(on)
    rows = queries.public_board(divisions=[code for code, _name in places], on=day, text=text)
    context = {
        "form": form,
        "day": day,
        "places": [name for _code, name in places],
        "rows": [_row(one, places) for one in rows],
        "query": f"?{urlencode({'q': text, 'on': day.isoformat()})}",
        "may_propose": actor.may(Permission.STANDARD_PROPOSE),
    }
    return render(request, "workbench/catalogue/board.html", context, status=422 if form.errors else 200)


@needs(Permission.STANDARD_VIEW)
@require_GET
def board_export(request: HttpRequest) -> HttpResponse:
    """The board as a workbook: a line for each figure and place."""
    on = today()
    _form, day, text = _asked(request, on)
    places = city_and_counties(on)
    headings = (
        _("制度"),
        _("标准"),
        _("参数"),
        _("地区"),
        _("数值"),
        _("来源"),
        _("执行日期"),
        _("终止日期"),
        _("依据"),
        _("最低标准"),
    )
    lines = []
    for one in queries.public_board(divisions=[code for code, _name in places], on=day, text=text):
        row = _row(one, places)
        lines += [
            [
                row["programme"],
                row["label"],
                row["name"],
                cell["place"],
                cell["value"] or _("没有查到"),
                cell["source"],
                cell["since"].isoformat() if cell["since"] else "",
                cell["until"].isoformat() if cell["until"] else "",
                cell["basis"],
                listed(cell["floors"]),
            ]
            for cell in row["cells"]
        ]
    return workbook_response(_("救助标准_%(day)s.xlsx") % {"day": day.isoformat()}, headings, lines)


@needs(Permission.STANDARD_VIEW)
@require_GET
def proposals(request: HttpRequest) -> HttpResponse:
    """Standards from proposal to replacement, the newest first."""
    actor, on = actor_of(request), today()
    form = ProposalsForm(request.GET or None)
    given: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
    page = queries.standards(
        actor=actor,
        at=timezone.now(),
        state=StandardState(given["state"]) if given.get("state") else None,
        after=given.get("after"),
        size=_PAGE,
    )
    asked = {"state": given["state"]} if given.get("state") else {}
    context = {
        "form": form,
        "rows": _lines(page.rows, on),
        "following": f"?{urlencode({**asked, 'after': page.next_after})}" if page.next_after else "",
        "is_narrowed": bool(asked or given.get("after")),
        "may_propose": actor.may(Permission.STANDARD_PROPOSE),
    }
    return render(request, "workbench/catalogue/proposals.html", context, status=422 if form.errors else 200)


@needs(Permission.STANDARD_VIEW)
@require_GET
def standard(request: HttpRequest, standard_id: int) -> HttpResponse:
    """One standard: the figure, its reasons, the floors, its document, the steps it took and can take."""
    actor, at, on = actor_of(request), timezone.now(), today()
    one = queries.standard(actor=actor, at=at, standard_id=standard_id)
    context = {
        "standard": _lines((one,), on)[0],
        "place": path_of(one.division.value, on),
        "reasoning": one.reasoning,
        "consulted": _consulted(one),
        "floors": floors_told(_floors(one)),
        "is_below": any(floor.is_met is False for floor in _floors(one)),
        "document_title": one.document_title,
        "drop_reason": one.drop_reason,
        "replaced_by_id": one.replaced_by_id,
        "buttons": buttons(STANDARDS, one.state, actor, one.division),
        "is_own_proposal": one.proposed_by_account == actor.account_id
        and one.state in (StandardState.PROPOSED, StandardState.CONSULTED),
        "steps": history(STANDARDS, queries.standard_steps(actor=actor, at=at, standard_id=standard_id)),
    }
    return render(request, "workbench/catalogue/standard.html", context)


def city_and_counties(on: date) -> list[tuple[DivisionCode, str]]:
    """The city of the packs and its counties, with their names."""
    city = DivisionCode(queries.public_packs(on).layers[-1].prefix[:4].ljust(12, "0"))
    found = [(city, _city_name(city, on))]
    return found + [
        (one.code, said(one.name, one.name_en or one.name)) for one in organization.public_children(city, on)
    ]


def places_of(actor: Actor, on: date) -> list[Choice]:
    """The city and counties for which the actor may propose."""
    return [(code.value, name) for code, name in city_and_counties(on) if actor.covers(code)]


def floors_told(floors: tuple[queries.Floor, ...]) -> list[str]:
    """Floors in words, each with whether it is met."""
    return [_floor(one) for one in floors]


def name_of(one: queries.StandardView, on: date) -> str:
    """What a standard is called; the name of the parameter when the packs no longer have it."""
    found = queries.public_packs(on).parameters.get(one.parameter)
    return one.parameter if found is None else said_label(found.label)


def _city_name(city: DivisionCode, on: date) -> str:
    path = organization.public_path(city, on)
    return said(path[-1].name, path[-1].name_en or path[-1].name) if path else city.value


def _asked(request: HttpRequest, on: date) -> tuple[BoardForm, date, str]:
    form = BoardForm(request.GET or None, on=on)
    given: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
    day = given.get("on") or on
    if not _FIRST <= day <= on + _FURTHEST:
        raise InvalidValue(
            "catalogue.day", "请选择2000年以后、今后三年以内的日期", "Choose a day after 2000 and within three years."
        )
    return form, day, given.get("q", "").strip()


def _row(one: queries.BoardRow, places: list[tuple[DivisionCode, str]]) -> dict[str, Any]:
    return {
        "name": one.name,
        "label": said_label(one.label),
        "programme": _("共用") if one.programme_label is None else said_label(one.programme_label),
        "cells": [_cell(cell, name) for cell, (_code, name) in zip(one.cells, places, strict=True)],
    }


def _cell(cell: queries.BoardCell, place: str) -> dict[str, Any]:
    return {
        "place": place,
        "value": "" if cell.value is None else said_label(cell.value),
        "is_own": cell.is_own,
        "demo": cell.demo,
        "standard_id": cell.standard_id,
        "source": _source(cell),
        "since": cell.since,
        "until": cell.until,
        "basis": listed(cited(one) for one in cell.basis),
        "floors": [_floor(one) for one in cell.floors],
        "is_below": cell.is_below_a_floor,
    }


def _source(cell: queries.BoardCell) -> str:
    if cell.value is None:
        return ""
    if cell.demo:
        return _("演示")
    if cell.standard_id is not None:
        return _("公布的标准")
    return _("政策包") if cell.is_own else _("沿用上级")


def _floor(one: queries.Floor) -> str:
    label = said_label(one.label)
    if one.least is None:
        return bracketed(label, _("最低标准尚不知道"))
    if one.is_met:
        return bracketed(label, _("不低于%(least)s，符合") % {"least": said_label(one.least)})
    return bracketed(label, _("不低于%(least)s，低于最低标准") % {"least": said_label(one.least)})


def _floors(one: queries.StandardView) -> tuple[queries.Floor, ...]:
    """Those held against at the approval; before it those of today's packs."""
    if one.floors is not None:
        return one.floors
    return queries.public_floors(parameter=one.parameter, value=one.value, division=one.division, on=one.period.start)


def _consulted(one: queries.StandardView) -> dict[str, Any] | None:
    if one.consulted_at is None:
        return None
    return {
        "whom": one.consulted_whom,
        "result": one.consulted_result,
        "by": one.consulted_by_name,
        "at": one.consulted_at,
    }


def _lines(found: tuple[queries.StandardView, ...], on: date) -> list[dict[str, Any]]:
    parameters = queries.public_packs(on).parameters
    names = {code: path_of(code, on).rpartition(" / ")[2] for code in {one.division.value for one in found}}
    rows = []
    for one in found:
        figure = parameters.get(one.parameter)
        rows.append(
            {
                "id": one.id,
                "parameter": one.parameter,
                "label": one.parameter if figure is None else said_label(figure.label),
                "value": f"{one.value / 10**one.places:,.{one.places}f}"
                if figure is None
                else said_label(queries.in_words(figure, one.value)),
                "place": names[one.division.value] or one.division.value,
                "state": one.state.value,
                "state_name": state_name(STANDARDS, one.state),
                "tag": state_tag(one.state),
                "since": one.period.start,
                "until": one.period.end,
                "document_number": one.document_number,
                "proposed_by": one.proposed_by_name,
                "proposed_at": one.proposed_at,
                "approved_by": one.approved_by_name,
                "approved_at": one.approved_at,
                "published_by": one.published_by_name,
                "published_at": one.published_at,
            }
        )
    return rows
