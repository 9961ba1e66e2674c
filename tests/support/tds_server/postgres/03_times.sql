-- DATETIME2, DATETIMEOFFSET and TIME to 100 ns: text of fixed width. What a literal brings in is
-- brought to that width on assignment (fit) and in comparisons.

-- Digits behind the point, rounded to `scale` of them, in units of 100 ns: 0 to 10,000,000.
CREATE FUNCTION tds.fraction_ticks(digits text, scale integer) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT (round(('0.' || coalesce(nullif(digits, ''), '0'))::numeric, scale) * 10000000)::integer
$$;

-- PostgreSQL's typmod of these types is the scale + 5 (varchartypmodin with the scale + 1).
CREATE FUNCTION tds.scale_of(modifier integer) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN modifier < 5 THEN 7 ELSE least(modifier - 5, 7) END
$$;

CREATE FUNCTION tds.fit_datetime2(value text, scale integer) RETURNS text LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  part text[] := regexp_match(value, '^\s*(.*?:\d\d:\d\d)(?:\.(\d+))?\s*$');
  second timestamp;
  ticks integer;
BEGIN
  IF part IS NULL THEN
    part := ARRAY[value, ''];
  END IF;
  second := part[1]::timestamp;
  ticks := tds.fraction_ticks(part[2], scale);
  IF ticks = 10000000 THEN
    second := second + interval '1 second';
    ticks := 0;
  END IF;
  IF second < '0001-01-01' OR second >= '10000-01-01' THEN
    RAISE EXCEPTION 'timestamp out of range' USING ERRCODE = '22008';
  END IF;
  RETURN to_char(second, 'YYYY-MM-DD HH24:MI:SS.') || lpad(ticks::text, 7, '0');
END $$;

CREATE FUNCTION tds.fit_time(value text, scale integer) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  -- A time that rounds up to midnight wraps to it, as SQL Server does.
  SELECT substr(tds.fit_datetime2(
           CASE WHEN value ~ '^\s*\d?\d:' THEN '2000-01-01 ' || btrim(value) ELSE value END, scale), 12)
$$;

CREATE FUNCTION tds.fit_datetimeoffset(value text, scale integer) RETURNS text LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  part text[] := regexp_match(value, '^\s*(.*?\S)\s*(?:([+-])(\d\d):?(\d\d)?|Z)\s*$', 'i');
BEGIN
  IF part IS NULL OR part[1] !~ ':' THEN
    RETURN tds.fit_datetime2(value, scale) || ' +00:00';
  END IF;
  IF coalesce(part[3]::integer * 60 + coalesce(part[4]::integer, 0), 0) > 14 * 60 THEN
    RAISE EXCEPTION 'time zone displacement out of range' USING ERRCODE = '22009';
  END IF;
  RETURN tds.fit_datetime2(part[1], scale) || ' ' || coalesce(part[2], '+') ||
         coalesce(part[3], '00') || ':' || coalesce(part[4], '00');
END $$;

-- The same moment at +00:00.
CREATE FUNCTION tds.moment(value text) RETURNS text LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  fitted text := tds.fit_datetimeoffset(value, 7);
BEGIN
  RETURN to_char(left(fitted, 19)::timestamp - right(fitted, 6)::interval, 'YYYY-MM-DD HH24:MI:SS') ||
         substr(fitted, 20, 8);
END $$;

