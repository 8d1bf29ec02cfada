"""Entrustments of other units: recorded with their document, ended with a reason."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET

from jiuzhu.channels.kit.access import actor_of, needs
from jiuzhu.channels.kit.notice_wording import programme_short
from jiuzhu.channels.kit.verification_wording import entrustment_state_name
from jiuzhu.channels.kit.wording import department_name, listed, said
from jiuzhu.channels.workbench.organization.changing import Change, Crumb, Values, change_page, changes, posted
from jiuzhu.channels.workbench.registry.views.page import path_of, today
from jiuzhu.channels.workbench.verification.forms import EntrustmentForm, WhyForm
from jiuzhu.core.actors import OutOfScope
from jiuzhu.rooms.catalogue.queries import public_packs
from jiuzhu.rooms.verification import actions, queries
from jiuzhu.rooms.verification.permissions import Permission

_BASIS = gettext_noop("社会救助法第四十一条；政务数据共享条例第二十五条")
_OWN = "civil_affairs"


@needs(Permission.ENTRUSTMENT_VIEW)
@require_GET
def entrustments(request: HttpRequest) -> HttpResponse:
    """The entrustments of the area."""
    actor, on = actor_of(request), today()
    packs = public_packs(on)
    context = {
        "rows": [
            {
                "entrustment": one,
                "department": department_name(one.department),
                "programmes": listed(programme_short(packs, key, one.division, on) for key in one.programmes),
                "place": path_of(one.division.value, on),
                "state": entrustment_state_name(one.state),
                "tag": "success" if one.in_force else "neutral",
            }
            for one in queries.entrustments(actor=actor, at=timezone.now())
        ],
        "may_record": actor.may(Permission.ENTRUSTMENT_RECORD),
        "may_end": actor.may(Permission.ENTRUSTMENT_END),
    }
    return render(request, "workbench/verification/entrustments.html", context)


@needs(Permission.ENTRUSTMENT_RECORD)
@changes
def new(request: HttpRequest) -> HttpResponseBase:
    """Record an entrustment for the actor's area."""
    actor, on = actor_of(request), today()
    division = actor.scope.division
    if division is None:
        raise OutOfScope
    versions = {
        key: version
        for key, one in public_packs(on).programmes.items()
        if (version := one.version(division.value, on)) is not None and version.lead != _OWN
    }
    form = EntrustmentForm(
        posted(request),
        programmes=[(key, said(one.short.zh, one.short.en)) for key, one in versions.items()],
        departments=sorted({(one.lead, department_name(one.lead)) for one in versions.values()}),
    )

    def act(values: Values) -> None:
        actions.record_entrustment(actor=actor, at=timezone.now(), division=division, **values)

    back = reverse("workbench:verification:entrustments")
    change = Change(
        title=_("登记单位委托"),
        lead=path_of(division.value, on),
        basis=_(_BASIS),
        submit=_("登记委托"),
        done=_("已登记单位委托。"),
        back=back,
        crumbs=[Crumb(_("单位委托"), back)],
        asks=False,
    )
    return change_page(request, change, form, act)


@needs(Permission.ENTRUSTMENT_END)
@changes
def end(request: HttpRequest, entrustment_id: int) -> HttpResponseBase:
    """End an entrustment."""
    actor = actor_of(request)
    found = queries.entrustments(actor=actor, at=timezone.now())
    one = next((each for each in found if each.id == entrustment_id), None)
    if one is None:
        raise OutOfScope
    back = reverse("workbench:verification:entrustments")
    change = Change(
        title=_("终止单位委托"),
        lead=f"{one.unit_name} {one.document_number}",
        notes=[_("已经发起的核对继续办理；终止后不能再依据该委托发起核对。")],
        submit=_("确认终止"),
        done=_("已终止。"),
        back=back,
        crumbs=[Crumb(_("单位委托"), back)],
        asks=False,
        danger=True,
    )

    def act(values: Values) -> None:
        actions.end_entrustment(actor=actor, at=timezone.now(), entrustment_id=entrustment_id, reason=values["reason"])

    return change_page(request, change, WhyForm(posted(request)), act)
