#include <algorithm>
#include <string>

#include <gtest/gtest.h>

#include <flowdb/testing/mock_database_manager.hpp>

#include "rpa1/flow.hpp"

namespace flows::rpa1 {
namespace {

using flowdb::testing::Call;
using flowdb::testing::make_rows;
using flowdb::testing::MockDatabaseManager;

const std::string kSample = FLOWDB_SOURCE_DIR "/examples/project/flows/rpa1/data/sales.csv";

auto statement_with(const std::string& words) {
  return [words](const Call& call) { return call.sql.find(words) != std::string::npos; };
}

/// A database that takes the log and reads back what the last UPDATE stored.
struct Rpa1Flow : testing::Test {
  Rpa1Flow() {
    database.when(statement_with("INSERT INTO flow_execution_logs"))
        .returns(make_rows({"id"}, {{41}}));
    database.when(statement_with("UPDATE flow_execution_logs")).affects(1);
    database.when(statement_with("FROM flow_execution_logs\nWHERE")).answers([this](const Call&) {
      return make_rows({"records_processed", "metadata"},
                       {{stored("processed"), stored("metadata")}});
    });
  }

  flowdb::Value stored(const std::string& parameter) const {
    const auto calls = database.calls();
    const auto update = std::find_if(calls.rbegin(), calls.rend(), [](const Call& call) {
      return call.sql.find("UPDATE flow_execution_logs") != std::string::npos;
    });
    const auto* value = update == calls.rend() ? nullptr : update->params.find(parameter);
    return value == nullptr ? flowdb::Value{} : *value;
  }

  MockDatabaseManager database{"rpa_db"};
};

TEST_F(Rpa1Flow, StoresItsResultsAndReturnsThemFromTheDatabase) {
  const auto summary = run(database, kSample, "run-1");
  EXPECT_EQ(summary["records_processed"], 5);
  EXPECT_EQ(summary["total_quantity"], 575);
  EXPECT_EQ(summary["total_value"], 6243.75);
  EXPECT_EQ(summary["average_price"], 12.15);
  EXPECT_EQ(stored("id"), flowdb::Value{41});
  EXPECT_EQ(stored("status"), flowdb::Value{"completed"});
  EXPECT_EQ(stored("successful"), flowdb::Value{5});
  EXPECT_EQ(stored("health"), flowdb::Value{"healthy"});
}

TEST_F(Rpa1Flow, LogsTheRunAsFailed_WhenTheFileIsMissing) {
  EXPECT_THROW(run(database, "no/such.csv", "run-1"), std::runtime_error);
  EXPECT_EQ(stored("status"), flowdb::Value{"failed"});
  EXPECT_EQ(stored("error"), flowdb::Value{"cannot open no/such.csv"});
}

TEST_F(Rpa1Flow, PassesTheFirstErrorOn_WhenTheLogCannotBeWrittenEither) {
  database.when(statement_with("UPDATE flow_execution_logs"))
      .fails_with(flowdb::QueryError{"no space left"});
  EXPECT_THROW(run(database, "no/such.csv", "run-1"), std::runtime_error);
  EXPECT_THROW(run(database, kSample, "run-2"), flowdb::QueryError);
}

}  // namespace
}  // namespace flows::rpa1