-- For each of the three: fitting on assignment, comparison by `key`, and an index method.
CREATE PROCEDURE tds.complete_time_type(name text, key text, known_width integer) LANGUAGE plpgsql AS $$
DECLARE operator text[];
BEGIN
  EXECUTE format($f$CREATE FUNCTION tds.%1$I(tds.%1$I, integer, boolean) RETURNS tds.%1$I
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS 'SELECT tds.fit_%1$s($1::text, tds.scale_of($2))::tds.%1$I'$f$, name);
  EXECUTE format('CREATE CAST (tds.%1$I AS tds.%1$I) WITH FUNCTION tds.%1$I(tds.%1$I, integer, boolean) AS IMPLICIT', name);
  EXECUTE format($f$CREATE FUNCTION tds.compare(tds.%1$I, tds.%1$I) RETURNS integer
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS 'SELECT CASE WHEN length($1::text) = %3$s AND length($2::text) = %3$s
                    THEN bttextcmp($1::text COLLATE "C", $2::text COLLATE "C")
                    ELSE bttextcmp(%2$s COLLATE "C", %4$s COLLATE "C") END'$f$,
    name, format(key, '$1::text'), known_width, format(key, '$2::text'));
  FOREACH operator SLICE 1 IN ARRAY ARRAY[['<', 'less', '>'], ['<=', 'less_or_equal', '>='],
      ['=', 'equal', '='], ['<>', 'unequal', '<>'], ['>=', 'greater_or_equal', '<='], ['>', 'greater', '<']] LOOP
    EXECUTE format($f$CREATE FUNCTION tds.%3$s(tds.%1$I, tds.%1$I) RETURNS boolean
      LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS 'SELECT tds.compare($1, $2) %2$s 0'$f$,
      name, operator[1], operator[2]);
    EXECUTE format('CREATE OPERATOR tds.%2$s (LEFTARG = tds.%1$I, RIGHTARG = tds.%1$I, FUNCTION = tds.%3$s, COMMUTATOR = OPERATOR(tds.%4$s))',
                   name, operator[1], operator[2], operator[3]);
  END LOOP;
  EXECUTE format('CREATE OPERATOR CLASS tds.%1$I DEFAULT FOR TYPE tds.%1$I USING btree AS
      OPERATOR 1 tds.<, OPERATOR 2 tds.<=, OPERATOR 3 tds.=, OPERATOR 4 tds.>=, OPERATOR 5 tds.>,
      FUNCTION 1 tds.compare(tds.%1$I, tds.%1$I)', name);
END $$;
CALL tds.complete_time_type('datetime2', 'tds.fit_datetime2(%s, 7)', 27);
CALL tds.complete_time_type('time', 'tds.fit_time(%s, 7)', 16);
-- Never of a known width: two texts may name one moment.
CALL tds.complete_time_type('datetimeoffset', 'tds.moment(%s)', 0);

-- DATETIME counts 1/300 s and is shown in milliseconds; SMALLDATETIME counts minutes.
CREATE FUNCTION tds.datetime(value tds.datetime, integer, boolean) RETURNS tds.datetime LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  moment timestamp := value::timestamp;
  second timestamp := date_trunc('second', moment);
BEGIN
  IF moment < '1753-01-01' OR moment >= '10000-01-01' THEN
    RAISE EXCEPTION 'datetime out of range' USING ERRCODE = '22008';
  END IF;
  RETURN second + make_interval(secs => round(round(extract(microseconds FROM moment - second) * 3 / 10000) * 10 / 3) / 1000.0);
END $$;
CREATE CAST (tds.datetime AS tds.datetime) WITH FUNCTION tds.datetime(tds.datetime, integer, boolean) AS IMPLICIT;
CREATE FUNCTION tds.smalldatetime(value tds.smalldatetime, integer, boolean) RETURNS tds.smalldatetime LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF value::timestamp < '1900-01-01' OR value::timestamp >= '2079-06-06 23:59:30' THEN
    RAISE EXCEPTION 'smalldatetime out of range' USING ERRCODE = '22008';
  END IF;
  -- 29.998 s and less round down, 29.999 s and more up.
  RETURN date_trunc('minute', value::timestamp + interval '30.001 seconds');
END $$;
CREATE CAST (tds.smalldatetime AS tds.smalldatetime) WITH FUNCTION tds.smalldatetime(tds.smalldatetime, integer, boolean) AS IMPLICIT;

-- Between the kinds of times, and to those of PostgreSQL whose operators serve them.
CREATE FUNCTION tds.to_timestamp(tds.datetime2) RETURNS timestamp LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ SELECT $1::text::timestamp $$;
CREATE CAST (tds.datetime2 AS timestamp) WITH FUNCTION tds.to_timestamp(tds.datetime2) AS IMPLICIT;
CREATE FUNCTION tds.to_timestamptz(tds.datetimeoffset) RETURNS timestamptz LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ SELECT $1::text::timestamptz $$;
CREATE CAST (tds.datetimeoffset AS timestamptz) WITH FUNCTION tds.to_timestamptz(tds.datetimeoffset) AS IMPLICIT;
CREATE FUNCTION tds.to_time(tds.time) RETURNS pg_catalog.time LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ SELECT $1::text::pg_catalog.time $$;
CREATE CAST (tds.time AS pg_catalog.time) WITH FUNCTION tds.to_time(tds.time) AS IMPLICIT;
DO $$
DECLARE pair text[];
BEGIN
  FOREACH pair SLICE 1 IN ARRAY ARRAY[
      ['pg_catalog.timestamp', 'tds.datetime2'], ['pg_catalog.date', 'tds.datetime2'],
      ['tds.datetime', 'tds.datetime2'], ['tds.smalldatetime', 'tds.datetime2'],
      ['tds.datetimeoffset', 'tds.datetime2'], ['tds.datetime2', 'tds.datetime'],
      ['tds.datetime2', 'tds.smalldatetime'], ['pg_catalog.date', 'tds.datetime'],
      ['pg_catalog.date', 'tds.smalldatetime'], ['tds.datetime', 'tds.smalldatetime'],
      ['tds.smalldatetime', 'tds.datetime'], ['tds.datetime2', 'pg_catalog.date'],
      ['tds.datetime', 'pg_catalog.date'], ['tds.smalldatetime', 'pg_catalog.date'],
      ['tds.datetimeoffset', 'pg_catalog.date'], ['pg_catalog.timestamptz', 'tds.datetimeoffset'],
      ['tds.datetime2', 'tds.datetimeoffset'], ['tds.datetime', 'tds.datetimeoffset'],
      ['pg_catalog.time', 'tds.time'], ['tds.datetime2', 'tds.time'], ['tds.datetime', 'tds.time']] LOOP
    EXECUTE format('CREATE CAST (%s AS %s) WITH INOUT AS ASSIGNMENT', pair[1], pair[2]);
  END LOOP;
END $$;
