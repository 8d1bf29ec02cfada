"""Django application of the room registry (困难群众库)."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """The room as a Django app without views."""

    name = "jiuzhu.rooms.registry"
    label = "registry"
    verbose_name = "困难群众库"
