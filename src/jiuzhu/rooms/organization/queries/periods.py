"""What is in force on a day."""

from datetime import date

from django.db.models import Q


def in_force(at: date, prefix: str = "") -> Q:
    """Rows whose `[valid_from, valid_to)` holds the day; `prefix` leads to a related table (`post__`)."""
    begun = Q(**{f"{prefix}valid_from": None}) | Q(**{f"{prefix}valid_from__lte": at})
    return begun & (Q(**{f"{prefix}valid_to": None}) | Q(**{f"{prefix}valid_to__gt": at}))
