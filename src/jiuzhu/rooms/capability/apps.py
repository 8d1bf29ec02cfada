"""Django application of the room capability (能力建设)."""

from django.apps import AppConfig


class CapabilityConfig(AppConfig):
    """The room as a Django app without views."""

    name = "jiuzhu.rooms.capability"
    label = "capability"
    verbose_name = "能力建设"
