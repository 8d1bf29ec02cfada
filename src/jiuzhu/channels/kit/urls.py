"""Addresses of the kit: the choices of every page, and the gallery."""

from django.urls import path

from jiuzhu.channels.kit import views

app_name = "kit"
urlpatterns = [
    path("choose/density/", views.choose_density, name="density"),
    path("choose/theme/", views.choose_theme, name="theme"),
    path("choose/language/", views.choose_language, name="language"),
    path("kit/", views.gallery, name="gallery"),
    path("kit/workbench/", views.gallery_workbench, name="gallery_workbench"),
]
