"""The notices of an area, and one of them with its steps."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from jiuzhu.channels.kit.access import actor_of, needs
from jiuzhu.channels.kit.notice_wording import board_name, line_of, notice_state_name, programme_short
from jiuzhu.channels.kit.policy_wording import place_word
from jiuzhu.channels.kit.wording import listed, said
from jiuzhu.channels.workbench.registry.views.page import path_of, today
from jiuzhu.channels.workbench.registry.views.search import workbook_response
from jiuzhu.core.actors import Actor
from jiuzhu.groundwork.transitions.queries import timeline
from jiuzhu.rooms.catalogue.queries import public_packs
from jiuzhu.rooms.disclosure import queries
from jiuzhu.rooms.disclosure.permissions import Permission
from jiuzhu.rooms.disclosure.states import NOTICES, Board, NoticeState

TAGS = {
    NoticeState.PREPARED: "info",
    NoticeState.CHECKED: "info",
    NoticeState.POSTED: "success",
    NoticeState.INTERRUPTED: "warning",
    NoticeState.EXPIRED: "neutral",
    NoticeState.WITHDRAWN: "neutral",
}
_ADDRESSES = {
    "check": "notice_check",
    "post": "notice_post",
    "interrupt": "notice_interrupt",
    "resume": "notice_resume",
    "expire": "notice_expire",
    "withdraw": "notice_withdraw",
}
_MOST_EXPORTED = 5_000
_EXPORT_PAGE = 200


@needs(Permission.NOTICE_VIEW)
@require_GET
def notices(request: HttpRequest) -> HttpResponse:
    """The notices of the area, the newest first, by state and board."""
    actor, on = actor_of(request), today()
    state, board = _chosen(request)
    page = queries.notices(actor=actor, at=timezone.now(), state=state, board=board, after=_after(request))
    packs, places = public_packs(on), _places(page.rows)
    following = ""
    if page.next_after is not None:
        parameters = request.GET.copy()
        parameters["after"] = str(page.next_after)
        following = f"?{parameters.urlencode()}"
    context = {
        "rows": [
            {
                "notice": one,
                "line": line_of(one.content),
                "programme": programme_short(packs, one.programme, one.division, on),
                "place": places[one.division.value],
                "board": board_name(one.board),
                "state": notice_state_name(one.state),
                "tag": TAGS[one.state],
            }
            for one in page.rows
        ],
        "states": [(one.value, notice_state_name(one)) for one in NoticeState],
        "boards": [(one.value, board_name(one)) for one in Board],
        "state": "" if state is None else state.value,
        "board": "" if board is None else board.value,
        "following": following,
        "query": request.GET.urlencode(),
    }
    return render(request, "workbench/disclosure/notices.html", context)


@needs(Permission.NOTICE_VIEW)
@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """The same as a workbook, up to a bound."""
    actor, on = actor_of(request), today()
    state, board = _chosen(request)
    found: list[queries.NoticeView] = []
    after = None
    while True:
        page = queries.notices(actor=actor, at=timezone.now(), state=state, board=board, after=after, size=_EXPORT_PAGE)
        found += page.rows
        after = page.next_after
        if after is None or len(found) >= _MOST_EXPORTED:
            break
    packs, places = public_packs(on), _places(tuple(found))
    headings = (
        _("编号"),
        _("公示栏"),
        _("救助"),
        _("申请人姓名"),
        _("家庭人口"),
        _("金额"),
        _("所在地"),
        _("状态"),
        _("张贴日期"),
        _("期满日期"),
        _("异议"),
    )
    rows = []
    for one in found:
        line = line_of(one.content)
        rows.append(
            [
                str(one.id),
                board_name(one.board),
                programme_short(packs, one.programme, one.division, on),
                line.name,
                line.members,
                line.amount,
                places[one.division.value],
                notice_state_name(one.state),
                "" if one.posted_on is None else one.posted_on.isoformat(),
                "" if one.last_day is None else one.last_day.isoformat(),
                str(one.objections),
            ]
        )
    if after is not None:
        rows.append([_("只导出前%(n)s条，请按状态分次导出。") % {"n": len(found)}, *[""] * (len(headings) - 1)])
    return workbook_response(_("公示_%(day)s.xlsx") % {"day": on.isoformat()}, headings, rows)


@needs(Permission.NOTICE_VIEW)
@require_GET
def notice(request: HttpRequest, notice_id: int) -> HttpResponse:
    """One notice: what it shows and where, its steps so far, what comes next."""
    actor, on, now = actor_of(request), today(), timezone.now()
    one = queries.notice(actor=actor, at=now, notice_id=notice_id)
    may_see = actor.may(Permission.OBJECTION_VIEW)
    page = queries.objections(actor=actor, at=now, notice_id=notice_id) if may_see else None
    context = {
        "notice": one,
        "line": line_of(one.content),
        "programme": programme_short(public_packs(on), one.programme, one.division, on),
        "place": path_of(one.division.value, on),
        "board": board_name(one.board),
        "state": notice_state_name(one.state),
        "tag": TAGS[one.state],
        "where": listed(place_word(each) for each in one.where),
        "steps": _steps(actor, one),
        "log": _log(actor, notice_id),
        "objections": () if page is None else page.rows,
        "may_object": actor.may(Permission.OBJECTION_SUBMIT)
        and one.state in (NoticeState.POSTED, NoticeState.INTERRUPTED),
    }
    return render(request, "workbench/disclosure/notice.html", context)


def _steps(actor: Actor, one: queries.NoticeView) -> list[dict[str, str]]:
    """The steps that lead on from here and that the actor may take."""
    return [
        {"label": said(step.zh, step.en), "address": f"workbench:disclosure:{_ADDRESSES[step.verb]}", "verb": step.verb}
        for step in NOTICES.out_of(one.state)
        if actor.may(step.permission) and not (step.verb == "expire" and one.last_day is None)
    ]


def _log(actor: Actor, notice_id: int) -> list[dict[str, Any]]:
    names = {step.verb: said(step.zh, step.en) for step in NOTICES.transitions} | {"prepare": _("拟定公示")}
    return [
        {"title": names.get(one.verb, one.verb), "at": one.at, "by": one.actor_name, "reason": one.reason}
        for one in timeline("disclosure.notice", notice_id, actor=actor)
    ]


def _places(rows: tuple[queries.NoticeView, ...]) -> dict[str, str]:
    on = today()
    return {code: path_of(code, on) for code in {one.division.value for one in rows}}


def _chosen(request: HttpRequest) -> tuple[NoticeState | None, Board | None]:
    state, board = request.GET.get("state", ""), request.GET.get("board", "")
    return (
        NoticeState(state) if state in set(NoticeState) else None,
        Board(board) if board in set(Board) else None,
    )


def _after(request: HttpRequest) -> int | None:
    text = request.GET.get("after", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
