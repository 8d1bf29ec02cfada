"""The table of answers already given."""

from django.db import models

from jiuzhu.groundwork.records import History, PersonalData, Policy, Record


class IdempotentAnswer(Record):
    """The answer to one request of one sender. `status` is NULL only inside the transaction that is answering.

    `sender` is `account:<id>` or `session:<digest>`. No kind of actor reads the table: only the system replays answers.
    """

    policy = Policy(staff=None)
    history = History.NONE
    personal_data = {"body": PersonalData.FREE_TEXT, "headers": PersonalData.FREE_TEXT}

    key = models.TextField()
    sender = models.TextField()
    route = models.TextField()
    request_digest = models.BinaryField()
    status = models.IntegerField(null=True)
    headers = models.JSONField(default=dict)
    body = models.BinaryField(default=b"")
    at = models.DateTimeField()

    class Meta:
        db_table = "idempotency_answer"
        constraints = [
            models.UniqueConstraint(fields=["sender", "route", "key"], name="idempotency_answer_one_per_key")
        ]
        indexes = [models.Index(fields=["at"], name="idempotency_answer_at")]
