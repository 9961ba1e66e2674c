#include <chrono>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <flowdb/error.hpp>

#include "integration/canary_watch.hpp"
#include "integration/manager_for.hpp"
#include "support/observer.hpp"
#include "support/test_server.hpp"

namespace flowdb::test {
namespace {

using namespace std::chrono_literals;

/// A text with everything in it that could break a search for it.
const std::string canary = "canary'9b1e \"inmost\"\nsecond line";
const std::vector<std::string> traces{"canary'9b1e", "inmost",    "second line",
                                      "canary",      "918273645", "2031-05-17"};

/// Bound values are secrets: whatever the server says about them stays with the server.
class ValueCanary : public testing::Test {
 protected:
  ValueCanary() {
    database_.exec(
        "CREATE TABLE strict (name text PRIMARY KEY CHECK (name NOT LIKE '%refused%'),"
        " short varchar(3), parent text REFERENCES strict, n int, day date);"
        "CREATE TYPE mood AS ENUM ('glad');"
        "CREATE FUNCTION complain(value anyelement) RETURNS int LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE NOTICE 'notice of %', value; RAISE WARNING 'warning of %', value;"
        " RAISE EXCEPTION 'not %', value USING HINT = format('rather not %s', value),"
        " DETAIL = format('really not %L', value); END $$;"
        "CREATE TABLE watched (name text, instant timestamptz);"
        "CREATE FUNCTION watch() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'row of % refused', new.name; END $$;"
        "CREATE TRIGGER watch BEFORE INSERT ON watched FOR EACH ROW EXECUTE FUNCTION watch();"
        "CREATE TABLE watched_later (name text);"
        "CREATE CONSTRAINT TRIGGER watch AFTER INSERT ON watched_later DEFERRABLE INITIALLY "
        "DEFERRED"
        " FOR EACH ROW EXECUTE FUNCTION watch()");
    db_.execute_query("INSERT INTO strict (name) VALUES (:name)", {{"name", canary}});
  }
  void query(const std::string& sql, const Value& value) {
    watch_.fails([&] { db_.execute_query(sql, {{"v", value}}); });
  }

