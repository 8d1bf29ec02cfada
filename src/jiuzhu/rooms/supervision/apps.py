"""Django application of the room supervision (监管)."""

from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    """The room as a Django app without views."""

    name = "jiuzhu.rooms.supervision"
    label = "supervision"
    verbose_name = "监管"
