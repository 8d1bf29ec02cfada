"""The steps of orders and items, each on a page that says what follows."""

from collections.abc import Callable
from datetime import datetime

from django.forms import Form
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from jiuzhu.channels.kit.access import actor_of, needs
from jiuzhu.channels.kit.notice_wording import programme_short
from jiuzhu.channels.kit.verification_wording import item_name, source_name
from jiuzhu.channels.workbench.organization.changing import Change, Crumb, Values, change_page, changes, posted
from jiuzhu.channels.workbench.registry.views.page import path_of, today
from jiuzhu.channels.workbench.verification.forms import (
    DisputeForm,
    NothingForm,
    OrderForm,
    UnavailableForm,
    WhyForm,
)
from jiuzhu.core.actors import Actor, OutOfScope
from jiuzhu.journeys import verify
from jiuzhu.rooms.catalogue.queries import public_packs
from jiuzhu.rooms.organization import queries as organization
from jiuzhu.rooms.registry import queries as registry
from jiuzhu.rooms.verification import actions, queries
from jiuzhu.rooms.verification.permissions import Permission
from jiuzhu.rooms.verification.ports import Cause
from jiuzhu.rooms.verification.states import Occasion

Act = Callable[[Actor, datetime, Values], object]
_BASIS = gettext_noop("社会救助法第四十条、第四十一条；民发〔2021〕57号第十七条")
_DISPUTE_BASIS = gettext_noop("民发〔2021〕57号第十八条；政务数据共享条例第二十六条")


@needs(Permission.ORDER_REQUEST)
@changes
def request_order(request: HttpRequest, household_id: int) -> HttpResponseBase:
    """Order the verification of a household under one of its mandates."""
    actor, now, on = actor_of(request), timezone.now(), today()
    homes = registry.names(actor=actor, on=on, household_ids=[household_id]).households
    if household_id not in homes:
        raise OutOfScope
    found = [
        one
        for one in queries.mandates_of_household(actor=actor, at=now, household_id=household_id)
        if one.valid_from <= on <= one.valid_to
    ]
    packs = public_packs(on)
    wanted = {key: programme_short(packs, key, one.division, on) for one in found for key in one.programmes}
    form = OrderForm(
        posted(request),
        mandates=[(str(one.id), f"{one.number} · {one.purpose}") for one in found],
        programmes=list(wanted.items()),
        entrustments=[
            (str(one.id), f"{one.unit_name} {one.document_number}")
            for one in queries.entrustments(actor=actor, at=now, only_in_force=True)
        ],
        initial={
            "mandate_id": str(found[0].id) if found else "",
            "programmes": list(found[0].programmes) if found else [],
            "purpose": found[0].purpose if found else "",
            "occasion": Occasion.APPLICATION.value,
        },
    )

    def act(values: Values) -> int:
        return actions.request_order(
            actor=actor,
            at=timezone.now(),
            household_id=household_id,
            mandate_id=int(values["mandate_id"]),
            programmes=values["programmes"],
            occasion=Occasion(values["occasion"]),
            purpose=values["purpose"],
            asking_office=office_of(actor),
            entrustment_id=int(values["entrustment_id"]) if values["entrustment_id"] else None,
        )

    change = Change(
        title=_("委托核对"),
        lead=homes[household_id].head_name,
        notes=[] if found else [_("没有有效的授权书，请先制作授权书并由成员签署。")],
        basis=_(_BASIS),
        submit=_("提交委托"),
        done=_("已委托，由县级核对机构启动。"),
        back=reverse("workbench:verification:mandates", args=[household_id]),
        crumbs=[
            Crumb(_("核对授权书"), reverse("workbench:verification:mandates", args=[household_id])),
        ],
        asks=False,
        target=lambda made: reverse("workbench:verification:order", args=[made]),
    )
    return change_page(request, change, form, act)


@needs(Permission.ORDER_START)
@changes
def start(request: HttpRequest, order_id: int) -> HttpResponseBase:
    """Start an order; the sources are asked in the background."""

    def act(actor: Actor, at: datetime, _values: Values) -> None:
        actions.start_order(actor=actor, at=at, order_id=order_id)
        verify.ask(at)

    texts = _("启动核对"), _("确认启动"), _("已启动，正在向各来源单位查询。")
    return _step(request, order_id, texts, NothingForm(posted(request)), act)


@needs(Permission.ORDER_REJECT)
@changes
def reject(request: HttpRequest, order_id: int) -> HttpResponseBase:
    """Send an order back."""

    def act(actor: Actor, at: datetime, values: Values) -> None:
        actions.reject_order(actor=actor, at=at, order_id=order_id, reason=values["reason"])

    texts = _("退回委托"), _("确认退回"), _("已退回。")
    return _step(request, order_id, texts, WhyForm(posted(request)), act, danger=True)


@needs(Permission.ORDER_REPORT)
@changes
def report(request: HttpRequest, order_id: int) -> HttpResponseBase:
    """Issue the report."""

    def act(actor: Actor, at: datetime, _values: Values) -> None:
        actions.report_order(actor=actor, at=at, order_id=order_id)

    note = _("没有答复的事项按“未知”列出，不作为“没有”。来源单位补充答复后，可以出具更正报告。")
    texts = _("出具核对报告"), _("确认出具"), _("已出具核对报告。")
    return _step(request, order_id, texts, NothingForm(posted(request)), act, note=note)


