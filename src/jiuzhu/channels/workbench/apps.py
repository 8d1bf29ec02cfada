"""Django application of the channel workbench."""

from django.apps import AppConfig


class WorkbenchConfig(AppConfig):
    """The channel as a Django app without tables."""

    name = "jiuzhu.channels.workbench"
    label = "workbench"
