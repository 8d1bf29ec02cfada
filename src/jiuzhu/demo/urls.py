"""Addresses of the demonstration, present in a trial only."""

from django.urls import include, path

from jiuzhu.demo import views

urlpatterns = [
    path("accounts/", include(([path("", views.accounts, name="accounts")], "demo"))),
    path("identity/", include("jiuzhu.demo.identity.urls")),
]
