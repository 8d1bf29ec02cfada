"""Django application of the channel portal."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The channel as a Django app without tables."""

    name = "jiuzhu.channels.portal"
    label = "portal"
