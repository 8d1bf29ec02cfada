"""Django application of the channel kit."""

from django.apps import AppConfig


class KitConfig(AppConfig):
    """The channel as a Django app without tables."""

    name = "jiuzhu.channels.kit"
    label = "kit"
