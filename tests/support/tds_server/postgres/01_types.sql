-- SQL Server's types, functions and catalogue views as PostgreSQL objects. Installed once per
-- database, in one transaction, by a superuser.
--
-- Types that PostgreSQL lacks are base types of their own (not domains, which results do not show),
-- made of PostgreSQL's own input and output functions, and implicitly castable to what they are
-- made of, whose operators therefore serve them. Dates of 100 ns are kept as text of fixed width
-- that sorts as time does, with comparisons of their own.
CREATE SCHEMA tds;
CREATE SCHEMA IF NOT EXISTS dbo;

-- Makes `name` like `base`. `modifier` is the base's stem for typmod functions, or ''.
CREATE PROCEDURE tds.make_type(name text, base text, input text, output text, arguments text,
                               modifier text, category text) LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('CREATE TYPE tds.%I', name);
  EXECUTE format('CREATE FUNCTION tds.%I(%s) RETURNS tds.%I LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS %L',
                 name || '_in', arguments, name, input);
  EXECUTE format('CREATE FUNCTION tds.%I(tds.%I) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS %L',
                 name || '_out', name, output);
  EXECUTE format('CREATE TYPE tds.%I (INPUT = tds.%I, OUTPUT = tds.%I, LIKE = pg_catalog.%s, CATEGORY = %L, COLLATABLE = %s%s)',
                 name, name || '_in', name || '_out', base, category, (category = 'S')::text,
                 CASE WHEN modifier = '' THEN ''
                      ELSE format(', TYPMOD_IN = pg_catalog.%I, TYPMOD_OUT = pg_catalog.%I',
                                  modifier || 'typmodin', modifier || 'typmodout') END);
END $$;

-- The function that fits a value to a declared length, which PostgreSQL calls on assignment.
CREATE PROCEDURE tds.fit_with(name text, internal_function text) LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('CREATE FUNCTION tds.%I(tds.%I, integer%s) RETURNS tds.%I LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS %L',
                 name, name, CASE WHEN internal_function = 'numeric' THEN '' ELSE ', boolean' END,
                 name, internal_function);
  EXECUTE format('CREATE CAST (tds.%1$I AS tds.%1$I) WITH FUNCTION tds.%1$I(tds.%1$I, integer%2$s) AS IMPLICIT',
                 name, CASE WHEN internal_function = 'numeric' THEN '' ELSE ', boolean' END);
END $$;

CALL tds.make_type('tinyint',    'int4', 'int4in', 'int4out', 'cstring', '', 'N');
CALL tds.make_type('bit',        'int4', 'int4in', 'int4out', 'cstring', '', 'N');
CALL tds.make_type('money',      'numeric', 'numeric_in', 'numeric_out', 'cstring, oid, integer', 'numeric', 'N');
CALL tds.make_type('smallmoney', 'numeric', 'numeric_in', 'numeric_out', 'cstring, oid, integer', 'numeric', 'N');
CALL tds.make_type('varchar',    'varchar', 'varcharin', 'varcharout', 'cstring, oid, integer', 'varchar', 'S');
CALL tds.make_type('nvarchar',   'varchar', 'varcharin', 'varcharout', 'cstring, oid, integer', 'varchar', 'S');
CALL tds.make_type('char',       'bpchar', 'bpcharin', 'bpcharout', 'cstring, oid, integer', 'bpchar', 'S');
CALL tds.make_type('nchar',      'bpchar', 'bpcharin', 'bpcharout', 'cstring, oid, integer', 'bpchar', 'S');
CALL tds.make_type('text',       'text', 'textin', 'textout', 'cstring', '', 'S');
CALL tds.make_type('ntext',      'text', 'textin', 'textout', 'cstring', '', 'S');
CALL tds.make_type('binary',     'bytea', 'byteain', 'byteaout', 'cstring', 'varchar', 'U');
CALL tds.make_type('varbinary',  'bytea', 'byteain', 'byteaout', 'cstring', 'varchar', 'U');
CALL tds.make_type('image',      'bytea', 'byteain', 'byteaout', 'cstring', '', 'U');
CALL tds.make_type('smalldatetime', 'timestamp', 'timestamp_in', 'timestamp_out', 'cstring, oid, integer', 'varchar', 'D');
CALL tds.make_type('datetime',   'timestamp', 'timestamp_in', 'timestamp_out', 'cstring, oid, integer', 'varchar', 'D');
CALL tds.make_type('datetime2',  'text', 'textin', 'textout', 'cstring', 'varchar', 'D');
CALL tds.make_type('datetimeoffset', 'text', 'textin', 'textout', 'cstring', 'varchar', 'D');
CALL tds.make_type('time',       'text', 'textin', 'textout', 'cstring', 'varchar', 'D');
CALL tds.make_type('sql_variant', 'text', 'textin', 'textout', 'cstring', '', 'U');

CALL tds.fit_with('money', 'numeric');
CALL tds.fit_with('smallmoney', 'numeric');
CALL tds.fit_with('varchar', 'varchar');
CALL tds.fit_with('nvarchar', 'varchar');
CALL tds.fit_with('char', 'bpchar');
CALL tds.fit_with('nchar', 'bpchar');
