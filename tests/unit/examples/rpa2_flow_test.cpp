#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <flowdb/testing/mock_database_manager.hpp>

#include "rpa2/flow.hpp"
#include "rpa2/sample.hpp"
#include "rpa2/survey_hub.hpp"
#include "rpa2/survey_processor.hpp"

namespace flows::rpa2 {
namespace {

using flowdb::testing::Call;
using flowdb::testing::make_rows;
using flowdb::testing::MockDatabaseManager;

auto statement_with(const std::string& words) {
  return [words](const Call& call) { return call.sql.find(words) != std::string::npos; };
}

std::vector<flowdb::Value> row_of(const SurveyResponse& response) {
  return {response.survey_id,   response.customer_id,   response.customer_name,
          response.survey_type, response.response_data, response.submitted_at};
}

/// An rpa_db whose queue hands out what was put into it, two records at a time.
struct Rpa2Flow : testing::Test {
  Rpa2Flow() {
    std::vector<std::vector<flowdb::Value>> rows;
    for (const auto& response : sample_responses()) rows.push_back(row_of(response));
    survey_hub.when(statement_with("FROM survey_responses"))
        .returns(make_rows({"survey_id", "customer_id", "customer_name", "survey_type",
                            "response_data", "submitted_at"},
                           rows));
    database.when(statement_with("INSERT INTO flow_execution_logs"))
        .returns(make_rows({"id"}, {{41}}));
    database.when(statement_with("UPDATE flow_execution_logs")).affects(1);
    database.when(statement_with("make_interval")).returns(make_rows({"status"}, {}));
    database.when(statement_with("INSERT INTO processing_queue")).affects(1);
    database.when(statement_with("FOR UPDATE SKIP LOCKED")).answers([this](const Call&) {
      return claim();
    });
    database.when(statement_with("INSERT INTO processed_surveys")).affects(1);
    database.when(statement_with("SET status = 'completed'")).affects(1);
    database.when(statement_with("SET status = 'failed'")).affects(1);
    database.when(statement_with("WITH queued AS")).answers([this](const Call&) {
      return make_rows(
          {"processed", "completed", "failed", "surveys", "metadata"},
          {{stored("processed"), stored("successful"), stored("failed"), 6, stored("metadata")}});
    });
  }

  flowdb::ResultSet claim() {
    std::vector<std::vector<flowdb::Value>> records;
    const auto queued = calls_with("INSERT INTO processing_queue");
    for (; claimed < queued.size() && records.size() < 2; ++claimed) {
      records.push_back({static_cast<int>(claimed), *queued[claimed].params.find("payload"), 0,
                         flowdb::Timestamp::parse("2024-01-19 00:00:00")});
    }
    return make_rows({"id", "payload", "retry_count", "created_at"}, records);
  }
  std::vector<Call> calls_with(const std::string& words) const {
    std::vector<Call> result;
    for (const auto& call : database.calls()) {
      if (statement_with(words)(call)) result.push_back(call);
    }
    return result;
  }
  /// A parameter of the last statement that has the words in it.
  flowdb::Value parameter_of(const std::string& words, const std::string& name) const {
    const auto calls = calls_with(words);
    const auto* value = calls.empty() ? nullptr : calls.back().params.find(name);
    return value == nullptr ? flowdb::Value{} : *value;
  }
  flowdb::Value stored(const std::string& name) const {
    return parameter_of("UPDATE flow_execution_logs", name);
  }
  nlohmann::json run_sample() { return run(database, survey_hub, input, "run-1", "host-1a2b3c4d"); }

