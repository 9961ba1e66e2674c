#include <sstream>
#include <string>

#include <gtest/gtest.h>

#include "common/expected_figures.hpp"
#include "rpa2/flow.hpp"
#include "rpa2/sample.hpp"
#include "rpa2/survey_hub.hpp"
#include "rpa2/survey_processor.hpp"
#include "support/test_server.hpp"

namespace flows::rpa2 {
namespace {

flowdb::DatabaseManager manager(const std::string& name, const std::string& url,
                                const flowdb::DatabaseOptions& further) {
  auto options = further;
  options.type = flowdb::DatabaseType::postgresql;
  options.connection_string = url;
  return {name, flowdb::ConfigManager{}, options};
}

/// Both databases on PostgreSQL: what the flow does is the same, whatever serves SurveyHub.
struct Rpa2OnPostgresql : testing::Test {
  Rpa2OnPostgresql() {
    auto owner = manager("SurveyHub", survey_server.url(), {});
    EXPECT_TRUE(make_survey_hub(owner, sample_responses()));
    EXPECT_FALSE(make_survey_hub(owner, sample_responses()));
  }
  nlohmann::json run_flow(const std::string& run_id) {
    const Input input{.users = sample_users(),
                      .since = flowdb::Timestamp::parse("2024-01-01 00:00:00"),
                      .batch_size = 4};
    return run(database, survey_hub, input, run_id, "host-00000001");
  }

  flowdb::test_support::TestDatabase server;
  flowdb::test_support::TestDatabase survey_server;
  flowdb::DatabaseManager database = manager(
      "rpa_db", server.url(),
      {.auto_migrate = true, .migrations_directory = FLOWDB_SOURCE_DIR "/migrations/rpa_db"});
  flowdb::DatabaseManager survey_hub =
      manager("SurveyHub", survey_server.url(), {.read_only = true});
};

TEST_F(Rpa2OnPostgresql, ComesToTheKnownFigures_HoweverOftenItRuns) {
  for (const std::string run_id : {"run-1", "run-2"}) {
    const auto summary = run_flow(run_id);
    std::ostringstream differences;
    EXPECT_TRUE(reaches(summary, expected_summary(), differences)) << differences.str();
    EXPECT_EQ(summary["survey_scores"], expected_scores());
  }
  EXPECT_EQ(server.scalar("SELECT count(*) FROM processed_surveys"), "12");
  EXPECT_EQ(server.scalar("SELECT customer_name FROM processed_surveys"
                          " WHERE survey_id = 'SRV-003' AND flow_run_id = 'run-1'"),
            "Zoë Krüger");
  EXPECT_EQ(server.scalar("SELECT count(*) FROM processed_surveys WHERE"
                          " processing_status = 'completed' AND processing_duration_ms >= 0 AND"
                          " processed_at <= timezone('utc', clock_timestamp())"),
            "12");
}

TEST_F(Rpa2OnPostgresql, KeepsOneRowForAResponse_WhenItsRecordIsTriedAgain) {
  survey_server.exec("UPDATE survey_responses SET response_data = '?' WHERE survey_id = 'SRV-006'");
  const auto summary = run_flow("run-1");
  EXPECT_EQ(summary["records_failed"], 1);
  EXPECT_EQ(summary["success_rate"], 83.33);
  const std::string row =
      "SELECT concat_ws('|', processing_status, error_message) FROM processed_surveys"
      " WHERE survey_id = 'SRV-006'";
  EXPECT_EQ(server.scalar(row), "failed|the response's response_data must be a JSON object");

  server.exec(
      "UPDATE processing_queue SET payload = jsonb_set(payload, '{response_data}',"
      " '\"{\\\"interest_level\\\": 3}\"') WHERE status = 'failed'");
  ProcessingQueue queue{database, "rpa2", "host-00000001"};
  EXPECT_EQ(queue.reset_failed(), 1U);
  const auto records = queue.claim();
  ASSERT_EQ(records.size(), 1U);
  SurveyProcessor processor{database, queue};
  const auto score = processor.process(records[0]);
  ASSERT_TRUE(score.has_value());
  EXPECT_EQ(score->score, 3.0);
  EXPECT_EQ(server.scalar(row), "completed");
}

}  // namespace
}  // namespace flows::rpa2
