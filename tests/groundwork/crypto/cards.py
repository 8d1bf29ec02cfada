"""A table with encrypted columns that only these tests know, kept out of Django's own registry of models."""

from typing import ClassVar

from django.apps.registry import Apps
from django.db import connections, models

from jiuzhu.groundwork.crypto.fields import BlindIndexField, EncryptedTextField
from jiuzhu.groundwork.database import derive
from jiuzhu.groundwork.records import PersonalData, Record, Unscoped

REGISTRY = Apps()


class Card(Record):
    """A person's certificate."""

    policy = Unscoped("a table of tests")
    personal_data = {"number": PersonalData.IDENTITY, "note": PersonalData.FREE_TEXT}

    label = models.CharField(max_length=20, default="")
    number = EncryptedTextField(null=True)
    number_index = BlindIndexField(source="number")
    note = EncryptedTextField(null=True)

    objects: ClassVar[models.Manager["Card"]] = models.Manager()

    class Meta:
        app_label = "groundwork"
        apps = REGISTRY
        db_table = "test_card"

    def __str__(self) -> str:
        return self.label


def make_table() -> None:
    """Create the table with its grants, policy and audit triggers, as the owner."""
    with connections["owner"].schema_editor() as editor:
        editor.create_model(Card)
    with connections["owner"].cursor() as cursor:
        derive._grants(cursor)
        derive._policies(cursor, Card)
        derive._triggers(cursor, Card)


def drop_table() -> None:
    """Remove the table."""
    with connections["owner"].schema_editor() as editor:
        editor.delete_model(Card)
