"""A form that was submitted is closed, with all that stands in it; leads and applications go only the way of their states."""

from django.db import migrations

from jiuzhu.groundwork.database.written_once import ANYTHING, no_trigger_sql, trigger_sql

_DECISION = [
    "state",
    "version",
    "decided_at",
    "decided_by_name",
    "reason",
    "remedy",
    "receiver_division",
    "receiver_name",
    "closed_at",
]
_APPLICATIONS = trigger_sql(
    "application_application",
    first="draft",
    writable={
        "draft": ANYTHING,
        "submitted": _DECISION,
        "notice_given": ["state", "version", "completed_at", "reason", "closed_at"],
        "completed": _DECISION,
        "accepted": [],
        "not_accepted": [],
        "transferred": [],
        "withdrawn": [],
    },
    steps=[
        ("draft", "submitted"),
        ("submitted", "notice_given"),
        ("notice_given", "completed"),
        *((state, end) for state in ("submitted", "completed") for end in ("accepted", "not_accepted", "transferred")),
        *((state, "withdrawn") for state in ("draft", "submitted", "notice_given", "completed")),
    ],
)
_RECEIVER = ["receiver_department", "receiver_name", "end_reason", "closed_at"]
_LEADS = trigger_sql(
    "application_lead",
    first="reported",
    writable={
        "reported": ["state", "assigned_to_account", "assigned_to_name", "assigned_at", "visit_due_on"],
        "assigned": [
            "state",
            "visited_at",
            "visited_by_name",
            "visit_note",
            "answer_due_on",
            "household_id",
            "person_id",
            *_RECEIVER,
        ],
        "visited": ["state", "agreed_by_name", *_RECEIVER],
        "applied": [],
        "referred": [],
        "not_in_need": [],
    },
    steps=[
        ("reported", "assigned"),
        ("assigned", "visited"),
        ("assigned", "referred"),
        ("visited", "applied"),
        ("visited", "referred"),
        ("visited", "not_in_need"),
    ],
)
# arguments: the states of the application in which a part may be written; those in which some columns still change,
# and these columns
_PART = """
CREATE FUNCTION application_part_is_open() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    form application_application%ROWTYPE;
BEGIN
    SELECT * INTO form FROM application_application
    WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.application_id ELSE NEW.application_id END;
    IF TG_OP = 'DELETE' THEN
        IF form.state = ANY (TG_ARGV[0]::text[]) THEN
            RETURN OLD;
        END IF;
    ELSIF NEW.division_code = form.division_code
        AND (TG_OP = 'INSERT' OR NEW.application_id = OLD.application_id)
        AND (form.state = ANY (TG_ARGV[0]::text[])
            OR (TG_OP = 'UPDATE' AND form.state = ANY (TG_ARGV[1]::text[])
                AND to_jsonb(OLD) - TG_ARGV[2]::text[] = to_jsonb(NEW) - TG_ARGV[2]::text[])) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a row of % is closed with its application, and lies where that lies', TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END
$$;
"""
# what may be added when it was told to be missing, and the terms that follow from the acceptance
_PARTS = {
    "member": ("{draft}", "{}", "{}"),
    "need": ("{draft}", "{}", "{}"),
    "case_request": ("{draft}", "{submitted,completed}", "{due_on}"),
    "answer": ("{draft,notice_given}", "{}", "{}"),
    "material": ("{draft,notice_given}", "{}", "{}"),
    "undertaking": ("{draft,notice_given}", "{}", "{}"),
    "once_only_notice": ("{submitted}", "{}", "{}"),
}


def _closes(part: str) -> str:
    arguments = ", ".join(f"'{one}'" for one in _PARTS[part])
    return (
        f"CREATE TRIGGER part_is_open BEFORE INSERT OR UPDATE OR DELETE ON application_{part} "
        f"FOR EACH ROW EXECUTE FUNCTION application_part_is_open({arguments});"
    )


class Migration(migrations.Migration):
    dependencies = [("application", "0001_initial"), ("groundwork", "0002_written_once")]

    operations = [
        migrations.RunSQL(_APPLICATIONS, no_trigger_sql("application_application")),
        migrations.RunSQL(_LEADS, no_trigger_sql("application_lead")),
        migrations.RunSQL(_PART, "DROP FUNCTION application_part_is_open();"),
        *(migrations.RunSQL(_closes(part), f"DROP TRIGGER part_is_open ON application_{part};") for part in _PARTS),
    ]
