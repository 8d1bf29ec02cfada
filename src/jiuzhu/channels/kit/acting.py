"""From a login session to an actor: which post, which scope, and the transaction in which the request works."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from jiuzhu.channels.kit.access import Access, Door, access_of
from jiuzhu.channels.kit.errors import answer
from jiuzhu.core.actors import Actor, PermissionRefused
from jiuzhu.groundwork.accounts.models import Account, AccountKind
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.rooms.application.permissions import CITIZEN_PERMISSIONS as OF_APPLICATION
from jiuzhu.rooms.organization import queries as organization
from jiuzhu.rooms.registry import queries as registry
from jiuzhu.rooms.verification.permissions import CITIZEN_PERMISSIONS as OF_VERIFICATION

POST_KEY = "post_id"
_FIRST_ERROR = 400


class ActorMiddleware:
    """Gives each request its actor and runs it in that actor's transaction; an answer that is an error writes nothing.

    The actor is built anew for every request, so a revoked role ends on the next one.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = actor = _actor(request)  # type: ignore[attr-defined]
        request.signed_in = request.user.is_authenticated  # type: ignore[attr-defined]
        if actor is None:
            return self.get_response(request)
        with acting(actor, request_id=getattr(request, "request_id", "")):
            response = self.get_response(request)
            if response.status_code >= _FIRST_ERROR:
                transaction.set_rollback(True)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], _args: object, _kwargs: object
    ) -> HttpResponseBase | None:
        """Refuse what the view does not grant; lead to login, to the second factor, or to an explanation."""
        access = access_of(view)
        if access is None:
            raise PermissionDenied("the view says nothing about who may open it")
        if access.door is Door.EVERYONE:
            return None
        if not request.user.is_authenticated:
            return redirect(f"{reverse('account_login')}?{urlencode({'next': request.get_full_path()})}")
        if _owes_second_factor(request) and not access_is_for_second_factor(view):
            return redirect("mfa_activate_totp")
        actor: Actor | None = request.actor  # type: ignore[attr-defined]
        if actor is None:
            is_citizen = isinstance(request.user, Account) and request.user.kind == AccountKind.CITIZEN
            return render(request, "account/no_post.html", {"is_citizen": is_citizen}, status=403)
        try:
            _require(actor, access)
        except PermissionRefused as refused:
            return answer(request, refused)
        return None


def access_is_for_second_factor(view: Callable[..., Any]) -> bool:
    """Whether the view belongs to the pages by which a second factor is set up."""
    return str(getattr(getattr(view, "view_class", view), "__module__", "")).startswith("allauth.")


def _require(actor: Actor, access: Access) -> None:
    if access.door is Door.PERMISSION:
        actor.require(access.permission)
    if access.kinds and actor.kind not in access.kinds:
        raise PermissionRefused(" / ".join(sorted(kind.value for kind in access.kinds)))


def _actor(request: HttpRequest) -> Actor | None:
    user = request.user
    if not isinstance(user, Account) or not user.is_active:
        return None
    today = timezone.localdate()
    session = request.session.session_key or ""
    session_hash = hashlib.sha256(session.encode()).hexdigest()[:16]
    if user.kind == AccountKind.CITIZEN:
        citizen = registry.citizen_actor(account_id=user.pk, on=today, session_key_hash=session_hash)
        return citizen and replace(citizen, permissions=citizen.permissions | OF_APPLICATION | OF_VERIFICATION)
    chosen: int | None = request.session.get(POST_KEY)
    actor = organization.actor_of_account(account_id=user.pk, at=today, post_id=chosen, session_key_hash=session_hash)
    if actor is None and chosen is not None:
        # the chosen post is no longer held: forget the choice and fall back to what is still held
        del request.session[POST_KEY]
        actor = organization.actor_of_account(account_id=user.pk, at=today, session_key_hash=session_hash)
    return actor


def _owes_second_factor(request: HttpRequest) -> bool:
    """Staff and department officers must have a second factor (等保 level 3: two-factor login)."""
    user = request.user
    return (
        isinstance(user, Account)
        and user.kind != AccountKind.CITIZEN
        and settings.SECOND_FACTOR_REQUIRED
        and not is_mfa_enabled(user)
    )
