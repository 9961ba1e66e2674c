#include <atomic>
#include <chrono>
#include <csignal>
#include <future>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <unistd.h>

#include <flowdb/testing/mock_database_manager.hpp>

#include "rpa3/sample_orders.hpp"
#include "rpa3/worker.hpp"
#include "support/wait_until.hpp"

namespace flows::rpa3 {
namespace {

using namespace std::chrono_literals;
using flowdb::test_support::wait_until;
using flowdb::testing::Call;
using flowdb::testing::make_rows;
using flowdb::testing::MockDatabaseManager;

auto statement_with(const std::string& words) {
  return [words](const Call& call) { return call.sql.find(words) != std::string::npos; };
}

/// A queue to which records can be added.
class ScriptedQueue {
 public:
  explicit ScriptedQueue(MockDatabaseManager& database) {
    database.when(statement_with("FOR UPDATE SKIP LOCKED")).answers([this](const Call&) {
      std::vector<std::vector<flowdb::Value>> rows;
      if (take()) {
        auto payload = to_payload(sample_orders().front());
        payload["run_id"] = "run-1";
        rows.push_back({7, payload, 0, flowdb::Timestamp::parse("2024-01-15 10:30:00")});
      }
      ++claims;
      return make_rows({"id", "payload", "retry_count", "created_at"}, rows);
    });
    database.when(statement_with("AS reserved")).returns(make_rows({"reserved"}, {{0}}));
    database.when(statement_with("INSERT INTO customer_orders")).affects(1);
    database.when(statement_with("SET status = 'completed'")).affects(1);
  }

  std::atomic<int> pending{0};
  std::atomic<int> claims{0};

 private:
  bool take() {
    int count = pending;
    while (count > 0 && !pending.compare_exchange_weak(count, count - 1)) {
    }
    return count > 0;
  }
};

TEST(Rpa3Worker, LooksWhenItIsNotified_AndAfterAGap_AndOnceMoreAtTheEnd) {
  MockDatabaseManager database{"rpa_db"};
  ScriptedQueue records{database};
  ProcessingQueue queue{database, "rpa3", "host-1a2b3c4d"};
  const flowdb::ShutdownSignal shutdown;
  auto worker = std::async(std::launch::async, [&] {
    serve(database, queue, sample_stock(), {.threads = 1, .fallback_interval = 1h}, shutdown);
  });
  const auto claims_reach = [&](int count) {
    return wait_until([&] { return records.claims == count; });
  };
  ASSERT_TRUE(claims_reach(1));
  database.push_notification(ProcessingQueue::channel, "rpa2");  // another flow's
  records.pending = 1;
  database.push_notification(ProcessingQueue::channel, "rpa3");
  EXPECT_TRUE(claims_reach(3)) << "the record, and that there is no other";
  EXPECT_TRUE(wait_until([&] { return database.commits() == 1; }));
  records.pending = 1;
  database.lose_listeners();
  EXPECT_TRUE(claims_reach(5));
  EXPECT_TRUE(wait_until([&] { return database.commits() == 2; }));
  records.pending = 1;
  kill(getpid(), SIGTERM);
  worker.get();
  EXPECT_EQ(records.claims, 7);
  EXPECT_EQ(database.commits(), 3U);
}

TEST(Rpa3Worker, LooksNowAndThen_ThoughNobodyNotifies) {
  MockDatabaseManager database{"rpa_db"};
  ScriptedQueue records{database};
  ProcessingQueue queue{database, "rpa3", "host-1a2b3c4d"};
  const flowdb::ShutdownSignal shutdown;
  auto worker = std::async(std::launch::async, [&] {
    serve(database, queue, sample_stock(), {.threads = 1, .fallback_interval = 5ms}, shutdown);
  });
  records.pending = 1;
  EXPECT_TRUE(wait_until([&] { return database.commits() == 1 && records.claims > 5; }));
  kill(getpid(), SIGTERM);
  worker.get();
}

}  // namespace
}  // namespace flows::rpa3
