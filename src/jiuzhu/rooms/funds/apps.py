"""Django application of the room funds (资金)."""

from django.apps import AppConfig


class FundsConfig(AppConfig):
    """The room as a Django app without views."""

    name = "jiuzhu.rooms.funds"
    label = "funds"
    verbose_name = "资金"
