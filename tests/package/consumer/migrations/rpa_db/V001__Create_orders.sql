CREATE TABLE orders (
  id int PRIMARY KEY,
  note text DEFAULT 'Grüße, 日本 😀 "quoted" \ and $1'
);
