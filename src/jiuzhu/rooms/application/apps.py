"""Django application of the room application (受理)."""

from django.apps import AppConfig


class ApplicationConfig(AppConfig):
    """The room as a Django app without views."""

    name = "jiuzhu.rooms.application"
    label = "application"
    verbose_name = "受理"
