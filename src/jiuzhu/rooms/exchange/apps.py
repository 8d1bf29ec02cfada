"""Django application of the room exchange (共享交换)."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """The room as a Django app without views."""

    name = "jiuzhu.rooms.exchange"
    label = "exchange"
    verbose_name = "共享交换"
