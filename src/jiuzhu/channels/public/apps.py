"""Django application of the channel public."""

from django.apps import AppConfig


class PublicConfig(AppConfig):
    """The channel as a Django app without tables."""

    name = "jiuzhu.channels.public"
    label = "public"
