"""Django application of the room registry (困难群众库)."""

from django.apps import AppConfig
from django.conf import settings

from jiuzhu.engine.packs.declared import declared_facts


class RegistryConfig(AppConfig):
    """The room as a Django app without views."""

    name = "jiuzhu.rooms.registry"
    label = "registry"
    verbose_name = "困难群众库"

    def ready(self) -> None:
        """Learn from the packs what facts there are to record."""
        from jiuzhu.rooms.registry.rules.variables import install

        install(declared_facts(settings.POLICIES, demo=settings.DEMO_POLICIES))
