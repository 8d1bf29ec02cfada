-- Roles of the cluster. Run by an administrator (or an owner with CREATEROLE); repeatable.
-- jiuzhu_owner owns every object and runs migrations. jiuzhu_app is the login of web and worker: it owns nothing,
-- bypasses nothing and, until a transaction takes on one of the four kinds below, sees no scoped row.
DO $$
DECLARE
    kind text;
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'jiuzhu_owner') THEN
        CREATE ROLE jiuzhu_owner LOGIN;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'jiuzhu_data') THEN
        CREATE ROLE jiuzhu_data NOLOGIN;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'jiuzhu_app') THEN
        CREATE ROLE jiuzhu_app LOGIN NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
    END IF;
    FOREACH kind IN ARRAY ARRAY['staff', 'citizen', 'department', 'system'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'jiuzhu_' || kind) THEN
            EXECUTE format('CREATE ROLE %I NOLOGIN INHERIT', 'jiuzhu_' || kind);
        END IF;
        EXECUTE format('GRANT jiuzhu_data TO %I', 'jiuzhu_' || kind);
        EXECUTE format('GRANT %I TO jiuzhu_app', 'jiuzhu_' || kind);
    END LOOP;
END
$$;
