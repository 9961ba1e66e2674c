-- What T-SQL programs ask the catalogue for.
CREATE FUNCTION tds.object_id(name text, kind text DEFAULT NULL) RETURNS integer LANGUAGE plpgsql STABLE AS $$
DECLARE
  parts text[] := string_to_array(lower(translate(name, '[]"', '')), '.');
  object text := parts[cardinality(parts)];
  wanted text := CASE WHEN cardinality(parts) > 1 THEN coalesce(nullif(parts[cardinality(parts) - 1], ''), 'dbo') END;
BEGIN
  -- Not by to_regclass(), which may answer from what it remembers of before another session's COMMIT.
  RETURN (SELECT c.oid::bigint::integer FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
          WHERE relname = object
          AND CASE WHEN object LIKE '#%' THEN relnamespace = pg_my_temp_schema()
                   WHEN wanted IS NULL THEN nspname IN ('dbo', 'public') ELSE nspname = wanted END
          AND CASE coalesce(upper(kind), '') WHEN '' THEN true WHEN 'U' THEN relkind IN ('r', 'p') WHEN 'V' THEN relkind = 'v' ELSE false END
          ORDER BY nspname LIMIT 1);
END $$;
CREATE FUNCTION tds.schema_id(name text DEFAULT 'dbo') RETURNS integer LANGUAGE sql STABLE AS $$
  SELECT oid::bigint::integer FROM pg_namespace WHERE nspname = lower(name) $$;
CREATE FUNCTION tds.col_length(table_name text, column_name text) RETURNS smallint LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN attlen > 0 THEN attlen WHEN atttypmod > 4 THEN (atttypmod - 4)::smallint ELSE -1 END
  FROM pg_attribute WHERE attrelid = tds.object_id(table_name)::oid AND attname = lower(column_name) AND NOT attisdropped $$;

CREATE SCHEMA sys;
CREATE VIEW sys.schemas AS
  SELECT nspname::tds.nvarchar(128) AS name, oid::bigint::integer AS schema_id FROM pg_namespace
  WHERE nspname NOT LIKE 'pg\_%' AND nspname NOT IN ('tds', 'information_schema');
CREATE VIEW sys.objects AS
  SELECT relname::tds.nvarchar(128) AS name, oid::bigint::integer AS object_id, relnamespace::bigint::integer AS schema_id,
         CASE WHEN relkind = 'v' THEN 'V ' ELSE 'U ' END::tds.char(2) AS type
  FROM pg_class WHERE relkind IN ('r', 'p', 'v') AND relpersistence <> 't' AND relnamespace::regnamespace::text NOT IN ('pg_catalog', 'information_schema', 'tds', 'sys', 'pg_toast');
CREATE VIEW sys.tables AS SELECT * FROM sys.objects WHERE type = 'U';
CREATE VIEW sys.columns AS
  SELECT attrelid::bigint::integer AS object_id, attname::tds.nvarchar(128) AS name, attnum::integer AS column_id,
         CASE WHEN attnotnull THEN 0 ELSE 1 END::tds.bit AS is_nullable,
         CASE WHEN attidentity <> '' THEN 1 ELSE 0 END::tds.bit AS is_identity
  FROM pg_attribute WHERE attnum > 0 AND NOT attisdropped;
CREATE VIEW sys.databases AS
  SELECT datname::tds.nvarchar(128) AS name, oid::bigint::integer AS database_id, 1::tds.tinyint AS snapshot_isolation_state,
         'ON'::tds.nvarchar(60) AS snapshot_isolation_state_desc, 1::tds.bit AS is_read_committed_snapshot_on
  FROM pg_database WHERE NOT datistemplate;
-- The server names its PostgreSQL sessions `tds:<session id>:<program>`.
CREATE VIEW sys.dm_exec_sessions AS
  SELECT split_part(application_name, ':', 2)::smallint AS session_id, usename::tds.nvarchar(128) AS login_name,
         substr(application_name, length(split_part(application_name, ':', 2)) + 6)::tds.nvarchar(128) AS program_name,
         CASE WHEN state = 'active' THEN 'running' ELSE 'sleeping' END::tds.nvarchar(30) AS status,
         CASE WHEN state LIKE 'idle in transaction%' THEN 1 ELSE 0 END AS open_transaction_count
  FROM pg_stat_activity WHERE application_name LIKE 'tds:%:%';
CREATE VIEW sys.dm_exec_requests AS
  SELECT session_id, status FROM sys.dm_exec_sessions WHERE status = 'running';
