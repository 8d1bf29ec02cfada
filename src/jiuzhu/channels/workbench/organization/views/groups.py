"""Leading groups of the city, counties and townships."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from jiuzhu.channels.kit.access import actor_of, needs
from jiuzhu.channels.workbench.organization.changing import Change, Crumb, Values, change_page, changes, posted
from jiuzhu.channels.workbench.organization.forms import GroupForm
from jiuzhu.channels.workbench.organization.placing import path_to, wanted_place
from jiuzhu.core.divisions import DivisionCode, DivisionLevel
from jiuzhu.rooms.organization import actions, queries
from jiuzhu.rooms.organization.permissions import Permission


@needs(Permission.GROUP_VIEW)
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """The groups of a place and of those below it, each with its members."""
    actor = actor_of(request)
    today = timezone.localdate()
    place = wanted_place(request, actor)
    found = queries.leading_groups(actor=actor, division=place, at=today)
    places = queries.public_divisions([group.division for group in found], today)
    return render(
        request,
        "workbench/organization/groups.html",
        {
            "groups": [(group, places.get(group.division)) for group in found],
            "place": place,
            "path": path_to(actor, place),
            "may_form": actor.may(Permission.GROUP_FORM) and place.level < DivisionLevel.VILLAGE,
        },
    )


@needs(Permission.GROUP_FORM)
@changes
def form_group(request: HttpRequest, code: DivisionCode) -> HttpResponseBase:
    """A leading group from a day on, in place of the one before."""
    actor = actor_of(request)
    node = queries.division_tree(actor=actor, at=timezone.localdate(), code=code)
    listed = reverse("workbench:organization:groups")
    change = Change(
        title=_("成立或调整领导小组"),
        lead=_("%(name)s。组长由政府主要负责同志担任。") % {"name": node.division.full_name},
        basis=_("统筹完善社会救助体系工作意见三（一）"),
        submit=_("确认"),
        done=_("已登记领导小组。"),
        back=f"{listed}?division={code}",
        crumbs=[Crumb(_("领导小组"), listed)],
        consequences=lambda values: [
            _("原有领导小组截至%(day)s，由本次登记的接替；没有原领导小组的不受影响。")
            % {"day": values["day"].isoformat()}
        ],
    )
    form = GroupForm(
        posted(request),
        initial={
            "name": _("%(name)s社会救助工作领导小组") % {"name": node.division.name},
            "day": timezone.localdate(),
        },
    )

    def act(values: Values) -> int:
        return actions.form_leading_group(
            actor=actor,
            at=timezone.now(),
            division=code,
            name=values["name"],
            document_number=values["document_number"],
            day=values["day"],
            seats=form.seats(),
        )

    return change_page(request, change, form, act)
