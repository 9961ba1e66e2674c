-- To the base type without a function: its operators, aggregates and index methods apply.
DO $$
DECLARE pair text[];
BEGIN
  FOREACH pair SLICE 1 IN ARRAY ARRAY[
      ['tinyint', 'int4'], ['bit', 'int4'], ['money', 'numeric'], ['smallmoney', 'numeric'],
      ['varchar', 'text'], ['nvarchar', 'text'], ['text', 'text'], ['ntext', 'text'],
      ['char', 'bpchar'], ['nchar', 'bpchar'], ['binary', 'bytea'], ['varbinary', 'bytea'],
      ['image', 'bytea'], ['smalldatetime', 'timestamp'], ['datetime', 'timestamp']] LOOP
    EXECUTE format('CREATE CAST (tds.%I AS pg_catalog.%I) WITHOUT FUNCTION AS IMPLICIT', pair[1], pair[2]);
    IF pair[1] NOT IN ('tinyint', 'bit') THEN
      EXECUTE format('CREATE CAST (pg_catalog.%I AS tds.%I) WITHOUT FUNCTION AS ASSIGNMENT', pair[2], pair[1]);
    END IF;
  END LOOP;
  FOREACH pair SLICE 1 IN ARRAY ARRAY[['char', ''], ['nchar', '']] LOOP
    EXECUTE format('CREATE FUNCTION tds.to_text(tds.%I) RETURNS text LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS ''rtrim1''', pair[1]);
    EXECUTE format('CREATE CAST (tds.%I AS text) WITH FUNCTION tds.to_text(tds.%I) AS IMPLICIT', pair[1], pair[1]);
    EXECUTE format('CREATE CAST (text AS tds.%I) WITHOUT FUNCTION AS ASSIGNMENT', pair[1]);
  END LOOP;
END $$;

-- 0x… is a VARBINARY, whatever it is stored in.
CREATE CAST (tds.varbinary AS tds.binary) WITHOUT FUNCTION AS ASSIGNMENT;
CREATE CAST (tds.varbinary AS tds.image) WITHOUT FUNCTION AS ASSIGNMENT;

-- Numbers into the types that have a range of their own.
DO $$
DECLARE source text;
BEGIN
  FOREACH source IN ARRAY ARRAY['int2', 'int4', 'int8', 'numeric', 'float4', 'float8'] LOOP
    EXECUTE format($f$CREATE FUNCTION tds.to_bit(%1$s) RETURNS tds.bit LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
      AS 'SELECT CASE WHEN $1 = 0 THEN ''0''::tds.bit ELSE ''1''::tds.bit END'$f$, source);
    EXECUTE format('CREATE CAST (%1$s AS tds.bit) WITH FUNCTION tds.to_bit(%1$s) AS ASSIGNMENT', source);
    EXECUTE format($f$CREATE FUNCTION tds.to_tinyint(value %1$s) RETURNS tds.tinyint LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $b$
      BEGIN
        IF trunc(value::numeric) NOT BETWEEN 0 AND 255 THEN
          RAISE EXCEPTION 'value out of range for type tinyint' USING ERRCODE = '22003';
        END IF;
        RETURN trunc(value::numeric)::text::tds.tinyint;
      END $b$ $f$, source);
    EXECUTE format('CREATE CAST (%1$s AS tds.tinyint) WITH FUNCTION tds.to_tinyint(%1$s) AS ASSIGNMENT', source);
  END LOOP;
  FOREACH source IN ARRAY ARRAY['int2', 'int4', 'int8', 'float4', 'float8'] LOOP
    EXECUTE format('CREATE CAST (%s AS tds.money) WITH INOUT AS ASSIGNMENT', source);
    EXECUTE format('CREATE CAST (%s AS tds.smallmoney) WITH INOUT AS ASSIGNMENT', source);
  END LOOP;
END $$;
