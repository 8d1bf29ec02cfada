"""Addresses of the portal."""

from django.urls import include, path

from jiuzhu.channels.portal import views

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
    path("family/verification/", include("jiuzhu.channels.portal.verification.urls")),
    path("family/", include("jiuzhu.channels.portal.registry.urls")),
]
