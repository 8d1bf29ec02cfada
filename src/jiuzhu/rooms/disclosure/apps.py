"""Django application of the room disclosure (公示公开)."""

from django.apps import AppConfig


class DisclosureConfig(AppConfig):
    """The room as a Django app without views."""

    name = "jiuzhu.rooms.disclosure"
    label = "disclosure"
    verbose_name = "公示公开"
