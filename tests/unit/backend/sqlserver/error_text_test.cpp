#include "backend/sqlserver/error_text.hpp"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <flowdb/error.hpp>

#include "backend/sqlserver/error_numbers.hpp"
#include "backend/sqlserver/errors.hpp"

namespace flowdb::backend::sqlserver {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string cleaned(int number, const std::string& text, const Params& params = {}) {
  Redactor redactor;
  redactor.hide_values(params);
  return clean_message({"23000", number, text, 0}, redactor);
}

TEST(SqlserverErrorText, KeepsNamesAndDropsTheKeyThatTheServerQuotes) {
  const Diagnostic duplicate{
      "23000", 2627,
      "Violation of UNIQUE KEY constraint 'UQ_customers_mail'. Cannot insert duplicate key in "
      "object 'dbo.customers'. The duplicate key value is (it's O'Brien, 4711).",
      1};
  EXPECT_EQ(cleaned(2627, duplicate.text),
            "Violation of UNIQUE KEY constraint 'UQ_customers_mail'. Cannot insert duplicate key "
            "in object 'dbo.customers'.");
  EXPECT_EQ(constraint_name(duplicate), "UQ_customers_mail");
  EXPECT_EQ(constraint_name({"23000", 2601,
                             "Cannot insert duplicate key row in object 'dbo.t' with unique index "
                             "'ix_t'. The duplicate key value is (7).",
                             1}),
            "ix_t");
}

TEST(SqlserverErrorText, NamesTheConstraintOrTheColumn) {
  EXPECT_EQ(constraint_name({"23000", 547,
                             "The INSERT statement conflicted with the FOREIGN KEY constraint "
                             "\"FK_orders_customers\". The conflict occurred in database \"d\", "
                             "table \"dbo.customers\", column 'id'.",
                             1}),
            "FK_orders_customers");
  EXPECT_EQ(constraint_name({"23000", 515,
                             "Cannot insert the value NULL into column 'name', table 'd.dbo.t'; "
                             "column does not allow nulls. INSERT fails.",
                             1}),
            "name");
}

TEST(SqlserverErrorText, DropsWhatWasConvertedTruncatedOrTooLarge) {
  EXPECT_EQ(cleaned(245,
                    "Conversion failed when converting the nvarchar value 'canary' to data "
                    "type int."),
            "Conversion failed when converting the nvarchar value '?' to data type int.");
  EXPECT_EQ(cleaned(2628,
                    "String or binary data would be truncated in table 'd.dbo.t', column "
                    "'c'. Truncated value: 'canary'."),
            "String or binary data would be truncated in table 'd.dbo.t', column 'c'.");
  EXPECT_EQ(cleaned(220, "Arithmetic overflow error for data type tinyint, value = 4711."),
            "Arithmetic overflow error for data type tinyint");
  EXPECT_THAT(cleaned(50'000, "order canary-1 of 'canary-2' refused", {{"order", "canary-1"}}),
              Not(HasSubstr("canary")));
  EXPECT_THAT(cleaned(99'999, "something about \"canary\""), Not(HasSubstr("canary")));
}

TEST(SqlserverErrorText, PointsAtTheNameInItsLine) {
  const std::string text = "SELECT id,\n       ünknown, nme\nFROM customers";
  EXPECT_EQ(statement_position({"42S22", 207, "Invalid column name 'nme'.", 2}, text), 28);
  EXPECT_EQ(statement_position({"42000", 8134, "Divide by zero error encountered.", 2}, text), 19);
  EXPECT_EQ(statement_position({"42000", 102, "Incorrect syntax near 'FROM'.", 1}, "SELECT FROM t"),
            8);
  EXPECT_EQ(statement_position({"42000", 8134, "Divide by zero error encountered.", 1}, "SELECT 1"),
            0);
  EXPECT_EQ(statement_position({"42000", 8134, "…", 9}, text), 0);
}

TEST(SqlserverErrors, HaveTheClassOfTheirNumber) {
  const Secret password;
  const std::string name = "SurveyHub";
  const ErrorContext context{name, password, "query"};
  const auto failure = [&](int number, const std::string& sqlstate) {
    throw_server_error("words", facts_of({sqlstate, number, "words", 1}, context));
  };
  for (const int number : {2627, 2601, 515, 547}) {
    EXPECT_THROW(failure(number, "23000"), ConstraintError) << number;
  }
  EXPECT_THROW(failure(18456, "28000"), AuthenticationError);
  EXPECT_THROW(failure(596, "HY000"), ConnectionError);
  EXPECT_THROW(failure(208, "42S02"), QueryError);
}

TEST(SqlserverErrors, KnowWhatMayBeTriedAgain) {
  const Secret password;
  const std::string name = "SurveyHub";
  const ErrorContext context{name, password, "query"};
  for (const int number : {1205, 3960, 41302, 41305, 41325}) {
    const auto facts = facts_of({"42000", number, "words", 1}, context);
    EXPECT_TRUE(facts.transient) << number;
    EXPECT_EQ(facts.sqlstate, "40001") << number << ": the whole transaction may run again";
  }
  for (const int number : {1222, 40501, 40613, 49918}) {
    EXPECT_TRUE(is_transient(number)) << number;
    EXPECT_FALSE(is_conflict(number)) << number;
  }
  for (const int number : {0, 102, 208, 547, 2627, 18456, -2}) {
    EXPECT_FALSE(is_transient(number)) << number;
  }
}

TEST(SqlserverErrors, HideWhatAProcedureRaises_WhereItsValuesAreNotKnown) {
  const Secret password;
  const std::string name = "SurveyHub";
  ErrorContext context{name, password, "bulk_insert"};
  context.has_other_values = true;
  const auto facts = facts_of({"42000", 50'000, "customer canary is unknown", 1}, context);
  EXPECT_THAT(facts.server_message, Not(HasSubstr("canary")));
}

TEST(SqlserverDiagnostics, TheCauseIsTheServersError_NotWhatStandsBesideIt) {
  const std::vector<Diagnostic> all{{"01000", 5701, "Changed database context", 0},
                                    {"01000", 3621, "The statement has been terminated.", 1},
                                    {"23000", 547, "conflicted", 1}};
  ASSERT_NE(cause_of(all), nullptr);
  EXPECT_EQ(cause_of(all)->native_code, 547);
  EXPECT_EQ(cause_of({{"01000", 0, "printed", 1}}), nullptr);
  const std::vector<Diagnostic> refused{{"08001", 20002, "Adaptive Server connection failed", 0},
                                        {"28000", 18456, "Login failed", 0}};
  EXPECT_EQ(cause_of(refused)->native_code, 18456);
  EXPECT_EQ(without_senders("[FreeTDS][SQL Server]Invalid [x]"), "Invalid [x]");
}

}  // namespace
}  // namespace flowdb::backend::sqlserver
