SELECT 'plain', 'it''s', '', ''';';
SELECT 'a backslash \', 'and a semicolon;';
SELECT E'an escaped quote \'; still inside', e'\\';
SELECT E'continued \'; '
  -- a comment between the pieces; with a semicolon
  'on the next line; ';
SELECT 'continued; '
  'without escapes\';
SELECT "a;b", "say ""hi;""", "E'";
SELECT U&'d\0061t\+000061;', u&"d\0061t;a", U&'d!0061;' UESCAPE '!';
SELECT B'101', b'1', X'1F;', x'00', N'n;ame', n'';
SELECT 'über;', '日本;', '😀;', "größe;";
SELECT type';'; SELECT date'2024-01-01'; SELECT e';' ; SELECT E''';' ;
SELECT 1'x';
SELECT 'line
;
end';
SELECT 'tab	;';
