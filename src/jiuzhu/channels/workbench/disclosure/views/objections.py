"""The objections of an area, and one of them with its steps; what was said is seen by those who look into it."""

from collections.abc import Callable
from datetime import datetime

from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from jiuzhu.channels.kit.access import actor_of, needs
from jiuzhu.channels.kit.notice_wording import board_name, channel_name, objection_state_name, programme_short
from jiuzhu.channels.kit.wording import said
from jiuzhu.channels.workbench.disclosure.forms import AnswerForm, FindingForm, NothingForm
from jiuzhu.channels.workbench.organization.changing import Change, Crumb, Values, change_page, changes, posted
from jiuzhu.channels.workbench.registry.views.page import path_of, today
from jiuzhu.core.actors import Actor
from jiuzhu.groundwork.transitions.queries import timeline
from jiuzhu.rooms.catalogue.queries import public_packs
from jiuzhu.rooms.disclosure import actions, queries
from jiuzhu.rooms.disclosure.permissions import Permission
from jiuzhu.rooms.disclosure.states import OBJECTIONS, ObjectionState

TAGS = {
    ObjectionState.RECEIVED: "warning",
    ObjectionState.IN_CHECK: "info",
    ObjectionState.SUSTAINED: "danger",
    ObjectionState.DISMISSED: "info",
    ObjectionState.ANSWERED: "success",
    ObjectionState.CLOSED: "neutral",
}
_BASIS = "民发〔2021〕57号第三十七条"
Act = Callable[[Actor, datetime, Values], None]


@needs(Permission.OBJECTION_VIEW)
@require_GET
def objections(request: HttpRequest) -> HttpResponse:
    """The objections of the area, the oldest first."""
    actor, on = actor_of(request), today()
    text = request.GET.get("state", "")
    state = ObjectionState(text) if text in set(ObjectionState) else None
    page = queries.objections(actor=actor, at=timezone.now(), state=state, after=_after(request))
    packs = public_packs(on)
    places = {code: path_of(code, on) for code in {one.division.value for one in page.rows}}
    following = ""
    if page.next_after is not None:
        parameters = request.GET.copy()
        parameters["after"] = str(page.next_after)
        following = f"?{parameters.urlencode()}"
    context = {
        "rows": [
            {
                "objection": one,
                "programme": programme_short(packs, one.programme, one.division, on),
                "board": board_name(one.board),
                "place": places[one.division.value],
                "channel": channel_name(one.channel),
                "state": objection_state_name(one.state),
                "tag": TAGS[one.state],
            }
            for one in page.rows
        ],
        "states": [(one.value, objection_state_name(one)) for one in ObjectionState],
        "state": text if state is not None else "",
        "following": following,
        "may_open": actor.may(Permission.OBJECTION_CHECK),
    }
    return render(request, "workbench/disclosure/objections.html", context)


@needs(Permission.OBJECTION_CHECK)
@require_GET
def objection(request: HttpRequest, objection_id: int) -> HttpResponse:
    """One objection: what was said, what was found, what comes next."""
    actor, on = actor_of(request), today()
    found = queries.objection(actor=actor, at=timezone.now(), objection_id=objection_id)
    one = found.objection
    names = {step.verb: said(step.zh, step.en) for step in OBJECTIONS.transitions} | {"submit": _("收到异议")}
    context = {
        "detail": found,
        "objection": one,
        "programme": programme_short(public_packs(on), one.programme, one.division, on),
        "board": board_name(one.board),
        "place": path_of(one.division.value, on),
        "channel": channel_name(one.channel),
        "state": objection_state_name(one.state),
        "tag": TAGS[one.state],
        "steps": _steps(actor, one),
        "log": [
            {"title": names.get(each.verb, each.verb), "at": each.at, "by": each.actor_name}
            for each in timeline("disclosure.objection", objection_id, actor=actor)
        ],
    }
    return render(request, "workbench/disclosure/objection.html", context)


