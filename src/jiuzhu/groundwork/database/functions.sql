-- What a transaction may know of its actor. The values are set with SET LOCAL by `scope.acting`; unset means "nobody".
CREATE OR REPLACE FUNCTION jiuzhu_division_lo() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT coalesce(nullif(current_setting('jiuzhu.division_lo', true), ''), '~') COLLATE "C" $$;
CREATE OR REPLACE FUNCTION jiuzhu_division_hi() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT coalesce(current_setting('jiuzhu.division_hi', true), '') COLLATE "C" $$;
CREATE OR REPLACE FUNCTION jiuzhu_person_ids() RETURNS bigint[] LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT coalesce(nullif(current_setting('jiuzhu.person_ids', true), ''), '{}')::bigint[] $$;
CREATE OR REPLACE FUNCTION jiuzhu_household_ids() RETURNS bigint[] LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT coalesce(nullif(current_setting('jiuzhu.household_ids', true), ''), '{}')::bigint[] $$;
CREATE OR REPLACE FUNCTION jiuzhu_department() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT nullif(current_setting('jiuzhu.department', true), '') $$;
CREATE OR REPLACE FUNCTION jiuzhu_account_id() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT nullif(current_setting('jiuzhu.account_id', true), '')::bigint $$;
CREATE OR REPLACE FUNCTION jiuzhu_is_auditor() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT coalesce(current_setting('jiuzhu.auditor', true), '') = 'on' $$;
CREATE OR REPLACE FUNCTION jiuzhu_today() RETURNS date LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT coalesce(nullif(current_setting('jiuzhu.today', true), '')::date, current_date) $$;
