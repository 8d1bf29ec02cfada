"""The page on which a trial shows who can log in, with the second factor of the moment."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from jiuzhu.channels.kit.access import everyone
from jiuzhu.core.actors import system_actor
from jiuzhu.demo.accounts import current_demo_code, demo_accounts, demo_password
from jiuzhu.rooms.organization import queries
from jiuzhu.rooms.organization.permissions import Permission


@dataclass(frozen=True, slots=True)
class Line:
    """An account as the page shows it."""

    login: str
    name: str
    role: str
    duties: str


@never_cache
@everyone
@require_GET
def accounts(request: HttpRequest) -> HttpResponse:
    """The demonstration accounts. All share one second factor, so one code is shown for all."""
    english = (get_language() or "").startswith("en")
    viewer = system_actor("演示账号", permissions=[Permission.ROLE_VIEW])
    roles = {role.key: role for role in queries.roles(actor=viewer).roles}
    lines = [
        Line(
            one.login,
            one.name,
            roles[one.role].name_en if english else roles[one.role].name,
            roles[one.role].duties_en if english else roles[one.role].duties,
        )
        for one in demo_accounts()
    ]
    code = current_demo_code(lines[0].login)
    return render(request, "demo/accounts.html", {"lines": lines, "code": code, "password": demo_password()})
