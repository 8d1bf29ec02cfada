"""What is published is written once, holds alone on its days, and goes only the way of `states.py`.

The types of ranges of PostgreSQL know no text, and the extension that would let an exclusion constraint compare text is
not everywhere; a type of range of our own needs none.
"""

from django.db import migrations

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
# arguments: the first state; for each state the columns that may change; the steps; the column that ends the period
_TRIGGERS = """
CREATE FUNCTION catalogue_written_once() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    free jsonb := TG_ARGV[1]::jsonb;
    steps text[] := TG_ARGV[2]::text[];
    before jsonb;
    after jsonb := to_jsonb(NEW);
    may text[];
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a row of % is never deleted', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> TG_ARGV[0] THEN
            RAISE EXCEPTION 'a row of % begins as %', TG_TABLE_NAME, TG_ARGV[0] USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN NEW;
    END IF;
    before := to_jsonb(OLD);
    may := ARRAY(SELECT jsonb_array_elements_text(free -> OLD.state));
    IF may <> '{*}' AND before - may IS DISTINCT FROM after - may THEN
        RAISE EXCEPTION 'row % of % is %, and written once', OLD.id, TG_TABLE_NAME, OLD.state
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NEW.state <> OLD.state AND OLD.state || '>' || NEW.state <> ALL (steps) THEN
        RAISE EXCEPTION 'no step leads row % of % from % to %', OLD.id, TG_TABLE_NAME, OLD.state, NEW.state
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF OLD.state = 'published' AND before ->> TG_ARGV[3] IS NOT NULL
        AND coalesce(after ->> TG_ARGV[3], 'later') > (before ->> TG_ARGV[3]) THEN
        RAISE EXCEPTION 'the end of row % of % only moves to an earlier day', OLD.id, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER written_once BEFORE INSERT OR UPDATE OR DELETE ON catalogue_pack_version
    FOR EACH ROW EXECUTE FUNCTION catalogue_written_once(
        'draft',
        '{"draft": ["*"],
          "checked": ["state", "document_number", "effective_on", "ends_on", "published_at", "published_by_account",
                      "published_by_name", "superseded_by_id"],
          "published": ["state", "ends_on", "superseded_by_id"],
          "superseded": [], "withdrawn": []}',
        '{draft>checked,checked>draft,checked>published,published>superseded,draft>withdrawn,checked>withdrawn}',
        'ends_on');
CREATE TRIGGER written_once BEFORE INSERT OR UPDATE OR DELETE ON catalogue_standard
    FOR EACH ROW EXECUTE FUNCTION catalogue_written_once(
        'proposed',
        '{"proposed": ["state", "consulted_whom", "consulted_result", "consulted_at", "consulted_by_account",
                       "consulted_by_name", "drop_reason"],
          "consulted": ["state", "floors", "approved_at", "approved_by_account", "approved_by_name", "drop_reason"],
          "approved": ["state", "valid_from", "document_title", "document_number", "published_at",
                       "published_by_account", "published_by_name"],
          "published": ["state", "valid_to", "replaced_by_id"],
          "replaced": [], "dropped": []}',
        '{proposed>consulted,consulted>approved,proposed>dropped,consulted>dropped,approved>published,published>replaced}',
        'valid_to');
"""
_NO_TRIGGERS = """
DROP TRIGGER written_once ON catalogue_standard;
DROP TRIGGER written_once ON catalogue_pack_version;
DROP FUNCTION catalogue_written_once();
"""


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0001_initial")]

    operations = [
        migrations.RunSQL(_CONSTRAINTS, _NO_CONSTRAINTS),
        migrations.RunSQL(_TRIGGERS, _NO_TRIGGERS),
    ]