@needs(Permission.OBJECTION_CHECK)
@changes
def check(request: HttpRequest, objection_id: int) -> HttpResponseBase:
    """Begin to look into it."""

    def act(actor: Actor, at: datetime, _values: Values) -> None:
        actions.check_objection(actor=actor, at=at, objection_id=objection_id)

    texts = _("启动核查"), _("开始核查"), _("已开始核查。")
    return _step(request, objection_id, texts, NothingForm(posted(request)), act)


@needs(Permission.OBJECTION_SUSTAIN)
@changes
def sustain(request: HttpRequest, objection_id: int) -> HttpResponseBase:
    """Find it founded."""

    def act(actor: Actor, at: datetime, values: Values) -> None:
        actions.sustain_objection(actor=actor, at=at, objection_id=objection_id, finding=values["finding"])

    texts = _("认定异议成立"), _("确认成立"), _("已认定成立，案件将重新调查。")
    return _step(request, objection_id, texts, FindingForm(posted(request)), act, danger=True)


@needs(Permission.OBJECTION_DISMISS)
@changes
def dismiss(request: HttpRequest, objection_id: int) -> HttpResponseBase:
    """Find it unfounded."""

    def act(actor: Actor, at: datetime, values: Values) -> None:
        actions.dismiss_objection(actor=actor, at=at, objection_id=objection_id, finding=values["finding"])

    texts = _("认定异议不成立"), _("确认不成立"), _("已认定不成立。")
    return _step(request, objection_id, texts, FindingForm(posted(request)), act)


@needs(Permission.OBJECTION_ANSWER)
@changes
def answer(request: HttpRequest, objection_id: int) -> HttpResponseBase:
    """Answer whoever gave a name."""

    def act(actor: Actor, at: datetime, values: Values) -> None:
        actions.answer_objection(actor=actor, at=at, objection_id=objection_id, answer=values["answer"])

    texts = _("答复异议"), _("确认答复"), _("已答复。")
    return _step(request, objection_id, texts, AnswerForm(posted(request)), act)


@needs(Permission.OBJECTION_CLOSE)
@changes
def close(request: HttpRequest, objection_id: int) -> HttpResponseBase:
    """Close an anonymous one."""

    def act(actor: Actor, at: datetime, _values: Values) -> None:
        actions.close_objection(actor=actor, at=at, objection_id=objection_id)

    texts = _("办结匿名异议"), _("确认办结"), _("已办结。")
    return _step(request, objection_id, texts, NothingForm(posted(request)), act)


def _steps(actor: Actor, one: queries.ObjectionView) -> list[dict[str, str]]:
    """The steps that the actor may take; a named one is answered, an anonymous one closed."""
    other = "close" if not one.is_anonymous else "answer"
    return [
        {"label": said(step.zh, step.en), "address": f"workbench:disclosure:objection_{step.verb}"}
        for step in OBJECTIONS.out_of(one.state)
        if actor.may(step.permission) and step.verb != other
    ]


def _step(
    request: HttpRequest, objection_id: int, texts: tuple[str, str, str], form: Form, act: Act, *, danger: bool = False
) -> HttpResponseBase:
    actor, on = actor_of(request), today()
    found = queries.objection(actor=actor, at=timezone.now(), objection_id=objection_id)
    one = found.objection
    title, submit, done = texts
    back = reverse("workbench:disclosure:objection", args=[objection_id])
    programme = programme_short(public_packs(on), one.programme, one.division, on)
    change = Change(
        title=title,
        lead=f"{programme} · {path_of(one.division.value, on)}",
        notes=[found.text],
        basis=_BASIS,
        submit=submit,
        done=done,
        back=back,
        crumbs=[Crumb(_("公示异议"), reverse("workbench:disclosure:objections")), Crumb(one.number, back)],
        asks=False,
        danger=danger,
    )
    return change_page(request, change, form, lambda values: act(actor, timezone.now(), values))


def _after(request: HttpRequest) -> int | None:
    text = request.GET.get("after", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
