"""Django application of the groundwork; deriving of the database's policies and triggers after each migration."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class GroundworkConfig(AppConfig):
    """The groundwork as one Django app."""

    name = "jiuzhu.groundwork"
    label = "groundwork"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Derive policies, triggers and grants after migrations; join the start-up assertions to Django's checks.

        The files of issued documents are opened by the rule of what the documents are about.
        """
        from jiuzhu.groundwork.database.derive import after_migrate
        from jiuzhu.groundwork.documents.queries import register_document_files
        from jiuzhu.groundwork.startup.checks import register_checks

        post_migrate.connect(after_migrate, dispatch_uid="jiuzhu.groundwork.database.derive")
        register_checks()
        register_document_files()
