"""Addresses of the check of documents."""

from django.urls import path

from jiuzhu.channels.public.authenticity import views

urlpatterns = [path("documents/check/", views.check, name="document_check")]
