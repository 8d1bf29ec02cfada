-- The audit trail is written here and nowhere else. A statement on an audited table becomes one block of one lane:
--   digest of a row  = sha256(table | row id | before | after)
--   hash of a block  = sha256(previous hash | header | digests in order)
-- A lane is a chain of its own; a transaction keeps the first free lane it finds, so that writers do not wait.

CREATE OR REPLACE FUNCTION jiuzhu_audit_digest(table_name text, row_id bigint, before jsonb, after jsonb)
RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT sha256(convert_to(
        concat_ws(E'\x1f', table_name, row_id::text, coalesce(before::text, ''), coalesce(after::text, '')), 'UTF8'))
$$;

CREATE OR REPLACE FUNCTION jiuzhu_audit_block_hash(
    previous bytea, lane bigint, height bigint, at timestamptz, table_name text, operation text,
    actor_kind text, actor text, account_id bigint, post_id bigint, reason text, request_id text, digests bytea)
RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT sha256(previous || convert_to(
        concat_ws(E'\x1f', lane::text, height::text, extract(epoch FROM at)::text, table_name, operation, actor_kind, actor,
                  coalesce(account_id::text, ''), coalesce(post_id::text, ''), reason, request_id), 'UTF8') || digests)
$$;

CREATE OR REPLACE FUNCTION jiuzhu_audit_take_lane(OUT lane bigint, OUT height bigint, OUT head bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    kept text := nullif(current_setting('jiuzhu.lane', true), '');
BEGIN
    IF kept IS NOT NULL THEN
        SELECT l.id, l.height, l.head INTO lane, height, head FROM audit_lane l WHERE l.id = kept::bigint FOR UPDATE;
    ELSE
        SELECT l.id, l.height, l.head INTO lane, height, head FROM audit_lane l ORDER BY l.id FOR UPDATE SKIP LOCKED LIMIT 1;
        IF lane IS NULL THEN
            SELECT l.id, l.height, l.head INTO lane, height, head FROM audit_lane l
            WHERE l.id = 1 + pg_backend_pid() % (SELECT count(*) FROM audit_lane) FOR UPDATE;
        END IF;
        PERFORM set_config('jiuzhu.lane', lane::text, true);
    END IF;
    IF lane IS NULL THEN
        RAISE EXCEPTION 'the audit trail has no lane: run the migrations';
    END IF;
END
$$;

-- An image's text depends on the session's settings, hence they are fixed here (and in audit/verify.py).
CREATE OR REPLACE FUNCTION jiuzhu_audit() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'iso_8601' SET bytea_output = 'hex' SET extra_float_digits = 1
AS $$
DECLARE
    taken record;
    block bigint;
    written integer;
    digests bytea;
    this_hash bytea;
    moment timestamptz := clock_timestamp();
    kind text := coalesce(nullif(current_setting('jiuzhu.actor_kind', true), ''), 'none');
    who text := coalesce(nullif(current_setting('jiuzhu.actor', true), ''), session_user);
    account bigint := nullif(current_setting('jiuzhu.account_id', true), '')::bigint;
    post bigint := nullif(current_setting('jiuzhu.post_id', true), '')::bigint;
    why text := coalesce(current_setting('jiuzhu.reason', true), '');
    request text := coalesce(current_setting('jiuzhu.request_id', true), '');
    omitted text[] := coalesce(TG_ARGV[0], '{}')::text[];
BEGIN
    block := nextval(pg_get_serial_sequence('audit_block', 'id'));
    IF TG_OP = 'INSERT' THEN
        INSERT INTO audit_change (block_id, ordinal, table_name, row_id, division_code, before, after, digest)
        SELECT block, row_number() OVER (), TG_TABLE_NAME, (image->>'id')::bigint, image->>'division_code', NULL, image,
               jiuzhu_audit_digest(TG_TABLE_NAME, (image->>'id')::bigint, NULL, image)
        FROM (SELECT to_jsonb(n) - omitted AS image FROM new_rows n) images;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO audit_change (block_id, ordinal, table_name, row_id, division_code, before, after, digest)
        SELECT block, row_number() OVER (), TG_TABLE_NAME, (image->>'id')::bigint, image->>'division_code', image, NULL,
               jiuzhu_audit_digest(TG_TABLE_NAME, (image->>'id')::bigint, image, NULL)
        FROM (SELECT to_jsonb(o) - omitted AS image FROM old_rows o) images;
    ELSE
        INSERT INTO audit_change (block_id, ordinal, table_name, row_id, division_code, before, after, digest)
        SELECT block, row_number() OVER (), TG_TABLE_NAME, id, coalesce(after->>'division_code', before->>'division_code'),
               before, after, jiuzhu_audit_digest(TG_TABLE_NAME, id, before, after)
        FROM (
            SELECT coalesce(n.id, o.id) AS id, to_jsonb(o) - omitted AS before, to_jsonb(n) - omitted AS after
            FROM old_rows o FULL JOIN new_rows n ON o.id = n.id
        ) images
        WHERE before IS DISTINCT FROM after;
    END IF;
    GET DIAGNOSTICS written = ROW_COUNT;
    IF written = 0 THEN
        RETURN NULL;
    END IF;
    SELECT string_agg(c.digest, ''::bytea ORDER BY c.ordinal) INTO digests FROM audit_change c WHERE c.block_id = block;
    SELECT * INTO taken FROM jiuzhu_audit_take_lane();
    this_hash := jiuzhu_audit_block_hash(taken.head, taken.lane, taken.height + 1, moment, TG_TABLE_NAME, TG_OP,
                                         kind, who, account, post, why, request, digests);
    INSERT INTO audit_block (id, lane_id, height, previous, hash, at, table_name, operation, actor_kind, actor,
                             account_id, post_id, reason, request_id, changes)
    VALUES (block, taken.lane, taken.height + 1, taken.head, this_hash, moment, TG_TABLE_NAME, TG_OP, kind, who,
            account, post, why, request, written);
    UPDATE audit_lane SET height = taken.height + 1, head = this_hash WHERE id = taken.lane;
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION jiuzhu_audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on % is refused: the audit trail is written once', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END
$$;

CREATE OR REPLACE FUNCTION jiuzhu_audit_refuse_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'TRUNCATE of % is refused: it would leave no trace', TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END
$$;
