"""Addresses of the public pages of the organization."""

from django.urls import path

from jiuzhu.channels.public.organization import views

urlpatterns = [
    path("places/", views.places, name="places"),
    path("duties/", views.duties, name="duties"),
]
