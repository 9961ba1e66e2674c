SELECT $$;$$, $a$;$$;$b$;$a$, $ä$;$ä$, $_1$;$_1$;
SELECT $1, $2;
PREPARE p (int) AS SELECT $1;
SELECT a$b$c, d$1;e FROM x; SELECT 1 AS tag$;
SELECT $a$ $A$ ; $a$;
SELECT $$it's; "never" /* a -- comment$$;
SELECT $1$1; SELECT $a; SELECT $ a$; SELECT 2;
DO $$
BEGIN
  PERFORM 1;
  RAISE NOTICE 'a;b';
END
$$;
DO LANGUAGE plpgsql $body$ BEGIN EXECUTE $q$ SELECT 1; $q$; END; $body$;
CREATE FUNCTION f(integer) RETURNS text AS $function$
BEGIN
  RETURN ($1 ~ $q$[\t\r\n\v\\]$q$);
END;
$function$ LANGUAGE plpgsql;
SELECT 1$$;$$;
SELECT x$$;
SELECT $$, 3; $$;
