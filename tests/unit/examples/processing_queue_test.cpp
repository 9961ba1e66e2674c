#include "common/processing_queue.hpp"

#include <string>

#include <gtest/gtest.h>

#include <flowdb/testing/mock_database_manager.hpp>

#include "common/identity.hpp"

namespace flows {
namespace {

using flowdb::testing::Call;
using flowdb::testing::make_rows;
using flowdb::testing::MockDatabaseManager;

auto statement_with(const std::string& words) {
  return [words](const Call& call) { return call.sql.find(words) != std::string::npos; };
}

struct ProcessingQueueTest : testing::Test {
  MockDatabaseManager database{"rpa_db"};
  ProcessingQueue queue{database, "rpa3", "host-1a2b3c4d"};

  flowdb::Value last_parameter(const std::string& name) const {
    const auto calls = database.calls();
    const auto* value = calls.empty() ? nullptr : calls.back().params.find(name);
    return value == nullptr ? flowdb::Value{} : *value;
  }
};

TEST_F(ProcessingQueueTest, ClaimsRecordsForItsInstanceInOrder) {
  const auto created = flowdb::Timestamp::parse("2024-01-15 10:30:00");
  database.when(statement_with("FOR UPDATE SKIP LOCKED"))
      .returns(make_rows({"id", "payload", "retry_count", "created_at"},
                         {{7, nlohmann::json{{"order_id", "ORD-7"}}, 0, created},
                          {9, nlohmann::json{{"order_id", "ORD-9"}}, 2, created}}));
  const auto records = queue.claim(5);
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(records[0].id, 7);
  EXPECT_EQ(records[0].payload["order_id"], "ORD-7");
  EXPECT_EQ(records[1].retry_count, 2);
  EXPECT_EQ(records[1].created_at, created);
  EXPECT_EQ(last_parameter("instance_id"), flowdb::Value{"host-1a2b3c4d"});
  EXPECT_EQ(last_parameter("batch_size"), flowdb::Value{5});
  EXPECT_THROW(queue.claim(0), std::invalid_argument);
}

TEST_F(ProcessingQueueTest, EnqueuesAllPayloadsInOneTransaction) {
  database.when(statement_with("INSERT INTO processing_queue")).affects(1);
  EXPECT_EQ(queue.enqueue({{{"n", 1}}, {{"n", 2}}}), 2U);
  EXPECT_EQ(database.commits(), 1U);
}

TEST_F(ProcessingQueueTest, RefusesToEndARecordThatItDoesNotHold) {
  database.when(statement_with("UPDATE processing_queue")).affects(0);
  const std::string expected =
      "Record 7 not found or not in processing state for instance_id 'host-1a2b3c4d'";
  const auto message_of = [](auto action) -> std::string {
    try {
      action();
    } catch (const QueueError& error) {
      return error.what();
    }
    return "(nothing thrown)";
  };
  EXPECT_EQ(message_of([&] { queue.complete(7); }), expected);
  EXPECT_EQ(message_of([&] { queue.fail(7, "reason"); }), expected);
  const auto complete_in_transaction = [&] {
    database.transaction([&](flowdb::Transaction& tx) { queue.complete(tx, 7); });
  };
  EXPECT_EQ(message_of(complete_in_transaction), expected);
  EXPECT_EQ(database.commits(), 0U);
}

TEST_F(ProcessingQueueTest, StoresAFailureWithoutTheWhiteSpaceAroundIt) {
  database.when(statement_with("SET status = 'failed'")).affects(1);
  queue.fail(7, " \n out of paper\t\n");
  EXPECT_EQ(last_parameter("message"), flowdb::Value{"out of paper"});
  queue.fail(7, " \n ");
  EXPECT_EQ(last_parameter("message"), flowdb::Value{""});
}

TEST_F(ProcessingQueueTest, CountsWhatBecameOfOrphans) {
  database.when(statement_with("make_interval"))
      .returns(make_rows({"status"}, {{"pending"}, {"failed"}, {"pending"}}));
  const auto report = queue.clean_up_orphans(std::chrono::hours{2}, 5);
  EXPECT_EQ(report.requeued, 2U);
  EXPECT_EQ(report.given_up, 1U);
  EXPECT_EQ(last_parameter("age_seconds"), flowdb::Value{7200});
  EXPECT_EQ(last_parameter("max_retries"), flowdb::Value{5});
}

TEST(Identity, NamesAProcessByItsHostAndEightHexDigits) {
  const auto name = make_instance_id();
  ASSERT_GT(name.size(), 9U);
  EXPECT_LE(name.size(), 100U);
  EXPECT_EQ(name[name.size() - 9], '-');
  EXPECT_EQ(name.find_first_not_of("0123456789abcdef", name.size() - 8), std::string::npos);
  EXPECT_NE(name, make_instance_id());
  EXPECT_NE(make_run_id(), make_run_id());
}

}  // namespace
}  // namespace flows
