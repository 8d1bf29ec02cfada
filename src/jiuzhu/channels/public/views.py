"""The home page of the public site."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from jiuzhu.channels.kit.access import everyone


@everyone
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What the law lets everyone see, and what it protects."""
    return render(request, "public/home.html")
