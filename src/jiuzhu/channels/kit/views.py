"""Choices of language, density and theme, kept in cookies; and the gallery of components (trial only)."""

from http import HTTPStatus

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from jiuzhu.channels.kit import errors
from jiuzhu.channels.kit.access import everyone
from jiuzhu.channels.kit.context import DENSITIES, DENSITY_COOKIE, SWITCHES, THEME_COOKIE, THEMES, Theme
from jiuzhu.channels.kit.gallery import gallery_context

_YEAR_S = 365 * 24 * 3600
_STANDARD = "standard"


def safe_return(request: HttpRequest) -> str:
    """The page to go back to, from `next`; only paths of this site, else the home page."""
    wanted = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if safe and wanted.startswith("/") and wanted.isprintable() else "/"


def _keep(request: HttpRequest, cookie: str, value: str, allowed: frozenset[str]) -> HttpResponse:
    if value and value not in allowed:
        return errors.draw(
            request,
            errors.ErrorPage(
                HTTPStatus.UNPROCESSABLE_ENTITY,
                _("没有这个选项"),
                _("您选择的显示方式不存在，没有做任何更改。"),
                [_("返回上一页重新选择。")],
            ),
        )
    response = redirect(safe_return(request))
    if value:
        response.set_cookie(
            cookie, value, max_age=_YEAR_S, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
        )
    else:
        response.delete_cookie(cookie, samesite="Lax")
    return response


@everyone
@require_POST
def choose_density(request: HttpRequest) -> HttpResponse:
    """Keep the density; `standard` forgets the choice, so that each channel has its own again."""
    value = request.POST.get("density", "")
    return _keep(request, DENSITY_COOKIE, "" if value == _STANDARD else value or "?", DENSITIES)


@everyone
@require_POST
def choose_theme(request: HttpRequest) -> HttpResponse:
    """Keep light or dark; `auto` forgets the choice."""
    value = request.POST.get("theme", "")
    return _keep(request, THEME_COOKIE, "" if value == Theme.AUTO else value or "?", THEMES)


@everyone
@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Keep the language."""
    value = request.POST.get("language", "")
    offered = frozenset(tag for tag, _short, _name in SWITCHES)
    return _keep(request, settings.LANGUAGE_COOKIE_NAME, value or "?", offered)


@everyone
@require_GET
def gallery(request: HttpRequest) -> HttpResponse:
    """Every component in every state, for those who build pages and for the visual checks. Trial only."""
    if not settings.TRIAL:
        raise Http404
    return render(request, "kit/gallery.html", gallery_context())


@everyone
@require_GET
def gallery_workbench(request: HttpRequest) -> HttpResponse:
    """The frame of the workbench around sample content. Trial only."""
    if not settings.TRIAL:
        raise Http404
    return render(request, "kit/gallery_workbench.html", gallery_context())
