CREATE TABLE t (a int, b text);
COPY t (a, b) FROM STDIN;
1	it's; -- not a comment
2	$$ /* " \\.
3	\N
\.
SELECT 1;
copy t from stdin with (format csv, header, delimiter ';'); -- behind; it
a;b
1;"a
quoted
line"
\.
COPY t FROM STDIN;
\.
COPY BINARY t FROM STDIN;
\.
COPY public."from" (a) FROM stdin WHERE a > (1);  /* behind */
 \.
\. 
x\.
\.

SELECT 2; COPY t FROM STDIN
  WITH (FORMAT text)
;
1	\.
\.
COPY t TO '/tmp/t'; COPY t FROM '/tmp/stdin'; COPY t FROM PROGRAM 'cat';
COPY (SELECT a FROM t) TO '/tmp/t';
SELECT copy FROM stdin; SELECT 'COPY t FROM STDIN';
COPY "t" FROM STDOUT;
1	x
\.
SELECT 3
