"""Pages and endpoints of the demonstration identity provider."""

import hmac
import time

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jiuzhu.channels.kit.access import everyone
from jiuzhu.core.errors import InvalidValue
from jiuzhu.core.identity import CitizenId
from jiuzhu.core.names import PersonName
from jiuzhu.demo.identity import people, provider


def issuer() -> str:
    """The provider's name: its own address."""
    return f"{settings.ENVIRONMENT.public_address}/demo/identity"


class ChooseForm(forms.Form):
    """Who to be: a name and an identity number."""

    name = forms.CharField(label=_("姓名"), max_length=64)
    identity_number = forms.CharField(label=_("身份证号"), max_length=24)

    def clean_name(self) -> str:
        """The name, cleaned."""
        try:
            return str(PersonName.parse(self.cleaned_data["name"]))
        except InvalidValue as fault:
            raise forms.ValidationError(fault.message_zh) from fault

    def clean_identity_number(self) -> str:
        """The number, in its eighteen characters."""
        try:
            return CitizenId.parse(self.cleaned_data["identity_number"], today=timezone.localdate()).value
        except InvalidValue as fault:
            raise forms.ValidationError(fault.message_zh) from fault


@everyone
@require_GET
def configuration(request: HttpRequest) -> HttpResponse:
    """Discovery document (OpenID Connect Discovery 1.0)."""
    base = settings.ENVIRONMENT.public_address
    return JsonResponse(
        {
            "issuer": issuer(),
            "authorization_endpoint": base + reverse("demo_identity:authorize"),
            "token_endpoint": base + reverse("demo_identity:token"),
            "userinfo_endpoint": base + reverse("demo_identity:userinfo"),
            "jwks_uri": base + reverse("demo_identity:keys"),
            "response_types_supported": ["code"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
            "code_challenge_methods_supported": ["S256"],
        }
    )


@everyone
@require_GET
def keys(request: HttpRequest) -> HttpResponse:
    """The public key."""
    return JsonResponse(provider.key_set(provider.signing_key(settings.ENVIRONMENT.var)))


@everyone
@require_http_methods(["GET", "POST"])
def authorize(request: HttpRequest) -> HttpResponseBase:
    """Choose whom to be, then go back with a code; only to the trial's own callback."""
    asked = request.GET
    own = settings.ENVIRONMENT.public_address + reverse(
        "openid_connect_callback", kwargs={"provider_id": settings.IDENTITY_PROVIDER}
    )
    if asked.get("client_id") != settings.ENVIRONMENT.identity_client_id or asked.get("redirect_uri") != own:
        return render(request, "demo/identity/refused.html", status=400)
    form = ChooseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        code = provider.make_code(
            provider.Citizen(form.cleaned_data["name"], form.cleaned_data["identity_number"]),
            redirect_uri=own,
            nonce=asked.get("nonce", ""),
            challenge=asked.get("code_challenge", ""),
        )
        return redirect(f"{own}?{urlencode({'code': code, 'state': asked.get('state', '')})}")
    english = (get_language() or "").startswith("en")
    offered = [
        {
            "name": one.name,
            "identity_number": one.identity_number,
            "story": one.story_en if english else one.story_zh,
        }
        for one in people.offered(settings.ENVIRONMENT.var)
    ]
    return render(
        request,
        "demo/identity/authorize.html",
        {"form": form, "people": offered},
        status=422 if form.errors else 200,
    )


@csrf_exempt
@everyone
@require_POST
def token(request: HttpRequest) -> HttpResponse:
    """Exchange a code for tokens; called by the client's server, never by a browser."""
    sent = request.POST
    client, secret = settings.ENVIRONMENT.identity_client_id, settings.ENVIRONMENT.identity_client_secret
    if sent.get("client_id") != client or not hmac.compare_digest(sent.get("client_secret", ""), secret):
        return JsonResponse({"error": "invalid_client"}, status=401)
    try:
        citizen, nonce = provider.redeem_code(
            sent.get("code", ""), redirect_uri=sent.get("redirect_uri", ""), verifier=sent.get("code_verifier", "")
        )
    except provider.RefusedGrant as refused:
        return JsonResponse({"error": "invalid_grant", "error_description": str(refused)}, status=400)
    key = provider.signing_key(settings.ENVIRONMENT.var)
    return JsonResponse(
        {
            "access_token": provider.make_access_token(citizen),
            "token_type": "Bearer",
            "expires_in": provider.TOKEN_SECONDS,
            "id_token": provider.make_id_token(
                citizen, key, issuer=issuer(), client_id=client, nonce=nonce, now_unix=int(time.time())
            ),
        }
    )


@everyone
@require_GET
def userinfo(request: HttpRequest) -> HttpResponse:
    """The claims behind an access token."""
    try:
        citizen = provider.citizen_of_token(request.headers.get("Authorization", "").removeprefix("Bearer "))
    except provider.RefusedGrant as refused:
        return JsonResponse({"error": "invalid_token", "error_description": str(refused)}, status=401)
    return JsonResponse(provider.claims(citizen))
