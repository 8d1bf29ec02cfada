"""Addresses of the audit viewer."""

from django.urls import path

from jiuzhu.channels.workbench.audit import views

urlpatterns = [
    path("", views.blocks, name="audit"),
    path("<int:block_id>/", views.block, name="audit_block"),
]
