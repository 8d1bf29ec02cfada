"""Django application of the room application (受理)."""

from django.apps import AppConfig


class ApplicationConfig(AppConfig):
    """The room as a Django app without views."""

    name = "jiuzhu.rooms.application"
    label = "application"
    verbose_name = "受理"

    def ready(self) -> None:
        """Say who may open the room's files."""
        from jiuzhu.rooms.application.queries.files import register_files

        register_files()
