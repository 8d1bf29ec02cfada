"""What was agreed to, sent and answered is written once; a referral that goes to another receiver begins anew."""

from django.db import migrations

from jiuzhu.groundwork.database.written_once import no_trigger_sql, trigger_sql

_ANSWER = ["state", "outcome", "answered_at", "answered_by_name", "due_on", "closed_at"]
_RECEIVER = [
    "receiver_kind",
    "receiver_department",
    "receiver_name",
    "shared",
    "outcome",
    "due_on",
    "sent_at",
    "sent_by_name",
    "answered_at",
    "answered_by_name",
]
_OPEN = ("proposed", "consented", "sent", "taken", "declined", "unmet")
_REFERRALS = trigger_sql(
    "referral_referral",
    first="proposed",
    writable={
        "proposed": [
            "state",
            "fields",
            "covers",
            "consented_at",
            "consented_by_name",
            "consent_evidence",
            "closed_at",
        ],
        "consented": ["state", "shared", "sent_at", "sent_by_name", "due_on", "closed_at"],
        "sent": _ANSWER,
        "taken": _ANSWER,
        "declined": ["state", "closed_at", *_RECEIVER],
        "unmet": ["state", "closed_at", *_RECEIVER],
        "fulfilled": [],
        "withdrawn": [],
    },
    steps=[
        ("proposed", "consented"),
        ("consented", "sent"),
        ("sent", "taken"),
        ("sent", "declined"),
        ("taken", "fulfilled"),
        ("taken", "unmet"),
        ("declined", "consented"),
        ("unmet", "consented"),
        *((state, "withdrawn") for state in _OPEN),
    ],
)
_DONATIONS = trigger_sql(
    "referral_donation",
    first="pledged",
    writable={
        "pledged": ["state", "received_at", "receipt_number", "end_reason"],
        "received": ["state", "use", "used_at", "referral_id", "end_reason"],
        "used": ["state", "report", "reported_at"],
        "reported": [],
        "returned": [],
        "lapsed": [],
    },
    steps=[
        ("pledged", "received"),
        ("pledged", "lapsed"),
        ("received", "used"),
        ("received", "returned"),
        ("used", "reported"),
    ],
)


class Migration(migrations.Migration):
    dependencies = [("referral", "0001_initial"), ("groundwork", "0002_written_once")]

    operations = [
        migrations.RunSQL(_REFERRALS, no_trigger_sql("referral_referral")),
        migrations.RunSQL(_DONATIONS, no_trigger_sql("referral_donation")),
    ]
