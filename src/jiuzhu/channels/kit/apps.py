"""Django application of the channel kit."""

from django.apps import AppConfig


class KitConfig(AppConfig):
    """The channel as a Django app without tables."""

    name = "jiuzhu.channels.kit"
    label = "kit"

    def ready(self) -> None:
        """Tie a citizen's account to the registered person at every real-name login."""
        from allauth.account.signals import user_logged_in

        from jiuzhu.channels.kit.adapters import link_citizen

        user_logged_in.connect(link_citizen, dispatch_uid="kit.link_citizen")
