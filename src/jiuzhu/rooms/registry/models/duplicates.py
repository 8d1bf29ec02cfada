"""Pairs of persons that look like one and were found to be two."""

from django.db import models
from django.db.models import F, Q

from jiuzhu.groundwork.records import DivisionCodeField, PersonalData, Record, by_division
from jiuzhu.rooms.registry.models.subjects import Person


class DuplicateDismissal(Record):
    """Somebody looked at the pair and found two different persons; it is not proposed again."""

    policy = by_division()
    personal_data = {"reason": PersonalData.FREE_TEXT, "by_name": PersonalData.CONDUCT}

    first = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    second = models.ForeignKey(Person, models.PROTECT, related_name="+")
    division_code = DivisionCodeField()
    reason = models.CharField(max_length=200)
    at = models.DateTimeField()
    by_account = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=64)

    class Meta:
        db_table = "registry_duplicate_dismissal"
        constraints = [
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="registry_dismissal_order"),
            models.UniqueConstraint(fields=["first", "second"], name="registry_dismissal_once"),
        ]
        indexes = [models.Index(fields=["division_code", "first"], name="registry_dismissal_division")]
