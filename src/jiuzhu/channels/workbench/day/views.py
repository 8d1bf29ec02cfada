"""My day, and the choice of the post one acts in."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from jiuzhu.channels.kit.access import actor_of, signed_in
from jiuzhu.channels.kit.acting import POST_KEY
from jiuzhu.core.actors import Actor, ActorKind
from jiuzhu.groundwork.audit import queries as audit
from jiuzhu.groundwork.tasks import progress
from jiuzhu.rooms.organization import queries as organization
from jiuzhu.rooms.registry import queries as registry
from jiuzhu.rooms.registry.permissions import Permission as Registry

_OPEN_HOUSEHOLDS = 10
_JOBS = 5
# what the program writes beside what somebody did: notes of looks, and what follows from facts
_BY_ITSELF = (
    "registry_access_log",
    "registry_person_values",
    "registry_household_values",
    "task_progress",
    "stored_file",
)


@signed_in(ActorKind.STAFF, ActorKind.DEPARTMENT)
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """What waits for this post: households with open business, long jobs, what I did last."""
    actor = actor_of(request)
    today = timezone.localdate()
    flagged = None
    counts = None
    if actor.may(Registry.HOUSEHOLD_VIEW):
        flagged = registry.list_households(
            actor=actor, on=today, wanted=registry.HouseholdFilter(flagged=True), size=_OPEN_HOUSEHOLDS
        )
    if actor.may(Registry.STATISTICS_VIEW) and actor.scope.division is not None:
        counts = [
            count
            for count in registry.counts_by_group(actor=actor, on=today, division=actor.scope.division)
            if count.persons or count.households
        ]
    return render(
        request,
        "workbench/day/home.html",
        {
            "place": _place(actor),
            "flagged": flagged,
            "counts": counts,
            "jobs": progress.recent(actor=actor, count=_JOBS),
            "mine": audit.own_blocks(actor=actor, count=8, without=_BY_ITSELF),
            "today": today,
        },
    )


@signed_in(ActorKind.STAFF, ActorKind.DEPARTMENT)
@require_POST
def choose_post(request: HttpRequest) -> HttpResponseBase:
    """Act in another of one's posts from now on."""
    actor = actor_of(request)
    held = organization.posts_of_account(account_id=actor.account_id or 0, at=timezone.localdate())
    chosen = next((post for post in held if str(post.post_id) == request.POST.get("post", "")), None)
    if chosen is None:
        messages.error(request, _("您不担任这个岗位，没有切换。请从列表中重新选择。"))
    else:
        request.session[POST_KEY] = chosen.post_id
        messages.success(request, _("已切换岗位：%(title)s") % {"title": chosen.title})
    # another post may not be allowed to see the page one came from
    return redirect("workbench:home")


def _place(actor: Actor) -> str:
    if actor.scope.division is None:
        return ""
    found = organization.public_path(actor.scope.division, timezone.localdate())
    return " / ".join(division.name for division in found)
