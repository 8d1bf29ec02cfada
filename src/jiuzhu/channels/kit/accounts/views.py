"""The pages on accounts that the login library does not have."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from jiuzhu.channels.kit.access import everyone


@everyone
@require_GET
def no_signup(request: HttpRequest) -> HttpResponse:
    """Say how one gets an account: staff from the administrator, citizens by real-name login."""
    return render(request, "account/no_signup.html")
