"""Which place a page is about, and the path that leads to it."""

from collections.abc import Sequence

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jiuzhu.channels.workbench.organization.changing import Crumb
from jiuzhu.channels.workbench.templatetags.workbench_organization import named
from jiuzhu.core.actors import Actor, OutOfScope
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.core.errors import InvalidValue
from jiuzhu.rooms.organization import queries
from jiuzhu.rooms.organization.queries import DivisionView, OfficeDetail


def area_of(actor: Actor) -> DivisionCode:
    """The division an actor works in.

    Raises:
        OutOfScope: the actor works in none.
    """
    if actor.scope.division is None:
        raise OutOfScope
    return actor.scope.division


def wanted_place(request: HttpRequest, actor: Actor) -> DivisionCode:
    """The division named in `?division=`, else the actor's own.

    Raises:
        OutOfScope: it lies outside the actor's area, or is no division code.
    """
    text = request.GET.get("division", "").strip()
    if not text:
        return area_of(actor)
    try:
        code = DivisionCode.parse(text)
    except InvalidValue as wrong:
        raise OutOfScope from wrong
    actor.require_scope(code)
    return code


def require_place(actor: Actor, code: DivisionCode) -> None:
    """Let the actor pass only for a division of the area that exists or once existed.

    Raises:
        OutOfScope: it lies outside, or no division ever had the code.
    """
    actor.require_scope(code)
    if not queries.public_versions(code):
        raise OutOfScope


def path_to(actor: Actor, code: DivisionCode) -> tuple[DivisionView, ...]:
    """The divisions from the top of the actor's area down to one."""
    area = area_of(actor)
    return tuple(one for one in queries.public_path(code, timezone.localdate()) if area.contains(one.code))


def division_crumbs(path: Sequence[DivisionView]) -> list[Crumb]:
    """The path of a division's pages."""
    return [Crumb(named(one), reverse("workbench:organization:division", args=[one.code])) for one in path]


def office_crumbs(path: Sequence[DivisionView], detail: OfficeDetail) -> list[Crumb]:
    """The path of an office's pages."""
    offices = []
    if path:
        offices = [Crumb(_("机构"), reverse("workbench:organization:offices", args=[path[-1].code]))]
    own = Crumb(named(detail.office), reverse("workbench:organization:office", args=[detail.office.id]))
    return [*division_crumbs(path), *offices, own]
