"""Django application of the room verification (核对与调查)."""

from django.apps import AppConfig


class VerificationConfig(AppConfig):
    """The room as a Django app without views."""

    name = "jiuzhu.rooms.verification"
    label = "verification"
    verbose_name = "核对与调查"

    def ready(self) -> None:
        """Say who may open the room's files."""
        from jiuzhu.rooms.verification.queries.files import register_files

        register_files()
