"""Addresses of a citizen's own pages."""

from django.urls import path

from jiuzhu.channels.portal.registry import views

app_name = "registry"
urlpatterns = [
    path("", views.family, name="family"),
    path("authorisations/<int:authorisation_id>/withdraw/", views.withdraw, name="withdraw"),
]
