"""Batches: ordered from a list or a group, followed while they are made, with the lines that have no order."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from jiuzhu.channels.kit.access import actor_of, needs
from jiuzhu.channels.kit.notice_wording import programme_short
from jiuzhu.channels.kit.wording import group_name, listed, said
from jiuzhu.channels.workbench.organization.changing import Change, Crumb, Values, change_page, changes, posted
from jiuzhu.channels.workbench.registry.views.page import path_of, today
from jiuzhu.channels.workbench.verification.forms import BatchForm
from jiuzhu.channels.workbench.verification.views.steps import office_of
from jiuzhu.core.actors import OutOfScope
from jiuzhu.journeys.verify_batch import order_batch
from jiuzhu.rooms.catalogue.queries import public_packs
from jiuzhu.rooms.registry.states import TargetGroup
from jiuzhu.rooms.verification import queries
from jiuzhu.rooms.verification.permissions import Permission


@needs(Permission.BATCH_VIEW)
@require_GET
def batches(request: HttpRequest) -> HttpResponse:
    """The batches of the area."""
    actor, on = actor_of(request), today()
    packs = public_packs(on)
    context = {
        "rows": [
            {
                "batch": one,
                "place": path_of(one.division.value, on),
                "programmes": listed(programme_short(packs, key, one.division, on) for key in one.programmes),
            }
            for one in queries.batches(actor=actor, at=timezone.now())
        ],
        "may_order": actor.may(Permission.BATCH_ORDER),
    }
    return render(request, "workbench/verification/batches.html", context)


@needs(Permission.BATCH_ORDER)
@changes
def new(request: HttpRequest) -> HttpResponseBase:
    """Order a batch."""
    actor, on = actor_of(request), today()
    division = actor.scope.division
    if division is None:
        raise OutOfScope
    form = BatchForm(
        posted(request),
        request.FILES or None,
        programmes=[
            (key, said(version.short.zh, version.short.en))
            for key, one in public_packs(on).programmes.items()
            if (version := one.version(division.value, on)) is not None
        ],
        groups=[(one.value, group_name(one)) for one in TargetGroup],
    )

    def act(values: Values) -> int:
        file = values["listing"]
        return order_batch(
            actor=actor,
            at=timezone.now(),
            on=on,
            division=division,
            title=values["title"],
            programmes=values["programmes"],
            purpose=values["purpose"],
            asking_office=office_of(actor),
            group=TargetGroup(values["group"]) if values["group"] else None,
            listing=(file.read(), file.name) if file else None,
            request_id=getattr(request, "request_id", ""),
        )

    back = reverse("workbench:verification:batches")
    change = Change(
        title=_("发起批量核对"),
        lead=path_of(division.value, on),
        notes=[_("只核对授权书有效且包括定期核查的家庭；其余家庭会列出原因。")],
        basis=_("社会救助法第四十条、第四十一条、第四十七条"),
        submit=_("发起核对"),
        done=_("已发起，正在逐户委托核对。可以离开本页，稍后再看。"),
        back=back,
        crumbs=[Crumb(_("批量核对"), back)],
        asks=False,
        target=lambda made: reverse("workbench:verification:batch", args=[made]),
    )
    return change_page(request, change, form, act)


@needs(Permission.BATCH_VIEW)
@require_GET
def batch(request: HttpRequest, batch_id: int) -> HttpResponse:
    """One batch: how far it is, its orders, and the lines without one."""
    actor, now, on = actor_of(request), timezone.now(), today()
    one = queries.batch(actor=actor, at=now, batch_id=batch_id)
    packs = public_packs(on)
    text = request.GET.get("after", "")
    after = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
    problems = queries.batch_problems(actor=actor, at=now, batch_id=batch_id, after=after)
    context = {
        "batch": one,
        "place": path_of(one.division.value, on),
        "programmes": listed(programme_short(packs, key, one.division, on) for key in one.programmes),
        "running": one.done < one.total,
        "problems": [(each.number, each.row, said(each.problem_zh, each.problem_en)) for each in problems],
        "following": f"?after={problems[-1].number}" if len(problems) == 200 else "",
        "orders": queries.orders(actor=actor, at=now, batch_id=batch_id).rows,
    }
    return render(request, "workbench/verification/batch.html", context)


@needs(Permission.BATCH_VIEW)
@require_GET
def progress(request: HttpRequest, batch_id: int) -> HttpResponse:
    """The progress alone for a page that asks again and again; opened by itself it is the whole page."""
    if not request.headers.get("HX-Request"):
        return batch(request, batch_id)
    one = queries.batch(actor=actor_of(request), at=timezone.now(), batch_id=batch_id)
    context = {"batch": one, "running": one.done < one.total}
    response = render(request, "workbench/verification/batch_progress.html", context)
    if one.done >= one.total:
        response["HX-Refresh"] = "true"
    return response
