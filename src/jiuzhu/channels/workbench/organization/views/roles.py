"""Roles and what each may do, the duties that exclude each other, the three separated administrators."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from jiuzhu.channels.kit.access import actor_of, needs
from jiuzhu.groundwork.permissions import PERMISSION_NAMES as GROUNDWORK
from jiuzhu.rooms.organization import queries
from jiuzhu.rooms.organization.permissions import PERMISSION_NAMES as ORGANIZATION
from jiuzhu.rooms.organization.permissions import Permission
from jiuzhu.rooms.organization.queries import RolesView
from jiuzhu.rooms.registry.permissions import PERMISSION_NAMES as REGISTRY


@dataclass(frozen=True, slots=True)
class _Line:
    """A permission: its Chinese and English sentence, and for every role whether it holds it."""

    names: tuple[str, str]
    held: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class _Group:
    title: str
    lines: tuple[_Line, ...]


@needs(Permission.ROLE_VIEW)
@require_GET
def matrix(request: HttpRequest) -> HttpResponse:
    """Roles by permissions."""
    view = queries.roles(actor=actor_of(request))
    groups = [
        _group(_("组织网络"), ORGANIZATION.items(), view),
        _group(_("困难群众库"), REGISTRY.items(), view),
        _group(_("账号、审计与文件"), GROUNDWORK.items(), view),
    ]
    return render(
        request,
        "workbench/organization/roles.html",
        {
            "view": view,
            "groups": [group for group in groups if group.lines],
            "administrators": [role for role in view.roles if role.is_administrator],
            "business": [role for role in view.roles if not role.is_administrator],
        },
    )


def _group(title: str, names: Iterable[tuple[str, tuple[str, str]]], view: RolesView) -> _Group:
    lines = (_Line(texts, tuple(str(key) in role.permissions for role in view.roles)) for key, texts in names)
    return _Group(title, tuple(line for line in lines if any(line.held)))
