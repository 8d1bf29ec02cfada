"""What the demonstration has loaded."""

from django.db import models

from jiuzhu.groundwork.records import History, Record, Unscoped


class LoadPart(Record):
    """One part of the load of a city: planned, then loaded in one transaction, so that a broken load goes on here.

    `part` is a `Part` of `loading.journal`; `chunk` counts within it. `details` keeps what a later part needs.
    """

    policy = Unscoped("which parts of the invented city are loaded; says nothing of a person")
    history = History.NONE
    personal_data = {}

    seed = models.BigIntegerField()
    size = models.CharField(max_length=16)
    households = models.BigIntegerField()
    as_of = models.DateField()
    part = models.CharField(max_length=16)
    chunk = models.IntegerField(default=0)
    started_at = models.DateTimeField()
    loaded_at = models.DateTimeField(null=True)
    persons = models.BigIntegerField(default=0)
    details = models.JSONField(default=dict)

    class Meta:
        db_table = "demo_load"
        constraints = [models.UniqueConstraint(fields=["part", "chunk"], name="demo_load_once")]
