"""Django application of the demonstration."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """The demonstration as a Django app."""

    name = "jiuzhu.demo"
    label = "demo"
