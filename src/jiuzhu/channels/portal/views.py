"""The portal's home page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from jiuzhu.channels.kit.access import everyone


@everyone
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What this is, who may get help, where and how to ask for it."""
    return render(request, "portal/home.html")
