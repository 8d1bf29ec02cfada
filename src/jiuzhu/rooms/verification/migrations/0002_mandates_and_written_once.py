"""No query without a live mandate, refused by the database itself; and rows that are written once."""

from django.db import migrations

from jiuzhu.groundwork.database.written_once import no_trigger_sql, trigger_sql

# They run as the owner of the tables, so that what a role may see decides nothing here.
_FUNCTIONS = """
CREATE FUNCTION verification_mandate_covers(
    for_order bigint, for_person bigint, for_source text, for_item text, on_day date
) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (
        SELECT 1 FROM verification_order o
        JOIN verification_mandate m ON m.id = o.mandate_id
        JOIN verification_signature s ON s.mandate_id = m.id
        WHERE o.id = for_order AND s.person_id = for_person AND s.state = 'signed'
          AND on_day BETWEEN m.valid_from AND m.valid_to
          AND for_source || '.' || for_item = ANY (m.items)
    )
$$;

CREATE FUNCTION verification_order_within() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM verification_mandate m
        WHERE m.id = NEW.mandate_id AND m.household_id = NEW.household_id
          AND NEW.programmes::text[] <@ m.programmes::text[]
          AND (NEW.occasion = 'application' OR m.covers_reviews)
    ) THEN
        RAISE EXCEPTION 'the mandate does not cover this order' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NEW.entrustment_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM verification_entrustment e
        WHERE e.id = NEW.entrustment_id AND e.state = 'in_force'
          AND (SELECT jiuzhu_today()) BETWEEN e.valid_from AND e.valid_to
          AND NEW.programmes::text[] <@ e.programmes::text[]
    ) THEN
        RAISE EXCEPTION 'the entrustment does not cover this order' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION verification_item_within() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT verification_mandate_covers(NEW.order_id, NEW.person_id, NEW.source, NEW.item, NEW.day) THEN
        RAISE EXCEPTION 'no live mandate covers this query' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION verification_attempt_within() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM verification_item i
        WHERE i.id = NEW.item_id AND i.person_id = NEW.person_id AND i.department = NEW.department
          AND verification_mandate_covers(i.order_id, i.person_id, i.source, i.item, NEW.day)
    ) THEN
        RAISE EXCEPTION 'no live mandate covers this query' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION verification_attempt_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.ended_at IS NOT NULL
        OR to_jsonb(OLD) - '{ended_at,outcome}'::text[] IS DISTINCT FROM to_jsonb(NEW) - '{ended_at,outcome}'::text[]
    THEN
        RAISE EXCEPTION 'an attempt is written once' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER within BEFORE INSERT ON verification_order
    FOR EACH ROW EXECUTE FUNCTION verification_order_within();
CREATE TRIGGER within BEFORE INSERT ON verification_item
    FOR EACH ROW EXECUTE FUNCTION verification_item_within();
CREATE TRIGGER within BEFORE INSERT ON verification_attempt
    FOR EACH ROW EXECUTE FUNCTION verification_attempt_within();
CREATE TRIGGER once BEFORE UPDATE ON verification_attempt
    FOR EACH ROW EXECUTE FUNCTION verification_attempt_once();
"""
_NO_FUNCTIONS = """
DROP TRIGGER once ON verification_attempt;
DROP TRIGGER within ON verification_attempt;
DROP TRIGGER within ON verification_item;
DROP TRIGGER within ON verification_order;
DROP FUNCTION verification_attempt_once();
DROP FUNCTION verification_attempt_within();
DROP FUNCTION verification_item_within();
DROP FUNCTION verification_order_within();
DROP FUNCTION verification_mandate_covers(bigint, bigint, text, text, date);
"""
_SIGNED = [
    "state",
    "signed_by",
    "signer_name",
    "method",
    "evidence_sha256",
    "signed_at",
    "ended_at",
    "reason",
    "recorded_by_name",
]
_SIGNATURES = trigger_sql(
    "verification_signature",
    first="asked",
    writable={
        "asked": _SIGNED,
        "declined": _SIGNED,
        "signed": ["state", "ended_at", "reason", "recorded_by_name"],
        "withdrawn": [],
    },
    steps=[("asked", "signed"), ("asked", "declined"), ("declined", "signed"), ("signed", "withdrawn")],
)
_ENTRUSTMENTS = trigger_sql(
    "verification_entrustment",
    first="in_force",
    writable={"in_force": ["state", "ended_at", "reason"], "ended": []},
    steps=[("in_force", "ended")],
)
_ENDING = ["state", "ended_at", "reason"]
_ORDERS = trigger_sql(
    "verification_order",
    first="requested",
    writable={
        "requested": [*_ENDING, "started_at", "started_by_name", "due_on"],
        "started": [*_ENDING, "reported_at"],
        "reported": ["state", "reported_at", "ended_at"],
        "rejected": [],
        "stopped": [],
        "expired": [],
    },
    steps=[
        ("requested", "started"),
        ("requested", "rejected"),
        ("requested", "stopped"),
        ("started", "reported"),
        ("started", "stopped"),
        ("reported", "expired"),
    ],
)
_ASKING = [
    "state",
    "attempts",
    "next_at",
    "asked_at",
    "answered_at",
    "due_on",
    "cause",
    "message_zh",
    "message_en",
    "reminded_on",
    "escalated_on",
]
_ITEMS = trigger_sql(
    "verification_item",
    first="prepared",
    writable={
        "prepared": _ASKING,
        "sent": _ASKING,
        "unavailable": _ASKING,
        "found": _ASKING,
        "none_found": _ASKING,
        "disputed": _ASKING,
        "corrected": _ASKING,
        "upheld": _ASKING,
    },
    steps=[
        ("prepared", "sent"),
        ("prepared", "unavailable"),
        ("sent", "found"),
        ("sent", "none_found"),
        ("sent", "unavailable"),
        ("unavailable", "sent"),
        ("found", "disputed"),
        ("none_found", "disputed"),
        ("disputed", "corrected"),
        ("disputed", "upheld"),
    ],
)
_DISPUTES = trigger_sql(
    "verification_dispute",
    first="filed",
    writable={
        "filed": ["state", "recheck_id", "decided_at", "decided_by_name", "reason", "due_on"],
        "rechecked": ["state", "decided_at", "decided_by_name", "reason"],
        "corrected": [],
        "upheld": [],
    },
    steps=[("filed", "rechecked"), ("filed", "upheld"), ("rechecked", "corrected"), ("rechecked", "upheld")],
)
_TRIGGERS = {
    "verification_signature": _SIGNATURES,
    "verification_entrustment": _ENTRUSTMENTS,
    "verification_order": _ORDERS,
    "verification_item": _ITEMS,
    "verification_dispute": _DISPUTES,
}


class Migration(migrations.Migration):
    dependencies = [("verification", "0001_initial"), ("groundwork", "0002_written_once")]

    operations = [
        migrations.RunSQL(_FUNCTIONS, _NO_FUNCTIONS),
        *(migrations.RunSQL(sql, no_trigger_sql(table)) for table, sql in _TRIGGERS.items()),
    ]
