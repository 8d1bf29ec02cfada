"""The orders of an area, and one of them: what is asked, what waits, what is unknown; never what sources said."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from jiuzhu.channels.kit.access import actor_of, needs
from jiuzhu.channels.kit.notice_wording import programme_short
from jiuzhu.channels.kit.verification_wording import (
    DISPUTE_TAGS,
    ITEM_TAGS,
    ORDER_TAGS,
    dispute_state_name,
    item_name,
    item_state_name,
    occasion_name,
    order_state_name,
    source_name,
)
from jiuzhu.channels.kit.wording import listed, said
from jiuzhu.channels.workbench.registry.views.page import path_of, today
from jiuzhu.channels.workbench.registry.views.search import workbook_response
from jiuzhu.core.actors import Actor
from jiuzhu.groundwork.transitions.queries import timeline
from jiuzhu.rooms.catalogue.queries import public_packs
from jiuzhu.rooms.registry import queries as registry
from jiuzhu.rooms.verification import queries
from jiuzhu.rooms.verification.permissions import Permission
from jiuzhu.rooms.verification.states import ITEMS, ORDERS, ItemState, OrderState, SignatureState

_MOST_EXPORTED = 5_000
_EXPORT_PAGE = 200


@needs(Permission.ORDER_VIEW)
@require_GET
def orders(request: HttpRequest) -> HttpResponse:
    """The orders of the area, the newest first."""
    actor = actor_of(request)
    page = queries.orders(actor=actor, at=timezone.now(), after=_after(request), **_wanted(request))
    following = ""
    if page.next_after is not None:
        parameters = request.GET.copy()
        parameters["after"] = str(page.next_after)
        following = f"?{parameters.urlencode()}"
    context = {
        "rows": _rows(actor, page.rows),
        "states": [(one.value, order_state_name(one)) for one in OrderState],
        "state": request.GET.get("state", ""),
        "number": request.GET.get("number", ""),
        "overdue": request.GET.get("overdue", ""),
        "following": following,
        "query": request.GET.urlencode(),
    }
    return render(request, "workbench/verification/orders.html", context)


@needs(Permission.ORDER_VIEW)
@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """The same as a workbook, up to a bound."""
    actor = actor_of(request)
    found: list[queries.OrderView] = []
    after = None
    while True:
        page = queries.orders(actor=actor, at=timezone.now(), after=after, size=_EXPORT_PAGE, **_wanted(request))
        found += page.rows
        after = page.next_after
        if after is None or len(found) >= _MOST_EXPORTED:
            break
    headings = (
        _("编号"),
        _("户主"),
        _("所在地"),
        _("救助制度"),
        _("事由"),
        _("状态"),
        _("委托日期"),
        _("报告期限"),
        _("事项"),
        _("等待"),
        _("未知"),
        _("异议"),
    )
    rows = [
        [
            one["order"].number,
            one["head"],
            one["place"],
            one["programmes"],
            one["occasion"],
            one["state"],
            one["order"].requested_at.date().isoformat(),
            "" if one["order"].due_on is None else one["order"].due_on.isoformat(),
            str(one["order"].total),
            str(one["order"].waiting),
            str(one["order"].unknown),
            str(one["order"].disputed),
        ]
        for one in _rows(actor, tuple(found))
    ]
    return workbook_response(_("核对委托_%(day)s.xlsx") % {"day": today().isoformat()}, headings, rows)


@needs(Permission.ORDER_VIEW)
@require_GET
def order(request: HttpRequest, order_id: int) -> HttpResponse:
    """One order: its steps, its items by person, its reports and disputes."""
    actor, now = actor_of(request), timezone.now()
    detail = queries.order(actor=actor, at=now, order_id=order_id)
    one = detail.order
    names = registry.names(
        actor=actor,
        on=today(),
        household_ids=[one.household_id],
        person_ids={item.person_id for item in detail.items},
    )
    context = {
        "row": _rows(actor, (one,))[0],
        "order": one,
        "place": path_of(one.division.value, today()),
        "steps": _steps(actor, one),
        "people": _people(actor, detail, names.persons),
        "reports": queries.reports_of(actor=actor, at=now, order_id=order_id),
        "may_look": actor.may(Permission.ITEM_VIEW),
        "disputes": [
            {
                "dispute": each,
                "name": names.persons.get(each.person_id, ""),
                "what": f"{source_name(each.source)} · {item_name(each.source, each.item)}",
                "state": dispute_state_name(each.state),
                "tag": DISPUTE_TAGS[each.state],
            }
            for each in queries.disputes_of_order(actor=actor, at=now, order_id=order_id)
        ],
        "log": _log(actor, order_id),
    }
    return render(request, "workbench/verification/order.html", context)


def _rows(actor: Actor, rows: tuple[queries.OrderView, ...]) -> list[dict[str, Any]]:
    on = today()
    packs = public_packs(on)
    found: dict[int, str] = {}
    ids = [one.household_id for one in rows]
    for start in range(0, len(ids), 500):
        names = registry.names(actor=actor, on=on, household_ids=ids[start : start + 500])
        found |= {key: one.head_name or one.number for key, one in names.households.items()}
    places = {code: path_of(code, on) for code in {one.division.value for one in rows}}
    return [
        {
            "order": one,
            "head": found.get(one.household_id, ""),
            "place": places[one.division.value],
            "programmes": listed(programme_short(packs, key, one.division, on) for key in one.programmes),
            "occasion": occasion_name(one.occasion),
            "state": order_state_name(one.state),
            "tag": ORDER_TAGS[one.state],
            "late": _is_late(one),
        }
        for one in rows
    ]


def _is_late(one: queries.OrderView) -> bool:
    due = {OrderState.REQUESTED: one.start_due_on, OrderState.STARTED: one.due_on}.get(one.state)
    return due is not None and due < today()


def _people(actor: Actor, detail: queries.OrderDetail, names: Any) -> list[dict[str, Any]]:
    by_person: dict[int, list[dict[str, Any]]] = {}
    for one in detail.items:
        by_person.setdefault(one.person_id, []).append(
            {
                "item": one,
                "source": source_name(one.source),
                "what": item_name(one.source, one.item),
                "state": item_state_name(one.state),
                "tag": ITEM_TAGS[one.state],
                "message": said(one.message_zh, one.message_en),
                "late": one.state is ItemState.SENT and one.due_on is not None and one.due_on < today(),
                "steps": _item_steps(actor, one),
            }
        )
    return [
        {
            "id": key,
            "name": names.get(key, ""),
            "rows": sorted(rows, key=lambda row: (row["item"].state not in _OPEN, row["source"], row["what"])),
            "open": sum(row["item"].state in _OPEN for row in rows),
        }
        for key, rows in by_person.items()
    ]


_OPEN = (ItemState.UNAVAILABLE, ItemState.DISPUTED, ItemState.SENT, ItemState.PREPARED)
_ITEM_ADDRESSES = {
    "send": ("item_ask", (ItemState.UNAVAILABLE,)),
    "mark_unavailable": ("item_unavailable", (ItemState.PREPARED, ItemState.SENT)),
    "dispute": ("item_dispute", (ItemState.FOUND, ItemState.NONE_FOUND)),
}


def _item_steps(actor: Actor, one: queries.ItemView) -> list[dict[str, str]]:
    labels = {"send": _("再次查询")}
    return [
        {
            "label": labels.get(step.verb) or said(step.zh, step.en),
            "address": f"workbench:verification:{_ITEM_ADDRESSES[step.verb][0]}",
        }
        for step in ITEMS.out_of(one.state)
        if step.verb in _ITEM_ADDRESSES and one.state in _ITEM_ADDRESSES[step.verb][1] and actor.may(step.permission)
    ]


def _steps(actor: Actor, one: queries.OrderView) -> list[dict[str, str]]:
    """The steps that lead on from here and that the actor may take by hand."""
    return [
        {"label": said(step.zh, step.en), "address": f"workbench:verification:order_{step.verb}"}
        for step in ORDERS.out_of(one.state)
        if step.verb != "expire" and actor.may(step.permission) and (step.verb != "stop" or _is_withdrawn(actor, one))
    ]


def _is_withdrawn(actor: Actor, one: queries.OrderView) -> bool:
    """Whether somebody took the mandate back: then, and only then, the order is stopped."""
    if not actor.may(Permission.MANDATE_VIEW):
        return True
    found = queries.mandate(actor=actor, at=timezone.now(), mandate_id=one.mandate_id)
    return any(each.state is SignatureState.WITHDRAWN for each in found.signatures)


def _log(actor: Actor, order_id: int) -> list[dict[str, Any]]:
    names = {step.verb: said(step.zh, step.en) for step in ORDERS.transitions} | {"request": _("委托核对")}
    return [
        {"title": names.get(one.verb, one.verb), "at": one.at, "by": one.actor_name, "reason": one.reason}
        for one in timeline("verification.order", order_id, actor=actor)
    ]


def _wanted(request: HttpRequest) -> dict[str, Any]:
    state = request.GET.get("state", "")
    return {
        "state": OrderState(state) if state in set(OrderState) else None,
        "number": request.GET.get("number", "").strip()[:40],
        "overdue": bool(request.GET.get("overdue")),
    }


def _after(request: HttpRequest) -> int | None:
    text = request.GET.get("after", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
