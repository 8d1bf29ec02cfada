"""How the login library meets our accounts: nobody signs up by themselves, citizens come by real-name identity."""

from collections.abc import Mapping
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jiuzhu.core.actors import system_actor
from jiuzhu.core.errors import Refusal
from jiuzhu.groundwork.accounts.models import Account, AccountKind
from jiuzhu.rooms.registry import actions as registry
from jiuzhu.rooms.registry.permissions import Permission


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Staff accounts are made by an administrator."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody opens a staff account for themselves."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Wrong passwords count towards the lock of the account alone, which says so and which an administrator lifts.

        The library's own count would hide the page of the lock, and go on after the lock was lifted.
        """

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Each kind of account goes to its own channel."""
        user = request.user
        if isinstance(user, Account) and user.kind == AccountKind.CITIZEN:
            return reverse("portal:home")
        return reverse("workbench:home")

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        """The first real-name login, which the library calls a signup, leads where every later one does."""
        return self.get_login_redirect_url(request)


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """A citizen's account follows from the identity provider's claims; the identity number is not kept with it."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Whoever the real-name provider vouches for may log in."""
        return True

    def is_auto_signup_allowed(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """There is nothing more to ask."""
        return True

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Take the number out of what the library stores; refuse a provider that does not vouch for the real name."""
        said = sociallogin.account.extra_data
        claims = said.get("userinfo") or said.get("id_token") or said
        if not claims.get("real_name") or not claims.get("id_number"):
            messages.error(
                request, _("统一身份认证没有返回实名信息，请先在该平台完成实名认证，或到乡镇（街道）窗口办理。")
            )
            raise ImmediateHttpResponse(redirect("account_login"))
        request.real_name_number = str(claims["id_number"])  # type: ignore[attr-defined]
        sociallogin.account.extra_data = {"sub": claims["sub"]}

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> Account:
        """A new citizen account."""
        user: Account = sociallogin.user
        user.kind = AccountKind.CITIZEN
        user.display_name = str(data.get("name") or "")[:64]
        user.login_name = f"citizen:{sociallogin.account.uid}"[:64]
        user.created_at = timezone.now()
        return user


def locked_name(_request: HttpRequest, credentials: Mapping[str, object] | None) -> str | None:
    """The login name under which failures count: the login library takes it in any case, the lock in lower case."""
    name = (credentials or {}).get("username")
    return str(name).lower() if name else None


def link_citizen(request: HttpRequest, user: Account, **_: object) -> None:
    """After a real-name login: tie the account to the registered person with that number, when there is one."""
    number: str | None = getattr(request, "real_name_number", None)
    if number is None:
        return
    try:
        registry.link_citizen(
            actor=system_actor("实名登录", permissions=[Permission.CITIZEN_LINK]),
            at=timezone.now(),
            account_id=user.pk,
            document_number=number,
            method=settings.IDENTITY_PROVIDER,
        )
    except Refusal as refusal:
        messages.warning(request, refusal.message(getattr(request, "LANGUAGE_CODE", "zh")))