@needs(Permission.ORDER_REVISE)
@changes
def revise(request: HttpRequest, order_id: int) -> HttpResponseBase:
    """Issue a further version of the report."""

    def act(actor: Actor, at: datetime, _values: Values) -> None:
        actions.revise_report(actor=actor, at=at, order_id=order_id)

    note = _("原报告保留。已经作出的审核确认不会自动改变，由有权限的人员依法处理。")
    texts = _("出具更正报告"), _("确认出具"), _("已出具新版核对报告。")
    return _step(request, order_id, texts, NothingForm(posted(request)), act, note=note)


@needs(Permission.ORDER_STOP)
@changes
def stop(request: HttpRequest, order_id: int) -> HttpResponseBase:
    """Stop an order after a withdrawal."""

    def act(actor: Actor, at: datetime, _values: Values) -> None:
        actions.stop_order(actor=actor, at=at, order_id=order_id)

    texts = _("撤回授权后中止核对"), _("确认中止"), _("已中止，没有答复的事项为未知。")
    return _step(request, order_id, texts, NothingForm(posted(request)), act, danger=True)


@needs(Permission.ITEM_SEND)
@changes
def ask_again(request: HttpRequest, item_id: int) -> HttpResponseBase:
    """Ask a source again."""

    def act(actor: Actor, at: datetime, _values: Values) -> None:
        actions.ask_again(actor=actor, at=at, item_id=item_id)
        verify.ask(at)

    texts = _("再次查询"), _("确认查询"), _("已再次发出查询。")
    return _item_step(request, item_id, texts, NothingForm(posted(request)), act, _(_BASIS))


@needs(Permission.ITEM_MARK_UNAVAILABLE)
@changes
def unavailable(request: HttpRequest, item_id: int) -> HttpResponseBase:
    """Record that an item is unknown."""

    def act(actor: Actor, at: datetime, values: Values) -> None:
        actions.mark_unavailable(
            actor=actor, at=at, item_id=item_id, cause=Cause(values["cause"]), reason=values["reason"]
        )

    texts = _("登记无法查询"), _("确认登记"), _("已登记为未知。")
    return _item_step(request, item_id, texts, UnavailableForm(posted(request)), act, _(_BASIS))


@needs(Permission.ITEM_DISPUTE)
@changes
def dispute(request: HttpRequest, item_id: int) -> HttpResponseBase:
    """Take an objection to a result at the window, with its evidence."""
    form = DisputeForm(posted(request), request.FILES or None)

    def act(actor: Actor, at: datetime, values: Values) -> None:
        file = values["evidence"]
        actions.dispute_item(
            actor=actor,
            at=at,
            item_id=item_id,
            statement=values["statement"],
            filed_by=values["filed_by"],
            evidence=(file.read(), file.name) if file else None,
        )
        verify.ask(at)

    texts = _("提出核对异议"), _("提交异议"), _("已受理异议，正在请来源单位复核。")
    return _item_step(request, item_id, texts, form, act, _(_DISPUTE_BASIS))


def _step(
    request: HttpRequest,
    order_id: int,
    texts: tuple[str, str, str],
    form: Form,
    act: Act,
    *,
    note: str = "",
    danger: bool = False,
) -> HttpResponseBase:
    actor = actor_of(request)
    one = queries.order(actor=actor, at=timezone.now(), order_id=order_id).order
    back = reverse("workbench:verification:order", args=[order_id])
    title, submit, done = texts
    change = Change(
        title=title,
        lead=f"{one.number} · {path_of(one.division.value, today())}",
        notes=[note] if note else [],
        basis=_(_BASIS),
        submit=submit,
        done=done,
        back=back,
        crumbs=[Crumb(_("核对委托"), reverse("workbench:verification:orders")), Crumb(one.number, back)],
        asks=False,
        danger=danger,
    )
    return change_page(request, change, form, lambda values: act(actor, timezone.now(), values))


def _item_step(
    request: HttpRequest, item_id: int, texts: tuple[str, str, str], form: Form, act: Act, basis: str
) -> HttpResponseBase:
    actor = actor_of(request)
    one = queries.item(actor=actor, at=timezone.now(), item_id=item_id)
    back = reverse("workbench:verification:order", args=[one.order_id])
    names = registry.names(actor=actor, on=today(), household_ids=[], person_ids=[one.person_id])
    title, submit, done = texts
    change = Change(
        title=title,
        lead=" · ".join(
            part
            for part in (
                names.persons.get(one.person_id, ""),
                source_name(one.source),
                item_name(one.source, one.item),
            )
            if part
        ),
        basis=basis,
        submit=submit,
        done=done,
        back=back,
        crumbs=[Crumb(_("核对委托"), reverse("workbench:verification:orders")), Crumb(str(one.order_id), back)],
        asks=False,
    )
    return change_page(request, change, form, lambda values: act(actor, timezone.now(), values))


def office_of(actor: Actor) -> str:
    """The office for which the actor asks."""
    if actor.post_id is None or actor.account_id is None:
        return actor.name
    found = organization.posts_of_account(account_id=actor.account_id, at=today())
    return next((one.office_name for one in found if one.post_id == actor.post_id), actor.post_title or actor.name)
