"""Django application of the room catalogue (制度清单)."""

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    """The room as a Django app without views."""

    name = "jiuzhu.rooms.catalogue"
    label = "catalogue"
    verbose_name = "制度清单"
