"""Django application of the room determination (审核确认)."""

from django.apps import AppConfig


class DeterminationConfig(AppConfig):
    """The room as a Django app without views."""

    name = "jiuzhu.rooms.determination"
    label = "determination"
    verbose_name = "审核确认"
