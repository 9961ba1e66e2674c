#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "integration/manager_for.hpp"
#include "integration/test_role.hpp"
#include "support/test_server.hpp"

namespace flowdb::test {
namespace {

const std::string values_of_every_kind =
    "SELECT date '2024-02-03' AS day, timestamp '2024-02-03 04:05:06.789' AS moment,"
    " timestamptz '2024-02-03 04:05:06.789+02' AS instant, interval '1 year 2 days 03:04' AS span,"
    " '\\x00ff5c'::bytea AS bytes, 0.1::float8 + 0.2 AS sum, 'back\\slash' AS text,"
    " :list::text[] AS list, :day::date AS bound_day, :instant::timestamptz AS bound_instant,"
    " :bytes::bytea AS bound_bytes, :text::text AS bound_text, 'é' AS accent";

const Params params{{"list", Array{{"NULL", nullptr, "c:\\d"}}},
                    {"day", Date::parse("2024-02-03")},
                    {"instant", TimestampTz::parse("2024-02-03 04:05:06.789+02:00")},
                    {"bytes", Bytes{std::byte{0}, std::byte{0x5C}}},
                    {"text", "back\\slash é"}};

const std::vector<std::pair<std::string, std::string>> hostile_settings{
    {"DateStyle", "SQL, DMY"},        {"IntervalStyle", "sql_standard"},
    {"bytea_output", "escape"},       {"TimeZone", "Asia/Kolkata"},
    {"extra_float_digits", "-15"},    {"standard_conforming_strings", "off"},
    {"client_encoding", "LATIN1"},    {"array_nulls", "off"},
    {"escape_string_warning", "off"}, {"statement_timeout", "5s"}};

TEST(RoleSettings, DoNotChangeWhatIsReadOrBound) {
  test_support::TestDatabase database;
  const TestRole plain_role{database, "plain"};
  auto plain = manager_for(plain_role.url());
  const auto expected = plain.execute_query(values_of_every_kind, params).to_json();
  EXPECT_EQ(expected[0]["instant"], "2024-02-03T02:05:06.789Z");
  EXPECT_EQ(expected[0]["span"], "1 year 2 days 03:04:00");
  EXPECT_EQ(expected[0]["list"], (nlohmann::json{"NULL", nullptr, "c:\\d"}));

  database.exec("ALTER ROLE " + plain_role.name() + " RESET ALL");
  for (const auto& [setting, value] : hostile_settings) {
    database.exec("ALTER ROLE " + plain_role.name() + " SET " + setting + " = '" + value + "'");
  }
  auto hostile = manager_for(plain_role.url(), one_connection());
  EXPECT_EQ(hostile.execute_query(values_of_every_kind, params).to_json(), expected);
  EXPECT_EQ(hostile.execute_query("SHOW statement_timeout").scalar<std::string>(), "30s");
  // A session's reset brings the role's settings back: they are pinned anew.
  hostile.execute_query("SET DateStyle = 'German'");
  EXPECT_EQ(hostile.execute_query(values_of_every_kind, params).to_json(), expected);
}

TEST(RoleSettings, OfTheConnectionStringDoNotChangeWhatIsRead) {
  test_support::TestDatabase database;
  auto plain = manager_for(database);
  auto hostile = manager_for(database.url() +
                             "&options=-c%20DateStyle=German%20-c%20bytea_output=escape"
                             "%20-c%20TimeZone=Asia/Kolkata");
  EXPECT_EQ(hostile.execute_query(values_of_every_kind, params).to_json(),
            plain.execute_query(values_of_every_kind, params).to_json());
}

TEST(RoleSettings, ThatAreNotAboutFormatsStayInForce) {
  test_support::TestDatabase database;
  TestRole role{database, "kept"};
  role.set("search_path", "pg_catalog");
  role.set("work_mem", "1MB");
  auto db = manager_for(role.url(), one_connection());
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(db.execute_query("SHOW search_path").scalar<std::string>(), "pg_catalog");
    EXPECT_EQ(db.execute_query("SHOW work_mem").scalar<std::string>(), "1MB");
    db.execute_query("SET work_mem = '2MB'");
  }
}

}  // namespace
}  // namespace flowdb::test
