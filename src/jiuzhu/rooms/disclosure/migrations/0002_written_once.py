"""What may be shown at all, and what is written once."""

from django.db import migrations

from jiuzhu.groundwork.database.written_once import no_trigger_sql, trigger_sql

# 民发〔2021〕57号 art. 24; no certificate, telephone or account has fewer than nine digits in a row
_CONSTRAINTS = """
ALTER TABLE disclosure_notice
    ADD CONSTRAINT disclosure_notice_fields CHECK (
        jsonb_typeof(content) = 'object'
        AND content - ARRAY['applicant_name', 'member_count', 'amount_fen', 'rhythm', 'result', 'village'] = '{}'),
    ADD CONSTRAINT disclosure_notice_no_number CHECK (content::text !~ '[0-9]{9,}'),
    ADD CONSTRAINT disclosure_notice_masked CHECK (
        NOT content ? 'applicant_name' OR content ->> 'applicant_name' ~ '[*某]');
"""
_NO_CONSTRAINTS = """
ALTER TABLE disclosure_notice
    DROP CONSTRAINT disclosure_notice_fields, DROP CONSTRAINT disclosure_notice_no_number,
    DROP CONSTRAINT disclosure_notice_masked;
"""
_BACK = ["withdrawal", "taken_down_at"]
_NOTICES = trigger_sql(
    "disclosure_notice",
    first="prepared",
    writable={
        "prepared": ["state", "checked_at", "checked_by_account", "checked_by_name", *_BACK],
        "checked": ["state", "posted_at", "posted_by_account", "posted_by_name", "posted_on", "last_day", *_BACK],
        "posted": ["state", "interruptions", "interruption", *_BACK],
        "interrupted": ["state", "posted_on", "last_day", *_BACK],
        "expired": [],
        "withdrawn": [],
    },
    steps=[
        ("prepared", "checked"),
        ("checked", "posted"),
        ("posted", "interrupted"),
        ("interrupted", "posted"),
        ("posted", "expired"),
        *((state, "withdrawn") for state in ("prepared", "checked", "posted", "interrupted")),
    ],
)
_DECISION = ["state", "finding", "checked_at", "checked_by_account", "checked_by_name"]
_OBJECTIONS = trigger_sql(
    "disclosure_objection",
    first="received",
    writable={
        "received": ["state"],
        "in_check": _DECISION,
        "sustained": ["state", "answer", "answered_at", "answered_by_name"],
        "dismissed": ["state", "answer", "answered_at", "answered_by_name"],
        "answered": [],
        "closed": [],
    },
    steps=[
        ("received", "in_check"),
        ("in_check", "sustained"),
        ("in_check", "dismissed"),
        *((found, end) for found in ("sustained", "dismissed") for end in ("answered", "closed")),
    ],
)


class Migration(migrations.Migration):
    dependencies = [("disclosure", "0001_initial"), ("groundwork", "0002_written_once")]

    operations = [
        migrations.RunSQL(_CONSTRAINTS, _NO_CONSTRAINTS),
        migrations.RunSQL(_NOTICES, no_trigger_sql("disclosure_notice")),
        migrations.RunSQL(_OBJECTIONS, no_trigger_sql("disclosure_objection")),
    ]
