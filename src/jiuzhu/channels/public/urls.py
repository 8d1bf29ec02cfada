"""Addresses of the public site."""

from django.urls import include, path

from jiuzhu.channels.public import views

app_name = "public"
urlpatterns = [
    path("", views.home, name="home"),
    path("", include("jiuzhu.channels.public.authenticity.urls")),
    path("", include("jiuzhu.channels.public.boards.urls")),
    path("", include("jiuzhu.channels.public.organization.urls")),
    path("", include("jiuzhu.channels.public.programmes.urls")),
]
