"""What is posted about cases, by place and board; objections without a login; nothing here is for search engines."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.views.decorators.http import require_http_methods, require_safe

from jiuzhu.channels.kit.access import everyone
from jiuzhu.channels.kit.notice_wording import board_name, line_of, objection_state_name, programme_short
from jiuzhu.channels.public.boards.forms import ObjectionForm
from jiuzhu.core.actors import system_actor
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.core.errors import InvalidValue, NotFound, Refusal
from jiuzhu.engine.packs.model import PackSet
from jiuzhu.groundwork.idempotency.views import idempotent
from jiuzhu.rooms.catalogue.queries import public_packs
from jiuzhu.rooms.disclosure import actions, queries
from jiuzhu.rooms.disclosure.permissions import Permission
from jiuzhu.rooms.disclosure.states import Board, Channel
from jiuzhu.rooms.organization import queries as organization
from jiuzhu.rooms.organization.permissions import Permission as Organization

_VISITOR = system_actor("公开查询", permissions=[Organization.DIVISION_VIEW, Permission.OBJECTION_SUBMIT])
_KEY_LENGTH = 32
_SIZE = 50


def unlisted(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A page that search engines neither list nor keep, and no cache holds beyond its period."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **named: Any) -> HttpResponseBase:
        response = view(request, *args, **named)
        response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        response.headers["Cache-Control"] = "no-store"
        return response

    return wrapped


@everyone
@require_safe
@unlisted
def board(request: HttpRequest) -> HttpResponse:
    """Choose a place down to the village, and read its boards."""
    today = timezone.localdate()
    text = request.GET.get("board", "")
    chosen = Board(text) if text in set(Board) else Board.OPINION
    try:
        node = organization.division_tree(actor=_VISITOR, at=today, code=_place(request))
    except NotFound:
        if request.GET.get("division"):
            raise
        return render(request, "public/boards/board.html", {"empty": True})
    code = node.division.code
    page = queries.public_board(division=code, board=chosen, on=today, after=_after(request), size=_SIZE)
    packs = public_packs(today)
    places = organization.public_divisions({one.division for one in page.rows}, today)
    context = {
        "node": node,
        "path": node.path,
        "place_code": code.value,
        "board": chosen,
        "boards": [{"value": one.value, "name": board_name(one), "current": one is chosen} for one in Board],
        "rows": [_row(one, packs, places) for one in page.rows],
        "following": f"?division={code}&board={chosen.value}&after={page.next_after}" if page.next_after else "",
        "today": today,
    }
    return render(request, "public/boards/board.html", context)


@everyone
@require_http_methods(["GET", "HEAD", "POST"])
@unlisted
@idempotent
def object_to(request: HttpRequest, notice_id: int) -> HttpResponseBase:
    """Object to a notice that is up; the number to ask by is shown once it is taken."""
    today = timezone.localdate()
    one = queries.public_notice(notice_id=notice_id, on=today)
    packs = public_packs(today)
    form = ObjectionForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                number = actions.submit_objection(
                    actor=_VISITOR, at=timezone.now(), notice_id=notice_id, channel=Channel.WEB, **form.cleaned_data
                )
            except Refusal as refusal:
                form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message_zh)
            else:
                context = {"number": number, "is_named": bool(form.cleaned_data["name"]), "notice": one}
                return render(request, "public/boards/received.html", context)
    context = {
        "form": form,
        "row": _row(one, packs, organization.public_divisions({one.division}, today)),
        "notice": one,
        "key": request.POST.get("idempotency_key") or get_random_string(_KEY_LENGTH),
    }
    return render(request, "public/boards/object.html", context, status=status)


@everyone
@require_safe
@unlisted
def answer(request: HttpRequest) -> HttpResponse:
    """What became of an objection, by its number."""
    number = request.GET.get("number", "").strip()[:32]
    context: dict[str, object] = {"number": number}
    if number:
        try:
            found = queries.public_answer(number=number, on=timezone.localdate())
        except NotFound:
            context["missing"] = True
        else:
            context |= {"found": found, "state": objection_state_name(found.state)}
    return render(request, "public/boards/answer.html", context)


def _row(
    one: queries.PostedNotice, packs: PackSet, places: dict[DivisionCode, organization.DivisionView]
) -> dict[str, object]:
    place = places.get(one.division)
    return {
        "id": one.id,
        "programme": programme_short(packs, one.programme, one.division, one.posted_on),
        "line": line_of(one.content),
        "place": place,
        "posted_on": one.posted_on,
        "last_day": one.last_day,
    }


def _place(request: HttpRequest) -> DivisionCode | None:
    text = request.GET.get("division", "").strip()
    if not text:
        return None
    try:
        return DivisionCode.parse(text)
    except InvalidValue as wrong:
        raise NotFound(wrong.code, wrong.message_zh, wrong.message_en) from wrong


def _after(request: HttpRequest) -> int | None:
    text = request.GET.get("after", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
