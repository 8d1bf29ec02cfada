"""The function behind rows that are written once; see `database/written_once.py`."""

from django.db import migrations

# arguments: the first state; for each state the columns that may change; the steps; the column that ends a period, and
# the state in which it may be set
_FUNCTION = """
CREATE FUNCTION written_once() RETURNS trigger LANGUAGE plpgsql AS $$
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
    IF TG_ARGV[3] <> '' AND OLD.state = TG_ARGV[4] AND before ->> TG_ARGV[3] IS NOT NULL
        AND coalesce(after ->> TG_ARGV[3], 'later') > (before ->> TG_ARGV[3]) THEN
        RAISE EXCEPTION 'the end of row % of % only moves to an earlier day', OLD.id, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("groundwork", "0001_initial")]

    operations = [migrations.RunSQL(_FUNCTION, "DROP FUNCTION written_once();")]
