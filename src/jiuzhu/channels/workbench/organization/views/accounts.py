"""Accounts (账号) of the staff one may see: state, first and new passwords, locks, closing, lost second factors."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from jiuzhu.channels.kit.access import actor_of, needs
from jiuzhu.channels.workbench.organization.views.staff import PAGE, after_of, following
from jiuzhu.groundwork.accounts import queries
from jiuzhu.groundwork.permissions import Permission
from jiuzhu.rooms.organization import queries as organization

_change = require_http_methods(["GET", "HEAD", "POST"])


@needs(Permission.ACCOUNT_VIEW)
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """The people of the actor's area with the state of their accounts."""
    actor = actor_of(request)
    text = request.GET.get("q", "")[:64]
    page = organization.staff_list(actor=actor, at=timezone.localdate(), text=text, after=after_of(request), limit=PAGE)
    wanted = organization.accounts_of_staff(actor=actor, staff_ids=[row.id for row in page.rows])
    states = queries.account_states(actor=actor, at=timezone.now(), account_ids=wanted.values())
    return render(
        request,
        "workbench/organization/accounts.html",
        {
            "rows": [(row, states.get(wanted.get(row.id, 0))) for row in page.rows],
            "text": text,
            "following": following(request, page.next_after),
            "may_reset_password": actor.may(Permission.ACCOUNT_RESET_PASSWORD),
            "may_reset_second_factor": actor.may(Permission.ACCOUNT_RESET_SECOND_FACTOR),
            "may_unlock": actor.may(Permission.ACCOUNT_UNLOCK),
            "may_close": actor.may(Permission.ACCOUNT_CLOSE),
        },
    )
