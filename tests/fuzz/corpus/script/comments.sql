-- a comment; with a semicolon
SELECT 1; -- behind; it
SELECT /* inside; */ 2; /* between; */ SELECT 3;
/* before; /* nested; */ still; */ SELECT 4 /* a /* b /* c; */ ; */ */;
SELECT 5 -- to the end; of the line
  + 6; --
--
SELECT '--', '/*', "-- a", "/*"; -- '
SELECT 7 --/* not opened
; /* ' */ SELECT 8 /* " $$ */;
SELECT 9 */*;*/ 10; SELECT 11 -/*;*/- 12; SELECT 13 +-- ;
14;
/**/SELECT 15;/***/SELECT 16;/*/ ; */SELECT 17;
;; ;/* nothing; */;
SELECT 18 /*
-- not a comment */ ; */
;
-- the last; one without an end
SELECT 19 /* ; */
