"""Django application of the room organization (组织网络)."""

from django.apps import AppConfig


class OrganizationConfig(AppConfig):
    """The room as a Django app without views."""

    name = "jiuzhu.rooms.organization"
    label = "organization"
    verbose_name = "组织网络"
