"""The steps of a notice, each on a page that says what follows."""

from collections.abc import Callable
from datetime import datetime

from django.forms import Form
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jiuzhu.channels.kit.access import actor_of, needs
from jiuzhu.channels.kit.notice_wording import board_name, line_of, programme_short
from jiuzhu.channels.kit.wording import listed
from jiuzhu.channels.workbench.disclosure.forms import NothingForm, PlacesForm, ReceivedForm, WhyForm
from jiuzhu.channels.workbench.organization.changing import Change, Crumb, Values, change_page, changes, posted
from jiuzhu.channels.workbench.registry.views.page import path_of, today
from jiuzhu.core.actors import Actor
from jiuzhu.rooms.catalogue.queries import public_packs
from jiuzhu.rooms.disclosure import actions, queries
from jiuzhu.rooms.disclosure.permissions import Permission
from jiuzhu.rooms.disclosure.states import Channel

Act = Callable[[Actor, datetime, Values], None]


@needs(Permission.NOTICE_CHECK)
@changes
def check(request: HttpRequest, notice_id: int) -> HttpResponseBase:
    """Look at what will be shown, and let it be posted."""
    texts = _("审核公示内容"), _("审核通过"), _("已审核，可以张贴。")
    return _step(request, notice_id, texts, NothingForm(posted(request)), _plainly(actions.check_notice, notice_id))


@needs(Permission.NOTICE_POST)
@changes
def post(request: HttpRequest, notice_id: int) -> HttpResponseBase:
    """Record that it is up everywhere."""
    one = _notice(actor_of(request), notice_id)

    def act(actor: Actor, at: datetime, values: Values) -> None:
        actions.post_notice(actor=actor, at=at, notice_id=notice_id, places=values["places"])

    texts = _("张贴公示"), _("确认已张贴"), _("已张贴，公示期从明天起算。")
    return _step(request, notice_id, texts, PlacesForm(posted(request), where=one.where), act)


@needs(Permission.NOTICE_INTERRUPT)
@changes
def interrupt(request: HttpRequest, notice_id: int) -> HttpResponseBase:
    """Record that it could not be read."""
    texts = _("登记公示中断"), _("确认中断"), _("已登记中断，重新张贴后公示期重新计算。")
    return _step(
        request,
        notice_id,
        texts,
        WhyForm(posted(request)),
        _with_reason(actions.interrupt_notice, notice_id),
        danger=True,
    )


@needs(Permission.NOTICE_RESUME)
@changes
def resume(request: HttpRequest, notice_id: int) -> HttpResponseBase:
    """Put it up again for the whole period."""
    texts = _("重新公示"), _("确认重新张贴"), _("已重新公示，公示期从明天起重新计算。")
    return _step(request, notice_id, texts, NothingForm(posted(request)), _plainly(actions.resume_notice, notice_id))


@needs(Permission.NOTICE_EXPIRE)
@changes
def expire(request: HttpRequest, notice_id: int) -> HttpResponseBase:
    """Take it down after its period."""
    texts = _("到期撤下"), _("确认撤下"), _("已撤下。")
    return _step(request, notice_id, texts, NothingForm(posted(request)), _plainly(actions.expire_notice, notice_id))


@needs(Permission.NOTICE_WITHDRAW)
@changes
def withdraw(request: HttpRequest, notice_id: int) -> HttpResponseBase:
    """Take it back."""
    texts = _("撤回公示"), _("确认撤回"), _("已撤回。")
    return _step(
        request,
        notice_id,
        texts,
        WhyForm(posted(request)),
        _with_reason(actions.withdraw_notice, notice_id),
        danger=True,
    )


@needs(Permission.OBJECTION_SUBMIT)
@changes
def object_to(request: HttpRequest, notice_id: int) -> HttpResponseBase:
    """Write down an objection that came in on paper, by telephone or in person."""

    def act(actor: Actor, at: datetime, values: Values) -> None:
        actions.submit_objection(
            actor=actor,
            at=at,
            notice_id=notice_id,
            channel=Channel(values["channel"]),
            text=values["text"],
            name=values["name"],
            contact=values["contact"],
        )

    texts = _("登记异议"), _("确认登记"), _("异议已登记，请尽快核查。")
    return _step(request, notice_id, texts, ReceivedForm(posted(request)), act)


def _step(
    request: HttpRequest,
    notice_id: int,
    texts: tuple[str, str, str],
    form: Form,
    act: Act,
    *,
    danger: bool = False,
) -> HttpResponseBase:
    actor, on = actor_of(request), today()
    one = _notice(actor, notice_id)
    line = line_of(one.content)
    title, submit, done = texts
    home = reverse("workbench:disclosure:notices")
    back = reverse("workbench:disclosure:notice", args=[notice_id])
    shown = (programme_short(public_packs(on), one.programme, one.division, on), line.name, line.members, line.amount)
    change = Change(
        title=title,
        lead=f"{board_name(one.board)} · {path_of(one.division.value, on)}",
        notes=[_("公示内容：%(shown)s") % {"shown": listed(each for each in shown if each)}],
        basis=_("社会救助法第十一条、第四十五条；民发〔2021〕57号第二十四条、第三十七条"),
        submit=submit,
        done=done,
        back=back,
        crumbs=[Crumb(_("公示"), home), Crumb(_("公示第%(n)s号") % {"n": notice_id}, back)],
        asks=False,
        danger=danger,
    )
    return change_page(request, change, form, lambda values: act(actor, timezone.now(), values))


def _plainly(action: Callable[..., None], notice_id: int) -> Act:
    return lambda actor, at, _values: action(actor=actor, at=at, notice_id=notice_id)


def _with_reason(action: Callable[..., None], notice_id: int) -> Act:
    return lambda actor, at, values: action(actor=actor, at=at, notice_id=notice_id, reason=values["reason"])


def _notice(actor: Actor, notice_id: int) -> queries.NoticeView:
    return queries.notice(actor=actor, at=timezone.now(), notice_id=notice_id)
