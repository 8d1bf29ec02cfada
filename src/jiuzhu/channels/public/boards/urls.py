"""Addresses of the boards."""

from django.urls import path

from jiuzhu.channels.public.boards import views

urlpatterns = [
    path("boards/", views.board, name="board"),
    path("boards/answer/", views.answer, name="objection_answer"),
    path("boards/<int:notice_id>/object/", views.object_to, name="object"),
]