  test_support::TestDatabase database_;
  DatabaseManager db_ = manager_for(database_, one_connection());
  CanaryWatch watch_;
};

TEST_F(ValueCanary, IsSilent_InTheErrorsOfSingleStatements) {
  query("INSERT INTO strict (name) VALUES (:v)", canary);
  query("INSERT INTO strict (name) VALUES (:v || 'refused')", canary);
  query("INSERT INTO strict (name, short) VALUES ('a', :v)", canary);
  query("INSERT INTO strict (name, parent) VALUES ('b', :v || 'x')", canary);
  for (const std::string type : {"int", "date", "timestamptz", "uuid", "bool", "numeric", "mood",
                                 "json", "jsonb", "xml", "inet", "interval", "int[]", "regclass",
                                 "regtype", "point", "bytea", "tsquery", "int4range"}) {
    query("SELECT :v::" + type, "canary'9b1e \"inmost\"\\q\nsecond line <");
  }
  query("SELECT now() AT TIME ZONE :v", canary);
  query("SELECT set_config(:v, '1', true)", canary);
  query("SELECT pg_read_file(:v)", canary);
  query("SELECT 1 WHERE 'x' ~ (:v || '(')", canary);
  query("SELECT convert_from(:v, 'UTF8')", Bytes{std::byte{'c'}, std::byte{0xFF}});
  query("SELECT :v::int[]", std::vector<std::string>{"1", canary});
  query("SELECT 1 WHERE 5 IN (:v)", std::vector<std::string>{canary});
  query("SELECT (:v::int8)::int4", 918273645546372819);
  query("SELECT 1 + :v::text", canary);
  query("SELECT 'canary literal'::int + :v", 1);
  query("SELECT * FROM strict WHERE 'canary literal' = nmae AND :v = 1", 1);
  EXPECT_EQ(watch_.leaks(traces), std::vector<std::string>{});
  EXPECT_FALSE(watch_.log().with("outcome=error_23505").empty());
}

TEST_F(ValueCanary, IsSilent_WhenAFunctionRaisesIt) {
  const auto raw = [&] {
    try {
      test_support::Observer{database_.url()}.exec("SELECT complain('canary'::text)");
    } catch (const std::exception& error) {
      return std::string{error.what()};
    }
    return std::string{};
  };
  EXPECT_NE(raw().find("not canary"), std::string::npos) << "the server itself does say it";
  query("SELECT complain(:v::text)", canary);
  query("SELECT complain(:v)", 918273645);
  query("SELECT complain(:v)", 918273645546372819);
  query("SELECT complain(:v)", Decimal{"918273645.50"});
  query("SELECT complain(:v)", 918273645.25);
  query("SELECT complain(:v)", Date::parse("2031-05-17"));
  query("SELECT complain(:v)", Timestamp::parse("2031-05-17 01:02:03.5"));
  query("SELECT complain(:v)", TimestampTz::parse("2031-05-17 01:02:03.5Z"));
  query("SELECT complain(:v)", TimestampTz::parse("2031-05-16 20:02:03.5-05:00"));
  query("SELECT complain(:v::json)", Json{std::string{R"({"canary": 1})"}});
  query("SELECT complain(:v::text[])", std::vector<std::string>{"a", "canary"});
  EXPECT_EQ(watch_.leaks(traces), std::vector<std::string>{});
  EXPECT_FALSE(watch_.log().with("server message severity=NOTICE").empty());
}

TEST_F(ValueCanary, IsSilent_InTheErrorsOfManyRows) {
  const std::string insert = "INSERT INTO strict (name, n) VALUES (:name, :n::int)";
  const auto row = [](const Value& name, const Value& n) {
    return Params{{"name", name}, {"n", n}};
  };
  watch_.fails([&] { db_.execute_batch(insert, {row("a", 1), row(canary, 2)}); });
  watch_.fails([&] { db_.execute_batch(insert, {row("a", 1), row("b", canary), row("c", 3)}); });
  watch_.fails([&] { db_.execute_batch("SELECT complain(:v::text)", {{{"v", canary}}}); });
  const auto bulk = [&](const std::string& table, const std::vector<std::string>& columns,
                        const std::vector<Value>& bad) {
    watch_.fails([&] { db_.bulk_insert(table, columns, {std::vector<Value>(bad.size()), bad}); });
    watch_.fails([&] { db_.bulk_insert(table, columns, {bad}); });
  };
  bulk("strict", {"name"}, {canary});
  bulk("strict", {"name", "n"}, {"x", canary});
  bulk("strict", {"name", "day"}, {"x", canary});
  bulk("strict", {"name", "short"}, {"x", canary});
  bulk("strict", {"name", "parent"}, {"x", canary + "y"});
  bulk("watched", {"name"}, {canary});
  bulk("watched", {"name"}, {"918273645"});
  bulk("watched_later", {"name"}, {canary});
  bulk("watched", {"instant", "name"}, {canary, "x"});
  EXPECT_EQ(watch_.leaks(traces), std::vector<std::string>{});
}

TEST_F(ValueCanary, IsSilent_InTransactionsStreamsTimeoutsAndReadings) {
  const std::string complain = "SELECT complain(:v::text)";
  const Params params{{"v", canary}};
  watch_.fails([&] { db_.execute_transaction({{"SELECT 1"}, {complain, params}}); });
  watch_.fails(
      [&] { db_.transaction([&](Transaction& tx) { tx.execute_query(complain, params); }); });
  watch_.fails([&] { db_.execute_query_with_retry(complain, params); });
  watch_.fails([&] { db_.stream_query(complain, params); });
  watch_.fails(
      [&] { db_.execute_query_with_timeout("SELECT :v::text, pg_sleep(30)", params, 100ms); });
  watch_.fails([&] {
    db_.transaction([&](Transaction& tx) {
      tx.execute_query("INSERT INTO watched_later VALUES (:v)", params);
    });
  });
  const auto rows = db_.execute_query(
      "SELECT :v AS text, 918273645546372819 AS number,"
      " date '2031-05-17' AS day, ARRAY[:v] AS list",
      params);
  watch_.fails([&] { (void)rows[0]["text"].as<int>(); });
  watch_.fails([&] { (void)rows[0]["number"].as<int>(); });
  watch_.fails([&] { (void)rows[0]["day"].as<bool>(); });
  watch_.fails([&] { (void)rows[0]["list"].as<std::vector<int>>(); });
  watch_.fails([&] { db_.execute_query("SELECT :v", {{"v", canary + '\0'}}); });
  watch_.fails([&] { db_.execute_query("SELECT 1", params); });
  watch_.fails([] { (void)Date::parse(canary); });
  watch_.fails([] { (void)Decimal{canary}; });
  watch_.says(db_.get_pool_status().to_json().dump());
  watch_.says(db_.health_check().to_json().dump());
  EXPECT_EQ(watch_.leaks(traces), std::vector<std::string>{});
}

TEST_F(ValueCanary, IsSilent_WhenAnotherStatementOfTheTransactionHadBoundIt) {
  database_.exec(
      "CREATE FUNCTION tell() RETURNS int LANGUAGE plpgsql AS"
      " $$ BEGIN RAISE EXCEPTION 'it was %', (SELECT min(name) FROM strict); END $$;"
      "CREATE FUNCTION tell_first() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
      " IF new.name = 'second' THEN RAISE EXCEPTION 'after %', (SELECT name FROM told); END IF;"
      " RETURN new; END $$;"
      "CREATE TABLE told (name text);"
      "CREATE TRIGGER tell BEFORE INSERT ON told FOR EACH ROW EXECUTE FUNCTION tell_first();"
      "DELETE FROM strict");
  const Params params{{"v", canary}};
  const std::string insert = "INSERT INTO strict (name) VALUES (:v)";
  const std::string insert_watched = "INSERT INTO watched_later VALUES (:v)";
  watch_.fails([&] { db_.execute_transaction({{insert, params}, {"SELECT tell()"}}); });
  watch_.fails([&] {
    db_.execute_transaction({{insert_watched, params}, {"SET CONSTRAINTS ALL IMMEDIATE"}});
  });
  watch_.fails([&] {
    db_.transaction([&](Transaction& tx) {
      tx.bulk_insert("strict", {"name"}, {{canary}});
      tx.execute_query("SELECT tell()");
    });
  });
  watch_.fails([&] {
    db_.transaction([&](Transaction& tx) {
      tx.execute_batch(insert, {params});
      tx.execute_query("SELECT min(name)::regclass FROM strict");
    });
  });
  watch_.fails([&] {
    db_.execute_batch("INSERT INTO told VALUES (:v)", {{{"v", canary}}, {{"v", "second"}}});
  });
  EXPECT_EQ(watch_.leaks(traces), std::vector<std::string>{});
  // What is raised where nothing was bound is for the flow to read.
  try {
    db_.execute_query("SELECT complain('of it'::text)");
  } catch (const QueryError& error) {
    EXPECT_EQ(error.facts().server_message, "not of it");
  }
}

TEST_F(ValueCanary, IsSilent_WhenTheServerHasChangedIt) {
  const std::vector<std::string> changed{"canary", "CANARY", "Canary", "inmost"};
  query("SELECT CAST(:v AS regclass)", "CanaryInmost");
  query("SELECT CAST(:v AS regclass)", "CanaryInmost.more");
  query("SELECT CAST(:v AS regtype)", "CanaryInmost");
  query("SELECT CAST(:v AS regproc)", "CanaryInmost");
  query("SELECT CAST(:v AS regclass)", std::string(70, 'x') + "CanaryInmost");
  query("SELECT CAST(upper(:v) AS regclass)", "\"CanaryInmost\"");
  query("SELECT complain(lower(:v))", "CanaryInmost");
  query("SELECT complain(trim(:v))", "  CanaryInmost ");
  query("SELECT complain(reverse(:v))", "yranaC");
  EXPECT_EQ(watch_.leaks(changed), std::vector<std::string>{});
}

}  // namespace
}  // namespace flowdb::test
