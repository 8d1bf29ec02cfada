"""Looking at staff: the roll with search and paging, one person with appointments and filings."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from jiuzhu.channels.kit.access import actor_of, needs
from jiuzhu.channels.workbench.organization.placing import area_of, path_to, wanted_place
from jiuzhu.groundwork.accounts import queries as accounts
from jiuzhu.groundwork.permissions import Permission as Groundwork
from jiuzhu.rooms.organization import queries
from jiuzhu.rooms.organization.permissions import Permission

PAGE = 50
_SEPARATOR = "~"


@needs(Permission.STAFF_VIEW)
@require_GET
def roll(request: HttpRequest) -> HttpResponse:
    """The staff roll, in order of place and number."""
    actor = actor_of(request)
    place = wanted_place(request, actor)
    page = queries.staff_list(
        actor=actor,
        at=timezone.localdate(),
        text=request.GET.get("q", "")[:64],
        division=place,
        after=after_of(request),
        limit=PAGE,
    )
    return render(
        request,
        "workbench/organization/staff.html",
        {
            "page": page,
            "text": request.GET.get("q", ""),
            "place": place,
            "path": path_to(actor, place),
            "area": area_of(actor),
            "following": following(request, page.next_after),
            "may_register": actor.may(Permission.STAFF_REGISTER),
            "may_appoint": actor.may(Permission.APPOINTMENT_MAKE),
            "may_export": actor.may(Permission.STAFF_EXPORT),
        },
    )


@needs(Permission.STAFF_VIEW)
@require_GET
def person(request: HttpRequest, staff_id: int) -> HttpResponse:
    """One person of the roll."""
    actor = actor_of(request)
    detail = queries.staff_detail(actor=actor, staff_id=staff_id, at=timezone.localdate())
    state = None
    if detail.account_id is not None and actor.may(Groundwork.ACCOUNT_VIEW):
        found = accounts.account_states(actor=actor, at=timezone.now(), account_ids=[detail.account_id])
        state = found[0] if found else None
    return render(
        request,
        "workbench/organization/person.html",
        {
            "detail": detail,
            "path": path_to(actor, detail.row.division) if actor.covers(detail.row.division) else (),
            "account": state,
            "may_change": actor.may(Permission.STAFF_REGISTER),
            "may_appoint": actor.may(Permission.APPOINTMENT_MAKE),
            "may_end": actor.may(Permission.APPOINTMENT_END),
            "may_file": actor.may(Permission.RELATIVE_FILE_FOR_OTHERS),
            "may_reset_password": actor.may(Groundwork.ACCOUNT_RESET_PASSWORD),
        },
    )


def after_of(request: HttpRequest) -> tuple[str, str] | None:
    """The key in `?after=` from which a list of staff goes on."""
    division, found, number = request.GET.get("after", "").partition(_SEPARATOR)
    return (division, number) if found else None


def following(request: HttpRequest, key: tuple[str, str] | None) -> str:
    """The address of the next page of a list of staff; empty at its end."""
    if key is None:
        return ""
    parameters = request.GET.copy()
    parameters["after"] = _SEPARATOR.join(key)
    return f"?{parameters.urlencode()}"
