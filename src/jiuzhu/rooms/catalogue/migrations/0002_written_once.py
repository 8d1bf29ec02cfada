"""What is published is written once, holds alone on its days, and goes only the way of `states.py`.

The types of ranges of PostgreSQL know no text, and the extension that would let an exclusion constraint compare text is
not everywhere; a type of range of our own needs none.
"""

from django.db import migrations

from jiuzhu.groundwork.database.written_once import ANYTHING, no_trigger_sql, trigger_sql

_CONSTRAINTS = """
CREATE TYPE catalogue_text_range AS RANGE (subtype = text, collation = "C");
ALTER TABLE catalogue_pack_version
    ADD CONSTRAINT catalogue_pack_archive_is_whole CHECK (encode(sha256(archive), 'hex') = archive_sha256),
    ADD CONSTRAINT catalogue_pack_one_a_day
        EXCLUDE USING gist (daterange(effective_on, ends_on) WITH &&) WHERE (state IN ('published', 'superseded'));
ALTER TABLE catalogue_standard
    ADD CONSTRAINT catalogue_standard_one_a_day
        EXCLUDE USING gist (
            catalogue_text_range(parameter, parameter, '[]') WITH &&,
            catalogue_text_range(division_code, division_code, '[]') WITH &&,
            daterange(valid_from, valid_to) WITH &&
        ) WHERE (state IN ('published', 'replaced'));
"""
_NO_CONSTRAINTS = """
ALTER TABLE catalogue_standard DROP CONSTRAINT catalogue_standard_one_a_day;
ALTER TABLE catalogue_pack_version
    DROP CONSTRAINT catalogue_pack_one_a_day, DROP CONSTRAINT catalogue_pack_archive_is_whole;
DROP TYPE catalogue_text_range;
"""
_PACK_STEPS = [
    ("draft", "checked"),
    ("checked", "draft"),
    ("checked", "published"),
    ("published", "superseded"),
    ("draft", "withdrawn"),
    ("checked", "withdrawn"),
]
_PACKS = trigger_sql(
    "catalogue_pack_version",
    first="draft",
    writable={
        "draft": ANYTHING,
        "checked": [
            "state",
            "document_number",
            "effective_on",
            "ends_on",
            "published_at",
            "published_by_account",
            "published_by_name",
            "superseded_by_id",
        ],
        "published": ["state", "ends_on", "superseded_by_id"],
        "superseded": [],
        "withdrawn": [],
    },
    steps=_PACK_STEPS,
    closing="ends_on",
    may_close_in="published",
)
_STANDARD_STEPS = [
    ("proposed", "consulted"),
    ("consulted", "approved"),
    ("proposed", "dropped"),
    ("consulted", "dropped"),
    ("approved", "published"),
    ("published", "replaced"),
]
_STANDARDS = trigger_sql(
    "catalogue_standard",
    first="proposed",
    writable={
        "proposed": [
            "state",
            "consulted_whom",
            "consulted_result",
            "consulted_at",
            "consulted_by_account",
            "consulted_by_name",
            "drop_reason",
        ],
        "consulted": ["state", "floors", "approved_at", "approved_by_account", "approved_by_name", "drop_reason"],
        "approved": [
            "state",
            "valid_from",
            "document_title",
            "document_number",
            "published_at",
            "published_by_account",
            "published_by_name",
        ],
        "published": ["state", "valid_to", "replaced_by_id"],
        "replaced": [],
        "dropped": [],
    },
    steps=_STANDARD_STEPS,
    closing="valid_to",
    may_close_in="published",
)


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0001_initial"), ("groundwork", "0002_written_once")]

    operations = [
        migrations.RunSQL(_CONSTRAINTS, _NO_CONSTRAINTS),
        migrations.RunSQL(_PACKS, no_trigger_sql("catalogue_pack_version")),
        migrations.RunSQL(_STANDARDS, no_trigger_sql("catalogue_standard")),
    ]
