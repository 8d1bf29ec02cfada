"""Addresses of the programme pages."""

from django.urls import path

from jiuzhu.channels.public.programmes import changes, rules, standards, views

urlpatterns = [
    path("programmes/", views.programmes, name="programmes"),
    path("programmes/changes/", changes.changes, name="programme_changes"),
    path("programmes/standards/", standards.standards, name="standards"),
    path("programmes/<slug:name>/", views.programme, name="programme"),
    path("programmes/<slug:name>/rules/", rules.rules, name="programme_rules"),
]
