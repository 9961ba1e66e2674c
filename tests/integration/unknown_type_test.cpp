#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <flowdb/error.hpp>

#include "integration/manager_for.hpp"
#include "integration/thrown_by.hpp"
#include "support/test_server.hpp"

namespace flowdb::test {
namespace {

TEST(UnknownType, ComesBackAsTheServersText) {
  test_support::TestDatabase database;
  database.exec("CREATE TYPE mood AS ENUM ('glad', 'so so')");
  database.exec("CREATE TYPE place AS (name text, spot point)");
  database.exec("CREATE DOMAIN amount AS numeric(10, 2)");
  auto db = manager_for(database);
  for (const std::string value : {"interval '-1 day +02:03'",
                                  "inet '10.0.0.1/8'",
                                  "macaddr '08:00:2b:01:02:03'",
                                  "point '(1.5,2)'",
                                  "money '12.34'",
                                  "int4range '[1,5)'",
                                  "bit '101'",
                                  "time '10:00+02'",
                                  "timetz '10:00:00+02'",
                                  "'so so'::mood",
                                  "ROW('a\"b', point '(1,2)')::place",
                                  "tsvector 'fat cat'",
                                  "xml '<a>é</a>'",
                                  "'{glad,\"so so\"}'::mood[]",
                                  "'{1 day,NULL}'::interval[]",
                                  "regclass 'pg_class'",
                                  "pg_lsn '16/B374D848'",
                                  "jsonpath '$.a'",
                                  "path '[(0,0),(1,1)]'",
                                  "(1, 'x')"}) {
    const auto rows =
        db.execute_query("SELECT v, v::text AS shown FROM (SELECT " + value + " AS v) AS one");
    EXPECT_EQ(rows[0]["v"].as<std::string>(), rows[0]["shown"].as<std::string>()) << value;
    EXPECT_EQ(rows[0].to_json()["v"], rows[0].to_json()["shown"]) << value;
  }
}

TEST(UnknownType, CanBeWrittenAsText) {
  test_support::TestDatabase database;
  database.exec("CREATE TYPE mood AS ENUM ('glad', 'so so')");
  database.exec("CREATE TABLE days (span interval, address inet, mood mood, moods mood[])");
  auto db = manager_for(database);
  const std::vector<std::string> moods{"so so", "glad"};
  db.execute_query(
      "INSERT INTO days VALUES (:span, :address, :mood, :moods)",
      {{"span", "90 minutes"}, {"address", "::1"}, {"mood", "so so"}, {"moods", moods}});
  const auto rows =
      db.execute_query("SELECT * FROM days WHERE mood IN (:moods)", {{"moods", moods}});
  EXPECT_EQ(rows.to_json(), nlohmann::json::parse(R"([{"span": "01:30:00", "address": "::1",
                                  "mood": "so so", "moods": "{\"so so\",glad}"}])"));
}

TEST(UnknownType, IsNotReadAsAnythingButText) {
  test_support::TestDatabase database;
  auto db = manager_for(database);
  const auto rows = db.execute_query("SELECT interval '1 day' AS span");
  const auto error = thrown_by<InvalidArgument>([&] { (void)rows.scalar<int>(); });
  EXPECT_NE(std::string{error.what()}.find("'span'"), std::string::npos) << error.what();
  EXPECT_NE(std::string{error.what()}.find("std::string"), std::string::npos) << error.what();
}

TEST(UnknownType, OfADomainIsReadAsItsBase) {
  test_support::TestDatabase database;
  database.exec("CREATE DOMAIN amount AS numeric(10, 2)");
  auto db = manager_for(database);
  EXPECT_EQ(db.execute_query("SELECT 1.5::amount").scalar<Decimal>().to_string(), "1.50");
}

}  // namespace
}  // namespace flowdb::test
