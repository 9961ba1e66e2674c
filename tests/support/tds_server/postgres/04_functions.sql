-- Functions of T-SQL that PostgreSQL lacks.
CREATE FUNCTION tds.sysutcdatetime() RETURNS tds.datetime2 LANGUAGE sql STABLE AS $$ SELECT to_char(statement_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US0')::tds.datetime2 $$;
CREATE FUNCTION tds.sysdatetime() RETURNS tds.datetime2 LANGUAGE sql STABLE AS $$ SELECT tds.sysutcdatetime() $$;
CREATE FUNCTION tds.sysdatetimeoffset() RETURNS tds.datetimeoffset LANGUAGE sql STABLE AS $$ SELECT (tds.sysutcdatetime()::text || ' +00:00')::tds.datetimeoffset $$;
CREATE FUNCTION tds.getutcdate() RETURNS tds.datetime LANGUAGE sql STABLE AS $$ SELECT (statement_timestamp() AT TIME ZONE 'UTC')::tds.datetime(3) $$;
CREATE FUNCTION tds.getdate() RETURNS tds.datetime LANGUAGE sql STABLE AS $$ SELECT tds.getutcdate() $$;
CREATE FUNCTION tds.newid() RETURNS uuid LANGUAGE sql VOLATILE AS $$ SELECT gen_random_uuid() $$;

-- Lengths count UTF-16 code units, and LEN leaves trailing blanks out.
CREATE FUNCTION tds.len(text) RETURNS integer LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT length(rtrim($1, ' ')) + length(regexp_replace($1, '[\u0001-\uffff]', '', 'g')) $$;
CREATE FUNCTION tds.len(bytea) RETURNS integer LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ SELECT length($1) $$;
CREATE FUNCTION tds.datalength(bytea) RETURNS integer LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ SELECT length($1) $$;
CREATE FUNCTION tds.datalength(tds.varchar) RETURNS integer LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ SELECT length($1::text) $$;
CREATE FUNCTION tds.datalength(text) RETURNS integer LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT 2 * (length($1) + length(regexp_replace($1, '[\u0001-\uffff]', '', 'g'))) $$;
CREATE FUNCTION tds.charindex(text, text, integer DEFAULT 1) RETURNS integer LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT CASE strpos(substr($2, greatest($3, 1)), $1) WHEN 0 THEN 0 ELSE strpos(substr($2, greatest($3, 1)), $1) + greatest($3, 1) - 1 END $$;
CREATE FUNCTION tds.replicate(text, integer) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ SELECT repeat($1, $2) $$;
CREATE FUNCTION tds.space(integer) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ SELECT repeat(' ', $1) $$;
CREATE FUNCTION tds.stuff(text, integer, integer, text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT overlay($1 placing coalesce($4, '') from $2 for $3) $$;
CREATE FUNCTION tds.year(timestamp) RETURNS integer LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ SELECT extract(year FROM $1)::integer $$;
CREATE FUNCTION tds.month(timestamp) RETURNS integer LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ SELECT extract(month FROM $1)::integer $$;
CREATE FUNCTION tds.day(timestamp) RETURNS integer LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ SELECT extract(day FROM $1)::integer $$;
CREATE OPERATOR tds.+ (LEFTARG = text, RIGHTARG = text, FUNCTION = pg_catalog.textcat);
CREATE OPERATOR tds.+ (LEFTARG = bytea, RIGHTARG = bytea, FUNCTION = pg_catalog.byteacat);

-- The rewriter writes the date part as text.
CREATE FUNCTION tds.date_part_name(text) RETURNS text LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  RETURN CASE lower($1)
    WHEN 'year' THEN 'year' WHEN 'yy' THEN 'year' WHEN 'yyyy' THEN 'year'
    WHEN 'quarter' THEN 'quarter' WHEN 'qq' THEN 'quarter' WHEN 'q' THEN 'quarter'
    WHEN 'month' THEN 'month' WHEN 'mm' THEN 'month' WHEN 'm' THEN 'month'
    WHEN 'day' THEN 'day' WHEN 'dd' THEN 'day' WHEN 'd' THEN 'day'
    WHEN 'week' THEN 'week' WHEN 'wk' THEN 'week' WHEN 'ww' THEN 'week'
    WHEN 'hour' THEN 'hour' WHEN 'hh' THEN 'hour'
    WHEN 'minute' THEN 'minute' WHEN 'mi' THEN 'minute' WHEN 'n' THEN 'minute'
    WHEN 'second' THEN 'second' WHEN 'ss' THEN 'second' WHEN 's' THEN 'second'
    WHEN 'millisecond' THEN 'millisecond' WHEN 'ms' THEN 'millisecond'
    WHEN 'microsecond' THEN 'microsecond' WHEN 'mcs' THEN 'microsecond' END;
END $$;
CREATE FUNCTION tds.dateadd(part text, amount integer, moment timestamp) RETURNS tds.datetime2 LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE name text := tds.date_part_name(part);
BEGIN
  IF name IS NULL THEN RAISE EXCEPTION '% is not a recognized dateadd option', part USING ERRCODE = '42601'; END IF;
  IF name = 'quarter' THEN
    name := 'month';
    amount := amount * 3;
  END IF;
  RETURN (moment + (amount || ' ' || name)::interval)::tds.datetime2(8);
END $$;
-- Counts the boundaries crossed.
CREATE FUNCTION tds.datediff(part text, earlier timestamp, later timestamp) RETURNS integer LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE name text := tds.date_part_name(part);
BEGIN
  RETURN CASE
    WHEN name = 'year' THEN extract(year FROM later) - extract(year FROM earlier)
    WHEN name = 'month' THEN (extract(year FROM later) - extract(year FROM earlier)) * 12 + extract(month FROM later) - extract(month FROM earlier)
    WHEN name = 'quarter' THEN (extract(year FROM later) - extract(year FROM earlier)) * 4 + extract(quarter FROM later) - extract(quarter FROM earlier)
    WHEN name = 'day' THEN later::date - earlier::date
    WHEN name = 'week' THEN floor((later::date - date '1899-12-31') / 7.0) - floor((earlier::date - date '1899-12-31') / 7.0)
    WHEN name IN ('hour', 'minute', 'second') THEN
      extract(epoch FROM date_trunc(name, later) - date_trunc(name, earlier)) / extract(epoch FROM ('1 ' || name)::interval)
    WHEN name = 'millisecond' THEN extract(epoch FROM date_trunc('milliseconds', later) - date_trunc('milliseconds', earlier)) * 1000
    WHEN name = 'microsecond' THEN extract(epoch FROM later - earlier) * 1000000 END;
END $$;
CREATE FUNCTION tds.datepart(part text, moment timestamp) RETURNS integer LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT floor(date_part(tds.date_part_name($1), $2))::integer $$;

CREATE FUNCTION tds.isjson(text) RETURNS integer LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  RETURN CASE WHEN jsonb_typeof($1::jsonb) IN ('object', 'array') THEN 1 ELSE 0 END;
EXCEPTION WHEN invalid_text_representation THEN
  RETURN 0;
END $$;
CREATE FUNCTION tds.json_value(text, text) RETURNS tds.nvarchar LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE found jsonb := jsonb_path_query_first($1::jsonb, $2::jsonpath);
BEGIN
  RETURN CASE WHEN jsonb_typeof(found) NOT IN ('object', 'array') THEN left(found #>> '{}', 4000)::tds.nvarchar END;
END $$;

-- sql_variant: the kind of the value, a unit separator, the value. A text without one is VARCHAR.
CREATE FUNCTION tds.to_variant(value text, kind text) RETURNS tds.sql_variant LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT (kind || chr(31) || value)::tds.sql_variant $$;
DO $$
DECLARE source text;
BEGIN
  FOREACH source IN ARRAY ARRAY['pg_catalog.int2', 'pg_catalog.int4', 'pg_catalog.int8',
      'pg_catalog.float4', 'pg_catalog.float8', 'pg_catalog.numeric', 'pg_catalog.date', 'pg_catalog.uuid',
      'tds.tinyint', 'tds.bit', 'tds.money', 'tds.smallmoney', 'tds.varchar', 'tds.nvarchar', 'tds.char',
      'tds.nchar', 'tds.binary', 'tds.varbinary', 'tds.datetime', 'tds.smalldatetime', 'tds.datetime2',
      'tds.datetimeoffset', 'tds.time'] LOOP
    EXECUTE format($f$CREATE FUNCTION tds.to_variant(%1$s) RETURNS tds.sql_variant LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
      AS $b$SELECT tds.to_variant($1::text, %2$L)$b$ $f$, source, split_part(source, '.', 2));
    EXECUTE format('CREATE CAST (%1$s AS tds.sql_variant) WITH FUNCTION tds.to_variant(%1$s) AS ASSIGNMENT', source);
  END LOOP;
END $$;

-- BINARY and VARBINARY of a declared length n (typmod n + 4).
CREATE FUNCTION tds.binary(value tds.binary, modifier integer, is_explicit boolean) RETURNS tds.binary LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF length(value::bytea) > modifier - 4 AND NOT is_explicit THEN
    RAISE EXCEPTION 'value too long for type binary(%)', modifier - 4 USING ERRCODE = '22001';
  END IF;
  RETURN substr(value::bytea || decode(repeat('00', modifier - 4), 'hex'), 1, modifier - 4)::tds.binary;
END $$;
CREATE CAST (tds.binary AS tds.binary) WITH FUNCTION tds.binary(tds.binary, integer, boolean) AS IMPLICIT;
CREATE FUNCTION tds.varbinary(value tds.varbinary, modifier integer, is_explicit boolean) RETURNS tds.varbinary LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF length(value::bytea) > modifier - 4 AND NOT is_explicit THEN
    RAISE EXCEPTION 'value too long for type varbinary(%)', modifier - 4 USING ERRCODE = '22001';
  END IF;
  RETURN substr(value::bytea, 1, modifier - 4)::tds.varbinary;
END $$;
CREATE CAST (tds.varbinary AS tds.varbinary) WITH FUNCTION tds.varbinary(tds.varbinary, integer, boolean) AS IMPLICIT;

-- The identity that the session's last INSERT gave.
CREATE FUNCTION tds.scope_identity() RETURNS numeric(38,0) LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  RETURN lastval();
EXCEPTION WHEN object_not_in_prerequisite_state THEN
  RETURN NULL;
END $$;

CREATE FUNCTION tds.quotename(text) RETURNS tds.nvarchar LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT ('[' || replace($1, ']', ']]') || ']')::tds.nvarchar $$;

-- COUNT is INT; COUNT_BIG is PostgreSQL's.
CREATE AGGREGATE tds.count(*) (SFUNC = int8inc, STYPE = int8, INITCOND = '0', FINALFUNC = pg_catalog.int4);
CREATE AGGREGATE tds.count("any") (SFUNC = int8inc_any, STYPE = int8, INITCOND = '0', FINALFUNC = pg_catalog.int4);
