"""Django application of the room referral (转介)."""

from django.apps import AppConfig


class ReferralConfig(AppConfig):
    """The room as a Django app without views."""

    name = "jiuzhu.rooms.referral"
    label = "referral"
    verbose_name = "转介"
