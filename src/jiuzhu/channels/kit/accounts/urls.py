"""Addresses of login and accounts; pages of the library that we do not use have none."""

from allauth.account import views as account
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from allauth.socialaccount import views as social
from allauth.socialaccount.providers.openid_connect import views as identity
from allauth.usersessions import views as sessions
from django.conf import settings
from django.urls import path

from jiuzhu.channels.kit.accounts import views

_provider = {"provider_id": settings.IDENTITY_PROVIDER}

urlpatterns = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("again/", account.reauthenticate, name="account_reauthenticate"),
    path("password/", account.password_change, name="account_change_password"),
    # the library leads here whoever has no password: citizens log in by real name
    path("password/none/", views.no_signup, name="account_set_password"),
    path("new/", views.no_signup, name="account_signup"),
    path("real-name/", identity.login, kwargs=_provider, name="openid_connect_login"),
    path("real-name/callback/", identity.callback, kwargs=_provider, name="openid_connect_callback"),
    path("real-name/cancelled/", social.login_cancelled, name="socialaccount_login_cancelled"),
    path("real-name/error/", social.login_error, name="socialaccount_login_error"),
    path("factors/", factors.index, name="mfa_index"),
    path("factors/enter/", factors.authenticate, name="mfa_authenticate"),
    path("factors/again/", factors.reauthenticate, name="mfa_reauthenticate"),
    path("factors/code/", totp.activate_totp, name="mfa_activate_totp"),
    path("factors/code/remove/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("factors/recovery/", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("factors/recovery/new/", recovery.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("factors/recovery/file/", recovery.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("factors/passkeys/", passkeys.list_webauthn, name="mfa_list_webauthn"),
    path("factors/passkeys/new/", passkeys.add_webauthn, name="mfa_add_webauthn"),
    path("factors/passkeys/again/", passkeys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("factors/passkeys/<int:pk>/", passkeys.edit_webauthn, name="mfa_edit_webauthn"),
    path("factors/passkeys/<int:pk>/remove/", passkeys.remove_webauthn, name="mfa_remove_webauthn"),
    path("factors/passkeys/login/", passkeys.login_webauthn, name="mfa_login_webauthn"),
    path("sessions/", sessions.list_usersessions, name="usersessions_list"),
]
