"""The table of the outbox."""

from django.db import models
from django.db.models import Q

from jiuzhu.groundwork.records import DivisionCodeField, History, Policy, Record, by_division

_OWN = "{t}.account_id = (SELECT jiuzhu_account_id())"


class OutboxEvent(Record):
    """Something that happened, in the order of `id` per object `key`. Payloads hold ids, codes, dates and numbers only.

    Whoever publishes may see the row; staff also see those of their divisions. Delivery runs as the system.
    """

    policy = Policy(
        staff=f"({by_division().staff}) OR {_OWN}",
        citizen=_OWN,
        department=_OWN,
        written_by=frozenset({"citizen", "department"}),
    )
    history = History.NONE
    personal_data = {}

    name = models.TextField()
    key = models.TextField()
    payload = models.JSONField()
    division_code = DivisionCodeField()
    account_id = models.BigIntegerField(null=True)
    request_id = models.TextField(default="")
    at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    parked_at = models.DateTimeField(null=True)
    attempts = models.IntegerField(default=0)
    last_error = models.TextField(default="")

    class Meta:
        db_table = "outbox_event"
        constraints = [
            models.CheckConstraint(
                condition=Q(name__regex=r"^[a-z_]+\.[a-z_]+\.[a-z_]+$"), name="outbox_event_name_room_object_happened"
            ),
            models.CheckConstraint(
                condition=Q(published_at=None) | Q(parked_at=None), name="outbox_event_parked_is_not_published"
            ),
        ]
        indexes = [
            models.Index(fields=["key", "id"], condition=Q(published_at=None), name="outbox_event_waiting"),
            models.Index(fields=["division_code", "at"], name="outbox_event_division"),
        ]
