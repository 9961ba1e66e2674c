#include "common/processing_queue.hpp"

#include <future>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "support/test_server.hpp"

namespace flows {
namespace {

using namespace std::chrono_literals;

struct ProcessingQueueOnPostgresql : testing::Test {
  ProcessingQueueOnPostgresql()
      : database{"rpa_db",
                 flowdb::ConfigManager{},
                 {.type = flowdb::DatabaseType::postgresql,
                  .connection_string = server.url(),
                  .auto_migrate = true,
                  .migrations_directory = FLOWDB_SOURCE_DIR "/migrations/rpa_db"}} {}

  void enqueue(int count) {
    std::vector<nlohmann::json> payloads;
    for (int i = 0; i < count; ++i) {
      payloads.push_back({{"n", i}});
    }
    queue.enqueue(payloads);
  }
  std::string field(std::int64_t id, const std::string& column) {
    return server.scalar("SELECT " + column +
                         " FROM processing_queue WHERE id = " + std::to_string(id));
  }
  void age(std::int64_t id, const std::string& interval) {
    server.exec("UPDATE processing_queue SET claimed_at = claimed_at - interval '" + interval +
                "' WHERE id = " + std::to_string(id));
  }

  flowdb::test_support::TestDatabase server;
  flowdb::DatabaseManager database;
  ProcessingQueue queue{database, "rpa3", "host-00000001"};
  ProcessingQueue other{database, "rpa3", "host-00000002"};
};

TEST_F(ProcessingQueueOnPostgresql, HandsOutEachRecordOnce_ToManyInstancesAtOnce) {
  constexpr int kRecords = 200;
  constexpr int kBatch = 7;
  enqueue(kRecords);
  std::vector<std::future<std::vector<std::int64_t>>> claimers;
  for (int i = 0; i < 8; ++i) {
    claimers.push_back(std::async(std::launch::async, [this, i] {
      ProcessingQueue mine{database, "rpa3", "host-" + std::to_string(i)};
      std::vector<std::int64_t> ids;
      for (auto batch = mine.claim(kBatch); !batch.empty(); batch = mine.claim(kBatch)) {
        EXPECT_LE(batch.size(), 7U);
        std::int64_t last = 0;
        for (const auto& record : batch) {
          EXPECT_GT(record.id, last);
          last = record.id;
          ids.push_back(record.id);
          mine.complete(record.id);
        }
      }
      return ids;
    }));
  }
  std::vector<std::int64_t> all;
  for (auto& claimer : claimers) {
    const auto ids = claimer.get();
    all.insert(all.end(), ids.begin(), ids.end());
  }
  EXPECT_EQ(all.size(), static_cast<std::size_t>(kRecords));
  EXPECT_EQ(std::set<std::int64_t>(all.begin(), all.end()).size(), all.size());
  EXPECT_EQ(queue.status()["rpa3"], (std::map<std::string, std::int64_t>{{"completed", kRecords}}));
}

TEST_F(ProcessingQueueOnPostgresql, GivesTheOldestOfItsFlowFirst_TenUnlessAsked) {
  ProcessingQueue{database, "rpa2", "host-2"}.enqueue({{{"n", -1}}});
  enqueue(12);
  server.exec(
      "UPDATE processing_queue SET created_at = created_at - interval '1 minute'"
      " WHERE payload->>'n' = '11'");
  const auto batch = queue.claim();
  ASSERT_EQ(batch.size(), 10U);
  EXPECT_EQ(batch[0].payload["n"], 11);
  EXPECT_EQ(batch[1].payload["n"], 0);
  EXPECT_EQ(batch[9].payload["n"], 8);
}

TEST_F(ProcessingQueueOnPostgresql, LetsOnlyItsHolderEndARecord) {
  enqueue(2);
  const auto batch = queue.claim();
  ASSERT_EQ(batch.size(), 2U);
  EXPECT_THROW(other.complete(batch[0].id), QueueError);
  EXPECT_THROW(other.fail(batch[0].id, "no"), QueueError);
  queue.complete(batch[0].id);
  EXPECT_THROW(queue.complete(batch[0].id), QueueError);
  queue.fail(batch[1].id, "  out of paper \n");
  EXPECT_EQ(field(batch[0].id, "status"), "completed");
  EXPECT_EQ(field(batch[0].id, "completed_at >= claimed_at"), "t");
  EXPECT_EQ(field(batch[0].id, "updated_at >= completed_at"), "t");
  EXPECT_EQ(field(batch[1].id, "status"), "failed");
  EXPECT_EQ(field(batch[1].id, "error_message"), "out of paper");
  EXPECT_EQ(field(batch[1].id, "retry_count"), "1");
}

TEST_F(ProcessingQueueOnPostgresql, FreesTheRecordsOfDeadProcesses) {
  enqueue(3);
  const auto batch = queue.claim();
  ASSERT_EQ(batch.size(), 3U);
  age(batch[0].id, "2 hours");
  age(batch[1].id, "2 hours");
  server.exec("UPDATE processing_queue SET retry_count = 3 WHERE id = " +
              std::to_string(batch[1].id));
  const auto report = other.clean_up_orphans(1h, 3);
  EXPECT_EQ(report.requeued, 1U);
  EXPECT_EQ(report.given_up, 1U);
  EXPECT_EQ(field(batch[0].id, "status"), "pending");
  EXPECT_EQ(field(batch[0].id, "retry_count"), "1");
  EXPECT_EQ(field(batch[1].id, "status"), "failed");
  EXPECT_EQ(field(batch[1].id, "retry_count"), "3");
  EXPECT_EQ(field(batch[2].id, "status"), "processing");
  EXPECT_THROW(queue.complete(batch[0].id), QueueError);
  EXPECT_EQ(other.claim().at(0).id, batch[0].id);
}

TEST_F(ProcessingQueueOnPostgresql, TriesFailedRecordsAgainUpToTheLimit) {
  enqueue(1);
  for (int attempt = 0; attempt < 2; ++attempt) {
    const auto batch = queue.claim();
    ASSERT_EQ(batch.size(), 1U);
    EXPECT_EQ(batch[0].retry_count, attempt);
    queue.fail(batch[0].id, "again");
    EXPECT_EQ(queue.reset_failed(2), attempt == 0 ? 1U : 0U);
  }
  EXPECT_TRUE(queue.claim().empty());
}

}  // namespace
}  // namespace flows
