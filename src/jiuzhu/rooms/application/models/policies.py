"""What several tables of the room share: who reaches the parts of an application, and columns with known values."""

from enum import StrEnum

from django.db import models
from django.db.models import Q

from jiuzhu.groundwork.records import Policy, by_division, by_parent

APPLICATION = "application_application"


def of_application() -> Policy:
    """A part lies where its application lies, and a citizen reaches it with the application.

    A trigger (`migrations/0002`) holds both places equal, and closes the part with the form.
    """
    visible = by_parent(APPLICATION, "application_id").citizen
    return by_division(citizen=visible, written_by=frozenset({"citizen"}))


def known(field: str, values: type[StrEnum], name: str, *, or_empty: bool = False) -> models.CheckConstraint:
    """The column holds one of the values."""
    allowed = [one.value for one in values] + ([""] if or_empty else [])
    return models.CheckConstraint(condition=Q(**{f"{field}__in": allowed}), name=name)