  const Input input{.users = sample_users(),
                    .since = flowdb::Timestamp::parse("2024-01-01 00:00:00"),
                    .batch_size = 2};
  std::size_t claimed = 0;
  MockDatabaseManager database{"rpa_db"};
  MockDatabaseManager survey_hub{"SurveyHub", {.read_only = true}};
};

TEST_F(Rpa2Flow, ScoresEachResponseByWayOfTheQueue) {
  const auto summary = run_sample();
  const auto expected = expected_summary();
  for (const auto& [name, value] : expected.items()) {
    EXPECT_EQ(summary.at(name), value) << name;
  }
  EXPECT_EQ(summary["survey_scores"], expected_scores());
  EXPECT_EQ(summary["invalid_users"][0]["id"], 4);
  EXPECT_EQ(summary["invalid_users"][1]["id"], 5);
  EXPECT_EQ(summary["processor_instance"], "host-1a2b3c4d");
  EXPECT_EQ(stored("status"), flowdb::Value{"completed"});

  const auto surveys = calls_with("INSERT INTO processed_surveys");
  ASSERT_EQ(surveys.size(), 6U);
  EXPECT_EQ(*surveys[2].params.find("customer_name"), flowdb::Value{"Zoë Krüger"});
  EXPECT_EQ(*surveys[2].params.find("run_id"), flowdb::Value{"run-1"});
  EXPECT_EQ(calls_with("SET status = 'completed'").size(), 6U);
  for (const auto& call : surveys) {
    EXPECT_TRUE(call.in_transaction);
  }
  EXPECT_EQ(survey_hub.calls().size(), 1U);
  EXPECT_EQ(*survey_hub.calls()[0].params.find("since"), flowdb::Value{input.since});
}

TEST_F(Rpa2Flow, SaysSo_WhenThereIsNothingToProcess) {
  survey_hub.when(statement_with("FROM survey_responses"))
      .returns(make_rows({"survey_id", "customer_id", "customer_name", "survey_type",
                          "response_data", "submitted_at"},
                         {}));
  EXPECT_EQ(run_sample(), (nlohmann::json{{"flow_name", "rpa2"},
                                          {"records_processed", 0},
                                          {"message", "No records to process"}}));
  EXPECT_TRUE(calls_with("INSERT INTO processing_queue").empty());
}

TEST_F(Rpa2Flow, LogsTheRunAsFailed_WhenSurveyHubCannotBeRead) {
  survey_hub.when(statement_with("FROM survey_responses"))
      .fails_with(flowdb::QueryError{"Invalid object name 'survey_responses'"});
  EXPECT_THROW(run_sample(), flowdb::QueryError);
  EXPECT_EQ(stored("status"), flowdb::Value{"failed"});
  EXPECT_TRUE(calls_with("INSERT INTO processing_queue").empty());
}

TEST_F(Rpa2Flow, FailsTheRecordAndItsRowTogether_WhenAResponseHasNoScore) {
  ProcessingQueue queue{database, "rpa2", "host-1a2b3c4d"};
  SurveyProcessor processor{database, queue};
  auto response = sample_responses().back();
  response.run_id = "run-1";
  response.response_data = "no JSON";
  QueueRecord record{.id = 7, .payload = to_payload(response), .retry_count = 0, .created_at = {}};
  EXPECT_FALSE(processor.process(record).has_value());
  const flowdb::Value reason{"the response's response_data must be a JSON object"};
  EXPECT_EQ(parameter_of("INSERT INTO processed_surveys", "status"), flowdb::Value{"failed"});
  EXPECT_EQ(parameter_of("INSERT INTO processed_surveys", "error"), reason);
  EXPECT_EQ(parameter_of("SET status = 'failed'", "message"), reason);
  EXPECT_EQ(database.commits(), 1U);

  record.payload.erase("customer_id");  // without it there can be no row
  EXPECT_FALSE(processor.process(record).has_value());
  EXPECT_EQ(calls_with("INSERT INTO processed_surveys").size(), 1U);
  EXPECT_EQ(parameter_of("SET status = 'failed'", "message"),
            flowdb::Value{"the response's customer_id must be a text that is not empty"});
}

TEST_F(Rpa2Flow, LeavesTheRecordClaimed_WhenTheOutcomeIsUnknown) {
  ProcessingQueue queue{database, "rpa2", "host-1a2b3c4d"};
  SurveyProcessor processor{database, queue};
  auto response = sample_responses().front();
  response.run_id = "run-1";
  database.lose_next_commit();
  EXPECT_THROW(processor.process({.id = 7, .payload = to_payload(response), .created_at = {}}),
               flowdb::CommitUnknownError);
  EXPECT_TRUE(calls_with("SET status = 'failed'").empty());
}

TEST(SurveyHub, GetsTheSampleOnlyWhereThereIsNoTable) {
  MockDatabaseManager survey_hub{"SurveyHub"};
  survey_hub.when(statement_with("INFORMATION_SCHEMA.TABLES"))
      .returns(make_rows({"tables"}, {{0}}))
      .returns(make_rows({"tables"}, {{1}}));
  survey_hub.when(statement_with("CREATE TABLE survey_responses")).affects(0);
  survey_hub.when(statement_with("COPY \"survey_responses\"")).affects(6);
  EXPECT_TRUE(make_survey_hub(survey_hub, sample_responses()));
  EXPECT_EQ(survey_hub.calls().back().rows.size(), 6U);
  EXPECT_FALSE(make_survey_hub(survey_hub, sample_responses()));
  EXPECT_EQ(survey_hub.calls().size(), 4U);
}

}  // namespace
}  // namespace flows::rpa2
