"""Django application of the room payment (发放)."""

from django.apps import AppConfig


class PaymentConfig(AppConfig):
    """The room as a Django app without views."""

    name = "jiuzhu.rooms.payment"
    label = "payment"
    verbose_name = "发放"
