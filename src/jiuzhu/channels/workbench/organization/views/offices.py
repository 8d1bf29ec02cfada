"""Looking at offices: those of a division, one with its names over time and its posts."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from jiuzhu.channels.kit.access import actor_of, needs
from jiuzhu.channels.workbench.organization.forms import options
from jiuzhu.channels.workbench.organization.placing import path_to, require_place
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.rooms.organization import queries
from jiuzhu.rooms.organization.permissions import Permission
from jiuzhu.rooms.organization.states import OFFICE_KIND_NAMES, OfficeKind


@needs(Permission.OFFICE_VIEW)
@require_GET
def offices(request: HttpRequest, code: DivisionCode) -> HttpResponse:
    """Offices of a division by kind; with those below it when asked."""
    actor = actor_of(request)
    require_place(actor, code)
    kind = request.GET.get("kind", "")
    below = bool(request.GET.get("below"))
    text = request.GET.get("q", "").strip()[:64]
    page = queries.offices_by_division(
        actor=actor,
        division=code,
        at=timezone.localdate(),
        kinds=[OfficeKind(kind)] if kind in set(OfficeKind) else None,
        text=text,
        with_below=below,
        after=request.GET.get("after") or None,
    )
    following = ""
    if page.next_after is not None:
        parameters = request.GET.copy()
        parameters["after"] = page.next_after
        following = f"?{parameters.urlencode()}"
    return render(
        request,
        "workbench/organization/offices.html",
        {
            "path": path_to(actor, code),
            "code": code,
            "page": page,
            "kinds": options(OFFICE_KIND_NAMES.items(), empty=_("全部")),
            "kind": kind,
            "text": text,
            "below": below,
            "following": following,
            "may_open": actor.may(Permission.OFFICE_CHANGE),
        },
    )


@needs(Permission.OFFICE_VIEW)
@require_GET
def office(request: HttpRequest, office_id: int) -> HttpResponse:
    """One office."""
    actor = actor_of(request)
    today = timezone.localdate()
    detail = queries.office_detail(actor=actor, office_id=office_id, at=today)
    open_now = (detail.office.valid_to is None or today < detail.office.valid_to) and (
        detail.office.valid_from is None or detail.office.valid_from <= today
    )
    return render(
        request,
        "workbench/organization/office.html",
        {
            "detail": detail,
            "path": path_to(actor, detail.office.division),
            "open_now": open_now,
            "may_change": open_now and actor.may(Permission.OFFICE_CHANGE),
            "may_change_posts": open_now and actor.may(Permission.POST_CHANGE),
            "may_see_posts": actor.may(Permission.POST_VIEW),
            "may_see_staff": actor.may(Permission.STAFF_VIEW),
        },
    )
